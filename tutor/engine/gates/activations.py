"""Activations besides sigmoid, tanh and ReLU: leaky ReLU, ELU, SELU, SiLU, Mish, hard sigmoid; and clip."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from tutor.engine.gates.elementary import divide, elementary, exp, larger, sigmoid, smaller, tanh
from tutor.engine.gates.gate import CodeVjp, Gate, Interval
from tutor.engine.gates.misconceptions import backward, forward

_DIGITS = 10**16
_SCALE_DIGITS, _ALPHA_DIGITS = 10507009873554805, 16732632423543772
_SELU_SCALE, _SELU_ALPHA = _SCALE_DIGITS / _DIGITS, _ALPHA_DIGITS / _DIGITS
"""SELU's two constants, as PyTorch has them."""

_BRANCH = "Which of the two branches is {a} on, and what is the slope of that branch?"


def _code(text: str) -> CodeVjp:
    """NumPy over the arguments and `u`."""
    return lambda names, _options, _shapes: text.format(**names)


def _where(test: Any, yes: Any, no: Any) -> Any:
    """`yes` where the test holds, else `no`: plain numbers stay plain."""
    return (yes if test else no) if isinstance(test, bool) else np.where(test, yes, no)


def _negative(a: Any) -> Any:
    """The negative part, so that no exponential of the other branch is too large."""
    return smaller(a, 0.0)


def _expm1(a: Any) -> Any:
    return math.expm1(a) if isinstance(a, float) else np.expm1(a)


def _elu(a: Any, b: Any) -> Any:
    return larger(a, 0.0) + b * _expm1(_negative(a))


def _exact_clip(a: Fraction, b: Fraction, c: Fraction) -> Fraction:
    return min(max(a, b), c)


LEAKY_MISTAKES = (
    backward("leaky_as_relu", 0, lambda u, _y, a, _b: u * (a > 0), "is the rule of a ReLU, which lets nothing through "
             "where its input is negative", _BRANCH),
    backward("leaky_slope_everywhere", 0, "u b", "that is the slope of the negative branch", _BRANCH),
    backward("leaky_passed", 0, "u", "the upstream was passed on unchanged, as on the positive branch", _BRANCH,
             lambda a, _b: bool(np.any(np.less(a, 0)))),
    backward("leaky_mask_of_value", 0, lambda u, y, _a, b: u * np.where(np.greater(y, 0), y, b),
             "multiplies by the output where it is positive", _BRANCH),
    backward("leaky_slope_of_slope", 1, "u a", "on the positive branch {b} is not used",
             "For which inputs does {b} change the output?", lambda a, _b: bool(np.any(np.greater(a, 0)))),
    forward("leaky_as_relu", "max(a, 0)", "that is ReLU", "What happens to a negative input?"),
    forward("leaky_all", "a b", "the slope was applied to positive inputs too", "What happens to a positive input?"),
    forward("leaky_sign", "max(a, 0) - b min(a, 0)", "a negative input became positive",
            "Does a leaky ReLU change the sign of its input?"),
)  # fmt: skip

LEAKY_RELU = Gate(
    key="leaky_relu",
    title="leaky ReLU",
    symbol="leaky_relu",
    function_words=("leaky_relu", "lrelu", "prelu"),
    may_be_name=True,
    arguments=("a", "b"),
    defaults=("0.01",),
    keywords={"negative_slope": "b", "alpha": "b", "slope": "b"},
    forward=lambda a, b: larger(a, 0.0) + b * smaller(a, 0.0),
    vjps=(lambda u, _y, a, b: u * _where(a > 0, 1.0, b), lambda u, _y, a, _b: u * smaller(a, 0.0)),
    form=lambda m, a, b: m.Max(a, 0) + b * m.Min(a, 0),
    exact=lambda a, b: max(a, Fraction(0)) + b * min(a, Fraction(0)),
    sympy_rewrites=True,
    smooth_locals=("where(a > 0, 1, b)", "where(a < 0, a, 0)"),
    cases=("1 where {a} > 0, else {b}", "{a} where {a} < 0, else 0"),
    code="np.where({a} > 0, {a}, {b} * {a})",
    code_vjps=(_code("{u} * np.where({a} > 0, 1, {b})"), _code("{u} * np.minimum({a}, 0)")),
    pattern="A leaky ReLU passes the upstream where its input was positive; elsewhere it passes the upstream times "
    "the small slope, 0.01 unless another one is given.",
    kinks=lambda a, b: (Interval(min(b, 1.0), max(b, 1.0), torch=b) if a == 0 and b != 1 else None, None),
    kinks_where=("at 0, with the slope 0.01,", (0.0, 0.01)),
    mistakes=LEAKY_MISTAKES,
)

ELU_MISTAKES = (
    backward("elu_as_relu", 0, lambda u, _y, a, _b: u * (a > 0), "is the rule of a ReLU", _BRANCH),
    backward("elu_no_branch", 0, "u b exp(a)", "that is the slope of the negative branch", _BRANCH,
             lambda a, _b: bool(np.any(np.greater(a, 0)))),
    backward("elu_minus_one", 0, lambda u, _y, a, b: u * _where(a > 0, 1.0, b * (exp(a) - 1)),
             "keeps the −1, which does not change", "What is the slope of e^{a} − 1?"),
    backward("elu_passed", 0, "u", "the upstream was passed on unchanged, as on the positive branch", _BRANCH,
             lambda a, _b: bool(np.any(np.less(a, 0)))),
    backward("elu_slope_of_alpha", 1, "u exp(a)", "the −1 is missing", "What is {b} multiplied by where {a} < 0?"),
    forward("elu_as_relu", "max(a, 0)", "that is ReLU", "What happens to a negative input?"),
    forward("elu_no_minus_one", "max(a, 0) + b exp(min(a, 0))", "the −1 is missing",
            "What should the output be at 0?"),
    forward("elu_no_branch", "b (exp(a) - 1)", "the negative branch was used everywhere",
            "What happens to a positive input?"),
)  # fmt: skip

ELU = Gate(
    key="elu",
    title="ELU",
    symbol="elu",
    function_words=("elu",),
    may_be_name=True,
    arguments=("a", "b"),
    defaults=("1",),
    keywords={"alpha": "b"},
    forward=_elu,
    vjps=(
        lambda u, _y, a, b: u * _where(a > 0, 1.0, b * exp(_negative(a))),
        lambda u, _y, a, _b: u * _expm1(_negative(a)),
    ),
    form=lambda m, a, b: m.Max(a, 0) + b * (m.exp(m.Min(a, 0)) - 1),
    sympy_rewrites=True,
    smooth_locals=("where(a > 0, 1, b exp(a))", "where(a < 0, exp(a) - 1, 0)"),
    cases=("1 where {a} > 0, else {b}·exp({a})", "exp({a}) - 1 where {a} < 0, else 0"),
    code="np.where({a} > 0, {a}, {b} * np.expm1(np.minimum({a}, 0)))",
    code_vjps=(
        _code("{u} * np.where({a} > 0, 1, {b} * np.exp(np.minimum({a}, 0)))"),
        _code("{u} * np.expm1(np.minimum({a}, 0))"),
    ),
    pattern="ELU passes the upstream where its input was positive; elsewhere it is α(e^input − 1), with the slope "
    "α·e^input: its output plus α.",
    kinks=lambda a, b: (Interval(min(b, 1.0), max(b, 1.0), torch=b) if a == 0 and b != 1 else None, None),
    kinks_where=("at 0, with α = 0.5,", (0.0, 0.5)),
    mistakes=ELU_MISTAKES,
)


def _selu_slope(a: Any) -> Any:
    return _where(a > 0, _SELU_SCALE, _SELU_SCALE * _SELU_ALPHA * exp(_negative(a)))


SELU_MISTAKES = (
    backward("selu_no_scale", 0, lambda u, _y, a: u * _selu_slope(a) / _SELU_SCALE, "leaves out the scale 1.0507",
             "What is the slope of SELU at a positive input?"),
    backward("selu_as_relu", 0, lambda u, _y, a: u * (a > 0), "is the rule of a ReLU", _BRANCH),
    forward("selu_no_scale", lambda _u, y, _a: y / _SELU_SCALE, "leaves out the scale 1.0507",
            "What is the slope of SELU at a positive input?"),
    forward("selu_as_elu", lambda _u, _y, a: _elu(a, 1.0), "is ELU, without the two constants",
            "What is e^{a} − 1 multiplied by?"),
)  # fmt: skip

SELU = Gate(
    key="selu",
    title="SELU",
    symbol="selu",
    function_words=("selu",),
    may_be_name=True,
    arguments=("a",),
    forward=lambda a: _SELU_SCALE * _elu(a, _SELU_ALPHA),
    vjps=(lambda u, _y, a: u * _selu_slope(a),),
    form=lambda m, a: (m.Max(a, 0) + (m.exp(m.Min(a, 0)) - 1) * _ALPHA_DIGITS / _DIGITS) * _SCALE_DIGITS / _DIGITS,
    sympy_rewrites=True,
    smooth_locals=(f"where(a > 0, {_SELU_SCALE}, {_SELU_SCALE * _SELU_ALPHA} exp(a))",),
    cases=(f"{_SELU_SCALE} where {{a}} > 0, else {_SELU_SCALE * _SELU_ALPHA}·exp({{a}})",),
    code=f"{_SELU_SCALE} * np.where({{a}} > 0, {{a}}, {_SELU_ALPHA} * np.expm1(np.minimum({{a}}, 0)))",
    code_vjps=(_code(f"{{u}} * {_SELU_SCALE} * np.where({{a}} > 0, 1, {_SELU_ALPHA} * np.exp(np.minimum({{a}}, 0)))"),),
    pattern="SELU is 1.0507 times an ELU with α = 1.6733: upstream × 1.0507 where its input was positive, elsewhere "
    "upstream × 1.7581·e^input.",
    kinks=lambda a: (
        Interval(_SELU_SCALE, _SELU_SCALE * _SELU_ALPHA, torch=_SELU_SCALE * _SELU_ALPHA) if a == 0 else None,
    ),
    mistakes=SELU_MISTAKES,
)

_TWO_TERMS = "{y} is {a} times σ({a}): which two terms does the product rule give?"

SILU_MISTAKES = (
    backward("silu_first_term", 0, "u sigmoid(a)", "σ was held fixed, but it changes with {a} too", _TWO_TERMS),
    backward("silu_second_term", 0, "u a sigmoid(a) (1 - sigmoid(a))", "the term with σ held fixed is missing",
             _TWO_TERMS),
    backward("silu_lost_input", 0, "u (sigmoid(a) + sigmoid(a) (1 - sigmoid(a)))",
             "the slope of σ was not multiplied by {a}", "σ changes too. What multiplies its slope?"),
    backward("silu_as_relu", 0, lambda u, _y, a: u * (a > 0), "is the rule of a ReLU",
             "SiLU has no corner: what is its slope at {a}?"),
    forward("silu_no_input", "sigmoid(a)", "that is σ alone", "What is σ multiplied by?"),
    forward("silu_as_relu", "max(a, 0)", "that is ReLU", "Which smooth function takes the place of the mask?"),
)  # fmt: skip

SILU = Gate(
    key="silu",
    title="SiLU (swish)",
    symbol="silu",
    function_words=("silu", "swish"),
    may_be_name=True,
    arguments=("a",),
    forward=lambda a: a * sigmoid(a),
    vjps=(lambda u, _y, a: u * sigmoid(a) * (1.0 + a * sigmoid(-a)),),
    form=lambda m, a: a / (1 + m.exp(-a)),
    sympy_rewrites=True,
    locals=("sigmoid(a) + a sigmoid(a) (1 - sigmoid(a))",),
    code="{a} / (1 + np.exp(-{a}))",
    pattern="SiLU, or swish, is its input times the sigmoid of it. By the product rule: upstream × (σ + input × σ').",
    mistakes=SILU_MISTAKES,
)

_softplus = elementary(lambda a: max(a, 0.0) + math.log1p(math.exp(-abs(a))), lambda a: np.logaddexp(0.0, a))


def _mish_vjp(u: Any, _y: Any, a: Any) -> Any:
    bent = tanh(_softplus(a))
    return u * (bent + a * sigmoid(a) * (1.0 - bent * bent))


MISH_MISTAKES = (
    backward("mish_first_term", 0, "u tanh(softplus(a))", "the tanh was held fixed, but it changes with {a} too",
             "{y} is {a} times a tanh of it: which two terms does the product rule give?"),
    backward("mish_no_inner", 0, "u (tanh(softplus(a)) + a (1 - tanh(softplus(a))^2))",
             "the slope of softplus was left out", "What is inside the tanh, and what is its slope?"),
    forward("mish_no_input", "tanh(softplus(a))", "that is the tanh alone", "What is it multiplied by?"),
    forward("mish_no_tanh", "a softplus(a)", "the tanh is missing", "What is applied to softplus({a})?"),
)  # fmt: skip

MISH = Gate(
    key="mish",
    title="Mish",
    symbol="mish",
    function_words=("mish",),
    may_be_name=True,
    arguments=("a",),
    forward=lambda a: a * tanh(_softplus(a)),
    vjps=(_mish_vjp,),
    form=lambda m, a: a * m.tanh(m.log(1 + m.exp(a))),
    sympy_rewrites=True,
    locals=("tanh(softplus(a)) + a sigmoid(a) (1 - tanh(softplus(a))^2)",),
    code="{a} * np.tanh(np.logaddexp(0, {a}))",
    pattern="Mish is its input times tanh(softplus(input)): the product rule, and the chain rule in its second term.",
    mistakes=MISH_MISTAKES,
)

_FLAT = "Where is the hard sigmoid flat, and what is its slope in between?"

HARD_SIGMOID_MISTAKES = (
    backward("hard_sigmoid_passed", 0, lambda u, _y, a: u * (abs(a) < 3), "leaves out the slope 1/6", _FLAT),
    backward("hard_sigmoid_everywhere", 0, "u/6", "the flat ends were left out", _FLAT,
             lambda a: bool(np.any(np.abs(a) > 3))),
    backward("hard_sigmoid_as_sigmoid", 0, "u sigmoid(a) (1 - sigmoid(a))", "that is the slope of the smooth sigmoid",
             _FLAT),
    forward("hard_sigmoid_no_half", "a/6", "the half is missing", "What is its value at 0?"),
    forward("hard_sigmoid_as_sigmoid", "sigmoid(a)", "that is the smooth sigmoid",
            "Which straight line takes its place?"),
)  # fmt: skip

HARD_SIGMOID = Gate(
    key="hard_sigmoid",
    title="hard sigmoid",
    symbol="hard_sigmoid",
    function_words=("hard_sigmoid", "hardsigmoid"),
    may_be_name=True,
    arguments=("a",),
    forward=lambda a: smaller(larger(divide(a, 6.0) + 0.5, 0.0), 1.0),
    vjps=(lambda u, _y, a: u * (abs(a) < 3) / 6.0,),
    form=lambda m, a: m.Min(m.Max((a + 3) / 6, 0), 1),
    exact=lambda a: _exact_clip((a + 3) / 6, Fraction(0), Fraction(1)),
    sympy_rewrites=True,
    smooth_locals=("(-3 < a < 3)/6",),
    cases=("1/6 where -3 < {a} < 3, else 0",),
    code="np.clip({a} / 6 + 0.5, 0, 1)",
    code_vjps=(_code("{u} * (np.abs({a}) < 3) / 6"),),
    pattern="The hard sigmoid is the line input/6 + 1/2, cut off at 0 and at 1: upstream/6 between −3 and 3, nothing "
    "outside.",
    kinks=lambda a: (Interval(0.0, 1 / 6, torch=0.0) if abs(a) == 3 else None,),
    kinks_where=("at -3 and at 3", (3.0,)),
    mistakes=HARD_SIGMOID_MISTAKES,
)

_BETWEEN = "Is {a} between the two ends? If not, does the output move when {a} moves a little?"

CLIP_MISTAKES = (
    backward("clip_passed", 0, "u", "the upstream was passed on although {a} was cut off", _BETWEEN,
             lambda a, b, c: bool(np.any(np.less(a, b) | np.greater(a, c)))),
    backward("clip_stopped", 0, "0 u", "the upstream was stopped, but nothing was cut off here", _BETWEEN,
             lambda a, b, c: bool(np.any(np.greater(a, b) & np.less(a, c)))),
    backward("clip_inverted", 0, lambda u, _y, a, b, c: u * ((a < b) | (a > c)), "passes the upstream where {a} was "
             "cut off, and stops it elsewhere", _BETWEEN),
    backward("clip_times_value", 0, "u y", "the output was used as the slope", _BETWEEN),
    forward("clip_unclipped", "a", "nothing was cut off", "Between which two numbers must the output be?"),
    forward("clip_lower_only", "max(a, b)", "only the lower end was used", "What is the largest output?"),
    forward("clip_upper_only", "min(a, c)", "only the upper end was used", "What is the smallest output?"),
)  # fmt: skip

CLIP = Gate(
    key="clip",
    title="clip",
    symbol="clip",
    function_words=("clip", "clamp"),
    may_be_name=True,
    arguments=("a", "b", "c"),
    keywords={"min": "b", "max": "c", "a_min": "b", "a_max": "c"},
    forward=lambda a, b, c: smaller(larger(a, b), c),
    # At an end the input still gets all of the upstream, as in PyTorch.
    vjps=(
        lambda u, _y, a, b, c: u * np.logical_and(a >= b, a <= c),
        lambda u, _y, a, b, c: u * np.logical_and(a < b, b <= c),
        lambda u, _y, a, b, c: u * (larger(a, b) > c),
    ),
    form=lambda m, a, b, c: m.Min(m.Max(a, b), c),
    exact=_exact_clip,
    sympy_rewrites=True,
    smooth_locals=("b < a < c", "a < b", "a > c"),
    cases=("1 where {b} < {a} < {c}, else 0", "1 where {a} < {b}, else 0", "1 where {a} > {c}, else 0"),
    code="np.clip({a}, {b}, {c})",
    code_vjps=(
        _code("{u} * (({a} >= {b}) & ({a} <= {c}))"),
        _code("{u} * (({a} < {b}) & ({b} <= {c}))"),
        _code("{u} * (np.maximum({a}, {b}) > {c})"),
    ),
    pattern="A clip passes the upstream where its input lies between the two ends and stops it where the input was "
    "cut off.",
    kinks=lambda a, b, c: (
        Interval(0.0, 1.0, torch=1.0) if a in (b, c) else None,
        Interval(0.0, 1.0, torch=0.0) if a == b else None,
        Interval(0.0, 1.0, torch=0.0) if a == c else None,
    ),
    kinks_where=("at an end", (1.0, 1.0, 2.0)),
    mistakes=CLIP_MISTAKES,
)

ACTIVATIONS = (LEAKY_RELU, ELU, SELU, SILU, MISH, HARD_SIGMOID, CLIP)
