"""What gates that reduce along axes share: how many entries go together, how the upstream is copied back in NumPy."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tutor.engine.gates.gate import Options
from tutor.engine.values import Axis, Shape


def count(shape: Shape, axis: Axis) -> int:
    """How many entries are taken together. ValueError for an axis that is not there."""
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
