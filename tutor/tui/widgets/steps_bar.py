"""The first line of an exercise: its title, and its steps: which are done, which one this is."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tutor.questions import Step
from tutor.session.session import StepState
from tutor.text import clipped_at_word, harmless
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
        self._numerals: Sequence[str] = ()

    def show(self, steps: Sequence[Step], states: Sequence[StepState], current: Step, numerals: Sequence[str]) -> None:
        """Show how far each step has come; `numerals` are what they go by."""
        self._shown, self._numerals = (steps, states, current), numerals
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
        room = max(width - len(self._heading) - 2, round(width * _SHARE))
        numerals = self._numerals
        full, short = _widest(
            numerals, steps, states
        )  # whichever step is at hand: neither form nor title changes on the way
        texts, widest = (_full, full) if full <= room else (_short, short)
        roomy = widest + len(steps) <= width - len(self._heading) - 2
        widest = min(room, widest + len(steps) * roomy)
        parts = _fitting(_spaced(texts(numerals, steps, states, here), states, here, roomy), here, room)
        title, gap, aside = shortened_title(self._heading, self._aside, width - widest - 2)
        column = width - _width(parts)
        between = " " * (column - 1 - sum(map(len, (title, gap, aside))))
        self._ends, self._begins = [], column
        for index, part in parts:
            column += len(part.plain)
            self._ends.append((column, index))
        self.update(
            Content.assemble(" ", (title, "bold"), gap, (aside, "$text-muted"), between, *(part for _, part in parts)),
            layout=False,
        )

    def on_click(self, event: events.Click) -> None:
        """Find the step under the mouse."""
        column = event.get_content_offset_capture(self).x
        index = next((index for end, index in self._ends if column < end), None)
        if index is not None and column >= self._begins:
            self.post_message(self.Chosen(index))


_SHARE = 0.65
"""Of the line, at least for the steps; a title gives way."""


def shortened_title(title: str, id: str, room: int) -> tuple[str, str, str]:
    """A title, a gap and an id, as far as they have room."""
    if len(title) + 3 + len(id) <= room:
        return title, "   ", id
    return clipped_at_word(title, max(1, room)), "", ""


_SIGN = {False: "✓", True: SHOWN}
"""The sign of a step that is done, by whether answers were shown in it."""

_BEGUN = "◐"
"""That of a step that is begun, and not at hand."""

_Parts = list[tuple[int, Content]]
"""The number of a step, counted from 0, and what stands for it."""


def _full(numerals: Sequence[str], steps: Sequence[Step], states: Sequence[StepState], here: int) -> list[str]:
    """Every step with its title; the columns of its sign are kept, so that those behind it stay where they are."""
    return [
        f"{numeral} {harmless(step.title)}{_progress(state, here=number == here).ljust(_SIGNED)}"
        for number, (numeral, step, state) in enumerate(zip(numerals, steps, states, strict=True))
    ]


def _short(numerals: Sequence[str], steps: Sequence[Step], states: Sequence[StepState], here: int) -> list[str]:
    """Every step without its title, but for the one at hand."""
    signs = (_SIGN[state.shown] if state.finished else " " for state in states)
    texts = [f"{numeral}{sign}" for numeral, sign in zip(numerals, signs, strict=True)]
    texts[here] = _full(numerals, steps, states, here)[here]
    return texts


def _spaced(texts: Sequence[str], states: Sequence[StepState], here: int, roomy: bool) -> _Parts:
    """A blank between each two, two where it is roomy; the one at hand begins and ends with one of its own."""
    parts: _Parts = []
    for index, (text, state) in enumerate(zip(texts, states, strict=True)):
        after = " " if roomy or index == here else ""
        parts.append((index, Content.styled(f" {text}{after}", _style(state, here=index == here))))
    return parts


def _widest(numerals: Sequence[str], steps: Sequence[Step], states: Sequence[StepState]) -> tuple[int, int]:
    """The columns of all steps, with and without their titles, when the one that takes most is at hand."""
    titles = [len(harmless(step.title)) + 1 for step in steps]
    counts = [len(f" {state.total}/{state.total}") if state.open else _LOCKED for state in states]
    over = [max(0, count - _SIGNED) for count in counts]
    numbers = sum(len(f" {numeral}") for numeral in numerals) + 1
    here = max(title + 1 + more for title, more in zip(titles, over, strict=True))
    return numbers + sum(titles) + _SIGNED * len(steps) + max(over), numbers + len(steps) + here


def _fitting(parts: _Parts, here: int, width: int) -> _Parts:
    """The parts; where they are too many, the ones about here."""
    first, last = 0, len(parts)
    while _width(parts[first:last]) > width and last - first > 1:
        first, last = (first + 1, last) if here - first > last - 1 - here else (first, last - 1)
    return parts[first:last]


_SIGNED = 2
"""Columns of a blank and a sign."""

_LOCKED = 6
"""Columns that the count of a step may take that is not open yet: how many blanks it has is not known."""


def _width(parts: _Parts) -> int:
    return sum(len(part.plain) for _, part in parts)


def _progress(state: StepState, here: bool) -> str:
    """How far a step has come: its sign where it is done or begun, its count while it is at hand."""
    if state.finished:
        return f" {_SIGN[state.shown]}"
    if not state.open or state.total < 2:
        return ""
    if here:
        return f" {state.done:>{len(str(state.total))}}/{state.total}"
    return f" {_BEGUN}" if state.done else ""


def _style(state: StepState, here: bool = False) -> str:
    if here:
        return "bold reverse"
    if state.finished:
        return "$text-muted" if state.shown else "$right"
    return "$foreground" if state.open else "$text-disabled"
