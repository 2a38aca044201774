"""Misconceptions in which something else of the graph is used in the right one's place: a value, a slope, an upstream.

For `candidates`, which makes all those of a blank.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import suppress

import numpy as np

from tutor.engine.passes import PassError, compute, local_derivative
from tutor.engine.values import Value, all_finite, as_value, shape_of
from tutor.judging.misconceptions import Likelihood, Misconception
from tutor.questions.backprop.value_source import GatePlace

OTHER_VALUE = "other_value"
"""The mistake of one value in another one's place."""

_RARE = Likelihood.RARE
_SHORTEST = 2
"""Digits that a number needs to be told as another slope: of one digit there are too many."""


def without_a_step(place: GatePlace) -> Iterator[Misconception]:
    """The gate's value from what goes into an argument, instead of the argument."""
    name = place.reference.name
    for inner, source, arguments in _skipping_a_step(place):
        with suppress(PassError):
            says, asks = f"it uses {name(inner)} instead of {name(source)}", f"What goes into {name(place.use.gate)}?"
            yield Misconception(
                "skipped_step", compute(place.node, arguments), says, asks, label=f"skipped {inner} {source}"
            )


def slopes_at_inner(place: GatePlace, upstream: Value) -> Iterator[Misconception]:
    """The slope at what goes into an argument, instead of at the argument."""
    name = place.reference.name
    for inner, source, arguments in _skipping_a_step(place) if place.local is not None else ():
        with suppress(PassError):
            slope = local_derivative(place.node, place.use.port, compute(place.node, arguments), arguments)
            y = name(place.use.gate)
            says = f"it uses {name(inner)} instead of {name(source)} in the slope of {y}"
            gives = place.back(upstream * slope)
            if all_finite(gives):
                yield Misconception(
                    "slope_at_inner", gives, says, f"What goes into {y}?", _RARE, f"inner {inner} {source}"
                )


def slopes_nearby(place: GatePlace) -> Iterator[Misconception]:
    """This gate's slope by what goes into the argument, 2 p for p² + 1; and the slopes of the gates just before it."""
    reference, name = place.reference, place.reference.name
    y, own = name(place.use.gate), place.node.arguments[place.use.port]
    for source in dict.fromkeys(a for a in place.node.arguments if isinstance(a, int)):
        if place.local is None or reference.gate_node(source).gate is None:
            continue
        for use in reference.wires(source):
            before = GatePlace(reference, use, place.numbers)
            if before.local is None or shape_of(before.local) != shape_of(place.local):
                continue
            inner = name(reference.source(use))
            asks = f"How fast does {y} move when {name(own) if isinstance(own, int) else inner} alone moves?"
            if source == own:
                says = f"it is how fast {y} moves with {inner}, not with {name(own)}"
                yield from _slope_nearby(place.local * before.local, says, asks, f"through {own} {use.port}")
            says = f"it is how fast {name(source)} moves with {inner}"
            yield from _slope_nearby(before.local, says, asks, f"of {source} {use.port}")


def _slope_nearby(gives: Value, says: str, asks: str, label: str) -> Iterator[Misconception]:
    if all_finite(gives) and not np.all(np.isin(gives, (-1.0, 0.0, 1.0))):  # those are the slopes of half the gates
        yield Misconception("other_slope", as_value(gives), says, asks, _RARE, label, least_digits=_SHORTEST)


def upstreams_of_others(place: GatePlace) -> Iterator[Misconception]:
    """With what arrived at another value that goes into the same gate; or into one that this value goes on to."""
    reference, onward = place.reference, [place.use.gate]
    y = reference.name(place.use.gate)
    for position in onward:
        for use in reference.graph.uses[position]:
            if use.gate not in onward:
                onward.append(use.gate)
            for other in reference.wires(use.gate):
                source = reference.source(other)
                if source == position or shape_of(place.numbers.total(source)) != shape_of(place.u):
                    continue
                gives = place.back(place.sent(place.numbers.total(source)))
                if all_finite(gives):
                    says = f"it uses what arrived at {reference.name(source)}, not at {y} itself"
                    asks = f"What is the gradient on the wire that leaves {y}?"
                    yield Misconception("other_upstream", as_value(gives), says, asks, label=f"upstream of {source}")


def with_other_value(place: GatePlace, heads: Container[str] | None) -> Iterator[Misconception]:
    """Another value of the same shape in the place of an argument: the value before the ReLU for that after it."""
    reference, node = place.reference, place.node
    assert node.gate is not None
    for port, source in enumerate(node.arguments):
        if not isinstance(source, int):
            continue
        for other in range(len(reference.graph.nodes)):
            label, value = f"other {other} {port}", place.numbers.value(other)
            if other in node.arguments or other == place.use.gate or shape_of(value) != shape_of(place.arguments[port]):
                continue
            if heads is not None and label not in heads:
                continue
            arguments = [*place.arguments[:port], value, *place.arguments[port + 1 :]]
            with suppress(PassError, ValueError):
                y = compute(node, arguments)
                gives = place.back(node.gate.vjps[place.use.port](place.u, y, *arguments, **node.options))
                if all_finite(gives):
                    here, there = reference.name(other), reference.name(source)
                    asks = f"Which values go into {reference.name(place.use.gate)}?"
                    yield Misconception(
                        OTHER_VALUE, as_value(gives), f"it uses {here} instead of {there}", asks, _RARE,
                        label, least_digits=3,
                    )  # fmt: skip


def _skipping_a_step(place: GatePlace) -> Iterator[tuple[int, int, list[Value]]]:
    """The gate's arguments with one that goes into its source instead of the source: x for x² in x² + y.

    First the position of the one that is used, and of the one that should be.
    """
    for port, argument in enumerate(place.node.arguments):
        if not isinstance(argument, int):
            continue
        source = place.reference.gate_node(argument)
        inside = source.arguments if source.gate is not None else ()
        for inner in dict.fromkeys(a for a in inside if isinstance(a, int)):
            if shape_of(place.numbers.value(inner)) == shape_of(place.arguments[port]):
                instead = [*place.arguments[:port], place.numbers.value(inner), *place.arguments[port + 1 :]]
                yield inner, argument, instead
