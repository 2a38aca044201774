"""Matrix expressions on random tensors of the exercise's shapes."""

from __future__ import annotations

import numpy as np
import pytest

from tutor.judging import Kind
from tutor.judging.tensors import judge_tensor_expression, random_tensor

from .making import read, tensored

LAYER = {"W": (3, 2), "x": (2, 1), "u": (3, 1)}


@pytest.mark.parametrize(
    ("answer", "truth", "shapes"),
    [
        ("2 (W @ x) @ x.T", "outer(2 W @ x, x)", LAYER),
        ("2 W.T @ W @ x", "2 W.T @ (W @ x)", LAYER),
        ("(x.T @ W.T).T", "W @ x", LAYER),
        ("||W @ x||^2", "sum((W @ x)^2)", LAYER),
        ("mean(x)", "sum(x)/2", LAYER),
        ("dot(a, b)", "sum(a b)", {"a": (4,), "b": (4,)}),
        ("a + b", "b + a", {"a": (3, 1), "b": (4,)}),
        ("u σ(x)(1 - σ(x))", "u e^-x/(1 + e^-x)^2", {"u": (5, 2), "x": (5, 2)}),
        ("x - x", "0 x", LAYER),
        ("(W @ x - u) - (W @ x) + u", "0 u", LAYER),
    ],
)
def test_the_same_matrix_expression(answer: str, truth: str, shapes: dict[str, tuple[int, ...]]) -> None:
    assert tensored(answer, truth, **shapes).kind is Kind.RIGHT
    assert tensored(truth, answer, **shapes).kind is Kind.RIGHT


@pytest.mark.parametrize(
    ("answer", "truth"),
    [
        ("W @ x", "u - W @ x"),
        ("2 u", "u"),
        ("-u", "u"),
        ("u^2", "u"),
        ("u + 1e-9", "u"),
        ("sum(u) + 0 u", "u"),
        ("relu(u)", "u"),
        ("mean(x) u", "sum(x) u"),
    ],
)
def test_another_one(answer: str, truth: str) -> None:
    assert tensored(answer, truth, **LAYER).kind is Kind.WRONG
    assert tensored(truth, answer, **LAYER).kind is Kind.WRONG


@pytest.mark.parametrize(
    ("answer", "truth", "message"),
    [
        ("W @ x", "x", "Yours is a matrix (3, 1); this needs a matrix (2, 1)."),
        ("sum(x)", "x", "Yours is a number; this needs a matrix (2, 1)."),
        (
            "x @ W",
            "x",
            "In x @ W the shapes (2, 1) and (3, 2) do not fit. (n, k) @ (k, m) gives (n, m): ",
        ),
        ("x + W @ u", "x", "In W @ u the shapes (3, 2) and (3, 1) do not fit."),
    ],
)
def test_shapes_come_first(answer: str, truth: str, message: str) -> None:
    verdict = tensored(answer, truth, **LAYER)
    assert verdict.kind is Kind.UNREADABLE
    assert verdict.message.startswith(message)


def test_names_without_a_shape_and_arrays_too_large_are_unreadable() -> None:
    truth = read("x", "x", "v")
    assert judge_tensor_expression(read("v", "x", "v"), truth, {"x": (2,)}).message == "v has no value here."
    heavy = "outer(outer(x, x), outer(x, x))"
    assert tensored(heavy, "x", x=(30,)).message.startswith("This makes an array of more than")


def test_a_transposed_square_matrix_is_seen_by_its_values() -> None:
    assert tensored("W.T", "W", W=(2, 2)).kind is Kind.WRONG


def test_what_is_said_of_values() -> None:
    message = tensored("2x", "x", x=(2, 1)).message
    assert message.startswith("The shape is right, the values are not: on numbers drawn at random, in row ")
    assert "column 1, yours gives " in message


def test_no_value_where_the_truth_has_one() -> None:
    verdict = tensored("ln(x) - ln(x) + x", "x", x=(9,))
    assert verdict.kind is Kind.WRONG
    assert verdict.message == "Yours has no value where the correct answer has one: ln(x) needs a positive number."
    assert tensored("ln(x) - ln(x) + x", "x", positive=["x"], x=(9,)).kind is Kind.RIGHT


def test_a_truth_without_a_value_decides_nothing() -> None:
    assert tensored("x", "ln(-||x||^2) + x", x=(3,)).kind is Kind.UNDECIDED


def test_random_tensors_are_the_same_on_every_machine() -> None:
    first = random_tensor("W", (2, 2), 0, positive=False)
    np.testing.assert_array_equal(first, random_tensor("W", (2, 2), 0, positive=False))
    assert not np.array_equal(first, random_tensor("V", (2, 2), 0, positive=False))
    assert not np.array_equal(first, random_tensor("W", (2, 2), 1, positive=False))
    assert isinstance(random_tensor("x", (), 0, positive=False), float)
    assert np.all(random_tensor("W", (5, 5), 0, positive=True) > 0)
