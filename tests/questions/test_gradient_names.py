"""In the backward step, gradients already found have names: in every spelling, with the learner's own numbers."""

from __future__ import annotations

import pytest

from tests.shipped import LIBRARY
from tutor.engine.graph import Use
from tutor.judging import Kind, right
from tutor.questions import Answer
from tutor.questions.backprop.gate_arithmetic import down_text, local_text
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.gradient_names import spellings
from tutor.questions.registry import questions_of
from tutor.runner import Runner

from .making import Learner, learner
from .test_answer_readings import AllAnswered

STAGING = "q = x + y\nf = q z"


def _someone(upstream: str = "2.5") -> Learner:
    someone = learner("f(x, y, z) = (x + y) z", "x = 1.5, y = 3.5, z = 2.5", staging=STAGING)
    for key, text in (
        ("total:f", "1"),
        ("local:f.0", "z"),
        ("down:f.0", "2.5"),
        ("total:q", upstream),
        ("local:q.0", "1"),
    ):
        someone.answer(key, text)
    return someone


@pytest.mark.parametrize("spelled", [*spellings(("q",), "f", frozenset("fqxyz")), "u", "upstream", "upstream * local"])
def test_every_spelling(spelled: str):
    assert _someone().judge("down:q.0", spelled).accepted


@pytest.mark.parametrize(
    "spelled", [r"\frac{\partial f}{\partial q}", r"\nabla_q f", r"\nabla_{q} f", "𝜕f/𝜕q", r"\frac{df}{dq}"]
)
def test_as_latex(spelled: str):
    assert _someone().judge("down:q.0", spelled).accepted


def test_the_learners_own_number_carries():
    someone = _someone("7")
    verdict = someone.judge("down:q.0", "dq")
    assert verdict.kind is Kind.REMARK and verdict.carried == ("total:q",)
    assert someone.judge("down:q.0", "2 dq").charged


def test_what_is_asked_is_not_known_and_what_is_not_found_has_no_value():
    someone = learner("f(x, y, z) = (x + y) z", "x = 1.5, y = 3.5, z = 2.5", staging=STAGING)
    assert "not found yet" in someone.judge("down:q.0", "dq").message
    assert someone.judge("down:q.0", "dx").kind is Kind.UNREADABLE
    assert someone.judge("local:q.0", "dq").kind is Kind.UNREADABLE
    assert someone.judge("down:f.0", "u z").accepted, "the gradient of the output is given"


def test_a_name_of_the_learners_own_wins():
    someone = learner("f(x, y, z) = (x + y) z", "x = 1.5, y = 3.5, z = 2.5", staging="u = x + y\ndu = u z\nf = du + 0")
    someone.answer("total:f", "1")
    assert someone.judge("down:f.0", "u").charged, "u is 5 here"


def test_a_step_of_descent_may_be_written_with_its_gradient():
    someone = _someone()
    for key in someone.keys("backward"):
        step, blank = someone.place(key)
        someone.answer(key, step.worked(blank, someone))
    exercise = learner("f(x) = x^2", "x = 3", "[descend]\nstep = 0.1", "f = x^2")
    for key in exercise.keys("backward"):
        step, blank = exercise.place(key)
        exercise.answer(key, step.worked(blank, exercise))
    assert exercise.judge("step:x", "x - 0.1 dx").accepted and exercise.judge("step:x", "x + 0.1 dx").charged


def test_every_printed_formula_is_right_in_its_blank():
    """Of all shipped exercises: local derivatives and downstreams as hints and worked solutions print them."""
    checked = 0
    for exercise in LIBRARY.exercises.values():
        for question in questions_of(exercise, Runner()):
            if not isinstance(question, BackpropQuestion):
                continue
            given = AllAnswered()
            for step in question.steps:
                for blank in step.blanks(given) if step.key != "code" else ():
                    kind, _, place = blank.key.partition(":")
                    if kind in ("down", "local"):
                        reference = question._references.of(given)
                        gate, _, port = place.rpartition(".")
                        use = Use(reference.graph.positions[gate], int(port))
                        text = down_text(reference, use) if kind == "down" else local_text(reference, use)
                        if text and " where " not in text and " in every entry" not in text:
                            assert step.judge(blank, text, given).accepted, (exercise.id, blank.key, text)
                            checked += 1
                    worked = step.worked(blank, given)
                    given.answers[blank.key] = Answer(worked, right())
    assert checked > 120
