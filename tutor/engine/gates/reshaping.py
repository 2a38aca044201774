"""Gates that add, drop, swap and fill axes: expand_dims, squeeze, swapaxes, broadcast_to."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from tutor.engine.gates.axes import summed_back
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.misconceptions import backward, forward
from tutor.engine.values import MOST_ENTRIES, Axis, Shape, Value, unbroadcast


def _in_shape(u: Any, _y: Any, a: Any, **_options: Any) -> Value:
    sent: Value = np.reshape(u, np.shape(a))
    return sent if np.ndim(a) else float(sent)


def _shape_text(shapes: tuple[Shape, ...], _options: Options) -> tuple[str, ...]:
    own = shapes[0]
    return (f"reshape(u, {', '.join(map(str, own))})" if own else "sum(u)",)


def _shape_code(names: Mapping[str, str], _options: Options, shapes: tuple[Shape, ...]) -> str:
    return f"np.reshape({names['u']}, {shapes[0]})"


def _by_columns(u: Any, _y: Any, a: Any, **_options: Any) -> Any:
    return np.reshape(u, np.shape(a), order="F")


_PLACE = "Does the gate change any number, or only where the brackets are?"
_SAME = "The upstream has as many entries as {a}. Which one goes where?"

_TIMES_ENTRIES = backward(
    "axes_times_entries", 0, lambda u, _y, a, **_options: np.reshape(u, np.shape(a)) * a,
    "multiplies by the entries", "The numbers are only moved. What is the slope of that?"
)  # fmt: skip


def _expand_dims(a: Any, axis: int) -> Value:
    wide: Value = np.expand_dims(a, axis)
    return wide


EXPAND_DIMS = Gate(
    key="expand_dims",
    elementwise=False,
    needs_shape=True,
    title="new axis",
    symbol="unsqueeze",
    function_words=("expand_dims", "unsqueeze"),
    may_be_name=True,
    arguments=("a",),
    options=("axis",),
    needed_options=("axis",),
    positional=("axis",),
    forward=_expand_dims,
    vjps=(_in_shape,),
    downstreams=("u in the shape of a",),
    downstreams_at=_shape_text,
    code="np.expand_dims({a}, axis)",
    code_at=lambda names, options: f"np.expand_dims({names['a']}, {options['axis']})",
    code_vjps=(_shape_code,),
    pattern="A new axis of size 1 changes no number, so the upstream goes back without that axis.",
    shape_rule="The shape gets a 1 at that axis: (n,) gives (n, 1) with axis 1, (1, n) with axis 0.",
    mistakes=(
        _TIMES_ENTRIES,
        forward("expand_dims_other", lambda _u, y, a, **_options: np.swapaxes(y, 0, 1) if np.ndim(a) == 1 else None,
                "has the new axis on the other side", "Is it a row or a column?"),
        forward("expand_dims_not", lambda _u, _y, a, **_options: a, "has no new axis", _PLACE),
    ),
)  # fmt: skip


def _squeeze(a: Any, axis: Axis = None) -> Value:
    narrow = np.squeeze(a, axis=axis)
    return narrow if narrow.ndim else float(narrow)


SQUEEZE = Gate(
    key="squeeze",
    elementwise=False,
    needs_shape=True,
    title="squeeze",
    symbol="squeeze",
    function_words=("squeeze",),
    may_be_name=True,
    arguments=("a",),
    options=("axis",),
    forward=_squeeze,
    vjps=(_in_shape,),
    downstreams=("u in the shape of a",),
    downstreams_at=_shape_text,
    code="np.squeeze({a})",
    code_vjps=(_shape_code,),
    pattern="Dropping axes of size 1 changes no number, so the upstream takes the old shape again.",
    shape_rule="Axes of size 1 disappear: all of them, or the one given.",
    mistakes=(
        _TIMES_ENTRIES,
        backward("squeeze_averaged", 0, lambda u, _y, a, **_options: np.reshape(u, np.shape(a)) / max(1, np.size(a)),
                 "divides by the number of entries", _SAME),
        forward("squeeze_not", lambda _u, _y, a, **_options: a, "still has the axis of size 1", _PLACE),
        forward("squeeze_summed", lambda _u, _y, a, **_options: np.sum(a), "adds the entries up", _PLACE),
    ),
)  # fmt: skip


def _swapaxes(a: Any, first: int, second: int) -> Value:
    turned: Value = np.swapaxes(a, first, second)
    return turned


SWAPAXES = Gate(
    key="swapaxes",
    elementwise=False,
    title="axis swap",
    symbol="swapaxes",
    function_words=("swapaxes",),
    may_be_name=True,
    arguments=("a",),
    options=("first", "second"),
    needed_options=("first", "second"),
    positional=("first", "second"),
    keywords={"axis1": "first", "axis2": "second", "dim0": "first", "dim1": "second"},
    forward=_swapaxes,
    vjps=(lambda u, _y, _a, first, second: np.swapaxes(u, first, second),),
    downstreams=("swapaxes(u, i, j)",),
    downstreams_at=lambda _shapes, options: (f"swapaxes(u, {options['first']}, {options['second']})",),
    code="np.swapaxes({a}, i, j)",
    code_at=lambda names, options: f"np.swapaxes({names['a']}, {options['first']}, {options['second']})",
    code_vjps=(
        lambda names, options, _shapes: f"np.swapaxes({names['u']}, {options['first']}, {options['second']})",
    ),
    pattern="Swapping two axes is undone by swapping them again: the same two axes of the upstream are swapped.",
    shape_rule="The two sizes are swapped: (b, n, m) gives (b, m, n) for axes 1 and 2.",
    mistakes=(
        backward("swapaxes_not", 0, lambda u, _y, a, **_options: u if np.shape(u) == np.shape(a) else None,
                 "was not swapped back", "{a} has rows where {y} has columns. Which entry goes where?"),
        backward("swapaxes_reshaped", 0, lambda u, _y, a, **_options: np.reshape(u, np.shape(a)),
                 "is only reshaped: the entries kept their order", "Does a swap keep the order of the entries?"),
        forward("swapaxes_reshaped", lambda _u, y, a, **_options: np.reshape(a, np.shape(y)),
                "is only reshaped: the entries kept their order", "Does a swap keep the order of the entries?"),
    ),
)  # fmt: skip


def _broadcast_to(a: Any, shape: Shape) -> Value:
    own = np.shape(a)
    lead = len(shape) - len(own)
    if prod(map(abs, shape)) > MOST_ENTRIES:
        raise ValueError("too large")
    full = tuple(own[i - lead] if size == -1 and i >= lead else size for i, size in enumerate(shape))
    wide: Value = np.broadcast_to(a, full)
    return wide


def _wide_shape(options: Options, shapes: tuple[Shape, ...]) -> Shape:
    return np.shape(_broadcast_to(np.zeros(shapes[0]), options["shape"]))


def _broadcast_code(names: Mapping[str, str], options: Options, shapes: tuple[Shape, ...]) -> str:
    return summed_back(names["u"], _wide_shape(options, shapes), shapes[0])


def _broadcast_text(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    wide, own = _wide_shape(options, shapes), shapes[0]
    lead = len(wide) - len(own)
    stretched = [i for i, size in enumerate(own) if size == 1 and wide[i + lead] != 1]
    if not own:
        return ("sum(u)",)
    text = "u"
    if lead:
        text = f"sum(u, axis={tuple(range(lead)) if lead > 1 else 0})"
    if stretched:
        text = f"sum({text}, axis={tuple(stretched) if len(stretched) > 1 else stretched[0]}, keepdims=True)"
    return (text,)


def _copies(u: Any, a: Any) -> float:
    return np.size(u) / max(1, np.size(a))


_MANY = "How many copies of each entry of {a} are in {y}, and what happens to what they send back?"

BROADCAST_TO = Gate(
    key="broadcast_to",
    elementwise=False,
    needs_shape=True,
    title="broadcast",
    symbol="broadcast",
    function_words=("broadcast_to", "expand"),
    may_be_name=True,
    arguments=("a",),
    options=("shape",),
    work=lambda _shapes, options: prod(map(abs, options["shape"])),
    forward=_broadcast_to,
    vjps=(lambda u, _y, a, **_options: unbroadcast(u, np.shape(a)),),
    downstreams=("u summed back to the shape of a",),
    downstreams_at=_broadcast_text,
    code="np.broadcast_to({a}, shape)",
    code_at=lambda names, options: f"np.broadcast_to({names['a']}, {tuple(options['shape'])})",
    code_vjps=(_broadcast_code,),
    pattern="Every copy sends its upstream back, and they add up: the upstream is summed over the axes that were "
    "stretched.",
    shape_rule="Axes of size 1 are copied to the size given, and new axes come in front: (3,) gives (2, 3). At most "
    f"{MOST_ENTRIES:,} entries are made.",
    mistakes=(
        backward("broadcast_averaged", 0, lambda u, _y, a, **_options: unbroadcast(u, np.shape(a)) / _copies(u, a),
                 "averages what the copies send back", _MANY),
        backward("broadcast_first", 0, lambda u, _y, a, **_options: u[0] if np.shape(u)[1:] == np.shape(a) else None,
                 "takes the first row only", _MANY),
        forward("broadcast_not", lambda _u, _y, a, **_options: a, "is not stretched", "What shape was given?"),
        forward("broadcast_once", lambda _u, y, a, **_options: y / _copies(y, a), "is shared out among the copies",
                "Is each copy as large as the original?"),
    ),
)  # fmt: skip

RESHAPING = (EXPAND_DIMS, SQUEEZE, SWAPAXES, BROADCAST_TO)
