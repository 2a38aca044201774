"""Values as learners read them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tutor.engine.evaluate import evaluate
from tutor.engine.values import exactly, plain, short, show_value, told_apart

from .making import read

_TABLE = [
    #  value           short        plain          show_value
    (0.0, "0", "0", "0"),
    (-0.0, "0", "0", "0"),
    (1.0, "1", "1", "1"),
    (-3.0, "-3", "-3", "-3"),
    (0.793, "0.793", "0.793", "0.793"),
    (-12.5, "-12.500", "-12.5", "-12.5"),
    (0.5, "0.500", "0.5", "0.5"),
    (0.104993585, "0.105", "0.10499", "0.105"),
    (1 / 3, "0.333", "0.33333", "0.333"),
    (-2 / 3, "-0.667", "-0.66667", "-0.667"),
    (7.0000000000001, "7", "7", "7"),
    (0.30000000000000004, "0.300", "0.3", "0.3"),
    (6.938893903907228e-18, "0", "0", "0"),
    (0.05, "0.050", "0.05", "0.05"),
    (0.0123456, "0.012", "0.01235", "0.012"),
    (0.00123456, "0.0012", "0.001235", "0.0012"),
    (0.000123456, "0.00012", "0.0001235", "0.00012"),
    (0.0000123456, "1.2e-5", "1.235e-5", "1.2e-5"),
    (1e-9, "1.0e-9", "1e-9", "1e-9"),
    (1234.5678, "1234.568", "1234.5678", "1234.568"),
    (99999.0, "99999", "99999", "99999"),
    (123456.0, "123456", "123456", "123456"),
    (123456.7, "1.2e5", "1.235e5", "1.2e5"),
    (1234567.0, "1.2e6", "1.235e6", "1.2e6"),
    (1e22, "1.0e22", "1e22", "1e22"),
    (-1e300, "-1.0e300", "-1e300", "-1e300"),
    (1000000.0, "1.0e6", "1e6", "1e6"),
    (0.9999, "1.000", "0.9999", "1"),
    (math.nan, "undefined", "undefined", "undefined"),
    (math.inf, "undefined", "undefined", "undefined"),
]


@pytest.mark.parametrize(("value", "in_graph", "in_text", "as_answer"), _TABLE)
def test_numbers(value, in_graph, in_text, as_answer):
    assert (short(value), plain(value), show_value(value)) == (in_graph, in_text, as_answer)
    assert (short(np.float64(value)), show_value(np.float64(value))) == (in_graph, as_answer)


def test_arrays_are_literals():
    assert show_value(np.array([1.0, 0.25])) == "[1, 0.25]"
    assert show_value(np.array([[0.088, 0.176], [0.104, 0.208]])) == "[[0.088, 0.176], [0.104, 0.208]]"
    assert show_value(np.array([[1 / 3]])) == "[[0.333]]"
    assert show_value(np.array([[1 / 3]]), decimals=5) == "[[0.33333]]"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.2355, "0.2355"), (2.0, "2"), (-0.1, "-0.1"), (np.float64(0.1), "0.1"), (1e-7, "1e-7"), (1e22, "1e22"),
        (6.881373587019543, "6.881373587019543"), (np.array([[1, 0.5]]), "[[1, 0.5]]"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)  # fmt: skip
def test_exactly(value, text):
    assert exactly(value) == text


@given(hnp.arrays(float, hnp.array_shapes(min_dims=0, max_dims=2, max_side=3), elements=st.floats(-1e9, 1e9, width=32)))
def test_exactly_is_read_back_exactly(value: np.ndarray):
    np.testing.assert_array_equal(evaluate(read(exactly(value)), {}), value)


@given(st.floats(-1e12, 1e12).filter(lambda value: value == 0 or abs(value) > 1e-12))
def test_what_is_shown_is_close_and_can_be_typed(value: float):
    for shown, digits in ((short(value), 2), (plain(value), 3), (show_value(value, 8), 5)):
        assert evaluate(read(shown), {}) == pytest.approx(value, rel=0.5001 * 10 ** (1 - digits), abs=0)
        assert len(shown.lstrip("-")) <= 9 or shown != short(value)


@pytest.mark.parametrize(
    ("value", "other", "texts"),
    [
        (0.5, 0.25, ("0.5", "0.25")),
        (0.7758, 0.7761, ("0.7758", "0.7761")),
        (0.12345678, 0.12345679, ("0.12345678", "0.12345679")),
        (0.123456123, 0.123456789, ("0.12345612", "0.12345679")),
        (1.0, 1.0000001, ("1", "1.0000001")),
        (1.0, 1.00000000001, ("1", "1.00000000001")),
        (2.0, 2.0, ("2", "2")),
        (np.array([1.0, 2.0]), np.array([1.0, 2.5]), ("[1, 2]", "[1, 2.5]")),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0001]), ("[1, 2]", "[1, 2.0001]")),
    ],
)
def test_told_apart(value, other, texts):
    assert told_apart(value, other) == texts
