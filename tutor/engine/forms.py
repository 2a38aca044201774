"""Expressions built from other libraries' objects, through the gates' own symbolic forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.engine.gates import GATES
from tutor.language import Apply, Constant, Expression, Name, Number


def substitute_forms(expression: Expression, m: Any, at: Mapping[str, Any]) -> Any:
    """The expression built with the objects of `m` (sympy, or a namespace like it) for its gates and numbers.

    `at` holds the objects for its names. Raises ValueError for matrices and for gates that mix entries.
    """
    match expression:
        case Name(name):
            return at[name]
        case Number(value):
            return m.Rational(value.numerator, value.denominator)
        case Constant(name):
            return m.pi if name == "pi" else m.exp(1)
        case Apply(operation, arguments) if (form := GATES[operation].form) is not None:
            return form(m, *(substitute_forms(argument, m, at) for argument in arguments))
        case _:
            raise ValueError("only numbers and elementwise gates have a symbolic form")
