"""What is asked when a returned value is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tutor.questions.code.lines.reading import Definition


@dataclass(frozen=True)
class Doubt:
    """What is asked: which lines make the returned value at `position` wrong, given which positions are right."""

    position: int
    right: tuple[int, ...]
    names: tuple[str, ...]
    """What is to be returned, in order."""

    loops_hold: bool = False
    """Whether it is certain, from the value, that every loop and test goes where it should."""

    helpers_hold: Callable[[str], bool] = lambda _name: False
    """Whether a helper is known to be right."""

    clears: Callable[[Definition], bool] = lambda _definition: False
    """Whether a definition is right for a reason of the harness's own."""

    reads: Mapping[str, object] = field(default_factory=dict)
    """What else can be read in the function: `context`."""
