"""Wrong answers as learners make them: named truly nearly always, and never falsely.

A sample of `naming/answers.jsonl`, and all of `naming/earlier.jsonl` and `naming/shipped.jsonl`;
`python -m tests.bench.bench_naming` scores the first.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.shipped import LIBRARY as SHIPPED
from tutor.judging import Kind

from .making import learner, shipped
from .naming_cases import LIBRARY, judged, rows_of, score

_EVERY = 5
_LEAST = 0.9


def test_wrong_answers_are_named_truly():
    rows = rows_of()[::_EVERY]
    cases = list(judged(LIBRARY, rows))
    counts = Counter(map(score, cases))
    false = [(case.row, case.verdict.message) for case in cases if score(case) == "named falsely"]
    assert not false
    assert not counts["accepted"]
    assert counts["named truly"] >= _LEAST * len(rows), counts
    assert all(case.verdict.message[-1] in ".?" or "\n" in case.verdict.message for case in cases)


def test_wrong_answers_to_what_ships_are_named_truly():
    for case in judged(SHIPPED.exercises, rows_of("shipped.jsonl")):
        assert score(case) in ("named truly", "hedged"), (case.row, case.verdict.message)
        asks = case.verdict.kind is Kind.WRONG and case.row["exercise"].startswith(("derivatives/", "sigmoid/analytic"))
        assert case.verdict.message.endswith("?") or not asks, case.verdict.message


def test_a_mistake_made_before_the_gate_is_named_there():
    for case in judged(LIBRARY, rows_of("earlier.jsonl")):
        assert score(case) == "named truly" and case.verdict.message.endswith("?"), (case.row, case.verdict.message)


_STEP = [
    ("2.021", "uphill", "2.021 goes uphill"),
    ("1.895", "no_step_size", "The step size is missing"),
    ("-0.021", "change_alone", "-0.021 is how far x moves"),
    ("0.105", "gradient_alone", "0.105 is the gradient"),
    ("x + 0.2*0.104994", "uphill", "This goes uphill"),
]


@pytest.mark.parametrize(("typed", "key", "said"), _STEP)
def test_a_step_of_descent_says_what_was_done(typed: str, key: str, said: str):
    work = shipped("sigmoid/gates", "a = -x\nb = e^a\nc = 1 + b\nd = 1/c")
    verdict = work.judge("step:x", typed)
    assert (verdict.kind, verdict.mistake) == (Kind.WRONG, key)
    assert verdict.message.startswith(said) and verdict.message.endswith("?")


_BY_CHANCE = ["11*6z", "6z c", "66 z"]
_RIGHT = ["33 z^2", "11*3 z^2", "c*3z^2", "c*12", "12 c", "11*12", "3 z*2 c", "(x^2 + 2y) 3z^2", "h*3/z", "132 z/2"]


@pytest.mark.parametrize("typed", [*_BY_CHANCE, *_RIGHT])
def test_a_downstream_formula_that_is_right_at_these_numbers_alone_is_told_so(typed: str):
    work = shipped("node-way/b", "a = x^2\nb = 2 y\nc = a + b\nd = z^3\nh = c d")
    verdict = work.judge("down:d.0", typed)
    assert verdict.kind is (Kind.WRONG if typed in _BY_CHANCE else Kind.RIGHT), verdict.message
    assert (verdict.mistake == "right_by_chance") == (typed in _BY_CHANCE)


def test_of_several_branches_the_one_that_counted_is_named_by_its_gate():
    work = learner("f(x, y) = (x + y)^2 x", "x = 2.5, y = 3", staging="s = x + y\na = s^2\nf = a x")
    assert "it counts only the branch through s" in work.judge("total:x", "27.5").message


def test_a_coincidence_does_not_stand_beside_a_common_mistake():
    work = learner("f(x, y) = sqrt(y)^2 x", "x = 1.7, y = 0.5", staging="d = sqrt(y)\ns = d^2\nf = s x")
    found = work.judge("down:s.0", "1.7").mistake.split("|")
    assert "forgot_local" in found and "slope_at_inner" not in found, "the slope of s at y is 1 only by chance"


def test_two_slips_at_once_are_told_as_two():
    work = learner("f(d, i) = d/i", "d = -0.7, i = 1.3", staging="f = d/i")
    verdict = work.judge("local:f.1", "1/i^2")
    assert verdict.mistake == "div_den_sign+div_den_no_numerator"
    assert verdict.message.startswith("There are two mistakes in it: in the slope with respect to i, the minus sign")
    assert work.judge("local:f.1", "-d/i^2").accepted


def test_a_reason_is_not_built_on_the_own_wrong_answer_that_is_asked_again():
    work = learner("f(x) = 1/(1 + e^-x)", "x = 2", staging="a = -x\nb = e^a\nc = 1 + b\nf = 1/c")
    work.answer("value:a", "-2")
    for _ in range(2):
        verdict = work.answer("value:b", "7.389")
        assert verdict.mistake == "exp_sign_lost", "the slope at -2 is no 7.389, whatever b was taken for"


def test_a_number_too_rough_to_tell_is_named_where_it_is_exactly_one_mistake():
    work = learner("f(x, y) = (x y)^2", "x = 2.5, y = 1.5", staging="p = x y\nf = p^2")
    verdict = work.judge("value:p", "4")
    assert (verdict.kind, verdict.mistake) == (Kind.UNDECIDED, "product_as_sum")
    assert "give two digits. If it is exact: the two were added." in verdict.message
    work = learner("f(x, y) = (x y)^2", "x = 2.6, y = 1.5", staging="p = x y\nf = p^2")
    verdict = work.judge("value:p", "4")
    assert not verdict.mistake and "rough" in verdict.message, "4.1 is only nearly what was added"
