"""The value of an expression in float64."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from tutor.engine.gates import GATES
from tutor.engine.values import Value, as_value
from tutor.language import Apply, Constant, Expression, Matrix, Name, Number

_CONSTANTS = {"pi": math.pi, "e": math.e}


def evaluate(expression: Expression, at: Mapping[str, Value]) -> Value:
    """The value with these values for its names; NaN where it has none, infinity where it is too large.

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
