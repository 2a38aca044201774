"""Both passes again, gate by gate, at the learner's pace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import Static

from tutor.drawing import Style
from tutor.questions.question import Frame
from tutor.text import harmless
from tutor.tui.commands import bindings
from tutor.tui.keys import with_keys
from tutor.tui.screens.dialog import Dialog
from tutor.tui.widgets.graph_view import NOBODY, GraphView

_PACE = 1.2
"""Seconds a step, where it plays by itself."""


class ReplayScreen(Dialog[None]):
    """The graph, the arithmetic of one step below it. Right and left go through the steps; Space plays and stops."""

    CSS_PATH: ClassVar[list[str]] = ["replay.tcss", "../widgets/graph_view.tcss"]  # type: ignore[assignment]

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = bindings("replay")

    def __init__(
        self, frames: Sequence[Frame], ascii_only: bool = False, digits: int = 3, style: Style | None = None
    ) -> None:
        """`frames` holds one step at least; the graph is drawn with these signs, in this style, as elsewhere."""
        super().__init__()
        self._drawn_with = ascii_only, digits, style
        self._frames = frames
        self._at = 0
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Graph and words in a box."""
        with Vertical() as box:
            box.border_title = "Replay"
            graph = GraphView(*self._drawn_with)
            graph.can_focus, graph.border_title = False, ""
            yield graph
            yield Static(id="arithmetic", markup=False)

    def on_mount(self) -> None:
        """Begin with the first step."""
        self._show()

    def _show(self) -> None:
        frame, box = self._frames[self._at], self.query_one(Vertical)
        graph = self.query_one(GraphView)
        graph.show(frame.picture, frame.node or NOBODY, frame.at)
        graph.select(frame.node)
        self.query_one("#arithmetic", Static).update(harmless(frame.text))
        does = "stops" if self._timer is not None else "plays"
        plays = with_keys(self.app, f"{{replay.play}} {does}")
        closes = with_keys(self.app, "{replay.close} closes")
        box.border_subtitle = f"{self._at + 1} of {len(self._frames)}   ◂ ▸ step   {plays}   {closes}"

    def action_go(self, by: int) -> None:
        """Go so many steps on, or back."""
        self._stop()
        self._step(by)

    def _step(self, by: int) -> None:
        self._at = max(0, min(len(self._frames) - 1, self._at + by))
        if self._at == len(self._frames) - 1:
            self._stop()
        self._show()

    def action_play(self) -> None:
        """Go on by itself, or stop; with less motion wanted it is a single step."""
        if self._timer is not None:
            self._stop()
            self._show()
        elif self.app.animation_level == "none":
            self._step(1)
        else:
            if self._at == len(self._frames) - 1:
                self._at = 0
            self._timer = self.set_interval(_PACE, lambda: self._step(1))
            self._show()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
