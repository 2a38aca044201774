"""The value of an expression in float64, expressions with their numbers folded, and what a gate's mistakes come to.

Folding makes `2·x` of `2·x^(2 − 1)`. It is not algebra: factors of 1 and added zeros are dropped, and nothing is moved,
expanded or cancelled.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import numpy as np

from tutor.engine.gates import GATES, Gate, Pieces, vocabulary
from tutor.engine.gates.elementary import MOST_BITS, bits
from tutor.engine.gates.gate import Options
from tutor.engine.gates.misconceptions import GateMisconception
from tutor.engine.values import Value, as_value
from tutor.language import Apply, Constant, Expression, Matrix, Name, Number, read_expression

_CONSTANTS = {"pi": math.pi, "e": math.e}


def evaluate(expression: Expression, at: Mapping[str, Value]) -> Value:
    """The value with these values for its names, in the shape that its gates make of theirs.

    NaN where it has none, infinity where it is too large. Names may hold arrays of sample points as long as every gate
    in the expression is elementwise.
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


@lru_cache(maxsize=1024)
def formula_of(wrong: str, arguments: tuple[str, ...]) -> Expression:
    """A mistake's expression over `u`, `y` and the gate's argument names."""
    return read_expression(wrong, vocabulary("u", "y", *arguments)).tree


def wrong_value(
    gate: Gate, mistake: GateMisconception, upstream: Value, value: Value, arguments: Sequence[Value], options: Options
) -> Value | None:
    """What someone who makes this mistake comes to, before any summing back; None where that is nothing.

    `upstream` and `value` are those of the gate's output, in its shape; what an elementwise gate comes to has it too.
    """
    if mistake.where is not None and not mistake.where(*arguments):
        return None
    try:
        with np.errstate(all="ignore"):
            if isinstance(mistake.gives, str):
                at = dict(zip(gate.arguments, arguments, strict=True), u=upstream, y=value)
                return evaluate(formula_of(mistake.gives, gate.arguments), at)
            found = mistake.gives(upstream, value, *arguments, **options)
            return None if found is None else as_value(np.asarray(found, dtype=np.float64))
    except ValueError:
        return None  # shapes that this cannot be done with
