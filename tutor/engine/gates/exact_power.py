"""The exact rules of gates on fractions that could grow past all bounds."""

from __future__ import annotations

from fractions import Fraction

MOST_BITS = 4096
"""The longest numerator and denominator together."""


def bits(value: Fraction) -> int:
    """How long a fraction is, in binary digits."""
    return value.numerator.bit_length() + value.denominator.bit_length()


def exact_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """base to the power exponent; None where it is no fraction or longer than MOST_BITS.

    Raises ZeroDivisionError for 0 to a negative power.
    """
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
