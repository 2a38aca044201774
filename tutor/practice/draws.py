"""Numbers drawn from a key: the same on every machine and with every version of Python and NumPy.

The generators of `random` and NumPy promise their streams for one version only. This one is SHA-256 in counter mode:
block n is the digest of the key and n, read as whole numbers of 32 bits, the largest byte first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")

_RETRIES = 3
_WORD = 4
"""Bytes of one number."""
_WORDS = 256**_WORD


class Draws:
    """A stream of whole numbers that hangs on its key alone."""

    def __init__(self, *key: str | int) -> None:
        self._key = "\x1f".join(map(str, key))
        self._words = self._stream()

    def _stream(self) -> Iterator[int]:
        block = 0
        while True:
            digest = sha256(f"{self._key}\x1f{block}".encode()).digest()
            yield from (int.from_bytes(digest[at : at + _WORD], "big") for at in range(0, len(digest), _WORD))
            block += 1

    def below(self, many: int) -> int:
        """A whole number from 0 up to `many` - 1, each as likely. Raises ValueError for none, or more than 2^32."""
        if not 0 < many <= _WORDS:
            raise ValueError(f"cannot draw one of {many}")
        even = _WORDS - _WORDS % many  # what lies beyond would make the first ones likelier
        return next(word for word in self._words if word < even) % many

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included. Raises ValueError where there is none."""
        return low + self.below(high - low + 1)

    def choice(self, among: Sequence[T]) -> T:
        """One of these, each as likely. Raises ValueError where there are none."""
        return among[self.below(len(among))]

    def apart(self, draw: Callable[[], T], many: int) -> list[T]:
        """So many things, each drawn by `draw`; again where it is there already, as far as a few tries go."""
        drawn: list[T] = []
        for _ in range(many):
            tries = [draw() for _ in range(_RETRIES)]
            drawn.append(next((one for one in tries if one not in drawn), tries[0]))
        return drawn

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """All of these, in an order each of which is as likely (Fisher and Yates)."""
        shuffled = list(things)
        for last in range(len(shuffled) - 1, 0, -1):
            other = self.below(last + 1)
            shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
        return shuffled
