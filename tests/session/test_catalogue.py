"""Every exercise of the catalogue that is no single function, worked through the session by answers from elsewhere."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

from tests.sampling import one_in, some
from tests.session import answers
from tests.shipped import LIBRARY, kind_of
from tutor.judging import Kind
from tutor.learner import Store
from tutor.runner import Runner
from tutor.session.session import Session

ANSWERS: dict[str, list[tuple[str, str]]] = {}
for found in iter_modules(answers.__path__):
    ANSWERS |= import_module(f"{answers.__name__}.{found.name}").ANSWERS

QUESTIONS = [id for id, exercise in LIBRARY.exercises.items() if exercise.file.question]
SOME = some(2, QUESTIONS, lambda id: kind_of(LIBRARY.exercises[id]))
"""The others are worked in tests/faces/test_plain_catalogue.py."""


def test_there_are_answers_to_all():
    assert set(QUESTIONS) == set(ANSWERS)


@pytest.mark.parametrize("id", SOME)
def test_wrong_and_then_right(store: Store, runner: Runner, id: str):
    session = Session(LIBRARY.exercises[id], store, runner)
    waiting = list(ANSWERS[id])
    for step in session.steps:
        while (blank := session.current_blank(step)) is not None:
            right, wrong = waiting.pop(0)
            verdict = session.answer(step, blank, wrong)
            assert verdict.kind is Kind.WRONG, f"{blank.label} {wrong}: {verdict}"
            assert len(verdict.message) > 20, f"{blank.label} {wrong}: {verdict.message}"
            assert session.tries(blank) == 1
            verdict = session.answer(step, blank, right)
            assert verdict.accepted, f"{blank.label} {right}: {verdict}"
    assert session.solved and waiting == []


@pytest.mark.parametrize("id", one_in(2, QUESTIONS, 1))
def test_three_hints_and_a_worked_answer_at_every_blank(store: Store, runner: Runner, id: str):
    session = Session(LIBRARY.exercises[id], store, runner)
    for step in session.steps:
        assert step.title and step.about(session)
        while (blank := session.current_blank(step)) is not None:
            hints = step.hints(blank, "", session)
            assert len(set(hints)) == 3 and all(hint.strip() for hint in hints), f"{blank.label}: {hints}"
            assert blank.prompt.strip() and blank.label.strip()
            verdict = session.answer(step, blank, session.worked(step, blank))
            assert verdict.accepted, f"{blank.label} {session.worked(step, blank)}: {verdict}"
    assert session.solved
