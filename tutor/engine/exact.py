"""Exact arithmetic on fractions that refuses what would fill the memory: 9^9^9 is never built."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tutor.engine.gates import GATES
from tutor.engine.gates.exact_power import MOST_BITS, bits
from tutor.language import Apply, Expression, Number


def exact_result(operation: str, arguments: Sequence[Fraction]) -> Fraction | None:
    """An operation on fractions, or None where the result is no fraction or too long to hold.

    Raises ZeroDivisionError for a division by zero.
    """
    rule = GATES[operation].exact
    result = None if rule is None else rule(*arguments)
    return None if result is None or bits(result) > MOST_BITS else result


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
