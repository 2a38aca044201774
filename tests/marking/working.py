"""Right answers, and answers that follow from a wrong value, for exercises that ship."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from tests.shipped import LIBRARY
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.engine.values import Value, as_value, show_value
from tutor.language import Vocabulary, read_expression
from tutor.library import Exercise
from tutor.marking import Marker
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.backward_context import carried
from tutor.questions.blank import NoAnswers
from tutor.runner import Runner

RUNNER = Runner()


def exercise_of(id: str) -> Exercise:
    """By its id."""
    return LIBRARY.exercises[id]


@cache
def marker_of(id: str, run_code: bool = False) -> Marker:
    """What marks this exercise."""
    return Marker(exercise_of(id), RUNNER, run_code=run_code)


def right_answers(id: str, code: bool = False) -> dict[str, str]:
    """A right answer for each blank of an exercise."""
    marker = marker_of(id)
    return {
        f"{prefix}{row.blank.key}": row.correct
        for scheme, prefix in zip(marker.schemes, marker.prefixes, strict=True)
        for key, rows in scheme.steps.items()
        for row in rows
        if code or not key.endswith("code")
    }


def forward_from(question: BackpropQuestion, changed: Mapping[str, float]) -> dict[str, str]:
    """All forward values, computed equation by equation from the staging, some of them changed on the way."""
    problem = question.problem
    known: dict[str, Value] = dict(problem.inputs)
    words = Vocabulary(vocabulary().functions, open_names=True)
    answers: dict[str, str] = {}
    for equation in problem.staging:
        name = equation.target.name
        if name in changed:
            known[name] = as_value(
                float(changed[name]) * np.ones(np.shape(problem.values[problem.graph.positions[name]]))
            )
        else:
            known[name] = evaluate(read_expression(_right_side(question, name), words).tree, known)
        answers[f"value:{name}"] = typed(known[name])
    return answers


def _right_side(question: BackpropQuestion, name: str) -> str:
    lines = question.steps[0].worked(question.steps[0].blanks(NoAnswers())[0], NoAnswers()).splitlines()
    return next(line.partition("=")[2] for line in lines if line.partition("=")[0].strip() == name)


def backward_from(question: BackpropQuestion, name: str, value: float) -> dict[str, str]:
    """All gradients, carried back from a changed one."""
    problem = question.problem
    graph, here = problem.graph, problem.graph.positions[name]
    changed = as_value(float(value) * np.ones(np.shape(problem.values[here])))
    totals = carried(
        graph, problem.values, {graph.output: as_value(np.ones(np.shape(problem.values[graph.output]))), here: changed}
    )
    return {f"total:{graph.nodes[at].name}": typed(total) for at, total in totals.items()}


def typed(value: Value) -> str:
    """A value as a learner types it."""
    return f"{value:.6g}" if isinstance(value, float) else show_value(value, 6)
