"""How precisely a number was typed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.judging.precision import is_decimal, last_place, significant_digits, slack, written_number
from tutor.language import Number

from .making import read, value_of


@pytest.mark.parametrize(
    ("text", "place", "digits", "decimal"),
    [
        ("0.78", Fraction(1, 100), 2, True),
        ("-0.780", Fraction(1, 1000), 3, True),
        (".5", Fraction(1, 10), 1, True),
        ("5.", 1, 1, True),
        ("12", 1, 2, False),
        ("120", 1, 3, False),
        ("0", 1, 0, False),
        ("0.00", Fraction(1, 100), 0, True),
        ("0.0078", Fraction(1, 10_000), 2, True),
        ("2e3", 1000, 1, True),
        ("7.80e-9", Fraction(1, 10**11), 3, True),
        ("1.5E2", 10, 2, True),
    ],
)
def test_the_last_place_and_the_digits_that_count(text: str, place: Fraction, digits: int, decimal: bool) -> None:
    number = written_number(read(text))
    assert number is not None
    assert (last_place(number), significant_digits(number), is_decimal(number)) == (place, digits, decimal)


@pytest.mark.parametrize(
    ("text", "value"), [("-0.78", "-0.78"), ("-(0.78)", "-0.78"), ("-(-2)", "2"), ("+3", "3"), ("(0.5)", "0.5")]
)
def test_a_number_with_its_sign(text: str, value: str) -> None:
    number = written_number(read(text))
    assert number is not None
    assert number.value == Fraction(value)


@pytest.mark.parametrize("text", ["1/3", "x", "2*3", "e^2", "[1]", "-x", "sqrt(4)"])
def test_more_than_a_number_is_none(text: str) -> None:
    assert written_number(read(text)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.78", 0.005),
        ("1/3", 0.0),
        ("2 c", 0.0),
        ("2*0.78", 0.01),
        ("-0.78 c", 0.0025),
        ("0.5*0.4", 0.05 * 0.4 + 0.05 * 0.5),
        ("0.5 - 0.4", 0.1),
        ("1.0/2.0", 0.025 + 0.0122),
        ("e^0.0", 0.0513),
    ],
)
def test_slack_is_the_rounding_of_each_decimal_carried_along(text: str, expected: float) -> None:
    assert slack(read(text), {"c": 0.5}) == pytest.approx(expected, rel=0.03)


def test_slack_of_arrays_is_entry_by_entry() -> None:
    x = value_of([1, 2])
    np.testing.assert_allclose(slack(read("0.5 x"), {"x": x}), [0.05, 0.1])
    np.testing.assert_allclose(slack(read("[0.5, 3, 2*0.25]"), {}), [0.05, 0, 0.01])


def test_decimals_may_be_exempt() -> None:
    assert slack(read("0.5*0.40"), {}, {Fraction(1, 2)}) == pytest.approx(0.0025)


@given(st.decimals(-1000, 1000, places=3), st.decimals(-1000, 1000, places=2))
def test_slack_of_a_sum_is_the_sum(a: object, b: object) -> None:
    number = slack(read(f"({a}) + ({b})"), {})
    assert number == pytest.approx(0.0055, rel=1e-6)


@given(st.integers(-999, 999), st.integers(-5, 5))
def test_a_last_place_is_the_step_between_neighbours(digits: int, exponent: int) -> None:
    number, following = (
        Number(Fraction(n) * Fraction(10) ** exponent, f"{n}e{exponent}") for n in (digits, digits + 1)
    )
    assert following.value - number.value == last_place(number)
