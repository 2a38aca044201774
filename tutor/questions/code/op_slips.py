"""The slips people make in the backward of each operation, by the values they lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from tutor.engine.values import Value

Way = tuple[str, str, Any, str]
"""The argument whose gradient it is about, the mistake's name, what it leads to (None for nothing), what is said."""

_SWAP = "The local derivative of a product is the other factor, not the argument itself."
_BOTH = "That is goutput times both factors; only the other one belongs."
_NO_T = "The other factor is there, but it must be transposed."
_ORDER = "The right factors, in the wrong order."
_NOT_ELEMENTWISE = "Forward was a matrix product: backward is one as well, not a product entry by entry."
_QUOTIENT = "The local derivative is -a / b²"
_SLOPE = "The slope out (1 - out) uses the output; here it is taken at"
_SPREAD = "Each entry of x gets a gradient: spread goutput along the rows."


def _plus(u: Any, a: Any, b: Any) -> Iterator[Way]:
    for name, other in (("a", b), ("b", a)):
        yield name, "add_splits", u / 2, "A sum does not split goutput: each argument gets all of it."
        yield name, "add_acts_like_mul", u * other, "That is the rule for a product."


def _sub(u: Any, _a: Any, _b: Any) -> Iterator[Way]:
    yield "b", "sub_lost_sign", u, "b enters with a minus: when it rises, a - b falls."
    yield "a", "sign_flipped", -np.asarray(u), "a enters with a plus."


def _mul(u: Any, a: Any, b: Any) -> Iterator[Way]:
    for name, own in (("a", a), ("b", b)):
        yield name, "mul_unswapped", u * own, _SWAP
        yield name, "mul_both_inputs", u * a * b, _BOTH


def _div(u: Any, a: Any, b: Any) -> Iterator[Way]:
    yield "a", "div_num_inverted", u * b, "a is divided by b, so its gradient is too."
    yield "b", "div_den_sign", u * a / np.square(b), "When b rises, a / b moves closer to 0: a minus is missing."
    yield "b", "div_den_no_square", -u * a / b, f"{_QUOTIENT}: the square is missing."
    yield "b", "div_den_no_square", u * a / b, f"{_QUOTIENT}: the minus and the square are missing."
    yield "b", "div_den_no_numerator", -u / np.square(b), f"{_QUOTIENT}: the factor a is missing."
    yield "b", "div_den_no_numerator", u / np.square(b), f"{_QUOTIENT}: the minus and the factor a are missing."


def _matmul(u: Any, a: Any, b: Any) -> Iterator[Way]:
    yield "a", "matmul_dA_no_T", _product(u, b), _NO_T
    yield "a", "matmul_dA_order", _product(_turned(b), u), _ORDER
    yield "a", "matmul_dA_order", _product(b, u), f"{_ORDER} And b must be transposed."
    yield "b", "matmul_dB_no_T", _product(a, u), _NO_T
    yield "b", "matmul_dB_order", _product(u, _turned(a)), _ORDER
    yield "b", "matmul_dB_order", _product(u, a), f"{_ORDER} And a must be transposed."
    for name, other in (("a", b), ("b", a)):
        yield name, "elementwise_for_matmul", _fitting(np.multiply, u, other), _NOT_ELEMENTWISE


def _sigmoid(u: Any, x: Any) -> Iterator[Way]:
    y = 1 / (1 + np.exp(-np.asarray(x)))
    again = 1 / (1 + np.exp(-y))
    yield "x", "sigmoid_at_input", u * x * (1 - np.asarray(x)), f"{_SLOPE} the input x."
    yield "x", "sigmoid_twice", u * again * (1 - again), f"{_SLOPE} the sigmoid of the output."
    yield "x", "sigmoid_one_factor", u * y, "The factor (1 - out) is missing."
    yield "x", "sigmoid_one_factor", u * (1 - y), "The factor out is missing."


def _row_sum(u: Any, x: Any) -> Iterator[Way]:
    rows, none = np.asarray(u)[:, None], np.zeros(np.shape(x))
    yield "x", "sum_times_x", rows * x, "The slope of a sum is 1 whatever its terms: x plays no part."
    yield "x", "mean_wrong_n", rows / np.shape(x)[1] + none, "A sum does not split goutput among its terms."
    said = "Each entry gets the goutput of its own row; yours gets its column's."
    yield "x", "sum_axis_wrong_expand", _fitting(np.add, np.asarray(u)[None, :], none), said
    yield "x", "sum_scalar", u, _SPREAD
    yield "x", "sum_scalar", rows, _SPREAD


def _expand(u: Any, _x: Any, *, axis: int, **_repeats: int) -> Iterator[Way]:
    yield "x", "bias_mean", np.mean(u, axis=axis, keepdims=True), "The copies' gradients are added, not averaged."
    for copy in (0, -1):
        said = "That is the gradient of one copy; those of all copies are added."
        yield "x", "bias_one_row", np.take(u, [copy], axis=axis), said
    yield "x", "bias_no_sum", u, "The sum over the copies is missing: x has one entry for all of them."


def _turned(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _product(a: Any, b: Any) -> Any:
    return _fitting(np.matmul, a, b)


def _fitting(function: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    """The function's value; None for shapes that it cannot take."""
    try:
        return function(a, b)
    except ValueError:
        return None


_WAYS: Mapping[str, Callable[..., Iterator[Way]]] = {
    "plus": _plus,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "matmul": _matmul,
    "sigmoid": _sigmoid,
    "row-sum": _row_sum,
    "expand": _expand,
}


def wrong_ways(
    operation: str, upstream: Value, arguments: tuple[Value, ...], keywords: Mapping[str, int]
) -> Iterator[Way]:
    """The ways that these shapes allow. Their values are not yet summed back to the arguments' shapes."""
    return (way for way in _WAYS[operation](upstream, *arguments, **keywords) if way[2] is not None)
