"""Numbers count to the precision they are written in."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tutor.engine.gates import Interval
from tutor.judging import Carried, Kind, agrees, judge_number

from .making import numbered, read

E_MINUS_2 = 0.1353352832366127


@pytest.mark.parametrize(
    ("text", "truth", "kind"),
    [
        ("-0.78", -0.7758, Kind.RIGHT),
        ("-0.776", -0.7758, Kind.RIGHT),
        ("-0.7758", -0.7758, Kind.RIGHT),
        ("-0.775800", -0.7758, Kind.RIGHT),
        ("-7.758e-1", -0.7758, Kind.RIGHT),
        ("-0.77", -0.7758, Kind.REMARK),
        ("-0.775", -0.7758, Kind.REMARK),
        ("-0.8", -0.7758, Kind.UNDECIDED),
        ("-0.7", -0.7758, Kind.UNDECIDED),
        ("-1", -0.7758, Kind.UNDECIDED),
        ("-0.75", -0.7758, Kind.WRONG),
        ("-0.79", -0.7758, Kind.WRONG),
        ("-0.9", -0.7758, Kind.WRONG),
        ("0.78", -0.7758, Kind.WRONG),
        ("0", -0.7758, Kind.WRONG),
        ("-2", -0.7758, Kind.WRONG),
        ("0.775", 0.7745, Kind.RIGHT),
        ("0.774", 0.7745, Kind.RIGHT),
        ("8", 8.0, Kind.RIGHT),
        ("8.0", 8.0, Kind.RIGHT),
        ("8", 8.000000000000002, Kind.RIGHT),
        ("0.8", 0.8, Kind.RIGHT),
        ("0.8", 0.8001, Kind.RIGHT),
        ("8", 8.3, Kind.UNDECIDED),
        ("12", 12.4, Kind.RIGHT),
        ("13", 12.4, Kind.WRONG),
        ("83", 82.0, Kind.WRONG),
        ("81", 82.0, Kind.WRONG),
        ("1.1", 1.0, Kind.WRONG),
        ("0.51", 0.5, Kind.WRONG),
        ("0.49", 0.5, Kind.WRONG),
        ("0.5", 0.51, Kind.UNDECIDED),
        ("3.14", 3.141592653589793, Kind.RIGHT),
        ("3.142", 3.141592653589793, Kind.RIGHT),
        ("3.141", 3.141592653589793, Kind.REMARK),
        ("3.15", 3.141592653589793, Kind.REMARK),
        ("3.2", 3.141592653589793, Kind.WRONG),
        ("3.143", 3.141592653589793, Kind.UNDECIDED),
        ("3.1415888", 3.141592653589793, Kind.UNDECIDED),
        ("3.16", 3.141592653589793, Kind.WRONG),
        ("1e3", 1234.0, Kind.UNDECIDED),
        ("1.2e3", 1234.0, Kind.RIGHT),
        ("1.3e3", 1234.0, Kind.WRONG),
        ("0.00012", 0.000123, Kind.RIGHT),
        ("0.0001", 0.000123, Kind.UNDECIDED),
        ("0.00", 0.003, Kind.UNDECIDED),
        ("0", 0.003, Kind.UNDECIDED),
        ("0.00", 0.3, Kind.WRONG),
        ("6.02e23", 6.02214076e23, Kind.RIGHT),
        ("1e-20", 1.2345e-20, Kind.UNDECIDED),
        ("1.2e-20", 1.2345e-20, Kind.RIGHT),
    ],
)
def test_a_number_to_the_precision_it_is_written_in(text: str, truth: float, kind: Kind) -> None:
    assert numbered(text, truth).kind is kind


@pytest.mark.parametrize("truth", [0.0, 1e-17, -3e-16])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0", Kind.RIGHT),
        ("0.0", Kind.RIGHT),
        ("-0", Kind.RIGHT),
        ("sin(7π)", Kind.RIGHT),
        ("0.1 + 0.2 - 0.3", Kind.RIGHT),
        ("0.0001", Kind.WRONG),
        ("0.1", Kind.WRONG),
        ("1", Kind.WRONG),
        ("1e-20", Kind.WRONG),
        ("e^-39", Kind.WRONG),
    ],
)
def test_nothing_but_zero_is_zero(text: str, kind: Kind, truth: float) -> None:
    assert numbered(text, truth).kind is kind


def test_a_difference_of_rounded_inputs_may_be_a_zero() -> None:
    at = {"x": 0.1, "y": 0.3, "c": 0.1 * 0.3}
    assert numbered("x y - c", 0.0, at).kind is Kind.RIGHT
    assert numbered("x + 0.2 - y", 0.0, at).kind is Kind.RIGHT


def test_a_tiny_truth_is_not_a_zero_to_its_own_digits() -> None:
    assert numbered("4.2e-18", 4.248354255291589e-18).kind is Kind.RIGHT
    assert numbered("σ(-40) (1 - σ(-40))", 4.248354255291589e-18).kind is Kind.RIGHT


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("1/3", 1 / 3),
        ("e^-2", E_MINUS_2),
        ("-1/c^2", -4.0),
        ("2 c", 1.0),
        ("sqrt(2)/2", 0.7071067811865476),
    ],
)
def test_exact_forms_are_computed(text: str, truth: float) -> None:
    assert numbered(text, truth, {"c": 0.5}).kind is Kind.RIGHT
    assert numbered(text, truth * 1.0001, {"c": 0.5}).kind is Kind.WRONG


def test_an_exact_form_that_floats_lose_is_computed_again() -> None:
    assert numbered("(10^20 + 1 - 10^20) 2", 2.0).kind is Kind.RIGHT
    assert numbered("10^20 + 7 - 10^20 + 0.5", 7.5).kind is Kind.RIGHT
    assert numbered("e^1000/e^1000", 1.0).kind is Kind.RIGHT


@pytest.mark.parametrize(
    ("text", "truth", "kind"),
    [
        ("2*0.67", 1.3333, Kind.RIGHT),
        ("2*0.670", 1.3333, Kind.WRONG),
        ("0.5*0.5", 0.25, Kind.RIGHT),
        ("0.5*0.5", 0.27, Kind.UNDECIDED),
        ("0.5*0.5", 0.5, Kind.WRONG),
        ("1.23/4.56", 0.2697, Kind.RIGHT),
    ],
)
def test_the_decimals_in_a_form_carry_their_rounding_along(text: str, truth: float, kind: Kind) -> None:
    assert numbered(text, truth).kind is kind


def test_what_is_said() -> None:
    assert numbered("-0.77", -0.7758).message == "Cut off, not rounded: it rounds to -0.78."
    assert numbered("3.15", 3.14159265).message == "One off in the last digit: it rounds to 3.14."
    assert numbered("1.6e-5", 1.67e-5).message == "Cut off, not rounded: it rounds to 1.7e-5."
    assert numbered("-0.8", -0.7758).message == "-0.8 is too rough to tell; give two digits."
    assert numbered("0.03", 0.0281).message.endswith("give two digits, not counting the zeros in front.")
    assert numbered("-0.8", -0.7758, digits=3).message == "-0.8 is too rough to tell; give three digits."
    assert numbered("-0.75", -0.7758).message == "-0.75 is not the right value."
    assert numbered("e^-2", 0.5).message == "Yours comes to 0.13534, which is not the right value."
    assert numbered("1/0", 0.5).message == "Your answer has no value: in 1/0 the denominator is 0."
    assert numbered("ln(-c)", 0.5, {"c": 2}).message == "Your answer has no value: ln(−c) needs a positive number."
    assert numbered("9^9^9", 0.5).message == "Your answer is far too large."
    assert numbered("9^9^9^9", 0.5).message == "Your answer is too large to compute with."


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1/0", Kind.WRONG),
        ("0/0", Kind.WRONG),
        ("9^9^9", Kind.WRONG),
        ("9^9^9^9", Kind.UNDECIDED),
        ("unknown", Kind.UNREADABLE),
    ],
)
def test_answers_without_a_value(text: str, kind: Kind) -> None:
    assert numbered(text, 2.5).kind is kind


def test_more_digits_can_be_asked_for() -> None:
    assert numbered("0.78", 0.7758).kind is Kind.RIGHT
    assert numbered("0.78", 0.7758, digits=3).kind is Kind.UNDECIDED
    assert numbered("0.776", 0.7758, digits=3).kind is Kind.RIGHT
    assert numbered("0.5", 0.5, digits=5).kind is Kind.RIGHT


def test_what_follows_from_an_own_value_is_right_with_its_remark() -> None:
    carried = [Carried(1.341, "From your b."), Carried(-0.5, "Right for your c = -2; the slip is in c.")]
    assert numbered("-0.50", -0.7758, carried=carried).message == "Right for your c = -2; the slip is in c."
    assert numbered("1.34", -0.7758, carried=carried).kind is Kind.REMARK
    assert numbered("-0.78", -0.7758, carried=carried).message == ""
    assert numbered("-0.5", -0.52, carried=carried).kind is Kind.REMARK
    assert numbered("0.9", -0.7758, carried=carried).kind is Kind.WRONG


def test_the_fields_say_what_a_verdict_is() -> None:
    assert numbered("-0.77", -0.7758).rounded and not numbered("-0.78", -0.7758).rounded
    assert numbered("-0.75", -0.7758).unexplained and numbered("[1, 3]", [1, 2]).unexplained
    assert not numbered("-0.8", -0.7758).unexplained and not numbered("-0.77", -0.7758).unexplained


def test_at_a_kink_every_slope_of_the_interval_is_right() -> None:
    relu = Interval(0.0, 1.0, torch=0.0)
    for text in ("0", "1", "0.5", "1/3"):
        assert numbered(text, 0.0, interval=relu).kind is Kind.REMARK
    for text in ("-0.1", "1.5", "2"):
        assert numbered(text, 0.0, interval=relu).kind is Kind.WRONG
    assert numbered("0.5", 0.0, interval=relu).message == (
        "This is a kink: any number from 0 to 1 is right here. PyTorch uses 0."
    )
    assert numbered("0", 0.0, interval=relu).message.endswith("PyTorch uses 0 too.")
    assert numbered("3", 0.0, interval=relu, carried=[Carried(3.0, "Yours.")]).message == "Yours."


_numbers = st.floats(1e-6, 1e6).flatmap(lambda size: st.sampled_from([size, -size]))


@given(_numbers, st.integers(2, 9))
def test_rounded_to_two_digits_or_more_is_right(truth: float, digits: int) -> None:
    text = str(Context(digits, ROUND_HALF_EVEN).create_decimal(Decimal(repr(truth))))
    assert numbered(text, truth).kind is Kind.RIGHT


@given(_numbers, st.integers(2, 8))
def test_cut_off_is_right_and_said_where_it_is_not_rounded(truth: float, digits: int) -> None:
    exact = Decimal(repr(truth))
    text = str(Context(digits, ROUND_DOWN).create_decimal(exact))
    assume(abs(Decimal(text) - exact) < Decimal("0.999") * _unit(text))  # a float next to a whole unit counts as it
    rounded = str(Context(digits, ROUND_HALF_EVEN).create_decimal(exact))
    verdict = numbered(text, truth)
    assert verdict.accepted
    if Decimal(text) != Decimal(rounded) and abs(Decimal(text) - exact) > Decimal("0.501") * _unit(text):
        assert verdict.kind is Kind.REMARK


@given(_numbers, st.integers(2, 8), st.sampled_from([-1, 1]), st.integers(2, 5))
def test_units_off_is_not_accepted(truth: float, digits: int, side: int, units: int) -> None:
    rounded = Context(digits, ROUND_HALF_EVEN).create_decimal(Decimal(repr(truth)))
    assert not numbered(str(rounded + side * units * _unit(str(rounded))), truth).accepted


@given(_numbers)
def test_one_digit_is_never_wrong(truth: float) -> None:
    text = str(Context(1, ROUND_HALF_EVEN).create_decimal(Decimal(repr(truth))))
    assert numbered(text, truth).kind in (Kind.RIGHT, Kind.UNDECIDED)


def _unit(text: str) -> Decimal:
    return Decimal(1).scaleb(int(Decimal(text).as_tuple().exponent))


@given(_numbers, st.integers(1, 5), _numbers)
def test_agreeing_is_being_accepted(truth: float, digits: int, other: float) -> None:
    text = str(Context(digits).create_decimal(Decimal(repr(truth))))
    for value in (truth, other):
        assert agrees(read(text), value, {}) == judge_number(read(text), value, {}).accepted


def test_nothing_agrees_with_another_shape_or_no_value() -> None:
    assert not agrees(read("[1, 2]"), 1.0, {})
    assert not agrees(read("1"), float("nan"), {})
    assert not agrees(read("1/0"), 1.0, {})
    assert not agrees(read("x"), 1.0, {})


@given(st.floats(0.001, 5e4), st.floats(-0.009, 0.009), st.integers(4, 6), st.booleans())
def test_what_is_said_of_digits_is_true_of_the_number(truth: float, off: float, digits: int, negative: bool):
    truth = -truth if negative else truth
    typed = f"{Decimal(f'{truth * (1 + off):.{digits - 1}e}'):f}"
    message = judge_number(read(typed), truth, {}).message
    three, right = f"{float(typed):.2e}", f"{truth:.2e}"
    if "Right to three digits" in message:
        assert three == right
    if "to three digits this is" in message:
        said = message.partition("this is ")[2].partition(",")[0]
        assert three != right and float(said) == float(three)
    if "Cut off" in message or "One off" in message:
        rounded = float(message.rpartition(" ")[2].rstrip("."))
        assert abs(rounded - truth) <= 0.5000001 * 10.0 ** Decimal(typed).as_tuple().exponent


def test_a_number_that_is_only_near_is_not_called_right():
    verdict = judge_number(read("10.83"), 10.87313, {})
    assert verdict.kind is Kind.UNDECIDED and "to three digits this is 10.8, which is not right" in verdict.message
    assert "Right to three digits" in judge_number(read("10.91"), 10.87313, {}).message
