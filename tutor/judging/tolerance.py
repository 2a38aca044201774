"""How near one number of an answer is to a value, judged by the precision it was written in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from math import floor, log10

from tutor.judging.precision import last_place, significant_digits
from tutor.language import Number

EXACT = 1e-9
"""Relative difference up to which two computed values are the same."""

ROUNDING = 1e-13
"""What may be left of a zero after float arithmetic."""

_ON_THE_EDGE = 1 + 1e-9
"""A tie such as 0.775 counts for either side."""

_SHORT_OF_A_UNIT = 1 - 1e-6
"""83 is a whole unit from 82, whatever float arithmetic makes of them."""

_ENOUGH_FOR_A_SLIP = 3

_PLAIN_ZERO = 0.005
"""A plain 0 for a value smaller than this may be meant as rounded."""


class Closeness(IntEnum):
    """How a number stands to a value, best first."""

    RIGHT = 0
    CUT_OFF = 1
    """Less than one unit of its last place away, though not rounded as it should be."""

    TOO_FEW_DIGITS = 2
    """Too coarse to be told right from wrong."""

    TOO_MANY_DIGITS = 3
    """Off by less than half a step of the third digit, and not as near as its digits say."""

    WRONG = 4


@dataclass(frozen=True, slots=True)
class NumberAnswer:
    """One number of an answer.

    `written` is the number as it was typed, None for an exact form; `slack` how far `value` may be off since its
    decimals were rounded; `place` where it stands in an array, in words.
    """

    value: float
    written: Number | None
    slack: float
    place: str = ""
    fraction: Number | None = None
    """The decimal that a fraction of whole numbers such as 105/1000 writes."""

    @property
    def has_point(self) -> bool:
        """Whether it was typed with decimals, even if they are zeros."""
        return self.written is not None and "." in self.written.text


def closeness(answer: NumberAnswer, value: float, digits: int) -> Closeness:
    """How the answer stands to the value, of which so many significant digits are wanted."""
    found = _closeness(answer, value, digits)
    if found is Closeness.RIGHT or answer.fraction is None:
        return found
    return min(found, _closeness(as_decimal(answer, answer.fraction), value, digits))


def as_decimal(answer: NumberAnswer, decimal: Number) -> NumberAnswer:
    """The answer as if this decimal had been typed."""
    return replace(answer, written=decimal, slack=float(last_place(decimal)) / 2, fraction=None)


def _closeness(answer: NumberAnswer, value: float, digits: int) -> Closeness:
    gap = abs(answer.value - value)
    if not answer.value and abs(value) < ROUNDING:
        return Closeness.RIGHT
    if not value:
        return Closeness.WRONG
    if gap <= EXACT * max(abs(answer.value), abs(value)):
        return Closeness.RIGHT
    if not answer.slack:
        return Closeness.WRONG
    half, enough = answer.slack * _ON_THE_EDGE, _half_unit(value, digits) * _ON_THE_EDGE
    precise = significant_digits(answer.written) >= digits if answer.written else half <= enough
    if not precise:
        if gap <= min(half, enough):
            return Closeness.RIGHT
        return Closeness.TOO_FEW_DIGITS if gap <= _reach(answer, value, half) else Closeness.WRONG
    if gap <= half:
        return Closeness.RIGHT
    if answer.written is None:
        return Closeness.WRONG
    if gap < 2 * answer.slack * _SHORT_OF_A_UNIT and _may_slip(answer, value):
        return Closeness.CUT_OFF
    return Closeness.TOO_MANY_DIGITS if gap <= _half_unit(value, 3) else Closeness.WRONG


def _may_slip(answer: NumberAnswer, value: float) -> bool:
    """Whether it was cut off; or is so near that it can be nothing but a slip in rounding."""
    assert answer.written is not None
    return abs(answer.value) < abs(value) or significant_digits(answer.written) >= _ENOUGH_FOR_A_SLIP


def _half_unit(value: float, digits: int) -> float:
    """Half a step of the last of so many significant digits."""
    return 0.5 * float(10.0 ** (floor(log10(abs(value))) + 1 - digits))


def _reach(answer: NumberAnswer, value: float, half: float) -> float:
    """How far off a number with too few digits may be, and still be no more than that."""
    if answer.written is None or answer.value:
        cut_off = answer.has_point and 0 < answer.value / value < 1
        return 2 * answer.slack * _SHORT_OF_A_UNIT if cut_off else half
    return half if answer.has_point else _PLAIN_ZERO
