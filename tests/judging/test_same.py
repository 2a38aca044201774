"""Pairs that are the same function, in many writings; and pairs that nearly are."""

from __future__ import annotations

import pytest

from tutor.engine.sympy_bridge import derivative, from_sympy
from tutor.judging import Kind, judge_expression

from .making import NAMES, judged, read

SAME = [
    ("2(x + 1)", "2x + 2"),
    ("x y", "y x"),
    ("(x + y) z", "x z + z y"),
    ("1/(1 + e^(-2x))", "tanh(x)/2 + 1/2"),
    ("tanh(x)", "(e^x - e^(-x))/(e^x + e^(-x))"),
    ("tanh(x)", "1 - 2/(e^(2x) + 1)"),
    ("sin(x)^2 + cos(x)^2", "1"),
    ("tan(x)^2 + 1", "1/cos(x)^2"),
    ("sin(2x)", "2 sin(x) cos(x)"),
    ("cos(x)", "sin(x + π/2)"),
    ("sqrt(x^2)", "|x|"),
    ("relu(x)", "(x + |x|)/2"),
    ("max(x, y) + min(x, y)", "x + y"),
    ("max(x, y)", "x + relu(y - x)"),
    ("relu(-sqrt(2) - x^2)", "0"),
    ("max(0, -e^x) + min(e^x, 0)", "0"),
    ("relu(x)", "max(0, x)"),
    ("(x^2 - y^2)/(x - y)", "x + y"),
    ("x^2/x", "x"),
    ("e^(x + y)", "e^x e^y"),
    ("2^x", "e^(x ln 2)"),
    ("x^x", "e^(x ln x)"),
    ("x^0.5", "sqrt(x)"),
    ("x^-2", "1/x^2"),
    ("(x + 1)^20", "((x + 1)^2)^10"),
    ("(4a - x)^6000", "(x - 4a)^6000"),
    ("ln(e^x)", "x"),
    ("0.1x + 0.2x", "0.3x"),
    ("452", "4.52*10^2"),
    ("sin(7π)", "0"),
    ("cos(2π)", "1"),
    ("sin(π/2)", "1"),
    ("sqrt(sin(x)^2 + cos(x)^2 - 1)", "0"),
    ("sqrt(2) sqrt(3)", "sqrt(6)"),
    ("(1 + sqrt(5))/2", "2/(sqrt(5) - 1)"),
    ("ln(x) - ln(y)", "ln(x) + ln(1/y)"),
    ("(-2)^x (-2)", "(-2)^(x + 1)"),
    ("a^b a^c", "a^(b + c)"),
    ("0^0", "1"),
    ("sin(x^40)", "sin(x^39 x)"),
    ("e^(-x^2)", "1/e^(x^2)"),
    ("ln(e^(e^(e^x)))", "e^(e^x)"),
]

DIFFERENT = [
    ("x", "sqrt(x^2)"),
    ("|x|", "relu(x)"),
    ("relu(x)", "x"),
    ("x", "x + 1e-10"),
    ("x", "x + 1e-30"),
    ("x + 1e-20 relu(x)", "x"),
    ("min(x + 1, y + 2 + 1e-30)", "min(x + 1, y + 2)"),
    ("max(x, min(y, z + 1e-30))", "max(x, min(y, z))"),
    ("sin(max(x, π))", "-sin(max(x, π))"),
    ("(x - 1.3) (x + 1e-19)", "(x - 1.3) x"),
    ("sin(x + 1e-100)", "sin(x)"),
    ("x (1 + 1e-200)", "x"),
    ("sin(x)^2 + cos(x)^2 - 1 + 1e-90", "0"),
    ("1 - 2/(e^(200 + 0x) + 1 + 1/10^7)", "tanh(100 + 0x)"),
    ("(1 + 1/10^30)^(10^30)", "e"),
    ("e^(-100x)", "0"),
    ("e^(-300x)", "e^(-200x) (sin(x)^2 + cos(x)^2 - 1)"),
    ("2^-99", "2^-98"),
    ("sin(π x)", "0"),
    ("sin(x)", "x - x^3/6"),
    ("22/7", "π"),
    ("x", "x (y^2 + 1)/(y^2 + 2)"),
    ("ln(x y)", "ln(x) ln(y)"),
    ("2^x", "x^2"),
    ("x^4", "x^2 x"),
    ("(a^b)^c", "a^(b c)"),
    ("max(x, 50)", "relu(x - 50)"),
    ("max(x, -50)", "x"),
    ("max(x, 50)", "50"),
    ("x + relu(x - 5000)", "x"),
    ("x - relu(-x - 5000)", "x"),
    ("sqrt((x - 300)^2)", "300 - x"),
    ("max(tan(2x), 10)", "max(tan(x), 10)"),
    ("tanh(1000x)", "x/|x|"),
    ("e^(-x^2)", "(e^-x)^2"),
    ("9^9^9", "x"),
    ("x", "sin(cos(exp(exp(exp(1)))))"),
    ("x^(10^300)", "x"),
    ("ln(1 + e^-200)", "0"),
    ("(1 + e^-200)^x", "1"),
    ("x (1 + 10^-60)^(1/3)", "x"),
    ("ln(x/(x + e^-300))", "0"),
    ("sin(x)^2 + cos(x)^2 - 1", "e^-160"),
    ("sin(π)^2", "e^-400"),
]

DERIVATIVE_OF_SIGMOID = [
    "σ(x)(1 - σ(x))",
    "σ(x) - σ(x)^2",
    "σ(x) σ(-x)",
    "e^(-x)/(1 + e^(-x))^2",
    "e^x/(1 + e^x)^2",
    "1/(2 + e^x + e^(-x))",
    "1/(e^(x/2) + e^(-x/2))^2",
    "(1 - tanh(x/2)^2)/4",
    "σ(x)^2 e^(-x)",
    "1/(1 + e^(-x)) - (1/(1 + e^(-x)))^2",
    "(1/(1 + e^-x)) (1 - 1/(1 + e^-x))",
    "1/(4 ((e^(x/2) + e^(-x/2))/2)^2)",
]

DERIVATIVES = [
    ("x^2 + 3x", "2x + 3"),
    ("(x^2 + 2y) z^3", "2x z^3"),
    ("ln(x^2)", "2/x"),
    ("x^3 - 2/x", "3x^2 + 2x^-2"),
    ("1/sqrt(x)", "-x^(-3/2)/2"),
    ("sqrt(1 + x^2)", "x/sqrt(1 + x^2)"),
    ("e^(-x^2/2)", "-x e^(-x^2/2)"),
    ("sin(x)/x", "(x cos(x) - sin(x))/x^2"),
    ("tanh(x)", "1/((e^x + e^-x)/2)^2"),
    ("ln(1 + e^x)", "σ(x)"),
    ("x σ(x)", "σ(x) + x σ(x)(1 - σ(x))"),
    ("(ln x + sin y)^2 + 4x", "2(ln x + sin y)/x + 4"),
    ("x^x", "x^x (ln x + 1)"),
    ("2^x", "2^x ln 2"),
    ("tan(3x)", "3(1 + tan(3x)^2)"),
    ("ln x σ(sqrt y)/σ((x + y)^2)", "σ(√y)(1/(x σ((x+y)^2)) - 2 (ln x) (x + y)(1 - σ((x+y)^2))/σ((x+y)^2))"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_the_same_written_otherwise_is_right(left: str, right: str) -> None:
    assert judged(left, right).accepted
    assert judged(right, left).accepted


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_what_nearly_is_the_same_is_wrong(left: str, right: str) -> None:
    assert judged(left, right).kind is Kind.WRONG
    assert judged(right, left).kind is Kind.WRONG


@pytest.mark.parametrize("form", DERIVATIVE_OF_SIGMOID)
def test_the_derivative_of_the_sigmoid_has_many_forms(form: str) -> None:
    truth = from_sympy(derivative(read("σ(x)"), "x"))
    assert judge_expression(read(form), truth, NAMES).kind is Kind.RIGHT
    assert judge_expression(read(f"{form} + x/1000"), truth, NAMES).kind is Kind.WRONG


@pytest.mark.parametrize(("function", "written"), DERIVATIVES)
def test_a_derivative_as_a_person_writes_it(function: str, written: str) -> None:
    truth = from_sympy(derivative(read(function), "x"))
    assert judge_expression(read(written), truth, NAMES).kind is Kind.RIGHT


def test_equal_trees_are_right_even_where_nothing_can_be_computed() -> None:
    assert judged("9^9^9^9^9 x", "9^9^9^9^9*x").kind is Kind.RIGHT
    assert judged("ln(-x^2)", "ln(-x^2)").kind is Kind.RIGHT
