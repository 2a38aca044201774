"""Comparisons, indicators, pieces and derivative marks: what each way of typing them means."""

from __future__ import annotations

import pytest

from tutor.language import Apply, Name, Number, Unreadable, read_equation, read_expression, show, typed

from .oracle import tree_of
from .words import USUAL, known

MEANINGS = {
    "x > 0": "x > 0",
    "x>=y": "x >= y",
    "x ≥ y": "x >= y",
    "x ⩽ y": "x <= y",
    "x ≠ y": "x != y",
    "x == y": "x == y",
    "x<-1": "x < -1",
    "x + y > z*a": "x + y > z*a",
    "0 < x <= 1": "0 < x <= 1",
    "(x > 0) & (y > 0)": "x > 0 and y > 0",
    "x > 0 && y > 0": "x > 0 and y > 0",
    "x > 0 ∧ y > 0": "x > 0 and y > 0",
    "x > 0 and y > 0 or z > 0": "x > 0 and y > 0 or z > 0",
    "|x| > |y|": "abs(x) > abs(y)",
    "sin x > 0": "sin(x) > 0",
    "e^(x > 0)": "exp(x > 0)",
    "[x > 0, y > 0]": "[x > 0, y > 0]",
    # indicators
    "1[x > 0]": "x > 0",
    "𝟙[x>0] y": "(x > 0)*y",
    "1{x > 0}": "x > 0",
    "1(x > 0)": "x > 0",
    "1_{x>0}": "x > 0",
    "I(x > 0)": "x > 0",
    "I[x > 0]*y": "(x > 0)*y",
    "indicator(x > 0)": "x > 0",
    "[x > 0] y": "(x > 0)*y",
    "y [x > 0]": "y*(x > 0)",
    "2[x > 0]": "2*(x > 0)",
    "(x > 0).astype(float)": "x > 0",
    "(x > 0).astype(np.float64)*y": "(x > 0)*y",
    "((x > 0)).float()": "x > 0",
    "float(x > 0)": "x > 0",
    "1[x]": "1*[x]",
    "[x > 0, 1]": "[x > 0, 1]",
    # pieces
    "where(x > 0, y, z)": "where(x > 0, y, z)",
    "np.where(x > 0, y, 0)": "where(x > 0, y, 0)",
    "x if x > 0 else y": "x if x > 0 else y",
    "{x if x > 0 else -x}": "x if x > 0 else -x",
    "x if x > 0 else y if y > 0 else z": "x if x > 0 else (y if y > 0 else z)",
    "2*(x if x > 0 else y)": "2*(x if x > 0 else y)",
    "sgn x": "sign(x)",
    "np.sign(x)": "sign(x)",
    "heaviside(x, 0.5)": "heaviside(x, 0.5)",
    "heaviside(x)": "step(x)",
    "np.greater(x, y)": "x > y",
    # derivative marks
    "relu'(x)": "x > 0",
    "ReLU'(x)": "x > 0",
    "σ'(x)": "sigmoid(x)*(1 - sigmoid(x))",
    "sigmoid_prime(x + y)": "sigmoid(x + y)*(1 - sigmoid(x + y))",
    "y*tanh'(x)": "y*(1 - tanh(x)**2)",
    "abs'(x)": "sign(x)",
    # LaTeX
    r"x \leq y": "x <= y",
    r"x \ne y": "x != y",
    r"\mathbb{1}[x > 0]": "x > 0",
    r"\mathbf{1}_{x>0} y": "(x > 0)*y",
    r"\mathbb{1}_{\{x \ge 0\}}": "x >= 0",
    r"\sigma'(x)": "sigmoid(x)*(1 - sigmoid(x))",
    r"\operatorname{sgn}(x)": "sign(x)",
    r"\begin{cases} x & x > 0 \\ -x & \text{otherwise} \end{cases}": "x if x > 0 else -x",
    r"2 \begin{cases} x, & \text{if } x > 1, \\ y, & 0 < x \le 1 \\ z, & x \le 0 \end{cases}": (
        "2*(x if x > 1 else y if 0 < x <= 1 else z)"
    ),
}


@pytest.mark.parametrize(("ours", "python"), MEANINGS.items())
def test_a_comparison_is_read(ours: str, python: str) -> None:
    tree = read_expression(ours, USUAL).tree
    assert tree == tree_of(python)
    assert read_expression(show(tree), USUAL).tree == tree
    assert read_expression(typed(tree), USUAL).tree == tree


def test_names_win_over_the_words_and_marks() -> None:
    times = Apply("mul", (Name("I"), Apply("greater", (Name("x"), Number(0, "0")))))  # type: ignore[arg-type]
    assert read_expression("I (x > 0)", known("I", "x")).tree == times
    assert read_expression("I(x > 0) + I", known("x", open_names=True)).tree == Apply("add", (times, Name("I")))
    marked = read_expression("σ'(x)", known("σ'", "x")).tree
    assert marked == Apply("mul", (Name("σ'"), Name("x")))
    assert read_expression("if + else", known("if", "else")).tree == Apply("add", (Name("if"), Name("else")))


def test_what_is_not_literal_is_echoed() -> None:
    assert read_expression("x*y > 0", USUAL).echo == "(x·y) > 0"
    assert read_expression("σ'(x)", USUAL).echo == "σ(x)·(1 − σ(x))"
    assert read_expression("x*(y > 0)", USUAL).echo is None


def test_an_equation_still_has_a_single_equals_sign() -> None:
    assert read_equation("m = x > 0", USUAL).tree.expression == tree_of("x > 0")
    with pytest.raises(Unreadable, match="An equation has a single =, not =="):
        read_equation("m == x", USUAL)
