"""Every function that one slip makes of a function: the common slips, and rarer ones where no common one fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tutor.engine.values import Shape
from tutor.language import Expression, Number, names_in, show, walk
from tutor.questions.backprop.staged_arrays import array_edits
from tutor.questions.backprop.staged_contexts import Context, contexts
from tutor.questions.backprop.staged_edits import edits_of
from tutor.questions.backprop.staged_parts import PRODUCTS, Edit, Pool, apply

Shapes = tuple[tuple[str, Shape], ...]
"""The shape of each input, where some are arrays; empty where all are numbers."""


@dataclass(frozen=True)
class Candidate:
    """A slip at a place of a function, and the function that it makes."""

    edit: Edit
    truth: Expression
    tree: Expression
    context: Context


@lru_cache(maxsize=16)
def common(truth: Expression, pool: Pool, shapes: Shapes) -> tuple[Candidate, ...]:
    """The common slips. Remembered, since the same exercise is judged again and again."""
    without_one = Pool(pool.inputs, tuple(number for number in pool.numbers if number.value != 1))
    return tuple(
        Candidate(edit, truth, context.put(edit.now), context)
        for context in contexts(truth)
        # A factor of 1 is a factor left out.
        for edit in _edits(context, without_one if _is_factor(context, truth) else pool, shapes)
    )


def _is_factor(context: Context, truth: Expression) -> bool:
    return isinstance(context.node, Number) and context.stands_in(PRODUCTS, truth)


def _edits(context: Context, pool: Pool, shapes: Shapes) -> Iterator[Edit]:
    yield from edits_of(context.node, pool)
    if shapes:
        yield from array_edits(context.node, dict(shapes))


@lru_cache(maxsize=16)
def rare(truth: Expression) -> tuple[Candidate, ...]:
    """A minus that was not there, and any part of the function in another one's place."""
    places = contexts(truth)
    parts = tuple(dict.fromkeys(context.node for context in places))
    return tuple(
        Candidate(edit, truth, context.put(edit.now), context)
        for context in places
        for edit in _rare_edits(context.node, parts)
    )


def _rare_edits(node: Expression, parts: tuple[Expression, ...]) -> Iterator[Edit]:
    if not names_in(node):
        return
    what, asks = f"{show(node)} has an extra minus sign", f"Where does the minus before {show(node)} come from?"
    yield Edit("extra_minus", node, apply("neg", node), what, asks)
    inside = set(walk(node))
    for other in parts:
        if other == node or not names_in(other) or node in walk(other):
            continue
        if other in inside:
            what = f"something more must be done to {show(other)}"
            yield Edit("missing_steps", node, other, what, f"What is done to {show(other)} before it is used?")
        else:
            what = f"{show(other)} is used instead of {show(node)}"
            yield Edit("wrong_value", node, other, what, "Which value goes there?")
