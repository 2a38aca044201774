"""New functions as exercises: drawn from a grammar of gates, valued, proven, named by what was asked and a seed.

`practice/exp-fork-mul-3@7` is the seventh function of level 3 with exp, a multiplication and a fork; the same on every
machine. `generated` makes it: a tree from `function_grammar.py`, numbers for its inputs, and of both the first that is
fit to be worked: friendly numbers, no kink, a gradient at every gate, no likely mistake that gives the right answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tutor.engine.gates import GATES
from tutor.library import BadFile, Exercise
from tutor.library.format import BackpropTable, ExerciseFile, Given
from tutor.library.problem import Problem, problem_in
from tutor.practice.draws import Draws
from tutor.practice.function_grammar import GrownFunction, Misfit, grow
from tutor.practice.gate_request import GateRequest, NoSuchFunction, request_in
from tutor.practice.proof import digits_of, has_fit_numbers, many_still, mistakes_hidden
from tutor.practice.seeds import PRACTICE, NoVariant, variant_id

_TREES = 300
"""Functions drawn at most before it is said that there is none."""
_EXACT_TREES = 20
"""Functions drawn before numbers may have many digits though all is exact: a third is one that goes on."""
_PATIENCE = 100
"""Functions drawn before one of another operation more is: two gates that each give a number need one to join them."""
_NUMBERS = 5
"""Draws of numbers for one function."""
_ENOUGH = 8
"""Usable functions after which the best is taken, though mistakes still hide at it."""
_MOST_DIGITS = 3
"""Digits after the point of the values of a function that can be worked exactly."""
_EXACT = frozenset({
    "add", "sub", "neg", "mul", "div", "max", "min", "abs", "relu", "scale", "shift", "shift_down", "reflect", "power",
    "pow", "matmul", "sum", "dot",
})  # fmt: skip
"""Gates that are best worked with small whole numbers; the others have decimals below 2."""


def request_of(id: str) -> GateRequest:
    """What was asked for, by an id without its seed. Raises NoVariant for gates or a level that there are not."""
    try:
        return request_in(id)
    except NoSuchFunction as why:
        raise NoVariant(str(why)) from None


def is_generated(exercise: Exercise) -> bool:
    """Whether an exercise was made here, rather than read from a file of somebody's."""
    return exercise.topic == PRACTICE and exercise.path == Path()


def generated(request: GateRequest, seed: int) -> Exercise:
    """The exercise of this seed. Raises NoVariant where none was found."""
    best: tuple[int, BackpropTable] | None = None
    for usable, (table, problem) in enumerate(fit_functions(request, (request.id, seed), _moves), 1):
        hidden = mistakes_hidden(problem)
        if best is None or hidden < best[0]:
            best = hidden, table
        if not hidden or usable == _ENOUGH:
            break
    if best is None:
        raise NoVariant(
            f"No function of level {request.level} was found with {request.title} and numbers that are easy to work "
            "with. Ask for fewer gates, or another level."
        )
    return _exercise(request, seed, best[1])


def fit_functions(
    request: GateRequest, key: tuple[str | int, ...], fits: Callable[[Problem], bool], trees: int = _TREES
) -> Iterator[tuple[BackpropTable, Problem]]:
    """Functions at numbers at which they are fit to be worked, and `fits`; of so many trees, none twice.

    The same key gives the same ones everywhere.
    """
    for attempt in range(trees):
        draws = Draws(*key, attempt)
        try:
            grown = grow(request, draws, more=attempt // _PATIENCE)
        except Misfit:
            continue
        problem = None
        for _ in range(_NUMBERS):
            at = _numbers(grown, request, draws)
            table = BackpropTable(function=f"f({', '.join(grown.shapes)}) = {grown.body}", at=at, let=grown.let)
            try:
                problem = problem_in(table) if problem is None else problem.at(at)
            except BadFile:
                continue
            if not _is_as_asked(problem, request):
                break  # whatever the numbers
            if has_fit_numbers(problem) and fits(problem) and (attempt >= _EXACT_TREES or not _goes_on(problem)):
                yield table, problem
                break


def _exercise(request: GateRequest, seed: int, table: BackpropTable) -> Exercise:
    file = ExerciseFile(
        title=f"{request.title}, level {request.level} (seed {seed})",
        level=request.level,
        prompt="A function made for practice.",
        function=table.function,
        at=table.at,
        let=table.let,
    )
    return Exercise(variant_id(request.id, seed), Path(), file, PRACTICE)


# Numbers


def _numbers(grown: GrownFunction, request: GateRequest, draws: Draws) -> dict[str, Given]:
    """Small whole numbers where all can be worked exactly, decimals below 2 elsewhere; half of the time positive."""
    whole = all(gate in _EXACT for gate in request.gates) and draws.below(4) > 0
    positive = draws.below(2) == 0 and all(GATES[gate].kinks is None for gate in request.gates)
    numbers = sum(not shape for shape in grown.shapes.values())
    largest = max(6 if request.level < 3 and not request.for_arrays else 4, numbers + 2)
    return {name: _drawn(shape, draws, largest if whole else 0, positive) for name, shape in grown.shapes.items()}


def _drawn(shape: tuple[int, ...], draws: Draws, largest: int, positive: bool) -> Given:
    """A number or an array; whole up to `largest`, decimals where that is 0."""
    if shape:
        return draws.apart(lambda: _drawn(shape[1:], draws, largest, positive), shape[0])
    sign = 1 if positive or draws.below(3) else -1
    if largest:
        return sign * draws.between(2, largest)
    return sign * draws.choice([tenth for tenth in range(2, 25) if tenth not in (10, 20)]) / 10


# Proving


def _is_as_asked(problem: Problem, request: GateRequest) -> bool:
    """Whether the gates asked for are there, and a fork where one was."""
    return _has_gates(problem, request) and _forks(problem) == request.forks


def _moves(problem: Problem) -> bool:
    """Whether all of it moves the function."""
    return not many_still(problem)


def _goes_on(problem: Problem) -> bool:
    """Whether numbers that could be exact have many digits."""
    return all(_is_exact(problem, gate) for gate in problem.graph.gates) and digits_of(problem) > _MOST_DIGITS


def _keys(problem: Problem) -> Iterator[str]:
    for gate in problem.graph.gates:
        entry = problem.graph.nodes[gate].gate
        assert entry is not None
        yield entry.key


def _has_gates(problem: Problem, request: GateRequest) -> bool:
    there = Counter(_keys(problem))
    for key, many in Counter(request.gates).items():
        special = sum(count for one, count in there.items() if GATES[one].specialises == key)
        if there[key] + special < many:
            return False
    return True


def _forks(problem: Problem) -> bool:
    return any(len(uses) > 1 for uses in problem.graph.uses)


def _is_exact(problem: Problem, gate: int) -> bool:
    entry = problem.graph.nodes[gate].gate
    return entry is not None and (entry.key in _EXACT or entry.specialises in _EXACT)
