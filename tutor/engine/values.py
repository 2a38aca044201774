"""What flows along the wires: plain floats for scalars, float64 NumPy arrays for everything else."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
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
    """Sum a gradient back to `shape`, that of the argument which broadcasting stretched.

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
    """Undo a reduction along `axis`: put the summed axes back and copy along them, to `shape` (a read-only view)."""
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


_ROUNDING = 1e-13
"""What is left of a zero after float arithmetic."""

_WHOLE = 1e-12
"""How far from a whole number, relative to its size, a float may be and still be shown as one."""


def short(value: float, decimals: int = 3) -> str:
    """A number in about six characters, or in as many decimals: `0.793`, `-12.500`, `8`, `0.0012`, `1.2e-5`."""
    return _digits(value, decimals)


def plain(value: float) -> str:
    """A number with about five digits, as used in hints and worked lines: `0.5`, `0.10499`."""
    return _stripped(_digits(value, 5))


def show_value(value: Value, decimals: int = 3) -> str:
    """A scalar as a number, an array as a matrix literal the learner could type."""
    return _nested(value, lambda entry: _stripped(_digits(entry, decimals)))


_MOST_IN_BRACKETS = 3
"""Rows and columns of the largest matrix that is written out in brackets."""

_ENTRY = 5
"""Cells of an entry there, at most."""

_APART = 2


def bracket_size(shape: tuple[int, ...]) -> tuple[int, int]:
    """The columns and rows of a matrix or vector of this shape in brackets; (0, 0) where it is none, or too large."""
    if not shape or len(shape) > 2 or max(shape) > _MOST_IN_BRACKETS or min(shape) < 1:
        return 0, 0
    rows, columns = shape if len(shape) == 2 else (1, shape[0])
    return 2 + _ENTRY * columns + _APART * (columns - 1), rows


def in_brackets(value: Value, decimals: int = 3) -> str:
    """A small matrix in as many lines as it has rows, within `bracket_size`; "" where its entries do not fit.

    A vector lies in one line. Entries have up to so many decimals, as many in all of them as fit.
    """
    if not any(bracket_size(np.shape(value))):
        return ""
    table = np.atleast_2d(np.asarray(value, dtype=float))
    for places in range(decimals, -1, -1):
        texts = [[_stripped(f"{entry:.{places}f}") for entry in row] for row in table]
        widest = max(len(text) for row in texts for text in row)
        if widest <= _ENTRY:
            lost = any(
                float(text) == 0 != entry
                for row, line in zip(table, texts, strict=True)
                for entry, text in zip(row, line, strict=True)
            )
            return (
                "" if lost else _bracketed([(" " * _APART).join(text.rjust(widest) for text in row) for row in texts])
            )
    return ""


def _bracketed(rows: list[str]) -> str:
    if len(rows) == 1:
        return f"[{rows[0]}]"
    sides = ["⎡⎤", *["⎢⎥"] * (len(rows) - 2), "⎣⎦"]
    return "\n".join(f"{side[0]}{row}{side[1]}" for row, side in zip(rows, sides, strict=True))


def exactly(value: Value) -> str:
    """All digits of a value, as an author or a learner gave it: `0.2355`, `[[1, 0.5]]`."""
    return _nested(value, lambda entry: _with_short_exponent(repr(entry).removesuffix(".0")))


def told_apart(value: Value, other: Value) -> tuple[str, str]:
    """Both values with as many decimals as it takes to see that they differ."""
    for decimals in (3, 5, 8):
        texts = show_value(value, decimals), show_value(other, decimals)
        if texts[0] != texts[1]:
            return texts
    return exactly(value), exactly(other)


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def place_in(shape: Shape, index: tuple[int, ...]) -> str:
    """Where an entry of an array of that shape is, behind its value: ` (the first of 3)`, `, at [0, 2]`.

    "" where it is the only one.
    """
    if len(shape) != 1:
        return f", at [{', '.join(map(str, index))}]" if shape else ""
    (at,), (many,) = index, shape
    return f" (the {_ORDINALS[at]} of {many})" if at < len(_ORDINALS) else f" (number {at + 1} of {many})"


def _nested(value: Value, written: Callable[[float], str]) -> str:
    if np.ndim(value) == 0:
        return written(float(value))
    return "[" + ", ".join(_nested(part, written) for part in np.asarray(value)) + "]"


def _digits(value: float, decimals: int) -> str:
    if not math.isfinite(value):
        return "undefined"
    size = abs(value)
    if size < _ROUNDING:
        return "0"
    nearest = round(value)
    if nearest and size < 1e6 and abs(value - nearest) <= _WHOLE * size:
        return str(nearest)
    missing = max(0, -2 - math.floor(math.log10(size)))  # so that small numbers keep their digits
    if size >= 1e5 or missing > 2:
        return _with_short_exponent(f"{value:.{decimals - 2}e}")
    return f"{value:.{decimals + missing}f}"


def _with_short_exponent(text: str) -> str:
    """`1.2e-5` for Python's `1.2e-05`."""
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if e else text


def _stripped(text: str) -> str:
    """Without the zeros that say nothing at the end of its decimals."""
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}{e}{exponent}"
