"""Products and powers of arrays by shapes: against NumPy, against matrix algebra, and printed and read back."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, arrays_of, shape_made, vocabulary, vocabulary_at
from tutor.language import ASCII, UNICODE, Apply, Expression, Name, Number, Unreadable, read_expression, show
from tutor.language.array_products import shape_of_tree, with_signs
from tutor.language.printer import explained

SHAPES: dict[str, tuple[int, ...]] = {
    "k": (), "x": (2,), "y": (2,), "u": (3,), "v": (3,), "A": (2, 2), "B": (2, 2), "W": (3, 2), "X": (4, 3),
    "c": (2, 1), "d": (2, 1), "g": (3, 1), "r": (1, 2), "b": (3,), "S": (5, 2, 2),
}  # fmt: skip
_RANDOM = np.random.RandomState(7)
AT: dict[str, Any] = {name: _RANDOM.uniform(0.3, 2.0, shape) if shape else 1.7 for name, shape in SHAPES.items()}
WORDS = vocabulary_at(AT)

READ = {
    # two vectors
    "u^T v": "u @ v", "u·v": "u @ v", "u ⋅ v": "u @ v", "⟨u, v⟩": "u @ v", r"\langle u, v \rangle": "u @ v",
    r"u^\top v": "u @ v", "uᵀ v": "u @ v", "u.T v": "u @ v", "u.T @ v": "u @ v", "k u^T v": "k * (u @ v)",
    "u · 2 v": "2 * (u @ v)", "(u - v)^T (u - v)": "(u - v) @ (u - v)", "-u^T v/2": "-(u @ v) / 2",
    "u v^T": "np.outer(u, v)", "u·v^T": "np.outer(u, v)", "u ⊗ x": "np.outer(u, x)", r"u \otimes x": "np.outer(u, x)",
    "u v": "u * v", "u * v": "u * v", "u ⊙ v": "u * v", "u ∘ v": "u * v", "u × v": "u * v", r"u \odot v": "u * v",
    "u u^T v": "u * (u @ v)", "u^T v u": "(u @ v) * u", "u v v": "u * v * v", "c · d": "np.sum(c * d)",
    "c^T d": "np.sum(c * d)", "c d": "c * d", "r·r": "np.sum(r * r)", "x^T c": "x @ c[:, 0]", "x r": "np.outer(x, r)",
    # a matrix
    "A x": "A @ x", "A·x": "A @ x", r"A \cdot x": "A @ x", "A(x + y)": "A @ (x + y)", "A * x": "A * x",
    "x^T A y": "x @ A @ y", "x^T A": "x @ A", "2 W^T W x": "2 * W.T @ W @ x", "2 (W x) x^T": "2 * np.outer(W @ x, x)",
    "A B x": "A @ B @ x", "A^T A": "A.T @ A", "A x^T x": "A * (x @ x)", "u x^T A": "np.outer(u, x) @ A",
    "W x b": "(W @ x) * b", "(c^T d) W": "np.sum(c * d) * W", "(c^T d) u": "np.sum(c * d) * u",
    "u/(c^T d)": "u / np.sum(c * d)", "c^T A d": "np.sum(c.T @ A @ d)", "W A^T x": "W @ A.T @ x", "S x": "S @ x",
    "||A x - y||^2": "np.sum((A @ x - y)**2)", "e^(A x)": "np.exp(A @ x)", "[[1, 2], [3, 4]] x": "[[1, 2], [3, 4]] @ x",
    "[1, 2]·[3, 4]": "np.float64(11)", "x A y": "x @ A @ y", "⟨A, B⟩": "np.sum(A * B)",
    # NumPy's words
    "np.dot(X, W)": "X @ W", "X.dot(W)": "X @ W", "np.dot(u, v)": "u @ v", "dot(A, x)": "A @ x", "dot(k, x)": "k * x",
    "np.inner(u, v)": "u @ v", "np.inner(A, B)": "A @ B.T", "inner(x, A)": "A @ x", "inner(A, x)": "A @ x",
    "np.matmul(A, x)": "A @ x", "np.outer(u, x)": "np.outer(u, x)", "np.outer(c, d)": "np.outer(c, d)",
    # powers
    "A^2": "A @ A", "A²": "A @ A", "A^3 x": "A @ A @ A @ x", "A^2^T": "(A @ A).T", "A^-1 x": "np.linalg.inv(A) @ x",
    "A⁻¹": "np.linalg.inv(A)", "A^{-1}": "np.linalg.inv(A)", "x^T A^-2 y": "x @ np.linalg.inv(A @ A) @ y",
    "A**2": "A**2", "sum(A^2)": "np.sum(A**2)", "mean((A x^T x - B)^2)": "np.mean((A * (x @ x) - B)**2)",
    "sum(e^(-A^2/2))": "np.sum(np.exp(-A**2 / 2))", "sum(A^2 x)": "np.sum(A @ A @ x)", "W^2": "W**2", "x^2": "x**2",
    "matrix_power(A, 2)": "A @ A", "np.linalg.matrix_power(A, -1)": "np.linalg.inv(A)", "A**0.5": "A**0.5",
}  # fmt: skip
"""What is typed, and the same in NumPy."""


@pytest.mark.parametrize("text", READ)
def test_products_are_read_as_numpy_computes_them(text: str):
    wanted = eval(READ[text], {"np": np}, AT)  # our own line of NumPy, from the table above
    mine = evaluate(read_expression(text, WORDS).tree, AT)
    if np.ndim(wanted) == 0 and np.size(mine) == 1:
        mine = np.reshape(mine, ())  # a (1, 1) is a number
    assert np.shape(mine) == np.shape(wanted)
    np.testing.assert_allclose(mine, wanted, rtol=1e-12)


@pytest.mark.parametrize("text", ["r g", "g^T c", "u^T x", "u·x", "u x", "X x", "A u", "dot(u, x)", "u^T X^T W u"])
def test_what_fits_in_no_way_is_computed_in_none(text: str):
    tree = read_expression(text, WORDS).tree
    assert shape_of_tree(tree, arrays_of(SHAPES)) is None
    with pytest.raises(ValueError):
        evaluate(tree, AT)


def test_outer_products_of_matrices_are_refused():
    with pytest.raises(Unreadable, match="outer product of two vectors"):
        read_expression("A ⊗ B", WORDS)


ECHOES = {
    "A x": "A @ x", "u v": "u ⊙ v", "u·v": "dot(u, v)", "u^T v": "dot(u, v)", "u × v": "u ⊙ v",
    "A^2": "matrix_power(A, 2)", "sum(A^2)": "sum(A**2)", "u v^T": "outer(u, v)", "c d": "c ⊙ d", "A · x": "A @ x",
    "A @ x": None, "u * v": None, "u ⊙ v": None, "k u": None, "2 A": None, "k A": None, "W^2": None, "u^2": None,
    "np.dot(u, v)": None, "outer(u, v)": None, "A**2": None, "u ⊗ v": None, "⟨u, v⟩": None,
}  # fmt: skip


@pytest.mark.parametrize("text", ECHOES)
def test_what_is_not_plain_from_the_text_is_echoed(text: str):
    assert read_expression(text, WORDS).echo == ECHOES[text]


@pytest.mark.parametrize("text", ["k k", "2 x", "A x", "u^T v", "u v^T", "x^T A x", "A^2"])
def test_where_shapes_are_not_known_products_stay_as_they_are(text: str):
    names = vocabulary(*SHAPES)
    assert "matmul" not in repr(read_expression(text, names).tree)
    assert (
        read_expression(text, names).tree == read_expression(text, WORDS.__class__(names.functions, names.names)).tree
    )


def test_powers_go_entry_by_entry_where_no_matrix_power_is_about():
    words = vocabulary_at(AT, entrywise_powers=True)
    for text in ("A^2", "3 A^2", "A^-1", "A^2 * B"):
        assert read_expression(text, words).tree == read_expression(text, vocabulary(*SHAPES)).tree


# Matrix algebra: a vector of one axis is a column.


_FACTORS = [name for name in SHAPES if name != "S"]


def _as_matrix(name: str, turned: bool) -> Any:
    value = np.reshape(AT[name], (-1, 1)) if np.ndim(AT[name]) < 2 else AT[name]
    return value.T if turned else value


@st.composite
def chains(draw: st.DrawFn) -> tuple[str, Any]:
    """Factors side by side that matrix algebra can multiply, and their product."""
    text, product = "", np.eye(1)
    for _ in range(draw(st.integers(2, 6))):
        fitting = [
            (name, turned)
            for name in _FACTORS
            for turned in (False, True)
            if 1 in (product.size, np.size(AT[name])) or _as_matrix(name, turned).shape[0] == product.shape[1]
        ]
        name, turned = draw(st.sampled_from(fitting))
        factor = _as_matrix(name, turned)
        text += f"{draw(st.sampled_from((' ', ' · ')))}{name}{'^T' if turned and SHAPES[name] else ''}"
        product = product.item() * factor if product.size == 1 else factor.item() * product if factor.size == 1 else (
            product @ factor
        )  # fmt: skip
    return text.strip(" ·"), product


@settings(max_examples=examples(100))
@given(chain=chains())
def test_a_row_of_factors_is_what_matrix_algebra_says(chain: tuple[str, Any]):
    text, product = chain
    mine = evaluate(read_expression(text, WORDS).tree, AT)
    assert np.size(mine) == product.size, text
    np.testing.assert_allclose(np.ravel(mine), np.ravel(product), rtol=1e-9)


# Our own texts


_ATOMS = [*map(Name, SHAPES), *(Number(value, str(value)) for value in (Fraction(2), Fraction(3), Fraction(-1)))]
_BINARY = ("add", "sub", "mul", "mul", "mul", "div", "matmul", "matmul", "dot", "outer", "max")
_UNARY = ("neg", "exp", "transpose", "norm", "squared_norm", "abs", "sum", "softmax", "mean", "pow", "matrix_power")
ARRAYS = arrays_of(SHAPES)


def _has_shape(tree: Expression) -> bool:
    """Whether shapes fit in it, and no vector of one axis is transposed: what is read holds no such operation."""
    if not isinstance(tree, Apply):
        return True
    shapes = [shape_of_tree(part, ARRAYS) for part in tree.arguments]
    if any(shape is None for shape in shapes) or (tree.operation == "transpose" and len(shapes[0] or ()) < 2):
        return False
    return shape_made(tree.operation, tuple(shape for shape in shapes if shape is not None), tree.options) is not None


@st.composite
def typed_trees(draw: st.DrawFn, depth: int = 4) -> Expression:
    """Trees in which shapes fit; where the operation drawn does not fit, its first argument."""
    key = draw(st.sampled_from((*_BINARY, *_UNARY, "")))
    if not depth or not key:
        return draw(st.sampled_from(_ATOMS))
    parts = [draw(typed_trees(depth - 1)) for _ in range(1 + (key in _BINARY))]
    options = (("n", draw(st.integers(-2, 3))),) if key == "matrix_power" else ()
    if key == "pow":
        parts.append(draw(st.sampled_from(_ATOMS[-3:])))
    tree = Apply(key, tuple(parts), options)
    return tree if _has_shape(tree) else parts[0]


@settings(max_examples=examples(300))
@given(tree=typed_trees(), entrywise_powers=st.booleans())
def test_what_we_print_of_arrays_reads_as_the_same_tree(tree: Expression, entrywise_powers: bool):
    words = vocabulary_at(AT, entrywise_powers=entrywise_powers)
    assert words.arrays is not None
    signed = with_signs(tree, words.arrays)
    assert signed == tree
    for text in (show(signed, UNICODE), show(signed, ASCII), explained(signed)):
        assert read_expression(text, words).tree == tree, text
    again = read_expression(show(signed), words)
    assert show(again.tree) == show(signed)


def test_large_arrays_are_read_alike():
    shapes = {"A": (4000, 3000), "x": (3000,), "u": (4000,)}
    arrays = arrays_of(shapes)
    words = replace(vocabulary(*shapes), arrays=arrays)
    for text, shape in {"A x": (4000,), "u^T A x": (), "u^T u": (), "u x^T": (4000, 3000), "||A x - u||^2": ()}.items():
        assert shape_of_tree(read_expression(text, words).tree, arrays) == shape, text


@pytest.mark.parametrize("key", ["matmul", "outer"])
def test_shapes_said_by_an_entry_are_those_of_its_values(key: str):
    sizes = [(), (1,), (2,), (3,), (1, 1), (2, 3), (3, 2), (1, 3), (4, 3, 2), (4, 2, 3), (1, 2, 2)]
    for shapes in itertools.product(sizes, repeat=2):
        try:
            made = np.shape(GATES[key].forward(*(np.ones(shape) for shape in shapes)))
        except ValueError:
            made = None
        assert shape_made(key, shapes) == made, shapes
