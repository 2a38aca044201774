"""The largest and the smallest of many entries: of all, or along an axis. At a tie they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tutor.engine.gates.axes import beside, copies, kept
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.mistakes.mistake import Mistake, along_the_other, copied, forward, reduced, spread
from tutor.engine.values import Axis, Shape, Value, expand_to, shape_of


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


def _mistakes(word: str, adjective: str, other_word: str, of: Any, other: Any) -> tuple[Mistake, ...]:
    routes = f"Nudge one entry of {{a}}: does the {word} move, unless it is the {adjective} one?"
    return (
        Mistake(f"{word}_axis_all", 0, copied, "gives the upstream to every entry", routes),
        Mistake(f"{word}_axis_shared", 0, _shared, "splits the upstream among all entries", routes),
        Mistake(
            f"{word}_axis_times_value", 0, _times_value, f"multiplies by the {word}",
            "The winner is passed on unchanged. What is its slope?",
        ),
        Mistake(f"{word}_axis_of_all", 0, _of_all(of), f"sends it to the {adjective} of the whole array only",
                f"Does each group have its own {word}?"),
        Mistake(f"{word}_axis_wrong_winner", 0, _at_the_other(other), f"sends it to the {other_word}",
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
