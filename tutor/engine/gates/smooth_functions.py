"""Functions of one number that are smooth where they have a value: hyperbolic and inverse ones, erf, GELU, softplus.

With them the logarithms and exponentials that libraries have besides ln and exp.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tutor.engine.gates.elementary import divide, elementary, exp, sigmoid, sqrt
from tutor.engine.gates.gate import Gate
from tutor.engine.gates.misconceptions import backward, forward
from tutor.engine.values import Value

sinh = elementary(math.sinh, np.sinh)
cosh = elementary(math.cosh, np.cosh)
_arcsin = elementary(math.asin, np.arcsin)
_arccos = elementary(math.acos, np.arccos)
_arctan = elementary(math.atan, np.arctan)
_log1p = elementary(math.log1p, lambda a: np.log1p(np.where(np.equal(a, -1), math.nan, a)))
_expm1 = elementary(math.expm1, np.expm1)


def _nan_at_zero(a: Any) -> Any:
    return a if np.all(a) else np.where(np.equal(a, 0), math.nan, a)


_log2 = elementary(math.log2, lambda a: np.log2(_nan_at_zero(a)))
_log10 = elementary(math.log10, lambda a: np.log10(_nan_at_zero(a)))


def _outside(subject: str, what: str, holds: Any) -> Any:
    return lambda a: None if np.all(holds(a)) else f"{subject} needs {what}"


_UNIT = "a number from -1 to 1"
_POSITIVE = "a positive number"
_ABOVE = "a number greater than -1"

SINH = Gate(
    key="sinh",
    title="hyperbolic sine",
    symbol="sinh",
    function_words=("sinh",),
    may_be_name=True,
    arguments=("a",),
    forward=sinh,
    vjps=(lambda u, _y, a: u * cosh(a),),
    form=lambda m, a: m.sinh(a),
    locals=("cosh(a)",),
    code="np.sinh({a})",
    pattern="sinh: upstream × cosh of the input.",
    mistakes=(
        backward("sinh_sign", 0, "-u cosh(a)", "the sign was flipped", "Does sinh ever fall?"),
        backward("sinh_as_sin", 0, "u cos(a)", "that is the slope of sin", "What is the slope of (e^x − e^(−x))/2?"),
        backward("sinh_self", 0, "u sinh(a)", "sinh was used as its own derivative",
                 "What happens to the sign of e^(−x) when it is differentiated?"),
        forward("sinh_as_sin", "sin(a)", "that is the sine", "Which function does {y} apply?"),
        forward("sinh_as_cosh", "cosh(a)", "that is cosh", "Which sign is between the two exponentials?"),
    ),
)  # fmt: skip

COSH = Gate(
    key="cosh",
    title="hyperbolic cosine",
    symbol="cosh",
    function_words=("cosh",),
    may_be_name=True,
    arguments=("a",),
    forward=cosh,
    vjps=(lambda u, _y, a: u * sinh(a),),
    form=lambda m, a: m.cosh(a),
    locals=("sinh(a)",),
    code="np.cosh({a})",
    pattern="cosh: upstream × sinh of the input, without the minus of the cosine.",
    mistakes=(
        backward("cosh_sign", 0, "-u sinh(a)", "the sign was flipped, as for the cosine", "To the right of 0, does "
                 "cosh rise or fall?"),
        backward("cosh_as_cos", 0, "-u sin(a)", "that is the slope of cos",
                 "What is the derivative of (e^x + e^(−x))/2?"),
        backward("cosh_self", 0, "u cosh(a)", "cosh was used as its own derivative",
                 "What happens to the sign of e^(−x) when it is differentiated?"),
        forward("cosh_as_cos", "cos(a)", "that is the cosine", "Which function does {y} apply?"),
        forward("cosh_as_sinh", "sinh(a)", "that is sinh", "Which sign is between the two exponentials?"),
    ),
)  # fmt: skip

_SQUARE = "Which square is in the derivative, and with which sign?"

ARCSIN = Gate(
    key="arcsin",
    title="inverse sine",
    symbol="arcsin",
    function_words=("arcsin", "asin"),
    may_be_name=True,
    arguments=("a",),
    forward=_arcsin,
    vjps=(lambda u, _y, a: divide(u, sqrt(1.0 - a * a)),),
    form=lambda m, a: m.asin(a),
    locals=("1/sqrt(1 - a^2)",),
    code="np.arcsin({a})",
    pattern="arcsin divides the upstream by √(1 − input²); its value is an angle in radians.",
    domain=_outside("arcsin", _UNIT, lambda a: np.abs(a) <= 1),
    needs=_UNIT,
    mistakes=(
        backward("arcsin_plus", 0, "u/sqrt(1 + a^2)", "there is a + under the root", _SQUARE),
        backward("arcsin_no_root", 0, "u/(1 - a^2)", "the root is missing", "What is the cosine of the angle?"),
        backward("arcsin_as_reciprocal", 0, "-u cos(a)/sin(a)^2", "that is the slope of 1/sin",
                 "Is {y} the inverse function of sin, or 1/sin?"),
        forward("arcsin_as_reciprocal", "1/sin(a)", "that is 1/sin", "Which angle has the sine {a}?"),
        forward("arcsin_degrees", "arcsin(a) 180/pi", "the angle is in degrees", "What is it in radians?"),
    ),
)  # fmt: skip

ARCCOS = Gate(
    key="arccos",
    title="inverse cosine",
    symbol="arccos",
    function_words=("arccos", "acos"),
    may_be_name=True,
    arguments=("a",),
    forward=_arccos,
    vjps=(lambda u, _y, a: divide(-u, sqrt(1.0 - a * a)),),
    form=lambda m, a: m.acos(a),
    locals=("-1/sqrt(1 - a^2)",),
    code="np.arccos({a})",
    pattern="arccos divides the upstream by −√(1 − input²); its value is an angle in radians.",
    domain=_outside("arccos", _UNIT, lambda a: np.abs(a) <= 1),
    needs=_UNIT,
    mistakes=(
        backward("arccos_sign", 0, "u/sqrt(1 - a^2)", "the sign was not flipped", "Does arccos rise or fall?"),
        backward("arccos_no_root", 0, "-u/(1 - a^2)", "the root is missing", "What is sin of an angle whose cosine is "
                 "{a}?"),
        forward("arccos_as_reciprocal", "1/cos(a)", "that is 1/cos", "Which angle has the cosine {a}?"),
        forward("arccos_degrees", "arccos(a) 180/pi", "the angle is in degrees", "What is it in radians?"),
    ),
)  # fmt: skip

ARCTAN = Gate(
    key="arctan",
    title="inverse tangent",
    symbol="arctan",
    function_words=("arctan", "atan", "arctg"),
    may_be_name=True,
    arguments=("a",),
    forward=_arctan,
    vjps=(lambda u, _y, a: u / (1.0 + a * a),),
    form=lambda m, a: m.atan(a),
    locals=("1/(1 + a^2)",),
    code="np.arctan({a})",
    pattern="arctan divides the upstream by 1 + input²; its value is an angle in radians.",
    mistakes=(
        backward("arctan_minus", 0, "u/(1 - a^2)", "there is a minus in the denominator", _SQUARE),
        backward("arctan_root", 0, "u/sqrt(1 + a^2)", "there is a root in the denominator",
                 "Is there a root in the derivative of arctan?"),
        backward("arctan_as_tan", 0, "u/cos(a)^2", "that is the slope of tan", "Is {y} the tangent, or its inverse?"),
        forward("arctan_as_tan", "tan(a)", "that is the tangent", "Which angle has the tangent {a}?"),
        forward("arctan_degrees", "arctan(a) 180/pi", "the angle is in degrees", "What is it in radians?"),
    ),
)  # fmt: skip


def _logarithm(base: int, word: str, function: Any) -> Gate:
    return Gate(
        key=f"log{base}",
        title=f"logarithm to base {base}",
        symbol=f"log{base}",
        function_words=(f"log{base}",),
        may_be_name=True,
        arguments=("a",),
        forward=function,
        vjps=(lambda u, _y, a: divide(u, a * math.log(base)),),
        form=lambda m, a: m.log(a) / m.log(base),
        sympy_rewrites=True,
        locals=(f"1/(a ln({base}))",),
        code=f"np.log{base}({{a}})",
        pattern=f"log{base} is ln divided by ln {base}: upstream over input times ln {base}.",
        domain=_outside(f"log{base}", _POSITIVE, lambda a: np.greater(a, 0)),
        needs=_POSITIVE,
        mistakes=(
            backward(f"log_{word}_as_ln", 0, "u/a", f"the factor 1/ln({base}) is missing",
                     f"How much is log{base} of {{a}} in terms of ln?"),
            backward(f"log_{word}_times_ln", 0, f"u ln({base})/a", f"ln({base}) is on top instead of below",
                     f"How much is log{base} of {{a}} in terms of ln?"),
            backward(f"log_{word}_over_base", 0, f"u/({base} a)", f"it was divided by {base}, not by ln({base})",
                     f"How much is log{base} of {{a}} in terms of ln?"),
            forward(f"log_{word}_as_ln", "ln(a)", "that is the natural logarithm",
                    f"{base} to what power gives {{a}}?"),
            forward(f"log_{word}_as_quotient", f"a/{base}", f"it was divided by {base}",
                    f"{base} to what power gives {{a}}?"),
        ),
    )  # fmt: skip


LOG2 = _logarithm(2, "two", _log2)
LOG10 = _logarithm(10, "ten", _log10)

LOG1P = Gate(
    key="log1p",
    title="ln(1 + x)",
    symbol="log1p",
    function_words=("log1p",),
    may_be_name=True,
    arguments=("a",),
    forward=_log1p,
    vjps=(lambda u, _y, a: divide(u, 1.0 + a),),
    form=lambda m, a: m.log(1 + a),
    sympy_rewrites=True,
    locals=("1/(1 + a)",),
    code="np.log1p({a})",
    pattern="log1p is ln(1 + input): it divides the upstream by 1 + input.",
    domain=_outside("log1p", _ABOVE, lambda a: np.greater(a, -1)),
    needs=_ABOVE,
    mistakes=(
        backward("log_one_plus_no_one", 0, "u/a", "the 1 is missing in the denominator", "What is ln applied to?"),
        backward("log_one_plus_plus_one", 0, "u (1 + 1/a)", "the 1 was added outside", "What is ln applied to?"),
        forward("log_one_plus_as_ln", "ln(a)", "the 1 is missing", "What is ln applied to?"),
        forward("log_one_plus_outside", "1 + ln(a)", "the 1 was added after the logarithm", "What is ln applied to?"),
    ),
)  # fmt: skip

EXPM1 = Gate(
    key="expm1",
    title="e^x − 1",
    symbol="expm1",
    function_words=("expm1",),
    may_be_name=True,
    arguments=("a",),
    forward=_expm1,
    vjps=(lambda u, _y, a: u * exp(a),),
    form=lambda m, a: m.exp(a) - 1,
    sympy_rewrites=True,
    locals=("exp(a)",),
    code="np.expm1({a})",
    pattern="expm1 is e^input − 1: upstream × (output + 1), because the −1 has no slope.",
    mistakes=(
        backward("expm_one_output", 0, "u y", "the −1 was kept", "What is the slope of the −1?"),
        backward("expm_one_in_exponent", 0, "u exp(a - 1)", "the −1 is in the exponent", "Where is the −1 subtracted?"),
        forward("expm_one_as_exp", "exp(a)", "the −1 is missing", "What is subtracted from e^{a}?"),
        forward("expm_one_in_exponent", "exp(a - 1)", "the −1 is in the exponent", "Where is the −1 subtracted?"),
    ),
)  # fmt: skip

TRIGONOMETRY = (SINH, COSH, ARCSIN, ARCCOS, ARCTAN, LOG2, LOG10, LOG1P, EXPM1)


_BELL = "The slope of erf is 2/√π times e to what power?"

ERF_MISTAKES = (
    backward("erf_factor_only", 0, "2 u/sqrt(pi)", "only the factor 2/√π is left", _BELL),
    backward("erf_no_factor", 0, "u exp(-a^2)", "the factor 2/√π is missing", _BELL),
    backward(
        "erf_power_sign",
        0,
        "2 u exp(a^2)/sqrt(pi)",
        "the minus in the exponent is missing",
        "Far from 0, is erf steep or flat?",
    ),
    backward("erf_no_square", 0, "2 u exp(-a)/sqrt(pi)", "{a} was not squared in the exponent", _BELL),
    backward("erf_at_output", 0, "2 u exp(-y^2)/sqrt(pi)", "the output was used instead of the input", _BELL),
    forward("erf_as_slope", "2 exp(-a^2)/sqrt(pi)", "that is the slope of erf", "What is the value of erf at {a}?"),
    forward("erf_as_tanh", "tanh(a)", "that is tanh, which looks similar", "Which function does {y} apply?"),
)

_PHI = "(1 + erf(a/sqrt(2)))/2"
_DENSITY = "exp(-a^2/2)/sqrt(2 pi)"
_PRODUCT = "{y} is {a} times Φ({a}): which two terms does the product rule give?"

GELU_MISTAKES = (
    backward("gelu_first_term", 0, f"u {_PHI}", "Φ was held fixed, but it changes with {a} too", _PRODUCT),
    backward("gelu_second_term", 0, f"u a {_DENSITY}", "the term with Φ held fixed is missing", _PRODUCT),
    backward(
        "gelu_lost_input", 0, f"u ({_PHI} + {_DENSITY})", "the slope of Φ was not multiplied by {a}",
        "Φ changes too. What multiplies its slope?",
    ),
    backward(
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
    backward("softplus_log_only", 0, "u/(1 + exp(a))", "the slope of e^{a} inside was left out", _LN),
    backward("softplus_exp_only", 0, "u exp(a)", "the slope of the logarithm was left out", _LN),
    backward("softplus_slope_of_sigmoid", 0, "u sigmoid(a) (1 - sigmoid(a))", "it was differentiated twice", _LN),
    backward("softplus_at_output", 0, "u sigmoid(y)", "the output was used instead of the input",
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
