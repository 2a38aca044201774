"""What a wrong value is called, by what it comes to: the mistakes at gates and at forks, as in the backward step."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tutor.engine.values import Value, shape_of
from tutor.library.problem import Problem
from tutor.questions.backprop import asking
from tutor.questions.backprop import mistaken_text as text
from tutor.questions.backprop.mistaken import total_ways, value_ways
from tutor.questions.backprop.numbers import Numbers
from tutor.questions.backprop.ways import Way
from tutor.questions.backprop.worksheet import Pass, Worksheet
from tutor.questions.code.diagnosis.known import Claim, Truth, close


def gradient_mistake(problem: Problem, claim: Claim, value: Value) -> Way | None:
    """The mistake that makes this value of a gradient; None where none is known to."""
    sheet, numbers = _sheet(problem, claim.truth)
    with np.errstate(all="ignore"):
        ways = total_ways(sheet, claim.position, numbers, with_gates=True)
        return _first(ways, value, claim.truth.gradients.totals[claim.position])


def value_mistake(problem: Problem, truth: Truth, position: int, value: Value) -> Way | None:
    """The mistake that makes this value of a gate."""
    if truth.graph.nodes[position].gate is None:
        return None
    sheet, numbers = _sheet(problem, truth)
    with np.errstate(all="ignore"):
        return _first(value_ways(sheet, position, numbers), value, truth.values[position])


def clause_of(way: Way) -> str:
    """What was done, as a clause: `the denominator was not squared`."""
    return text.alone(way)


def question_of(way: Way) -> str:
    """The question that leads on."""
    return text.asked(way)


def open_question(problem: Problem, claim: Claim) -> str:
    """What a gradient is made of, as a question, where no mistake is known."""
    sheet, _ = _sheet(problem, claim.truth)
    return asking.of_total(sheet, claim.position)


def _first(ways: Iterable[Way], value: Value, truth: Value) -> Way | None:
    for way in ways:
        if shape_of(way.value) == shape_of(value) and close(value, way.value) and not close(way.value, truth):
            return way
    return None


def _sheet(problem: Problem, truth: Truth) -> tuple[Worksheet, Numbers]:
    return Worksheet(problem, truth.graph), Numbers.of_pass(Pass(truth.values, truth.gradients))
