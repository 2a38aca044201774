"""Two expressions at one point in floats, with a bound on the error: enough for most differences, and quick."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from tutor.engine.gates import GATES
from tutor.language import Apply, Constant, Expression, Name, Number

_ROUNDING = 2.0**-48
"""What an operation may be off by, relative to its result: much more than it is."""

_CONSTANTS = {"pi": math.pi, "e": math.e}
_WIDEST_ARGUMENT = 1e-6
_SMALLEST = 1e-290
_KNOWN_WELL = 1e-12
_CLEARLY_APART = 1e-3

_Rough = tuple[float, float]
"""A value, and how far off it may be."""


class _Unsure(ArithmeticError):
    """Floats cannot tell."""


def roughly_different(
    answer: Expression, truth: Expression, point: Mapping[str, Fraction]
) -> tuple[float, float] | None:
    """Both values where they surely are known well and differ clearly; else None."""
    try:
        with np.errstate(all="ignore"):
            at = {name: float(value) for name, value in point.items()}
            mine, theirs = _rough(answer, at), _rough(truth, at)
    except (_Unsure, OverflowError, ValueError, ZeroDivisionError):
        return None
    if any(off > _KNOWN_WELL * abs(value) for value, off in (mine, theirs)):
        return None
    apart = abs(mine[0] - theirs[0]) > _CLEARLY_APART * max(abs(mine[0]), abs(theirs[0]))
    return (mine[0], theirs[0]) if apart else None


def _rough(expression: Expression, at: Mapping[str, float]) -> _Rough:
    match expression:
        case Name(name):
            value = at[name]
        case Number(exact):
            value = exact.numerator / exact.denominator
        case Constant(name):
            value = _CONSTANTS[name]
        case Apply(operation, arguments):
            return _checked(*_applied(operation, [_rough(argument, at) for argument in arguments]))
        case _:
            raise _Unsure
    return value, abs(value) * _ROUNDING


def _applied(operation: str, arguments: list[_Rough]) -> _Rough:
    match operation, arguments:
        case "add", ((a, off_a), (b, off_b)):
            return a + b, off_a + off_b
        case "sub", ((a, off_a), (b, off_b)):
            return a - b, off_a + off_b
        case "neg", ((a, off),):
            return -a, off
        case "mul", ((a, off_a), (b, off_b)):
            return a * b, abs(a) * off_b + abs(b) * off_a + off_a * off_b
        case "div", ((a, off_a), (b, off_b)):
            quotient = a / b
            return quotient, (off_a + abs(quotient) * off_b) / _positive(abs(b) - off_b)
        case _:
            return _function(operation, arguments)


def _function(operation: str, arguments: list[_Rough]) -> _Rough:
    """Any other gate: how far it moves when each argument moves by twice what it may be off."""
    values = [value for value, _ in arguments]
    forward = GATES[operation].forward
    result = float(forward(*values))
    moved = 0.0
    for i, (value, off) in enumerate(arguments):
        if off > _WIDEST_ARGUMENT:
            raise _Unsure
        for end in (value - 2 * off, value + 2 * off) if off else ():
            moved += abs(float(forward(*values[:i], end, *values[i + 1 :])) - result)
    return result, moved


def _checked(value: float, off: float) -> _Rough:
    """The value with its own rounding. Raises _Unsure for what is too small, too large or none."""
    if not math.isfinite(value) or not math.isfinite(off) or max(abs(value), off) < _SMALLEST:
        raise _Unsure
    return value, off + abs(value) * _ROUNDING


def _positive(value: float) -> float:
    if value <= 0:
        raise _Unsure
    return value
