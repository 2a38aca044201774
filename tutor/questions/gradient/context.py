"""What is asked, at one draw: the wires on the way to the value, and what comes of changing one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tutor.engine.operation import Fixed, Node
from tutor.engine.passes import arguments_at
from tutor.engine.values import Shape, Value, shape_of, show_shape, unbroadcast
from tutor.language import Apply, show
from tutor.questions.gradient.backward import BackwardPass, carried, prime
from tutor.questions.gradient.spec import GradientSpec

Sent = Callable[[Value, Value], Value | None]
"""sent(upstream, share): what goes down a wire instead of the share; None for nothing."""


@dataclass(frozen=True)
class GradientQuery:
    """Whose gradient is asked, from which given ones."""

    setting: GradientSpec
    of: str
    given: tuple[str, ...]

    @property
    def position(self) -> int:
        """Where the value stands in the graph."""
        return self.setting.graph.positions[self.of]


@dataclass(frozen=True)
class GradientPath:
    """One wrong way at one draw. Its label is the same at other draws."""

    label: str
    key: str
    value: Value
    says: str
    asks: str
    small: bool = False
    """Whether `says` begins with a name, which keeps its small letter."""


@dataclass(frozen=True)
class GradientWire:
    """One argument of one gate, at one draw."""

    gate: int
    port: int
    node: Node
    y: Value
    arguments: tuple[Value, ...]
    texts: Mapping[str, str]
    """What stands for the places of a mistake's text."""

    @property
    def shape(self) -> Shape:
        """Of the argument."""
        return shape_of(self.arguments[self.port])

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
class GradientContext:
    """One draw of what is asked."""

    asked: GradientQuery
    draw: int
    passed: BackwardPass

    @property
    def values(self) -> tuple[Value, ...]:
        """Of all nodes."""
        return self.asked.setting.draws[self.draw]

    @property
    def truth(self) -> Value:
        """The gradient asked."""
        return self.passed.totals[self.asked.position]

    @cached_property
    def start(self) -> dict[int, Value]:
        """The gradients to begin with: all that are given, so that the nearest count."""
        positions = self.asked.setting.graph.positions
        given = {positions[name]: self.passed.totals[positions[name]] for name in self.asked.given}
        return {**self.passed.start, **given}

    @cached_property
    def wires(self) -> tuple[GradientWire, ...]:
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
        waiting = [self.asked.position]
        while waiting:
            position = waiting.pop(0)
            if position in self.start:
                sources[position] = None
                continue
            for use in self.asked.setting.graph.uses[position]:
                if (use.gate, use.port) not in wires:
                    wires[use.gate, use.port] = None
                    waiting.append(use.gate)
        return tuple(wires), tuple(sources)

    def _wire(self, gate: int, port: int) -> GradientWire:
        node = self.asked.setting.graph.nodes[gate]
        arguments = tuple(arguments_at(node, self.values))
        return GradientWire(
            gate, port, node, self.values[gate], arguments, self._texts(node, port, shape_of(arguments[port]))
        )

    def from_start(self, start: Mapping[int, Value]) -> Value:
        """The value's gradient with other gradients to begin with."""
        return carried(self.asked.setting, self.values, {**self.start, **start})[self.asked.position]

    def upstream(self, gate: int) -> Value | None:
        """What arrives at a gate; None where that does not follow."""
        return carried(self.asked.setting, self.values, self.start).get(gate)

    def without_others(self, gate: int, port: int) -> Value:
        """What one branch of the value sends, alone."""
        nodes = self.asked.setting.graph.nodes

        def bend(at_gate: int, at_port: int, _upstream: Value, share: Value) -> Value | None:
            other = nodes[at_gate].arguments[at_port] == self.asked.position and (at_gate, at_port) != (gate, port)
            return share * 0.0 if other else share

        return carried(self.asked.setting, self.values, self.start, bend)[self.asked.position]

    def bent(self, wire: GradientWire, sent: Sent) -> Value | None:
        """The value's gradient when something else goes down one wire; None where that leads nowhere."""
        graph = self.asked.setting.graph
        source = graph.nodes[wire.gate].arguments[wire.port]
        last = source == self.asked.position and len(graph.uses[self.asked.position]) == 1

        def bend(gate: int, port: int, upstream: Value, share: Value) -> Value | None:
            if (gate, port) != (wire.gate, wire.port):
                return share
            gradient = sent(upstream, share)
            if gradient is None:
                return None
            back = unbroadcast(gradient, wire.shape) if np.ndim(gradient) >= len(wire.shape) else gradient
            if shape_of(back) == wire.shape:
                return back
            if last:
                return gradient  # an answer of a wrong shape has its slip too
            raise ValueError("it does not fit further on")

        try:
            return carried(self.asked.setting, self.values, self.start, bend).get(self.asked.position)
        except (ValueError, IndexError):
            return None

    def _texts(self, node: Node, port: int, shape: Shape) -> dict[str, str]:
        assert node.gate is not None
        setting = self.asked.setting
        written = [
            show(argument.written) if isinstance(argument, Fixed) else in_brackets(setting, argument)
            for argument in node.arguments
        ]
        return {
            **dict(zip(node.gate.arguments, written, strict=True)),
            "own": written[port],
            "other": written[1 - port] if len(written) == 2 else "",
            "y": setting.in_words(node.name),
            "f": setting.loss,
            "u": "",
            "local": "",
            "shape": show_shape(shape) if shape else "a number",
            "wide": show_shape(setting.node_shapes[node.name]),
        }


def in_brackets(setting: GradientSpec, position: int) -> str:
    """A value or a part of an equation as an operand: `h`, `(y - t)`."""
    part = setting.written(setting.graph.nodes[position].name)
    is_sum = isinstance(part, Apply) and part.operation in ("add", "sub", "neg")
    return f"({show(part)})" if is_sum else show(part)


def primes(setting: GradientSpec, positions: tuple[int, ...]) -> list[str]:
    """The names of the gradients at these places."""
    return [prime(setting.graph.nodes[position].name) for position in positions]
