"""The value of an expression: in float64 for speed, in mpmath where floats cannot decide."""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np

from tutor.engine.gates import GATES
from tutor.engine.values import Value, as_value
from tutor.language import Apply, Constant, Expression, Matrix, Name, Number

_CONSTANTS = {"pi": math.pi, "e": math.e}


def evaluate(expression: Expression, at: Mapping[str, Value]) -> Value:
    """The value with these values for its names; NaN or infinity where it has none.

    Names may hold arrays of sample points as long as every gate in the expression is elementwise.
    Raises ValueError where shapes do not fit, KeyError for a name without a value.
    """
    with np.errstate(all="ignore"):
        return _evaluate(expression, at)


def _evaluate(expression: Expression, at: Mapping[str, Value]) -> Value:
    match expression:
        case Name(name):
            return at[name]
        case Number(value):
            return _as_float(value.numerator, value.denominator)
        case Apply(operation, arguments, options):
            values = [_evaluate(argument, at) for argument in arguments]
            return GATES[operation].forward(*values, **dict(options))
        case Constant(name):
            return _CONSTANTS[name]
        case Matrix(rows):
            entries = [[_evaluate(entry, at) for entry in row] for row in rows]
            return as_value(entries[0] if expression.is_vector else entries)


def _as_float(numerator: int, denominator: int) -> float:
    try:
        return numerator / denominator
    except OverflowError:
        return math.inf if numerator > 0 else -math.inf


def evaluate_precisely(expression: Expression, at: Mapping[str, Any], digits: int = 60) -> Any:
    """The value as an mpmath number of so many digits; elementwise gates on scalars only.

    Raises ValueError where the expression is not made of such gates, and ArithmeticError where it has no real
    value or one too large to compute with.
    """
    mpmath: Any = import_module("mpmath")  # heavy, and needed for near misses only
    with mpmath.workdps(digits):
        return _precise(expression, at, mpmath, _with_sympy_names(mpmath))


def _precise(expression: Expression, at: Mapping[str, Any], mpmath: Any, names: SimpleNamespace) -> Any:
    match expression:
        case Name(name):
            return mpmath.mpf(at[name])
        case Number(value):
            return mpmath.mpf(value.numerator) / value.denominator
        case Constant(name):
            return +getattr(mpmath, name)
        case Apply(operation, arguments) if (form := GATES[operation].form) is not None:
            values = [_precise(argument, at, mpmath, names) for argument in arguments]
            _refuse_giants(operation, values, mpmath)
            result = form(names, *values)
            if not isinstance(result, mpmath.mpf) or not mpmath.isfinite(result):
                raise ZeroDivisionError("no real value here")
            return result
        case _:
            raise ValueError("only numbers and elementwise gates have a precise value")


_LARGEST_RESULT_BITS = 100_000
_LARGEST_EXPONENT_BITS = 17


def _refuse_giants(operation: str, values: list[Any], mpmath: Any) -> None:
    """Powers of powers fill any memory: refuse by the size of the exponent, before computing."""
    if operation == "pow":
        base, exponent = values
        bits = abs(exponent) * max(1, abs(mpmath.mag(base))) if base else 0
        too_large = bits > _LARGEST_RESULT_BITS
    else:
        limit = _LARGEST_EXPONENT_BITS if operation in ("exp", "sigmoid", "tanh") else _LARGEST_RESULT_BITS
        too_large = any(value and mpmath.mag(value) > limit for value in values)
    if too_large:
        raise OverflowError("too large to compute")


def _with_sympy_names(mpmath: Any) -> SimpleNamespace:
    return SimpleNamespace(
        exp=mpmath.exp, log=mpmath.log, sqrt=mpmath.sqrt, sin=mpmath.sin, cos=mpmath.cos, tan=mpmath.tan,
        tanh=mpmath.tanh, Abs=abs, Max=max, Min=min,
    )  # fmt: skip
