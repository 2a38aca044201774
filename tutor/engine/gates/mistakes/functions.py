"""Mistakes at functions of one number and at the choice between two."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.gates.mistakes.mistake import Mistake, each, forward

_AT_INPUT = "At which number is the slope taken: at {a}, which went in, or at {y}, which came out?"

EXP = (
    Mistake(
        "exp_at_input", 0, "u a", "the input was taken, where the output belongs",
        "What is the derivative of e^{a}, and where do you have its value already?",
    ),
    Mistake(
        "exp_power_rule", 0, "u a exp(a - 1)", "that is the power rule, but here {a} is the exponent",
        "e^{a} is its own derivative: what is that here?",
    ),
    Mistake("local_at_output_exp", 0, "u exp(y)", "exp was applied a second time", _AT_INPUT),
    forward("exp_sign_lost", "exp(-a)", "the sign of the exponent was lost", "Which sign does {a} have?"),
    forward("exp_as_product", "e a", "e was multiplied by {a}", "{a} is the exponent: e to which power?"),
    forward("exp_base_ten", "10^a", "the base was 10", "Which number is e?"),
)  # fmt: skip

LN = (
    Mistake(
        "log_returns_log", 0, "u ln(a)", "ln was used as its own derivative",
        "Only exp is its own derivative: what is the slope of ln at {a}?",
    ),
    Mistake("log_inverse", 0, "u/ln(a)", "it was divided by the output", _AT_INPUT),
    Mistake("log_times", 0, "u a", "{a} was taken for the slope", "ln flattens out: is it steep at a large {a}?"),
    forward("log_base_ten", "ln(a)/ln(10)", "that is the logarithm to base 10", "ln asks: e to which power is {a}?"),
    forward("log_base_two", "ln(a)/ln(2)", "that is the logarithm to base 2", "ln asks: e to which power is {a}?"),
    forward("exp_for_ln", "exp(a)", "e was raised to {a}", "ln goes the other way: e to which power is {a}?"),
    forward("log_as_reciprocal", "1/a", "that is the slope of ln", "Green is the value: e to which power is {a}?"),
)  # fmt: skip

SQRT = (
    Mistake("sqrt_no_half", 0, "u/sqrt(a)", "the factor 1/2 is missing", "√{a} is {a}^0.5: what comes down in front?"),
    Mistake(
        "sqrt_not_inverted", 0, "u sqrt(a)/2", "the root stayed on top",
        "√{a} is {a}^0.5: which power is left when 0.5 is reduced by one?",
    ),
    Mistake("sqrt_half_only", 0, "u/2", "only the 1/2 is there", "Which power of {a} is left beside it?"),
    Mistake("sqrt_no_root", 0, "u/(2 a)", "the root was lost below",
        "√{a} is {a}^0.5: which power is left when 0.5 is reduced by one?",),
    forward("root_as_half", "a/2", "{a} was halved", "Which number, times itself, is {a}?"),
    forward("root_as_square", "a^2", "{a} was squared", "Which number, times itself, is {a}?"),
)  # fmt: skip


def _angle(function: str) -> tuple[Mistake, ...]:
    return (
        forward(
            f"{function}_degrees", f"{function}(a pi/180)", "the angle was taken in degrees",
            "Set the calculator to radians: what is it then?",
        ),
    )  # fmt: skip


SIN = (
    Mistake("sin_sign", 0, "-u cos(a)", "the minus sign is too much", "Near 0, does sin rise or fall?"),
    Mistake("sin_not_cos", 0, "u sin(a)", "sin was used as its own derivative", "What is the slope of sin at {a}?"),
    Mistake("trig_at_output", 0, "u cos(y)", "the cosine of the output was taken", _AT_INPUT),
    Mistake(
        "degrees", 0, "u cos(a pi/180)", "the angle was taken in degrees", "What is cos({a}) in radians?"
    ),
    *_angle("sin"),
    forward("cos_for_sin", "cos(a)", "that is the cosine", "Which function does {y} apply?"),
)  # fmt: skip

COS = (
    Mistake("cos_sign", 0, "u sin(a)", "the minus sign was lost", "Just after 0, does cos rise or fall?"),
    Mistake("cos_not_sin", 0, "-u cos(a)", "cos was used as its own derivative", "What is the slope of cos at {a}?"),
    Mistake("trig_at_output", 0, "-u sin(y)", "the sine of the output was taken", _AT_INPUT),
    Mistake(
        "degrees", 0, "-u sin(a pi/180)", "the angle was taken in degrees", "What is sin({a}) in radians?"
    ),
    *_angle("cos"),
    forward("sin_for_cos", "sin(a)", "that is the sine", "Which function does {y} apply?"),
)  # fmt: skip

TAN = (
    Mistake("tan_no_square", 0, "u/cos(a)", "the cosine was not squared", "1/cos² is 1 + tan²: what is that here?"),
    Mistake("tan_squared_alone", 0, "u tan(a)^2", "the 1 is missing", "1/cos² is 1 + tan²: what is that here?"),
    Mistake("tan_minus", 0, "u (1 - tan(a)^2)", "that would be the rule of tanh", "Is tan ever flat?"),
    Mistake("trig_at_output", 0, "u/cos(y)^2", "the cosine of the output was taken", _AT_INPUT),
    Mistake(
        "degrees", 0, "u/cos(a pi/180)^2", "the angle was taken in degrees", "What is cos({a}) in radians?"
    ),
    *_angle("tan"),
)  # fmt: skip

SIGMOID = (
    Mistake(
        "sigmoid_at_input", 0, "u a (1 - a)", "the input stands where the output belongs",
        "σ(1 − σ) is made of the gate's output: what is {y} here?",
    ),
    Mistake("sigmoid_twice", 0, "u sigmoid(y) (1 - sigmoid(y))", "the sigmoid was applied a second time", _AT_INPUT),
    Mistake("sigmoid_one_factor", 0, "u (1 - y)", "one of the two factors is missing",
        "The slope is a product: which factor stands beside 1 − {y}?",),
    Mistake("sigmoid_sign", 0, "-u y (1 - y)", "the sign slipped", "Does a sigmoid ever fall?"),
    Mistake("sigmoid_as_tanh", 0, "u (1 - y^2)", "that is the rule of tanh", "Which product is it for a sigmoid?"),
    forward("sigmoid_sign_lost", "1/(1 + exp(a))", "the minus in the exponent was lost", "Which power of e is it?"),
    forward("sigmoid_as_exp", "exp(a)", "that is the exponential alone", "Between which numbers is a sigmoid?"),
    forward("sigmoid_exp_only", "exp(-a)", "that is the exponential alone", "Between which numbers is a sigmoid?"),
    forward("sigmoid_not_inverted", "1 + exp(-a)", "the \"1 over\" is missing", "Between which numbers is a sigmoid?"),
)  # fmt: skip

TANH = (
    Mistake("tanh_no_square", 0, "u (1 - y)", "the output was not squared", "1 minus what is the slope of tanh?"),
    Mistake("tanh_at_input", 0, "u (1 - a^2)", "the input was squared, not the output", _AT_INPUT),
    Mistake("tanh_as_sigmoid", 0, "u y (1 - y)", "that is the rule of a sigmoid", "What is it for tanh?"),
    Mistake("tanh_at_output", 0, "u (1 - tanh(y)^2)", "tanh was applied a second time", _AT_INPUT),
    forward("tanh_as_tan", "tan(a)", "that is tan, without the h", "Between which numbers is tanh?"),
    forward("tanh_as_sigmoid", "sigmoid(a)", "that is the sigmoid", "Between which numbers is tanh?"),
)  # fmt: skip


def _closed(a: Any, value: Any) -> Any:
    """A slip that shows only at a negative input."""
    return value if np.any(np.less(a, 0)) else None


def _open(a: Any, value: Any) -> Any:
    """One that is a slip of its own only where some input is positive; elsewhere the gate is simply not shut."""
    return value if np.any(np.greater(a, 0)) else None


_RELU_ASKS = "Was {a} positive? What does the gate pass then?"

RELU = (
    Mistake(
        "relu_passes_all", 0, lambda u, _y, a: _closed(a, u + 0.0 * a),
        "lets the upstream through where {a} is negative and the gate is shut",
        "By how much does {y} move when {a} moves there?",
    ),
    Mistake(
        "relu_value", 0, lambda u, y, a: _open(a, u * y), "takes the value of the gate for its slope",
        "The slope of a ReLU is 0 or 1: which is it here?",
    ),
    Mistake(
        "relu_mask_upstream", 0, lambda u, _y, a: _open(a, u * np.greater(u, 0)) if np.ndim(u) else None,
        "goes by the sign of the upstream", "The gate opens by its forward input: what is {a}?",
    ),
    Mistake(
        "relu_mask_inverted", 0, lambda u, _y, a: _open(a, u * np.less_equal(a, 0)),
        "stops the upstream where {a} is positive", _RELU_ASKS,
    ),
    forward("relu_passed_negative", lambda _u, _y, a: _closed(a, a), "keeps a negative {a}", "What is max({a}, 0)?"),
    forward("relu_as_abs", lambda _u, _y, a: _closed(a, abs(a)), "drops the sign only", "What is max({a}, 0)?"),
)  # fmt: skip

ABS = (
    Mistake(
        "abs_no_sign",
        0,
        lambda u, _y, a: _closed(a, u + 0.0 * a),
        "leaves out the sign of {a}, which is negative",
        "Left of 0, does |{a}| rise or fall when {a} grows?",
    ),
    Mistake("abs_times_input", 0, "u a", "{a} was taken, where only its sign belongs", "How steep is |{a}| there?"),
    Mistake("abs_times_output", 0, "u y", "the size was taken for the slope", "How steep is |{a}| there?"),
    forward("sign_kept", lambda _u, _y, a: _closed(a, a), "keeps the minus", "How far is {a} from 0?"),
)


def _routes(larger: bool) -> tuple[Mistake, ...]:
    """Mistakes at a gate that sends all to its larger, or to its smaller, argument."""

    def wins(own: Any, other: Any) -> Any:
        return np.greater(own, other) if larger else np.less(own, other)

    winner, word = ("larger", "max") if larger else ("smaller", "min")
    route = f"Nudge {{own}} alone: does the {word} of the two move?"

    def both_ways(formula: Any) -> tuple[Any, Any]:
        return (
            lambda u, y, a, b: formula(u, y, wins(a, b), wins(b, a)),
            lambda u, y, a, b: formula(u, y, wins(b, a), wins(a, b)),
        )

    return (
        *each(
            f"{word}_wrong_winner", both_ways(lambda u, _y, won, lost: u * lost if np.any(won) else None),
            f"sends nothing to {{own}}, though it is the {winner} one", route,
        ),
        *each(
            f"{word}_both", both_ways(lambda u, _y, won, lost: u + 0.0 * won if np.any(lost) else None),
            f"lets the upstream through to {{own}}, which is not the {winner} one", route,
        ),
        *each(
            f"{word}_split", both_ways(lambda u, _y, won, _lost: u / 2 + 0.0 * won),
            "shares the upstream out, as at a tie", f"Half each only where both are equal: which is the {winner} one?",
        ),
        *each(
            f"{word}_times_value", both_ways(lambda u, y, won, _lost: u * y * won if np.any(won) else None),
            f"multiplies by the {word}", "What goes through is passed on unchanged: what is its slope?",
        ),
        forward(f"other_of_{word}", "min(a, b)" if larger else "max(a, b)", "that is the other one",
                f"Which of {{a}} and {{b}} is the {winner} one?"),
    )  # fmt: skip


MAX = _routes(larger=True)
MIN = _routes(larger=False)
