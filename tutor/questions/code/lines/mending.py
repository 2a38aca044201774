"""Whether another value for one variable would put an expression right: then the variable is what is wrong."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from tutor.engine.values import Value, as_value, shape_of, unbroadcast
from tutor.questions.code.comparing import same
from tutor.questions.code.diagnosis.reckoning import AstInterpreter, CannotRead


def _counted(*ends: Any) -> tuple[int, ...]:
    return tuple(range(*(int(end) for end in ends)))


HELPERS: dict[str, Callable[..., Any]] = {
    "unbroadcast": lambda gradient, shape: unbroadcast(as_value(gradient), tuple(int(size) for size in shape)),
    "range": _counted,
    "tuple": lambda *parts: tuple(parts[0]) if parts else (),
    "list": lambda *parts: tuple(parts[0]) if parts else (),
}
"""What is given to the learner, and of Python what is needed for axes."""


def worked_out(expression: ast.expr, at: Mapping[str, Any]) -> Value | None:
    """The value of an expression with these values for its names; None where it cannot be worked out here."""
    try:
        return as_value(AstInterpreter(HELPERS).value(expression, at))
    except (CannotRead, TypeError, ValueError):
        return None


def mended_by(
    expression: ast.expr, name: str, at: Mapping[str, Any], pool: Iterable[Value], is_right: Callable[[Value], bool]
) -> bool:
    """Whether some other value for a name, out of a pool, makes the expression right."""
    for each in pool:
        value = worked_out(expression, {**at, name: each})
        if value is not None and is_right(value):
            return True
    return False


def entries_of(pool: Iterable[Value]) -> list[Value]:
    """The values, and the entries of each array."""
    found: list[Value] = []
    for each in pool:
        found.append(each)
        if shape_of(each):
            found += [float(entry) for entry in np.ravel(each)]
    return found


def is_truth(truth: Value) -> Callable[[Value], bool]:
    """Whether a value is this one."""
    return lambda value: same(value, truth)
