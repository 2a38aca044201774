"""The largest and the smallest of many entries: of all, or along an axis. At a tie they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tutor.engine.gates.axes import beside, kept
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.mistakes import extremes as slips
from tutor.engine.values import Axis, Shape, Value, expand_to, shape_of

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


def _code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    chosen = f"{names['a']} == {beside(names['y'], options)}"
    return f"{beside(names['u'], options)} * ({chosen}) / np.sum({chosen}{kept(options)}"


def _extreme(key: str, word: str, other: str, function: Callable[..., Any], mistakes: Any) -> Gate:
    return Gate(
        key=key,
        elementwise=False,
        title=f"{key} entry",
        face=word,
        words=(f"a{word}",),
        shared_word=word,
        arguments=("a",),
        options=("axis", "keepdims"),
        forward=_reduced(function),
        vjps=(_to_the_chosen,),
        downstreams=(f"u where a is the {key}, 0 elsewhere",),
        downstreams_at=lambda _shapes, _options: ("",),
        shared_in_another_way=_shared_in_another_way,
        code=f"np.{word}({{a}})",
        numpy_names=(f"a{word}",),
        code_vjps=(_code,),
        pattern=f"Only the {key} entry of each group moves the {word}: it gets all of the upstream, the others "
        "nothing. At a tie they share it.",
        shape_rule=f"One entry is kept of all, or of each group along an axis, which disappears (or becomes 1 with "
        f"keepdims). {other}",
        mistakes=mistakes,
    )


LARGEST = _extreme("largest", "max", "max(a, b) takes the larger of two, entry by entry.", np.max, slips.LARGEST)
SMALLEST = _extreme("smallest", "min", "min(a, b) takes the smaller of two, entry by entry.", np.min, slips.SMALLEST)

EXTREMES = (LARGEST, SMALLEST)
