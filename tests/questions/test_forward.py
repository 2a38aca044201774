"""The forward step: exact forms, rounding, and values that follow from the learner's own."""

from __future__ import annotations

import math

import pytest

from tutor.judging import Kind

from .making import Learner, learner, shipped

RIGHT, REMARK, WRONG, UNREADABLE, UNDECIDED = Kind.RIGHT, Kind.REMARK, Kind.WRONG, Kind.UNREADABLE, Kind.UNDECIDED
SIGMOID = "a = -x\nb = e^a\nc = 1 + b\nd = 1/c"


def sigmoid() -> Learner:
    return shipped("sigmoid/gates", SIGMOID)


def test_one_blank_a_gate_in_the_order_of_the_graph():
    assert shipped("node-way/a", "u = x z\nv = y z\nf = u + v").keys("forward") == ["value:u", "value:v", "value:f"]


def test_no_blanks_before_the_staging_is_right():
    work = sigmoid()
    work.answers.clear()
    assert [work.keys(step) for step in ("forward", "backward", "code", "descend")] == [[], [], [], []]


def test_gates_that_are_not_used_are_not_asked():
    work = shipped("node-way/a", "a = x + y\nb = x z\nf = a z")
    assert work.keys("forward") == ["value:a", "value:f"]


@pytest.mark.parametrize(
    ("key", "text", "kind"),
    [
        ("value:a", "-2", RIGHT),
        ("value:a", "−2", RIGHT),
        ("value:a", "-2.0", RIGHT),
        ("value:a", "-x", UNDECIDED),
        ("value:a", "2", WRONG),
        ("value:b", "e^-2", RIGHT),
        ("value:b", "exp(-2)", RIGHT),
        ("value:b", "1/e^2", RIGHT),
        ("value:b", "e^a", UNDECIDED),
        ("value:b", "0.1353", RIGHT),
        ("value:b", "0.14", RIGHT),
        ("value:b", "0.13", REMARK),
        ("value:b", "0.1", UNDECIDED),
        ("value:b", "0.12", WRONG),
        ("value:b", "0.15", WRONG),
        ("value:b", "7.389", WRONG),
        ("value:b", "13.53e-2", RIGHT),
        ("value:c", "1 + e^-2", RIGHT),
        ("value:c", "1.1353", RIGHT),
        ("value:c", "1.14", RIGHT),
        ("value:c", "1.13", REMARK),
        ("value:d", "1/(1 + e^-2)", RIGHT),
        ("value:d", "0.8808", RIGHT),
        ("value:d", "0.8807", REMARK),
        ("value:d", "0.8809", UNDECIDED),
        ("value:d", "0.881", RIGHT),
        ("value:d", "1/1.1353", RIGHT),
        ("value:d", "1.1353", WRONG),
        ("value:a", "[-2]", UNREADABLE),
        ("value:a", "a = -2", RIGHT),
        ("value:a", "", UNREADABLE),
        ("value:a", "-2 -", UNREADABLE),
        ("value:a", "q", UNREADABLE),
        ("value:a", "b", UNREADABLE),
        ("value:a", "1/0", WRONG),
        ("value:a", "ln(-1)", WRONG),
    ],
)
def test_a_value_is_judged_as_it_was_written(key: str, text: str, kind: Kind):
    verdict = sigmoid().judge(key, text)
    assert verdict.kind is kind, verdict.message
    assert verdict.message or kind is RIGHT


def test_fractions_count_exactly():
    work = learner("f(x, y) = x/y", "x = 1, y = 3")
    assert work.judge("value:f", "1/3").kind is RIGHT
    assert work.judge("value:f", "2/6").kind is RIGHT
    assert work.judge("value:f", "0.333").kind is RIGHT
    assert work.judge("value:f", "33/100").kind is RIGHT, "it writes the decimal 0.33"
    assert work.judge("value:f", "3/8").kind is WRONG and work.judge("value:f", "32/100").kind is WRONG


def test_exact_inputs_make_exact_values():
    work = shipped("node-way/c", "a = ln x\nb = sin y\nc = a + b\nd = c^2\nk = 4x\ng = d + k")
    work.all_right(
        {"value:a": "1", "value:b": "1", "value:c": "2", "value:d": "4", "value:k": "4 e", "value:g": "4 + 4e"}
    )
    assert work.judge("value:k", "10.87").kind is RIGHT
    assert work.judge("value:b", f"sin({90})").kind is WRONG, "degrees"


def test_rounded_values_are_carried_forward():
    work = sigmoid()
    assert work.answer("value:b", "0.14").accepted
    verdict = work.answer("value:c", "1.140")
    assert verdict.kind is REMARK
    assert "your own" in verdict.message
    assert verdict.rounded and not verdict.carried
    verdict = work.answer("value:d", "0.8772")  # 1/1.14
    assert verdict.kind is REMARK
    assert verdict.rounded and not verdict.carried
    assert work.judge("value:d", "0.8808").kind is RIGHT, "the truth stays right"


def test_wrong_values_are_carried_forward_and_the_slip_is_named():
    work = sigmoid()
    assert work.answer("value:a", "2").kind is WRONG
    verdict = work.answer("value:b", "e^2")
    assert verdict.kind is REMARK
    assert "value of a" in verdict.message and "The mistake is there" in verdict.message
    assert verdict.carried == ("value:a",) and not verdict.rounded
    verdict = work.answer("value:c", "8.389")
    assert verdict.kind is REMARK
    assert verdict.carried == ("value:a",) and not verdict.rounded
    assert "value of a" in verdict.message, "the slip is two gates back"
    assert work.judge("value:c", "1.1353").kind is RIGHT


def test_two_slips_are_both_named():
    work = learner("f(x, y) = (x + 1)(y + 2)", "x = 3, y = 4", staging="a = x + 1\nb = y + 2\nf = a b")
    assert work.answer("value:a", "5").kind is WRONG
    assert work.answer("value:b", "7").kind is WRONG
    verdict = work.answer("value:f", "35")
    assert verdict.kind is REMARK
    assert "value of a and value of b" in verdict.message


def test_a_wrong_value_after_a_wrong_value_is_wrong():
    work = sigmoid()
    work.answer("value:a", "2")
    assert work.judge("value:b", "5").kind is WRONG


def test_a_slip_that_leaves_no_value_makes_nothing_right():
    work = sigmoid()
    assert work.answer("value:c", "0").kind is WRONG
    for text in ("5", "0", "1000000", "-3.7"):
        assert work.judge("value:d", text).kind is WRONG, "1/0 is no number, so nothing follows from it"


def test_values_after_the_blank_are_not_known_there():
    work = shipped("node-way/a", "a = x + y\nf = a z")
    assert work.judge("value:a", "f/z").kind is UNREADABLE
    assert work.judge("value:f", "2 a").kind is RIGHT


def test_the_equation_is_no_number():
    work = shipped("node-way/a", "a = x + y\nf = a z")
    for key, text in (("value:a", "x + y"), ("value:a", "y + x"), ("value:f", "a z"), ("value:f", "z*a")):
        verdict = work.judge(key, text)
        assert (verdict.kind, verdict.message) == (UNDECIDED, "That is the equation. Which number is it?"), text
    for key, text in (("value:a", "1 + 3"), ("value:a", "1 + y"), ("value:f", "4 z"), ("value:f", "4*2")):
        assert work.judge(key, text).kind is RIGHT, text
    assert work.judge("value:f", "x z").kind is WRONG


def test_of_a_matrix_the_expression_is_enough_and_its_value_is_said():
    verdict = shipped("vectors/squared-norm", "q = W @ x\nf = ||q||^2").judge("value:q", "W @ x")
    assert verdict.kind is RIGHT
    assert "[[0.22], [0.26]]" in verdict.message


def test_matrices_are_judged_entry_by_entry():
    work = shipped("vectors/squared-norm", "q = W @ x\nf = ||q||^2")
    for text in ("[[0.22], [0.26]]", "0.22; 0.26", "W @ x", "[[11/50], [13/50]]", "[[0.22, 0.26]].T"):
        assert work.judge("value:q", text).kind is RIGHT, text
    verdict = work.judge("value:q", "[[0.22], [0.62]]")
    assert verdict.kind is WRONG
    assert "row 2" in verdict.message.lower()
    for text in ("[0.22, 0.26]", "[[0.22, 0.26]]", "0.48"):
        verdict = work.judge("value:q", text)
        assert verdict.kind is UNREADABLE, text
        assert "(2, 1)" in verdict.message
    assert work.judge("value:q", "W @ x.T").kind is UNREADABLE


def test_a_matrix_follows_from_a_wrong_matrix():
    work = shipped("vectors/squared-norm", "q = W @ x\nf = ||q||^2")
    assert work.answer("value:q", "[[1], [2]]").kind is WRONG
    verdict = work.answer("value:f", "5")
    assert verdict.kind is REMARK
    assert "value of q" in verdict.message


def test_the_names_of_the_language_are_the_learners_names():
    work = learner("f(x) = (x + 1)^2", "x = 2", staging="lambda = x + 1\nE = lambda^2")
    assert work.answer("value:lambda", "2 + 1").kind is RIGHT
    assert work.judge("value:E", "lambda*lambda").kind is RIGHT


def test_the_worked_answer_is_the_value():
    work = sigmoid()
    assert [float(work.worked(key)) for key in work.keys("forward")] == pytest.approx(
        [-2, math.exp(-2), 1 + math.exp(-2), 1 / (1 + math.exp(-2))], abs=5e-6
    )
