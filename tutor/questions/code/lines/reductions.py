"""A gradient on its way back to a smaller shape: which arrays and which axes are right on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tutor.engine.values import Array, Shape, Value


@dataclass(frozen=True)
class Reduction:
    """One call of `unbroadcast`."""

    grad: Array
    shape: Shape
    to_keep: int
    truth: Value

    @property
    def added(self) -> int:
        """How many axes broadcasting put in front."""
        return self.grad.ndim - len(self.shape)

    @property
    def stretched(self) -> tuple[int, ...]:
        """The axes of size 1 in the shape that are summed over, counted in the shape."""
        return tuple(axis for axis in range(len(self.shape) - self.to_keep) if self.shape[axis] == 1)

    @property
    def needed(self) -> tuple[int, ...]:
        """All axes of the gradient that are summed over."""
        return (*range(self.added), *(axis + self.added for axis in self.stretched))

    def summed(self, value: Value) -> tuple[int, ...] | None:
        """The axes that have been summed over to make this value, whatever became of them; None if it is no such sum.

        Of several answers, as where an axis has size 1, the one with the most axes.
        """
        for axes in self._subsets():
            made = self.grad.sum(axis=axes, keepdims=True)
            mine, theirs = _plain(value), _plain(made)
            if mine.shape == theirs.shape and np.allclose(mine, theirs, rtol=1e-6, atol=1e-9):
                return axes
        return None

    def allows(self, axes: Sequence[int]) -> bool:
        """Whether these axes may be summed over: counted in the gradient, in the shape, or from the end."""
        size, small = self.grad.ndim, len(self.shape)
        counted = [{axis % size for axis in axes} if size else set(axes)]
        if small:
            counted.append({axis % small + self.added for axis in axes if -small <= axis < small})
        return any(each <= set(self.needed) and len(each) == len(set(axes)) for each in counted)

    def is_front(self, axes: Sequence[int]) -> bool:
        """Whether these are the axes in front."""
        return tuple(axes) == tuple(range(self.added))

    def is_stretched(self, axes: Sequence[int]) -> bool:
        """Whether these are the stretched axes, or all that are summed over, however they are counted."""
        size, small = self.grad.ndim, len(self.shape)
        moved = tuple(axis + self.added for axis in self.stretched)
        ours = {self.stretched, self.needed, moved}
        from_end = [tuple(axis % each for axis in axes) for each in (size, small) if each]
        return any(tuple(sorted(each)) in ours for each in (tuple(axes), *from_end))

    def _subsets(self) -> Iterator[tuple[int, ...]]:
        for count in range(len(self.needed), -1, -1):
            yield from combinations(self.needed, count)


def _plain(value: Value) -> Array:
    return np.squeeze(np.asarray(value, dtype=np.float64))
