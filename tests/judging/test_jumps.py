"""Expressions with comparisons: the same wherever their jumps are the same, different where one is a little off."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tutor
from tests.sampling import examples
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.judging import Equivalence, Kind, compare
from tutor.language import Expression, read_expression

NAMES = ("x", "y", "z", "t", "s", "u", "d")

SAME = [
    ("u*(z > 0)", "where(z > 0, u, 0)"),
    ("u*(z > 0)", "u*(0 < z)"),
    ("u*1[z > 0]", "u*relu'(z)"),
    ("x*(x > 0)", "relu(x)"),
    ("(d > 0) - (d < 0)", "sign(d)"),
    ("d/|d|", "sign(d)"),
    ("(1 + sign(z))/2", "heaviside(z, 0.5)"),
    ("1 - (x <= 0)", "x > 0"),
    ("-t*(t*s < 1)", "-t*(1 - t*s > 0)"),
    ("x - y > 0", "x > y"),
    ("x^3 > 0", "x > 0"),
    ("e^x > 2", "x > ln 2"),
    ("(x > 0)*(y > 0)", "min(x > 0, y > 0)"),
    ("where(|d| <= 1, d^2/2, |d| - 1/2)", "where(|d| < 1, d^2/2, |d| - 1/2)"),
    ("where(x > 0, sqrt(x), 0)", "where(x <= 0, 0, x^(1/2))"),
    ("where(x < 1, x, sqrt(x))", "x if x < 1 else sqrt(x)"),
    ("x == y", "y == x"),
    ("u*(x == y)", "where(x == y, u, 0)"),
]

DIFFERENT = [
    ("u*(z < 0)", "u*(z > 0)"),
    ("where(z > 0, 0, u)", "u*(z > 0)"),
    ("u", "u*(z > 0)"),
    ("(z > 0)*(z > 0.01)", "z > 0"),
    ("x > 1.05", "x > 1"),
    ("|d| <= 1.01", "|d| <= 1"),
    ("where(|d| <= 1.1, d^2/2, |d| - 1/2)", "where(|d| <= 1, d^2/2, |d| - 1/2)"),
    ("where(x > 3, x, 2 x)", "2 x"),
    ("x > 2000", "x > 1000"),
    ("-t*(t*s < 1.2)", "-t*(t*s < 1)"),
    ("x + 0.1 > y", "x > y"),
    ("0", "u*(x == y)"),
    ("x", "where(x == 0, 1, x)"),
    ("sin(x)/x", "where(x == 0, 1, sin(x)/x)"),
]

AT_THE_JUMP = [
    ("u*(z >= 0)", "u*(z > 0)"),
    ("2*1[x > 0] - 1", "sign(x)"),
    ("heaviside(x, 1)", "step(x)"),
    ("x >= y", "x > y"),
    ("x >= 1.3", "x > 1.3"),
    ("u^x (x >= 2)", "u^x (x > 2)"),
]


def _read(text: str) -> Expression:
    return read_expression(text, vocabulary(*NAMES)).tree


@pytest.mark.parametrize(("answer", "truth"), SAME)
def test_the_same_jumps(answer: str, truth: str) -> None:
    for one, other in ((answer, truth), (truth, answer)):
        if one != "sign(d)":  # d/|d| has no value at 0
            assert compare(_read(one), _read(other), NAMES).outcome is Equivalence.SAME


@pytest.mark.parametrize(("answer", "truth"), DIFFERENT)
def test_other_jumps_are_answered_by_a_point_that_shows_it(answer: str, truth: str) -> None:
    assert tutor.judge(answer, truth, NAMES).kind is Kind.WRONG
    found = compare(_read(answer), _read(truth), NAMES)
    with np.errstate(all="ignore"):
        mine, right = (float(evaluate(_read(text), found.point)) for text in (answer, truth))
    assert mine != pytest.approx(right, rel=1e-9)
    assert all(
        Fraction(repr(value)).limit_denominator(10**6) == Fraction(repr(value)) for value in found.point.values()
    )


@pytest.mark.parametrize(("answer", "truth"), AT_THE_JUMP)
def test_the_jump_itself_is_only_remarked_on(answer: str, truth: str) -> None:
    verdict = tutor.judge(answer, truth, NAMES)
    assert verdict.kind is Kind.REMARK and "except at the jump itself" in verdict.message


def test_an_equality_is_no_value() -> None:
    verdict = tutor.judge("x == 3", "x + 3")
    assert verdict.kind is Kind.UNREADABLE and "give it alone" in verdict.message
    assert tutor.judge("3 == x", "x == 3").kind is Kind.RIGHT


_places = st.integers(-40, 40).map(lambda tenths: Fraction(tenths, 10))
_parts = st.sampled_from(("x", "2 x", "x^2", "1", "-x", "0.5"))


@settings(max_examples=examples(60), deadline=None)
@given(_places, _places, _parts, _parts, st.sampled_from((">", ">=", "<", "<=")))
def test_two_pieces_are_the_same_only_with_the_same_jump(
    one: Fraction, other: Fraction, a: str, b: str, sign: str
) -> None:
    texts = [f"where(x {sign} {float(place)}, {a}, {b})" for place in (one, other)]
    trees = [_read(text.replace("2 x", "2*x")) for text in texts]
    between = np.linspace(float(min(one, other)), float(max(one, other)), 11)[1:-1]
    values = [
        np.broadcast_to(evaluate(_read(part.replace("2 x", "2*x")), {"x": between}), between.shape) for part in (a, b)
    ]
    differs = one != other and not np.allclose(*values)
    outcome = compare(trees[0], trees[1], ("x",)).outcome
    assert outcome is (Equivalence.DIFFERENT if differs else Equivalence.SAME), texts
