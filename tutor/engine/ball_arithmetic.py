"""Values known up to an error, and how small a part of them is still seen.

The error is kept by FLINT's `arb` (python-flint): F. Johansson, "Arb: efficient arbitrary-precision midpoint-radius
interval arithmetic", 2017. What is seen is kept here: to `arb`, tanh(1000) and 1 are the same up to 2885 bits.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from typing import Any

from tutor.engine.gates import GATES
from tutor.language import Number

SPARE_BITS = 64
"""How far above the error the smallest part of a value has to stand, so that the value says something about it."""

NO_PART = 1 << 5000
"""The size of the smallest part of 0, which has none: beyond that of any number."""

_SMALLEST_FLOAT, _LARGEST_FLOAT = -1080, 1024
"""The sizes between which floats are; `arb` does not make 0 or infinity of all that are beyond."""

_SHORT_DIGITS = 15
"""A number with more digits has its last digits as a part of their own."""


@dataclass(frozen=True, slots=True)
class Ball:
    """A Fraction, which is exact, or an `arb`, which holds the true value.

    `least` is the size, as a power of 2, of the smallest part that went into the value, as it counts in the value:
    about -299 in `1 + 10^-90`. Agreement with another value means nothing while the radius is larger than that.
    """

    value: Any
    least: int

    @property
    def is_exact(self) -> bool:
        """Whether the value is a fraction without any error."""
        return isinstance(self.value, Fraction)

    @property
    def known_bits(self) -> int:
        """How many bits of the value are known."""
        return NO_PART if self.is_exact else int(self.value.rel_accuracy_bits())

    @property
    def missing_bits(self) -> int:
        """How many more bits it takes to feel every part; 0 or less when all are felt."""
        return 0 if self.is_exact or self.value.is_exact() else SPARE_BITS + mag(self.value.rad()) - self.least

    @property
    def is_sure(self) -> bool:
        """Whether it surely is not 0."""
        return bool(self.value != 0)

    @property
    def vanishes(self) -> bool:
        """Whether it is 0 for all that is seen, and all is seen."""
        return not self.is_sure and self.missing_bits <= 0

    def __float__(self) -> float:
        """The nearest float: 0 for what may be 0, infinite for what is too large."""
        size = mag(self.value)
        if not self.is_sure or size < _SMALLEST_FLOAT:
            return 0.0
        if size <= _LARGEST_FLOAT:
            with suppress(OverflowError):
                return float(self.value)
        return inf if self.value > 0 else -inf


def mag(value: Any) -> int:
    """The size of a number, or of the middle of an `arb`, as a power of 2, within a factor of 2; NO_PART for 0."""
    if isinstance(value, Fraction):
        return value.numerator.bit_length() - value.denominator.bit_length() if value else NO_PART
    mantissa, exponent = value.mid().man_exp()
    return int(exponent) + mantissa.bit_length() if mantissa else NO_PART


def long_digits(number: Number) -> int:
    """How many bits below its size the last digit of a number stands; 0 for numbers of ordinary length."""
    digits = sum(map(str.isdigit, number.text.partition("e")[0]))
    return int(3.33 * digits) if digits > _SHORT_DIGITS else 0


def least_of_product(a: Ball, b: Ball) -> int:
    """The smallest part of a product: a part of either factor, times the other."""
    parts = [one.least + mag(other.value) for one, other in ((a, b), (b, a)) if other.is_sure]
    return min(parts, default=a.least + b.least)


def least_of_quotient(a: Ball, b: Ball) -> int:
    """The smallest part of a quotient, whose denominator is not 0."""
    size = mag(b.value)
    return min(a.least - size, b.least + mag(a.value) - 2 * size if a.is_sure else NO_PART)


def least_of_power(base: Ball, power: Any) -> int:
    """The smallest part of a whole power that is not 0: at least such a share of it as the part is of the base."""
    return base.least - mag(base.value) + mag(power)


def least_of_exact(operation: str, arguments: list[Ball], result: Fraction) -> int:
    """The smallest part of what an operation on fractions makes."""
    match operation, arguments:
        case (("mul" | "div" | "pow"), _) if not result:
            return NO_PART
        case "mul", (a, b):
            return least_of_product(a, b)
        case "div", (a, b):
            return least_of_quotient(a, b)
        case "pow", (a, _):
            return least_of_power(a, result)
        case _ if GATES[operation].kinks is not None:
            return least_of_chosen(arguments, result)
        case _:
            return min(argument.least for argument in arguments)


def least_of_chosen(arguments: list[Ball], result: Any) -> int:
    """For gates that pass one of their arguments on: of those that may be it; of all where it is none of them."""
    chosen = [a.least for a in arguments if _may_be(abs(a.value), abs(result))]
    return min(chosen or [a.least for a in arguments if result != 0], default=NO_PART)


def _may_be(a: Any, b: Any) -> bool:
    """Whether two fractions are equal, or two arbs may be."""
    return a == b if isinstance(a, Fraction) else bool(a.overlaps(b))
