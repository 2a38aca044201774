"""The slips people make in the backward of each operation, by the values they lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from tutor.engine.values import Value

Wrong = tuple[str, Callable[[], Any], str]
"""A mistake's name, what it leads to before it is summed back to the argument's shape, and what is said."""

_SWAP = "The local derivative of a product is the other factor, not the argument itself."
_NO_T = "The other factor stands there as it is; it has to be transposed."
_ORDER = "The right factors, in the wrong order."
_NOT_ELEMENTWISE = "Forward was a matrix product: backward is one as well, not a product entry by entry."
_OUTPUT = "The slope out (1 - out) is in terms of the output; here it is taken with something else in its place."


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(x)))


def _turned(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _plus(u: Any, a: Any, b: Any) -> Iterator[tuple[str, Wrong]]:
    for name, other in (("a", b), ("b", a)):
        yield name, ("add_splits", lambda: u / 2, "A sum does not share goutput out: each argument gets all of it.")
        yield name, ("add_acts_like_mul", lambda other=other: u * other, "That is the rule of a product.")


def _sub(u: Any, a: Any, b: Any) -> Iterator[tuple[str, Wrong]]:
    yield "b", ("sub_lost_sign", lambda: u + 0 * np.asarray(b), "b enters with a minus: when it rises, a - b falls.")
    yield "a", ("sign_flipped", lambda: -np.asarray(u), "a enters with a plus.")


def _mul(u: Any, a: Any, b: Any) -> Iterator[tuple[str, Wrong]]:
    for name, own in (("a", a), ("b", b)):
        yield name, ("mul_unswapped", lambda own=own: u * own, _SWAP)
        yield (
            name,
            ("mul_both_inputs", lambda: u * a * b, "That is goutput times both factors, the argument's own too."),
        )


def _div(u: Any, a: Any, b: Any) -> Iterator[tuple[str, Wrong]]:
    yield "a", ("div_num_inverted", lambda: u * b, "a is divided by b, so its gradient is as well.")
    yield (
        "b",
        ("div_den_sign", lambda: u * a / np.square(b), "When b rises, a / b gets nearer to 0: a minus is missing."),
    )
    yield "b", ("div_den_no_square", lambda: -u * a / b, "The denominator of the local derivative is b squared.")
    yield (
        "b",
        ("div_den_no_square", lambda: u * a / b, "The local derivative is -a / b²: a minus and a square are missing."),
    )
    yield "b", ("div_den_no_numerator", lambda: -u / np.square(b), "The factor a is missing.")
    yield (
        "b",
        (
            "div_den_no_numerator",
            lambda: u / np.square(b),
            "The local derivative is -a / b²: a and the minus are missing.",
        ),
    )


def _matmul(u: Any, a: Any, b: Any) -> Iterator[tuple[str, Wrong]]:
    yield "a", ("matmul_dA_no_T", lambda: u @ b, _NO_T)
    yield "a", ("matmul_dA_order", lambda: _turned(b) @ u, _ORDER)
    yield "a", ("matmul_dA_order", lambda: b @ u, f"{_ORDER} And b has to be transposed.")
    yield "b", ("matmul_dB_no_T", lambda: a @ u, _NO_T)
    yield "b", ("matmul_dB_order", lambda: u @ _turned(a), _ORDER)
    yield "b", ("matmul_dB_order", lambda: u @ a, f"{_ORDER} And a has to be transposed.")
    yield "a", ("elementwise_for_matmul", lambda: u * b, _NOT_ELEMENTWISE)
    yield "b", ("elementwise_for_matmul", lambda: u * a, _NOT_ELEMENTWISE)


def _of_sigmoid(u: Any, x: Any) -> Iterator[tuple[str, Wrong]]:
    y = _sigmoid(x)
    yield "x", ("sigmoid_at_input", lambda: u * x * (1 - np.asarray(x)), f"{_OUTPUT[:-1]}: the input x.")
    twice = _sigmoid(y)
    yield "x", ("sigmoid_twice", lambda: u * twice * (1 - twice), f"{_OUTPUT[:-1]}: the sigmoid of the output.")
    yield "x", ("sigmoid_one_factor", lambda: u * y, "The factor (1 - out) is missing.")
    yield "x", ("sigmoid_one_factor", lambda: u * (1 - y), "The factor out is missing.")
    yield "x", ("sigmoid_one_factor", lambda: y * (1 - y) * y, "goutput is missing, and out is there twice.")


def _row_sum(u: Any, x: Any) -> Iterator[tuple[str, Wrong]]:
    rows = np.asarray(u)[:, None]
    yield "x", ("sum_times_x", lambda: rows * x, "The slope of a sum is 1 whatever its terms are: x does not come in.")
    yield "x", ("mean_wrong_n", lambda: rows / np.shape(x)[1] + 0 * x, "A sum does not share goutput out.")
    said = "Each entry gets the goutput of its own row; here it is that of its column."
    yield "x", ("sum_axis_wrong_expand", lambda: np.asarray(u)[None, :] + 0 * x, said)
    yield "x", ("sum_scalar", lambda: u, "Each entry of x gets a gradient: spread goutput along the rows.")
    yield "x", ("sum_scalar", lambda: rows, "Each entry of x gets a gradient: spread goutput along the rows.")


def _expand(u: Any, x: Any, *, axis: int, repeats: int) -> Iterator[tuple[str, Wrong]]:
    yield (
        "x",
        ("bias_mean", lambda: np.mean(u, axis=axis, keepdims=True), "The copies' gradients are added, not averaged."),
    )
    one = "That is the gradient of one copy; all of them are added."
    yield "x", ("bias_one_row", lambda: np.take(u, [0], axis=axis), one)
    yield "x", ("bias_one_row", lambda: np.take(u, [-1], axis=axis), one)
    missing = "The sum over the copies is missing: x has one entry for all of them."
    yield "x", ("bias_no_sum", lambda: u, missing)


WRONG_WAYS: Mapping[str, Callable[..., Iterator[tuple[str, Wrong]]]] = {
    "plus": _plus,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "matmul": _matmul,
    "sigmoid": _of_sigmoid,
    "row-sum": _row_sum,
    "expand": _expand,
}


def wrong_ways(
    operation: str, upstream: Value, arguments: tuple[Value, ...], keywords: Mapping[str, int]
) -> Iterator[tuple[str, str, Value, str]]:
    """Argument, mistake, the value it leads to and what is said; ways that these shapes do not allow are left out."""
    for name, (mistake, value, said) in WRONG_WAYS[operation](upstream, *arguments, **keywords):
        try:
            yield name, mistake, value(), said
        except ValueError:
            continue
