"""A backward pass through a graph, and what comes of changing one of its wires; for the kinds `gradient` and `value`.

Values and the gradients to begin with go in; `GraphContext.bent` gives a value's gradient when something else goes
down one wire. `graph_candidates` makes the misconceptions at the wires of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np

from tutor.engine.graph import Graph
from tutor.engine.operation import Fixed, Node
from tutor.engine.passes import arguments_at, downstreams, local_derivative
from tutor.engine.values import Shape, Value, shape_of, show_shape, unbroadcast
from tutor.language import Apply, Expression, show

Bend = Callable[[int, int, Value, Value], Value | None]
"""bend(gate, port, upstream, share): what is sent down a wire instead; None where that cannot be."""

Sent = Callable[[Value, Value], Value | None]
"""sent(upstream, share): what goes down a wire instead of the share; None for nothing."""


def carried(
    graph: Graph, values: Sequence[Value], start: Mapping[int, Value], bend: Bend | None = None
) -> dict[int, Value]:
    """The gradients that follow from those at the start; `bend` changes what goes down a wire.

    Raises ValueError where what a bend sends does not fit further on.
    """
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


@dataclass(frozen=True)
class GraphWire:
    """One argument of one gate, at one draw."""

    gate: int
    port: int
    node: Node
    y: Value
    arguments: tuple[Value, ...]
    write: Callable[[], Mapping[str, str]]
    answered: Value | None = None
    """Its local derivative, where that was answered before."""

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """What stands for the places of a mistake's text."""
        return self.write()

    @property
    def shape(self) -> Shape:
        """Of the argument."""
        return shape_of(self.arguments[self.port])

    @cached_property
    def local(self) -> Value | None:
        """d(gate)/d(argument); None where the gate mixes entries."""
        assert self.node.gate is not None
        if self.answered is not None or not self.node.gate.elementwise:
            return self.answered
        return local_derivative(self.node, self.port, self.y, self.arguments)

    @property
    def stretched(self) -> bool:
        """Whether the gate broadcasts the argument."""
        return self.node.gate is not None and self.node.gate.elementwise and self.shape != shape_of(self.y)

    def send(self, upstream: Value, arguments: tuple[Value, ...]) -> Value:
        """What the gate sends down for these arguments, before any summing back."""
        assert self.node.gate is not None
        sent: Value = self.node.gate.vjps[self.port](upstream, self.y, *arguments, **self.node.options)
        return sent


@dataclass(frozen=True)
class GraphContext:
    """A graph at one set of numbers, and the gradient of one of its values."""

    graph: Graph
    values: tuple[Value, ...]
    """Of all nodes."""

    start: Mapping[int, Value]
    """The gradients to begin with, so that the nearest count."""

    position: int
    """The value whose gradient is asked."""

    written: Callable[[int], Expression]
    """What stands for a node in a text for learners."""

    loss: str
    """What the gradients are of."""

    slopes: Mapping[tuple[int, str], Value] = field(default_factory=dict, kw_only=True)
    """Local derivatives that were answered before: by the gate, and the name of the argument."""

    @cached_property
    def truth(self) -> Value:
        """The gradient asked."""
        return self._pass[0][self.position]

    @cached_property
    def wires(self) -> tuple[GraphWire, ...]:
        """Those that gradients take on their way down to the value, nearest to it first."""
        return tuple(self._wire(gate, port) for gate, port in self._way[0])

    @property
    def sources(self) -> tuple[int, ...]:
        """Where that way begins: the nearest of the given gradients."""
        return self._way[1]

    @cached_property
    def _way(self) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
        wires: dict[tuple[int, int], None] = {}
        sources: dict[int, None] = {}
        waiting = [self.position]
        while waiting:
            position = waiting.pop(0)
            if position in self.start:
                sources[position] = None
                continue
            for use in self.graph.uses[position]:
                if (use.gate, use.port) not in wires:
                    wires[use.gate, use.port] = None
                    waiting.append(use.gate)
        return tuple(wires), tuple(sources)

    def _wire(self, gate: int, port: int) -> GraphWire:
        node = self.graph.nodes[gate]
        arguments = tuple(arguments_at(node, self.values))
        write = partial(self._texts, gate, port, shape_of(arguments[port]))
        source = node.arguments[port]
        answered = self.slopes.get((gate, self.graph.nodes[source].name)) if isinstance(source, int) else None
        return GraphWire(gate, port, node, self.values[gate], arguments, write, answered)

    def from_start(self, start: Mapping[int, Value]) -> Value:
        """The value's gradient with other gradients to begin with."""
        return carried(self.graph, self.values, {**self.start, **start})[self.position]

    def upstream(self, gate: int) -> Value | None:
        """What arrives at a gate; None where that does not follow."""
        return self._pass[0].get(gate)

    def without_others(self, gate: int, port: int) -> Value:
        """What one branch of the value sends, alone."""
        nodes = self.graph.nodes

        def bend(at_gate: int, at_port: int, _upstream: Value, share: Value) -> Value | None:
            other = nodes[at_gate].arguments[at_port] == self.position and (at_gate, at_port) != (gate, port)
            return share * 0.0 if other else share

        return carried(self.graph, self.values, self.start, bend)[self.position]

    def bent(self, wire: GraphWire, sent: Sent) -> Value | None:
        """The value's gradient when something else goes down one wire; None where that leads nowhere."""
        totals, shares = self._pass
        source = wire.node.arguments[wire.port]
        share = shares.get((wire.gate, wire.port))
        if share is None or not isinstance(source, int):
            return None
        try:
            gradient = sent(totals[wire.gate], share)
            if gradient is None:
                return None
            back = unbroadcast(gradient, wire.shape) if np.ndim(gradient) >= len(wire.shape) else gradient
            if shape_of(back) == wire.shape:
                return self._onward(source, (wire.gate, wire.port), back)
        except (ValueError, IndexError):
            return None
        # An answer of a wrong shape has its slip too; further on it does not fit.
        return gradient if source == self.position and len(self.graph.uses[source]) == 1 else None

    @cached_property
    def _pass(self) -> tuple[dict[int, Value], dict[tuple[int, int], Value]]:
        """The gradients as they are, and what goes down each wire."""
        shares: dict[tuple[int, int], Value] = {}

        def note(gate: int, port: int, _upstream: Value, share: Value) -> Value:
            shares[gate, port] = share
            return share

        return carried(self.graph, self.values, self.start, note), shares

    def _onward(self, source: int, wire: tuple[int, int], share: Value) -> Value | None:
        """The value's gradient when this goes down a wire to a source; only what it changes is computed again."""
        graph, shares = self.graph, self._pass[1]
        changed = {wire: share}
        for position in range(source, self.position - 1, -1):
            uses = [(use.gate, use.port) for use in graph.uses[position]]
            if position in self.start or changed.keys().isdisjoint(uses):
                continue
            arrived = [changed.get(use, shares.get(use)) for use in uses]
            known = [one for one in arrived if one is not None]
            if len(known) < len(uses):
                continue
            total = sum(known[1:], start=known[0])
            if position == self.position:
                return total
            node = graph.nodes[position]
            if node.gate is not None:
                arguments = arguments_at(node, self.values)
                sent = downstreams(node, self.values[position], arguments, total, checked=False)
                changed |= {(position, port): one for port, one in enumerate(sent) if one is not None}
        return None

    def _texts(self, gate: int, port: int, shape: Shape) -> dict[str, str]:
        node = self.graph.nodes[gate]
        assert node.gate is not None
        written = [
            show(argument.written) if isinstance(argument, Fixed) else self.operand(argument)
            for argument in node.arguments
        ]
        return {
            **dict(zip(node.gate.arguments, written, strict=True)),
            "own": written[port],
            "other": written[1 - port] if len(written) == 2 else "",
            "y": show(self.written(gate)),
            "f": self.loss,
            "u": "",
            "local": "",
            "shape": show_shape(shape) if shape else "a number",
            "wide": show_shape(shape_of(self.values[gate])),
        }

    def operand(self, position: int) -> str:
        """A value as it stands within an operation: `h`, `(y - t)`."""
        part = self.written(position)
        is_sum = isinstance(part, Apply) and part.operation in ("add", "sub", "neg")
        return f"({show(part)})" if is_sum else show(part)
