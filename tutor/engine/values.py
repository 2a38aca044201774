"""What flows along the wires: plain floats for scalars, float64 NumPy arrays for everything else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Value = float | Array
Shape = tuple[int, ...]
MOST_ENTRIES = 20_000_000
"""Of an array that a gate makes of a few numbers."""

Axis = int | tuple[int, ...] | None


def as_value(data: object) -> Value:
    """A float for a number, a float64 array for nested lists or arrays.

    Raises ValueError for ragged or empty lists, and for anything that is not a real number.
    """
    try:
        array = np.asarray(data)
    except (OverflowError, ValueError) as error:
        raise ValueError("the rows have different lengths, or a number is too large") from error
    except Exception as error:  # an object's own code makes the array, and may fail in any way
        raise ValueError(f"it cannot be made an array ({type(error).__name__})") from error
    if array.dtype.kind not in "fiu":
        raise ValueError("it holds something that is not a real number")
    if not array.size:
        raise ValueError("it holds no numbers")
    return float(array) if array.ndim == 0 else array.astype(np.float64, copy=False)


def shape_of(value: Value) -> Shape:
    """The shape of a value: `()` for a scalar."""
    return () if isinstance(value, float) else np.shape(value)


def unbroadcast(gradient: Value, shape: Shape) -> Value:
    """Sum a gradient back to the shape of the argument that broadcasting stretched.

    Leading axes that broadcasting added are summed away; axes stretched from size 1 are summed and kept.
    """
    if not shape:
        return gradient if isinstance(gradient, float) else float(np.sum(gradient))
    if np.shape(gradient) == shape:
        return gradient
    array: Array = np.asarray(gradient)
    array = array.sum(axis=tuple(range(array.ndim - len(shape))))
    stretched = tuple(i for i, size in enumerate(shape) if size == 1 and array.shape[i] != 1)
    return array.sum(axis=stretched, keepdims=True) if stretched else array


def expand_to(gradient: Value, shape: Shape, axis: Axis, keepdims: bool) -> Value:
    """Undo a reduction's change of shape: put the summed axes back and copy along them."""
    if not shape:
        return gradient
    if axis is not None and not keepdims:
        gradient = np.expand_dims(gradient, axis)
    return np.broadcast_to(gradient, shape)


def all_finite(value: Value) -> bool:
    """Whether every entry is a finite number."""
    return math.isfinite(value) if isinstance(value, float) else bool(np.isfinite(value).all())


_FLOATS = frozenset((float, np.float64))


def all_floats(values: Sequence[Value]) -> TypeGuard[Sequence[float]]:
    """Whether every value is a scalar."""
    return _FLOATS.issuperset(map(type, values))


def show_shape(shape: Shape) -> str:
    """A shape as learners read it: `(3, 2)`, and `scalar` for `()`."""
    return str(tuple(shape)) if shape else "scalar"
