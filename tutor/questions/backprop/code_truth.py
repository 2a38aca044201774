"""What the code step knows of a trial: both passes of each graph, and which of its gates' mistakes gives a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property

import numpy as np

from tutor.diagnosis import TrueGraph
from tutor.diagnosis.evidence import close, is_gradient
from tutor.engine.passes import PassError, arguments_at, backward, forward, local_derivative
from tutor.engine.values import Value, all_finite, shape_of
from tutor.judging.misconceptions import Misconception
from tutor.judging.mistake_texts import clause, question
from tutor.language import Expression
from tutor.language.tree import Apply, Number
from tutor.questions.backprop.candidates import total_candidates, value_candidates
from tutor.questions.backprop.reference import Pass
from tutor.questions.backprop.reference import Reference as GraphReference
from tutor.questions.backprop.value_source import ValueSource
from tutor.questions.code.comparing import same
from tutor.questions.python_text import python_name


def numbers_of(expression: Expression) -> set[float]:
    """The numbers of a function that a program may lack: 0.01, 0.3; not 0 and 1."""
    if isinstance(expression, Number):
        return {float(expression.value)} - {0.0, 1.0}
    inner = expression.arguments if isinstance(expression, Apply) else ()
    return set[float]().union(*(numbers_of(each) for each in inner))


class Truths:
    """Both passes of the learner's graph and of the program's own, on each trial, made when they are asked for."""

    def __init__(
        self, graphs: Sequence[GraphReference], trials: Sequence[Mapping[str, Value]], parameters: Sequence[str]
    ) -> None:
        self._graphs, self._trials, self._parameters = graphs, trials, parameters
        self._passes = cache(self._made)

    def _made(self, reference: int, trial: int) -> Pass | None:
        graph = self._graphs[reference].graph
        try:
            values = tuple(forward(graph, self._trials[trial]))
            return Pass(values, backward(graph, values))
        except (PassError, KeyError, ValueError):
            return None

    @cached_property
    def references(self) -> list[list[TrueGraph]]:
        """The graphs, for each trial."""
        return [
            [
                self._reference(reference, made)
                for reference in range(len(self._graphs))
                if (made := self._passes(reference, trial))
            ]
            for trial in range(len(self._trials))
        ]

    def _reference(self, number: int, made: Pass) -> TrueGraph:
        names = self._names(number)
        shares = [share for row in made.gradients.shares for share in row if share is not None]
        nodes = tuple(zip(names, made.values, made.gradients.totals, strict=True))
        return TrueGraph(nodes, (*shares, *self._slopes(number, made)))

    def _slopes(self, number: int, made: Pass) -> Iterator[Value]:
        graph = self._graphs[number].graph
        for gate in graph.gates:
            node = graph.nodes[gate]
            if node.gate is None or not node.gate.elementwise:
                continue
            for port, argument in enumerate(node.arguments):
                if isinstance(argument, int):
                    slope = local_derivative(node, port, made.values[gate], arguments_at(node, made.values))
                    if all_finite(slope):
                        yield slope

    def explain(
        self, name: str, mine: Value, truth: Value, trial: int, in_forward: bool
    ) -> tuple[str, str, str] | None:
        """The mistake at a gate or a fork that gives `mine` for `truth`: a clause, a question, its name.

        Of several nodes with that truth, the one that the variable's name says comes first, then gates.
        """
        for number, reference in enumerate(self._graphs):
            made = self._passes(number, trial)
            if made is None:
                continue
            known = made.values if in_forward else made.gradients.totals
            for position in self._in_order(number, name, in_forward):
                if shape_of(known[position]) == shape_of(truth) and close(truth, known[position], 1e-5):
                    way = _way(reference, made, position, mine, in_forward)
                    if way is not None:
                        return clause(way), question(way), way.key
        return None

    def _in_order(self, number: int, name: str, in_forward: bool) -> list[int]:
        graph = self._graphs[number].graph
        names = self._names(number)
        outputs = [names[-1], "f", "out"]

        def rank(position: int) -> tuple[bool, bool]:
            own = names[position]
            is_named = bool(own) and (name == own if in_forward else is_gradient(name, own, outputs))
            return not is_named, graph.nodes[position].gate is None

        return sorted(range(len(names)), key=rank)

    def _names(self, number: int) -> list[str]:
        graph = self._graphs[number].graph
        names = [python_name(node.name) for node in graph.nodes]
        for position, parameter in zip(graph.inputs, self._parameters, strict=True):
            names[position] = parameter
        return names


def _way(reference: GraphReference, made: Pass, position: int, mine: Value, in_forward: bool) -> Misconception | None:
    graph = reference.graph
    if in_forward and graph.nodes[position].gate is None:
        return None
    reference, numbers = GraphReference(reference.problem, graph), ValueSource.of_pass(made)
    right = made.values[position] if in_forward else made.gradients.totals[position]
    with np.errstate(all="ignore"):
        ways = (
            value_candidates(reference, position, numbers)
            if in_forward
            else total_candidates(reference, position, numbers, with_gates=True)
        )
        for way in ways:
            if shape_of(way.gives) == shape_of(mine) and same(mine, way.gives) and not same(way.gives, right):
                return way
    return None
