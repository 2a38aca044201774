"""Exact arithmetic on fractions that refuses what would fill the memory: 9^9^9 is never built."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tutor.language import Apply, Expression, Number

MOST_BITS = 4096
"""The longest numerator and denominator together."""


def exact_result(operation: str, arguments: Sequence[Fraction]) -> Fraction | None:
    """An operation on fractions, or None where the result is no fraction or too long to hold.

    Raises ZeroDivisionError for a division by zero.
    """
    match operation, arguments:
        case "add", (a, b):
            result = a + b
        case "sub", (a, b):
            result = a - b
        case "mul", (a, b):
            result = a * b
        case "div", (a, b):
            result = a / b
        case "neg", (a,):
            result = -a
        case "abs", (a,):
            result = abs(a)
        case "relu", (a,):
            result = max(a, Fraction(0))
        case "max", (a, b):
            result = max(a, b)
        case "min", (a, b):
            result = min(a, b)
        case "pow", (a, n):
            return _power(a, n)
        case _:
            return None
    return result if bits(result) <= MOST_BITS else None


def bits(value: Fraction) -> int:
    """How long a fraction is, in binary digits."""
    return value.numerator.bit_length() + value.denominator.bit_length()


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    if exponent.denominator != 1:
        return None
    if base == 0 and exponent < 0:
        raise ZeroDivisionError("0 has no negative power")
    if base == 0:
        return Fraction(int(exponent == 0))
    if base in (1, -1):
        return base if exponent % 2 else Fraction(1)
    if abs(exponent) * bits(base) > MOST_BITS:
        return None
    return base ** int(exponent)


def constant(expression: Expression) -> Fraction | None:
    """The exact value of an expression of numbers alone, or None where it is not a (short) fraction."""
    match expression:
        case Number(value):
            return value
        case Apply(operation, arguments):
            values = [constant(argument) for argument in arguments]
            known = [value for value in values if value is not None]
            if len(known) < len(values):
                return None
            try:
                return exact_result(operation, known)
            except ZeroDivisionError:
                return None
        case _:
            return None
