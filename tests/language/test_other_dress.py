"""Vectors and matrices in the dress of MATLAB, NumPy, PyTorch, LaTeX and of paper; texts with other usual readings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.language import Unreadable, other_readings, read_equation, read_expression

from .words import USUAL

VECTOR = [1.0, -2.5, 3.0]
MATRIX = [[1.0, -2.5], [3.0, 4.0]]


@pytest.mark.parametrize(
    ("text", "number"), [("10,87", "10.87"), ("-0,53", "−0.53"), ("0,123", "0.123"), ("12,5", "12.5")]
)
def test_a_number_with_a_decimal_comma(text: str, number: str):
    reading = read_expression(text, USUAL)
    assert float(evaluate(reading.tree, {})) == float(text.replace(",", "."))
    assert reading.echo == number
    with pytest.raises(Unreadable, match="with a point"):
        read_expression(f"{text} + 1", USUAL)


def test_truth_values_are_the_numbers_of_a_mask():
    reading = read_expression("[[True, False], [False, True]]", USUAL)
    assert np.array_equal(evaluate(reading.tree, {}), [[1, 0], [0, 1]]) and reading.echo == "[[1, 0], [0, 1]]"
    for text in ("True", "[2 True, 1]", "sum(x, True)"):
        with pytest.raises(Unreadable, match="True is not known"):
            read_expression(text, USUAL)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1 -2.5 3",
            "1, -2.5, 3",
            "(1, -2.5, 3)",
            "( 1 -2.5 3 )",
            "{1, -2.5, 3}",
            "{1 -2.5 3}",
            "1,-2.5,3",
            "1.0,-2.5,3",
        ),
        *("array([ 1. , -2.5,  3. ])", "tensor([ 1.0000, -2.5000,  3.0000])", "[1. -2.5\n 3.]", "[ 1. , -2.5,\n  3. ]"),
        *("np.array([1, -2.5, 3], dtype=np.float32)", "torch.tensor([1., -2.5, 3.], requires_grad=True)"),
        *("tensor([1., -2.5, 3.], grad_fn=<AddBackward0>)", "[np.float64(1.0), np.float64(-2.5), np.float64(3.0)]"),
        *("[1, -2.5, 3,]", "Tensor([1, -2.5, 3]);"),
    ],
)
def test_a_vector(text: str):
    assert np.array_equal(evaluate(read_expression(text, USUAL).tree, {}), VECTOR)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1 -2.5\n3 4",
            "1, -2.5\n3, 4",
            "[1 -2.5\n3 4]",
            "[1, -2.5\n 3, 4]",
            "[1, -2.5], [3, 4]",
            "[1, -2.5]\n[3, 4]",
        ),
        *("{{1,-2.5},{3,4}}", "{ {1, -2.5}, {3, 4} }", "[(1, -2.5), (3, 4)]", "((1, -2.5), (3, 4))", "(1, -2.5; 3, 4)"),
        *("[[ 1.  -2.5]\n [ 3.   4. ]]", "np.array([[1., -2.5],\n          [3., 4.]])", "[[1, -2.5],\n [3, 4]]"),
        *("[[1, -2.5]; [3, 4]]", "Matrix([[1, -2.5], [3, 4]])", "[[1, -2.5,], [3, 4,],]"),
        r"\left[\begin{matrix}1 & -2.5\\3 & 4\end{matrix}\right]",
        r"\left( \begin{array}{c|c} 1 & -2.5 \\ 3 & 4 \\ \end{array} \right)",
        r"\begin{pmatrix} 1 & -2.5 \\ 3 & 4 \end{pmatrix}",
        r"\begin{bmatrix}1 & -2.5\\ 3 & 4\end{bmatrix}",
    ],
)
def test_a_matrix(text: str):
    assert np.array_equal(evaluate(read_expression(text, USUAL).tree, {}), MATRIX)


@pytest.mark.parametrize("text", ["1\n-2\n3", "1; -2; 3", r"\left(\begin{matrix}1\\-2\\3\end{matrix}\right)"])
def test_a_column(text: str):
    assert np.array_equal(evaluate(read_expression(text, USUAL).tree, {}), [[1], [-2], [3]])


@settings(max_examples=examples(60))
@given(st.lists(st.floats(-1e9, 1e9, width=32), min_size=1, max_size=40))
def test_a_long_vector_that_numpy_prints_over_several_lines(entries: list[float]):
    printed = str(np.array(entries))
    exact = [float(one) for one in printed.strip("[]").split()]
    assert np.array_equal(evaluate(read_expression(printed, vocabulary()).tree, {}), exact)


@pytest.mark.parametrize("text", ["a = 1, 2", "a = 1 2", "a = x\n+ y", "a = (x, y)"])
def test_an_equation_is_no_list(text: str):
    with pytest.raises(Unreadable):
        read_equation(text, USUAL)


@pytest.mark.parametrize("text", ["x\n+ y", "(1,5)", "1,500", "1,234,567", "34 944", "2 3 + x", "(1,2) + 1"])
def test_what_may_be_a_number_or_one_expression_is_no_list(text: str):
    with pytest.raises(Unreadable):
        read_expression(text, USUAL)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("sin π/2", "sin(π/2)"),
        ("ln 5/4 + 1", "ln(5/4) + 1"),
        ("e^2x", "e^(2x)"),
        ("e^-x^2/2", "e^(-x^2/2)"),
        ("√2x", "√(2x)"),
        ("y^-1/2", "y^(-1/2)"),
        ("1/2x", "1/(2x)"),
        ("1/2(x + 1)", "1/(2(x + 1))"),
        ("1/2x + 1/2y", "1/(2x) + 1/(2y)"),
        ("-2x/2sqrt(1-x^2)", "-2x/(2sqrt(1-x^2))"),
        ("W.T@2q", "W.T@(2q)"),
        ("W.T @ 2 q + b", "W.T @ (2 q) + b"),
        ("cos 2 x", "cos(2 x)"),
        ("x + y (4)", "x + y"),
        ("1/2x # half", "1/(2x)"),
        ("1/3 (-0.333)", "1/3"),
        ("3·14", "3.14"),
        ("2 x 3", "2*3"),
        ("1,979", "1.979"),
        ("1,979", "1979"),
        ("[0,5; 1,25]", "[0.5, 1.25]"),
    ],
)
def test_another_usual_reading_is_found(text: str, meant: str):
    assert meant in [other.text for other in other_readings(text, vocabulary().functions)]


@pytest.mark.parametrize(
    "text", ["x + y", "x/y", "1/(2x)", "sin(x)/2", "e^(2x)", "x^2", "[1, 2]", r"\frac{1}{2}x", "2x", ""]
)
def test_a_text_with_one_reading_has_no_other(text: str):
    assert not list(other_readings(text, vocabulary().functions))
