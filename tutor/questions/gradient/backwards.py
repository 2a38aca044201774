"""The backward pass of a question: from gradients that are given, or from the output, by the engine's own gates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from tutor.engine.passes import downstreams
from tutor.engine.values import Value, shape_of
from tutor.judging.tensors import random_tensor
from tutor.questions.gradient.setting import Setting

Bend = Callable[[int, int, Value, Value], Value | None]
"""bend(gate, port, upstream, share): what is sent down a wire instead; None where that cannot be."""


def prime(name: str) -> str:
    """The name of a value's gradient: `y'`."""
    return f"{name}'"


@dataclass(frozen=True)
class Backward:
    """One backward pass."""

    totals: Mapping[int, Value]
    """The gradients that follow from what is given, by position."""

    at: Mapping[str, Value]
    """The values and the given gradients, by the names that learners know."""

    start: Mapping[int, Value]
    """The gradients it begins with."""


def passes_from(setting: Setting, given: Collection[str]) -> tuple[Backward, ...]:
    """At each draw, the gradients that follow from those of these names, which are random where nothing fixes them.

    With none given the pass begins with 1 at the output.
    """
    return tuple(_backward(setting, draw, given) for draw in range(len(setting.draws)))


def whole_passes(setting: Setting, given: Collection[str]) -> tuple[Backward, ...]:
    """The same with all that is given as it comes from the output: `y'` is no random tensor but 2(y - t)."""
    found = []
    for draw, whole in enumerate(passes_from(setting, ())):
        positions = setting.graph.positions
        at = setting.known(draw) | {prime(name): whole.totals[positions[name]] for name in given}
        found.append(Backward(whole.totals, at, whole.start))
    return tuple(found)


def _backward(setting: Setting, draw: int, given: Collection[str]) -> Backward:
    graph, values = setting.graph, setting.draws[draw]
    start: dict[int, Value] = {}
    if not given:
        start[graph.output] = 1.0
    for position in range(graph.output, -1, -1):  # what nothing fixes, nearest to the output first
        name = graph.nodes[position].name
        if name in given and position not in carried(setting, values, start):
            start[position] = random_tensor(prime(name), shape_of(values[position]), draw, positive=False)
    totals = carried(setting, values, start)
    named = {prime(name): totals[graph.positions[name]] for name in given}
    return Backward(totals, setting.known(draw) | named, start)


def carried(
    setting: Setting, values: Sequence[Value], start: Mapping[int, Value], bend: Bend | None = None
) -> dict[int, Value]:
    """The gradients that follow from those at the start; `bend` changes what goes down a wire.

    Raises ValueError where what a bend sends does not fit further on.
    """
    graph = setting.graph
    totals: dict[int, Value] = {}
    sent: dict[tuple[int, int], Value | None] = {}
    for position in range(graph.output, -1, -1):
        if position in start:
            totals[position] = start[position]
        else:
            shares = [sent.get((use.gate, use.port)) for use in graph.uses[position]]
            arrived = [share for share in shares if share is not None]
            if not shares or len(arrived) < len(shares):
                continue
            totals[position] = sum(arrived[1:], start=arrived[0])
        node = graph.nodes[position]
        if node.gate is None:
            continue
        arguments = [values[a] if isinstance(a, int) else a.value for a in node.arguments]
        for port, share in enumerate(downstreams(node, values[position], arguments, totals[position], checked=False)):
            if share is not None:
                bent = share if bend is None else bend(position, port, totals[position], share)
                sent[position, port] = bent
    return totals
