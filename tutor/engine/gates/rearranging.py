"""Gates that move entries and change none: gather, concat, stack, slice, reshape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.mistakes import rearranging as slips
from tutor.engine.gates.whole_numbers import index_code, needs_whole, no_gradient, no_gradient_code, whole_numbers
from tutor.engine.values import Array, Shape, Value


def _some(array: Any) -> Value:
    """The array, which must hold something. ValueError where it does not."""
    if not np.size(array):
        raise ValueError("nothing is left")
    result: Value = array
    return result


def _gather(a: Any, b: Any) -> Value:
    if not np.ndim(a) or np.ndim(b) > 1:
        raise ValueError("rows of a table by a list of their numbers")
    rows = whole_numbers(b, np.shape(a)[0])
    taken: Value = np.full((*np.shape(b), *np.shape(a)[1:]), np.nan)[()] if rows is None else a[rows]
    return taken


def _gather_vjp(u: Value, _y: Value, a: Value, b: Value) -> Value:
    rows = whole_numbers(b, np.shape(a)[0])
    if rows is None:
        return np.full(np.shape(a), np.nan)
    table = np.zeros(np.shape(a))
    np.add.at(table, rows, u)
    return table


def _gather_code(names: Mapping[str, str], _options: Options, shapes: tuple[Shape, ...]) -> str:
    # Rows of the unit matrix say where each row came from; np.add.at would do it too, but it is no expression.
    u, (table, rows) = names["u"], shapes
    chosen = f"np.eye(len({names['a']}))[{index_code(names['b'])}]"
    if not rows:
        return f"np.multiply.outer({chosen}, {u})"
    return f"{chosen}.T @ {u}" if len(table) <= 2 else f"np.tensordot({chosen}.T, {u}, 1)"


def _concat(a: Any, b: Any, axis: int = 0) -> Value:
    joined: Value = np.concatenate([a, b], axis=axis)
    return joined


def _concat_part(port: int) -> Callable[..., Value]:
    def vjp(u: Any, _y: Value, a: Value, _b: Value, axis: int = 0) -> Value:
        part: Value = np.split(u, [np.shape(a)[axis]], axis=axis)[port]
        return part

    return vjp


def _concat_texts(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    axis = options.get("axis", 0)
    first, along = shapes[0][axis], f", axis={axis}" if axis else ""
    return f"slice(u, 0, {first}{along})", f"slice(u, {first}, {first + shapes[1][axis]}{along})"


def _concat_code(port: int) -> Callable[..., str]:
    def code(names: Mapping[str, str], options: Options, shapes: tuple[Shape, ...]) -> str:
        axis = options.get("axis", 0)
        length = f"len({names['a']})" if axis == 0 else f"{names['a']}.shape[{axis}]"
        return f"{names['u']}{_brackets(f':{length}' if port == 0 else f'{length}:', axis, len(shapes[0]))}"

    return code


def _brackets(stretch: str, axis: int, axes: int | None = None) -> str:
    """NumPy's square brackets for a stretch along one axis: `[1:3]`, `[:, 1:3]`."""
    if axis < 0 and axes is None:
        return f"[..., {stretch}{', :' * (-1 - axis)}]"
    before = axis % axes if axes else axis
    return f"[{':, ' * before}{stretch}]"


def _stack(a: Any, b: Any, axis: int = 0) -> Value:
    stacked: Value = np.stack([a, b], axis=axis)
    return stacked


def _stack_part(port: int) -> Callable[..., Value]:
    def vjp(u: Any, _y: Value, _a: Value, _b: Value, axis: int = 0) -> Value:
        part: Value = np.take(u, port, axis=axis)
        return part

    return vjp


def _stack_texts(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    axis, own = options.get("axis", 0), shapes[0]
    parts = (f"slice(u, {port}, {port + 1}{f', axis={axis}' if axis else ''})" for port in (0, 1))
    return tuple(f"reshape({part}, {', '.join(map(str, own))})" if own else f"sum({part})" for part in parts)


def _stack_code(port: int) -> Callable[..., str]:
    def code(names: Mapping[str, str], options: Options, shapes: tuple[Shape, ...]) -> str:
        return f"{names['u']}{_brackets(str(port), options.get('axis', 0), len(shapes[0]) + 1)}"

    return code


def _stretch(start: int, stop: int, axis: int, axes: int) -> tuple[slice, ...]:
    if not -axes <= axis < axes:
        raise ValueError("no such axis")
    return (slice(None),) * (axis % axes) + (slice(start, stop),)


def _slice(a: Any, start: int, stop: int, axis: int = 0) -> Value:
    return _some(np.asarray(a)[_stretch(start, stop, axis, np.ndim(a))])


def _slice_vjp(u: Value, _y: Value, a: Value, start: int, stop: int, axis: int = 0) -> Value:
    whole: Array = np.zeros(np.shape(a))
    whole[_stretch(start, stop, axis, whole.ndim)] = u
    return whole


def _slice_forward_code(names: Mapping[str, str], options: Options) -> str:
    return f"{names['a']}{_brackets(_ends(options), options.get('axis', 0))}"


def _ends(options: Options) -> str:
    return f"{options['start']}:{options['stop']}"


def _slice_code(names: Mapping[str, str], options: Options, shapes: tuple[Shape, ...]) -> str:
    shape, axis = shapes[0], options.get("axis", 0) % len(shapes[0])
    start, stop, _ = slice(options["start"], options["stop"]).indices(shape[axis])
    around = ["(0, 0)"] * len(shape)
    around[axis] = f"({start}, {shape[axis] - stop})"
    widths = around[0] if len(shape) == 1 else f"({', '.join(around)})"
    return f"np.pad({names['u']}, {widths})"


def _reshape(a: Value, shape: Shape) -> Value:
    turned: Value = np.reshape(a, shape)
    return turned


def _reshape_text(shapes: tuple[Shape, ...], _options: Options) -> tuple[str, ...]:
    own = shapes[0]
    return (f"reshape(u, {', '.join(map(str, own))})" if own else "sum(u)",)


GATHER = Gate(
    key="gather",
    elementwise=False,
    title="gather rows",
    symbol="rows",
    function_words=("gather", "take"),
    may_be_name=True,
    arguments=("a", "b"),
    forward=_gather,
    vjps=(_gather_vjp, no_gradient),
    downstreams=("onehot(b).T @ u", "0"),
    downstreams_at=lambda _shapes, _options: ("", "0 b"),
    domain=lambda a, b: needs_whole(b, np.shape(a)[0], "the number of a row"),
    code="{a}[{b}]",
    code_at=lambda names, _options: f"{names['a']}[{index_code(names['b'])}]",
    code_vjps=(_gather_code, no_gradient_code),
    pattern="Every row that was taken gets its upstream back; a row taken twice gets the sum of both; "
    "the others get nothing.",
    shape_rule="A table (n, d) and a list of m row numbers, whole numbers from 0 to n - 1, give (m, d).",
    mistakes=slips.GATHER,
)

CONCAT = Gate(
    key="concat",
    elementwise=False,
    needs_shape=True,
    title="concatenate",
    symbol="concat",
    function_words=("concat", "concatenate"),
    arguments=("a", "b"),
    options=("axis",),
    forward=_concat,
    vjps=(_concat_part(0), _concat_part(1)),
    downstreams=("slice(u, 0, n)", "slice(u, n, n + m)"),
    downstreams_at=_concat_texts,
    code="np.concatenate([{a}, {b}])",
    code_vjps=(_concat_code(0), _concat_code(1)),
    pattern="What was put end to end is cut apart again: each argument gets its own part of the upstream.",
    shape_rule="Lengths n and m give n + m; with more axes, all sizes except along that axis must match.",
    mistakes=slips.CONCAT,
)

STACK = Gate(
    key="stack",
    elementwise=False,
    needs_shape=True,
    title="stack",
    symbol="stack",
    function_words=("stack",),
    may_be_name=True,
    arguments=("a", "b"),
    options=("axis",),
    forward=_stack,
    vjps=(_stack_part(0), _stack_part(1)),
    downstreams=("row 0 of u", "row 1 of u"),
    downstreams_at=_stack_texts,
    code="np.stack([{a}, {b}])",
    code_vjps=(_stack_code(0), _stack_code(1)),
    pattern="Stacked arrays are taken apart again: each argument gets its own row of the upstream.",
    shape_rule="Two arrays of the same shape give one with a new axis of size 2: (n,) and (n,) give (2, n).",
    mistakes=slips.STACK,
)

SLICE = Gate(
    key="slice",
    elementwise=False,
    needs_shape=True,
    title="slice",
    symbol="a[i:j]",
    function_words=("slice",),
    may_be_name=True,
    arguments=("a",),
    options=("start", "stop", "axis"),
    forward=_slice,
    vjps=(_slice_vjp,),
    downstreams=("u in its place, 0 elsewhere",),
    downstreams_at=lambda _shapes, _options: ("",),
    code="{a}[i:j]",
    code_at=_slice_forward_code,
    code_vjps=(_slice_code,),
    pattern="The entries that were taken get the upstream, all others get nothing.",
    shape_rule="slice(x, 1, 3) keeps entries (or rows) 1 and 2, counted from 0; the end is not included.",
    mistakes=slips.SLICE,
)

RESHAPE = Gate(
    key="reshape",
    elementwise=False,
    needs_shape=True,
    title="reshape",
    symbol="reshape",
    function_words=("reshape",),
    arguments=("a",),
    options=("shape",),
    forward=_reshape,
    vjps=(lambda u, _y, a, **_options: np.reshape(u, np.shape(a)),),
    downstreams=("u in the shape of a",),
    downstreams_at=_reshape_text,
    code="np.reshape({a}, shape)",
    code_at=lambda names, options: f"np.reshape({names['a']}, {tuple(options['shape'])})",
    code_vjps=(lambda names, _options, _shapes: f"np.reshape({names['u']}, np.shape({names['a']}))",),
    pattern="The entries keep their order, so the upstream takes the old shape again.",
    shape_rule="The number of entries stays the same; they are read row by row.",
    mistakes=slips.RESHAPE,
)

REARRANGING = (GATHER, CONCAT, STACK, SLICE, RESHAPE)
