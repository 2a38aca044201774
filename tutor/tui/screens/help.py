"""What the keys do, and what may be typed."""

from __future__ import annotations

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tutor.tui.called import with_keys
from tutor.tui.screens.dialog import Dialog
from tutor.tui.widgets.graph_view import GraphView

_KEYS = (
    ("Enter", "check the line or the answer, and go on"),
    ("{exercise.check}", "check the current blank; run the code"),
    ("{exercise.hint}", "a hint: the principle, then a question, then the line"),
    ("{exercise.show}", "twice: show the answer to this blank, marked as shown"),
    (
        "{exercise.worked}",
        "the worked solution of this question, for your own equations; before its end when pressed twice, "
        "marked as shown",
    ),
    ("{exercise.up}, {exercise.down}", "previous blank, next blank"),
    ("{exercise.again}", "begin the exercise again from nothing; asks first, and your answers stay in the journal"),
    ("{exercise.back}, {exercise.on}", "previous step, next step; those that are still locked are passed over"),
    (
        "{exercise.graph}",
        "to the graph and back; there arrow keys choose a gate and show its card, {graph.choose} goes to its blank, "
        "{graph.style} draws it another way, {graph.replay} replays the passes, {graph.copy} copies the drawing",
    ),
    ("{exercise.statement}", "all of the text: what is given, what is asked, the introduction"),
    (
        "{exercise.outside}",
        "code: open it in the editor that VISUAL or EDITOR names; what you leave there is taken back",
    ),
    (
        "{exercise.replay}",
        "replay: both passes gate by gate, as far as you have found them ({graph.replay} in the graph)",
    ),
    ("{exercise.quick}", "backward step: each gradient only, or upstream, local and downstream"),
    ("{exercise.said_up}, {exercise.said_down}", "scroll what the tutor says, or the introduction"),
    (
        "Tab",
        "indents in the code editor ({exercise.graph} or {exercise.home} leaves it); elsewhere moves to the next part",
    ),
    ("{exercise.home}", "home, or from the graph back to the blank; everything is kept, even text not checked yet"),
    ("{exercise.gates}", "the gate cards, with room for notes of your own; also from home"),
    ("{settings}", "settings: colours, the graph in ASCII, digits, motion; on Home also {home.settings}"),
    ("Ctrl+P", "all commands and exercises by name"),
    ("{quit}", "quit"),
)

_HOME = (
    ("{home.next}", "open what to do next: worth another look, else begun, else new"),
    ("Up, Down", "from exercise to exercise (also j and k); Enter opens one, or folds a topic"),
    ("{home.search}", "search titles, topics and texts; Enter goes to what was found"),
    ("{home.filter}", "list all, to do, begun, solved, or worth another look"),
    ("{home.again}", "do the exercise under the cursor again from nothing; asks first"),
    ("{home.all}", "end search and filter"),
    ("{home.preview_up}, {home.preview_down}", "scroll the preview"),
)

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

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q,enter", "dismiss", "Close", id="help.close"),
        Binding("down,j", "scroll(1)", show=False, id="help.down"),
        Binding("up,k", "scroll(-1)", show=False, id="help.up"),
    ]

    def __init__(self, at_home: bool = False) -> None:
        """`at_home` puts the keys of the list of exercises first."""
        super().__init__()
        self._at_home = at_home

    def compose(self) -> ComposeResult:
        """Tables on a page that scrolls, the one for the screen below first."""
        with VerticalScroll() as page:
            page.border_title = "Help"
            page.border_subtitle = with_keys(self.app, "Up and Down scroll, {help.close} closes", self.BINDINGS)
            keys = [("Keys in an exercise", _KEYS), ("Keys in the list of exercises", _HOME)]
            if self._at_home:
                keys.reverse()
            for title, rows in (*keys, ("What you may type", _TYPING), ("What the signs say", _SIGNS)):
                yield Static(title, classes="title", markup=False)
                yield Static(self._table(rows))

    def _table(self, rows: tuple[tuple[str, str], ...]) -> Table:
        """Keys on the left, what they do on the right, wrapped within its column."""
        from tutor.tui.screens.home import HomeScreen  # which opens this screen

        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True, style="bold")
        table.add_column()
        for row in rows:
            table.add_row(*(Text(with_keys(self.app, text, HomeScreen.BINDINGS, GraphView.BINDINGS)) for text in row))
        return table

    def action_scroll(self, by: int) -> None:
        """Scroll the page."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
