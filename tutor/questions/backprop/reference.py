"""The truth about one staging: its graph, with values and gradients at the exercise's inputs and near them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tutor.engine.gates import Interval
from tutor.engine.graph import Graph, Node, Use
from tutor.engine.operation import Fixed
from tutor.engine.passes import Gradients, PassError, arguments_at, backward, forward, local_derivative
from tutor.engine.values import Value, shape_of
from tutor.language import Expression, Name, show
from tutor.language.tree import rename
from tutor.library.problem import Problem
from tutor.questions.backprop.staging import Staging, follow
from tutor.questions.blank import Answers

STAGING = "staging"
"""The key of the one blank of the stage step."""


class References:
    """The references by staging; each is made once."""

    def __init__(self, problem: Problem, staged: bool) -> None:
        self._problem = problem
        self._staged = staged
        self._own = Reference(problem, problem.graph)
        self._last: tuple[str, Reference] | None = None
        self._followed: tuple[str, Staging] | None = None

    @property
    def own(self) -> Reference:
        """The reference of the program's own staging."""
        return self._own

    def of(self, answers: Answers) -> Reference | None:
        """The reference to work on; None until the staging is right."""
        if not self._staged:
            return self._own
        answer = answers.answers.get(STAGING)
        if answer is None or not answer.verdict.accepted:
            return None
        if self._last is None or self._last[0] != answer.text:
            graph = self.follow(answer.text).graph
            assert graph is not None, "an accepted staging has a graph"
            self._last = (answer.text, Reference(self._problem, graph))
        return self._last[1]

    def follow(self, text: str) -> Staging:
        """What the equations typed so far amount to. The last text is remembered."""
        if self._followed is None or self._followed[0] != text:
            self._followed = (text, follow(self._problem, text))
        return self._followed[1]


Index = tuple[int, ...]
"""Where an entry of an array stands; `()` for a scalar."""


@dataclass(frozen=True)
class Pass:
    """Forward and backward at one set of inputs."""

    values: tuple[Value, ...]
    gradients: Gradients


@dataclass(frozen=True)
class Reference:
    """A graph (the learner's, or the program's own) and everything true of it, by positions of its nodes."""

    problem: Problem
    graph: Graph

    @cached_property
    def here(self) -> Pass:
        """Both passes at the exercise's inputs."""
        return self._pass(self.problem.inputs)

    @cached_property
    def near(self) -> tuple[Pass, ...]:
        """Both passes at inputs near the exercise's own, where they have values."""
        return tuple(self._passes_nearby())

    def _passes_nearby(self) -> Iterator[Pass]:
        for draw in self.problem.draws:
            try:
                yield self._pass(draw)
            except PassError:
                continue  # this staging needs more than the function does, such as x > 0 for 2 ln x

    def _pass(self, inputs: Mapping[str, Value]) -> Pass:
        values = tuple(forward(self.graph, inputs))
        return Pass(values, backward(self.graph, values))

    def name(self, position: int) -> str:
        """A node's name."""
        return self.graph.nodes[position].name

    @property
    def output_name(self) -> str:
        """The name of the last gate, which is the function's value."""
        return self.name(self.graph.output)

    def value(self, position: int) -> Value:
        """A node's forward value."""
        return self.here.values[position]

    def gradient(self, position: int) -> Value:
        """A node's gradient: the sum over its uses."""
        return self.here.gradients.totals[position]

    def share(self, use: Use, on: Pass | None = None) -> Value:
        """What a gate sends down to one argument."""
        share = (on or self.here).gradients.shares[use.gate][use.port]
        assert share is not None, "constants receive nothing"
        return share

    def local(self, use: Use, on: Pass | None = None) -> Value:
        """d(gate)/d(argument), in the shape of the gate's value; elementwise gates only."""
        values = (on or self.here).values
        node = self.graph.nodes[use.gate]
        return local_derivative(node, use.port, values[use.gate], arguments_at(node, values))

    def kinks(self, use: Use) -> dict[Index, Interval]:
        """The slopes allowed where this gate has a kink at the exercise's numbers, by entry; `()` for a scalar."""
        node = self.graph.nodes[use.gate]
        assert node.gate is not None
        if node.gate.kinks is None:
            return {}
        shape = shape_of(self.value(use.gate))
        arguments = [np.broadcast_to(argument, shape) for argument in arguments_at(node, self.here.values)]
        intervals = {
            index: node.gate.kinks(*(float(argument[index]) for argument in arguments))[use.port]
            for index in np.ndindex(*shape)
        }
        return {index: interval for index, interval in intervals.items() if interval is not None}

    def wires(self, gate: int) -> tuple[Use, ...]:
        """A gate's arguments that are not constants."""
        arguments = self.graph.nodes[gate].arguments
        return tuple(Use(gate, port) for port, argument in enumerate(arguments) if isinstance(argument, int))

    def source(self, use: Use) -> int:
        """Which value a wire comes from."""
        argument = self.graph.nodes[use.gate].arguments[use.port]
        assert isinstance(argument, int)
        return argument

    def names_at(self, values: Sequence[Value], before: int | None = None) -> dict[str, Value]:
        """Name -> value, for all nodes or those before a position."""
        return {node.name: value for node, value in zip(self.graph.nodes[:before], values, strict=False)}

    def equation(self, gate: int) -> str:
        """A gate's staged equation: `a = x + y`."""
        node = self.graph.nodes[gate]
        return f"{node.name} = {show(node.expression)}" if node.expression is not None else node.name

    def own_arguments(self, gate: int) -> dict[str, Expression]:
        """The gate's argument names -> what stands for them in this graph."""
        node = self.graph.nodes[gate]
        assert node.gate is not None
        return {
            name: argument.written if isinstance(argument, Fixed) else Name(self.name(argument))
            for name, argument in zip(node.gate.arguments, node.arguments, strict=True)
        }

    def in_own_names(self, gate: int, expression: Expression, **more: Expression) -> Expression:
        """An expression over a gate's argument names in this graph's names."""
        return rename(expression, {**self.own_arguments(gate), **more})

    def gate_node(self, gate: int) -> Node:
        """The node of a gate."""
        return self.graph.nodes[gate]
