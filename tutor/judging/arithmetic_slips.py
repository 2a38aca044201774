"""Slips with the pen: the right number with its point moved, two of its digits swapped, or one digit wrong.

Said only where no misconception explains an answer. Nothing of it tells the right number.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tutor.engine.values import Value, shape_of
from tutor.judging.misconceptions import Likelihood, Misconception
from tutor.judging.precision import significant_digits, written_number
from tutor.language import Expression

_FEWEST = 3
"""Digits of a number in which a slip can be told; of two digits too much is alike."""

_POWERS = (1, -1, 2, -2, 3, -3)
_CLOSE = 1e-9


def arithmetic_slips(answer: Expression, truth: Value) -> Iterator[Misconception]:
    """Those that make the number that was typed of the right one."""
    number = written_number(answer)
    if number is None or shape_of(truth) or not truth or not number.value:
        return
    mine, right = float(number.value), float(truth)
    if (mine < 0) != (right < 0):
        return
    digits = significant_digits(number)
    for power in _POWERS:
        # As many digits as were typed, or the number itself where it is short.
        if digits > 1 and _is(mine, right * 10.0**power, digits):
            says = "it has the right digits, with the point in the wrong place"
            yield Misconception("point_moved", mine, says, "About how large must it be?", Likelihood.POSSIBLE)
            return
    typed, meant = _digits(mine, digits), _digits(right, digits)
    if digits < _FEWEST or len(typed) != len(meant) or not _same_size(mine, right):
        return
    wrong = [place for place, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other]
    if any(wrong == [a, b] and typed[a] == meant[b] and typed[b] == meant[a] for a, b in pairwise(range(digits))):
        says = "it has the right digits, but two that are side by side are swapped"
        yield Misconception("digits_swapped", mine, says, "Which two?")
    elif len(wrong) == 1 and 0 < wrong[0] < digits - 1:
        says = "it has one digit wrong, and all others right"
        yield Misconception("one_digit_wrong", mine, says, "Work it out once more: which one is it?")


def _is(mine: float, other: float, digits: int) -> bool:
    return abs(mine - other) <= max(_CLOSE, 0.51 * 10.0 ** (1 - digits)) * abs(other)


def _digits(number: float, many: int) -> str:
    return f"{abs(number):.{max(0, many - 1)}e}".partition("e")[0].replace(".", "")


def _same_size(one: float, other: float) -> bool:
    return f"{one:e}".partition("e")[2] == f"{other:e}".partition("e")[2]
