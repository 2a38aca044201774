"""The computation graph: inputs and gates in an order in which each comes after everything it uses.

`CompiledGraph` is one made ready for plain numbers: all that the passes would look up at each gate is looked up once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite
from typing import Any, NamedTuple

from tutor.engine.gates import GATES
from tutor.engine.operation import Fixed, Node, Operation
from tutor.engine.values import Value
from tutor.language import Expression

_Function = Callable[..., Any]


class CompiledStep(NamedTuple):
    """One gate of one or two arguments. Places are in a list of the values of all nodes, then the constants."""

    place: int
    forward: _Function
    first: int
    second: int | None
    first_vjp: _Function | None
    """None where the argument is a constant."""
    second_vjp: _Function | None


class CompiledGraph(NamedTuple):
    """The inputs, the gates in order, and the constants that follow the values of the nodes."""

    inputs: tuple[tuple[int, str], ...]
    steps: tuple[CompiledStep, ...]
    constants: tuple[float, ...]


def plan_of(nodes: Sequence[Node]) -> CompiledGraph | None:
    """The nodes made ready; None where a gate mixes entries, has options, or a constant that is no finite number."""
    inputs: list[tuple[int, str]] = []
    steps: list[CompiledStep] = []
    constants: list[float] = []
    for place, node in enumerate(nodes):
        if node.gate is None:
            inputs.append((place, node.name))
            continue
        if not node.gate.elementwise or node.options or len(node.arguments) not in (1, 2):
            return None
        places: list[int] = []
        vjps: list[_Function | None] = []
        for argument, vjp in zip(node.arguments, node.gate.vjps, strict=True):
            if not isinstance(argument, Fixed):
                places.append(argument)
                vjps.append(vjp)
            elif isinstance(argument.value, float) and isfinite(argument.value):
                places.append(len(nodes) + len(constants))
                vjps.append(None)
                constants.append(argument.value)
            else:
                return None
        first, second = places if len(places) == 2 else (places[0], None)
        steps.append(
            CompiledStep(place, node.gate.forward, first, second, vjps[0], vjps[1] if second is not None else None)
        )
    return CompiledGraph(tuple(inputs), tuple(steps), tuple(constants))


def scalar_values(plan: CompiledGraph, inputs: Mapping[str, Value]) -> list[float] | None:
    """The value of every node; None where an input is not a float. Raises KeyError for an input without a value."""
    size = len(plan.inputs) + len(plan.steps)
    values = [0.0] * size
    values += plan.constants
    for place, name in plan.inputs:
        value = inputs[name]
        if not isinstance(value, float):
            return None
        values[place] = value
    for place, forward, first, second, _, _ in plan.steps:
        values[place] = forward(values[first]) if second is None else forward(values[first], values[second])
    del values[size:]
    return values


def scalar_gradients(
    plan: CompiledGraph, values: Sequence[float], seed: float
) -> tuple[list[float], list[tuple[float | None, ...]]]:
    """The gradient of every node, and what every gate sends to its arguments: None to a constant."""
    size = len(values)
    values = [*values, *plan.constants]
    totals = [0.0] * size
    shares: list[tuple[float | None, ...]] = [()] * size
    totals[-1] = seed
    for place, _, first, second, first_vjp, second_vjp in reversed(plan.steps):
        upstream = totals[place]
        a, b = values[first], None
        left = right = None
        if second is None:
            if first_vjp is not None:
                left = first_vjp(upstream, values[place], a)
                totals[first] += left
            shares[place] = (left,)
            continue
        b = values[second]
        if first_vjp is not None:
            left = first_vjp(upstream, values[place], a, b)
            totals[first] += left
        if second_vjp is not None:
            right = second_vjp(upstream, values[place], a, b)
            totals[second] += right
        shares[place] = (left, right)
    return totals, shares


__all__ = ["Graph", "GraphBuilder", "Node", "Use"]


class Use(NamedTuple):
    """A wire's far end: argument `port` of the gate at position `gate`."""

    gate: int
    port: int


@dataclass(frozen=True)
class Graph:
    """Nodes in topological order. The last node is the output."""

    nodes: tuple[Node, ...]

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each name stands."""
        return {node.name: position for position, node in enumerate(self.nodes)}

    @cached_property
    def uses(self) -> tuple[tuple[Use, ...], ...]:
        """For each node, the arguments it feeds, in order: more than one is a fork.

        Gates that the output does not depend on do not count.
        """
        uses: list[list[Use]] = [[] for _ in self.nodes]
        for position in self.gates:
            for port, argument in enumerate(self.nodes[position].arguments):
                if isinstance(argument, int):
                    uses[argument].append(Use(position, port))
        return tuple(map(tuple, uses))

    @property
    def output(self) -> int:
        """The position of the output."""
        return len(self.nodes) - 1

    @cached_property
    def inputs(self) -> tuple[int, ...]:
        """The positions of the inputs."""
        return tuple(position for position, node in enumerate(self.nodes) if node.gate is None)

    @cached_property
    def gates(self) -> tuple[int, ...]:
        """The positions of the gates that the output depends on, first to last."""
        return tuple(p for p in sorted(self._needed) if self.nodes[p].gate is not None)

    @cached_property
    def unused(self) -> tuple[int, ...]:
        """The positions of the gates that the output does not depend on."""
        return tuple(p for p, node in enumerate(self.nodes) if node.gate is not None and p not in self._needed)

    @cached_property
    def plan(self) -> CompiledGraph | None:
        """The graph made ready for plain numbers; None where it is not made of elementwise gates alone."""
        return plan_of(self.nodes)

    @cached_property
    def _needed(self) -> frozenset[int]:
        needed = {self.output}
        for position in range(self.output, -1, -1):
            if position in needed:
                needed.update(a for a in self.nodes[position].arguments if isinstance(a, int))
        return frozenset(needed)


class GraphBuilder:
    """Builds a graph a node at a time; each gate uses names already there."""

    def __init__(self, inputs: Sequence[str] = ()) -> None:
        self._nodes: list[Node] = [Node(name) for name in inputs]
        self._positions = {name: position for position, name in enumerate(inputs)}

    def copy(self) -> GraphBuilder:
        """Another one that has come as far, to go on from there."""
        other = GraphBuilder()
        other._nodes, other._positions = [*self._nodes], {**self._positions}
        return other

    def node(self, name: str, operation: Operation, expression: Expression | None = None) -> Node:
        """The node that `add` would add. Raises KeyError for an argument that is not there."""
        arguments = tuple(
            argument if isinstance(argument, Fixed) else self._positions[argument] for argument in operation.arguments
        )
        return Node(name, operation.gate, arguments, operation.options, expression)

    def add(self, name: str, operation: Operation, expression: Expression | None = None) -> None:
        """Add a gate. Raises KeyError for an argument that is not there, ValueError for a name used twice."""
        if name in self._positions:
            raise ValueError(f"{name} is already in the graph")
        self._nodes.append(self.node(name, operation, expression))
        self._positions[name] = len(self._nodes) - 1

    def apply(self, name: str, gate: str, *arguments: str) -> None:
        """Add the gate with this key, applied to names. Raises KeyError and ValueError as `add` does."""
        self.add(name, Operation(GATES[gate], arguments))

    def build(self, output: str | None = None) -> Graph:
        """The graph so far, with the named node (or the last one) as its output.

        Where the output is not the last node, only the inputs and what the output needs are kept.
        """
        nodes = tuple(self._nodes)
        if output is None or self._positions[output] == len(nodes) - 1:
            return Graph(nodes)
        return Graph(_with_last(nodes, self._positions[output]))


def _with_last(nodes: tuple[Node, ...], last: int) -> tuple[Node, ...]:
    """The inputs and what the node at `last` needs, that node at the end."""
    needed = {last}
    for position in range(last, -1, -1):
        if position in needed:
            needed.update(argument for argument in nodes[position].arguments if isinstance(argument, int))
    kept = [p for p, node in enumerate(nodes) if p in needed or node.gate is None]
    kept.sort(key=lambda p: (p == last, p))
    moved = {old: new for new, old in enumerate(kept)}
    return tuple(
        replace(nodes[old], arguments=tuple(moved[a] if isinstance(a, int) else a for a in nodes[old].arguments))
        for old in kept
    )
