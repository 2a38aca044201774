"""Slips at operations on arrays: a factor transposed, factors in the wrong order, a mean for a sum, another axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from tutor.engine.tidying import number
from tutor.engine.values import Shape
from tutor.language import Apply, Expression, Name, names_in, show
from tutor.questions.backprop.staged_parts import Edit, apply, named

_REDUCING = ("sum", "mean")
_AXES = ((), (("axis", 0),), (("axis", 1),))
_NORMS = ("norm", "squared_norm")


def array_edits(node: Expression, shapes: Mapping[str, Shape]) -> Iterator[Edit]:
    """The slips that only arrays allow, at one node. Many fit no shapes."""
    match node:
        case Name(name) if len(shapes.get(name, ())) == 2:
            yield _turned(node, node)
        case Apply("matmul" | "dot" | "outer", (a, b)) if names_in(node):
            yield from _of_products(node, a, b)
        case Apply("mul", (a, b)) if names_in(a) and names_in(b):
            for key in ("matmul", "dot"):
                what = "the function multiplies entry by entry; it is not a matrix product"
                yield Edit("matmul_for_elementwise", node, apply(key, a, b), what, "Which product is it, * or @?")
        case Apply("transpose", (inner,)):
            what = f"{show(inner)} should be transposed"
            yield Edit("missing_transpose", node, inner, what, f"Which way round does {show(inner)} go in?")
        case Apply("sum" | "mean"):
            yield from _of_reductions(node)
        case Apply("norm" | "squared_norm"):
            yield from _of_norms(node)


def _turned(node: Expression, part: Expression, now: Expression | None = None) -> Edit:
    what = f"{show(part)} goes in as it is, not transposed"
    return Edit("transposed", node, now or apply("transpose", part), what, f"Which way round does {show(part)} go in?")


def _of_products(node: Apply, a: Expression, b: Expression) -> Iterator[Edit]:
    what = f"{show(a)} is the first factor, {show(b)} the second"
    yield Edit("matmul_order", node, apply(node.operation, b, a), what, "Which factor is on the left?")
    yield _turned(node, a, apply(node.operation, apply("transpose", a), b))
    yield _turned(node, b, apply(node.operation, a, apply("transpose", b)))
    both = apply(node.operation, apply("transpose", a), apply("transpose", b))
    yield Edit("transposed", node, both, "neither factor is transposed", "Which way round do the factors go in?")
    what = f"the function uses {named(node)}, not a product entry by entry"
    yield Edit("elementwise_for_matmul", node, apply("mul", a, b), what, "Which product is it, @ or *?")
    for other in {"matmul", "dot", "outer"} - {node.operation}:
        now = apply(other, a, b)
        what = f"this should be {named(node)}, not {named(now)}"
        yield Edit("other_operation", node, now, what, f"What shape does {show(node)} have?")


def _of_reductions(node: Apply) -> Iterator[Edit]:
    for key in _REDUCING:
        if key != node.operation:
            what = f"this should be {named(node)}, not {named(replace(node, operation=key))}"
            asks = "Is the result divided by the number of entries?"
            yield Edit(f"{key}_for_{node.operation}", node, replace(node, operation=key), what, asks)
    for options in _AXES:
        kept = tuple(option for option in node.options if option[0] != "axis")
        if (now := replace(node, options=(*options, *kept))) != node:
            what = f"{show(node)} is taken along a different axis"
            yield Edit("wrong_axis", node, now, what, "Along which axis is it taken?")
    (inner,) = node.arguments
    what = f"{named(node)} is taken of {show(inner)}, with nothing squared"
    yield Edit("other_function", node, Apply("squared_norm", (inner,)), what, f"What is added up in {show(node)}?")


def _of_norms(node: Apply) -> Iterator[Edit]:
    (inner,) = node.arguments
    squared = node.operation == "squared_norm"
    other = Apply(_NORMS[not squared], (inner,))
    if squared:
        yield Edit("lost_power", node, other, "the square is missing", "Where did the square go?")
    else:
        what = "the root at the end is missing"
        yield Edit("missing_function", node, other, what, "What is done to the sum of the squares?")
    for key in _REDUCING:
        what = f"this should be {named(node)}, not {named(apply(key, inner))}"
        yield Edit("other_function", node, apply(key, inner), what, f"What is done to the entries of {show(inner)}?")
    squares = apply("pow", inner, number(Fraction(2)))
    what = "the squares should be added, not averaged"
    yield Edit("mean_for_sum", node, apply("mean", squares), what, "Is the result divided by the number of entries?")
    yield Edit("missing_function", node, squares, "the sum is missing", "What is done with the squares?")
