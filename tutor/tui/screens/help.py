"""What the keys do, and what may be typed: to be searched, and to be done from here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tutor.lessons import words
from tutor.practice.skills import WORDS
from tutor.tui.commands import bindings, help_lines
from tutor.tui.help_search import OTHER_WORDS, Searchable, ranked
from tutor.tui.key_command import Command
from tutor.tui.keys import key_name, line_of_keys, own_keys, spoken, with_own_keys
from tutor.tui.screens.dialog import Dialog
from tutor.tui.screens.menu import Offer
from tutor.tui.widgets.paged_list import PagedList

_TYPING = (
    ("Products", "2y   x y   (x + y)z   x*y", "multiply times"),
    ("Powers", "x^2   x**2   x²   e^-a   c^-1", "exponent square"),
    (
        "Functions",
        "ln x   log(x)   exp(a)   sin y   cos   tan   sqrt(y)   √y   σ(b)   sigmoid   tanh   relu   |x|   max(x, y)",
        "root logarithm absolute exponential greek",
    ),
    (
        "Matrices",
        "W @ x   W.T   sum(p)   sum(p, axis=0)   mean   dot(a, b)   outer(a, b)   ||v||^2",
        "matrix transpose product norm",
    ),
    ("Numbers", "-0.78   1/3   e^-2   π/2; a number counts to the precision it is written in", "decimals fraction"),
    ("Arrays", "[[1, 2], [3, 4]]   or   1 2; 3 4", "array vector matrix rows"),
    (spoken("ctrl+z"), f"takes back what was typed in equations and code; {spoken('ctrl+y')} types it again",
     "undo redo"),
)  # fmt: skip
"""What may be typed, how, and other words for it."""

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


_OF_SKILLS = "skill skills known begun shaky new due level levels mean"
"""By which all that is said of skills is found."""

_TITLES = {"exercise": "Keys in an exercise", "home": "Keys in the list of exercises", "paper": "Keys on a paper",
           "app": "Keys everywhere"}  # fmt: skip
_KEY_COLUMNS = 18


@dataclass(frozen=True)
class _Row:
    """A line of the page: a heading, where `key` is ""; `action` is what choosing it does on the screen below."""

    key: str
    says: str
    action: str = ""
    called: str = ""
    other: str = ""
    """Words by which it is found, beside those that are shown: its name, and what else it may be called."""

    @property
    def searchable(self) -> Searchable:
        """What it is searched by."""
        return Searchable(f"{self.key} {self.called}", self.other, self.says, bool(self.action and self.called))


class HelpScreen(Dialog[str]):
    """A page of keys to search in; dismissed with the action of the one that was chosen, if one was."""

    CSS_PATH = "help.tcss"

    BINDINGS: ClassVar[list[BindingType]] = bindings("help")

    def __init__(self, place: str = "exercise", offers: Sequence[Offer] = (), search: str = "") -> None:
        """`place` is the screen below, whose keys come first; `offers` is what can be done there now.

        `search` is what is looked for at first.
        """
        super().__init__()
        self._place, self._search = place, search
        self._offers = {id: action for command, action, _ in offers for id in (command.id, action.removeprefix("app."))}
        self._shown: list[_Row] = []

    def compose(self) -> ComposeResult:
        """A field for words, and the lines that have them."""
        with Vertical() as page:
            page.border_title = "Help"
            yield Input(self._search, placeholder="type a word to search for", compact=True)
            yield PagedList(markup=False)

    def on_mount(self) -> None:
        """All of it, until something is searched for."""
        self._list(self._search)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as it is typed."""
        event.stop()
        self._list(event.value)

    def _list(self, words: str) -> None:
        """All lines by place; of those that are searched for the best first, with its place."""
        tables = list(self._tables())
        if words.strip():
            lines = [(title, row) for title, rows in tables for row in rows]
            found: dict[str, list[_Row]] = {}
            for at in ranked(words, [row.searchable for _, row in lines]):
                found.setdefault(lines[at][0], []).append(lines[at][1])
            tables = list(found.items())
        self._shown = [row for title, rows in tables for row in (_Row("", title), *rows)]
        options = [Option(_line(row), disabled=not row.action) for row in self._shown]
        page = self.query_one(PagedList)
        page.set_options(options or [Option("Nothing here has these words.", disabled=True)])
        page.highlighted = next((number for number, row in enumerate(self._shown) if row.action), None)
        page.scroll_home(animate=False)
        does = [("{help.up+help.down}", "choose"), ("{help.run}", "do it")] if page.highlighted is not None else []
        self.query_one(Vertical).border_subtitle = line_of_keys(self.app, *does, ("{help.close}", "close"))

    def _tables(self) -> Iterator[tuple[str, list[_Row]]]:
        own = own_keys(self.app)
        for place in (self._place, *(place for place in ("exercise", "home") if place != self._place), "app"):
            here = place in (self._place, "app")
            yield (
                _TITLES[place],
                [
                    _Row(key, says, self._action(commands) if here else "", *_names(commands))
                    for (key, says), (commands, _) in zip(
                        key_lines(place, own, self._place), help_lines(place), strict=True
                    )
                ],
            )
        yield (
            "Words",
            [_Row(word.term, word.says, f"app.word({word.term!r})", "", " ".join(word.also)) for word in words()],
        )
        yield "Words for skills", [_Row(word, says, other=_OF_SKILLS) for word, says in WORDS.items()]
        yield "What you may type", [_Row(key, says, other=other) for key, says, other in _TYPING]
        yield "What the signs say", [_Row(*row, other="sign signs symbol mean") for row in _SIGNS]

    def _action(self, commands: Sequence[Command]) -> str:
        """What choosing a line of these does now: what the first of them does that applies."""
        if commands[0].keys == "enter" and self._place != "home":
            return "enter"
        return next((self._offers[one.id] for one in commands if one.id in self._offers), "")

    def action_move(self, action: str) -> None:
        """Move the cursor in the list; where no line can be chosen, scroll."""
        page = self.query_one(PagedList)
        if page.highlighted is None or action.startswith("page"):
            page.scroll_relative(y={"u": -1, "d": 1}[action.rpartition("_")[2][0]] * 5, animate=False)
        else:
            getattr(page, f"action_{action}")()

    def action_run(self) -> None:
        """Do what the line under the cursor says."""
        at = self.query_one(PagedList).highlighted
        if at is not None and at < len(self._shown) and self._shown[at].action:
            self.dismiss(self._shown[at].action)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click does it too."""
        event.stop()
        self.action_run()

    def action_close(self) -> None:
        """Back to what was below."""
        self.dismiss(None)


def key_lines(place: str, own: Mapping[str, str], on: str = "exercise") -> list[tuple[str, str]]:
    """What the keys of a place are called and what they do, read `on` a screen with the learner's own keys."""
    return [
        (", ".join(key_name(command, own, on=on) for command in commands), with_own_keys(said, own, on))
        for commands, said in help_lines(place)
    ]


def _names(commands: Sequence[Command]) -> tuple[str, str]:
    """What commands are called, and other words for that."""
    called = " ".join(f"{one.words} {one.brief}" for one in commands)
    return called, " ".join(OTHER_WORDS.get(one.id, "") for one in commands)


def _line(row: _Row) -> RenderableType:
    """A key on the left, what it does on the right, wrapped within its column; a heading from side to side."""
    if not row.key:
        return Text(row.says, style="bold underline")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=_KEY_COLUMNS, style="bold")
    table.add_column()
    table.add_row(Text(row.key), Text(row.says))
    return table
