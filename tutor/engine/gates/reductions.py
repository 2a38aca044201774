"""Gates that make few numbers of many: sum, mean, norms, the largest and the smallest entry; and the transpose.

They carry a VJP. At a tie the largest entries share the upstream.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from tutor.engine.gates.axes import beside, copied_code, copies, count, count_code, kept
from tutor.engine.gates.elementary import quotient_or_zero
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.misconceptions import (
    GateMisconception,
    along_the_other,
    backward,
    copied,
    forward,
    reduced,
    spread,
)
from tutor.engine.gates.misconceptions import tensors as slips
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


def _shared(u: Any, y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return spread(u, a, axis, keepdims) * (max(1, np.size(y)) / np.size(a))


def _times_value(u: Any, y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    top = spread(y, a, axis, keepdims)
    return spread(u, a, axis, keepdims) * top * (a == top)


def _of_all(of: Any) -> Any:
    """Only the largest of the whole array, where each group along an axis has its own."""

    def sent(u: Any, _y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return None if axis is None else spread(u, a, axis, keepdims) * (a == of(a))

    return sent


def _at_the_other(other: Any) -> Any:
    def sent(u: Any, _y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return spread(u, a, axis, keepdims) * (a == other(a, axis=axis, keepdims=True))

    return sent


def _whole(of: Any) -> Any:
    return lambda _u, _y, a, axis=None, **_options: None if axis is None else of(a)


def _mistakes(word: str, adjective: str, other_word: str, of: Any, other: Any) -> tuple[GateMisconception, ...]:
    routes = f"Nudge one entry of {{a}}: does the {word} move, unless it is the {adjective} one?"
    return (
        backward(f"{word}_axis_all", 0, copied, "gives the upstream to every entry", routes),
        backward(f"{word}_axis_shared", 0, _shared, "splits the upstream among all entries", routes),
        backward(
            f"{word}_axis_times_value", 0, _times_value, f"multiplies by the {word}",
            "The winner is passed on unchanged. What is its slope?",
        ),
        backward(f"{word}_axis_of_all", 0, _of_all(of), f"sends it to the {adjective} of the whole array only",
                 f"Does each group have its own {word}?"),
        backward(f"{word}_axis_wrong_winner", 0, _at_the_other(other), f"sends it to the {other_word}",
                 f"Which entry is the {adjective}?"),
        forward(f"other_of_{word}", reduced(other), f"is the {other_word}", f"Which entry is the {adjective}?"),
        forward(f"{word}_wrong_axis", along_the_other(of), "is taken along the other axis", "Which axis disappears?"),
        forward(
            f"{word}_of_all", _whole(of), f"is the {adjective} of the whole array",
            f"Does each group have its own {word}?"
        ),
    )  # fmt: skip


LARGEST_MISTAKES = _mistakes("max", "largest", "smallest", np.max, np.min)
SMALLEST_MISTAKES = _mistakes("min", "smallest", "largest", np.min, np.max)


_ROUNDED = 5e-3
"""How far typed shares may be off when they are summed, relative to the upstream."""


def _reduced(function: Callable[..., Any]) -> Callable[..., Value]:
    def forward(a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
        found: Value = function(a, axis=axis, keepdims=keepdims)
        return found

    return forward


def _to_the_chosen(u: Value, y: Value, a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    shape = shape_of(a)
    chosen = np.equal(a, expand_to(y, shape, axis, keepdims))
    ties = np.sum(chosen, axis=axis, keepdims=bool(shape))
    share: Value = expand_to(u, shape, axis, keepdims) * chosen / ties
    return share


def _shared_in_another_way(
    sent: Value, u: Value, y: Value, a: Value, axis: Axis = None, keepdims: bool = False
) -> bool:
    """Whether the upstream goes to the chosen entries alone, to none of them against its sign, and all of it."""
    shape = shape_of(a)
    if shape_of(sent) != shape:
        return False
    chosen = np.equal(a, expand_to(y, shape, axis, keepdims))
    arriving = np.asarray(expand_to(u, shape, axis, keepdims))
    total = np.sum(sent, axis=axis, keepdims=keepdims)
    return bool(
        np.all(np.where(chosen, np.multiply(sent, arriving) >= 0, np.equal(sent, 0)))
        and np.allclose(total, u, rtol=_ROUNDED, atol=0)
    )


def _text(word: str) -> Callable[[tuple[Shape, ...], Options], tuple[str, ...]]:
    """What the argument receives where no two entries tie: the upstream at the entry that was chosen."""

    def downstreams(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
        (shape,), axis = shapes, options.get("axis")
        if axis is None:
            return (f"u * (a == {word}(a))",)
        reduced = {each % len(shape) for each in (axis if isinstance(axis, tuple) else (axis,))}
        u = "u" if copies(options) or reduced == set(range(len(reduced))) else f"reshape(u, {_kept(shape, reduced)})"
        return (f"{u} * (a == {word}(a, axis={axis}, keepdims=True))",)

    return downstreams


def _kept(shape: Shape, reduced: set[int]) -> Shape:
    """The shape with its reduced axes kept at size 1."""
    return tuple(1 if i in reduced else size for i, size in enumerate(shape))


def _code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    chosen = f"{names['a']} == {beside(names['y'], options)}"
    return f"{beside(names['u'], options)} * ({chosen}) / np.sum({chosen}{kept(options)}"


def _extreme(key: str, word: str, other: str, function: Callable[..., Any], mistakes: Any) -> Gate:
    return Gate(
        key=key,
        elementwise=False,
        title=f"{key} entry",
        symbol=word,
        function_words=(f"a{word}",),
        shared_word=word,
        arguments=("a",),
        options=("axis", "keepdims"),
        forward=_reduced(function),
        vjps=(_to_the_chosen,),
        downstreams=(f"u where a is the {key}, 0 elsewhere",),
        downstreams_at=_text(word),
        accepts_subgradient=_shared_in_another_way,
        code=f"np.{word}({{a}})",
        numpy_names=(f"a{word}",),
        code_vjps=(_code,),
        pattern=f"Only the {key} entry of each group moves the {word}: it gets all of the upstream, the others "
        "nothing. At a tie they share it.",
        shape_rule=f"One entry is kept of all, or of each group along an axis, which disappears (or becomes 1 with "
        f"keepdims). {other}",
        mistakes=mistakes,
    )


LARGEST = _extreme("largest", "max", "max(a, b) takes the larger of two, entry by entry.", np.max, LARGEST_MISTAKES)
SMALLEST = _extreme("smallest", "min", "min(a, b) takes the smaller of two, entry by entry.", np.min, SMALLEST_MISTAKES)

EXTREMES = (LARGEST, SMALLEST)
