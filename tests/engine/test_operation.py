"""What counts as one operation, and how many an expression holds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tutor.engine.operation import Fixed, as_operation, count_operations

from .making import operation, read

_NAMES = ("x", "y", "z", "W", "c")

_SINGLE = [
    ("x + y", "add", "x y"), ("x y", "mul", "x y"), ("x x", "mul", "x x"), ("-x", "neg", "x"), ("x - y", "sub", "x y"),
    ("x/y", "div", "x y"), ("x^y", "pow", "x y"), ("2 x", "scale", "2 x"), ("x*2", "scale", "x 2"),
    ("x/2", "unscale", "x 2"), ("2/c", "reciprocal", "2 c"), ("1/c", "reciprocal", "1 c"), ("c^-1", "power", "c -1"),
    ("x^2", "power", "x 2"), ("2^x", "exponential", "2 x"), ("x + 1", "shift", "x 1"), ("x - 1", "shift_down", "x 1"),
    ("1 - x", "reflect", "1 x"), ("-2 x", "scale", "-2 x"), ("-(2 x)", "scale", "-2 x"), ("-2/c", "reciprocal", "-2 c"),
    ("-(2/c)", "reciprocal", "-2 c"), ("-(x/2)", None, ""), ("-(x 2)", None, ""), ("e^x", "exp", "x"),
    ("ln x", "ln", "x"), ("sigmoid(x)", "sigmoid", "x"), ("relu(x)", "relu", "x"), ("max(x, 0)", "max", "x 0"),
    ("W @ x", "matmul", "W x"), ("W.T", "transpose", "W"), ("sum(x)", "sum", "x"), ("||x||^2", "squared_norm", "x"),
    ("x 2/3", None, ""), ("x (2/3)", "scale", "x 0.6666666666666666"), ("x + 2*3", "shift", "x 6"),
    ("x pi", "scale", f"x {math.pi}"), ("x + ln(2)", "shift", f"x {math.log(2)}"),
    ("sqrt(2) x", "scale", f"{2**0.5} x"),
    ("x + y + z", None, ""), ("(x + y) z", None, ""), ("2 x + y", None, ""), ("-(x + y)", None, ""),
    ("sin(-x)", None, ""),
    ("x", None, ""), ("2", None, ""), ("ln(2)", None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "arguments"), _SINGLE)
def test_one_operation_or_not(text, key, arguments):
    found = as_operation(read(text, *_NAMES))
    if key is None:
        assert found is None
        return
    assert found is not None and found.gate.key == key
    given = [a.value if isinstance(a, Fixed) else a for a in found.arguments]
    expected = [part if part in _NAMES else pytest.approx(float(part), rel=1e-15) for part in arguments.split()]
    assert given == expected


def test_options_are_kept():
    assert dict(operation("sum(W, axis=(0, 1), keepdims=True)", *_NAMES).options) == {"axis": (0, 1), "keepdims": True}


def test_a_matrix_is_a_constant():
    made = operation("[[1, 2], [3, 4]] @ x", *_NAMES)
    assert made.gate.key == "matmul"
    fixed = made.arguments[0]
    assert isinstance(fixed, Fixed)
    np.testing.assert_array_equal(fixed.value, [[1, 2], [3, 4]])
    assert fixed.text == "[[1, 2], [3, 4]]"


@pytest.mark.parametrize("text", ["x + 1/0", "x ln(0)", "x + ln(-1)", "x + 0^-1", "x sqrt(-2)", "x + 1/(1/0)"])
def test_a_constant_without_a_value_is_not_a_number(text):
    fixed = operation(text, *_NAMES).arguments[1]
    assert isinstance(fixed, Fixed) and isinstance(fixed.value, float) and math.isnan(fixed.value)


def test_matrices_that_do_not_fit_are_a_value_error():
    with pytest.raises(ValueError):
        as_operation(read("x + ([1, 2] @ [1, 2, 3])", *_NAMES))


_COUNTS = [
    ("x", 0), ("2", 0), ("ln(2) + 1", 0), ("x + y", 1), ("2 x", 1), ("-2 x", 1), ("-(2 x)", 1), ("-(2 (x + y))", 2),
    ("-(x/2)", 2), ("x + y + z", 2), ("(x + y) z", 2), ("2 x + y", 2), ("x/2 + 3", 2), ("x (2/3 + 1)", 1),
    ("(x^2 + 2 y) z^3", 5), ("(ln x + sin y)^2 + 4 x", 6), ("ln x sigmoid(sqrt(y))/sigmoid((x + y)^2)", 8),
    ("2/sin(e^(-x))", 4), ("||W @ x||^2", 2), ("x x", 1), ("x x x", 2), ("mean((x - mean(x))^2)", 4),
]  # fmt: skip


@pytest.mark.parametrize(("text", "count"), _COUNTS)
def test_how_many_operations(text, count):
    assert count_operations(read(text, *_NAMES)) == count
