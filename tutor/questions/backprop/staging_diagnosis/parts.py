"""Which lines of a staging have a value that the function, as it is written, has on its way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tutor.engine.values import Value
from tutor.language import walk
from tutor.library.problem import Problem
from tutor.questions.backprop.staging import Staging
from tutor.questions.backprop.staging_diagnosis.contexts import contexts
from tutor.questions.backprop.staging_diagnosis.search import Search

_LARGEST = 200
"""Nodes of a function whose parts are looked at; of a larger one every line may be a part."""


def lines_of_parts(problem: Problem, staging: Staging) -> frozenset[int]:
    """The numbers of those lines, counted from 0: of a right staging those that are used.

    A part may be turned over or have the other sign, as a quotient is a product with 1/t. A line that is none of these
    may still be on a way of its own, which shows when the whole is right.
    """
    numbers = {line.equation.target.name: line.number for line in staging.lines if line.equation is not None}
    graph = staging.graph
    if staging.complete:
        unused = {graph.nodes[position].name for position in graph.unused}
        return frozenset(number for name, number in numbers.items() if name not in unused)
    truth = problem.function.expression
    gates = [position for position, node in enumerate(graph.nodes) if node.gate is not None]  # used yet or not
    if not gates or sum(1 for _ in walk(truth)) > _LARGEST:
        return frozenset(numbers.values())
    search = Search(problem, graph)
    with np.errstate(all="ignore"):
        parts = [search.values(each.node) for each in contexts(truth)]
        turns: tuple[Callable[[Value], Value], ...] = (np.negative, np.reciprocal)
        others = [[turn(value) for value in part] for part in parts for turn in turns]
        return frozenset(
            numbers[graph.nodes[position].name]
            for position in gates
            if any(search.same(search.line(position), part) for part in (*parts, *others))
        )
