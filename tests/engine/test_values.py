"""Values and shapes: what is taken for a value, and gradients summed back to the shape they belong to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tutor.engine.gates.axes import summed_back
from tutor.engine.values import all_finite, all_floats, as_value, expand_to, shape_of, show_shape, unbroadcast

_PAIRS = hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=4)


def _numbers(shape: tuple[int, ...], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-9, 9, shape).astype(float)


@given(_PAIRS, st.integers(0, 999))
def test_unbroadcast_is_the_transpose_of_broadcasting(pair: hnp.BroadcastableShapes, seed: int):
    """<g, stretch(x)> = <unbroadcast(g), x> for every x: that is what a gradient has to be."""
    shape, wide = pair.input_shapes[0], pair.result_shape
    gradient, x = _numbers(wide, seed), _numbers(shape, seed + 1)
    back = unbroadcast(gradient, shape)
    assert shape_of(back) == shape
    assert isinstance(back, float) == (shape == ())
    assert np.sum(gradient * np.broadcast_to(x, wide)) == np.sum(back * x)


@given(_PAIRS, st.integers(0, 999))
def test_the_code_that_sums_back_does_the_same(pair: hnp.BroadcastableShapes, seed: int):
    shape, wide = pair.input_shapes[0], pair.result_shape
    gradient = _numbers(wide, seed)
    result = eval(summed_back("g", wide, shape), {"np": np, "g": gradient})
    assert np.shape(result) == shape
    np.testing.assert_array_equal(result, unbroadcast(gradient, shape))


@given(hnp.array_shapes(max_dims=4, max_side=3), st.integers(0, 999))
def test_a_gradient_of_the_right_shape_stays_as_it_is(shape: tuple[int, ...], seed: int):
    gradient = _numbers(shape, seed)
    assert unbroadcast(gradient, shape) is gradient


@pytest.mark.parametrize(
    ("gradient", "shape", "expected"),
    [
        (np.ones((3, 2)), (2,), [3.0, 3.0]),
        (np.ones((3, 2)), (3, 2), np.ones((3, 2))),
        (np.ones((3, 2)), (3, 1), [[2.0], [2.0], [2.0]]),
        (np.ones((3, 2)), (1, 2), [[3.0, 3.0]]),
        (np.ones((3, 2)), (1, 1), [[6.0]]),
        (np.ones((4, 3, 2)), (3, 1), [[8.0], [8.0], [8.0]]),
        (np.ones((4, 3, 2)), (2,), [12.0, 12.0]),
        (np.arange(24.0).reshape(4, 3, 2), (2,), [132.0, 144.0]),
        (np.arange(24.0).reshape(4, 3, 2), (1,), [276.0]),
        (np.ones((4, 3, 2)), (), 24.0),
        (np.float64(2.5), (), 2.5),
        (np.array(2.5), (), 2.5),
        (np.ones((1, 1)), (1,), [1.0]),
    ],
)
def test_unbroadcast_by_hand(gradient, shape, expected):
    np.testing.assert_array_equal(unbroadcast(gradient, shape), expected)


@given(hnp.array_shapes(min_dims=1, max_dims=4, max_side=3), st.data(), st.booleans())
def test_expand_to_undoes_a_sum(shape: tuple[int, ...], data: st.DataObject, keepdims: bool):
    axes = data.draw(st.sets(st.integers(-len(shape), len(shape) - 1).map(lambda i: i % len(shape)), min_size=1))
    axis = data.draw(st.sampled_from([None, tuple(axes), min(axes), min(axes) - len(shape)]))
    ones = np.ones(shape)
    total = np.sum(ones, axis=axis, keepdims=keepdims)
    counts = expand_to(total, shape, axis, keepdims)
    np.testing.assert_array_equal(counts, np.broadcast_to(np.sum(ones, axis=axis, keepdims=True), shape))


@pytest.mark.parametrize(
    ("data", "value"),
    [(2, 2.0), (-0.5, -0.5), (np.float64(3), 3.0), (np.array(4), 4.0), (np.float32(0.5), 0.5), (10**18, 1e18)],
)
def test_a_number_is_a_float(data, value):
    made = as_value(data)
    assert isinstance(made, float) and made == value


@pytest.mark.parametrize(
    "data", [[1, 2], [[1, 2], [3, 4]], (1, 2.5), np.array([1, 2]), np.ones((2, 1), dtype=np.float32)]
)
def test_lists_are_arrays_of_floats(data):
    made = as_value(data)
    assert isinstance(made, np.ndarray) and made.dtype == np.float64
    np.testing.assert_array_equal(made, np.array(data, dtype=float))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ([[1, 2], [3]], "the rows have different lengths"),
        ([], "it holds no numbers"),
        ([[], []], "it holds no numbers"),
        ("1", "not a real number"),
        ([1, "a"], "not a real number"),
        ([1, None], "not a real number"),
        (1j, "not a real number"),
        (True, "not a real number"),
        ({"a": 1}, "not a real number"),
    ],
)
def test_what_is_no_value(data, why):
    with pytest.raises(ValueError, match=why):
        as_value(data)


def test_shapes():
    assert shape_of(2.0) == shape_of(np.float64(2)) == ()
    assert shape_of(np.ones((2, 1))) == (2, 1)
    assert [show_shape(shape) for shape in ((), (3,), (2, 1))] == ["scalar", "(3,)", "(2, 1)"]


def test_finite_and_plain():
    assert all_finite(1.0) and all_finite(np.ones(3))
    for bad in (np.nan, np.inf, -np.inf):
        assert not all_finite(float(bad))
        assert not all_finite(np.array([1.0, bad]))
    assert all_floats([1.0, np.float64(2)])
    assert not all_floats([1.0, np.ones(1)])
    assert not all_floats([1.0, np.array(2.0)])
