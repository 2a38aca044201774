"""The sample points: readable ones first, of every sign, never whole, always the same."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.judging.sample_points import own_point, points_about, sample_points, special_points, whole_points

_NAMES = st.lists(st.sampled_from("abcdxyz"), min_size=1, max_size=5, unique=True).map(tuple)


@given(_NAMES)
def test_readable_points_come_first_and_have_one_decimal(names: tuple[str, ...]) -> None:
    points = sample_points(names)
    assert 10 <= points.readable <= 16
    for row in range(points.readable):
        values = points.exact(row).values()
        assert all((10 * value).denominator == 1 and value.denominator > 2 and abs(value) < 4 for value in values)
        if len(names) <= 3:
            assert len(set(map(abs, values))) == len(names)
    assert all(value > 0 for row in range(4) for value in points.exact(row).values())
    assert all(value < 0 for value in points.exact(4).values())


@given(_NAMES, st.booleans())
def test_later_points_are_no_round_numbers(names: tuple[str, ...], dense: bool) -> None:
    points = sample_points(names, far=dense, dense=dense)
    for row in range(points.readable, points.many):
        values = list(points.exact(row).values())
        assert all(value.denominator > 1 for value in values)
        assert all((a + b).denominator > 1 and (a - b).denominator > 1 for a in values for b in values if a is not b)


@given(_NAMES, st.data())
def test_positive_names_are_positive(names: tuple[str, ...], data: st.DataObject) -> None:
    positive = frozenset(data.draw(st.sets(st.sampled_from(names))))
    groups = [
        sample_points(names, positive, far=True, dense=True),
        special_points(names, positive),
        points_about(names, positive, [Fraction(50)]),
    ]
    for points in groups:
        for name in names:
            assert np.all(points.columns[name] > 0) == (name in positive)


@given(_NAMES)
def test_floats_and_fractions_are_the_same_points(names: tuple[str, ...]) -> None:
    points = sample_points(names, dense=True)
    for row in range(points.many):
        assert {name: float(value) for name, value in points.exact(row).items()} == {
            name: column[row] for name, column in points.columns.items()
        }


def test_the_points_are_always_the_same() -> None:
    np.random.seed(1)
    first = sample_points(("x", "y"), dense=True).columns["y"].copy()
    sample_points.cache_clear()
    np.random.seed(2)
    np.testing.assert_array_equal(first, sample_points(("x", "y"), dense=True).columns["y"])
    readable = [float(sample_points(("x", "y")).exact(row)["x"]) for row in range(6)]
    assert readable == [1.3, 0.7, 2.6, 0.4, -1.8, -3.1]


def test_without_names_there_is_one_point() -> None:
    points = sample_points(())
    assert (points.many, points.exact(0)) == (1, {})


def test_an_own_point_is_read_as_decimals() -> None:
    points = own_point(("x", "y"), {"x": 0.1, "y": -2.0, "z": 5.0})
    assert points is not None
    assert points.exact(0) == {"x": Fraction(1, 10), "y": Fraction(-2)}


@pytest.mark.parametrize("at", [None, {}, {"x": float("inf")}, {"x": np.ones(2)}])
def test_no_own_point_without_a_number_for_every_name(at: object) -> None:
    assert own_point(("x",), at) is None


def test_whole_points_keep_the_signs() -> None:
    first = next(iter(whole_points({"x": Fraction(-13, 10), "y": Fraction(-1, 5)})))
    assert first == {"x": -1, "y": -2}
    assert all(point["x"] < 0 < point["y"] for point in whole_points({"x": Fraction(-1, 3), "y": Fraction(1, 3)}))
