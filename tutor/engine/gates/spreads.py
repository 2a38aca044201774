"""Variance and standard deviation, over all entries or along an axis; divided by how many there are, as NumPy does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tutor.engine.gates.axes import beside, copies, count, count_code, kept
from tutor.engine.gates.elementary import divide
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.mistakes import spreads as slips
from tutor.engine.values import Axis, Shape, Value, expand_to, shape_of


def _var(a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    spread: Value = np.var(a, axis=axis, keepdims=keepdims)
    return spread


def _std(a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    spread: Value = np.std(a, axis=axis, keepdims=keepdims)
    return spread


def _centred(a: Value, axis: Axis) -> Value:
    away: Value = a - np.mean(a, axis=axis, keepdims=bool(np.ndim(a)))
    return away


def _var_vjp(u: Value, _y: Value, a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    shape = shape_of(a)
    return 2.0 * expand_to(u, shape, axis, keepdims) * _centred(a, axis) / count(shape, axis)


def _std_vjp(u: Value, y: Value, a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    shape = shape_of(a)
    wide = expand_to(u, shape, axis, keepdims) * _centred(a, axis) / count(shape, axis)
    return divide(wide, expand_to(y, shape, axis, keepdims))


def _mean_text(options: Options) -> str:
    axis = options.get("axis")
    return "mean(a)" if axis is None else f"mean(a, axis={axis}, keepdims=True)"


def _var_text(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    if not copies(options):
        return ("",)
    return (f"2 u (a - {_mean_text(options)})/{count(shapes[0], options.get('axis'))}",)


def _std_text(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    if not copies(options):
        return ("",)
    axis = options.get("axis")
    own = "std(a)" if axis is None else f"std(a, axis={axis}, keepdims=True)"
    return (f"u (a - {_mean_text(options)})/({count(shapes[0], axis)} {own})",)


def _away_code(a: str, options: Options) -> str:
    return f"({a} - np.mean({a}{kept(options)})"


def _var_code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    a = names["a"]
    many = count_code(a, options.get("axis"))
    return f"{beside(names['u'], options)} * 2 * {_away_code(a, options)} / {many}"


def _std_code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    a = names["a"]
    many = count_code(a, options.get("axis"))
    return f"{beside(names['u'], options)} * {_away_code(a, options)} / ({many} * {beside(names['y'], options)})"


VAR = Gate(
    key="var",
    elementwise=False,
    title="variance",
    face="var",
    words=("var",),
    may_be_name=True,
    arguments=("a",),
    options=("axis", "keepdims"),
    forward=_var,
    vjps=(_var_vjp,),
    downstreams=("2 u (a - mean(a))/n",),
    downstreams_at=_var_text,
    code="np.var({a})",
    code_vjps=(_var_code,),
    pattern="A variance: upstream × twice the distance from the mean, divided by the number of entries. "
    "The mean moves too, but that adds nothing: the distances sum to 0.",
    shape_rule="The axes taken together disappear (or become 1 with keepdims). The sum of squares is divided by n.",
    mistakes=slips.VAR,
)

STD = Gate(
    key="std",
    elementwise=False,
    title="standard deviation",
    face="std",
    words=("std",),
    may_be_name=True,
    arguments=("a",),
    options=("axis", "keepdims"),
    forward=_std,
    vjps=(_std_vjp,),
    downstreams=("u (a - mean(a))/(n std(a))",),
    downstreams_at=_std_text,
    code="np.std({a})",
    code_vjps=(_std_code,),
    pattern="A standard deviation of n entries: upstream × the distance from the mean over n times the deviation. "
    "The root's 1/2 cancels the 2.",
    shape_rule="The axes taken together disappear (or become 1 with keepdims). The sum of squares is divided by n.",
    mistakes=slips.STD,
)

SPREADS = (VAR, STD)
