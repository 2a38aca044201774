"""A wrong answer that is no known mistake: the blank's question in the gate's own terms, and never the number."""

from __future__ import annotations

import pytest

from tutor.judging import Kind
from tutor.questions.code.faults import advice
from tutor.runner import RunFault

from .making import Learner, learner

_FORK = ("f(x, y) = x^2 y + x", "x = 3, y = 5", "p = x^2\nq = p y\nf = q + x")


def fork() -> Learner:
    function, at, staging = _FORK
    return learner(function, at, staging=staging)


_ASKED = [
    ("value:p", "9.7", "9.7 is not the right value. p = x² with x = 3: what is 3²?"),
    ("value:q", "44.1", "44.1 is not the right value. q = p·y with y = 5: which operation joins p and y?"),
    ("total:f", "7", "7 is not the right value. If f grows by 0.01, how much does f grow?"),
    ("local:q.0", "7.3", "7.3 is not the right value. q = p·y: how fast does q move when only p moves?"),
    ("down:p.0", "7.3", "7.3 is not the right value. What arrived at p, and how fast does p move with x?"),
    ("total:x", "29.3", "29.3 is not the right value. "
     "What does each of p and f send to x, and how do you combine them?"),
    ("local:p.0", "y + y/7", "Yours comes to 5.71429, which is not the right value. "
     "p = x²: how fast does p move when only x moves?"),
]  # fmt: skip


@pytest.mark.parametrize(("blank", "typed", "said"), _ASKED)
def test_it_asks_for_what_the_blank_wants(blank: str, typed: str, said: str):
    verdict = fork().judge(blank, typed)
    assert (verdict.kind, verdict.message, verdict.mistake) == (Kind.WRONG, said, "")


def test_a_value_that_the_learner_has_is_told_and_one_that_is_open_is_not():
    work = fork()
    assert "p = 9" not in work.judge("value:q", "44.1").message
    work.answer("value:p", "9")
    assert "with p = 9 and y = 5" in work.judge("value:q", "44.1").message


def test_arrays_are_asked_by_entry():
    work = learner("f(W, x) = sum(W @ x)", "W = [[1.3, -2], [0.5, 3]], x = [0.7, 2.1]", staging="q = W @ x\nf = sum(q)")
    message = work.judge("value:q", "[-3.29, 8.1]").message
    assert message == "Entry 2: 8.1 is not right. 1 of 2 entries is right. q = W @ x: which numbers go into each entry?"
    assert work.judge("down:q.0", "[[0.1, 0.2], [0.3, 0.4]]").message.endswith(
        "What arrived at q, and how is W used in q = W @ x?"
    )


def test_a_wrong_shape_is_asked_about_too():
    work = learner("f(W, x) = sum(W @ x)", "W = [[1.3, -2], [0.5, 3]], x = [0.7, 2.1]", staging="q = W @ x\nf = sum(q)")
    assert work.judge("value:q", "[1, 2, 3]").message.endswith("q = W @ x: which numbers go into each entry?")
    assert work.judge("down:q.0", "[1, 2]").message.endswith(
        "A gradient has the shape of what it belongs to. What arrived at q, and how is W used in q = W @ x?"
    )
    assert work.judge("down:q.0", "x @ W @ W @ x @ x").message.endswith("the inner sizes must be the same.")


@pytest.mark.parametrize(("typed", "kind"), [("12", "factor_of_two"), ("3", "pow_no_coefficient"), ("6.01", "")])
def test_a_factor_of_two_is_named_where_no_mistake_of_the_gate_explains_it(typed: str, kind: str):
    verdict = fork().judge("local:p.0", typed)
    assert verdict.mistake == kind
    assert ("is off by a factor of 2" in verdict.message) == (kind == "factor_of_two")


def test_a_formula_is_told_by_what_it_is_everywhere():
    work = learner("f(z) = z^3 + 1", "z = 2", staging="r = z^3\nf = r + 1")
    assert set(work.judge("local:r.0", "8").mistake.split("|")) == {"pow_coef_decremented", "value_for_gradient"}
    assert work.judge("local:r.0", "2 z^2").mistake == "pow_coef_decremented"
    assert work.judge("local:r.0", "r").mistake == "value_for_gradient"


def test_of_two_that_fit_the_one_that_fits_exactly_is_told_unless_the_answer_is_rounded():
    work = learner("f(d) = (d^2)^2/100", "d = 1.3", staging="m = d^2\ns = m^2\nf = s/100")
    assert work.judge("down:m.0", "2.6").mistake == "forgot_upstream", "upstream + local is 2.63 there"
    closer = learner("f(d) = (d^2)^2/1000", "d = 1.3", staging="m = d^2\ns = m^2\nf = s/1000")
    assert closer.judge("down:m.0", "2.6").mistake == "forgot_upstream", "upstream + local is 2.603 there"
    assert set(closer.judge("down:m.0", "2.60").mistake.split("|")) == {"forgot_upstream", "added_upstream"}


def test_what_hardly_anybody_does_is_not_told_beside_what_people_do():
    cube = learner("f(z) = z^3 + 1", "z = 2", staging="r = z^3\nf = r + 1")
    assert cube.judge("local:r.0", "4").mistake == "pow_no_coefficient", "z^4/4 is 4 too: nobody integrates"
    elsewhere = learner("f(z) = z^3 + 1", "z = 1.5", staging="r = z^3\nf = r + 1")
    assert elsewhere.judge("local:r.0", "1.265625").mistake == "pow_as_integral", "there nothing else gives it"


def test_of_three_that_fit_all_are_told():
    ones = learner("f(x, y) = (x + y) x", "x = 1, y = 1", staging="c = x + y\nf = c x")
    message = ones.judge("value:c", "1").message
    told = "the two were multiplied (x·y = 1·1); or it is x itself; or it is y itself."
    assert message.startswith(f"Three mistakes give 1: {told}")


@pytest.mark.parametrize(
    ("error", "detail", "asks"),
    [
        ("TypeError", "ufunc 'bitwise_xor' not supported", "In Python ^ is not a power. Which operator is?"),
        ("NameError", "name 'sqrt' is not defined", "sqrt is NumPy's. What goes in front of its name?"),
        ("NameError", "name 'hz' is not defined", "Which line should compute hz?"),
        ("ValueError", "matmul: Input operand 1 has a mismatch", "What shapes do its two factors have?"),
        ("ZeroDivisionError", "division by zero", ""),
    ],
)
def test_what_python_raised_leads_on(error: str, detail: str, asks: str):
    said = advice(RunFault("raised", "Your code raised it.", error=error, detail=detail), "")
    assert said.endswith(asks) and bool(said) == bool(asks)
