"""One-dimensional convolution as networks have it: the kernel slides along the vector without being turned round."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.gates.gate import Gate
from tutor.engine.gates.mistakes import convolution as slips
from tutor.engine.values import Value


def _conv1d(a: Any, b: Any) -> Value:
    if not np.ndim(a) == np.ndim(b) == 1 or len(b) > len(a):
        raise ValueError("a vector and a kernel that is no longer")
    slid: Value = np.correlate(a, b, "valid")
    return slid


CONV1D = Gate(
    key="conv1d",
    elementwise=False,
    needs_shape=True,
    title="convolution",
    face="conv",
    words=("conv1d",),
    arguments=("a", "b"),
    forward=_conv1d,
    vjps=(lambda u, _y, _a, b: np.convolve(u, b, "full"), lambda u, _y, a, _b: np.correlate(a, u, "valid")),
    downstreams=("each u_i times b, added where it was read", "conv1d(a, u)"),
    downstreams_at=lambda _shapes, _options: ("", "conv1d(a, u)"),
    code='np.correlate({a}, {b}, "valid")',
    code_vjps=(
        lambda names, _options, _shapes: f'np.convolve({names["u"]}, {names["b"]}, "full")',
        lambda names, _options, _shapes: f'np.correlate({names["a"]}, {names["u"]}, "valid")',
    ),
    pattern="Each output sends its upstream back through the kernel to the entries it read, where the "
    "shares add up; the kernel gets the same sliding product, of the vector with the upstream.",
    shape_rule="Lengths n and k give n - k + 1: y_i is the sum of b_j a_(i + j); the kernel is not flipped.",
    mistakes=slips.CONV1D,
)

CONVOLUTIONS = (CONV1D,)
