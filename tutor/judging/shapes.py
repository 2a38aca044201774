"""Shapes said before values: what shape came, what shape is wanted, and how to write that."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES
from tutor.engine.values import Shape, Value, shape_of, show_shape
from tutor.judging.precision import WANTED_DIGITS
from tutor.language import Apply, Expression, Name, children, names_in, show

_MOST_NUMBERS = 200_000
_TOO_LARGE = f"This makes an array of more than {_MOST_NUMBERS:,} numbers, which is too large to compute with."

_MOST_ENTRIES = 12
"""A literal with more entries than this is too long to be an example."""


def wrong_shape(mine: Shape, wanted: Shape) -> str:
    """What to say to an answer of the wrong shape: both shapes, and an example of the right one."""
    said = f"Yours is {described(mine)}; this needs {described(wanted)}{example(wanted)}."
    upright = len(mine) == 1 and wanted in ((*mine, 1), (1, *mine))
    return f"{said} A vector is neither a row nor a column, and transposing does not change it." if upright else said


def same_shape(mine: Shape, wanted: Shape) -> bool:
    """Whether a value of one shape may stand for one of the other: a (1, 1) is a number, where a number is wanted."""
    return mine == wanted or (() in (mine, wanted) and {*mine, *wanted} == {1})


def asked_for(shape: Shape, digits: int = WANTED_DIGITS) -> str:
    """What may be typed where a value of this shape is asked: `a matrix (2, 1), such as [[1], [2]]`."""
    if shape:
        return f"{described(shape)}{example(shape)}"
    return f"a number, {digits} digits, or a formula" if digits > WANTED_DIGITS else "a number or a formula"


def described(shape: Shape) -> str:
    """A shape in words: `a number`, `a vector (3,)`, `a matrix (2, 3)`."""
    kind = {0: "a number", 1: "a vector", 2: "a matrix"}.get(len(shape), "an array")
    return f"{kind} {tuple(shape)}" if shape else kind


def example(shape: Shape) -> str:
    """A literal of this shape to imitate, `, such as [1, 2, 3]`; "" where there is no short one."""
    match shape:
        case (n,) if n <= _MOST_ENTRIES:
            literal = f"[{', '.join(map(str, range(1, n + 1)))}]"
        case (n, m) if n * m <= _MOST_ENTRIES:
            rows = (", ".join(str(i * m + j + 1) for j in range(m)) for i in range(n))
            literal = f"[{', '.join(f'[{row}]' for row in rows)}]"
        case _:
            return ""
    return f", such as {literal}"


def equality(expression: Expression) -> str:
    """What to say to `x == 3` where a value is asked; "" for anything else."""
    match expression:
        case Apply("equal", (_, right)):
            asks = f"{show(expression)} asks whether the two are equal: it is 1 where they are, else 0."
            return f"{asks} If {show(right)} is the value, give it alone."
    return ""


def unusable(expression: Expression, at: Mapping[str, Value]) -> str:
    """Why an expression is not even computed with these values, in a sentence; "" where it may be."""
    for name in names_in(expression):
        if name not in at:
            return f"{name} has no value here."
    return _TOO_LARGE if _largest(expression, at) > _MOST_NUMBERS else ""


def _instead(expression: Apply, at: Mapping[str, Value]) -> str:
    """How the outer product is written, where it may be meant: by two vectors of different lengths."""
    axes = {np.ndim(evaluate(argument, at)) for argument in expression.arguments}
    if expression.operation not in ("mul", "matmul") or axes != {1}:
        return ""
    return " An outer product of two vectors is written with outer."


def _largest(expression: Expression, at: Mapping[str, Value]) -> int:
    """About how many numbers there are in the largest array on the way: outer products of outer products explode."""
    sizes = [_largest(child, at) for child in children(expression)]
    match expression:
        case Name(name):
            return int(np.size(at[name]))
        case Apply("outer"):
            return min(prod(sizes), 2 * _MOST_NUMBERS)
        case _:
            return max(sizes, default=1)


def misfit(expression: Expression, at: Mapping[str, Value]) -> str:
    """Which operation cannot take the shapes it is given, and why; "" where all fit."""
    for child in children(expression):
        found = misfit(child, at)
        if found:
            return found
    try:
        evaluate(expression, at)
    except ValueError:
        if not isinstance(expression, Apply):
            return "The rows of a matrix have the same length, and its entries are numbers."
        shapes = " and ".join(show_shape(shape_of(evaluate(part, at))) for part in expression.arguments)
        several = len(expression.arguments) > 1
        said = f"the shapes {shapes} do not fit" if several else f"shape {shapes} does not fit"
        return f"In {show(expression)} {said}. {GATES[expression.operation].shape_rule}{_instead(expression, at)}"
    return ""
