"""Learners who round each answer and go on from the rounded numbers, whichever way they take a slope."""

from __future__ import annotations

import pytest

from tutor.judging import Kind

from .making import Learner, learner, shipped

REMARK, WRONG = Kind.REMARK, Kind.WRONG


def sigmoid(quick: bool = False) -> Learner:
    work = shipped("sigmoid/gates", "a = -x\nb = e^a\nc = 1 + b\nd = 1/c")
    work.quick = quick
    for key, text in (("a", "-2"), ("b", "0.14"), ("c", "1.14"), ("d", "0.877")):
        assert work.answer(f"value:{key}", text).accepted
    return work


def test_quick_gradients_follow_from_own_rounded_values():
    work = sigmoid(quick=True)
    assert work.answer("total:d", "1").accepted
    verdict = work.answer("total:c", "-0.769")  # -1/1.14^2; the true one is -0.776
    assert verdict.kind is REMARK and "your own" in verdict.message
    assert work.answer("total:b", "-0.769").accepted
    assert work.answer("total:a", "-0.108").kind is REMARK  # -0.769 * 0.14


def test_quick_gradients_that_follow_from_nothing_stay_wrong():
    work = sigmoid(quick=True)
    work.answer("total:d", "1")
    for text in ("-0.877", "0.769", "-1.14", "-0.75"):
        assert work.judge("total:c", text).kind is WRONG, text


# tanh(2.2) is 0.97574; cut to 0.98 its slope is 1 - 0.98^2 = 0.0396 and not 0.0479
@pytest.mark.parametrize(
    ("call", "x", "value", "slope"),
    [
        ("tanh(x)", "2.2", "0.98", "0.0396"),
        ("sigmoid(x)", "3.3", "0.96", "0.0384"),
        ("tanh(x)", "2.2", "0.976", "0.0474"),
    ],
)
def test_a_slope_follows_from_the_own_value_of_the_gate(call: str, x: str, value: str, slope: str):
    for key in ("local:a.0", "down:a.0"):
        work = learner(f"f(x) = {call} + 1", f"x = {x}", staging=f"a = {call}\nf = a + 1")
        assert work.judge(key, slope).kind is not REMARK, "nothing of one's own to follow from yet"
        assert work.answer("value:a", value).accepted
        verdict = work.judge(key, slope)
        assert verdict.kind is REMARK and "your own" in verdict.message, key
        assert work.judge(key, "0.07").kind is not REMARK
