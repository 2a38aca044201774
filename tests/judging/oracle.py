"""An evaluator of trees that shares nothing with the engine: plain mpmath, with enough digits to be believed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import mpmath

from tutor.engine.enclosure import Ball
from tutor.language import Apply, Constant, Expression, Name, Number

DIGITS = 400
_LARGEST = mpmath.mpf(10) ** 60


class Unknown(Exception):
    """Too large or too near an edge for the oracle."""


def value(tree: Expression, at: Mapping[str, Fraction]) -> Any:
    """The value, or None where the tree has no real one. Raises Unknown."""
    with mpmath.workdps(DIGITS):
        return _value(tree, at)


def middle_and_radius(ball: Ball) -> tuple[Any, Any]:
    """The middle of a ball and its radius, as mpmath numbers; of a fraction, what the digits here are off by."""
    with mpmath.workdps(DIGITS):
        if isinstance(ball.value, Fraction):
            middle = mpmath.mpf(ball.value.numerator) / ball.value.denominator
            return middle, (1 + abs(middle)) * mpmath.mpf(10) ** (20 - DIGITS)
        middle, radius = (mpmath.ldexp(*map(int, part.man_exp())) for part in (ball.value.mid(), ball.value.rad()))
        return middle, radius


def _value(tree: Expression, at: Mapping[str, Fraction]) -> Any:
    match tree:
        case Number(number):
            return mpmath.mpf(number.numerator) / number.denominator
        case Name(name):
            return mpmath.mpf(at[name].numerator) / at[name].denominator
        case Constant("pi"):
            return +mpmath.pi
        case Constant():
            return +mpmath.e
        case Apply(operation, arguments):
            values = [_value(argument, at) for argument in arguments]
            if None in values:
                return None
            if any(abs(v) > _LARGEST for v in values):
                raise Unknown
            return _OPERATIONS[operation](*values)
    raise Unknown


def _divide(a: Any, b: Any) -> Any:
    if abs(b) < mpmath.mpf(10) ** -200:
        if b:
            raise Unknown
        return None
    return a / b


def _power(a: Any, n: Any) -> Any:
    if n == mpmath.nint(n):
        if a == 0 and n < 0:
            return None
        if abs(n) > 10_000 or 0 < abs(a) < mpmath.mpf(10) ** -200:
            raise Unknown
        return a ** int(n)
    if a == 0:
        return a if n > 0 else None
    if abs(a) < mpmath.mpf(10) ** -200 or abs(n) > 10_000:
        raise Unknown
    return a**n if a > 0 else None


def _from_zero(function: Any, zero: Any) -> Any:
    """A function that begins at 0: nothing below, `zero` at 0, and no opinion about what may be a rounding error."""

    def value(a: Any) -> Any:
        if a and abs(a) < mpmath.mpf(10) ** -200:
            raise Unknown
        return function(a) if a > 0 else (zero if a == 0 else None)

    return value


def _small(function: Any) -> Any:
    """A function that grows too fast for large arguments."""

    def value(a: Any) -> Any:
        if abs(a) > 5000:
            raise Unknown
        return function(a)

    return value


def _tan(a: Any) -> Any:
    if abs(mpmath.cos(a)) < mpmath.mpf(10) ** -200:
        raise Unknown
    return mpmath.tan(a)


_OPERATIONS = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "neg": lambda a: -a,
    "div": _divide,
    "pow": _power,
    "exp": _small(mpmath.exp),
    "tanh": _small(mpmath.tanh),
    "sigmoid": _small(lambda a: 1 / (1 + mpmath.exp(-a))),
    "ln": _from_zero(mpmath.log, None),
    "sqrt": _from_zero(mpmath.sqrt, mpmath.mpf(0)),
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": _tan,
    "relu": lambda a: a if a > 0 else a * 0,
    "abs": abs,
    "max": lambda a, b: a if a > b else b,
    "min": lambda a, b: a if a < b else b,
}
