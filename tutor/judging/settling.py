"""Two expressions at one point, in as high a precision as it takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from math import inf
from typing import Any

from tutor.engine.precise import Ball, NoRealValue, NotSettled, Precisely, TooLarge, Vanishing, Work, WorkSpent
from tutor.judging.points import Point
from tutor.language import Apply, Expression

_BITS = (192, 512, 1400)

_SPARE_BITS = 64
"""How many bits of agreement are wanted beyond what is hidden."""

_SURE = 4
"""How many times their radii two values are apart when they are surely different."""


class Standing(Enum):
    """How the answer stands to the truth at one point."""

    SAME = auto()
    DIFFERENT = auto()
    UNDEFINED = auto()
    """The truth has a value and the answer has none."""

    WIDER = auto()
    """The answer has a value and the truth has none."""

    UNKNOWN = auto()
    """It cannot be told, or neither has a value."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How they stand, and the values that show it; `part` with its `arguments` is the operation that fails.

    `too_large` is whether the answer's value is too large or laborious to compute with.
    """

    standing: Standing
    yours: float | None = None
    truth: float | None = None
    difference: float | None = None
    part: Apply | None = None
    arguments: tuple[float, ...] = ()
    too_large: bool = False


_UNKNOWN = Settled(Standing.UNKNOWN)
_TOO_LARGE = Settled(Standing.UNKNOWN, too_large=True)

_Valued = Ball | NoRealValue | NotSettled | TooLarge


def settle(answer: Expression, truth: Expression, point: Point, work: Work) -> Settled:
    """How the two stand at this point. Raises WorkSpent when there is no work left."""
    hidden = 0
    for bits in _BITS:
        if bits < hidden + _SPARE_BITS:
            continue
        precisely = Precisely(bits, work)
        theirs = _valued(precisely, truth, point)
        settled = _standing(precisely, _valued(precisely, answer, point), theirs)
        if settled is not None:
            return settled
        hidden = precisely.hidden
    return _UNKNOWN


def _valued(precisely: Precisely, expression: Expression, point: Point) -> _Valued:
    """The value, or why there is none. Raises WorkSpent."""
    try:
        return precisely.ball(expression, point)
    except WorkSpent:
        raise
    except Vanishing as failure:
        # What is still nothing at the last precision is 0: no number of bits tells sin(π) from it.
        last = precisely.bits == _BITS[-1] and precisely.hidden + _SPARE_BITS <= precisely.bits
        return NoRealValue(failure.part, ()) if last else failure
    except (NoRealValue, NotSettled, TooLarge) as failure:
        return failure


def _standing(precisely: Precisely, mine: _Valued, theirs: _Valued) -> Settled | None:
    """How two values stand; None where more precision may tell."""
    if isinstance(mine, NotSettled) or isinstance(theirs, NotSettled):
        return None
    if isinstance(mine, TooLarge):
        return _TOO_LARGE
    if isinstance(theirs, TooLarge):
        return _UNKNOWN
    if isinstance(theirs, NoRealValue):
        return _UNKNOWN if isinstance(mine, NoRealValue) else Settled(Standing.WIDER, _float(precisely, mine))
    truth = _float(precisely, theirs)
    if isinstance(mine, NoRealValue):
        return Settled(Standing.UNDEFINED, None, truth, part=mine.part, arguments=mine.values)
    gap = abs(precisely.number(mine) - precisely.number(theirs))
    if _surely_apart(gap, mine, theirs):
        return Settled(Standing.DIFFERENT, _float(precisely, mine), truth, _as_float(gap))
    if _surely_same(precisely, mine, theirs):
        return Settled(Standing.SAME, _float(precisely, mine), truth)
    return None


def _surely_apart(gap: Any, mine: Ball, theirs: Ball) -> bool:
    if mine.is_exact and theirs.is_exact:
        return bool(mine.value != theirs.value)
    return bool(gap > _SURE * (mine.radius + theirs.radius))


def _surely_same(precisely: Precisely, mine: Ball, theirs: Ball) -> bool:
    """Whether values that are not surely apart are known well enough to call them the same."""
    if mine.is_exact and theirs.is_exact:
        return True
    if precisely.hidden + _SPARE_BITS > precisely.bits:
        return False
    unsure = _SURE * (mine.radius + theirs.radius)
    size = max(abs(precisely.number(mine)), abs(precisely.number(theirs)))
    # Where both may be 0 there is no size to compare with, and 1 stands in for it.
    return bool(unsure <= precisely.context.ldexp(size if size > unsure else 1, -_SPARE_BITS))


def _float(precisely: Precisely, ball: Ball) -> float:
    return _as_float(precisely.number(ball))


def _as_float(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return inf if number > 0 else -inf
