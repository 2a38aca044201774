"""Mistakes at gates that mix entries: products, sums, means, norms and the transpose."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.gates.misconceptions import along_the_other, backward, copied, each, forward, reduced, spread


def _columns(b: Any) -> int:
    """How many entries of a @ b an entry of a feeds, in its own matrix."""
    return int(np.shape(b)[-1]) if np.ndim(b) > 1 else 1


def _rows(a: Any) -> int:
    """How many entries of a @ b an entry of b feeds, in its own matrix."""
    return int(np.shape(a)[-2]) if np.ndim(a) > 1 else 1


def _by_own_rows(u: Any, _y: Any, a: Any, b: Any) -> Any:
    """The upstream times the left factor, entry by entry, each entry beside the row it came from."""
    if np.ndim(b) == 1:
        return np.expand_dims(u, -1) * a
    return u * a if np.shape(u) == np.shape(a) else None


def _by_own_columns(u: Any, _y: Any, a: Any, b: Any) -> Any:
    """The same with the right factor."""
    if np.ndim(a) == 1:
        return np.expand_dims(u, -2) * b if np.ndim(b) > 1 else None
    return u * b if np.shape(u) == np.shape(b) else None


_FIT = "The gradient must have {own}'s shape. Which order and which transpose give that?"

MATMUL = (
    backward("matmul_dA_no_T", 0, "u @ b", "{b} was not transposed", _FIT),
    backward(
        "matmul_dA_order", 0, "b.T @ u", "these are the right factors in the wrong order",
        "{a} was on the left. On which side does the upstream go?",
    ),
    backward("matmul_dB_no_T", 1, "a @ u", "{a} was not transposed", _FIT),
    backward(
        "matmul_dB_order", 1, "u @ a.T", "these are the right factors in the wrong order",
        "{b} was on the right. On which side does the upstream go?",
    ),
    backward("outer_transposed", 0, "outer(b, u)", "rows and columns are swapped", "Which one gives the rows?"),
    backward("outer_transposed", 1, "outer(u, a)", "rows and columns are swapped", "Which one gives the rows?"),
    *each(
        "elementwise_for_matmul", ("u b", "u a"), "it was multiplied entry by entry",
        "Each entry of {own} feeds several entries of {y}. What has to be added up?",
        (lambda _a, b: _columns(b) > 1, lambda a, _b: _rows(a) > 1),
    ),
    *each(
        "elementwise_for_matmul", ("u b", "u a"), "it was multiplied entry by entry",
        "Each entry of {own} meets one entry of {other} and feeds one entry of {y}. Which ones?",
        (lambda _a, b: _columns(b) == 1, lambda a, _b: _rows(a) == 1),
    ),
    *each(
        "matmul_unswapped", (_by_own_rows, _by_own_columns), "multiplies what arrived by {own} itself",
        "Hold {other} fixed. What is each entry of {own} multiplied by in {y}?",
    ),
    forward("matmul_factor_turned", "a.T @ b", "{a} was transposed", "Row times column: which row of {a} comes first?"),
    forward("matmul_elementwise", "a b", "it was multiplied entry by entry", "Row times column: what is added up?"),
    forward("matmul_elementwise", "a b.T", "it was multiplied entry by entry", "Row times column: what is added up?"),
    forward("matmul_order", "b @ a", "the factors are swapped", "Which one is on the left?"),
    forward("matmul_transposed", "(a @ b).T", "rows and columns are swapped", "Which factor gives the rows?"),
)  # fmt: skip

DOT = (
    *each(
        "dot_unswapped", ("u a", "u b"), "{own} itself was used, not the other vector",
        "Hold {other} fixed. What is each entry of {own} multiplied by in {y}?",
    ),
    *each(
        "dot_both", ("u a b", "u a b"), "both vectors were used, but only {other} belongs here",
        "Hold {other} fixed. What is each entry of {own} multiplied by in {y}?",
    ),
    forward("dot_not_summed", "a b", "the products were not added up", "A dot product is one number: which?"),
    forward("dot_of_sums", "sum(a) sum(b)", "two sums were multiplied", "Multiply first: what is the sum?"),
)  # fmt: skip

_FACTORS = "{y} is a product of equal factors, and each of them moves. What does each one receive?"

MATRIX_POWER = (
    backward(
        "matrix_power_one_factor", 0, lambda u, _y, a, n: u @ np.transpose(a) if n == 2 else None,
        "is the share of the first factor alone", _FACTORS,
    ),
    backward(
        "matrix_power_one_factor", 0, lambda u, _y, a, n: np.transpose(a) @ u if n == 2 else None,
        "is the share of the last factor alone", _FACTORS,
    ),
    backward(
        "matrix_power_as_number", 0, lambda u, _y, a, n: n * u @ np.linalg.matrix_power(a.T, n - 1) if n > 1 else None,
        "uses the power rule of numbers, as if the upstream could be moved past {a}", _FACTORS,
    ),
    backward(
        "matrix_power_no_T", 0, lambda u, _y, a, n: u @ a + a @ u if n == 2 else None,
        "multiplies by {a} itself, not transposed", _FACTORS,
    ),
    backward(
        "matrix_power_elementwise", 0, lambda u, _y, a, n: n * u * a ** (n - 1.0) if n > 1 else None,
        "is the power rule entry by entry", "Each entry of {a} feeds a row and a column of {y}. What is added up?",
    ),
    forward(
        "matrix_power_entries", lambda _u, _y, a, n: a ** float(n), "raises each entry on its own",
        "A power of a matrix multiplies matrices, row times column. What is added up?",
    ),
)  # fmt: skip

OUTER = (
    backward("outer_no_T", 0, "u.T @ b", "the upstream was transposed", _FIT),
    backward("outer_no_T", 1, "u @ a", "the upstream was not transposed", _FIT),
    backward("outer_unswapped", 0, "u @ a", "{a} itself was used, not the other vector", _FIT),
    backward("outer_unswapped", 1, "u.T @ b", "{b} itself was used, not the other vector", _FIT),
    forward("outer_order", "outer(b, a)", "the vectors are swapped", "Which one gives the rows?"),
)

TRANSPOSE = (
    backward(
        "transpose_forgotten",
        0,
        "u",
        "it was not transposed back",
        "{a} has rows where {y} has columns. What shape must its gradient have?",
    ),
    forward("transpose_forgotten", "a", "it was not transposed", "Where do the rows of {a} go?"),
)


def _along(upstream: Any, shape: Any, axis: Any) -> Any:
    """The upstream copied along another axis than the one that was summed; None where that does not fit."""
    if axis is None or len(shape) != 2 or np.ndim(upstream) != 1:
        return None
    column = np.reshape(upstream, (-1, 1) if axis in (0, -2) else (1, -1))
    return np.broadcast_to(column, shape) if column.size == shape[0 if column.shape[1] == 1 else 1] else None


def _over(count: Any) -> Any:
    """The upstream copied, over count(shape); None where there is no such count."""

    def sent(u: Any, _y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
        many = count(np.shape(a))
        return None if many is None else spread(u, a, axis, keepdims) / many

    return sent


def _times_input(u: Any, _y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return spread(u, a, axis, keepdims) * a


_COPIES = "How much does {y} grow when one entry of {a} grows by 0.01?"
_COUNT = "How many numbers were averaged together?"

SUM = (
    backward("sum_times_x", 0, _times_input, "multiplies by the entries of {a}", _COPIES),
    backward(
        "sum_scalar", 0, lambda u, _y, _a, **_options: u, "is the upstream, before it was copied",
        "Every entry of {a} gets a copy: what shape is that?",
    ),
    backward(
        "sum_axis_wrong_expand", 0, lambda u, _y, a, axis=None, **_options: _along(u, np.shape(a), axis),
        "copies the upstream along the wrong axis", "Along which axis was {a} summed?",
    ),
    backward("sum_shared", 0, _over(lambda shape: np.prod(shape)), "splits the upstream", _COPIES),
    forward("mean_for_sum", reduced(np.mean), "is the mean", "Is there anything to divide by?"),
    forward("sum_wrong_axis", along_the_other(np.sum), "is summed over the other axis", "Which axis disappears?"),
)  # fmt: skip

MEAN = (
    backward(
        "mean_of_one", 0, lambda u, y, a, **_options: u * (np.size(y) / np.size(a)),
        "is what one entry, or one row, gets", "How many of them get it: what shape is that?",
    ),
    backward("mean_no_n", 0, copied, "leaves out the division by the number of entries", _COUNT),
    backward(
        "mean_wrong_n", 0, _over(lambda shape: shape[0] if len(shape) == 2 else None),
        "divides by the number of rows", _COUNT,
    ),
    backward(
        "mean_wrong_n", 0, _over(lambda shape: shape[-1] if len(shape) == 2 else None),
        "divides by the number of columns", _COUNT,
    ),
    backward(
        "mean_wrong_n", 0, _over(lambda shape: np.prod(shape)), "divides by the number of all entries", _COUNT
    ),
    backward(
        "mean_times_x", 0,
        lambda u, y, a, axis=None, keepdims=False: _times_input(u, y, a, axis, keepdims) * np.size(y) / np.size(a),
        "multiplies by the entries of {a}", _COPIES,
    ),
    forward("sum_for_mean", reduced(np.sum), "is the sum", "What must it be divided by?"),
    forward("mean_wrong_axis", along_the_other(np.mean), "is averaged over the other axis", "Which axis disappears?"),
)  # fmt: skip

NORM = (
    backward("norm_not_divided", 0, "u a", "it was not divided by the norm", "How long is the vector that goes down?"),
    backward("norm_squared", 0, "u a/y^2", "it was divided by the norm twice", "How long must the unit vector be?"),
    backward("norm_as_squared", 0, "2 u a", "that is the rule of the squared norm", "What does the root change?"),
    backward("norm_doubled", 0, "2 u a/y", "there is an extra factor 2", "The root brings 1/2: what is left?"),
    forward("root_forgotten", "norm(a)^2", "the root is missing", "The norm is the root of what?"),
    forward(
        "norm_of_sizes",
        "sum(abs(a))",
        "the absolute values were added, not the squares",
        "The norm is the root of what?",
    ),
    forward("norm_of_sum", "sum(a)", "the entries were added, not their squares", "The norm is the root of what?"),
)

SQUARED_NORM = (
    backward("squared_norm_no_two", 0, "u a", "the factor 2 is missing", "What is the slope of one entry's square?"),
    backward(
        "squared_norm_as_norm", 0, "u a/norm(a)", "that is the rule of the norm itself", "What does a square change?"
    ),
    backward(
        "squared_norm_value",
        0,
        "u a^2",
        "the entries were squared, not differentiated",
        "What is the slope of one entry's square?",
    ),
    backward("squared_norm_squares", 0, "2 u a^2", "the entries are still squared", "The 2 comes down: what is left?"),
    backward(
        "squared_norm_two_only",
        0,
        lambda u, _y, a: 2.0 * u + 0.0 * a,
        "has only the factor 2, without the entries of {a}",
        "What does the 2 multiply, for each entry?",
    ),
    forward("root_taken", "norm(a)", "the root was taken", "Is the norm squared here?"),
    forward("squares_not_added", "a^2", "the squares were not added up", "What is done with the squares?"),
    forward("sum_for_squares", "sum(a)", "the entries were added, not their squares", "What is done before adding?"),
    forward("square_of_sum", "sum(a)^2", "the sum was squared", "Which comes first: the squares, or the sum?"),
)
