"""Positions in square brackets as NumPy takes them, and values put back where they were taken from."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.values import Array
from tutor.language import Positions, Stretch


def numpy_positions(at: Positions) -> tuple[Any, ...]:
    """What goes in NumPy's square brackets."""
    return tuple(
        slice(entry.start, entry.stop, entry.step) if isinstance(entry, Stretch)
        else np.array(entry) if isinstance(entry, tuple)
        else entry
        for entry in at
    )  # fmt: skip


def placed(u: Any, a: Any, where: tuple[Any, ...]) -> Array:
    """Zeros in the shape of `a`, with `u` added at these places: an entry taken twice gets both."""
    whole: Array = np.zeros(np.shape(a))
    np.add.at(whole, where, u)
    return whole
