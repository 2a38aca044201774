"""Random numbers for the calls: always the same, never near zero or one, and short enough to read."""

from __future__ import annotations

import zlib

import numpy as np

from tutor.engine.values import Shape, Value, as_value


class Draw:
    """Values of given shapes, from a seed in words."""

    def __init__(self, seed: str) -> None:
        self._rng = np.random.default_rng(zlib.crc32(seed.encode()))

    def value(self, shape: Shape) -> Value:
        """Of either sign, between 0.3 and 0.9 or 1.1 and 1.9 in size, with two decimals; a float for `()`."""
        steps = self._rng.integers(30, 170, shape)
        size = np.where(steps > 90, steps + 20, steps) / 100
        return as_value(size * self._rng.choice([-1.0, 1.0], shape))
