"""Expressions told apart regardless of the order of their terms and factors."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from fractions import Fraction

from tutor.engine.tidying import number
from tutor.language import Apply, Expression, Number

_OPPOSITE = {"sub": "add", "div": "mul"}
_MINUS = number(Fraction(-1))


def regardless_of_order(expression: Expression) -> Hashable:
    """A key that is the same for a + b and b + a, a b c and c (a b), -(2 x) and -2 x."""
    match expression:
        case Apply("add" | "sub"):
            return "add", frozenset(_counted(_parts(expression, "add", 1)))
        case Apply("mul" | "div" | "neg"):
            return "mul", frozenset(_counted(_parts(expression, "mul", 1)))
        case Apply(operation, arguments, options):
            return operation, tuple(map(regardless_of_order, arguments)), options
        case _:
            return expression


def _parts(tree: Expression, wide: str, sign: int) -> Iterator[tuple[Hashable, int]]:
    """The terms of a sum with their signs, or the factors of a product with theirs."""
    match tree:
        case Apply(operation, (left, right)) if _OPPOSITE.get(operation, operation) == wide:
            yield from _parts(left, wide, sign)
            yield from _parts(right, wide, sign if operation == wide else -sign)
        case Apply("neg", (inner,)) if wide == "add":
            yield from _parts(inner, wide, -sign)
        case Apply("neg", (inner,)):
            yield _MINUS, 1
            yield from _parts(inner, wide, sign)
        case Number(value) if value < 0 and wide == "mul":
            yield _MINUS, 1
            if value != -1:
                yield number(-value), sign
        case _:
            yield regardless_of_order(tree), sign


def _counted(parts: Iterator[tuple[Hashable, int]]) -> list[tuple[Hashable, int, int]]:
    counts: dict[tuple[Hashable, int], int] = {}
    for part in parts:
        counts[part] = counts.get(part, 0) + 1
    return [(key, sign, count) for (key, sign), count in counts.items()]
