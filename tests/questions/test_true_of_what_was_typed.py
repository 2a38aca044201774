"""A reason given for a wrong answer is true of what was typed."""

from __future__ import annotations

import pytest

from tutor.judging import Kind

from .making import learner, shipped


@pytest.mark.parametrize("typed", ["2z", "z + 2", "3 + z/2"])
def test_a_formula_is_not_taken_for_a_mistake_with_the_same_number(typed: str):
    work = shipped("node-way/b")
    work.all_right({"staging": "a = x^2\nb = 2 y\nc = a + b\nd = z^3\nh = c d"})
    verdict = work.judge("local:d.0", typed)
    assert verdict.kind is Kind.WRONG and not verdict.mistake
    assert work.judge("local:d.0", "z^2").mistake == "pow_no_coefficient"
    assert work.judge("local:d.0", "z^4/4").mistake == "pow_as_integral"


def test_a_number_in_a_formula_may_stand_for_the_upstream():
    work = learner("f(x, y) = 7 sin(x) y", "x = 1.1, y = 0.6", staging="a = sin x\nb = 7 a\nf = b y")
    assert work.judge("down:a.0", "4.2 sin x").mistake == "sin_not_cos"
    assert not work.judge("down:a.0", "4.1 sin x").mistake


@pytest.mark.parametrize("typed", ["x", "y"])
def test_a_name_is_answered_as_what_it_is(typed: str):
    """x is 1 and y is 3 there, which are the upstream, and the upstream + the local derivative."""
    work = shipped("node-way/a")
    work.all_right({"staging": "a = x + y\nf = a z"})
    verdict = work.judge("total:a", typed)
    assert verdict.message.startswith(f"This is the forward value of {typed}. What arrived at f")
    assert work.judge("total:a", "1").mistake == "mul_acts_like_add"


def test_a_rule_of_another_gate_is_said_of_the_gate_that_sends():
    work = shipped("node-way/a")
    work.all_right({"staging": "a = x + y\nf = a z"})
    assert "but f multiplies by z" in work.judge("total:a", "1").message
