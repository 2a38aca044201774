"""What is said to a wrong expression: a point, both values, or the part that has none."""

from __future__ import annotations

import pytest

from tutor.judging import Kind, judge_expression

from .making import NAMES, judged, read


@pytest.mark.parametrize(
    ("answer", "truth", "message"),
    [
        ("2x", "2x^2", "At x = 1.3 yours gives 2.6; it should be 3.38."),
        ("x", "sqrt(x^2)", "At x = -1.8 yours gives -1.8; it should be 1.8."),
        ("e^(-100x)", "0", "At x = -1.8 yours gives 1.489e78; it should be 0."),
        ("x + 1e-10", "x", "At x = 1.3 yours gives 1.3000000001; it should be 1.3."),
        ("x + 1e-30", "x", "At x = 1.3 yours and the correct value differ by 1e-30."),
        ("2^-99", "2^-98", "Yours gives 1.578e-30; it should be 3.155e-30."),
        ("9^9^9", "x", "At x = 1.3 yours gives a number too large to write out; it should be 1.3."),
        ("x/9^9^9", "0", "At x = 1.3 yours and the correct value differ by too little to write out."),
        ("sin(π)", "2", "Yours gives 0; it should be 2."),
    ],
)
def test_a_difference_comes_with_a_readable_point(answer: str, truth: str, message: str) -> None:
    assert judged(answer, truth).message == message


def test_the_learners_own_values_are_tried_first() -> None:
    verdict = judged("x + y", "(x + y) z", x=1.0, y=3.0, z=2.0)
    assert verdict.message == "At x = 1, y = 3, z = 2 yours gives 4; it should be 8."


def test_own_values_at_which_both_agree_do_not_make_it_right() -> None:
    assert judged("x + 2", "2x + 1", x=1.0).message == "At x = 1.3 yours gives 3.3; it should be 3.6."


def test_own_values_that_are_no_numbers_are_not_used() -> None:
    verdict = judge_expression(read("2x"), read("x"), NAMES, at={"x": float("nan")})
    assert verdict.message == "At x = 1.3 yours gives 2.6; it should be 1.3."


@pytest.mark.parametrize(
    ("answer", "truth", "message"),
    [
        ("2 ln x", "ln(x^2)", "At x = -2 the function is 1.39, but ln(x) needs a positive number."),
        ("ln x + ln y", "ln(x y)", "At x = -1, y = -2 the function is 0.693, but ln(x) needs a positive number."),
        ("sqrt(x)^2", "x", "At x = -2 the function is -2, but √(x) needs a number that is not negative."),
        ("x + 1/sin(2π)", "x", "At x = 2 the function is 2, but in 1/sin(2·π) the denominator is 0."),
        ("x + 0^-1", "x", "At x = 2 the function is 2, but in 0⁻¹ 0 has no negative power."),
        (
            "(-8)^(1/3)",
            "-2",
            "The function is -2, but in (−8)^(1/3) a negative number has a real power only where the exponent is "
            "whole.",
        ),
    ],
)
def test_what_is_undefined_is_wrong_for_that_reason(answer: str, truth: str, message: str) -> None:
    verdict = judged(answer, truth)
    assert verdict.kind is Kind.WRONG
    assert verdict.message == message


def test_a_different_function_is_told_by_its_values_even_if_it_is_also_undefined() -> None:
    assert judged("ln x", "x^2").message == "At x = 1.3 yours gives 0.2624; it should be 1.69."


@pytest.mark.parametrize(
    ("answer", "truth", "positive"),
    [
        ("2 ln x", "ln(x^2)", "x"),
        ("ln x + ln y", "ln(x y)", "xy"),
        ("sqrt(x)/sqrt(y)", "sqrt(x/y)", "xy"),
        ("|x|", "x", "x"),
    ],
)
def test_positive_names_make_it_right(answer: str, truth: str, positive: str) -> None:
    assert judged(answer, truth, tuple(positive)).kind is Kind.RIGHT
    assert judged(answer, truth).kind is Kind.WRONG


def test_a_wider_domain_is_right_with_a_remark() -> None:
    verdict = judged("ln(x^2)", "2 ln x")
    assert verdict.kind is Kind.REMARK
    assert verdict.message == (
        "The two agree wherever the function has a value. At x = -2 only yours has one; "
        "that does not count against you."
    )
    assert judged("ln(x^2)", "2 ln x", "x").kind is Kind.RIGHT


def test_a_hole_at_single_points_is_no_fault() -> None:
    assert judged("x^2/x", "x").kind is Kind.RIGHT
    assert judged("sin(x)/tan(x)", "cos(x)").kind is Kind.RIGHT
    assert judged("y^(x^2/x)", "y^x").accepted


def test_a_hole_at_the_learners_own_point_is() -> None:
    assert judged("x^2/x", "x", x=0.0).message == "At x = 0 the function is 0, but in x²/x the denominator is 0."


@pytest.mark.parametrize(
    ("answer", "truth"), [("0.67x", "2x/3"), ("x^1.41", "x^sqrt(2)"), ("0.333 x + 2", "x/3 + 2"), ("e^(0.69x)", "2^x")]
)
def test_rounded_decimals_in_an_expression_are_asked_for_exactly(answer: str, truth: str) -> None:
    verdict = judged(answer, truth)
    assert verdict.kind is Kind.UNDECIDED
    assert "rounded decimals" in verdict.message


@pytest.mark.parametrize(("answer", "truth"), [("0.65x", "2x/3"), ("0.7x", "2x/3"), ("0.67x + 1", "2x/3")])
def test_decimals_that_are_off_by_more_are_wrong(answer: str, truth: str) -> None:
    assert judged(answer, truth).kind is Kind.WRONG


def test_a_constant_may_be_given_as_a_rounded_number() -> None:
    assert judged("0.693", "ln 2").kind is Kind.RIGHT
    assert judged("0.7", "ln 2").kind is Kind.UNDECIDED
    assert judged("0.694", "ln 2").kind is Kind.REMARK
    assert judged("0.70", "ln 2").kind is Kind.WRONG
    assert judged("ln 2", "0.6931471805599453").kind is Kind.RIGHT
    assert judged("ln 2", "0.69").kind is Kind.WRONG


@pytest.mark.parametrize("text", ["sin(9^9^9)", "9^9^9^9^9", "exp(exp(exp(exp(exp(exp(exp(exp(x))))))))"])
def test_what_is_too_large_to_compute_with_is_not_wrong(text: str) -> None:
    verdict = judged(text, "x")
    assert verdict.kind is Kind.UNDECIDED
    assert "too large" in verdict.message


def test_a_truth_without_a_value_decides_nothing() -> None:
    assert judged("x", "ln(-x^2)").kind is Kind.UNDECIDED


def test_a_matrix_where_a_number_is_wanted_is_said_first() -> None:
    verdict = judged("[x, 2]", "x")
    assert verdict.kind is Kind.UNREADABLE
    assert verdict.message == "Yours is a vector (2,); this needs a number."


def test_the_right_value_in_the_wrong_form_has_a_verdict_of_its_own() -> None:
    verdict = judge_expression(
        read("2.6"), read("2*1.3"), (), form=lambda tree: "That is the value; this step wants the product."
    )
    assert (verdict.kind, verdict.mistake) == (Kind.UNDECIDED, "form")
    assert not verdict.charged
    assert judge_expression(read("x"), read("x"), NAMES, form=lambda tree: "").kind is Kind.RIGHT
    assert judge_expression(read("2x"), read("x"), NAMES, form=lambda tree: "No.").kind is Kind.WRONG


def test_gates_that_mix_entries_are_not_compared_at_points() -> None:
    with pytest.raises(ValueError, match="elementwise"):
        judge_expression(read("sum(x)"), read("x"), NAMES)
