"""How an array lies in memory, as NumPy tells: its order, its steps, whose memory it reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from tutor.judging import Verdict
from tutor.questions.shape.arrays import AnyArray

_MOST_TURNED = 4


@dataclass(frozen=True)
class Seen:
    """An array, and what NumPy makes of it."""

    text: str
    base: AnyArray
    result: AnyArray
    names: tuple[str, ...]

    @property
    def read(self) -> tuple[str, ...]:
        """The entries as they are read, row by row."""
        return self._named(np.ravel(self.result))

    @property
    def laid(self) -> tuple[str, ...]:
        """The entries as they lie in memory."""
        return self._named(np.ravel(self.result, order="K"))

    @property
    def by_columns(self) -> tuple[str, ...]:
        """The entries read with the first axis running fastest."""
        return self._named(np.ravel(self.result, order="F"))

    @property
    def transposed(self) -> list[tuple[str, ...]]:
        """The entries of the array itself with its axes in any other order."""
        if self.base.ndim > _MOST_TURNED:
            return []
        orders = list(permutations(range(self.base.ndim)))[1:]
        return [self._named(np.ravel(self.base.transpose(order))) for order in orders]

    @property
    def before(self) -> tuple[str, ...]:
        """The entries of the array itself, row by row."""
        return self._named(np.ravel(self.base))

    @property
    def is_view(self) -> bool:
        """Whether it needs no copy."""
        return bool(np.shares_memory(self.base, self.result))

    @property
    def is_contiguous(self) -> bool:
        """Whether its entries lie one behind the other as they are read."""
        return bool(self.result.flags.c_contiguous)

    @property
    def strides(self) -> tuple[int, ...]:
        """How many entries further the next one of each axis is."""
        return tuple(step // self.result.itemsize for step in self.result.strides)

    def _named(self, flat: AnyArray) -> tuple[str, ...]:
        return tuple(self.names[int(entry)] for entry in flat)


@dataclass(frozen=True)
class Memory:
    """What is asked, and all that is said about it."""

    label: str
    prompt: str
    answer: str
    judge: Callable[[str], Verdict]
    hints: tuple[str, str, str]
    example: str


def written_out(seen: Seen) -> str:
    """The array in rows, as NumPy would print it; the last two axes at a time."""
    names = np.reshape(np.asarray(seen.read, dtype=object), seen.result.shape)
    rows = names.reshape(-1, names.shape[-1]) if names.ndim else names.reshape(1, 1)
    wide = max(len(name) for name in seen.read)
    lines = ["  " + "  ".join(f"{name:>{wide}}" for name in row) for row in rows]
    block = names.shape[-2] if names.ndim > 2 else len(lines)
    return "\n".join(
        line + ("  |" if (i + 1) % block == 0 and i + 1 < len(lines) else "") for i, line in enumerate(lines)
    )


def some(names: Sequence[str]) -> str:
    """All names, or the first and the last of many."""
    if len(names) <= 12:
        return ", ".join(names)
    return f"{', '.join(names[:4])}, ... {names[-1]}"
