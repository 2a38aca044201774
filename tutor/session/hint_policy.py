"""The hints given at each blank, and when the next one may be."""

from __future__ import annotations

import math
from collections.abc import Callable

RUNGS = 3
"""Hints at every blank: the principle, a question with the numbers, the worked line."""

PAUSE = 20.0
"""Seconds after which the next hint is given without a try in between."""


def hint_waits(seconds: float) -> str:
    """What is said to one who asks for the next hint so many seconds too early."""
    return f"Try something with this hint first. The next one comes after an answer, or in {math.ceil(seconds)} s."


class Hints:
    """What was given where. A rung comes after a try or a pause since the last one, so that each can be thought over.

    Read again from the journal it is the same, as far as the clock did not jump.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` is in seconds."""
        self._clock = clock
        self._given: dict[str, list[str]] = {}
        self._last: dict[str, float] = {}

    def seen(self, blank: str) -> tuple[str, ...]:
        """The rungs given at a blank."""
        return tuple(self._given.get(blank, ()))

    def left(self, blank: str) -> bool:
        """Whether there is another one."""
        return len(self._given.get(blank, ())) < RUNGS

    def waits(self, blank: str) -> float:
        """Seconds until the next one is given without a try; 0 where it is given now."""
        if blank not in self._last or not self.left(blank):
            return 0.0
        passed = self._clock() - self._last[blank]
        return max(0.0, PAUSE - passed) if passed >= 0 else 0.0  # a clock that was set back keeps nobody waiting

    def given(self, blank: str, text: str, at: float | None = None) -> None:
        """Note a rung that was given."""
        self._given.setdefault(blank, []).append(text)
        self._last[blank] = self._clock() if at is None else at

    def tried(self, blank: str) -> None:
        """Note an answer: after it the next rung may come at once."""
        self._last.pop(blank, None)

    @property
    def total(self) -> int:
        """How many were given."""
        return sum(map(len, self._given.values()))

    def clear(self) -> None:
        """Forget all."""
        self._given.clear()
        self._last.clear()
