"""Points at the jumps of comparisons: just beside them, where one that is a little off shows, and right on them.

Used by `equivalence` for expressions with gates that choose (`Gate.pieces`). A jump is where the gate's switch (a - b
for a > b) changes its sign. It is looked for along one name at a time, from readable points, by bisection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tutor.engine.constant_folding import constant, number
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES
from tutor.engine.values import Array
from tutor.judging.sample_points import Point, Points, selected
from tutor.language import Apply, Expression, names_in
from tutor.language.tree import rename

_ROWS, _MOST_JUMPS, _MOST_CONDITIONS = 6, 24, 12
"""From how many points jumps are looked for; how many are used of one condition, and how many conditions."""

_MOST_ON = 2
_HALVINGS = 34
_LARGEST_DENOMINATOR = 5000


@dataclass(frozen=True, slots=True)
class Jump:
    """A point right on a jump. At a spike (a == b) the value on the jump is what the gate is about."""

    point: Point
    is_spike: bool


def jumps_of(
    parts: Iterable[Apply], base: Points, thresholds: Sequence[Fraction], positive: frozenset[str]
) -> tuple[Points | None, tuple[Jump, ...]]:
    """Points just beside the jumps of these gates, None where there are none; and points right on them."""
    beside: list[Mapping[str, Array]] = []
    on: list[Jump] = []
    for condition, is_spike in _conditions(parts):
        for name in names_in(condition):
            if (sides := _sides(condition, name, base, thresholds, positive)) is not None:
                beside += sides
                on += [Jump(point, is_spike) for point in _right_on(condition, name, sides[0])]
                break
    if not beside:
        return None, ()
    joined = {name: np.concatenate([columns[name] for columns in beside]) for name in base.columns}
    return Points(joined, {}, len(next(iter(joined.values()))), 0), tuple(on)


def off_jumps(parts: Iterable[Apply], points: Points) -> Points:
    """The points that are not right on a jump of these gates, where what they come to is a convention."""
    off = np.ones(points.many, dtype=bool)
    with np.errstate(all="ignore"):
        for condition, _ in _conditions(parts):
            off &= _switch(condition, points.columns) != 0
    return points if off.all() else selected(points, off)


def _conditions(parts: Iterable[Apply]) -> list[tuple[Expression, bool]]:
    """What changes its sign at the jumps of these gates, each once, and whether it is about equality."""
    found: dict[Expression, bool] = {}
    for part in parts:
        pieces = GATES[part.operation].pieces
        assert pieces is not None
        first = part.arguments[0]
        if not pieces.compares and isinstance(first, Apply) and GATES[first.operation].pieces is not None:
            continue  # where(z > 0, a, b) jumps where z > 0 does
        condition = Apply("sub", part.arguments[:2]) if pieces.compares else first
        found[condition] = found.get(condition, False) or pieces.below == pieces.above
    return list(found.items())[:_MOST_CONDITIONS]


def _sides(
    condition: Expression, name: str, base: Points, thresholds: Sequence[Fraction], positive: frozenset[str]
) -> tuple[Mapping[str, Array], Mapping[str, Array]] | None:
    """The points on the low side and on the high side of each jump that is met along one name; None for no jump."""
    along = _values_of(base.columns[name], thresholds, positive=name in positive)
    rows = range(min(_ROWS, base.readable))
    grid = {other: np.repeat(column[: len(rows)], len(along)) for other, column in base.columns.items()}
    grid[name] = np.tile(along, len(rows))
    switch = _switch(condition, grid).reshape(len(rows), len(along))
    above = switch > 0
    row, place = np.nonzero(above[:, 1:] != above[:, :-1])
    if not len(row):
        return None
    chosen = np.unique(np.linspace(0, len(row) - 1, min(len(row), _MOST_JUMPS)).astype(int))
    row, place = row[chosen], place[chosen]
    fixed = {other: column[row] for other, column in base.columns.items()}
    low, high = along[place], along[place + 1]
    at_low, at_high = switch[row, place], switch[row, place + 1]
    low, high = _narrowed(lambda values: _switch(condition, {**fixed, name: values}), low, high, at_low, at_high)
    return {**fixed, name: low}, {**fixed, name: high}


def _narrowed(
    switch: Callable[[Array], Array], low: Array, high: Array, at_low: Array, at_high: Array
) -> tuple[Array, Array]:
    """Narrow brackets about the same jumps: at once where the switch is a straight line, else by bisection."""
    side, width = at_low > 0, (high - low) * 2.0**-_HALVINGS
    root = low + (high - low) * (at_low / (at_low - at_high))
    left, right = root - width, root + width
    if np.all((switch(left) > 0) == side) and np.all((switch(right) > 0) != side):
        return left, right
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        same = (switch(middle) > 0) == side
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return low - width, high + width


def _values_of(column: Array, thresholds: Sequence[Fraction], *, positive: bool) -> Array:
    """The values that a name is tried with, in order."""
    about = [float(side * factor * each) for each in thresholds for side in (1, -1) for factor in (0.75, 1.5)]
    values: Array = np.unique(np.concatenate([column[:24], column[-4:], [np.min(column), np.max(column)], about]))
    return values[values > 0] if positive else values


def _switch(condition: Expression, columns: Mapping[str, Array]) -> Array:
    values: Array = np.broadcast_to(evaluate(condition, columns), np.shape(next(iter(columns.values()))))
    return values


def _right_on(condition: Expression, name: str, beside: Mapping[str, Array]) -> list[Point]:
    """Points of short fractions beside which these are, at which the condition is exactly 0."""
    found: dict[Fraction, Point] = {}
    for row, near in enumerate(beside[name]):
        value = Fraction(float(near)).limit_denominator(_LARGEST_DENOMINATOR)
        if value in found or len(found) == _MOST_ON:
            continue
        point = {other: Fraction(repr(float(column[row]))) for other, column in beside.items()} | {name: value}
        if constant(rename(condition, {other: number(at) for other, at in point.items()})) == 0:
            found[value] = point
    return list(found.values())
