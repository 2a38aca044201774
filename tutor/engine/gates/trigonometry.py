"""Hyperbolic and inverse functions, and the logarithms and exponentials that libraries have besides ln and exp."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tutor.engine.gates.elementary import divide, elementary, exp, sqrt
from tutor.engine.gates.gate import Gate
from tutor.engine.gates.mistakes.mistake import Mistake, forward

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
        Mistake("sinh_sign", 0, "-u cosh(a)", "there is an extra minus sign", "Does sinh ever fall?"),
        Mistake("sinh_as_sin", 0, "u cos(a)", "that is the slope of sin", "What is the slope of (e^x − e^(−x))/2?"),
        Mistake("sinh_self", 0, "u sinh(a)", "sinh was used as its own derivative",
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
        Mistake("cosh_sign", 0, "-u sinh(a)", "there is a minus sign, as for the cosine", "To the right of 0, does "
                "cosh rise or fall?"),
        Mistake("cosh_as_cos", 0, "-u sin(a)", "that is the slope of cos",
                "What is the derivative of (e^x + e^(−x))/2?"),
        Mistake("cosh_self", 0, "u cosh(a)", "cosh was used as its own derivative",
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
        Mistake("arcsin_plus", 0, "u/sqrt(1 + a^2)", "there is a + under the root", _SQUARE),
        Mistake("arcsin_no_root", 0, "u/(1 - a^2)", "the root is missing", "What is the cosine of the angle?"),
        Mistake("arcsin_as_reciprocal", 0, "-u cos(a)/sin(a)^2", "that is the slope of 1/sin",
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
        Mistake("arccos_sign", 0, "u/sqrt(1 - a^2)", "the minus sign is missing", "Does arccos rise or fall?"),
        Mistake("arccos_no_root", 0, "-u/(1 - a^2)", "the root is missing", "What is sin of an angle whose cosine is "
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
        Mistake("arctan_minus", 0, "u/(1 - a^2)", "there is a minus in the denominator", _SQUARE),
        Mistake("arctan_root", 0, "u/sqrt(1 + a^2)", "there is a root in the denominator",
                "Is there a root in the derivative of arctan?"),
        Mistake("arctan_as_tan", 0, "u/cos(a)^2", "that is the slope of tan", "Is {y} the tangent, or its inverse?"),
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
            Mistake(f"log_{word}_as_ln", 0, "u/a", f"the factor 1/ln({base}) is missing",
                    f"How much is log{base} of {{a}} in terms of ln?"),
            Mistake(f"log_{word}_times_ln", 0, f"u ln({base})/a", f"ln({base}) is on top instead of below",
                    f"How much is log{base} of {{a}} in terms of ln?"),
            Mistake(f"log_{word}_over_base", 0, f"u/({base} a)", f"it was divided by {base}, not by ln({base})",
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
        Mistake("log_one_plus_no_one", 0, "u/a", "the 1 is missing in the denominator", "What is ln applied to?"),
        Mistake("log_one_plus_plus_one", 0, "u (1 + 1/a)", "the 1 was added outside", "What is ln applied to?"),
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
        Mistake("expm_one_output", 0, "u y", "the −1 was kept", "What is the slope of the −1?"),
        Mistake("expm_one_in_exponent", 0, "u exp(a - 1)", "the −1 is in the exponent", "Where is the −1 subtracted?"),
        forward("expm_one_as_exp", "exp(a)", "the −1 is missing", "What is subtracted from e^{a}?"),
        forward("expm_one_in_exponent", "exp(a - 1)", "the −1 is in the exponent", "Where is the −1 subtracted?"),
    ),
)  # fmt: skip

TRIGONOMETRY = (SINH, COSH, ARCSIN, ARCCOS, ARCTAN, LOG2, LOG10, LOG1P, EXPM1)
