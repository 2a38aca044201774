"""A function of the learner's own: typed, read as it is typed, and worked on."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.widgets import Input
from textual.worker import get_current_worker

from tutor.drawing import GraphSpec
from tutor.learner import SteadyStore
from tutor.practice.own_file import OwnFunction, OwnProblem, in_words
from tutor.practice.own_function import preview, read_own
from tutor.text import harmless
from tutor.tui.commands import bindings
from tutor.tui.keys import line_of_keys
from tutor.tui.line_breaks import BrokenText
from tutor.tui.screens.dialog import Dialog
from tutor.tui.widgets.graph_view import GraphView

_FUNCTION, _INPUTS = "own function", "own inputs"
"""Under these the two fields are kept until an exercise is made of them."""

_TALLEST = 30
"""Lines of the box when its graph takes all it can have."""

_AROUND = 3
"""Lines that the frame of the box and the graph's rule take."""

_NOTHING_YET = "Below, as you type: how it is read, the inputs that are chosen, and its graph."


class OwnFunctionScreen(Dialog[OwnFunction]):
    """Two fields, what they were read as, and the graph. Dismissed with the function, or None."""

    CSS_PATH: ClassVar[list[str]] = ["own_function.tcss", "../widgets/graph_view.tcss"]  # type: ignore[assignment]

    AUTO_FOCUS = "#function"
    BINDINGS: ClassVar[list[BindingType]] = bindings("own")

    def __init__(self, store: SteadyStore, ascii_only: bool = False, digits: int = 3) -> None:
        super().__init__()
        self._store = store
        self._drawn_with = ascii_only, digits
        self._begins = False
        """Whether the learner waits for what is being read."""
        self._tallest = 0
        """Lines of the tallest graph so far: the box is no lower while a function stands there."""

    def compose(self) -> ComposeResult:
        """A box with all of it."""
        with Vertical() as box:
            box.border_title = "A function of your own"
            function = Input(self._store.note(_FUNCTION), placeholder="f(x, y) = x y + sin(x)", id="function")
            inputs = Input(
                self._store.note(_INPUTS), placeholder="x = 1, y = 2; the others are chosen for you", id="inputs"
            )
            function.border_title, inputs.border_title = "Function", "Inputs"
            yield function
            yield inputs
            yield BrokenText(id="reading")
            graph = GraphView(*self._drawn_with)
            graph.can_focus, graph.border_title = False, ""
            yield graph

    def on_resize(self) -> None:
        """As much room for the graph as there is; what is above it stays where it is."""
        self.query_one(Vertical).styles.margin = (max(0, (self.size.height - _TALLEST) // 2), 0, 0, 0)
        self._tallest = 0
        self._fit_graph()

    def _fit_graph(self) -> None:
        """The graph as tall as it is drawn, as far as there is room; before there is one, nothing in its place."""
        graph, reading = self.query_one(GraphView), self.query_one("#reading", BrokenText)
        above = sum(field.outer_size.height for field in self.query(Input)) + reading.outer_size.height
        width = self.query_one(Vertical).content_size.width
        most = min(self.size.height, _TALLEST) - above - _AROUND
        if not self._typed()[0].strip():
            self._tallest = 0
        else:
            self._tallest = min(most, max(self._tallest, graph.lines_in(Size(width, most))))
        graph.display = self._tallest > 0
        graph.styles.height = self._tallest + 1

    def _name_keys(self) -> None:
        """Enter does something where there is a function."""
        begin = (("Enter", "begin"),) if self._typed()[0].strip() else ()
        self.query_one(Vertical).border_subtitle = line_of_keys(self.app, *begin, ("{own.close}", "home"))

    def on_mount(self) -> None:
        """Say what the keys do."""
        self._name_keys()

    def on_input_changed(self) -> None:
        """Read it as it is typed."""
        self.keep_typed()
        self._name_keys()
        self._begins = False
        self._read(*self._typed())

    def on_input_submitted(self) -> None:
        """Begin."""
        self.action_begin()

    def action_begin(self) -> None:
        """Work on it, when it has been read."""
        self._begins = True
        self._read(*self._typed())

    def action_close(self) -> None:
        """Home; what is typed stays."""
        self.keep_typed()
        self.dismiss(None)

    def keep_typed(self) -> None:
        """Keep what stands in the fields."""
        if self.is_mounted:
            for name, text in zip((_FUNCTION, _INPUTS), self._typed(), strict=True):
                self._store.keep_note(name, text)

    def _typed(self) -> tuple[str, str]:
        return self.query_one("#function", Input).value, self.query_one("#inputs", Input).value

    @work(thread=True, exclusive=True)
    def _read(self, function: str, inputs: str) -> None:
        """Read it beside the screen's own thread: drawing inputs can take a moment."""
        try:
            own = read_own(function, inputs)
            self._tell(own, "\n".join([f"{own.function}", f"at {in_words(own.at)}", *own.remarks]), preview(own))
        except OwnProblem as problem:
            self._tell(None, str(problem) if function.strip() else _NOTHING_YET, GraphSpec(()))

    def _tell(self, own: OwnFunction | None, said: str, graph: GraphSpec) -> None:
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._show, own, said, graph)

    def _show(self, own: OwnFunction | None, said: str, graph: GraphSpec) -> None:
        if not self.is_mounted:
            return
        self.query_one("#reading", BrokenText).write(harmless(said))
        self.query_one(GraphView).show(graph)
        if self._begins and own is not None:
            self._store.keep_note(_FUNCTION, "")
            self._store.keep_note(_INPUTS, "")
            self.dismiss(own)
        else:
            self.call_after_refresh(self._fit_graph)  # what was read has its lines by then
        self._begins = False
