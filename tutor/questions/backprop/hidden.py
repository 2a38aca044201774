"""Mistakes that cannot be told from the right answer at the numbers, or the shapes, an author has chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from tutor.engine.graph import Use
from tutor.engine.passes import PassError, backward, forward
from tutor.engine.values import Value, as_value, shape_of
from tutor.library.problem import Problem
from tutor.questions.backprop.explain import down_ways
from tutor.questions.backprop.misconceptions import WrongWay
from tutor.questions.backprop.prompts import alone
from tutor.questions.backprop.reference import Pass, Worksheet
from tutor.questions.backprop.trials import Inputs, far_draws
from tutor.questions.backprop.value_source import Numbers
from tutor.questions.code.comparing import same

_SEEN = 2 / 3
"""The share of draws far off at which a mistake must show, to be one that these numbers hide."""

_FAR = 3
_DIGITS = 2
_MOST_ONES = 4

Mistake = tuple[Use, str]
"""A wire, and the label of a mistake there."""


@dataclass(frozen=True)
class Hidden:
    """Mistakes that lead to the right gradient, each in a clause; and what would show them."""

    said: tuple[str, ...]
    instead: Mapping[str, Value]
    """Inputs at which they would show: for numbers one with another value, for shapes those with longer axes."""


def hidden_by_numbers(sheet: Worksheet) -> Hidden:
    """The mistakes that show at most numbers and not at the exercise's."""
    here = _hidden_at(sheet, sheet.here, _wires(sheet))
    uses = {use for use, _ in here}
    far = [_hidden_at(sheet, on, uses) for on in _passes(sheet, far_draws(sheet.problem))]
    only = {
        mistake: way for mistake, way in here.items()
        if far and sum(mistake not in there for there in far) >= _SEEN * len(far)
    }  # fmt: skip
    return Hidden(_said(sheet, only), _better(sheet, only) if only else {})


def hidden_by_shapes(sheet: Worksheet) -> Hidden:
    """The mistakes that no numbers show in these shapes, and that show where axes of size 1 are longer."""
    larger = next(_larger(sheet.problem), None)
    longer = [] if larger is None else _passes(sheet, [larger])
    far = _passes(sheet, far_draws(sheet.problem)[:_FAR])
    if not far or not longer:
        return Hidden((), {})
    assert larger is not None
    found = _hidden_at(sheet, far[0], _wires(sheet))
    for on in (*far[1:], *longer):
        there = _hidden_at(sheet, on, {use for use, _ in found})
        found = {mistake: way for mistake, way in found.items() if (mistake in there) is (on is not longer[0])}
    shapes = sheet.problem.shapes
    return Hidden(_said(sheet, found), {name: each for name, each in larger.items() if shape_of(each) != shapes[name]})


def _said(sheet: Worksheet, found: Mapping[Mistake, WrongWay]) -> tuple[str, ...]:
    """Each mistake with its gate: `at e = relu(d), it goes by the sign of the upstream`; each once."""
    clauses = (f"at {sheet.equation(use.gate)}, {alone(way)}" for (use, _), way in found.items())
    return tuple(dict.fromkeys(clauses))


def _wires(sheet: Worksheet) -> set[Use]:
    return {use for gate in sheet.graph.gates for use in sheet.wires(gate)}


def _hidden_at(sheet: Worksheet, on: Pass, uses: Iterable[Use]) -> dict[Mistake, WrongWay]:
    """The mistakes at these wires that lead to what the gate sends there; none where it sends nothing at all."""
    numbers = Numbers.of_pass(on)
    found: dict[Mistake, WrongWay] = {}
    for use in sorted(uses):
        share = on.gradients.shares[use.gate][use.port]
        if share is not None and np.any(share):
            found |= {(use, way.label): way for way in down_ways(sheet, use, numbers) if same(way.value, share)}
    return found


def _passes(sheet: Worksheet, many: Iterable[Inputs]) -> list[Pass]:
    """Both passes at each of these inputs, where they have values."""
    found = []
    for inputs in many:
        with suppress(PassError):
            values = tuple(forward(sheet.graph, inputs))
            found.append(Pass(values, backward(sheet.graph, values)))
    return found


def _better(sheet: Worksheet, only: Mapping[Mistake, WrongWay]) -> dict[str, Value]:
    """The first input, rounded, that alone makes these mistakes show; none where it takes several."""
    uses = {use for use, _ in only}
    for draw in (*sheet.problem.draws, *far_draws(sheet.problem)):
        for name, value in draw.items():
            instead: dict[str, Value] = {name: as_value(np.round(value, _DIGITS))}
            for on in _passes(sheet, [{**sheet.problem.inputs, **instead}]):
                if not only.keys() & _hidden_at(sheet, on, uses).keys():
                    return instead
    return {}


def _larger(problem: Problem) -> Iterator[Inputs]:
    """Inputs of other shapes: as few axes of size 1 as can be are of size 2, and the function has a value."""
    ones = [(name, at) for name, shape in problem.shapes.items() for at, size in enumerate(shape) if size == 1]
    for many in range(1, min(len(ones), _MOST_ONES) + 1):
        for axes in combinations(ones[:_MOST_ONES], many):
            shapes = {
                name: tuple(2 if (name, at) in axes else size for at, size in enumerate(shape))
                for name, shape in problem.shapes.items()
            }
            stand_in = {name: np.ones(shape) if shape else 1.0 for name, shape in shapes.items()}
            yield from far_draws(replace(problem, inputs=stand_in))[:1]
