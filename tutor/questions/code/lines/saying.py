"""Lines in sentences: the one that is wrong, or the few that a wrong value is made on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tutor.questions.code.lines.reading import Definition
from tutor.questions.inflect import listed

_MOST = 3
"""More lines than this are no help."""


def told_of(lines: Sequence[int]) -> str:
    """` on line 12`, where it is certain; "" where it is not."""
    return f" on line {lines[0]}" if len(lines) == 1 else ""


def not_right(name: str, lines: Sequence[int], fine: Sequence[str] = ()) -> str:
    """`forward is right; ga on line 12 is not.`; of several lines that one of them is wrong."""
    before = f"{listed(fine)} {'is' if len(fine) == 1 else 'are'} right; " if fine else ""
    return f"{before}{name}{told_of(lines)} is not{'' if fine else ' right'}.{one_of(lines)}"


def one_of(lines: Sequence[int]) -> str:
    """` It is made on lines 8 and 9.`; "" for one line, none, or many."""
    return f" It is computed on lines {listed([str(each) for each in lines])}." if 1 < len(lines) <= _MOST else ""


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
