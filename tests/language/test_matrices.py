"""Vectors and matrices: both notations, and NumPy's printed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tutor.language import Expression, Matrix, Number, read_expression

from .oracle import tree_of
from .words import USUAL

SAME = {
    "[1, 2]": "[1, 2]",
    "[1 2]": "[1, 2]",
    "[ 1.  -0.5 ]": "[1.0, -0.5]",
    "[1 -2]": "[1, -2]",
    "[1 - 2]": "[1 - 2]",
    "[1 -2 +3]": "[1, -2, 3]",
    "[x -y]": "[x, -y]",
    "[x - y]": "[x - y]",
    "[x, -y]": "[x, -y]",
    "[x -y, z]": "[x - y, z]",
    "[1/2 1/3]": "[1/2, 1/3]",
    "[2x y]": "[2*x, y]",
    "[e^-1 2]": "[exp(-1), 2]",
    "[sin(x) 2]": "[sin(x), 2]",
    "[(x + 1) 2]": "[x + 1, 2]",
    "[x]": "[x]",
    "[1e-3 2E3]": "[0.001, 2000]",
    "[1, 2; 3, 4]": "[[1, 2], [3, 4]]",
    "[1 2; 3 4]": "[[1, 2], [3, 4]]",
    "1, 2; 3, 4": "[[1, 2], [3, 4]]",
    "1 2; 3 4": "[[1, 2], [3, 4]]",
    "1 2;3 4": "[[1, 2], [3, 4]]",
    "1 -2; -3 4": "[[1, -2], [-3, 4]]",
    "1; 2": "[[1], [2]]",
    "x y; z 1": "[[x, y], [z, 1]]",
    "[1; 2]": "[[1], [2]]",
    "[[1, 2], [3, 4]]": "[[1, 2], [3, 4]]",
    "[[1 2] [3 4]]": "[[1, 2], [3, 4]]",
    "[[1 2], [3 4]]": "[[1, 2], [3, 4]]",
    "[[1, 2][3, 4]]": "[[1, 2], [3, 4]]",
    "[[1. 2.]\n [3. 4.]]": "[[1.0, 2.0], [3.0, 4.0]]",
    "[[ 0.088  0.176]\n [ 0.104  0.208]]": "[[0.088, 0.176], [0.104, 0.208]]",
    "array([[0.088, 0.176],\n       [0.104, 0.208]])": "[[0.088, 0.176], [0.104, 0.208]]",
    "np.array([1, 2])": "[1, 2]",
    "tensor([1., 2.])": "[1.0, 2.0]",
    "[[1], [2]]": "[[1], [2]]",
    "[[x + 1, 2 y]]": "[[x + 1, 2*y]]",
    "2[1, 2]": "2*[1, 2]",
    "2*[1, 2]": "2*[1, 2]",
    "[1, 2] + [3, 4]": "[1, 2] + [3, 4]",
    "[[1, 2], [3, 4]] @ x": "[[1, 2], [3, 4]] @ x",
    "[1, 2].T": "[1, 2].T",
    "softmax [1, 2]": "softmax([1, 2])",
    "sum([1, 2; 3, 4], axis=0)": "sum([[1, 2], [3, 4]], axis=0)",
    "exp([1 2])": "exp([1, 2])",
}


@pytest.mark.parametrize("text", SAME)
def test_a_literal_reads_as_its_rows(text: str) -> None:
    assert read_expression(text, USUAL).tree == tree_of(SAME[text])


def test_a_vector_is_no_matrix_of_one_row() -> None:
    vector, row, column = (read_expression(text, USUAL).tree for text in ("[1, 2]", "[[1, 2]]", "[1; 2]"))
    assert isinstance(vector, Matrix) and isinstance(row, Matrix) and isinstance(column, Matrix)
    assert (vector.shape, row.shape, column.shape) == ((2,), (1, 2), (2, 1))


def numbers_in(tree: Expression) -> np.ndarray:
    assert isinstance(tree, Matrix)
    values = []
    for row in tree.rows:
        assert all(isinstance(entry, Number) for entry in row)
        values.append([float(entry.value) for entry in row if isinstance(entry, Number)])
    return np.array(values[0] if tree.is_vector else values)


printed_arrays = arrays.arrays(
    np.float64,
    st.one_of(st.tuples(st.integers(1, 4)), st.tuples(st.integers(1, 4), st.integers(1, 4))),
    elements=st.one_of(
        st.integers(-1000, 1000).map(float),
        st.floats(-100, 100).filter(lambda value: not 0 < abs(value) < 1e-290),
        st.sampled_from((1e-7, 3e12, -2.5e-9)),
    ),
)


@given(printed_arrays)
def test_what_numpy_prints_reads_as_the_array(array: np.ndarray) -> None:
    exact = {"precision": 17, "floatmode": "unique"}
    with np.printoptions(**exact):  # type: ignore[arg-type]
        for text in (str(array), repr(array), str(array.tolist())):
            assert np.array_equal(numbers_in(read_expression(text, USUAL).tree), array)


@given(st.lists(st.lists(st.integers(-99, 99), min_size=2, max_size=2), min_size=2, max_size=4))
def test_rows_with_semicolons_are_the_rows_with_brackets(rows: list[list[int]]) -> None:
    spaced = "; ".join(" ".join(map(str, row)) for row in rows)
    listed = tree_of(str(rows))
    assert read_expression(spaced, USUAL).tree == listed
    assert read_expression(f"[{spaced}]", USUAL).tree == listed
    assert read_expression(spaced.replace(" ", ", ").replace(";,", ";"), USUAL).tree == listed
