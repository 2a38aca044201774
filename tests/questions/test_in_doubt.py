"""Rounded numbers that a common mistake gives too; formulas told their value; mistakes upon own numbers, and of two."""

from __future__ import annotations

import pytest

from tests.questions.making import learner
from tests.session.working import Working, new_folder
from tests.shipped import LIBRARY
from tutor.judging import Kind
from tutor.judging.precision import WANTED_DIGITS
from tutor.learner import Store
from tutor.marking import Work, mark
from tutor.runner import Runner

_FORK = ("f(x) = 16*x + x^2/100", "x = 12.33")  # 16 and 0.2466 arrive at x


def test_a_rounded_number_that_a_branch_alone_gives_is_asked_again_and_costs_nothing():
    work = learner(*_FORK)
    work.work("forward", "backward")
    del work.answers["total:x"]
    doubted = work.judge("total:x", "16")
    assert doubted.kind is Kind.UNDECIDED and doubted.in_doubt and not doubted.charged
    assert doubted.unasked.accepted, "where nobody can be asked it counts"
    assert work.judge("total:x", "16.2").accepted and work.judge("total:x", "16.25").kind is Kind.RIGHT
    assert work.judge("total:x", "16.0").mistake in ("overwrote_branch", "one_branch_only")


def test_a_number_is_doubted_only_where_the_next_digit_tells():
    work = learner("f(x) = 1/(1 + x)", "x = 2.7")
    work.work("forward")
    assert work.judge("value:a", "3.7").kind is Kind.RIGHT, "it is exactly that"
    assert work.place("value:a")[1].digits == WANTED_DIGITS


def test_doubt_counts_for_the_learner_where_marks_are_given():
    exercise = LIBRARY.exercises["network/first-layer"]
    with new_folder() as folder:
        working = Working(exercise, Store(folder), Runner())
        step, blank = working.place("q2/4")
        assert step.judge(blank, "-1.4", working.session).in_doubt  # -1.369; the slope left out gives -1.4 too
    marks = mark(exercise, Work({"q2/4": "-1.4"}), Runner())
    row = next(one for one in marks.blanks() if one.key == "q2/4")
    assert row.earned == row.full and "common mistake" in row.said


@pytest.mark.parametrize(("answer", "says"), [("3*3", "It comes to 9."), ("9", ""), ("3^2", "It comes to 9.")])
def test_a_formula_is_told_its_value(answer: str, says: str):
    work = learner("f(x) = x^2 + x", "x = 3")
    assert work.judge("value:a", answer).message == says


def test_the_sign_of_one_branch_is_told_as_what_it_is():
    work = learner("f(x, y) = sin(x) y + x^2", "x = 2.3, y = 0.7")
    work.work("forward", "backward")
    total = float(work.worked("total:x"))
    rows = {key: work.place(key)[1].row for key in work.keys("backward")}
    sent = {key: float(work.answers[key].text) for key, row in rows.items() if row == "downstream x"}
    assert len(sent) == 2
    for key, share in sent.items():
        gate = key.removeprefix("down:").partition(".")[0]
        said = work.judge("total:x", f"{total - 2 * share:.5g}").message
        assert f"counts what {gate} sends with the wrong sign" in said, "a lost minus and a subtraction are the same"


def test_a_pair_changes_two_factors_and_is_told_of_no_short_number():
    work = learner("f(x, y) = x y^2", "x = 4, y = 3")
    work.work("forward")
    for text in ("-1", "0.5", "3", "2", "0.125", "-0.5"):
        for key in ("local:f.0", "local:f.1"):
            assert "+" not in work.judge(key, text).mistake, text


def test_a_mistake_upon_own_rounded_numbers_is_named_in_values_too():
    with new_folder() as folder:
        working = Working(LIBRARY.exercises["network/first-layer"], Store(folder), Runner())
        answers = {"q1/1": "0.3", "q1/2": "0.574", "q2/1": "-2.8", "q2/2": "0.24", "q2/3": "-0.672"}
        for key, text in answers.items():
            step, blank = working.place(key)
            assert working.session.answer(step, blank, text).accepted, key
        for text, mistake in (("1.344", "sign_flipped"), ("0.8064", "other_variable"), ("-0.672", "forgot_local")):
            step, blank = working.place("q2/4")
            assert mistake in step.judge(blank, text, working.session).mistake, text
