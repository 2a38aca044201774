"""At a kink any slope between the two sides is right, and what the learner chose is carried on."""

from __future__ import annotations

import numpy as np
import pytest

from tutor.judging import Kind

from .making import Learner, learner

RIGHT, REMARK, WRONG = Kind.RIGHT, Kind.REMARK, Kind.WRONG

KINKS = [
    ("relu(x)", "x = 0", 0, 1, "0"),
    ("|x|", "x = 0", -1, 1, "0"),
    ("max(x, y)", "x = 2, y = 2", 0, 1, "0.5"),
    ("min(x, y)", "x = 2, y = 2", 0, 1, "0.5"),
    ("max(x, 3)", "x = 3", 0, 1, "0.5"),
]


def at_kink(gate: str, at: str) -> Learner:
    names = "x, y" if "y" in at else "x"
    return learner(f"f({names}) = 2 {gate}" if gate[0] != "|" else f"f({names}) = 2*{gate}", at)


@pytest.mark.parametrize(("gate", "at", "low", "high", "torch"), KINKS)
def test_any_slope_between_is_right_with_a_remark(gate: str, at: str, low: float, high: float, torch: str):
    work = at_kink(gate, at)
    for slope in np.linspace(low, high, 5):
        verdict = work.judge("local:a.0", f"{slope:g}")
        assert verdict.kind is REMARK
        assert f"from {low} to {high}" in verdict.message
        assert f"PyTorch uses {torch}" in verdict.message
    for slope in (low - 0.5, high + 0.5):
        assert work.judge("local:a.0", f"{slope:g}").kind is WRONG


@pytest.mark.parametrize(("gate", "at", "low", "high", "torch"), KINKS)
def test_the_choice_is_carried_on(gate: str, at: str, low: float, high: float, torch: str):
    work = at_kink(gate, at)
    assert work.answer("local:a.0", "0.7").kind is REMARK
    assert work.answer("down:a.0", "1.4").kind is REMARK
    assert work.judge("down:a.0", f"{2 * float(torch)}").kind is RIGHT, "and so is the usual one"
    assert work.judge("down:a.0", "1.6").kind is WRONG


@pytest.mark.parametrize(("gate", "at", "low", "high", "torch"), KINKS)
def test_in_one_go_any_gradient_between_is_right(gate: str, at: str, low: float, high: float, torch: str):
    work = at_kink(gate, at)
    work.quick = True
    work.all_right({"total:f": "1", "total:a": "2"})
    for slope in (low, high, 0.3):
        assert work.judge("total:x", f"{2 * slope}").accepted
    assert work.judge("total:x", f"{2 * high + 0.5}").kind is WRONG
    assert work.judge("total:x", f"{2 * low - 0.5}").kind is WRONG


def test_in_one_go_the_choice_is_carried_on():
    work = learner("f(x) = 3 relu(x^2 - 4)", "x = 2", staging="a = x^2\nb = a - 4\nc = relu(b)\nf = 3c")
    work.quick = True
    work.all_right({"total:f": "1", "total:c": "3"})
    assert work.answer("total:b", "1.5").accepted
    assert work.answer("total:a", "1.5").accepted
    assert work.answer("total:x", "6").accepted
    assert work.judge("total:x", "0").kind is RIGHT
    assert work.judge("total:x", "5").kind is WRONG


def test_a_fork_into_a_kink_has_a_span_too():
    work = learner("f(x) = |x| + 5x", "x = 0", staging="a = |x|\nb = 5x\nf = a + b")
    work.quick = True
    for gradient, accepted in (("4", True), ("5", True), ("6", True), ("3", False), ("7", False)):
        assert work.judge("total:x", gradient).accepted is accepted


def test_away_from_the_kink_there_is_one_slope():
    work = learner("f(x) = 2 relu(x)", "x = 0.5")
    assert work.judge("local:a.0", "1").kind is RIGHT
    assert work.judge("local:a.0", "0.5").kind is WRONG
    work = learner("f(x) = 2 relu(x)", "x = -0.5")
    assert work.judge("local:a.0", "0").kind is RIGHT
    assert work.judge("local:a.0", "1").kind is WRONG


def test_entries_at_a_kink_are_free_and_the_others_are_not():
    work = learner("f(x) = sum(2 relu(x))", "x = [[1, 0], [-2, 0]]", staging="a = relu(x)\nb = 2a\nf = sum(b)")
    for text in ("[[1, 0], [0, 0]]", "[[1, 1], [0, 0]]", "[[1, 0.5], [0, 1]]"):
        verdict = work.judge("local:a.0", text)
        assert verdict.kind is REMARK, text
        assert "from 0 to 1" in verdict.message
    for text in ("[[1, 2], [0, 0]]", "[[1, 0], [1, 0]]", "[[0, 0], [0, 0]]", "[[1, -0.5], [0, 0]]"):
        assert work.judge("local:a.0", text).kind is WRONG, text
    assert work.judge("local:a.0", "[1, 0, 0, 0]").kind is Kind.UNREADABLE
    assert work.judge("local:a.0", "[[1, 0], [0").kind is Kind.UNREADABLE


def test_the_choice_in_an_array_is_carried_on():
    work = learner("f(X, Y) = sum(max(X, Y))", "X = [[1, 2], [3, 4]], Y = [[1, 3], [2, 4]]")
    assert work.answer("local:a.0", "[[1, 0], [1, 0.5]]").kind is REMARK
    assert work.answer("local:a.1", "[[0, 1], [0, 0.5]]").kind is REMARK
    assert work.answer("down:a.0", "[[1, 0], [1, 0.5]]").accepted
    assert work.answer("down:a.1", "[[0, 1], [0, 0.5]]").accepted
    assert work.judge("down:a.0", "[[1, 1], [1, 0.5]]").kind is WRONG


def test_hints_at_a_kink_do_not_contradict_themselves():
    for gate, at, low, high, torch in KINKS:
        line = at_kink(gate, at).hints("local:a.0")[2]
        assert f"any slope from {low} to {high}" in line
        assert line.endswith(f"∂a/∂x = {torch}")
    line = learner("f(x) = 2 relu(x)", "x = 0.5").hints("local:a.0")[2]
    assert line == "∂a/∂x is 1 where x > 0, else 0; here ∂a/∂x = 1"


TIED = "x = [[1, 3, 3], [2, 0, -1]]"


@pytest.mark.parametrize(("shares", "kind"), [
    ("[[0, 3, 3], [4, 0, 0]]", RIGHT),
    ("[[0, 6, 0], [4, 0, 0]]", REMARK),
    ("[[0, 4, 2], [4, 0, 0]]", REMARK),
    ("[[0, 6, 6], [4, 0, 0]]", WRONG),
    ("[[0, 7, -1], [4, 0, 0]]", WRONG),
    ("[[6, 0, 0], [4, 0, 0]]", WRONG),
    ("[[0, 2, 2], [4, 0, 0]]", WRONG),
    ("[[0, 3, 3], [0, 4, 0]]", WRONG),
])  # fmt: skip
def test_a_tie_along_an_axis_shares_the_upstream_in_any_way(shares: str, kind: Kind):
    work = learner("f(x) = sum(max(x, axis=1)^2)", TIED, staging="m = max(x, axis=1)\nq = m^2\nf = sum(q)")
    assert work.judge("down:m.0", shares).kind is kind
    work.quick = True
    assert work.judge("total:x", shares).kind is kind


def test_what_a_tie_was_chosen_to_send_is_carried_on():
    work = learner("f(x) = sum(max(2x, axis=1)^2)", TIED, staging="t = 2x\nm = max(t, axis=1)\nq = m^2\nf = sum(q)")
    assert work.answer("down:m.0", "[[0, 12, 0], [8, 0, 0]]").kind is REMARK
    assert work.judge("total:t", "[[0, 12, 0], [8, 0, 0]]").accepted
    assert work.judge("down:t.1", "[[0, 24, 0], [16, 0, 0]]").accepted
