"""Right answers by sliding filters in NumPy and by counting, and a wrong one at each blank."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def width(w: int, f: int, s: int, p: int = 0) -> str:
    """How many places a filter finds, counted one by one; "does not fit" where the last is not at the edge."""
    starts = range(0, w + 2 * p - f + 1, s)
    return str(len(starts)) if starts[-1] + f == w + 2 * p else "does not fit"


X, W = np.array([2, -1, 3, 0.5, 4]), np.array([1, -2, 0.5])


def loss(x: np.ndarray, w: np.ndarray, g: np.ndarray, stride: int) -> float:
    return float((sliding_window_view(x, 3)[::stride] @ w) @ g)


def slopes(by: str, g: list[float], stride: int = 1) -> np.ndarray:
    """The gradient of g · y by differences; y is linear in each, so a step of 1 is exact."""
    x, w, up = X.copy(), W.copy(), np.array(g)
    value = {"x": x, "w": w}[by]
    found = np.zeros(len(value))
    for i in range(len(value)):
        value[i] += 1
        found[i] = loss(x, w, up, stride)
        value[i] -= 1
        found[i] -= loss(x, w, up, stride)
    return found.round(9)


def typed(values: np.ndarray) -> str:
    return str(values.tolist())


DW, DX = slopes("w", [3, 1, -2]), slopes("x", [3, 1, -2])
FILTER = np.ones((11, 11, 3)).size + 1

ANSWERS: dict[str, list[tuple[str, str]]] = {
    "convolution/sizes": [
        ("(W - F)/S + 1", "(W - F)/S"),
        ("1 + (W + 2P - F)/S", "(W - F + P)/S + 1"),
        (width(32, 5, 1), "27"),
        (width(32, 5, 2), "14"),
        (width(32, 5, 3), "9"),
        (width(32, 5, 3, 3), "11"),
        (next(str(p) for p in range(9) if width(32, 5, 1, p) == "32"), "4"),
        (width(227, 11, 4), "54"),
        ("96", "3"),
        (width(55, 3, 2), "26"),
    ],
    "convolution/parameters": [
        ("K F F C + K", "K F^2 C"),
        (str(FILTER), "363"),
        (str(96 * FILTER), "34848"),
        (width(31, 3, 2, 1), "15.5"),
        (str(np.ones((16, 16, 25)).size), "1280"),
        (str(25 * (np.ones((3, 3, 5)).size + 1)), "1126"),
        ("0", "100"),
        (width(16, 2, 2), "7"),
        ("25", "1"),
    ],
    "convolution/backward": [
        (typed(np.correlate(X, W, "valid")), typed(np.convolve(X, W, "valid"))),
        (str(DW[0]), "6"),
        (typed(np.correlate(X, [3, 1, -2], "valid")), typed(np.convolve(X, [3, 1, -2], "valid"))),
        (str(DX[0]), "2"),
        (str(DX[2]), "0"),
        (typed(DX), typed(np.correlate([3, 1, -2], W, "full"))),
        (typed(slopes("w", [3, -2], 2)), "[8, -9, 8]"),
        (typed(slopes("x", [3, -2], 2)), "[3, -6, 1.5, 4, -1]"),
    ],
}

assert np.allclose(DW, np.correlate(X, [3, 1, -2], "valid"))
assert np.allclose(DX, np.convolve([3, 1, -2], W, "full"))
