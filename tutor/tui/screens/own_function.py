"""A function of the learner's own: typed, read as it is typed, and worked on."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from tutor.drawing import GraphSpec
from tutor.learner import SteadyStore
from tutor.practice.own_file import OwnFunction, OwnProblem, in_words
from tutor.practice.own_function import preview, read_own
from tutor.text import harmless
from tutor.tui.commands import bindings
from tutor.tui.keys import line_of_keys
from tutor.tui.screens.dialog import Dialog
from tutor.tui.widgets.graph_view import GraphView

_FUNCTION, _INPUTS = "own function", "own inputs"
"""Under these the two fields are kept until an exercise is made of them."""


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

    def compose(self) -> ComposeResult:
        """A box with all of it."""
        with Vertical() as box:
            box.border_title = "A function of your own"
            box.border_subtitle = line_of_keys(self.app, ("Enter", "begin"), ("{own.close}", "home"))
            function = Input(self._store.note(_FUNCTION), placeholder="f(x, y) = x y + sin(x)", id="function")
            inputs = Input(
                self._store.note(_INPUTS), placeholder="x = 1, y = 2; the others are chosen for you", id="inputs"
            )
            function.border_title, inputs.border_title = "Function", "Inputs"
            yield function
            yield inputs
            yield Static(id="reading", markup=False)
            graph = GraphView(*self._drawn_with)
            graph.can_focus, graph.border_title = False, ""
            yield graph

    def on_input_changed(self) -> None:
        """Read it as it is typed."""
        self.keep_typed()
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
            self._tell(None, str(problem) if function.strip() else "", GraphSpec(()))

    def _tell(self, own: OwnFunction | None, said: str, graph: GraphSpec) -> None:
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._show, own, said, graph)

    def _show(self, own: OwnFunction | None, said: str, graph: GraphSpec) -> None:
        if not self.is_mounted:
            return
        self.query_one("#reading", Static).update(harmless(said))
        self.query_one(GraphView).show(graph)
        if self._begins and own is not None:
            self._store.keep_note(_FUNCTION, "")
            self._store.keep_note(_INPUTS, "")
            self.dismiss(own)
        self._begins = False
