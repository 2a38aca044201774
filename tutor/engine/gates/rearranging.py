"""Gates that move entries and change none: gather, concat, stack, slice, reshape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tutor.engine.gates.axes import index_code, needs_whole, no_gradient, no_gradient_code, whole_numbers
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.misconceptions import backward, forward
from tutor.engine.values import Array, Shape, Value


def _rows(b: Any) -> Any:
    return np.atleast_1d(np.asarray(b).astype(int))


def _repeats(b: Any) -> bool:
    return len(set(_rows(b).tolist())) < np.size(b)


def _overwritten(u: Any, _y: Any, a: Any, b: Any) -> Any:
    if not _repeats(b):
        return None
    table = np.zeros(np.shape(a))
    for row, sent in zip(_rows(b), u, strict=True):
        table[row] = sent
    return table


def _averaged(u: Any, _y: Any, a: Any, b: Any) -> Any:
    if not _repeats(b):
        return None
    table, taken = np.zeros(np.shape(a)), np.zeros(len(a))
    np.add.at(table, _rows(b), u)
    np.add.at(taken, _rows(b), 1)
    return table / np.maximum(taken, 1).reshape(-1, *(1,) * (np.ndim(a) - 1))


def _first_rows(u: Any, _y: Any, a: Any, b: Any) -> Any:
    """Put back in the order of the upstream, from the top of the table."""
    many = np.size(b)
    if many > len(a) or np.ndim(b) != 1:
        return None
    return np.concatenate([u, np.zeros((len(a) - many, *np.shape(a)[1:]))])


def _from_one(_u: Any, _y: Any, a: Any, b: Any) -> Any:
    rows = _rows(b) - 1
    return None if np.any(rows < 0) else a[rows].reshape(*np.shape(b), *np.shape(a)[1:])


_WHERE = "Which row of {a} does each row of {y} come from?"

GATHER_MISTAKES = (
    backward("gather_overwrite", 0, _overwritten, "counts a row that was taken more than once only once",
             "Such a row feeds several rows of {y}. What happens to their gradients?"),
    backward("gather_averaged", 0, _averaged, "averages the gradients of a row that was taken more than once",
             "Such a row feeds several rows of {y}. Are their gradients averaged?"),
    backward("gather_in_order", 0, _first_rows, "puts the upstream back in the order in which it came", _WHERE),
    forward("gather_from_one", _from_one, "counts the rows from 1", "Which row is number 0?"),
)  # fmt: skip


def _cut_at(port: int) -> Any:
    """The upstream cut in the wrong order: as if the other argument stood first."""

    def sent(u: Any, _y: Any, _a: Any, b: Any, axis: int = 0) -> Any:
        parts = np.split(u, [np.shape(b)[axis]], axis=axis)
        return parts[1 - port]

    return sent


def _concat_back(_u: Any, _y: Any, a: Any, b: Any, axis: int = 0) -> Any:
    return np.concatenate([b, a], axis=axis)


def _added(_u: Any, _y: Any, a: Any, b: Any, **_options: Any) -> Any:
    return a + b if np.shape(a) == np.shape(b) else None


_STRETCH = "Which part of {y} came from {own}?"

CONCAT_MISTAKES = (
    backward("concat_swapped", 0, _cut_at(0), "is the other end of the upstream", _STRETCH),
    backward("concat_swapped", 1, _cut_at(1), "is the other end of the upstream", _STRETCH),
    forward("swapped", _concat_back, "has the arguments in the other order", "Which one comes first?"),
    forward("concat_added", _added, "adds the two", "Are they added, or put end to end?"),
)


def _row(which: int) -> Any:
    return lambda u, _y, _a, _b, axis=0: np.take(u, which, axis=axis)


def _rows_added(u: Any, _y: Any, _a: Any, _b: Any, axis: int = 0) -> Any:
    return np.sum(u, axis=axis)


def _stack_back(_u: Any, _y: Any, a: Any, b: Any, axis: int = 0) -> Any:
    return np.stack([b, a], axis=axis)


def _stack_across(_u: Any, _y: Any, a: Any, b: Any, axis: int = 0) -> Any:
    return np.stack([a, b], axis=1 - axis % 2) if np.ndim(a) == 1 else None


_OWN_ROW = "Which row of {y} is {own}?"

STACK_MISTAKES = (
    backward("stack_swapped", 0, _row(1), "is what arrived at the other one", _OWN_ROW),
    backward("stack_swapped", 1, _row(0), "is what arrived at the other one", _OWN_ROW),
    backward("stack_added", 0, _rows_added, "adds what arrived at both", _OWN_ROW),
    backward("stack_added", 1, _rows_added, "adds what arrived at both", _OWN_ROW),
    forward("swapped", _stack_back, "has the arguments in the other order", "Which one comes first?"),
    forward("stack_across", _stack_across, "is stacked along the other axis", "Are the two its rows, or its columns?"),
)


def _placed(shift: int) -> Any:
    """The upstream put back so many places further on; nothing where it does not fit there."""

    def sent(u: Any, _y: Any, a: Any, start: int, stop: int, axis: int = 0) -> Any:
        size = np.shape(a)[axis]
        first, last, _ = slice(start, stop).indices(size)
        first, last = first + shift, last + shift
        if first < 0 or last > size:
            return None
        whole = np.zeros(np.shape(a))
        np.moveaxis(whole, axis, 0)[first:last] = np.moveaxis(np.asarray(u), axis, 0)
        return whole

    return sent


def _at_the_start(u: Any, y: Any, a: Any, start: int, stop: int, axis: int = 0) -> Any:
    first = slice(start, stop).indices(np.shape(a)[axis])[0]
    return _placed(-first)(u, y, a, start, stop, axis) if first > 1 else None


def _moved_cut(left: int, right: int) -> Any:
    """The stretch with its ends moved; nothing where that leaves the array."""

    def value(_u: Any, _y: Any, a: Any, start: int, stop: int, axis: int = 0) -> Any:
        size = np.shape(a)[axis]
        first, last, _ = slice(start, stop).indices(size)
        first, last = first + left, last + right
        return np.moveaxis(np.moveaxis(a, axis, 0)[first:last], 0, axis) if 0 <= first < last <= size else None

    return value


_PLACE = "Counting from 0, which entries of {a} were taken?"

SLICE_MISTAKES = (
    backward("slice_one_early", 0, _placed(-1), "is put back one place too early", _PLACE),
    backward("slice_one_late", 0, _placed(1), "is put back one place too late", _PLACE),
    backward("slice_at_start", 0, _at_the_start, "is put back at the start", _PLACE),
    forward("slice_with_end", _moved_cut(0, 1), "goes one entry too far", "Is the end of a slice included?"),
    forward("slice_from_one", _moved_cut(-1, -1), "counts the entries from 1", "Which entry is number 0?"),
    forward("slice_both_ends", _moved_cut(-1, 0), "starts one entry too early", "Which entry is number 0?"),
)

_ORDER = "In which order are the entries of a matrix read: row by row, or column by column?"


def _by_columns(u: Any, _y: Any, a: Any, **_options: Any) -> Any:
    return np.reshape(u, np.shape(a), order="F")


RESHAPE_MISTAKES = (
    backward("reshape_order", 0, _by_columns, "fills the old shape column by column", _ORDER),
    forward("reshape_order", lambda _u, _y, a, shape: np.reshape(a, shape, order="F"), "is filled column by column",
            _ORDER),
    forward("reshape_transposed", lambda _u, _y, a, shape: a.T if np.shape(a.T) == tuple(shape) else None,
            "is the transpose", "Does a reshape change the order of the entries?"),
)  # fmt: skip


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
    mistakes=GATHER_MISTAKES,
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
    mistakes=CONCAT_MISTAKES,
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
    mistakes=STACK_MISTAKES,
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
    mistakes=SLICE_MISTAKES,
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
    mistakes=RESHAPE_MISTAKES,
)

REARRANGING = (GATHER, CONCAT, STACK, SLICE, RESHAPE)
