"""What gates along axes and at positions share: how many entries go together, how the upstream is copied back in NumPy.

Positions and labels of classes are whole numbers: data, which get no gradient.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.engine.gates.gate import Options
from tutor.engine.values import Axis, Shape, Value


def count(shape: Shape, axis: Axis) -> int:
    """How many entries of an array of this shape go together. Raises ValueError for an axis that is not there."""
    if axis is None:
        return math.prod(shape)
    axes = axis if isinstance(axis, tuple) else (axis,)
    if any(not -len(shape) <= one < len(shape) for one in axes):
        raise ValueError("there is no such axis")
    return math.prod(shape[one] for one in axes)


def copies(options: Options) -> bool:
    """Whether the upstream, as it is, broadcasts to the argument."""
    return options.get("axis") is None or bool(options.get("keepdims"))


def count_code(a: str, axis: Axis) -> str:
    """NumPy for how many entries are taken together, ready to divide by."""
    axes = axis if isinstance(axis, tuple) else (axis,)
    many = f"np.size({a})" if axis is None else " * ".join(f"{a}.shape[{i}]" for i in axes)
    return f"({many})" if " " in many else many


def beside(name: str, options: Options) -> str:
    """NumPy for a variable of the gate's own shape, made to broadcast to the argument."""
    return name if copies(options) else f"np.expand_dims({name}, {options['axis']})"


def kept(options: Options) -> str:
    """How a call of NumPy goes on that reduces along the same axis and keeps it: `, axis=1, keepdims=True)`."""
    axis = options.get("axis")
    return ")" if axis is None else f", axis={axis}, keepdims=True)"


def copied_code(names: Mapping[str, str], options: Options) -> str:
    """NumPy for the upstream copied to every entry of the argument `a`."""
    return f"{beside(names['u'], options)} * np.ones_like({names['a']})"


def summed_back(code: str, wide: Shape, shape: Shape) -> str:
    """Source for the value of `code`, of shape `wide`, summed back to `shape`."""
    if wide == shape:
        return code
    if not shape:
        return f"np.sum({code})"
    lead = len(wide) - len(shape)
    stretched = [i + lead for i, size in enumerate(shape) if size == 1 and wide[i + lead] != 1]
    if not stretched:
        return f"np.sum({code}, axis={_axes([*range(lead)])})"
    summed = f"np.sum({code}, axis={_axes([*range(lead), *stretched])}, keepdims=True)"
    return f"{summed}.reshape({shape})" if lead else summed


def _axes(axes: list[int]) -> str:
    return str(axes[0]) if len(axes) == 1 else str(tuple(axes))


def whole_numbers(given: Any, below: int) -> NDArray[np.intp] | None:
    """The numbers as integers from 0 to below - 1, in the shape they have; None where one of them is not."""
    numbers = np.asarray(given, dtype=np.float64)
    if not np.all((numbers == np.round(numbers)) & (numbers >= 0) & (numbers < below)):
        return None
    return numbers.astype(np.intp)


def needs_whole(given: Any, below: int, what: str) -> str | None:
    """Why these are no such numbers, in words; None where they are."""
    if whole_numbers(given, below) is not None:
        return None
    return f"{what} is a whole number from 0 to {below - 1} here"


def no_gradient(_u: Value, _y: Value, _a: Value, b: Value) -> Value:
    """The VJP of whole numbers `b` beside an array: zeros in the shape of `b`."""
    return 0.0 * b


def no_gradient_code(names: Mapping[str, str], _options: Options, _shapes: tuple[Shape, ...]) -> str:
    """NumPy for `no_gradient`."""
    return f"0.0 * {names['b']}"


def index_code(text: str) -> str:
    """NumPy for such numbers in square brackets: a variable may hold floats, a literal holds whole numbers."""
    return text if text.isdigit() or text.startswith("np.array([") else f"np.int_({text})"
