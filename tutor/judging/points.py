"""The points at which two expressions are compared: always the same ones, readable ones first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from random import Random

import numpy as np

from tutor.engine.values import Array, Value

_SEED = 20_231

_READABLE = tuple(Fraction(tenths, 10) for tenths in (13, 7, 26, 4, 18, 31, 9, 22, 16, 6, 29, 11))
"""One decimal each, none of them whole or a half; small enough that powers of them stay readable."""

_SPECIAL = tuple(Fraction(halves, 2) for halves in (-6, -4, -2, -1, 1, 3, 4, 6))
"""Whole numbers and halves, where powers of negative numbers have a value."""

_POSITIVE_READABLE, _NEGATIVE_READABLE, _MIXED_READABLE = 4, 2, 6
_GENERIC = ((6, 3.0, False), (12, 5.0, True), (4, 0.9, True), (3, 0.01, True), (4, 30.0, True))
"""How many rows, up to which size, whether signs are mixed."""

_FAR = (4, 900.0, True)

_SPECIAL_ROWS, _DENSE_ROWS, _ROWS_A_THRESHOLD = 96, 240, 4

Point = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Points:
    """Sample points: exact, and as one column of floats a name. The first `readable` ones are easy to read."""

    exact: tuple[Point, ...]
    columns: Mapping[str, Array]
    readable: int

    def __len__(self) -> int:
        return len(self.exact)


@lru_cache(maxsize=256)
def sample_points(names: tuple[str, ...], positive: frozenset[str] = frozenset(), *, far: bool = False) -> Points:
    """Points with a value for each name; the names in `positive` get positive values only.

    Rows in which everything is positive come first, then rows of mixed signs; after the readable ones come rows
    of four and more decimals in several sizes; with `far` also in the hundreds. Without names there is one point.
    """
    if not names:
        return Points(({},), {}, 1)
    random = Random(_SEED)
    rows = [
        _readable_row(random, len(names), row)
        for row in range(_POSITIVE_READABLE + _NEGATIVE_READABLE + _MIXED_READABLE)
    ]
    readable = len(rows)
    for many, largest, mixed in (*_GENERIC, _FAR) if far else _GENERIC:
        rows += [_row(random, len(names), largest, mixed) for _ in range(many)]
    return _points(names, positive, rows, readable)


@lru_cache(maxsize=256)
def special_points(names: tuple[str, ...], positive: frozenset[str] = frozenset()) -> Points:
    """Points of whole numbers and halves. Functions such as sin(πx) are not themselves there."""
    random = Random(_SEED)
    rows = [[random.choice(_SPECIAL) for _ in names] for _ in range(_SPECIAL_ROWS)]
    return _points(names, positive, rows, len(rows))


@lru_cache(maxsize=64)
def dense_points(names: tuple[str, ...], positive: frozenset[str] = frozenset()) -> Points:
    """Many more points of all sizes, for expressions that have a value in few places."""
    random = Random(_SEED)
    sizes = (0.3, 1.0, 3.0, 10.0, 100.0)
    rows = [_row(random, len(names), sizes[i % len(sizes)], i % 3 > 0) for i in range(_DENSE_ROWS)]
    return _points(names, positive, rows, 0)


def points_about(names: tuple[str, ...], positive: frozenset[str], thresholds: Iterable[Fraction]) -> Points:
    """Points on both sides of these numbers, for expressions that change there."""
    random = Random(_SEED)
    rows = [
        [threshold * Fraction(random.randint(500, 1500), 1000) for _ in names]
        for threshold in thresholds
        for _ in range(_ROWS_A_THRESHOLD)
    ]
    return _points(names, positive, rows, 0)


def own_point(names: tuple[str, ...], at: Mapping[str, Value] | None) -> Points | None:
    """The learner's own values as a point; None where a name has no value, or not a number."""
    if at is None or not names:
        return None
    values = [at.get(name) for name in names]
    if not all(isinstance(value, int | float) and np.isfinite(value) for value in values):
        return None
    # As decimals, so that 0.1 is a tenth.
    return _points(names, frozenset(), [[Fraction(repr(float(value))) for value in values if value is not None]], 1)


def joined(parts: Sequence[Points]) -> Points:
    """Several groups of points as one, in this order; readable as far as the first of them are."""
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    exact = tuple(point for part in parts for point in part.exact)
    readable = 0
    for part in parts:
        readable += part.readable
        if part.readable < len(part):
            break
    return Points(exact, columns, readable)


def whole_points(point: Point) -> Iterable[Point]:
    """A few points of small whole numbers, with the signs of this one."""
    # One name begins at 2, since many a function is 0 or 1 at 1.
    for first, step in ((1, 1), (2, 1), (2, 0), (1, 0), (3, 2)) if len(point) > 1 else ((2, 0), (1, 0), (3, 0)):
        yield {
            name: Fraction(first + step * i if value > 0 else -first - step * i)
            for i, (name, value) in enumerate(point.items())
        }


def _points(
    names: tuple[str, ...], positive: frozenset[str], rows: Sequence[Sequence[Fraction]], readable: int
) -> Points:
    exact = tuple(
        {name: abs(value) if name in positive else value for name, value in zip(names, row, strict=True)}
        for row in rows
    )
    return Points(exact, {name: np.array([float(point[name]) for point in exact]) for name in names}, readable)


def _readable_row(random: Random, many: int, row: int) -> Sequence[Fraction]:
    sizes = [_READABLE[(row + 5 * i) % len(_READABLE)] for i in range(many)]
    if row < _POSITIVE_READABLE:
        return sizes
    if row < _POSITIVE_READABLE + _NEGATIVE_READABLE:
        return [-size for size in sizes]
    return [size * random.choice((-1, 1)) for size in sizes]


def _row(random: Random, many: int, largest: float, mixed: bool) -> Sequence[Fraction]:
    """Sizes from a tenth of the largest up, in 64ths of a decimal so that none is a round number."""
    row = [Fraction(random.randint(1_000, 10_000) * 64 + 7, 640_000) * Fraction(largest) for _ in range(many)]
    return [value * random.choice((-1, 1)) if mixed else value for value in row]
