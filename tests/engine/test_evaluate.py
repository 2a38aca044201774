"""Values of expressions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from tests.sampling import examples
from tutor.engine.evaluate import evaluate
from tutor.language import Expression

from .expressions import trees
from .making import read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3*4", 14), ("2^3^2", 512), ("-2^2", -4), ("1/2x", 1.5), ("x (-x)", -9), ("|x - 5|", 2),
        ("max(x, 2 x)", 6),
        ("e^2", math.e**2), ("pi", math.pi), ("e", math.e), ("ln e", 1), ("sqrt(x^2)", 3), ("0.1 + 0.2", 0.1 + 0.2),
        ("[1, 2] @ [x, 4]", 11), ("sum([1, x])", 4), ("||[[x, 4]]||", 5), ("mean([[1, 2], [3, 4]])", 2.5),
    ],
)  # fmt: skip
def test_scalars(text, value):
    result = evaluate(read(text, "x"), {"x": 3.0})
    assert isinstance(result, float)
    assert result == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, x]", [1, 3]),
        ("[[1, x], [2, 4]]", [[1, 3], [2, 4]]),
        ("1 2; 3 4", [[1, 2], [3, 4]]),
        ("[[1, 2], [3, 4]].T", [[1, 3], [2, 4]]),
        ("outer([1, 2], [3, x])", [[3, 3], [6, 6]]),
        ("sum([[1, 2], [3, 4]], axis=0)", [4, 6]),
        ("mean([[1, 2], [3, 4]], axis=1, keepdims=True)", [[1.5], [3.5]]),
        ("x [1, 2]", [3, 6]),
        ("[1; 2] + [1, 2]", [[2, 3], [3, 4]]),
    ],
)
def test_arrays(text, value):
    np.testing.assert_array_equal(evaluate(read(text, "x"), {"x": 3.0}), np.array(value, dtype=float))


_UNDEFINED = ["ln(-1)", "ln 0", "1/0", "0/0", "sqrt(-1)", "0^-1", "(-2)^0.5"]
_UNDEFINED += ["max(1, ln(-1))", "max(ln(-1), 1)", "min(1, ln(-1))", "min(ln(-1), 1)", "relu(ln(-1))", "sigmoid(1/0)"]
_UNDEFINED += ["1/(1/0)", "e^(ln 0)", "0/(1/0)", "ln(0) - ln(0)"]


@pytest.mark.parametrize("text", _UNDEFINED)
def test_no_value_is_not_a_number(text):
    value = evaluate(read(text), {})
    assert isinstance(value, float) and math.isnan(value)


def test_what_is_too_large_is_infinite():
    assert evaluate(read("e^1000"), {}) == math.inf
    assert evaluate(read("-e^1000"), {}) == -math.inf
    assert evaluate(read("10^300 * 10^300"), {}) == math.inf
    assert evaluate(read("1/(1 + e^1000)"), {}) == 0


def test_errors():
    with pytest.raises(KeyError):
        evaluate(read("x", "x"), {})
    with pytest.raises(ValueError):
        evaluate(read("[1, 2] + [1, 2, 3]"), {})


@settings(max_examples=examples(200), deadline=None)
@given(trees())
def test_sample_points_give_what_they_give_one_by_one(tree: Expression):
    points = {"x": np.array([1.3, -0.7, 0.0]), "y": np.array([0.4, 1.9, -2.0])}
    together = np.broadcast_to(evaluate(tree, points), (3,))
    for index in range(3):
        alone = evaluate(tree, {name: float(values[index]) for name, values in points.items()})
        assert isinstance(alone, float)
        np.testing.assert_allclose(together[index], alone, rtol=1e-6, atol=1e-9)
