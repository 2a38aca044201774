"""Remarks for the author of a function: numbers and shapes that hide mistakes, better ones, keys without effect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from math import isclose

import numpy as np

from tutor.engine.passes import PassError, backward, forward
from tutor.engine.pattern import occurs
from tutor.engine.values import Value, exactly, shape_of, show_shape
from tutor.library.format import BackpropTable, CodeTable
from tutor.library.problem import Problem
from tutor.questions.backprop.reference import Reference
from tutor.questions.backprop.spurious_match import HiddenMistakes, hidden_by_numbers, hidden_by_shapes
from tutor.questions.inflect import counted, listed

_STEPS = ("stage", "forward", "backward", "code", "descend")


def notes(table: BackpropTable, problem: Problem) -> Iterator[tuple[str, str]]:
    """Keys of the table, and what about them."""
    asked = set(table.asked)
    plain = list(_about_inputs(problem)) if {"forward", "backward", "descend"} & asked else []
    yield from _with_better(problem, plain)
    # Numbers such as 0, 1 and 2 hide mistakes of which that note tells already.
    if "backward" in asked and (problem.has_arrays or not plain):
        yield from _about_mistakes(hidden_by_numbers(Reference(problem, problem.graph)))
    if {"backward", "code"} & asked and problem.has_arrays:
        yield from _about_shapes(hidden_by_shapes(Reference(problem, problem.graph)))
    yield from _about_kinks(problem)
    for text, template in zip(table.whole, problem.whole, strict=True):
        if not occurs(template, problem.function.expression):
            yield "whole", f"{text} does not occur in the function as it is written, so it may have no effect"
    if shape_of(problem.output):
        yield (
            "function",
            (
                f"its value is an array of shape {show_shape(shape_of(problem.output))}, so the gradients are those "
                "of the sum of its entries; write sum(...) or mean(...) around it to make that plain"
            ),
        )
    for key, there in (("code", table.code != CodeTable()), ("descend", table.descend is not None)):
        if there and key not in table.asked:
            yield key, f"this step is not asked here; the steps are {', '.join(table.asked)}"
    for key in table.hints:
        if key in _STEPS and key not in table.asked:
            yield f"hints.{key}", f"this step is not asked here; the steps are {', '.join(table.asked)}"


def _with_better(problem: Problem, plain: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Notes on the inputs, the last one with numbers that would have none."""
    better = better_numbers(problem, lambda there: list(_about_inputs(there))) if plain else {}
    for number, (key, said) in enumerate(plain, 1):
        last = number == len(plain) and better
        instead = listed([f"{name} = {exactly(value)}" for name, value in better.items()])
        yield key, f"{said}; better: {instead}" if last else said


def _about_kinks(problem: Problem) -> Iterator[tuple[str, str]]:
    """Gates whose slope jumps exactly at the inputs: there more than one gradient is right."""
    reference = Reference(problem, problem.graph)
    for gate in problem.graph.gates:
        if any(reference.kinks(use) for use in reference.wires(gate)):
            yield (
                "at",
                f"{reference.equation(gate)} is exactly at its kink here: any slope between its two sides is right",
            )


def _about_inputs(problem: Problem) -> Iterator[tuple[str, str]]:
    """Inputs at which mistakes cannot be told from right answers."""
    used = [
        name
        for p in problem.graph.inputs
        if problem.graph.uses[p] and (name := problem.graph.nodes[p].name) not in problem.constants
    ]
    numbers = {name: value for name in used if isinstance(value := problem.inputs[name], float)}
    for name, value in numbers.items():
        if value in _TELLS_LITTLE:
            yield f"at.{name}", f"{value:g} {_TELLS_LITTLE[value]}, so some mistakes will look right"
    for value in dict.fromkeys(numbers.values()):
        equal = [name for name in numbers if numbers[name] == value]
        if len(equal) > 1:
            yield "at", f"{' and '.join(equal)} are equal, so an answer that confuses them will look right"
    yield from _about_gradients(problem, used)


def _about_mistakes(hidden: HiddenMistakes) -> Iterator[tuple[str, str]]:
    """Mistakes that the exercise's numbers hide, and an input that shows them."""
    if hidden.said:
        better = "".join(f"; with {name} = {exactly(value)} {_show(hidden)}" for name, value in hidden.instead.items())
        yield "at", f"{_mistakes(hidden)} will look right at these numbers{better}"


def _about_shapes(hidden: HiddenMistakes) -> Iterator[tuple[str, str]]:
    """Mistakes that the exercise's shapes hide, and which inputs to make longer."""
    for name, value in [*hidden.instead.items()][:1] if hidden.said else []:
        shape = show_shape(shape_of(value))
        reason = f"{_mistakes(hidden)} will look right whatever the numbers"
        yield f"at.{name}", f"{reason}; where {name} has shape {shape} {_show(hidden)}"


def _mistakes(hidden: HiddenMistakes) -> str:
    """As in: a mistake (at e = relu(d), it goes by the sign of the upstream)."""
    first, *others = hidden.said
    return f"{counted(len(hidden.said), 'mistake')} (one: {first})" if others else f"a mistake ({first})"


def _show(hidden: HiddenMistakes) -> str:
    return "it will not" if len(hidden.said) == 1 else "they will not"


def _about_gradients(problem: Problem, used: list[str]) -> Iterator[tuple[str, str]]:
    flat = [name for name in used if _is_zero(problem.gradient(name))]
    if flat and len(flat) == len(used):
        yield "at", "every gradient is 0 here, so the backward pass teaches nothing"
        return
    for name in flat:
        yield f"at.{name}", f"the gradient of {name} is 0 here"


_TELLS_LITTLE = {
    0.0: "hides what it is multiplied by",
    1.0: "is its own square, and changes nothing as a factor",
    2.0: "has the same square and double",
}


def _is_zero(value: Value) -> bool:
    return bool(np.all(np.abs(value) < 1e-12))


_MOST_CHANGED = 3

_MOST_TRIED = 300

_MOST_LOOKED_AT = 12
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
        with np.errstate(all="ignore"):  # a mistake may have no value there
            hidden = hidden_by_numbers(Reference(there, there.graph)).said
        if not hidden:
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
