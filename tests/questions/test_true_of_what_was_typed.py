"""A reason given for a wrong answer is true of what was typed."""

from __future__ import annotations

import pytest

from tests.shipped import LIBRARY
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.engine.values import shape_of
from tutor.judging import Kind
from tutor.language import read_expression
from tutor.questions import InputKind

from .asking import One
from .making import Learner, learner, shipped


@pytest.mark.parametrize("typed", ["4z - 4", "z + 2", "3 + z/2"])
def test_a_formula_is_not_taken_for_a_mistake_with_the_same_number(typed: str):
    work = shipped("node-way/b")
    work.all_right({"staging": "a = x^2\nb = 2 y\nc = a + b\nd = z^3\nh = c d"})
    verdict = work.judge("local:d.0", typed)
    assert verdict.kind is Kind.WRONG and not verdict.mistake
    assert work.judge("local:d.0", "z^2").mistake == "pow_no_coefficient"
    assert work.judge("local:d.0", "z^4/4").mistake == "pow_as_integral"
    assert work.judge("local:d.0", "2z").mistake == "pow_of_lower", "the slope of z², whatever z is"


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


@pytest.mark.parametrize("id", ["vectors/squared-norm", "blocks/attention", "node-way/a", "blocks/l2-penalty"])
def test_a_blank_says_the_shape_that_it_asks_for(id: str):
    work = Learner(LIBRARY.exercises[id])
    for step in work.steps:
        for blank in step.blanks(work):
            if blank.wants is InputKind.VALUE:
                shape = shape_of(evaluate(read_expression(work.worked(blank.key), vocabulary()).tree, {}))
                assert (f" {shape}" in blank.example) if shape else blank.example.startswith("a number")
                work.answer(blank.key, work.worked(blank.key))


def test_an_exponent_that_wants_brackets_is_told_so_and_costs_nothing():
    work = learner("f(y, x) = sqrt(y) x", "y = 0.5, x = 1.7", staging="b = y^0.5\nf = b x")
    verdict = work.judge("local:b.0", "0.5 y^-1/2")
    assert verdict.kind is Kind.UNDECIDED and not verdict.mistake
    assert verdict.message == ("(y^-1)/2 is how this is read. If that is not meant, put the exponent in brackets.")
    assert work.judge("local:b.0", "0.5 y^(-1/2)").accepted
    assert work.judge("local:b.0", "3 y^-1/2").kind is Kind.WRONG, "that is wrong with brackets too"
    staged = work.judge("staging", "b = y^1/2\nf = b x")
    assert staged.kind is Kind.UNDECIDED and "put the exponent in brackets" in staged.message


def test_an_argument_that_wants_brackets_is_told_so_and_costs_nothing():
    work = learner("f(y, x) = sin(y) x", "y = pi/2, x = 1.7".replace("pi/2", '"pi/2"'), staging="b = sin y\nf = b x")
    verdict = work.judge("value:b", "sin π/2")
    assert verdict.kind is Kind.UNDECIDED and "put what sin applies to in brackets" in verdict.message
    assert work.judge("value:b", "sin(π)/2").charged
    loss = One("value", {"formula": "-ln(p)"}, at={"p": 0.8})
    assert "(ln 5)/4 is how" in loss.judge("ln 5/4").message and not loss.judge("ln 5/4").charged
