"""Slips in the order of operations: brackets lost or stretched, what comes first, what is done twice."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.language import Apply, names_in, show
from tutor.questions.backprop.staged_parts import ARITHMETIC, SUMS, Edit, apply, joined_how, outer_of


def order_edits(node: Apply) -> Iterator[Edit]:
    """The slips of order at one operation."""
    yield from _brackets(node)
    yield from _order(node)
    yield from _twice(node)


def _brackets(node: Apply) -> Iterator[Edit]:
    """Operations that take in less, or more, than they should: `x + y·z` for `(x + y)·z`."""
    if node.operation in ARITHMETIC:
        yield from _regrouped(node)
        if all(map(names_in, node.arguments)):
            yield from _takes_in_more(node)
        return
    outer = outer_of(node)
    if outer is None or not isinstance(outer.inner, Apply) or outer.inner.operation not in ARITHMETIC:
        return
    inside = outer.inner
    a, b = inside.arguments
    if not (names_in(a) and names_in(b)):
        return  # the order of two operations on one value
    asks = f"What is {outer.name} applied to?"
    for part, now in ((a, apply(inside.operation, outer.put(a), b)), (b, apply(inside.operation, a, outer.put(b)))):
        yield Edit(
            "lost_bracket", node, now, f"{outer.name} applies to {show(inside)}, not to {show(part)} alone", asks
        )
    for port, part in enumerate(inside.arguments):
        if (first := outer_of(part)) is not None:
            arguments = list(inside.arguments)
            arguments[port] = first.put(outer.put(first.inner))
            what = f"in the function, {first.name} comes first, then {outer.name}"
            now = apply(inside.operation, *arguments)
            yield Edit("wrong_order", node, now, what, f"What is done to {show(first.inner)} first?")
    what = f"{outer.name} is applied after {show(a)} and {show(b)} are {joined_how(inside.operation)}, not before"
    yield Edit("distributed", node, apply(inside.operation, outer.put(a), outer.put(b)), what, "What is done first?")


def _regrouped(node: Apply) -> Iterator[Edit]:
    """An operation among the arguments of another, done after it instead of before."""
    op, (left, right) = node.operation, node.arguments
    if isinstance(left, Apply) and left.operation in ARITHMETIC:
        a, b = left.arguments
        yield from _regrouping(node, left, apply(op, b, right), apply(left.operation, a, apply(op, b, right)))
        yield from _regrouping(node, left, apply(op, a, right), apply(left.operation, apply(op, a, right), b))
    if isinstance(right, Apply) and right.operation in ARITHMETIC:
        b, c = right.arguments
        yield from _regrouping(node, right, apply(op, left, b), apply(right.operation, apply(op, left, b), c))
        if op in ("add", "mul") or right.operation == "add":
            yield from _regrouping(node, right, apply(op, left, c), apply(right.operation, b, apply(op, left, c)))


def _regrouping(node: Apply, first: Apply, instead: Apply, now: Apply) -> Iterator[Edit]:
    if not names_in(instead):
        return
    lost = first.operation in SUMS or node.operation not in SUMS
    if lost:
        yield Edit(
            "lost_bracket", node, now, f"the brackets around {show(first)} are missing", "Which operation comes first?"
        )
    else:
        what = f"{show(first)} comes before {show(instead)}"
        yield Edit("extra_bracket", node, now, what, "Which operation comes first?")


def _takes_in_more(node: Apply) -> Iterator[Edit]:
    for port, part in enumerate(node.arguments):
        outer = outer_of(part)
        if outer is None or outer.arithmetic:
            continue
        arguments = list(node.arguments)
        arguments[port] = outer.inner
        what = f"{outer.name} applies to {show(outer.inner)} alone"
        now = outer.put(apply(node.operation, *arguments))
        yield Edit("extra_bracket", node, now, what, f"Where does the bracket of {outer.name} end?")


def _order(node: Apply) -> Iterator[Edit]:
    """Two operations on one value, the later one done first: `ln(x²)` for `(ln x)²`."""
    last = outer_of(node)
    first = outer_of(last.inner) if last else None
    if last is None or first is None or (last.arithmetic and first.arithmetic):
        return
    now = first.put(last.put(first.inner))
    what = f"in the function, {first.name} comes first, then {last.name}"
    yield Edit("wrong_order", node, now, what, f"What is done to {show(first.inner)} first?")


def _twice(node: Apply) -> Iterator[Edit]:
    if node.operation in ARITHMETIC:
        a, b = node.arguments
        key, sort = ("doubled_term", "term") if node.operation in SUMS else ("doubled_factor", "factor")
        again = "add" if node.operation in SUMS else "mul"
        for part, operation in ((b, node.operation), (a, again)):
            if names_in(part) or node.operation in SUMS:
                what = f"{show(part)} appears twice as a {sort}"
                yield Edit(key, node, apply(operation, node, part), what, f"How many times does {show(part)} appear?")
        return
    outer = outer_of(node)
    if outer is not None and node.operation != "neg":
        what = f"{outer.name} is applied twice"
        yield Edit("done_twice", node, outer.put(node), what, f"How many times is {outer.name} applied?")
