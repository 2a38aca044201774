"""Small things put in order: numbers folded, factors of 1 and added zeros dropped.

Not algebra: `2·x^(2 − 1)` becomes `2·x`, and nothing is moved, expanded or cancelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from tutor.engine.gates import GATES, Pieces
from tutor.engine.gates.elementary import MOST_BITS, bits
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


def fold_constants(expression: Expression) -> Expression:
    """The expression with its constants folded and its idle parts dropped."""
    if not isinstance(expression, Apply):
        return expression
    arguments = tuple(map(fold_constants, expression.arguments))
    return _folded(expression.operation, arguments) or _without_idle_parts(
        Apply(expression.operation, arguments, expression.options, sign=expression.sign)
    )


def number(value: Fraction) -> Number:
    """A number that was not typed."""
    return Number(value, str(value.numerator) if value.denominator == 1 else repr(float(value)))


def _folded(operation: str, arguments: tuple[Expression, ...]) -> Number | None:
    """The number that an operation on numbers makes, where it makes one."""
    values = [argument.value for argument in arguments if isinstance(argument, Number)]
    if len(values) < len(arguments):
        return None
    try:
        result = exact_result(operation, values)
    except ZeroDivisionError:
        return None
    return None if result is None else number(result)


def _mask(test: Apply, *, holds: bool) -> Apply | None:
    """A comparison, or the one that holds where it does not; None for what is no comparison."""
    pieces = GATES[test.operation].pieces
    if pieces is None or not pieces.compares:
        return None
    if holds:
        return test
    below, at, above = (1 - int(part) for part in (pieces.below, pieces.at, pieces.above))
    wanted = Pieces(below, at, above, compares=True)
    return next((replace(test, operation=key) for key, gate in GATES.items() if gate.pieces == wanted), None)


def _without_idle_parts(expression: Apply) -> Expression:
    match expression:
        case Apply("mul", (Number(value), other)) | Apply("mul", (other, Number(value))) if abs(value) == 1:
            return other if value == 1 else fold_constants(Apply("neg", (other,)))
        case Apply("add", (Number(value), other)) | Apply("add" | "sub", (other, Number(value))) if value == 0:
            return other
        case Apply("div" | "pow", (other, Number(value))) if value == 1:
            return other
        case Apply("neg", (Apply("neg", (other,)),)):
            return other
        case Apply("where", (Apply() as test, Number(yes), Number(no))) if {yes, no} == {0, 1}:
            return _mask(test, holds=yes == 1) or expression
        case _:
            return expression
