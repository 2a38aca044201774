"""The first line of an exercise: its title, and its steps: which are done, which one this is."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tutor.questions import Step
from tutor.session.session import StepState
from tutor.text import harmless
from tutor.tui.signs import SHOWN


class StepsBar(Static):
    """`A sum, then a product    1 Stage ✓  2 Forward 1/2  3 Backward`. A click goes to a step that is open."""

    class Chosen(Message):
        """A step was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, title: str, id: str) -> None:
        """`id` is that of the exercise; it is left out first where there is little room."""
        super().__init__(markup=False)
        self._heading, self._aside = harmless(title), harmless(id)
        self._ends: list[tuple[int, int]] = []
        self._begins = 0
        self._shown: tuple[Sequence[Step], Sequence[StepState], Step] | None = None

    def show(self, steps: Sequence[Step], states: Sequence[StepState], current: Step) -> None:
        """Show how far each step has come."""
        self._shown = (steps, states, current)
        self._draw()

    def on_resize(self) -> None:
        """Fit into the new width."""
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        steps, states, current = self._shown
        here = steps.index(current)
        width = self.size.width or self.app.size.width
        parts = _fitting(_parts(steps, states, here), here, max(width - len(self._heading) - 2, round(width * _SHARE)))
        room = width - _width(parts) - 2
        title, _, _ = named = shortened_title(self._heading, self._aside, room)
        column = width - _width(parts)
        self._ends, self._begins = [], column
        for index, part in parts:
            column += len(part.plain)
            self._ends.append((column, index))
        between = " " * (width - _width(parts) - 1 - sum(map(len, named)))
        self.update(
            Content.assemble(
                " ", (title, "bold"), named[1], (named[2], "$text-muted"), between, *(part for _, part in parts)
            )
        )

    def on_click(self, event: events.Click) -> None:
        """Find the step under the mouse."""
        column = event.get_content_offset_capture(self).x
        index = next((index for end, index in self._ends if column < end), None)
        if index is not None and column >= self._begins:
            self.post_message(self.Chosen(index))


_SHARE = 0.6
"""Of the line, at least for the steps; a title gives way."""


def shortened_title(title: str, id: str, room: int) -> tuple[str, str, str]:
    """A title, a gap and an id, as far as they have room."""
    if len(title) + 3 + len(id) <= room:
        return title, "   ", id
    return (title if len(title) <= room else f"{title[: max(0, room - 1)]}…"), "", ""


_SIGN = {False: "✓", True: SHOWN}
"""The sign of a step that is done, by whether answers were shown in it."""

_Parts = list[tuple[int, Content]]
"""The number of a step, counted from 0, and what stands for it."""


def _parts(steps: Sequence[Step], states: Sequence[StepState], here: int) -> tuple[_Parts, _Parts]:
    """Every step with its title, and every one but the current without."""
    full: _Parts = []
    short: _Parts = []
    for index, (step, state) in enumerate(zip(steps, states, strict=True)):
        style = _style(state, here=index == here)
        part = Content.styled(f" {index + 1} {harmless(step.title)}{_progress(state)} ", style)
        full.append((index, part))
        sign = _SIGN[state.shown] if state.finished else ""
        short.append((index, part if index == here else Content.styled(f" {index + 1}{sign} ", style)))
    return full, short


def _fitting(parts: tuple[_Parts, _Parts], here: int, width: int) -> _Parts:
    """The parts with their titles where they fit, else without; where those are too many, the ones about here."""
    full, short = parts
    if _width(full) <= width:
        return full
    first, last = 0, len(short)
    while _width(short[first:last]) > width and last - first > 1:
        first, last = (first + 1, last) if here - first > last - 1 - here else (first, last - 1)
    return short[first:last]


def _width(parts: _Parts) -> int:
    return sum(len(part.plain) for _, part in parts)


def _progress(state: StepState) -> str:
    if state.finished:
        return f" {_SIGN[state.shown]}"
    return f" {state.done}/{state.total}" if state.open and state.total > 1 else ""


def _style(state: StepState, here: bool) -> str:
    if here:
        return "bold reverse"
    if state.finished:
        return "$text-muted" if state.shown else "$right"
    return "$foreground" if state.open else "$text-disabled"
