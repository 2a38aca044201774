"""Values known up to an error, and how small a part of them is still seen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tutor.engine.gates import GATES
from tutor.language import Number

SPARE_BITS = 64
"""How far above the error the smallest part of a value has to stand, so that the value says something about it."""

NO_PART = 1 << 40
"""The size of the smallest part of 0, which has none."""

_SHORT_DIGITS = 15
"""A number with more digits has its last digits as a part of their own."""


@dataclass(frozen=True, slots=True)
class Ball:
    """A value and how far from it the true value may be. A Fraction is exact, its radius 0.

    `least` is the size, as a power of 2, of the smallest part that went into the value, as it counts in the value:
    about -299 in `1 + 10^-90`. Agreement with another value means nothing while the radius is larger than that.
    """

    value: Any
    radius: Any
    least: int

    @property
    def is_exact(self) -> bool:
        """Whether the value is a fraction without any error."""
        return isinstance(self.value, Fraction)

    @property
    def missing_bits(self) -> int:
        """How many more bits it takes to feel every part; 0 or less when all are felt."""
        return SPARE_BITS + mag(self.radius) - self.least if self.radius else 0

    @property
    def is_sure(self) -> bool:
        """Whether it surely is not 0."""
        return bool(abs(self.value) > 2 * self.radius if self.radius else self.value)

    @property
    def vanishes(self) -> bool:
        """Whether it is 0 for all that is seen, and all is seen."""
        return not self.is_sure and self.missing_bits <= 0


def mag(value: Any) -> int:
    """The size of a number as a power of 2, within a factor of 2; the largest of all for 0."""
    if not value:
        return NO_PART
    if isinstance(value, Fraction):
        return value.numerator.bit_length() - value.denominator.bit_length()
    mantissa_exponent_length: tuple[int, int, int, int] = value._mpf_
    return mantissa_exponent_length[2] + mantissa_exponent_length[3]


def long_digits(number: Number) -> int:
    """How many bits below its size the last digit of a number stands; 0 for numbers of ordinary length."""
    digits = sum(map(str.isdigit, number.text.partition("e")[0]))
    return int(3.33 * digits) if digits > _SHORT_DIGITS else 0


def negative(ball: Ball) -> Ball:
    """Minus the value."""
    return Ball(-ball.value, ball.radius, ball.least)


def least_of_product(a: Ball, b: Ball) -> int:
    """The smallest part of a product: a part of either factor, times the other."""
    parts = [one.least + mag(other.value) for one, other in ((a, b), (b, a)) if other.is_sure]
    return min(parts, default=a.least + b.least)


def least_of_quotient(a: Ball, b: Ball) -> int:
    """The smallest part of a quotient, whose denominator is not 0."""
    size = mag(b.value)
    return min(a.least - size, b.least + mag(a.value) - 2 * size if a.is_sure else NO_PART)


def least_of_exact(operation: str, arguments: list[Ball], result: Fraction) -> int:
    """The smallest part of what an operation on fractions makes."""
    match operation, arguments:
        case (("mul" | "div" | "pow"), _) if not result:
            return NO_PART
        case "mul", (a, b):
            return least_of_product(a, b)
        case "div", (a, b):
            return least_of_quotient(a, b)
        case "pow", (a, n):
            return a.least + mag(a.value) * (int(n.value) - 1)
        case _ if GATES[operation].kinks is not None:
            return least_of_chosen(arguments, result)
        case _:
            return min(argument.least for argument in arguments)


def least_of_chosen(arguments: list[Ball], result: Any) -> int:
    """For gates that pass one of their arguments on: of those that may be it."""
    near = [a.least for a in arguments if abs(abs(a.value) - abs(result)) <= 4 * a.radius]
    return min(near, default=NO_PART)
