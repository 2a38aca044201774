"""Mistakes at a one-dimensional convolution."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.gates.mistakes.mistake import Mistake, forward


def _cut_short(u: Any, _y: Any, _a: Any, b: Any) -> Any:
    """Full convolution cut to the length of the upstream, with zeros behind."""
    return np.concatenate([u * b[0], np.zeros(len(b) - 1)]) if len(b) > 1 else None


CONV1D = (
    Mistake(
        "conv_dw_flipped", 1, lambda u, _y, a, _b: np.correlate(a, u, "valid")[::-1], "is reversed",
        "As {b} slides, which entries of {a} does its first entry meet?",
    ),
    Mistake(
        "conv_dx_no_flip", 0, lambda u, _y, _a, b: np.correlate(u, b, "full"), "uses the kernel the wrong way round",
        "The first output reads the first entries of {a}. Which entry of {b} multiplies the very first?",
    ),
    Mistake(
        "conv_dx_one_tap", 0, _cut_short, "uses only the first entry of the kernel",
        "How many outputs does an entry in the middle of {a} feed?",
    ),
    forward("conv_flipped", lambda _u, _y, a, b: np.convolve(a, b, "valid"), "flips the kernel",
            "Is the kernel flipped before it slides here?"),
    forward("conv_full", lambda _u, _y, a, b: np.correlate(a, b, "full"), "goes past the ends",
            "Where can the kernel start so that it stays inside {a}?"),
    forward("conv_same", lambda _u, _y, a, b: np.correlate(a, b, "same"), "goes past the ends",
            "Where can the kernel start so that it stays inside {a}?"),
)  # fmt: skip
