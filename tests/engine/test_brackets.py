"""Small matrices in brackets: what they say is near what is true, and they keep to their room."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tutor.engine.values import bracket_size, in_brackets


@given(
    arrays(
        float, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.floats(-200, 200).map(lambda x: round(x, 3))
    )
)
def test_what_is_written_is_the_matrix_rounded(value: np.ndarray) -> None:
    text, (columns, rows) = in_brackets(value), bracket_size(value.shape)
    if not text:
        return
    lines = text.split("\n")
    assert len(lines) == rows == len(value) and max(map(len, lines)) <= columns
    read = np.array([[float(entry) for entry in line[1:-1].split()] for line in lines])
    assert read.shape == value.shape
    assert np.all(np.abs(read - value) <= 0.5 + 1e-9) and np.all((read == 0) == (value == 0))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([[0.1, 0.5], [-0.3, 0.8]], "⎡ 0.1   0.5⎤\n⎣-0.3   0.8⎦"),
        ([[1.0], [2.0], [-3.0]], "⎡ 1⎤\n⎢ 2⎥\n⎣-3⎦"),
        ([0.25, 4.0], "[0.25     4]"),
        ([[0.088, 0.176], [0.104, 0.208]], "⎡0.088  0.176⎤\n⎣0.104  0.208⎦"),
        ([[12.345, -0.088]], "[12.35  -0.09]"),
        ([[0.0004, 1.0]], ""),
        (np.zeros((4, 2)), ""),
        (2.5, ""),
    ],
)
def test_a_few(value: object, text: str) -> None:
    assert in_brackets(np.asarray(value, dtype=float)) == text
