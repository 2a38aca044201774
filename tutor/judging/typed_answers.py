"""What was typed, as something that misconceptions are held against: a number or formula, or what is just the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import islice, product
from math import isfinite
from typing import Any, Protocol

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates.misconceptions import Misconception, nowhere
from tutor.engine.values import Value, all_finite, shape_of
from tutor.judging.numbers import agrees
from tutor.judging.precision import WANTED_DIGITS, is_decimal, last_place, significant_digits, written_number
from tutor.language import Apply, Expression, Name, Number, names_in, walk


class ComparableAnswer(Protocol):
    """What was typed, as something that candidates are held against."""

    def shows(self, one: Misconception, /) -> bool:
        """Whether a misconception leads to this answer."""

    def meets_exactly(self, one: Misconception, /) -> bool:
        """Whether it does so with no rounding."""


@dataclass(frozen=True, slots=True)
class ExactAnswer:
    """A shape, a row of names, a formula in its normal form: it is the same, or it is not."""

    value: Any

    def shows(self, one: Misconception) -> bool:
        """Whether a misconception leads to this answer."""
        return bool(self.value == one.gives)

    def meets_exactly(self, _one: Misconception) -> bool:
        """Always, where it does."""
        return True


@dataclass(frozen=True)
class ValuesAnswer:
    """A formula by its values at several sets of numbers: the same at all of them, or another formula."""

    values: Sequence[Value]
    """At the numbers of `Misconception.gives`, and at those of `elsewhere`."""

    same: Callable[[Any, Any], bool]
    names: frozenset[Expression] = frozenset()
    """The names and numbers that stand in it."""

    def shows(self, one: Misconception) -> bool:
        """Whether a misconception leads to this answer."""
        if not self.same(self.values[0], one.gives) or self.names.intersection(one.lacks):
            return False
        others = zip(self.values[1:], one.elsewhere(), strict=False)
        return all(value is not None and self.same(mine, value) for mine, value in others)

    def meets_exactly(self, _one: Misconception) -> bool:
        """Always, where it does."""
        return True


_FAR = 0.25
"""An answer so far from a value, relative to the larger, is not that value at any precision that counts."""

_SAME = 1e-9
_NEARLY = 1e-3
"""How near what is worked out from rounded decimals comes to what they were rounded from."""

_MANY = 99
_ON_THE_EDGE = 1 + 1e-9
"""A tie such as 0.775 rounds to either side."""

_MOST_WAYS = 500
"""Ways of reading the numbers in a formula as those they were copied from that are tried."""

_ROUNDED_TO = 3
"""Significant digits that a rounded answer has, or more."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A number that the learner may have copied into an answer, rounded: as it is seen, and what it stands for."""

    seen: float
    true: float
    name: str = ""
    """What it is called in formulas; "" where it has no name."""


_Meant = Callable[[Number, Copied], Expression]


@dataclass(frozen=True)
class TypedAnswer:
    """A number or a formula, in names that have a value.

    A number counts to the precision it is written in. A formula has to be the same formula: it is compared at the
    other numbers too.
    """

    tree: Expression
    at: Mapping[str, Value]
    near: Callable[[], Sequence[Mapping[str, Value]]] = nowhere
    """What the names are at the other numbers, in the order of `Misconception.elsewhere`."""

    stand_ins: Sequence[tuple[Value, Sequence[Value]]] = ()
    """Values here, and at the other numbers, for which a number in a formula may stand: `2 cos(b)` where 2 arrived."""

    def shows(self, one: Misconception) -> bool:
        """Whether a misconception leads to this answer."""
        value = one.gives
        if one.least_digits and self._digits < one.least_digits:
            return False
        if self._value is None or not _is_near(self._value, value) or not agrees(self.tree, value, self.at):
            return False
        if one.divisor and self.is_formula and not _divides(self.tree, one.divisor):
            return False
        return not any(self._holds(part) for part in one.lacks) and self._is_there(one)

    def meets_exactly(self, one: Misconception) -> bool:
        """Whether it does so with no rounding, as far as this answer is not a rounded one itself."""
        if self._value is None:
            return False
        if written_number(self.tree) is None and self._is_rounded:
            return bool(np.allclose(self._value, one.gives, rtol=_NEARLY))
        return self._is_rounded or is_equal(self._value, one.gives)

    def is_exactly(self, one: Misconception) -> bool:
        """Whether this is a number, and the one that a misconception leads to, with nothing rounded."""
        return written_number(self.tree) is not None and self.is_equal_to(one.gives)

    def is_equal_to(self, value: Value) -> bool:
        """Whether it is this value, with nothing rounded."""
        return self._value is not None and is_equal(self._value, value)

    def agrees_with(self, value: Value) -> bool:
        """Whether it would be accepted as this value."""
        return agrees(self.tree, value, self.at)

    def comes_to_unrounded(self, value: Value, copied: Sequence[Copied]) -> bool:
        """Whether it is this value once the numbers copied into it, rounded, are what they stand for."""
        return not shape_of(value) and any(_comes_to(tree, self.at, value) for tree in self._copied(copied, _as_number))

    def in_names(self, copied: Sequence[Copied]) -> Iterator[Expression]:
        """The answer with the names of what was copied into it in place of the numbers, in every way."""
        return self._copied([one for one in copied if one.name], _as_name)

    def _copied(self, copied: Sequence[Copied], meant: _Meant) -> Iterator[Expression]:
        """The formula with numbers in it as what they were copied from; a number alone copies nothing."""
        if written_number(self.tree) is not None:
            return iter(())
        return islice(_ways(self.tree, copied, meant), 1, _MOST_WAYS)  # the first is as it was typed

    def is_short(self, digits: int) -> bool:
        """Whether this is a number of no more than so many digits."""
        return written_number(self.tree) is not None and self._digits <= digits

    def is_rounded_from(self, value: Value) -> bool:
        """Whether this is a number, and a value rounds to it."""
        number = written_number(self.tree)
        if number is None or shape_of(value) or not isfinite(float(value)):
            return False
        return abs(float(number.value) - float(value)) <= float(last_place(number)) / 2 * _ON_THE_EDGE

    def next_digit_tells(self, one: Value, other: Value) -> bool:
        """Whether two values that round to this number differ in the next digit, as both are written then."""
        number = written_number(self.tree)
        assert number is not None
        step = float(last_place(number)) / 10
        return round(float(one) / step) != round(float(other) / step)

    @property
    def text(self) -> str:
        """The number as it was typed."""
        number = written_number(self.tree)
        return number.text if number is not None else ""

    @cached_property
    def is_formula(self) -> bool:
        """Whether there are names in it."""
        return bool(names_in(self.tree))

    @cached_property
    def _value(self) -> Value | None:
        try:
            return evaluate(self.tree, self.at)
        except (KeyError, ValueError):
            return None

    @cached_property
    def _digits(self) -> int:
        number = written_number(self.tree)
        return _MANY if number is None else significant_digits(number)

    @cached_property
    def _is_rounded(self) -> bool:
        """Whether it was typed to as many digits as one rounds to: `1.00` may be 0.9996, `2.6` is hardly 2.63."""
        numbers = [part for part in walk(self.tree) if isinstance(part, Number)]
        return any(is_decimal(part) and significant_digits(part) >= _ROUNDED_TO for part in numbers)

    def _holds(self, part: Expression) -> bool:
        if not self.is_formula:
            return False
        if isinstance(part, Number):
            return any(one.value == part.value for one in _outside_exponents(self.tree))
        return part in walk(self.tree)

    def _is_there(self, one: Misconception) -> bool:
        """Whether a formula is what the misconception leads to at the other numbers too."""
        if not self.is_formula:
            return True
        return all(
            value is not None and (_comes_to(self.tree, names, value) or self._with_stand_ins(number, names, value))
            for number, (names, value) in enumerate(zip(self.near(), one.elsewhere(), strict=False))
        )

    def _with_stand_ins(self, number: int, names: Mapping[str, Value], value: Value) -> bool:
        for here, there in self.stand_ins:
            moved = _with_number(self.tree, here, there[number])
            if moved != self.tree and _comes_to(moved, names, value):
                return True
        return False


# Values


def _is_near(one: Value, two: Value) -> bool:
    """Whether two are of one shape and not so far from each other that no rounding takes one to the other."""
    if isinstance(one, float) and isinstance(two, float):
        return isfinite(two) and abs(one - two) <= _FAR * max(abs(one), abs(two)) + 1e-12
    if shape_of(one) != shape_of(two) or not all_finite(two):
        return False
    gap, size = np.abs(np.subtract(one, two)), np.maximum(np.abs(one), np.abs(two))
    return bool(np.all(gap <= _FAR * size + 1e-12))


def is_equal(one: Any, two: Any) -> bool:
    """Whether two values, or whatever else is compared, are the same, but for the noise of floats."""
    if isinstance(one, float) and isinstance(two, float):  # most are: NumPy takes ten times as long
        gap = abs(float(one) - float(two))
        return gap <= _SAME * max(abs(one), abs(two)) or gap < 1e-13
    if not isinstance(one, float | np.ndarray) or not isinstance(two, float | np.ndarray):
        return not isinstance(one, np.ndarray) and not isinstance(two, np.ndarray) and bool(one == two)
    if shape_of(one) != shape_of(two):
        return False
    gaps, sizes = np.abs(np.subtract(one, two)), np.maximum(np.abs(one), np.abs(two))
    return bool(np.all((gaps <= _SAME * sizes) | (gaps < 1e-13)))


def _comes_to(tree: Expression, at: Mapping[str, Value], value: Value) -> bool:
    """Whether an expression has exactly this value, but for the noise of floats."""
    try:
        return is_equal(evaluate(tree, at), value)
    except (KeyError, ValueError):
        return False


def _with_number(tree: Expression, old: Value, new: Value) -> Expression:
    """An expression with one number in it replaced by another."""
    if isinstance(tree, Number) and not shape_of(old) and not shape_of(new) and _stands_for(tree, float(old)):
        return replace(tree, value=Fraction(float(new)))
    if isinstance(tree, Apply):
        return replace(tree, arguments=tuple(_with_number(part, old, new) for part in tree.arguments))
    return tree


def _ways(tree: Expression, copied: Sequence[Copied], meant: _Meant) -> Iterator[Expression]:
    """The expression as it is, then with its decimals as what they may have been copied from, in every way."""
    yield tree
    if isinstance(tree, Number) and is_decimal(tree):
        sign = -1 if tree.value < 0 else 1
        yield from dict.fromkeys(meant(tree, one) for one in copied if _stands_for(tree, sign * abs(one.seen)))
    elif isinstance(tree, Apply):
        ways = product(*(list(islice(_ways(part, copied, meant), _MOST_WAYS)) for part in tree.arguments))
        yield from (replace(tree, arguments=arguments) for arguments in islice(ways, 1, None))


def _as_number(number: Number, one: Copied) -> Expression:
    return replace(number, value=Fraction(-abs(one.true) if number.value < 0 else abs(one.true)))


def _as_name(number: Number, one: Copied) -> Expression:
    """The name, with a minus where the number stands without the sign that its value has."""
    return Name(one.name) if (number.value < 0) == (one.true < 0) else Apply("neg", (Name(one.name),))


def _stands_for(number: Number, value: float) -> bool:
    """Whether a number is this value, or a decimal rounded from it."""
    gap = abs(float(number.value) - value)
    if is_decimal(number) and significant_digits(number) >= WANTED_DIGITS:
        return gap <= float(last_place(number)) / 2 * _ON_THE_EDGE
    return bool(np.isclose(float(number.value), value))


def _divides(tree: Expression, divisor: int) -> bool:
    """Whether something in an expression is divided by this number, or by one that has it as a factor; or averaged."""
    for part in walk(tree):
        if isinstance(part, Number) and part.value and (1 / part.value) % divisor == 0:
            return True
        if isinstance(part, Apply) and part.operation == "mean":
            return True
        if isinstance(part, Apply) and part.operation == "div":
            below = [one.value for one in walk(part.arguments[1]) if isinstance(one, Number)]
            if any(value % divisor == 0 for value in below) or not below:
                return True
    return False


def _outside_exponents(tree: Expression) -> Iterator[Number]:
    if isinstance(tree, Number):
        yield tree
    elif isinstance(tree, Apply):
        arguments = tree.arguments[:1] if tree.operation == "pow" else tree.arguments
        for part in arguments:
            yield from _outside_exponents(part)
