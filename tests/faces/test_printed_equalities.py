"""Arithmetic that the shipped exercises print holds to the digits printed, or says ≈."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.shipped import sample
from tutor.judging import Kind, Verdict
from tutor.library import Exercise
from tutor.questions import Answer
from tutor.questions.blank import NoAnswers
from tutor.questions.printed import equated
from tutor.questions.registry import questions_of
from tutor.runner import Runner
from tutor.session.exercise_view import solution

from .printed_equalities import equalities, holds


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("-0.7758 × 0.13534 = -0.10499", False),
        ("so a gets -0.7758 × 0.13534 = -0.10500, then", True),
        ("(0.793 + 0.000 + 0.282)/3 = 0.3584", False),
        ("-ln 0.786 = 0.2413.", False),
        ("5 - 0.1·4 = 4.6.", True),
        ("[2 + 2 + 1.5, -1 - 6 + 0.25, 3 - 1 + 2] = [5.5, -6.75, 4].", True),
        ("2·(1.7 - 2.4)·1 = -1.5: y is too low", False),
        ("(-1.39)² = 1.9321", True),
        ("1/(1 + 0.1496) = 0.8699.", True),
        ("1/(1 + 0.1496) = 0.8698.", False),
    ],
)
def test_the_reader_sees_what_holds(text: str, right: bool):
    found = list(equalities(text))
    assert found, "it is read"
    assert all(holds(left, other) for left, other in found) is right


def printed(exercise: Exercise) -> Iterator[str]:
    yield solution(exercise)
    for question in questions_of(exercise, Runner()):
        answers = NoAnswers()
        for step in question.steps:
            for blank in step.blanks(answers):
                yield blank.prompt
                yield from step.hints(blank, "", answers)
                if step.key == "stage":
                    staged = Answer(step.worked(blank, answers), Verdict(Kind.RIGHT))
                    answers = NoAnswers({blank.key: staged})


def test_every_equality_of_numbers_holds():
    found = 0
    for exercise in sample(2):
        for text in printed(exercise):
            for left, right in equalities(text):
                found += 1
                assert holds(left, right), f"{exercise.id}: {left} = {right}"
    assert found > 80


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("0.5 × 0.3", "0.15", "0.5 × 0.3 = 0.15"),
        ("-0.7758 × 0.13534", "-0.10499", "-0.7758 × 0.13534 ≈ -0.10499"),
        ("[1, 2] × [0.333, 0.333]", "[0.333, 0.667]", "[1, 2] × [0.333, 0.333] ≈ [0.333, 0.667]"),
        ("2 − 0.2 × (-0.5)", "2.1", "2 − 0.2 × (-0.5) = 2.1"),
        ("upstream @ xᵀ", "2", "upstream @ xᵀ = 2"),
    ],
)
def test_what_does_not_hold_says_so(left: str, right: str, said: str):
    assert equated(left, right) == said
