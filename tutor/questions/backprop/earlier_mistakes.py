"""Mistakes made before the gate that is asked about, and numbers of the graph that were copied from another place.

For `explain`, which holds an answer against them only where no mistake at the gate itself explains it: there are many
more of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from tutor.engine.graph import Use
from tutor.engine.values import Value, all_finite, as_value, shape_of
from tutor.judging.misconceptions import Likelihood, Misconception
from tutor.judging.mistake_texts import clause
from tutor.questions.backprop import misconceptions as rows
from tutor.questions.backprop.candidates import of_gate, of_wire
from tutor.questions.backprop.reference import Reference
from tutor.questions.backprop.substitutions import slopes_at_inner
from tutor.questions.backprop.value_source import GatePlace, ValueSource
from tutor.questions.gradient_names import written

_FEWEST = 3
"""Digits that a number needs to be told by one of so many."""

_EARLIER = tuple(row for row in rows.DOWNSTREAM if row.key in ("forgot_local", "forgot_upstream"))
"""Those of any gate that are made further on in the graph too: a gate is skipped, or the chain begins at one."""


def earlier_candidates(
    reference: Reference, position: int, uses: tuple[Use, ...], numbers: ValueSource
) -> Iterator[Misconception]:
    """Those in the gradient of a value, or in what some of its uses alone send; then copied numbers."""
    asked = numbers.total(position) if uses == tuple(reference.graph.uses[position]) else numbers.down(uses[0])
    for use in uses:
        place = GatePlace(reference, use, numbers)
        except_for = f"it is right except for what {reference.name(use.gate)} sends, which" if len(uses) > 1 else "it"
        for wrong in _in_gradient(reference, use.gate, numbers):
            gives = as_value(asked - place.share + place.back(place.sent(wrong.gives)))
            yield replace(wrong, gives=gives, says=partial(_goes_on, wrong, except_for), label=f"{use}: {wrong.label}")
    if len(uses) > 1:
        yield from _of_slopes_at_a_join(reference, position, numbers)
    yield from _copied(reference, position, uses, asked, numbers)


def _goes_on(wrong: Misconception, opening: str) -> str:
    return f"{opening} {clause(wrong)}"


def _in_gradient(reference: Reference, position: int, numbers: ValueSource) -> Iterator[Misconception]:
    """Wrong gradients of a value with one use: by a mistake at that use, or at one further on."""
    uses = reference.graph.uses[position]
    if len(uses) != 1:
        return
    place = GatePlace(reference, uses[0], numbers)
    gradient = written(reference.output_name, reference.name(position))
    for one in (*of_gate(place), *of_wire(place, _EARLIER), *slopes_at_inner(place, place.u)):
        likely = one.likelihood > Likelihood.RARE or one.key == "slope_at_inner"
        if likely and shape_of(one.gives) == shape_of(place.share) and all_finite(one.gives):
            yield Misconception(
                one.key, one.gives, partial(_said_of, gradient, one), one.asks, Likelihood.RARE,
                f"{position} {one.label}", least_digits=_FEWEST,
            )  # fmt: skip
    for wrong in _in_gradient(reference, uses[0].gate, numbers):
        gives = place.back(place.sent(wrong.gives))
        if all_finite(gives):
            yield replace(wrong, gives=as_value(gives))


def _said_of(gradient: str, one: Misconception) -> str:
    return f"goes on from a wrong {gradient}: {clause(one)}"


def _copied(
    reference: Reference, position: int, uses: tuple[Use, ...], asked: Value, numbers: ValueSource
) -> Iterator[Misconception]:
    """The value or the gradient of another place in the graph; 1, 0 and -1 stand at half of them."""
    f, own = reference.output_name, reference.name(position)
    alone = f", in {reference.name(uses[0].gate)} alone" if len(uses) < len(reference.graph.uses[position]) else ""
    for other, node in enumerate(reference.graph.nodes):
        for key, gives, says in (
            ("value_for_gradient", numbers.value(other), f"it is the forward value of {node.name}"),
            ("other_variable", numbers.total(other), f"it is {written(f, node.name)}, not the gradient that is asked"),
        ):
            if (
                other != position
                and shape_of(gives) == shape_of(asked)
                and not np.all(np.isin(gives, (-1.0, 0.0, 1.0)))
            ):
                asks = f"How fast does {f} move when {own} moves{alone}?"
                yield Misconception(key, gives, says, asks, Likelihood.RARE, f"{key} {other}", least_digits=_FEWEST)


def _of_slopes_at_a_join(reference: Reference, position: int, numbers: ValueSource) -> Iterator[Misconception]:
    """The slopes of two branches multiplied, or divided, as the gate does with their values where they meet."""
    uses = reference.graph.uses[position]
    if len(uses) != 2 or shape_of(numbers.total(position)):
        return
    ways = [_way(reference, use) for use in uses]
    meeting = next((gate for gate in ways[0] if gate in ways[1]), None)
    if meeting is None or any(way[0] == meeting for way in ways):
        return
    ends = [way[way.index(meeting) - 1] for way in ways]
    node = reference.gate_node(meeting)
    totals = [numbers.total(end) for end in ends]
    if list(node.arguments) not in (ends, ends[::-1]) or not all(totals) or node.gate is None:
        return
    slopes = {end: numbers.down(use) / total for end, use, total in zip(ends, uses, totals, strict=True)}
    first, second = (slopes[end] for end in node.arguments if isinstance(end, int))
    a, b = (reference.name(end) for end in node.arguments if isinstance(end, int))
    y, x = reference.name(meeting), reference.name(position)
    moved = f"If only {a} moves, how much does {y} move? And if only {b} moves?"
    if node.gate.key == "mul":
        says, gives = f"it multiplies the slopes of {a} and {b}", first * second
        key = "product_of_slopes"
    elif node.gate.key == "div" and second:
        says, gives = f"it divides the slope of {a} by that of {b}", first / second
        key = "quotient_of_slopes"
    else:
        return
    yield Misconception(
        key, gives * numbers.total(meeting), f"{says}, both with respect to {x}", moved, Likelihood.RARE, key,
        least_digits=_FEWEST,
    )  # fmt: skip


def _way(reference: Reference, use: Use) -> list[int]:
    """The gates from a use on, as far as each one's value has one use."""
    way = [use.gate]
    while len(onward := reference.graph.uses[way[-1]]) == 1:
        way.append(onward[0].gate)
    return way
