"""Functions of one number and the choice between two: exp, ln, sin, sigmoid, relu, max, ..."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from tutor.engine.gates.elementary import (
    cos,
    divide,
    elementary,
    exp,
    larger,
    ln,
    sigmoid,
    sin,
    smaller,
    sqrt,
    tan,
    tanh,
)  # fmt: skip
from tutor.engine.gates.gate import CodeVjp, Gate, Interval
from tutor.engine.gates.misconceptions import functions as slips
from tutor.engine.values import Value

_Test = Callable[[Value], Any]

_POSITIVE = "a positive number"
_NOT_NEGATIVE = "a number that is not negative"


def _needs(holds: _Test, subject: str, what: str) -> Callable[[Value], str | None]:
    return lambda a: None if np.all(holds(a)) else f"{subject} needs {what}"


def _kink_at_zero(low: float) -> Callable[[float], tuple[Interval | None, ...]]:
    return lambda a: (Interval(low, 1.0, torch=0.0) if a == 0 else None,)


def _kink_at_tie(a: float, b: float) -> tuple[Interval | None, ...]:
    return (Interval(0.0, 1.0, torch=0.5),) * 2 if a == b else (None, None)


def _share_of_larger(a: Any, b: Any) -> Any:
    # 1 where a is larger, 0 where b is, a half each at a tie.
    return (a > b) + 0.5 * (a == b)


def _masked(mask: str) -> CodeVjp:
    """NumPy for upstream times a mask over the arguments."""
    return lambda names, _options, _shapes: f"{names['u']} * {mask.format(**names)}"


EXP = Gate(
    key="exp",
    title="exponential",
    symbol="exp",
    function_words=("exp",),
    arguments=("a",),
    forward=exp,
    vjps=(lambda u, y, _a: u * y,),
    form=lambda m, a: m.exp(a),
    locals=("exp(a)",),
    code="np.exp({a})",
    pattern="exp is its own derivative: multiply by the output you already have.",
    mistakes=slips.EXP,
)

LN = Gate(
    key="ln",
    title="natural logarithm",
    symbol="ln",
    function_words=("ln", "log"),
    arguments=("a",),
    forward=ln,
    vjps=(lambda u, _y, a: divide(u, a),),
    form=lambda m, a: m.log(a),
    locals=("1/a",),
    code="np.log({a})",
    pattern="ln divides the upstream by its input.",
    domain=_needs(lambda a: np.greater(a, 0), "ln", _POSITIVE),
    needs=_POSITIVE,
    mistakes=slips.LN,
)

SQRT = Gate(
    key="sqrt",
    title="square root",
    symbol="√",
    function_words=("sqrt",),
    arguments=("a",),
    forward=sqrt,
    vjps=(lambda u, y, _a: divide(u, 2.0 * y),),
    form=lambda m, a: m.sqrt(a),
    locals=("1/(2 sqrt(a))",),
    code="np.sqrt({a})",
    pattern="A root divides the upstream by twice its own output.",
    domain=_needs(lambda a: np.greater_equal(a, 0), "a square root", _NOT_NEGATIVE),
    needs=_NOT_NEGATIVE,
    mistakes=slips.SQRT,
)

SIN = Gate(
    key="sin",
    title="sine",
    symbol="sin",
    function_words=("sin",),
    arguments=("a",),
    forward=sin,
    vjps=(lambda u, _y, a: u * cos(a),),
    form=lambda m, a: m.sin(a),
    locals=("cos(a)",),
    code="np.sin({a})",
    pattern="sin: upstream × the cosine of the input; angles are in radians.",
    mistakes=slips.SIN,
)

COS = Gate(
    key="cos",
    title="cosine",
    symbol="cos",
    function_words=("cos",),
    arguments=("a",),
    forward=cos,
    vjps=(lambda u, _y, a: -u * sin(a),),
    form=lambda m, a: m.cos(a),
    locals=("-sin(a)",),
    code="np.cos({a})",
    pattern="cos: upstream × minus the sine of the input; angles are in radians.",
    mistakes=slips.COS,
)

TAN = Gate(
    key="tan",
    title="tangent",
    symbol="tan",
    function_words=("tan",),
    arguments=("a",),
    forward=tan,
    vjps=(lambda u, y, _a: u * (1.0 + y * y),),
    form=lambda m, a: m.tan(a),
    locals=("1/cos(a)^2",),
    code="np.tan({a})",
    pattern="tan: upstream × 1/cos² of the input, which is 1 + tan².",
    mistakes=slips.TAN,
)

SIGMOID = Gate(
    key="sigmoid",
    title="sigmoid",
    symbol="σ",
    function_words=("sigmoid", "σ"),
    arguments=("a",),
    forward=sigmoid,
    # σ(-a) is 1 - σ(a), without losing its digits where σ(a) is almost 1.
    vjps=(lambda u, y, a: u * y * sigmoid(-a),),
    form=lambda m, a: 1 / (1 + m.exp(-a)),
    sympy_rewrites=True,
    locals=("sigmoid(a) (1 - sigmoid(a))",),
    code="1 / (1 + np.exp(-{a}))",
    pattern="sigmoid: upstream × output × (1 − output); that slope is at most a quarter.",
    mistakes=slips.SIGMOID,
)

TANH = Gate(
    key="tanh",
    title="hyperbolic tangent",
    symbol="tanh",
    function_words=("tanh",),
    arguments=("a",),
    forward=tanh,
    # 4σ(2a)σ(-2a) is 1 - tanh²(a), without losing its digits where tanh(a) is almost 1.
    vjps=(lambda u, _y, a: u * 4.0 * sigmoid(2.0 * a) * sigmoid(-2.0 * a),),
    form=lambda m, a: m.tanh(a),
    locals=("1 - tanh(a)^2",),
    code="np.tanh({a})",
    pattern="tanh: upstream × (1 − output²).",
    mistakes=slips.TANH,
)

RELU = Gate(
    key="relu",
    title="ReLU",
    symbol="relu",
    function_words=("relu",),
    arguments=("a",),
    forward=elementary(lambda a: max(a, 0.0), lambda a: np.maximum(a, 0.0)),
    vjps=(lambda u, _y, a: u * (a > 0),),
    form=lambda m, a: m.Max(a, 0),
    exact=lambda a: max(a, Fraction(0)),
    sympy_rewrites=True,
    smooth_locals=("a > 0",),
    cases=("1 where {a} > 0, else 0",),
    code="np.maximum({a}, 0)",
    pattern="ReLU passes the upstream where its input was positive and stops it elsewhere.",
    kinks=_kink_at_zero(0.0),
    code_vjps=(_masked("({a} > 0)"),),
    mistakes=slips.RELU,
)

ABS = Gate(
    key="abs",
    title="absolute value",
    symbol="|·|",
    function_words=("abs",),
    arguments=("a",),
    forward=abs,
    vjps=(lambda u, _y, a: u * (1.0 * (a > 0) - (a < 0)),),
    form=lambda m, a: m.Abs(a),
    exact=abs,
    smooth_locals=("sign(a)",),
    cases=("1 where {a} > 0, -1 where {a} < 0",),
    code="np.abs({a})",
    numpy_names=("fabs", "absolute"),
    pattern="An absolute value passes the upstream on, times the sign of its input.",
    kinks=_kink_at_zero(-1.0),
    code_vjps=(_masked("np.sign({a})"),),
    mistakes=slips.ABS,
)

MAX = Gate(
    key="max",
    title="maximum",
    symbol="max",
    function_words=("max", "maximum"),
    arguments=("a", "b"),
    forward=larger,
    vjps=(lambda u, _y, a, b: u * _share_of_larger(a, b), lambda u, _y, a, b: u * _share_of_larger(b, a)),
    form=lambda m, a, b: m.Max(a, b),
    exact=max,
    sympy_rewrites=True,
    smooth_locals=("a > b", "b > a"),
    cases=("1 where {a} > {b}, else 0", "1 where {b} > {a}, else 0"),
    code="np.maximum({a}, {b})",
    numpy_names=("fmax",),
    pattern="A max gate routes: the larger argument gets all of the upstream, the other nothing.",
    kinks=_kink_at_tie,
    code_vjps=(_masked("({a} >= {b})"), _masked("({b} > {a})")),  # at a tie all goes to one: max(x, x) is x
    mistakes=slips.MAX,
)

MIN = Gate(
    key="min",
    title="minimum",
    symbol="min",
    function_words=("min", "minimum"),
    arguments=("a", "b"),
    forward=smaller,
    vjps=(lambda u, _y, a, b: u * _share_of_larger(b, a), lambda u, _y, a, b: u * _share_of_larger(a, b)),
    form=lambda m, a, b: m.Min(a, b),
    exact=min,
    sympy_rewrites=True,
    smooth_locals=("a < b", "b < a"),
    cases=("1 where {a} < {b}, else 0", "1 where {b} < {a}, else 0"),
    code="np.minimum({a}, {b})",
    numpy_names=("fmin",),
    pattern="A min gate routes: the smaller argument gets all of the upstream, the other nothing.",
    kinks=_kink_at_tie,
    code_vjps=(_masked("({a} <= {b})"), _masked("({b} < {a})")),
    mistakes=slips.MIN,
)

FUNCTIONS = (EXP, LN, SQRT, SIN, COS, TAN, SIGMOID, TANH, RELU, ABS, MAX, MIN)
