"""Equations that make no graph, mended so that the answers after them can be marked all the same.

A line of several operations is split as the program itself stages it. A line that cannot be used is left out, and what
is missing is the program's own: a value of the learner's that is one of the function's takes its place by its numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.engine.gates import arrays_of
from tutor.engine.graph import Graph
from tutor.engine.passes import PassError, forward
from tutor.engine.staging import free_names, stage
from tutor.engine.values import Value, shape_of
from tutor.language import Expression, Name, names_in, show
from tutor.language.array_products import with_signs
from tutor.language.tree import rename
from tutor.library.problem import Problem
from tutor.questions.backprop.staging import Line, Staging, StagingFollower, equation_lines

_MOST_LINES = 60


@dataclass(frozen=True)
class MendedStaging:
    """Equations without a fault, and what is not as the learner has it."""

    equations: str
    added: frozenset[str]
    """Names of values to which the learner's equations give none; the function's own is everyone's."""

    dropped: bool
    """Whether a line was left out; else lines were split only."""


def mended(problem: Problem, text: str) -> MendedStaging:
    """The learner's equations as far as they can be used, as equations that end in a function; raises nothing."""
    written = [line for _, line in equation_lines(text)][:_MOST_LINES]
    taken = {problem.function.name, *problem.function.parameters, *re.findall(r"[^\W\d]\w*", text)}
    follower = StagingFollower(problem)
    lines: list[str] = []
    added: set[str] = set()
    dropped = not written
    for line in written:
        staging = follower.follow("\n".join([*lines, line]))
        last = staging.lines[-1]
        parts = [line] if last.verdict is None else list(_split(problem, staging, last, taken | added))
        if parts and follower.follow("\n".join([*lines, *parts])).fault is None:
            lines += parts
            added |= {_target(part) for part in parts[:-1]}
        else:
            dropped = True
    if not dropped:
        return MendedStaging("\n".join(lines), frozenset(added), dropped)
    graph = follower.follow("\n".join(lines)).graph
    whole, more = _completed(problem, graph, lines, taken | added)
    return MendedStaging("\n".join(whole), frozenset(added | more), dropped)


def _target(line: str) -> str:
    return line.partition("=")[0].partition("(")[0].strip()


def _split(problem: Problem, staging: Staging, last: Line, taken: set[str]) -> Iterator[str]:
    """A line's operations, one a line; nothing where it is no equation. What has a line already keeps its name."""
    if last.equation is None:
        return
    try:
        staged = stage(last.equation.expression, last.equation.target.name, sorted(taken))
    except ValueError:
        return
    values = {node.name: value for node, value in zip(staging.graph.nodes, forward(staging.graph, problem.inputs),
              strict=True)}  # fmt: skip
    named = {show(one.equation.expression): one.equation.target for one in staging.lines[:-1] if one.equation}
    fresh: dict[str, Expression] = {}
    for equation in staged:
        expression = rename(equation.expression, fresh)
        there = named.get(show(expression))
        if there is not None and equation.target != last.equation.target:
            fresh[equation.target.name] = there
        else:
            yield _written(equation.target.name, expression, values)


def _written(name: str, expression: Expression, values: Mapping[str, Value]) -> str:
    arrays = arrays_of({known: shape_of(value) for known, value in values.items()})
    return f"{name} = {show(with_signs(expression, arrays))}"


def _completed(problem: Problem, graph: Graph, lines: Sequence[str], taken: set[str]) -> tuple[list[str], set[str]]:
    """The lines with what of the program's own staging is missing to the function, and the names of that."""
    f, same = problem.function.name, _same_values(problem, graph)
    own = {equation.target.name: equation.expression for equation in problem.staging}
    if f in same:  # what comes after it goes too far
        last = [_target(line) for line in lines].index(same[f])
        return [*lines[: last + 1]], set()
    kept = [line for line in lines if _target(line) != f]
    needed = _needed(f, own, same)
    spare = free_names(taken | set(own))
    called = {**same, **{name: next(spare) if name in taken - {f} else name for name in needed}}
    fresh: dict[str, Expression] = {name: Name(meant) for name, meant in called.items()}
    values = {called.get(node.name, node.name): value for node, value in
              zip(problem.graph.nodes, problem.values, strict=True)}  # fmt: skip
    more = [_written(called[name], rename(own[name], fresh), values) for name in own if name in needed]
    return [*kept, *more], {called[name] for name in needed} - {f}


def _needed(f: str, own: Mapping[str, Expression], same: Mapping[str, str]) -> set[str]:
    """The values of the program's own staging on which the function hangs, but for what the learner has."""
    needed: set[str] = set()
    open_names = [f]
    while open_names:
        name = open_names.pop()
        if name in own and name not in same and name not in needed:
            needed.add(name)
            open_names += names_in(own[name])
    return needed


def _same_values(problem: Problem, graph: Graph) -> dict[str, str]:
    """The program's name -> the learner's, of gates with one value at the exercise's inputs and near them."""
    rows: list[tuple[Sequence[Value], Sequence[Value]]] = []
    for inputs in (problem.inputs, *problem.draws):
        try:
            rows.append((forward(problem.graph, inputs), forward(graph, inputs)))
        except PassError:
            continue
    gates = [position for position, node in enumerate(graph.nodes) if node.gate is not None]
    found: dict[str, str] = {}
    for own in problem.graph.gates:
        for mine in gates:
            if rows and all(_equal(one[own], other[mine]) for one, other in rows):
                found.setdefault(problem.graph.nodes[own].name, graph.nodes[mine].name)
    return found


def _equal(one: Value, other: Value) -> bool:
    return shape_of(one) == shape_of(other) and np.allclose(one, other, rtol=1e-9, atol=1e-12)
