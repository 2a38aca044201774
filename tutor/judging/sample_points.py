"""The points at which two expressions are compared: always the same ones, readable ones first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tutor.engine.values import Array, Value

_SEED = 20_231

_READABLE = tuple(Fraction(tenths, 10) for tenths in (13, 7, 26, 4, 18, 31, 9, 22, 16, 6, 29, 11))
"""One decimal each, none of them whole or a half; small enough that powers of them stay readable."""

_POSITIVE_READABLE, _NEGATIVE_READABLE, _MIXED_READABLE = 4, 2, 6

_Sizes = tuple[tuple[int, float, bool], ...]
_GENERIC: _Sizes = ((6, 3.0, False), (12, 5.0, True), (4, 0.9, True), (3, 0.01, True), (4, 30.0, True))
"""How many rows, up to which size, whether signs are mixed."""

_FAR: _Sizes = ((4, 900.0, True),)
_DENSE: _Sizes = (
    (30, 0.3, True), (30, 1.0, True), (30, 3.0, True), (30, 10.0, True), (30, 100.0, True),
    (30, 1.0, False), (30, 5.0, False), (30, 50.0, False),
)  # fmt: skip

_SPECIAL = (-3.0, -2.0, -1.0, -0.5, 0.5, 1.5, 2.0, 3.0)
"""Whole numbers and halves, where powers of negative numbers have a value."""

_SPECIAL_ROWS, _ROWS_A_THRESHOLD = 96, 4

_STEPS = 1 << 13
"""Random numbers are so many parts of their largest size, so that they are short as fractions too."""

Point = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Points:
    """Sample points as one column of floats a name. The first `readable` ones are easy to read.

    `written` holds the points, by row, that are meant as decimals; the others are just what their floats are.
    """

    columns: Mapping[str, Array]
    written: Mapping[int, Point]
    many: int
    readable: int

    def exact(self, row: int) -> Point:
        """A point as fractions."""
        written = self.written.get(row)
        return written or {name: Fraction(float(column[row])) for name, column in self.columns.items()}


@lru_cache(maxsize=256)
def sample_points(
    names: tuple[str, ...], positive: frozenset[str] = frozenset(), *, far: bool = False, dense: bool = False
) -> Points:
    """Points with a value for each name; the names in `positive` get positive values only.

    Rows in which everything is positive come first, then rows of mixed signs; after the readable ones come random
    ones of several sizes, with `far` also in the hundreds, with `dense` many more. Without names there is one point.
    """
    if not names:
        return Points({}, {0: {}}, 1, 1)
    random = np.random.RandomState(_SEED)  # gives the same numbers in every version of NumPy
    rows = [
        _readable_row(random, len(names), row)
        for row in range(_POSITIVE_READABLE + _NEGATIVE_READABLE + _MIXED_READABLE)
    ]
    sizes = _GENERIC + (_FAR if far else ()) + (_DENSE if dense else ())
    parts = [_written(names, positive, rows), _drawn(random, names, positive, sizes)]
    return joined(parts)


@lru_cache(maxsize=256)
def special_points(names: tuple[str, ...], positive: frozenset[str] = frozenset()) -> Points:
    """Points of whole numbers and halves. Functions such as sin(πx) are not themselves there."""
    random = np.random.RandomState(_SEED)
    chosen = {name: np.array(_SPECIAL)[random.randint(len(_SPECIAL), size=_SPECIAL_ROWS)] for name in names}
    columns = {name: np.abs(column) if name in positive else column for name, column in chosen.items()}
    return Points(columns, {}, _SPECIAL_ROWS, _SPECIAL_ROWS)


def points_about(names: tuple[str, ...], positive: frozenset[str], thresholds: Iterable[Fraction]) -> Points:
    """Points on both sides of these numbers and their negatives, for expressions that change there."""
    random = np.random.RandomState(_SEED)
    middles = np.repeat([float(side * threshold) for threshold in thresholds for side in (1, -1)], _ROWS_A_THRESHOLD)
    columns = {name: middles * random.randint(512, 1536, size=len(middles)) / 1024 for name in names}
    columns = {name: np.abs(column) if name in positive else column for name, column in columns.items()}
    return Points(columns, {}, len(middles), 0)


def own_point(names: tuple[str, ...], at: Mapping[str, Value] | None) -> Points | None:
    """The learner's own values as a point; None where a name has no value, or not a number."""
    if at is None or not names:
        return None
    values = [at.get(name) for name in names]
    # Read back as decimals, so that 0.1 is a tenth.
    row = [Fraction(repr(float(v))) for v in values if isinstance(v, int | float) and np.isfinite(v)]
    return _written(names, frozenset(), [row]) if len(row) == len(names) else None


def joined(parts: Sequence[Points]) -> Points:
    """Several groups of points as one, in this order; readable as far as the first of them are."""
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    written: dict[int, Point] = {}
    many = readable = 0
    for part in parts:
        written |= {many + row: point for row, point in part.written.items()}
        readable += part.readable if readable == many else 0
        many += part.many
    return Points(columns, written, many, readable)


def selected(points: Points, rows: NDArray[np.bool_]) -> Points:
    """Those of the points whose rows are True."""
    kept = np.flatnonzero(rows).tolist()
    written = {new: points.written[old] for new, old in enumerate(kept) if old in points.written}
    columns = {name: column[rows] for name, column in points.columns.items()}
    return Points(columns, written, len(kept), int(np.count_nonzero(rows[: points.readable])))


def whole_points(point: Point) -> Iterable[Point]:
    """A few points of small whole numbers, with the signs of this one."""
    # One name begins at 2, since many a function is 0 or 1 at 1.
    for first, step in ((1, 1), (2, 1), (2, 0), (1, 0), (3, 2)) if len(point) > 1 else ((2, 0), (1, 0), (3, 0)):
        yield {
            name: Fraction(first + step * i if value > 0 else -first - step * i)
            for i, (name, value) in enumerate(point.items())
        }


def rounded_points(point: Point) -> Iterable[Point]:
    """Points of few decimals near this one, the shortest first."""
    for unit in (Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000), Fraction(1, 10_000)):
        near = {name: round(value / unit) * unit for name, value in point.items()}
        yield near
        for name in near:
            yield {**near, name: near[name] - unit}
            yield {**near, name: near[name] + unit}


def _written(names: tuple[str, ...], positive: frozenset[str], rows: Sequence[Sequence[Fraction]]) -> Points:
    points = [
        {name: abs(value) if name in positive else value for name, value in zip(names, row, strict=True)}
        for row in rows
    ]
    columns = {name: np.array([float(point[name]) for point in points]) for name in names}
    return Points(columns, dict(enumerate(points)), len(points), len(points))


def _readable_row(random: np.random.RandomState, many: int, row: int) -> Sequence[Fraction]:
    sizes = [_READABLE[(row + 5 * i) % len(_READABLE)] for i in range(many)]
    if row < _POSITIVE_READABLE:
        return sizes
    if row < _POSITIVE_READABLE + _NEGATIVE_READABLE:
        return [-size for size in sizes]
    return [size if random.randint(2) else -size for size in sizes]


def _drawn(random: np.random.RandomState, names: tuple[str, ...], positive: frozenset[str], sizes: _Sizes) -> Points:
    """Random rows: from a tenth of each largest size up, one column a name."""
    largest = np.concatenate([np.full(many, 2.0 ** np.ceil(np.log2(size)) / _STEPS) for many, size, _ in sizes])
    mixed = np.concatenate([np.full(many, mixed) for many, _, mixed in sizes])
    columns: dict[str, Array] = {}
    for i, name in enumerate(names):
        # Off the grid by another part of a step for each name, so that b + c is no whole number by chance.
        offset = (37 + 22 * i) / 256
        column: Array = largest * (random.randint(_STEPS // 10, _STEPS, size=len(largest)) + offset)
        negative = mixed & (random.randint(2, size=len(largest)) == 1)
        columns[name] = column if name in positive else np.where(negative, -column, column)
    return Points(columns, {}, len(largest), 0)
