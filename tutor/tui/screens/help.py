"""What the keys do, and what may be typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tutor.tui.commands import bindings, help_lines
from tutor.tui.keys import key_name, own_keys, with_keys, with_own_keys
from tutor.tui.screens.dialog import Dialog

_TYPING = (
    ("Products", "2y   x y   (x + y)z   x*y"),
    ("Powers", "x^2   x**2   x²   e^-a   c^-1"),
    (
        "Functions",
        "ln x   log(x)   exp(a)   sin y   cos   tan   sqrt(y)   √y   σ(b)   sigmoid   tanh   relu   |x|   max(x, y)",
    ),
    ("Matrices", "W @ x   W.T   sum(p)   sum(p, axis=0)   mean   dot(a, b)   outer(a, b)   ||v||^2"),
    ("Numbers", "-0.78   1/3   e^-2   π/2; a number counts to the precision it is written in"),
    ("Arrays", "[[1, 2], [3, 4]]   or   1 2; 3 4"),
)

_SIGNS = (
    ("✓", "right; perhaps with a remark, such as rounding"),
    ("✗", "not right yet, with the reason"),
    ("?  …", "could not be read, or cannot be decided: costs nothing"),
    ("○  ◐", "an exercise not begun; begun"),
    ("✓", "a step done, an exercise solved, by you alone"),
    ("◎", "a step or an exercise done, but with answers shown"),
    ("↻", "worth another look; opening it offers to do it again"),
    ("≠", "changed since you solved it"),
)


class HelpScreen(Dialog[None]):
    """Closed by Escape or F1."""

    CSS_PATH = "help.tcss"

    BINDINGS: ClassVar[list[BindingType]] = bindings("help")

    def __init__(self, at_home: bool = False) -> None:
        """`at_home` puts the keys of the list of exercises first."""
        super().__init__()
        self._at_home = at_home

    def compose(self) -> ComposeResult:
        """Tables on a page that scrolls, the one for the screen below first."""
        with VerticalScroll() as page:
            page.border_title = "Help"
            page.border_subtitle = with_keys(self.app, "{help.up} and {help.down} scroll, {help.close} closes")
            own = own_keys(self.app)
            keys = [
                ("Keys in an exercise", key_lines("exercise", own)),
                ("Keys in the list of exercises", key_lines("home", own)),
            ]
            if self._at_home:
                keys.reverse()
            keys.append(("Keys everywhere", key_lines("app", own)))
            for title, rows in (*keys, ("What you may type", _TYPING), ("What the signs say", _SIGNS)):
                yield Static(title, classes="title", markup=False)
                yield Static(_table(rows))

    def action_scroll(self, by: int) -> None:
        """Scroll the page."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)


def key_lines(place: str, own: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the keys of a place are called and what they do, where the learner's own keys are these."""
    return [
        (", ".join(key_name(command, own) for command in commands), with_own_keys(said, own))
        for commands, said in help_lines(place)
    ]


def _table(rows: Iterable[tuple[str, str]]) -> Table:
    """Keys on the left, what they do on the right, wrapped within its column."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for row in rows:
        table.add_row(*map(Text, row))
    return table
