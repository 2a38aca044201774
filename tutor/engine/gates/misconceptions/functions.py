"""Mistakes at functions of one number and at the choice between two."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.gates.misconceptions import GateMisconception, backward, each, forward, ranked

_AT_INPUT = "Does the slope use the input {a} or the output {y}?"

EXP = ranked((
    backward(
        "exp_at_input", 0, "u a", "the input was used instead of the output",
        "What is the derivative of e^{a}, and where have you already computed it?",
    ),
    backward(
        "exp_power_rule", 0, "u a exp(a - 1)", "it uses the power rule, but here {a} is the exponent",
        "e^{a} is its own derivative: what is that here?",
    ),
    backward(
        "exp_power_rule", 0, "u a exp(a)", "{a} was brought down in front, but here {a} is the exponent",
        "e^{a} is its own derivative: what is that here?",
    ),
    backward("local_at_output_exp", 0, "u exp(y)", "exp was applied a second time", _AT_INPUT),
    backward("exp_sign_lost", 0, "u exp(-a)", "the exponent has the wrong sign", "Which sign does {a} have?"),
    forward("exp_sign_lost", "exp(-a)", "the exponent has the wrong sign", "Which sign does {a} have?"),
    forward("exp_as_product", "e a", "e was multiplied by {a}", "{a} is the exponent. What is e to that power?"),
    forward("exp_base_ten", "10^a", "the base was 10", "Which number is e?"),
), common=("exp_at_input", "exp_sign_lost"), rare=("local_at_output_exp", "exp_base_ten"))  # fmt: skip

LN = ranked((
    backward(
        "log_returns_log", 0, "u ln(a)", "ln was used as its own derivative",
        "Only exp is its own derivative: what is the slope of ln at {a}?",
    ),
    backward("log_inverse", 0, "u/ln(a)", "it was divided by the output", _AT_INPUT),
    backward(
        "log_times", 0, "u a", "{a} itself was used as the slope", "ln flattens out. Is it steep where {a} is large?",
    ),
    backward("log_as_reciprocal", 0, "-u/a^2", "that is the slope of 1/{a}", "What is the slope of ln at {a}?"),
    forward(
        "log_of_complement", "ln(1 - a)", "that is the ln of 1 − {a}", "Which of the two is ln taken of?",
        lambda a: bool(np.all(np.greater(a, 0) & np.less(a, 1))),
    ),
    forward("log_base_ten", "ln(a)/ln(10)", "that is the logarithm to base 10", "ln asks: e to what power gives {a}?"),
    forward("log_base_two", "ln(a)/ln(2)", "that is the logarithm to base 2", "ln asks: e to what power gives {a}?"),
    forward("exp_for_ln", "exp(a)", "e was raised to {a}", "ln goes the other way: e to what power gives {a}?"),
    forward(
        "log_as_reciprocal", "1/a", "that is the slope of ln", "The value (green) is asked: e to what power gives {a}?",
    ),
), rare=("log_inverse", "log_base_two", "exp_for_ln"))  # fmt: skip

SQRT = ranked((
    backward("sqrt_no_half", 0, "u/sqrt(a)", "the factor 1/2 is missing", "√{a} is {a}^0.5: what comes down in front?"),
    backward(
        "sqrt_not_inverted", 0, "u sqrt(a)/2", "the root is on top instead of below",
        "√{a} is {a}^0.5: which power is left when 0.5 is reduced by one?",
    ),
    backward("sqrt_half_only", 0, "u/2", "only the 1/2 is left", "What power of {a} goes with it?"),
    backward("sqrt_no_root", 0, "u/(2 a)", "the root in the denominator is missing",
        "√{a} is {a}^0.5: which power is left when 0.5 is reduced by one?",),
    forward("root_as_half", "a/2", "{a} was halved", "Which number, times itself, is {a}?"),
    forward("root_as_square", "a^2", "{a} was squared", "Which number, times itself, is {a}?"),
), common=("sqrt_no_half",))  # fmt: skip


def _angle(function: str) -> tuple[GateMisconception, ...]:
    return (
        forward(
            f"{function}_degrees", f"{function}(a pi/180)", "the angle was taken in degrees",
            "Set the calculator to radians: what is it then?",
        ),
    )  # fmt: skip


SIN = ranked((
    backward("sin_sign", 0, "-u cos(a)", "the sign was flipped, as for the cosine", "Near 0, does sin rise or fall?"),
    backward("sin_not_cos", 0, "u sin(a)", "sin was used as its own derivative", "What is the slope of sin at {a}?"),
    backward("trig_at_output", 0, "u cos(y)", "the cosine of the output was taken", _AT_INPUT),
    backward(
        "degrees", 0, "u cos(a pi/180)", "the angle was taken in degrees", "What is cos({a}) in radians?"
    ),
    *_angle("sin"),
    forward("cos_for_sin", "cos(a)", "the cosine was used", "Which function does {y} apply?"),
), common=("sin_sign", "cos_for_sin"), rare=("trig_at_output",))  # fmt: skip

COS = ranked((
    backward("cos_sign", 0, "u sin(a)", "the sign was not flipped", "Just after 0, does cos rise or fall?"),
    backward("cos_not_sin", 0, "-u cos(a)", "cos was used as its own derivative", "What is the slope of cos at {a}?"),
    backward("trig_at_output", 0, "-u sin(y)", "the sine of the output was taken", _AT_INPUT),
    backward(
        "degrees", 0, "-u sin(a pi/180)", "the angle was taken in degrees", "What is sin({a}) in radians?"
    ),
    *_angle("cos"),
    forward("sin_for_cos", "sin(a)", "the sine was used", "Which function does {y} apply?"),
), common=("cos_sign", "sin_for_cos"), rare=("trig_at_output",))  # fmt: skip

TAN = (
    backward("tan_no_square", 0, "u/cos(a)", "the cosine was not squared", "1/cos² is 1 + tan²: what is that here?"),
    backward("tan_squared_alone", 0, "u tan(a)^2", "the 1 is missing", "1/cos² is 1 + tan²: what is that here?"),
    backward("tan_minus", 0, "u (1 - tan(a)^2)", "it uses the rule for tanh", "Is tan ever flat?"),
    backward("trig_at_output", 0, "u/cos(y)^2", "the cosine of the output was taken", _AT_INPUT),
    backward(
        "degrees", 0, "u/cos(a pi/180)^2", "the angle was taken in degrees", "What is cos({a}) in radians?"
    ),
    *_angle("tan"),
)  # fmt: skip

_SIGMOID_RANGE = "How small and how large can a sigmoid be?"
_TANH_RANGE = "How small and how large can tanh be?"

SIGMOID = ranked((
    backward(
        "sigmoid_at_input", 0, "u a (1 - a)", "the input was used instead of the output",
        "σ(1 − σ) uses the gate's output. What is {y} here?",
    ),
    backward("sigmoid_twice", 0, "u sigmoid(y) (1 - sigmoid(y))", "the sigmoid was applied a second time", _AT_INPUT),
    backward("sigmoid_one_factor", 0, "u (1 - y)", "one of the two factors is missing",
        "The slope is a product. Which factor goes with 1 − {y}?",),
    backward("sigmoid_plus", 0, "u y (1 + y)", "a minus became a plus", "Is a sigmoid steep where it is almost 1?"),
    backward("sigmoid_sign", 0, "-u y (1 - y)", "the sign is wrong", "Does a sigmoid ever fall?"),
    backward(
        "sigmoid_as_tanh", 0, "u (1 - y^2)", "it uses the rule for tanh", "Which product is the slope of a sigmoid?",
    ),
    backward("sigmoid_output_squared", 0, "u y^2", "the output was squared",
        "The slope is a product. Which factor goes with {y}?",),
    backward("sigmoid_one_factor", 0, "u y", "one of the two factors is missing",
        "The slope is a product. Which factor goes with {y}?",),
    forward("tanh_for_sigmoid", "tanh(a)", "the function tanh was used", _SIGMOID_RANGE),
    forward(
        "sigmoid_sign_lost", "1/(1 + exp(a))", "the minus in the exponent is missing",
        "What is the exponent of e in a sigmoid?",
    ),
    forward(
        "sigmoid_as_exp", "exp(a)", "that is the exponential alone", _SIGMOID_RANGE,
    ),
    forward(
        "sigmoid_exp_only", "exp(-a)", "that is the exponential alone", _SIGMOID_RANGE,
    ),
    forward(
        "sigmoid_not_inverted", "1 + exp(-a)", "the \"1 over\" is missing", _SIGMOID_RANGE,
    ),
), common=("sigmoid_one_factor", "sigmoid_at_input"),
    rare=("sigmoid_twice", "sigmoid_exp_only", "sigmoid_as_exp"))  # fmt: skip

TANH = ranked((
    backward("tanh_no_square", 0, "u (1 - y)", "the output was not squared", "The slope of tanh is 1 minus what?"),
    backward("tanh_at_input", 0, "u (1 - a^2)", "the input was squared, not the output", _AT_INPUT),
    backward("tanh_as_sigmoid", 0, "u y (1 - y)", "it uses the rule for a sigmoid", "What is the slope of tanh?"),
    backward("tanh_square_alone", 0, "u y^2", "the \"1 −\" is missing", "Where tanh is almost 1, is it steep or flat?"),
    backward("tanh_bracket_squared", 0, "u (1 - y)^2", "all of 1 − {y} was squared", "Which part of it is squared?"),
    backward("tanh_sign", 0, "u (1 + y^2)", "the sign inside is flipped", "Is tanh steep where it is almost 1?"),
    backward("tanh_at_output", 0, "u (1 - tanh(y)^2)", "tanh was applied a second time", _AT_INPUT),
    forward("tanh_as_tan", "tan(a)", "the function tan was used, without the h", _TANH_RANGE),
    forward("tanh_as_sigmoid", "sigmoid(a)", "the sigmoid was used", _TANH_RANGE),
), common=("tanh_no_square", "tanh_as_sigmoid"), rare=("tanh_at_output", "tanh_as_tan"))  # fmt: skip


def _closed(a: Any, value: Any) -> Any:
    """A slip that shows only at a negative input."""
    return value if np.any(np.less(a, 0)) else None


def _open(a: Any, value: Any) -> Any:
    """One that is a slip of its own only where some input is positive; elsewhere the gate is simply not shut."""
    return value if np.any(np.greater(a, 0)) else None


_RELU_ASKS = "Where {a} is positive, what does the gate pass?"

RELU = (
    backward(
        "relu_passes_all", 0, lambda u, _y, a: _closed(a, u + 0.0 * a),
        "keeps the gate open where {a} is negative",
        "How much does {y} change when {a} changes there?",
    ),
    backward(
        "relu_value", 0, lambda u, y, a: _open(a, u * y), "uses the gate's value as its slope",
        "The slope of a ReLU is 0 or 1: which is it here?",
    ),
    backward(
        "relu_mask_upstream", 0, lambda u, _y, a: _open(a, u * np.greater(u, 0)) if np.ndim(u) else None,
        "goes by the sign of the upstream", "The sign of the forward input decides. What is {a}?",
    ),
    backward(
        "relu_mask_inverted", 0, lambda u, _y, a: _open(a, u * np.less_equal(a, 0)),
        "shuts the gate where {a} is positive", _RELU_ASKS,
    ),
    backward(
        "relu_as_sign", 0, lambda u, _y, a: _closed(a, u * np.sign(a)),
        "flips the sign where {a} is negative",
        "How much does {y} change when {a} changes there?",
    ),
    forward("relu_passed_negative", lambda _u, _y, a: _closed(a, a), "keeps {a} where it is negative",
            "What is max({a}, 0)?"),
    forward("relu_as_abs", lambda _u, _y, a: _closed(a, abs(a)), "only drops the sign", "What is max({a}, 0)?"),
)  # fmt: skip

ABS = (
    backward(
        "abs_no_sign",
        0,
        lambda u, _y, a: _closed(a, u + 0.0 * a),
        "leaves out the sign where {a} is negative",
        "Left of 0, does |{a}| rise or fall when {a} grows?",
    ),
    backward("abs_times_input", 0, "u a", "{a} was used, but only its sign is needed", "How steep is |{a}| there?"),
    backward("abs_times_output", 0, "u y", "the size was used as the slope", "How steep is |{a}| there?"),
    forward("sign_kept", lambda _u, _y, a: _closed(a, a), "keeps the minus", "How far is {a} from 0?"),
)


def _routes(larger: bool) -> tuple[GateMisconception, ...]:
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
            f"stops {{own}} where it is the {winner} of the two", route,
        ),
        *each(
            f"{word}_both", both_ways(lambda u, _y, won, lost: u + 0.0 * won if np.any(lost) else None),
            f"passes {{own}} on where it is not the {winner} of the two", route,
        ),
        *each(
            f"{word}_split", both_ways(lambda u, _y, won, _lost: u / 2 + 0.0 * won),
            "gives half to each, as at a tie", f"Is there a tie? Which of {{a}} and {{b}} is the {winner}?",
        ),
        *each(
            f"{word}_times_value", both_ways(lambda u, y, won, _lost: u * y * won if np.any(won) else None),
            f"multiplies by the {word}", f"The {winner} one is passed on unchanged. How fast does {{y}} move with it?",
        ),
        forward(f"other_of_{word}", "min(a, b)" if larger else "max(a, b)", "the other one was chosen",
                f"Which of {{a}} and {{b}} is the {winner}?"),
    )  # fmt: skip


MAX = _routes(larger=True)
MIN = _routes(larger=False)
