"""Slips with the pen: the right number with its point moved, two of its digits swapped, or one digit wrong; the right
entries with some of their signs lost, or in other places.

Said only where no misconception explains an answer. Nothing of it tells the right number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from tutor.engine.values import Value, as_value, shape_of
from tutor.judging.misconceptions import Misconception
from tutor.judging.numbers import agrees
from tutor.judging.precision import significant_digits, written_number
from tutor.language import Apply, Expression, Matrix, Number, names_in
from tutor.language.tree import Constant

_FEWEST = 3
"""Digits of a number in which a slip can be told; of two digits too much is alike, but in a whole number."""

_POWERS = (1, -1, 2, -2, 3, -3)
_CLOSE = 1e-9
_MANY = 15


def arithmetic_slips(answer: Expression, truth: Value) -> Iterator[Misconception]:
    """Those that make the number, or the array of numbers, that was typed of the right one."""
    if isinstance(answer, Matrix):
        yield from _in_entries(answer, truth)
        return
    number = written_number(answer)
    if number is None and not shape_of(truth) and _is_in_degrees(answer, truth):
        says, asks = "an angle in it is in degrees", "Angles are in radians here: how much is 90 degrees?"
        yield Misconception("degrees", 0.0, says, asks)
    if number is None or shape_of(truth) or not truth or not number.value:
        return
    mine, right = float(number.value), float(truth)
    if (mine < 0) != (right < 0):
        return
    digits = significant_digits(number)
    for power in _POWERS:
        # As many digits as were typed; of a short number only the number itself.
        if digits > 1 and _is(mine, right * 10.0**power, digits if digits >= _FEWEST else _MANY):
            says = "it has the right digits, with the decimal point in the wrong place"
            yield Misconception("point_moved", mine, says, "About how large should it be?")
            return
    typed, meant = _digits(mine, digits), _digits(right, digits)
    whole = mine == int(mine) and right == int(right)
    if digits < (_FEWEST - whole) or len(typed) != len(meant) or not _same_size(mine, right):
        return
    wrong = [place for place, (one, other) in enumerate(zip(typed, meant, strict=True)) if one != other]
    if any(wrong == [a, b] and typed[a] == meant[b] and typed[b] == meant[a] for a, b in pairwise(range(digits))):
        says = "it has the right digits, but two that are side by side are swapped"
        yield Misconception("digits_swapped", mine, says, "Which two?")
    elif len(wrong) == 1 and 0 < wrong[0] < digits - 1:
        says = "it has one digit wrong, and all others right"
        yield Misconception("one_digit_wrong", mine, says, "Work it out again: which one is it?")


_ANGLES = frozenset({"sin", "cos", "tan"})
_RADIANS = Apply("div", (Constant("pi"), Number(Fraction(180), "180")))


def _is_in_degrees(answer: Expression, truth: Value) -> bool:
    """Whether a sum in plain numbers would be right with its angles in degrees."""
    turned = _turned(answer)
    return turned != answer and not names_in(answer) and agrees(turned, truth, {})


def _turned(tree: Expression) -> Expression:
    if not isinstance(tree, Apply):
        return tree
    arguments = tuple(map(_turned, tree.arguments))
    if tree.operation in _ANGLES:
        arguments = tuple(Apply("mul", (argument, _RADIANS)) for argument in arguments)
    return replace(tree, arguments=arguments)


def _in_entries(answer: Matrix, truth: Value) -> Iterator[Misconception]:
    """The right sizes with some signs wrong; the right numbers in other places."""
    numbers = [written_number(entry) for entry in answer.entries]
    if any(number is None for number in numbers) or shape_of(truth) != answer.shape or len(numbers) < 2:
        return
    mine = np.array([float(number.value) for number in numbers if number is not None])
    right = np.ravel(np.asarray(truth))
    if agrees(_without_signs(answer), as_value(np.abs(right)), {}):
        yield Misconception("some_signs", 0.0, "these are the right sizes, but not all signs are right", "Which ones?")
        return
    order, meant = np.argsort(mine, kind="stable"), np.sort(right)
    ordered = Matrix((tuple(answer.entries[place] for place in order),), is_vector=True)
    if len(set(right.tolist())) > 1 and agrees(ordered, as_value(meant), {}):
        yield Misconception(
            "entries_misplaced", 0.0, "these are the right numbers, but not all in the right positions",
            "Which one goes first?",
        )  # fmt: skip


def _without_signs(answer: Matrix) -> Matrix:
    """The entries in a row without their signs, to the digits that were typed."""
    plain = []
    for entry in answer.entries:
        number = written_number(entry)
        assert number is not None
        plain.append(replace(number, value=abs(number.value), text=number.text.lstrip("+-−")))
    return Matrix((tuple(plain),), is_vector=True)


def _is(mine: float, other: float, digits: int) -> bool:
    return abs(mine - other) <= max(_CLOSE, 0.51 * 10.0 ** (1 - digits)) * abs(other)


def _digits(number: float, many: int) -> str:
    return f"{abs(number):.{max(0, many - 1)}e}".partition("e")[0].replace(".", "")


def _same_size(one: float, other: float) -> bool:
    return f"{one:e}".partition("e")[2] == f"{other:e}".partition("e")[2]
