"""Smooth functions of one number that networks use: erf, GELU, softplus."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tutor.engine.gates.elementary import elementary, exp, sigmoid
from tutor.engine.gates.gate import Gate
from tutor.engine.gates.mistakes.mistake import Mistake, forward
from tutor.engine.values import Value

_BELL = "The slope of erf is 2/√π times e to what power?"

ERF_MISTAKES = (
    Mistake("erf_no_factor", 0, "u exp(-a^2)", "the factor 2/√π is missing", _BELL),
    Mistake(
        "erf_power_sign",
        0,
        "2 u exp(a^2)/sqrt(pi)",
        "the minus in the exponent is missing",
        "Far from 0, is erf steep or flat?",
    ),
    Mistake("erf_no_square", 0, "2 u exp(-a)/sqrt(pi)", "{a} was not squared in the exponent", _BELL),
    Mistake("erf_at_output", 0, "2 u exp(-y^2)/sqrt(pi)", "the output was used instead of the input", _BELL),
    forward("erf_as_slope", "2 exp(-a^2)/sqrt(pi)", "that is the slope of erf", "What is the value of erf at {a}?"),
    forward("erf_as_tanh", "tanh(a)", "that is tanh, which looks similar", "Which function does {y} apply?"),
)

_PHI = "(1 + erf(a/sqrt(2)))/2"
_DENSITY = "exp(-a^2/2)/sqrt(2 pi)"
_PRODUCT = "{y} is {a} times Φ({a}): which two terms does the product rule give?"

GELU_MISTAKES = (
    Mistake("gelu_first_term", 0, f"u {_PHI}", "Φ was held fixed, but it changes with {a} too", _PRODUCT),
    Mistake("gelu_second_term", 0, f"u a {_DENSITY}", "the term with Φ held fixed is missing", _PRODUCT),
    Mistake(
        "gelu_lost_input", 0, f"u ({_PHI} + {_DENSITY})", "the slope of Φ was not multiplied by {a}",
        "Φ changes too. What multiplies its slope?",
    ),
    Mistake(
        "gelu_as_relu", 0, lambda u, _y, a: u * (a > 0), "is the rule of a ReLU",
        "A GELU has no corner: what is its slope at {a}?",
    ),
    forward("gelu_no_root", "a (1 + erf(a))/2", "{a} was not divided by √2 inside erf", "What is erf applied to?"),
    forward("gelu_no_half", "a (1 + erf(a/sqrt(2)))", "the half is missing", "Between which two numbers does Φ lie?"),
    forward("gelu_no_input", _PHI, "that is Φ alone", "What is Φ multiplied by?"),
    forward(
        "gelu_by_tanh", "a (1 + tanh(sqrt(2/pi) (a + 0.044715 a^3)))/2", "that is the tanh approximation",
        "GELU is exact here. What does erf give?",
    ),
    forward("gelu_by_sigmoid", "a sigmoid(1.702 a)", "that is the sigmoid approximation",
            "GELU is exact here. What does erf give?"),
)  # fmt: skip

_LN = "{y} is ln(1 + e^{a}). What is the slope of ln there, and what is the slope of its inside?"

SOFTPLUS_MISTAKES = (
    Mistake("softplus_log_only", 0, "u/(1 + exp(a))", "the slope of e^{a} inside was left out", _LN),
    Mistake("softplus_exp_only", 0, "u exp(a)", "the slope of the logarithm was left out", _LN),
    Mistake("softplus_slope_of_sigmoid", 0, "u sigmoid(a) (1 - sigmoid(a))", "it was differentiated twice", _LN),
    Mistake("softplus_at_output", 0, "u sigmoid(y)", "the output was used instead of the input",
            "Is the sigmoid taken at {a} or at {y}?"),
    forward("softplus_no_one", "a", "the 1 + is missing inside the logarithm", "What is ln(1 + e^{a})?"),
    forward("softplus_no_log", "1 + exp(a)", "the logarithm is missing", "What is ln(1 + e^{a})?"),
)  # fmt: skip


_IMPORT_ERF = "from math import erf"
"""NumPy has no erf; Python's own takes one number at a time."""

_erfc_of_array = np.vectorize(math.erfc, otypes=[float])

erf = elementary(math.erf, np.vectorize(math.erf, otypes=[float]))
_erfc = elementary(math.erfc, _erfc_of_array)


def _bell(a: Value) -> Value:
    """The density of the normal distribution."""
    return exp(-a * a / 2) / math.sqrt(2 * math.pi)


def _below(a: Value) -> Value:
    """The distribution function of the normal distribution. By erfc, which keeps its digits far to the left."""
    return _erfc(-a / math.sqrt(2)) / 2


def _softplus_of_float(a: float) -> float:
    return max(a, 0.0) + math.log1p(math.exp(-abs(a)))


def _softplus_form(m: Any, a: Any) -> Any:
    # In high precision ln(1 + e^a) must not lose e^a beside the 1; SymPy has no log1p.
    return m.log1p(m.exp(a)) if hasattr(m, "log1p") else m.log(1 + m.exp(a))


ERF = Gate(
    key="erf",
    title="error function",
    symbol="erf",
    function_words=("erf",),
    arguments=("a",),
    forward=erf,
    vjps=(lambda u, _y, a: u * (2 / math.sqrt(math.pi)) * exp(-a * a),),
    form=lambda m, a: m.erf(a),
    locals=("2 exp(-a^2)/sqrt(pi)",),
    code="np.vectorize(erf)({a})",
    code_needs=_IMPORT_ERF,
    pattern="erf: upstream × a bell curve, 2/√π times e to minus the square of the input.",
    mistakes=ERF_MISTAKES,
)

GELU = Gate(
    key="gelu",
    title="GELU",
    symbol="gelu",
    function_words=("gelu",),
    arguments=("a",),
    forward=lambda a: a * _below(a),
    vjps=(lambda u, _y, a: u * (_below(a) + a * _bell(a)),),
    form=lambda m, a: a * m.erfc(-a / m.sqrt(2)) / 2,
    sympy_rewrites=True,
    locals=("(1 + erf(a/sqrt(2)))/2 + a exp(-a^2/2)/sqrt(2 pi)",),
    code="{a} * (1 + np.vectorize(erf)({a} / np.sqrt(2))) / 2",
    code_needs=_IMPORT_ERF,
    pattern="GELU is its input times Φ of it, with Φ the standard normal distribution function. By the product rule: "
    "upstream × (Φ + input × Φ').",
    mistakes=GELU_MISTAKES,
)

SOFTPLUS = Gate(
    key="softplus",
    title="softplus",
    symbol="softplus",
    function_words=("softplus",),
    arguments=("a",),
    forward=elementary(_softplus_of_float, lambda a: np.logaddexp(0.0, a)),
    vjps=(lambda u, _y, a: u * sigmoid(a),),
    form=_softplus_form,
    sympy_rewrites=True,
    locals=("sigmoid(a)",),
    code="np.logaddexp(0, {a})",
    pattern="softplus, ln(1 + e^input), is a ReLU with a rounded corner: upstream × the sigmoid of its input.",
    mistakes=SOFTPLUS_MISTAKES,
)

SMOOTH = (ERF, GELU, SOFTPLUS)
