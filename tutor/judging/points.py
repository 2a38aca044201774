"""The points at which two expressions are compared: always the same ones, readable ones first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from random import Random

import numpy as np

from tutor.engine.values import Array

_SEED = 20_231

_READABLE = tuple(Fraction(tenths, 10) for tenths in (13, 7, 26, 4, 18, 31, 9, 22, 16, 5, 29, 11))
"""One decimal each, none of them whole; small enough that powers of them stay readable."""

_ALL_POSITIVE_READABLE, _MIXED_READABLE, _ALL_POSITIVE, _MIXED, _NEAR_ZERO, _FAR = 4, 8, 6, 12, 4, 4

Point = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Points:
    """Sample points: exact, and as one column of floats a name. `readable` of them come first."""

    exact: tuple[Point, ...]
    columns: Mapping[str, Array]
    readable: int


def sample_points(
    names: Iterable[str], positive: Iterable[str] = (), at: Mapping[str, Fraction] | None = None
) -> Points:
    """Points with a value for each name; the names in `positive` get positive values only.

    A point in `at`, the learner's own values, comes first.
    """
    ordered = tuple(names)
    positives = frozenset(positive)
    rows, columns = _drawn(ordered, positives)
    readable = _ALL_POSITIVE_READABLE + _MIXED_READABLE
    if at is not None and all(name in at for name in ordered):
        own = {name: at[name] for name in ordered}
        rows = (own, *rows)
        columns = {name: np.concatenate(([float(own[name])], column)) for name, column in columns.items()}
        readable += 1
    return Points(rows, columns, readable)


@lru_cache(maxsize=128)
def _drawn(names: tuple[str, ...], positives: frozenset[str]) -> tuple[tuple[Point, ...], Mapping[str, Array]]:
    random = Random(_SEED)
    draws = [_readable(random, len(names), row) for row in range(_ALL_POSITIVE_READABLE + _MIXED_READABLE)]
    draws += [_signed(random, len(names), 3.0, mixed=False) for _ in range(_ALL_POSITIVE)]
    draws += [_signed(random, len(names), 5.0, mixed=True) for _ in range(_MIXED)]
    draws += [_signed(random, len(names), 0.9, mixed=True) for _ in range(_NEAR_ZERO)]
    draws += [_signed(random, len(names), 30.0, mixed=True) for _ in range(_FAR)]
    rows = tuple(
        {name: abs(value) if name in positives else value for name, value in zip(names, draw, strict=True)}
        for draw in draws
    )
    return rows, {name: np.array([float(row[name]) for row in rows]) for name in names}


def _readable(random: Random, many: int, row: int) -> Sequence[Fraction]:
    """Different one-decimal numbers, all positive in the first rows."""
    sizes = [_READABLE[(row + 5 * i) % len(_READABLE)] for i in range(many)]
    if row < _ALL_POSITIVE_READABLE:
        return sizes
    signs = [random.choice((-1, 1)) for _ in range(many)]
    if row < _ALL_POSITIVE_READABLE + 2:
        signs = [-1] * many
    return [sign * size for sign, size in zip(signs, sizes, strict=True)]


def _signed(random: Random, many: int, largest: float, *, mixed: bool) -> Sequence[Fraction]:
    """Numbers of up to `largest` with four decimals, none of them near a whole one or zero by design of no one."""
    values = [Fraction(random.randint(1, int(largest * 10_000)), 10_000) + Fraction(1, 70_000) for _ in range(many)]
    return [value * random.choice((-1, 1)) if mixed else value for value in values]
