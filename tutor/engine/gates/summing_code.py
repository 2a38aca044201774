"""NumPy source that sums a gradient back to the shape of an argument that broadcasting stretched."""

from __future__ import annotations

from tutor.engine.values import Shape


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
