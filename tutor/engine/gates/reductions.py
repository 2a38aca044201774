"""Gates that make few numbers of many: sum, mean, norms; and the transpose. They carry a VJP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tutor.engine.gates.axes import copied_code, copies, count, count_code
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.mistakes import tensors as slips
from tutor.engine.values import Axis, Shape, Value, expand_to, shape_of


def _sum(a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    total: Value = np.sum(a, axis=axis, keepdims=keepdims)
    return total


def _sum_vjp(u: Value, _y: Value, a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    return expand_to(u, shape_of(a), axis, keepdims)


def _mean(a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    average: Value = np.mean(a, axis=axis, keepdims=keepdims)
    return average


def _mean_vjp(u: Value, _y: Value, a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    shape = shape_of(a)
    return expand_to(u, shape, axis, keepdims) / count(shape, axis)


def _sum_text(_shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    return ("u" if copies(options) else "",)


def _mean_text(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    return (f"u/{count(shapes[0], options.get('axis'))}" if copies(options) else "",)


def _sum_code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    return copied_code(names, options)


def _mean_code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    return f"{copied_code(names, options)} / {count_code(names['a'], options.get('axis'))}"


def _norm(a: Value) -> Value:
    length: Value = np.sqrt(np.sum(np.square(a)))
    return length


def _norm_vjp(u: Value, y: Value, a: Value) -> Value:
    along: Value = u * np.true_divide(a, y)
    return along


def _squared_norm(a: Value) -> Value:
    total: Value = np.sum(np.square(a))
    return total


def _transpose(a: Any) -> Value:
    turned: Value = np.transpose(a) if np.ndim(a) else a
    return turned


TRANSPOSE = Gate(
    key="transpose",
    elementwise=False,
    title="transpose",
    symbol="ᵀ",
    function_words=("transpose",),
    arguments=("a",),
    forward=_transpose,
    vjps=(lambda u, _y, _a: _transpose(u),),
    downstreams=("u.T",),
    code="{a}.T",
    numpy_names=("transpose",),
    pattern="A transpose passes the transposed upstream.",
    shape_rule="The axes are reversed: (n, m) gives (m, n).",
    mistakes=slips.TRANSPOSE,
)

SUM = Gate(
    key="sum",
    elementwise=False,
    title="sum",
    symbol="Σ",
    function_words=("sum",),
    arguments=("a",),
    options=("axis", "keepdims"),
    forward=_sum,
    vjps=(_sum_vjp,),
    downstreams=("u",),
    downstreams_at=_sum_text,
    code="np.sum({a})",
    code_vjps=(_sum_code,),
    pattern="A sum is an add gate with many arguments: every entry gets a copy of the upstream.",
    shape_rule="The summed axes disappear (or become 1 with keepdims).",
    mistakes=slips.SUM,
)

MEAN = Gate(
    key="mean",
    elementwise=False,
    title="mean",
    symbol="mean",
    function_words=("mean",),
    arguments=("a",),
    options=("axis", "keepdims"),
    forward=_mean,
    vjps=(_mean_vjp,),
    downstreams=("u/n",),
    downstreams_at=_mean_text,
    code="np.mean({a})",
    code_vjps=(_mean_code,),
    pattern="A mean copies the upstream to every entry, divided by the number of entries averaged.",
    shape_rule="The averaged axes disappear (or become 1 with keepdims).",
    averages=True,
    mistakes=slips.MEAN,
)

NORM = Gate(
    key="norm",
    elementwise=False,
    title="norm",
    symbol="‖·‖",
    function_words=("norm",),
    arguments=("a",),
    forward=_norm,
    vjps=(_norm_vjp,),
    downstreams=("u a/norm(a)",),
    code="np.linalg.norm({a})",
    pattern="A norm passes the upstream along the unit vector of its input.",
    shape_rule="Any shape gives a number.",
    mistakes=slips.NORM,
)

SQUARED_NORM = Gate(
    key="squared_norm",
    elementwise=False,
    title="squared norm",
    symbol="‖·‖²",
    arguments=("a",),
    forward=_squared_norm,
    vjps=(lambda u, _y, a: 2.0 * u * a,),
    downstreams=("2 u a",),
    code="np.sum({a}**2)",
    pattern="A squared norm passes twice its input, times the upstream.",
    shape_rule="Any shape gives a number.",
    mistakes=slips.SQUARED_NORM,
)

REDUCTIONS = (TRANSPOSE, SUM, MEAN, NORM, SQUARED_NORM)
