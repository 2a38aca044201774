"""Functions of plain floats by Python's own `math`, of arrays by NumPy.

NumPy takes ten times as long for one number. Where there is no value the answer is NaN, never an infinity: 1/(1/0)
must not come out as 0. What is too large is infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from tutor.engine.values import Value


def elementary(of_float: Callable[[float], float], of_array: Callable[[Any], Any]) -> Callable[[Value], Value]:
    """A function of one value, in the shape of its argument, from its two forms: of a float, and of an array."""

    def function(a: Value) -> Value:
        if isinstance(a, float):
            try:
                return of_float(a)
            except (ValueError, OverflowError):
                return float(of_array(a))
        result: Value = of_array(a)
        return result

    return function


exp = elementary(math.exp, np.exp)
ln = elementary(math.log, lambda a: np.log(a if np.all(a) else np.where(np.equal(a, 0), math.nan, a)))
sqrt = elementary(math.sqrt, np.sqrt)
sin = elementary(math.sin, np.sin)
cos = elementary(math.cos, np.cos)
tan = elementary(math.tan, np.tan)
tanh = elementary(math.tanh, np.tanh)


def _sigmoid_of_float(a: float) -> float:
    # e^-|a| cannot overflow, and keeps all digits at both ends.
    small = math.exp(-abs(a))
    return 1.0 / (1.0 + small) if a >= 0 else small / (1.0 + small)


def _sigmoid_of_array(a: Any) -> Any:
    small = np.exp(-np.abs(a))
    return np.where(np.greater_equal(a, 0), 1.0, small) / (1.0 + small)


sigmoid = elementary(_sigmoid_of_float, _sigmoid_of_array)


def divide(a: Value, b: Value) -> Value:
    """a / b, entry by entry, shapes broadcast: NaN where b is 0."""
    if isinstance(a, float) and isinstance(b, float):
        return a / b if b else math.nan
    quotient: Value = np.true_divide(a, b if np.all(b) else np.where(np.equal(b, 0), math.nan, b))
    return quotient


def quotient_or_zero(a: Value, b: Value) -> Value:
    """a / b, entry by entry, shapes broadcast: 0 where b is 0, the slope that PyTorch gives a root of squares there."""
    flat = np.equal(b, 0)
    quotient: Value = np.where(flat, 0.0, np.true_divide(a, np.where(flat, 1.0, b)))
    return quotient


def power(a: Value, b: Value) -> Value:
    """a to the power b, entry by entry, shapes broadcast: NaN where none is real, infinite where it is too large."""
    if isinstance(a, float) and isinstance(b, float):
        try:
            return math.pow(a, b)
        except ValueError:
            return math.nan
        except OverflowError:
            return float(np.power(a, b))
    result: Value = np.power(a if np.all(a) else np.where(np.equal(a, 0) & np.less(b, 0), math.nan, a), b)
    return result


def larger(a: Value, b: Value) -> Value:
    """The larger of a and b, entry by entry: NaN where either is NaN."""
    if isinstance(a, float) and isinstance(b, float):
        return a if a >= b or math.isnan(a) else b
    result: Value = np.maximum(a, b)
    return result


def smaller(a: Value, b: Value) -> Value:
    """The smaller of a and b, entry by entry: NaN where either is NaN."""
    if isinstance(a, float) and isinstance(b, float):
        return a if a <= b or math.isnan(a) else b
    result: Value = np.minimum(a, b)
    return result


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
