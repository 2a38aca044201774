"""The descend step: one update, from the true gradient or from the learner's own."""

from __future__ import annotations

import math

import pytest

from tutor.judging import Kind

from .making import Learner, learner, shipped

RIGHT, REMARK, WRONG = Kind.RIGHT, Kind.REMARK, Kind.WRONG
SLOPE = math.exp(-2) / (1 + math.exp(-2)) ** 2
TABLE = "[descend]\nstep = 0.1"


def sigmoid() -> Learner:
    return shipped("sigmoid/gates", "a = -x\nb = e^a\nc = 1 + b\nd = 1/c")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1.98", RIGHT),
        ("1.979", RIGHT),
        (f"{2 - 0.2 * SLOPE:.6f}", RIGHT),
        ("2 - 0.2 * 0.10499", RIGHT),
        ("2 - 0.2 * 0.105", RIGHT),
        ("x - 0.2 * e^-2/(1 + e^-2)^2", RIGHT),
        ("2.0", Kind.UNDECIDED),
        ("2", Kind.UNDECIDED),
        ("2.00", WRONG),
        ("2.021", WRONG),
        ("1.895", WRONG),
        ("0.021", WRONG),
        ("-0.021", WRONG),
        ("[1.979]", Kind.UNREADABLE),
        ("x <- 1.979", Kind.UNREADABLE),
    ],
)
def test_one_step_of_the_sigmoid(text: str, kind: Kind):
    verdict = sigmoid().judge("step:x", text)
    assert verdict.kind is kind, verdict.message


def test_the_prompt_has_the_numbers():
    step, blank = sigmoid().place("step:x")
    assert "x was 2" in blank.prompt and "0.2" in blank.prompt
    assert "0.2" in step.about(sigmoid())


def test_it_follows_from_the_own_gradient():
    work = sigmoid()
    assert work.answer("down:a.0", "0.9").kind is WRONG
    verdict = work.answer("step:x", "1.82")
    assert verdict.kind is REMARK
    assert "answer at a" in verdict.message
    assert work.judge("step:x", "1.979").kind is RIGHT


def test_it_follows_from_the_own_sum_at_a_fork():
    work = learner("f(x) = x^2 + 3x", "x = 1", TABLE, "a = x^2\nb = 3x\nf = a + b")
    assert work.judge("step:x", "0.5").kind is RIGHT
    assert work.answer("total:x", "3").kind is WRONG
    verdict = work.judge("step:x", "0.7")
    assert verdict.kind is REMARK
    assert "gradient of x" in verdict.message


def test_every_input_is_updated_unless_the_file_says_which():
    assert learner("f(x, y) = x y", "x = 1, y = 2", TABLE).keys("descend") == ["step:x", "step:y"]
    work = learner("f(x, y) = x y", "x = 1, y = 2", TABLE + "\nvariables = ['y']")
    assert work.keys("descend") == ["step:y"]
    assert work.judge("step:y", "1.9").kind is RIGHT


def test_arrays_are_updated_entry_by_entry():
    work = learner("f(x) = sum(x^2)", "x = [1, -2]", TABLE)
    for text in ("[0.8, -1.6]", "x - 0.1 * 2x", "0.8 x"):
        assert work.judge("step:x", text).kind is RIGHT
    assert work.judge("step:x", "[0.8, -2.4]").kind is WRONG
    assert work.judge("step:x", "0.8").kind is Kind.UNREADABLE


def test_a_step_must_be_seen_in_the_answer():
    work = learner("f(x) = x^2", "x = 100", "[descend]\nstep = 0.0001")
    verdict = work.judge("step:x", "1e2")
    assert verdict.kind is Kind.UNDECIDED
    assert "four digits" in verdict.message
    assert work.judge("step:x", "99.98").kind is RIGHT
    at_rest = learner("f(x) = x^2 + 0", "x = 0", TABLE)
    assert at_rest.judge("step:x", "0").kind is RIGHT


def test_only_inputs_have_names_here():
    assert sigmoid().judge("step:x", "x - 0.2 d").kind is Kind.UNREADABLE


def test_hints_end_in_the_update():
    work = sigmoid()
    principle, question, line = work.hints("step:x")
    assert "downhill" in principle or "against" in principle
    assert "0.2" in question and "0.10499" in question
    assert work.judge("step:x", line.rpartition("= ")[2]).kind is RIGHT
    assert work.judge("step:x", work.worked("step:x")).kind is RIGHT
