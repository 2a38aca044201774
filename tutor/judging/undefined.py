"""Why an expression has no value at a point: the first operation that fails, in words."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES
from tutor.engine.values import Value, all_finite
from tutor.language import Apply, Expression, children


def failing_part(expression: Expression, at: Mapping[str, Value]) -> Apply | None:
    """The innermost operation that has no finite value although its arguments have; the leftmost of several."""
    for child in children(expression):
        found = failing_part(child, at)
        if found is not None:
            return found
    if isinstance(expression, Apply) and not all_finite(evaluate(expression, at)):
        return expression
    return None


def why_undefined(expression: Expression, at: Mapping[str, Value]) -> str:
    """The reason in a few words, without a full stop: `ln needs a positive number`."""
    part = failing_part(expression, at)
    if part is None:
        return "it is too large"
    arguments = [evaluate(argument, at) for argument in part.arguments]
    return GATES[part.operation].domain(*arguments, **dict(part.options)) or "it is too large to compute with"
