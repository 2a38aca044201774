"""Numbers for an author: near those of the exercise, easy by hand, and such that likely mistakes differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from math import isclose

from tutor.engine.passes import PassError, backward, forward
from tutor.library.problem import Problem
from tutor.questions.backprop.reference import Reference
from tutor.questions.backprop.spurious_match import hidden_by_numbers

_MOST_CHANGED = 3
_MOST_TRIED = 300
_MOST_LOOKED_AT = 5
"""How often, for one number of inputs that change, all the mistakes of every gate are worked out."""

_NEAR = 6
"""How far a number may move."""

_CHOICES = 12
"""Values of each input that are tried where several change."""

_OF_A_HALF = 1.5
_OF_A_TENTH = 2.5


def better_numbers(problem: Problem, complaints: Callable[[Problem], Sequence[object]]) -> dict[str, float]:
    """Values for as few inputs as can be at which there are no complaints; {} where none are found nearby.

    Of those the nearest, whole numbers before tenths. The same each time.
    """
    tried, looked_at = Counter[int](), Counter[int]()
    for changed in _nearest(problem):
        many = len(changed)
        if tried[many] == _MOST_TRIED or looked_at[many] == _MOST_LOOKED_AT:
            continue
        tried[many] += 1
        there = _moved(problem, changed)
        if there is None or complaints(there) or not _slips_differ(there):
            continue
        looked_at[many] += 1
        if not hidden_by_numbers(Reference(there, there.graph)).said:
            return changed
    return {}


def _nearest(problem: Problem) -> Iterator[dict[str, float]]:
    """Other values for one input, then for two, and so on; the nearest first."""
    graph = problem.graph
    names = [graph.nodes[position].name for position in graph.inputs if graph.uses[position]]
    numbers = {name: value for name in names if isinstance(value := problem.inputs[name], float)}
    for many in range(1, min(len(numbers), _MOST_CHANGED) + 1):
        found = [
            (sum(cost for cost, _ in chosen), dict(zip(group, (value for _, value in chosen), strict=True)))
            for group in combinations(numbers, many)
            for chosen in product(*(_friendly(numbers[name])[: _CHOICES if many > 1 else None] for name in group))
        ]
        found.sort(key=lambda one: one[0])
        yield from (changed for _, changed in found)


def _friendly(value: float) -> list[tuple[float, float]]:
    """Values that are easy by hand, each with what it costs to go there: whole numbers, halves and tenths."""
    middle = round(value)
    whole = [float(each) for each in range(middle - _NEAR, middle + _NEAR + 1)]
    tenths = [round(middle + step / 10, 1) for step in range(-3 * _NEAR, 3 * _NEAR + 1)]
    costs = {each: abs(each - value) + _effort(each) + _NEAR * (value * each < 0) for each in (*whole, *tenths)}
    return sorted((cost, each) for each, cost in costs.items() if each != value)


def _effort(value: float) -> float:
    """How much harder than a whole number a value is by hand."""
    return 0.0 if value.is_integer() else _OF_A_HALF if (2 * value).is_integer() else _OF_A_TENTH


def _moved(problem: Problem, changed: Mapping[str, float]) -> Problem | None:
    """The exercise at other inputs; None where it has no value there."""
    inputs = {**problem.inputs, **changed}
    if any(inputs[name] <= 0 for name in problem.positive):
        return None
    try:
        values = tuple(forward(problem.graph, inputs))
        return replace(problem, inputs=inputs, values=values, gradients=backward(problem.graph, values))
    except PassError:
        return None


def _slips_differ(problem: Problem) -> bool:
    """Whether, at every wire, what people give by mistake differs where at other numbers it would."""
    graph = problem.graph
    elsewhere = [backward(graph, forward(graph, draw)) for draw in problem.draws]
    for gate in graph.gates:
        for port, share in enumerate(problem.gradients.shares[gate]):
            here = _likely(problem.gradients.totals[gate], share)
            there = [_likely(each.totals[gate], each.shares[gate][port]) for each in elsewhere]
            for one, other in combinations(range(len(here)), 2):
                if isclose(here[one], here[other], rel_tol=1e-3) and not all(
                    isclose(each[one], each[other], rel_tol=1e-3) for each in there if each
                ):
                    return False
    return True


def _likely(upstream: object, share: object) -> list[float]:
    """The right number, the upstream alone, the local derivative alone, the two added; none where there are arrays."""
    if not (isinstance(upstream, float) and isinstance(share, float)) or not upstream:
        return []
    local = share / upstream
    return [share, upstream, local, upstream + local, -share]
