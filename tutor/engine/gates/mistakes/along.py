"""What the mistakes at gates that reduce along an axis share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def spread(value: Any, a: Any, axis: Any, keepdims: bool) -> Any:
    """What belongs to each group along an axis, copied to every entry of it."""
    if axis is not None and not keepdims:
        value = np.expand_dims(value, axis)
    return np.broadcast_to(value, np.shape(a))


def copied(u: Any, _y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The upstream copied to every entry."""
    return spread(u, a, axis, keepdims) + 0.0


def reduced(function: Callable[..., Any]) -> Callable[..., Any]:
    """A mistake in the gate's value: another function of the same entries, along the same axis."""
    return lambda _u, _y, a, axis=None, keepdims=False: function(a, axis=axis, keepdims=keepdims)


def along_the_other(function: Callable[..., Any]) -> Callable[..., Any]:
    """A mistake in the gate's value: the same function along the other axis of a matrix."""

    def value(_u: Any, _y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
        matrix = np.ndim(a) == 2 and isinstance(axis, int)
        return function(a, axis=1 - axis % 2, keepdims=keepdims) if matrix else None

    return value
