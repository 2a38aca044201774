"""How much a gate is going to compute, told before it does."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from tutor.engine.gates import Gate
from tutor.engine.values import Shape

_QUICKER = 1000
"""So many multiplications within a matrix product take about as long as one number elsewhere."""


def numbers_at(gate: Gate, shapes: Sequence[Shape]) -> int:
    """About how many numbers the gate works on with arguments of these shapes; 0 where they do not fit."""
    sizes = [prod(shape) for shape in shapes]
    try:
        if gate.elementwise:
            return prod(np.broadcast_shapes(*shapes))
        if gate.key == "matmul":
            return _of_matmul(*shapes)
    except ValueError:
        return 0
    # A convolution makes fewer, but it has to multiply as many.
    return prod(sizes) if gate.key in ("outer", "conv1d", "conv2d", "gather") else sum(sizes)


def _of_matmul(left: Shape, right: Shape) -> int:
    if not (left and right):
        return 0
    rows, columns = left[-2:-1], right[-1:] if right[1:] else ()
    made = prod(np.broadcast_shapes(left[:-2], right[:-2])) * prod(rows) * prod(columns)
    return max(made, made * left[-1] // _QUICKER)
