"""The steps of the exercise in one line: which are done, which one this is."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tutor.questions import Step
from tutor.session import StepState


class StepsBar(Static):
    """`1 Stage ✓ │ 2 Forward 1/2 │ 3 Backward`. A click goes to a step that is open."""

    class Chosen(Message):
        """A step was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._ends: list[int] = []

    def show(self, steps: Sequence[Step], states: Sequence[StepState], current: Step) -> None:
        """Show how far each step has come."""
        parts: list[Content] = []
        for number, (step, state) in enumerate(zip(steps, states, strict=True), 1):
            text = f" {number} {step.title}{_progress(state)} "
            parts.append(Content.styled(text, _style(state, here=step is current)))
        ends, column = [], 0
        for part in parts:
            column += len(part.plain) + 1
            ends.append(column)
        self._ends = ends
        keys = Content.styled("   F3 ◂ ▸ F4", "$text-muted") if len(parts) > 1 else Content("")
        self.update(Content.assemble(Content.styled("│", "$text-disabled").join(parts), keys))

    def on_click(self, event: events.Click) -> None:
        """Find the step under the mouse."""
        column = event.get_content_offset_capture(self).x
        index = next((i for i, end in enumerate(self._ends) if column < end), None)
        if index is not None:
            self.post_message(self.Chosen(index))


def _progress(state: StepState) -> str:
    if state.finished:
        return " shown" if state.shown else " ✓"
    return f" {state.done}/{state.total}" if state.open and state.total > 1 else ""


def _style(state: StepState, here: bool) -> str:
    if here:
        return "bold reverse"
    if state.finished:
        return "$text-success"
    return "$foreground" if state.open else "$text-disabled"
