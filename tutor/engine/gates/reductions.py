"""Gates that make few numbers of many: sum, mean, norms; and the transpose. They carry a VJP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tutor.engine.gates.axes import beside, copied_code, copies, count, count_code
from tutor.engine.gates.elementary import quotient_or_zero
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


def _norm(a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    length: Value = np.sqrt(np.sum(np.square(a), axis=axis, keepdims=keepdims))
    return length


def _norm_vjp(u: Value, y: Value, a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    shape = shape_of(a)
    return expand_to(u, shape, axis, keepdims) * quotient_or_zero(a, expand_to(y, shape, axis, keepdims))


def _no_longer_at_zero(sent: Value, u: Value, y: Value, a: Value, axis: Axis = None, keepdims: bool = False) -> bool:
    """Whether it is right where the norm is not 0, and where it is no longer than the upstream."""
    shape = shape_of(a)
    if shape_of(sent) != shape:
        return False
    away = np.not_equal(expand_to(y, shape, axis, keepdims), 0)
    right = np.isclose(sent, _norm_vjp(u, y, a, axis, keepdims), rtol=5e-3, atol=0)
    short = np.less_equal(_norm(sent, axis, keepdims), np.abs(u) * (1 + 1e-9)).astype(float)
    return bool(np.all(np.where(away, right, expand_to(short, shape, axis, keepdims))))


def _norm_text(_shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    if not copies(options):
        return ("",)
    axis = options.get("axis")
    return ("u a/norm(a)" if axis is None else f"u a/norm(a, axis={axis}, keepdims=True)",)


def _norm_forward_code(names: Mapping[str, str], options: Options) -> str:
    a, axis = names["a"], options.get("axis")
    keep = ", keepdims=True" if options.get("keepdims") else ""
    if isinstance(axis, tuple):  # NumPy's own norm of several axes is another one
        return f"np.sqrt(np.sum(np.square({a}), axis={axis}{keep}))"
    return f"np.linalg.norm({a}{'' if axis is None else f', axis={axis}'}{keep})"


def _norm_code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    return f"{beside(names['u'], options)} * {names['a']} / {beside(names['y'], options)}"


def _squared_norm(a: Value) -> Value:
    total: Value = np.sum(np.square(a))
    return total


def _transpose(a: Any, axes: tuple[int, ...] | None = None) -> Value:
    turned: Value = np.transpose(a, axes) if np.ndim(a) else a
    return turned


def _undone(axes: Sequence[int]) -> tuple[int, ...]:
    """The order of axes that undoes this one."""
    return tuple(int(place) for place in np.argsort(np.mod(axes, len(axes))))


def _transpose_vjp(u: Value, _y: Value, _a: Value, axes: tuple[int, ...] | None = None) -> Value:
    return _transpose(u, None if axes is None else _undone(axes))


def _transpose_text(_shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    axes = options.get("axes")
    return ("u.T" if axes is None else f"transpose(u, axes={_undone(axes)})",)


def _transpose_forward_code(names: Mapping[str, str], options: Options) -> str:
    axes = options.get("axes")
    return f"{names['a']}.T" if axes is None else f"np.transpose({names['a']}, {tuple(axes)})"


def _transpose_code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    axes = options.get("axes")
    return f"{names['u']}.T" if axes is None else f"np.transpose({names['u']}, {_undone(axes)})"


TRANSPOSE = Gate(
    key="transpose",
    elementwise=False,
    title="transpose",
    symbol="ᵀ",
    function_words=("transpose", "permute"),
    arguments=("a",),
    options=("axes",),
    keywords={"dims": "axes"},
    forward=_transpose,
    vjps=(_transpose_vjp,),
    downstreams=("u.T",),
    downstreams_at=_transpose_text,
    code="{a}.T",
    code_at=_transpose_forward_code,
    code_vjps=(_transpose_code,),
    numpy_names=("transpose",),
    pattern="A transpose passes the transposed upstream.",
    shape_rule="The axes are reversed: (n, m) gives (m, n). With axes=(0, 2, 1) they are put in that order.",
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
    options=("axis", "keepdims"),
    forward=_norm,
    vjps=(_norm_vjp,),
    downstreams=("u a/norm(a)",),
    downstreams_at=_norm_text,
    accepts_subgradient=_no_longer_at_zero,
    subgradient_remark="has a kink at 0: other gradients are right there too. PyTorch uses 0.",
    code="np.linalg.norm({a})",
    code_at=_norm_forward_code,
    code_vjps=(_norm_code,),
    pattern="A norm passes the upstream along the unit vector of its input. At 0 it sends 0, as PyTorch does.",
    shape_rule="Any shape gives a number: the root of the sum of all squares. With an axis, each vector along it has "
    "its own norm, and the axis disappears (or becomes 1 with keepdims).",
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
