"""Small functions about one gate, or one fork, on numbers drawn for it: what single blanks are asked of.

A skill and a stream of draws go in; the table of a function that asks one pass comes out. Quick, since a review may
not be waited for: instead of trying all mistakes, as `proof.py` does, the numbers are kept apart from one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

import numpy as np

from tutor.engine.gates import GATES, shape_made
from tutor.engine.values import Shape
from tutor.language import Apply, Expression, Name, Number, show
from tutor.library import BadFile
from tutor.library.format import BackpropTable, Given
from tutor.library.problem import Problem, problem_in
from tutor.practice.draws import Draws
from tutor.practice.proof import is_manageable, near_kink
from tutor.practice.skills import FORK, Skill

_TRIES = 24
_SMALLEST = 0.01
"""Gradients and values smaller than this teach nothing: a gate that is saturated, a slope that is all but flat."""
_ARGUMENTS = ("x", "y", "z")
WORKED_WHOLE = frozenset({"add", "sub", "neg", "mul", "div", "max", "min", "abs", "relu", "ln", "sqrt"})
"""Gates that are best worked with small whole numbers; the others have decimals below 2."""
_SHAPES: Sequence[Shape] = ((3,), (2, 2), (2, 3), (3, 2))
_FORKS = (
    "(x + y)·x", "x·y + x", "x·(y − x)", "x^2 + x·y", "(x·y)·(x + y)", "x/y + x", "exp(x)·x", "ln(x)·x + y",
    "(x + y)·(x − y)", "x·σ(x)", "sin(x) + x·y",
)  # fmt: skip
STAGINGS = (
    "(x + y)·z", "x·y + z", "(x − y)/z", "exp(x·y)", "ln(x + y)", "σ(w·x + b)", "(x·y)^2", "1/(x + y)", "x·sin(y)",
    "√(x·y) + z", "(x + y)^2·z", "tanh(w·x)", "x/(y + z)", "exp(−x·y)", "(ln(x) + y)^2", "max(x·y, z)",
)  # fmt: skip
"""Functions of two to four operations to be taken apart, or to be written in NumPy."""


def can_make(skill: Skill) -> bool:
    """Whether there is a small function about a skill."""
    if skill == Skill(FORK):
        return True
    gate = GATES.get(skill.gate)
    return gate is not None and not skill.is_idea and next(_applications(skill.gate), None) is not None


def small_graph(skill: Skill, draws: Draws) -> BackpropTable | None:
    """A function in which a skill is wanted, that asks the pass it belongs to; None where none was found."""
    step = "forward" if skill.part == "forward" else "backward"
    functions = list(_functions(skill))
    for _ in range(_TRIES if functions else 0):
        body, shapes = draws.choice(functions)
        whole = skill.gate in WORKED_WHOLE or (skill.gate == FORK and not re.search(r"\w\(", body))
        table = _drawn(body, shapes, (step,), draws, whole=whole)
        if table is not None:
            return table
    return None


def small_function(draws: Draws, step: str) -> BackpropTable | None:
    """A function of a few operations to be staged, or to be written as a program; None where none was found."""
    for _ in range(_TRIES):
        body = draws.choice(STAGINGS)
        if table := _drawn(body, dict.fromkeys(_names_in(body), ()), (step,), draws, whole=False):
            return table
    return None


# Functions


def _names_in(body: str) -> list[str]:
    """The inputs of one of the bodies above: letters that stand alone."""
    return sorted(set(re.findall(r"\b[a-z]\b", body)))


def _functions(skill: Skill) -> Iterator[tuple[str, dict[str, Shape]]]:
    """Function bodies with the shapes of their inputs."""
    if skill.gate == FORK:
        for body in _FORKS:
            yield body, dict.fromkeys(_names_in(body), ())
        return
    for applied, shapes, made in _applications(skill.gate):
        for around, more in _around(skill.gate, applied, made):
            yield show(around), {**shapes, **more}


_X, _Y, _W = map(Name, "xyw")
_TWO = Number(Fraction(2), "2")
_BOTH = Apply("mul", (_X, _Y))


def _around(gate: str, applied: Apply, made: Shape) -> Iterator[tuple[Expression, dict[str, Shape]]]:
    """What is done with a gate's value, so that what arrives from above is a number of its own; and further inputs."""
    if made:
        yield Apply("sum", (Apply("mul", (_W, applied)),)), {"w": made}
        return
    inner = [(applied, dict[str, Shape]())]
    if GATES[gate].elementwise and len(applied.arguments) == 1:
        inner.append((Apply(gate, (_BOTH,)), {"y": ()}))
    for expression, more in inner:
        if gate != "mul":
            yield Apply("mul", (_W, expression)), {**more, "w": ()}
        if gate != "div":
            yield Apply("div", (expression, _W)), {**more, "w": ()}
    if gate == "mul":
        yield Apply("pow", (applied, _TWO)), {}
        yield Apply("pow", (Apply("add", (applied, _W)), _TWO)), {"w": ()}


def _applications(gate: str) -> Iterator[tuple[Apply, dict[str, Shape], Shape]]:
    """The gate applied to names, with shapes that fit it and the shape it makes."""
    entry = GATES[gate]
    names = _ARGUMENTS[: len(entry.arguments)]
    applied = Apply(gate, tuple(map(Name, names)))
    try:
        show(applied)
    except KeyError:  # it is written with options of its own, such as an index
        return
    if entry.elementwise:
        yield applied, dict.fromkeys(names, ()), ()
        return
    for shapes in product(_SHAPES, repeat=len(names)):
        made = shape_made(gate, shapes)
        if made is not None and len(made) < 2:
            yield applied, dict(zip(names, shapes, strict=True)), made


# Numbers


def _drawn(
    body: str, shapes: dict[str, Shape], steps: tuple[str, ...], draws: Draws, *, whole: bool
) -> BackpropTable | None:
    """The function at drawn numbers; None where it is not fit to be worked there."""
    at = {name: _array(draws, shape, whole=whole) for name, shape in shapes.items()}
    table = BackpropTable(function=f"f({', '.join(at)}) = {body}", at=at, steps=steps)  # type: ignore[arg-type]
    try:
        problem = problem_in(table)
    except BadFile:
        return None
    return table if has_fit_numbers(problem) else None


def _array(draws: Draws, shape: Shape, *, whole: bool) -> Given:
    if shape:
        return [_array(draws, shape[1:], whole=whole) for _ in range(shape[0])]
    if whole:
        return draws.between(3, 9) * (-1 if draws.below(5) == 0 else 1)
    tenths = draws.choice([tenth for tenth in range(2, 20) if tenth != 10])
    return (-tenths if draws.below(4) == 0 else tenths) / 10


def has_fit_numbers(problem: Problem) -> bool:
    """Whether its numbers are friendly, away from kinks, and tell likely mistakes from right answers."""
    if near_kink(problem) or not is_manageable(problem):
        return False
    graph, gradients = problem.graph, problem.gradients
    inputs = [float(value) for value in problem.inputs.values() if not np.ndim(value)]
    if len(set(map(abs, inputs))) < len(inputs):
        return False  # a mistake that takes one for another would look right
    totals = [np.ravel(gradients.totals[position]) for position in (*graph.inputs, *graph.gates)]
    if any(np.any((total != 0) & (np.abs(total) < _SMALLEST)) for total in totals):
        return False  # an exact 0 says something: nothing is sent back
    scalars = [abs(float(problem.values[gate])) for gate in graph.gates if not np.ndim(problem.values[gate])]
    return all(value > _SMALLEST for value in scalars)
