"""Hints while staging go on from the equations that are there."""

from __future__ import annotations

import pytest

from tutor.library.problem import problem_of
from tutor.questions.backprop.staging import follow

from .making import SHIPPED, Learner, made, shipped


def _unstaged(learner: Learner) -> Learner:
    learner.answers.clear()
    return learner


@pytest.mark.parametrize("id", SHIPPED)
def test_following_the_last_rung_line_by_line_ends_in_the_function(id: str):
    learner = _unstaged(shipped(id))
    lines: list[str] = []
    for _ in range(15):
        principle, question, line = learner.hints("staging", "\n".join(lines))
        assert principle and question
        if not line.startswith("Write "):
            break
        lines.append(line.removeprefix("Write "))
        staging = follow(learner.problem, "\n".join(lines))
        assert staging.fault is None, staging.verdict.message
    assert follow(learner.problem, "\n".join(lines)).complete
    assert line == "Everything is there. Check it."
    assert len(lines) == len(learner.problem.staging)


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("", "(x + y)·z"),
        ("a = x + y", "a·z"),
        ("sum1 = y + x", "sum1·z"),
        ("f = x + y", "f·z"),
        ("a = x + y\nb = a z", "b"),
        ("a = x +", "(x + y)·z"),
        ("a = x z\nb = 2 y", "(x + y)·z"),
    ],
)
def test_the_question_shows_what_is_left(typed: str, left: str):
    learner = _unstaged(shipped("node-way/a"))
    question = learner.hints("staging", typed)[1]
    if left == "b":
        assert question == "Is the last line the function itself?"
    else:
        assert f"What is left to compute is {left}." in question


def test_a_name_that_is_taken_is_not_hinted_at_again():
    learner = _unstaged(shipped("node-way/a"))
    line = learner.hints("staging", "f = x + y")[2].removeprefix("Write ")
    assert follow(learner.problem, f"f = x + y\n{line}").complete


def test_whole_lines_are_taken_as_they_are():
    exercise = made("f(x, y) = (x + y)/(1 + e^-y)", "x = 1, y = 2", 'granularity = "any"')
    learner = _unstaged(Learner(exercise, "f = (x + y)/(1 + e^-y)"))
    assert "(x + y)/s" in learner.hints("staging", "s = 1 + e^-y")[1]
    assert "a/s" in learner.hints("staging", "s = 1 + e^-y\na = x + y")[1]


def test_hints_are_there_for_any_text():
    learner = _unstaged(shipped("vectors/squared-norm"))
    for text in ("q = W x", "\x00", "=" * 50, "a = W @ x\nb = a.T\nc = b @ a", "q = W @ x\nq = W @ x"):
        assert all(learner.hints("staging", text))


def test_the_programs_own_staging_is_right_everywhere():
    for id, exercise in SHIPPED.items():
        learner = shipped(id)
        assert follow(problem_of(exercise), learner.worked("staging")).complete, id
