"""The truth about one staging: its graph, with values and gradients at the exercise's inputs and near them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np

from tutor.engine.gates import Interval, arrays_of, vocabulary_at
from tutor.engine.graph import Graph, Node, Use
from tutor.engine.operation import Fixed
from tutor.engine.passes import Gradients, PassError, arguments_at, backward, forward, local_derivative
from tutor.engine.values import Shape, Value, shape_of
from tutor.language import Expression, Name, Vocabulary, show
from tutor.language.array_products import with_signs
from tutor.language.tree import rename
from tutor.library.problem import Problem
from tutor.questions.backprop.answer_names import LOCAL, UPSTREAM, AnswerNames
from tutor.questions.backprop.staging import Staging, StagingFollower
from tutor.questions.blank import LOCAL_KEY, Answers
from tutor.questions.gradient_names import spellings, written

STAGING = "staging"
"""The key of the one blank of the stage step."""


class References:
    """The references by staging; each is made once."""

    def __init__(self, problem: Problem, staged: bool) -> None:
        self._problem = problem
        self._staged = staged
        self._own = Reference(problem, problem.graph)
        self._last: tuple[str, Reference] | None = None
        self._follower = StagingFollower(problem)
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
            self._followed = (text, self._follower.follow(text))
        return self._followed[1]


def value_key(name: str) -> str:
    """The blank of a gate's forward value."""
    return f"value:{name}"


def total_key(name: str) -> str:
    """The blank of a value's gradient."""
    return f"total:{name}"


def local_key(gate: str, port: int) -> str:
    """The blank of a local derivative."""
    return f"{LOCAL_KEY}:{gate}.{port}"


def down_key(gate: str, port: int) -> str:
    """The blank of a downstream."""
    return f"down:{gate}.{port}"


@dataclass(frozen=True, slots=True)
class KeyParts:
    """Where the blank of a key is: what is asked, at which value or gate, at which argument of the gate."""

    kind: str
    name: str = ""
    port: int | None = None


def key_parts(key: str) -> KeyParts:
    """What the keys above are made of; a key of another blank is its kind."""
    kind, _, where = key.partition(":")
    name, _, port = where.partition(".")
    return KeyParts(kind, name, int(port) if port.isdecimal() else None)


@dataclass(frozen=True)
class Scope:
    """The gradients that an answer in one blank may be written in, as `∂f/∂q` -> position; their other spellings.

    `local` is the wire whose local derivative is multiplied by what arrives.
    """

    gradients: Mapping[str, int]
    aliases: Mapping[str, str]
    local: Use | None = None


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
    kept: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)
    """What has been worked out from this alone, by keys of those who did."""

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

    @cached_property
    def still(self) -> frozenset[int]:
        """The constants, and the gates that only constants go into: no gradient is asked for them."""
        found: set[int] = set()
        for position, node in enumerate(self.graph.nodes):
            sources = [argument for argument in node.arguments if isinstance(argument, int)]
            if node.name in self.problem.constants if node.gate is None else found.issuperset(sources):
                found.add(position)
        return frozenset(found)

    @cached_property
    def variables(self) -> tuple[int, ...]:
        """The inputs whose gradients are asked for."""
        return tuple(position for position in self.graph.inputs if position not in self.still)

    def branches(self, gate: int) -> tuple[Use, ...]:
        """The wires along which a gate sends a gradient down: not those from constants."""
        return tuple(use for use in self.wires(gate) if self.source(use) not in self.still)

    @cached_property
    def backward_gates(self) -> tuple[int, ...]:
        """The gates whose gradients are asked for, from the output back."""
        return tuple(gate for gate in reversed(self.graph.gates) if gate not in self.still)

    def source(self, use: Use) -> int:
        """Which value a wire comes from."""
        argument = self.graph.nodes[use.gate].arguments[use.port]
        assert isinstance(argument, int)
        return argument

    def names_at(self, values: Sequence[Value], before: int | None = None) -> dict[str, Value]:
        """Name -> value, for all nodes or those before a position."""
        return {node.name: value for node, value in zip(self.graph.nodes[:before], values, strict=False)}

    def scope(self, key: str) -> Scope:
        """The gradients an answer may use: those of values behind the one that is asked for."""
        if ("scope", key) not in self.kept:
            self.kept["scope", key] = self._scope(key)
        scope: Scope = self.kept["scope", key]
        return scope

    def _scope(self, key: str) -> Scope:
        at = key_parts(key)
        if at.kind == "total":
            first, use = self.graph.positions[at.name] + 1, None
        elif at.port is not None:  # the whole counts at each of its pieces, so its names are known there
            use = Use(self.graph.positions[at.name], at.port)
            first = self.source(use) + 1
        elif at.kind == "step":
            first, use = 0, None
        else:
            return Scope({}, {})
        behind = tuple(node.name for node in self.graph.nodes[first:])
        known = frozenset(self.graph.positions)
        f = self.output_name
        gradients = {written(f, each): self.graph.positions[each] for each in behind}
        aliases = dict(spellings(behind, f, known))
        local = None
        if use is not None:
            node = self.gate_node(use.gate)
            asks_down = at.kind == "down" and node.gate is not None and node.gate.elementwise
            local = use if asks_down else None
            words = {**dict.fromkeys(UPSTREAM, written(f, at.name)), **({LOCAL: LOCAL} if local else {})}
            aliases.update({word: meant for word, meant in words.items() if word not in known})
        return Scope(gradients, aliases, local if LOCAL not in known else None)

    def names_on(self, on: Pass, key: str, before: int | None = None) -> AnswerNames:
        """What an answer may be written in, with the true numbers of a pass."""
        scope = self.scope(key)
        find: dict[str, Callable[[], Value] | None] = {
            name: partial(on.gradients.totals.__getitem__, position) for name, position in scope.gradients.items()
        }
        if scope.local is not None:
            find[LOCAL] = partial(self.local, scope.local, on)
        return self.answer_names(self.names_at(on.values, before), find, key)

    def answer_names(
        self, values: Mapping[str, Value], find: Mapping[str, Callable[[], Value] | None], key: str
    ) -> AnswerNames:
        """These values and gradients as what an answer may be written in, products read by the shapes here.

        What a text says depends on the blank and on which names have values; it is read once for all passes.
        """
        scope = self.scope(key)
        readings = self.kept.setdefault(("readings", key, len(values)), {})
        shapes = {name: shape_of(self.value(position)) for name, position in scope.gradients.items()}
        if scope.local is not None:
            shapes[LOCAL] = shape_of(self.value(scope.local.gate))
        return AnswerNames(
            values, find, scope.aliases, shapes, entrywise_powers=self.problem.entrywise_powers, readings=readings
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The language with every node's name known, products of arrays read by the shapes here."""
        return vocabulary_at(self.names_at(self.here.values), entrywise_powers=self.problem.entrywise_powers)

    def shown(self, tree: Expression, **shapes: Shape) -> str:
        """A tree of the program's own as text that reads as the same tree; with shapes for names of no node."""
        known = {name: shape_of(value) for name, value in self.names_at(self.here.values).items()}
        return show(with_signs(tree, arrays_of(known | shapes, entrywise_powers=self.problem.entrywise_powers)))

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
