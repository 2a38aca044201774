"""Runs a program in the runner and has it diagnosed, on the first trial that shows something wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np

from tests.questions.making import Learner
from tests.shipped import LIBRARY
from tutor.engine.passes import backward, forward
from tutor.engine.values import Value
from tutor.questions.backprop.code import Signature, signature_of
from tutor.questions.backprop.reference import Reference
from tutor.questions.code.comparing import received, same, sending
from tutor.questions.code.diagnosis import Diagnosis, diagnose
from tutor.runner import Call, Job, Outcome, Runner

from .corpus import STAGINGS

Trial = tuple[Mapping[str, Value], Mapping[str, Value]]


@cache
def learner_at(exercise: str, staging: int) -> Learner:
    """A learner who has staged an exercise; in our way where no staging of it is written down."""
    known = STAGINGS.get(exercise, ("",))
    return Learner(LIBRARY.exercises[exercise], known[staging])


@cache
def signature(exercise: str) -> Signature:
    """What the function is called and returns."""
    table = LIBRARY.exercises[exercise].file.code
    assert table is not None
    return signature_of(learner_at(exercise, 0).problem, table)


@cache
def trials(exercise: str) -> tuple[Trial, ...]:
    """The inputs of the calls and what they should return: arrays first, then the exercise's own numbers."""
    problem = learner_at(exercise, 0).problem
    draws = problem.draws
    inputs: list[Mapping[str, Value]] = [*draws[:2]]
    if not problem.has_arrays:
        inputs = [
            {name: np.reshape([draws[i % len(draws)][name] for i in range(size)], shape) for name in problem.inputs}
            for size, shape in ((3, (3,)), (6, (2, 3)))
        ]
    return tuple(_trials(exercise, [*inputs, problem.inputs]))


def _trials(exercise: str, inputs: list[Mapping[str, Value]]) -> Iterator[Trial]:
    graph = learner_at(exercise, 0).problem.graph
    for at in inputs:
        values = forward(graph, at)
        totals = backward(graph, values).totals
        found = (values[graph.output], *(totals[position] for position in graph.inputs))
        yield at, dict(zip(signature(exercise).returns, found, strict=True))


def job(exercise: str, source: str) -> Job:
    """All calls of a program."""
    calls = tuple(tuple(sending(value) for value in at.values()) for at, _ in trials(exercise))
    return Job(source, signature(exercise).name, calls)


def run(runner: Runner, exercise: str, source: str) -> Outcome:
    """What all calls of a program return."""
    return runner.run(job(exercise, source))


def sheets(exercise: str, staging: int) -> tuple[Reference, ...]:
    """The learner's and the program's own."""
    work = learner_at(exercise, staging)
    mine = work.sheets.of(work)
    assert mine is not None
    return mine, work.sheets.own


def diagnosed(outcome: Outcome, exercise: str, staging: int, source: str) -> Diagnosis | None:
    """The diagnosis on the first call that shows something wrong."""
    for (at, truth), call in zip(trials(exercise), outcome.calls, strict=False):
        found = diagnose(source, signature(exercise).name, call, at, truth, sheets(exercise, staging))
        if found is not None:
            return found
    return None


def is_right(call: Call, truth: Mapping[str, Value]) -> bool:
    """Whether a call returned what it should."""
    sent = call.returned
    if not isinstance(sent, tuple | list) or len(sent) != len(truth) or call.changed:
        return False
    values = [received(part) for part in sent]
    return all(value is not None and same(value, true) for value, true in zip(values, truth.values(), strict=True))
