"""Whether a question on drawn numbers is fit to be worked: a value everywhere, no kink, friendly, mistakes told apart.

The question as its file has it is the measure: numbers may be about as large and as long as there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tutor.engine.graph import Use
from tutor.engine.operation import Fixed
from tutor.engine.values import Value
from tutor.judging import Kind
from tutor.library.problem import Problem
from tutor.practice.friendly import decimals
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.backprop.reference import Reference
from tutor.questions.backprop.spurious_match import many_hidden_by_numbers
from tutor.questions.question import Question
from tutor.questions.short_answer import Item, ShortAnswerQuestion

_LARGE = 100.0
"""Values up to this are friendly whatever the exercise's own are."""
_MOST = 300.0
"""The largest value or gradient of a function whose author gave no numbers."""
_GROWTH = 3.0
_MOST_DIGITS = 6
"""Digits after the point from which a number counts as one that goes on."""
_MORE_DIGITS = 1
_NEAR_KINK = 0.05
_TINY = 1e-12
_SMALLEST = 0.01
"""Gradients and values smaller than this teach nothing: a gate that is saturated, a slope that is all but flat."""


@dataclass(frozen=True)
class Fitness:
    """How a question on drawn numbers compares with the exercise's own."""

    usable: bool
    hidden: int = 0
    """Mistakes that would look right at these numbers and not at others."""


def fitness(question: Question, own: Question, leniency: int = 1) -> Fitness:
    """Judge a drawn question beside the one it was drawn from; numbers may be so many times larger and longer."""
    if isinstance(question, BackpropQuestion) and isinstance(own, BackpropQuestion):
        if not _is_friendly(question.problem, own.problem, leniency):
            return Fitness(usable=False)
        asks = {step.key for step in question.steps}
        return Fitness(usable=True, hidden=mistakes_hidden(question.problem) if "backward" in asks else 0)
    if isinstance(question, ShortAnswerQuestion) and isinstance(own, ShortAnswerQuestion):
        return Fitness(_answers_alike(question, own, leniency))
    return Fitness(usable=True)


def mistakes_hidden(problem: Problem) -> int:
    """How many likely mistakes lead to the right gradient at these numbers, and not at most others."""
    with np.errstate(all="ignore"):  # a mistake may have no value where the right answer has one
        return many_hidden_by_numbers(Reference(problem, problem.graph))


def _is_friendly(problem: Problem, own: Problem, leniency: int) -> bool:
    """Whether the numbers are no harder than the exercise's, and no gradient vanishes that does not there."""
    return (
        not near_kink(problem)
        and _largest(problem) <= leniency * max(_LARGE, _GROWTH * _largest(own))
        and digits_of(problem) <= digits_of(own) + leniency * _MORE_DIGITS
        and all(
            np.any(np.abs(problem.gradient(name)) > _TINY)
            for name in problem.variables
            if np.any(np.abs(own.gradient(name)) > _TINY)
        )
    )


def is_manageable(problem: Problem) -> bool:
    """Whether no value or gradient is larger than is good to work with by hand."""
    return _largest(problem) <= _MOST


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


def _numbers(problem: Problem) -> Iterator[Value]:
    yield from problem.values
    yield from (total for total in problem.gradients.totals if total is not None)


def _largest(problem: Problem) -> float:
    return max(float(np.max(np.abs(value))) for value in _numbers(problem))


def digits_of(problem: Problem) -> int:
    """The most digits after the point of a forward value; numbers that go on count as six."""
    entries = np.concatenate([np.ravel(value) for value in problem.values])
    return max(min(_MOST_DIGITS, decimals(round(float(entry), 10))) for entry in entries)


def many_still(problem: Problem) -> int:
    """How many values get no gradient at all, such as what goes into a closed ReLU.

    An input that a max or min gate did not choose is none of them: that is what these gates teach.
    """
    graph, totals = problem.graph, problem.gradients.totals
    still = [at for at in (*graph.inputs, *graph.gates) if totals[at] is None or not np.any(totals[at])]
    return sum(at not in graph.inputs or not all(_chooses(problem, use) for use in graph.uses[at]) for at in still)


def _chooses(problem: Problem, use: Use) -> bool:
    """Whether a gate takes the larger or smaller of two values."""
    node = problem.graph.nodes[use.gate]
    two = len(node.arguments) == 2 and not any(isinstance(one, Fixed) for one in node.arguments)
    return two and node.gate is not None and node.gate.elementwise and node.gate.kinks is not None


def near_kink(problem: Problem) -> bool:
    """Whether any gate is within about 0.05 of a kink: rounding its arguments to one decimal leads onto it."""
    for position in problem.graph.gates:
        node = problem.graph.nodes[position]
        if node.gate is None or node.gate.kinks is None:
            continue
        given = [one.value if isinstance(one, Fixed) else problem.values[one] for one in node.arguments]
        arguments = np.broadcast_arrays(*given, problem.values[position])[:-1]
        spread = [np.ravel(one) for one in arguments]
        for entries in zip(*spread, strict=True):
            if any(node.gate.kinks(*(float(round(entry / _NEAR_KINK / 2)) for entry in entries))):
                return True
    return False


def _answers_alike(question: ShortAnswerQuestion, own: ShortAnswerQuestion, leniency: int) -> bool:
    """Whether each blank's right answer is accepted as its own is, and is of its manner: no longer, no larger.

    At a kink it would be accepted with a remark.
    """
    pairs = list(zip(question.items, own.items, strict=True))
    signs = own.steps[0].key != "derivative"
    return all(_alike(one.worked, other.worked, leniency, signs=signs) for one, other in pairs) and all(
        _accepted_as(one, other) for one, other in pairs
    )


def _accepted_as(item: Item, own: Item) -> bool:
    kind = item.judge(item.worked).kind
    return kind is Kind.RIGHT or kind is own.judge(own.worked).kind


def _alike(answer: str, own: str, leniency: int, *, signs: bool) -> bool:
    """Whether two answers are of one manner; `signs` says whether a sign has a meaning, such as up or down."""
    mine, theirs = _number(answer), _number(own)
    if mine is None or theirs is None:
        return (mine is None) == (theirs is None)
    if (theirs == 0) != (mine == 0) or (signs and (theirs > 0) != (mine > 0)):
        return False
    most = leniency * max(_LARGE, _GROWTH * abs(theirs))
    return abs(mine) <= most and decimals(mine) <= max(decimals(theirs) + leniency, 2)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
