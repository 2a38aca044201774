"""A first look at two expressions, in floats: where they may differ, and what it takes to be sure.

For expressions with gates that choose (`Gate.pieces`) also the points at the jumps: just beside them, where one that is
a little off shows, and right on them. A jump is where the gate's switch (a - b for a > b) changes its sign; it is
looked for along one name at a time, from readable points, by bisection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tutor.engine.evaluate import constant, evaluate, number
from tutor.engine.gates import GATES
from tutor.engine.values import Array
from tutor.judging.sample_points import Point, Points, selected
from tutor.language import Apply, Expression, Number, names_in
from tutor.language.tree import rename

_SAME_IN_FLOATS = 1e-9
_CLEARLY_DIFFERENT = 1e-6

_NOISE = 1e-12
"""Values smaller than this may be left of a zero."""

ENOUGH_POINTS = 3
"""At how many points at least two functions have to agree, to be called the same."""

_MOST_APART, _MOST_MISSING, _MOST_DOUBTFUL = 8, 6, 4
_MOST_CONFIRMED, _MOST_COVERING, _MOST_THRESHOLDS = 6, 8, 6


class Traits:
    """What it takes to compare two expressions: do they have kinks, pieces, powers with a variable exponent?"""

    def __init__(self, parts: Iterable[Expression]) -> None:
        self.kinked: list[Apply] = []
        self.choosing: list[Apply] = []
        self.variable_power = False
        self.several_pieces = False
        """Whether one formula does not serve everywhere: |x| is x and -x, and so is the root of x^2."""

        numbers: dict[Fraction, None] = {}
        for part in parts:
            if isinstance(part, Number) and part.value:
                numbers[abs(part.value)] = None
            elif isinstance(part, Apply):
                whole = part.operation == "pow" and _is_whole(part.arguments[1])
                self.variable_power |= part.operation == "pow" and bool(names_in(part.arguments[1]))
                self.several_pieces |= part.operation in ("ln", "sqrt", "pow") and not whole
                if GATES[part.operation].kinks is not None:
                    self.kinked.append(part)
                elif GATES[part.operation].pieces is not None:
                    self.choosing.append(part)
        changes = bool(self.kinked or self.choosing)
        self.several_pieces |= changes
        self.thresholds = tuple(numbers)[:_MOST_THRESHOLDS] if changes else ()

    def sides(self, columns: Mapping[str, Array], many: int) -> NDArray[np.bool_]:
        """On which side of each name's 0, of each kink and of each jump every row is: booleans, (many, sides)."""
        sides = [column > 0 for column in columns.values()]
        with np.errstate(all="ignore"):
            for part in self.kinked:
                first, *others = (evaluate(argument, columns) for argument in part.arguments)
                sides.append(np.broadcast_to(np.greater(first, others[0] if others else 0.0), (many,)))
            for part in self.choosing:
                pieces = GATES[part.operation].pieces
                other = evaluate(part.arguments[1], columns) if pieces is not None and pieces.compares else 0.0
                above = np.greater(evaluate(part.arguments[0], columns), other)
                sides.append(np.broadcast_to(above, (many,)))
        return np.stack(sides, axis=1)


def _is_whole(exponent: Expression) -> bool:
    return isinstance(exponent, Number) and exponent.value.denominator == 1


class Screening:
    """Both expressions at all points in floats, and the rows sorted by what is seen there."""

    def __init__(self, points: Points, answer: Expression, truth: Expression) -> None:
        self.points = points
        self.mine, self.theirs = _column(answer, points), _column(truth, points)
        with np.errstate(all="ignore"):
            gap = np.abs(self.mine - self.theirs)
            size = np.maximum(np.abs(self.mine), np.abs(self.theirs))
            self.gap: Array = np.where(gap == 0, 0.0, gap / size)
        self.usable = np.isfinite(self.theirs)
        self.enough = not points.columns or np.count_nonzero(self.usable) >= ENOUGH_POINTS
        self.both = self.usable & np.isfinite(self.mine)

    @cached_property
    def agreeing(self) -> list[int]:
        """Where floats see no difference."""
        return _rows(self.both & (self.gap <= _SAME_IN_FLOATS))

    @property
    def missing(self) -> list[int]:
        """Where only the truth has a value."""
        return _rows(self.usable & ~self.both)

    @property
    def wider(self) -> list[int]:
        """Where only the answer has a value."""
        return _rows(~self.usable & np.isfinite(self.mine))

    @property
    def doubtful(self) -> list[int]:
        """Where the difference may be one of rounding."""
        return _rows(self.both & (self.gap > _SAME_IN_FLOATS) & (self.gap <= _CLEARLY_DIFFERENT))

    @property
    def apart(self) -> list[int]:
        """Where the values differ, the easiest to read first: not large, not tiny, not the same when rounded.

        Last come those that may be nothing but what float arithmetic left of a zero.
        """
        rows = np.flatnonzero(self.both & (self.gap > _CLEARLY_DIFFERENT))
        size = np.maximum(np.abs(self.mine[rows]), np.abs(self.theirs[rows]))
        hard = (self.gap[rows] < 0.01) | (size > 10_000) | (size < 0.01)
        order = np.lexsort((rows, hard, rows >= self.points.readable, size < _NOISE))
        return _listed(rows[order])

    def suspects(self, traits: Traits, holes_from: int = 0) -> Iterator[int]:
        """Where there may be a difference: in values, in having one, or one too small for floats.

        Some rows of each kind, and those on all sides of all kinks. Where only the truth has a value, rows before
        `holes_from` do not count.
        """
        yield from self._some(traits, self.apart, _MOST_APART)
        yield from self._some(traits, [row for row in self.missing if row >= holes_from], _MOST_MISSING)
        yield from self._some(traits, self.doubtful, _MOST_DOUBTFUL)

    def _some(self, traits: Traits, rows: list[int], most: int) -> Iterator[int]:
        yield from rows[:most]
        if len(rows) > most and traits.several_pieces:
            yield from _covering(traits.sides(self.points.columns, self.points.many), rows[most:])

    def to_confirm(self, traits: Traits) -> tuple[list[int], list[int]]:
        """Where floats see no difference, which rows are to be looked at again; and spare ones.

        One serves where there is one formula: where floats are nearest to a difference. Else there is one on every
        side of every kink.
        """
        # Readable points are special: (x - 1.3) y and (x - 1.3) z agree at 1.3. So are zeros.
        generic = [row for row in self.agreeing if row >= self.points.readable] or self.agreeing
        telling = [row for row in generic if self.theirs[row]] or generic
        if not telling:
            return [], []
        spare = [generic[i * len(generic) // _MOST_CONFIRMED] for i in range(_MOST_CONFIRMED)]
        chosen = [max(telling, key=lambda row: float(self.gap[row]))]
        if traits.several_pieces and self.points.columns:
            chosen += _covering(traits.sides(self.points.columns, self.points.many), telling)
        return list(dict.fromkeys(chosen)), spare


def _rows(mask: NDArray[np.bool_]) -> list[int]:
    return _listed(np.flatnonzero(mask))


def _listed(rows: NDArray[np.intp]) -> list[int]:
    listed: list[int] = rows.tolist()
    return listed


def _covering(sides: NDArray[np.bool_], rows: list[int]) -> list[int]:
    """Some of these rows, which together are on every side that any of them is on; then others of other sides."""
    seen = sides[rows]
    above, below = np.any(seen, axis=0), np.any(~seen, axis=0)  # which sides are still to be covered
    chosen: list[int] = []
    while np.any(above | below) and len(chosen) < _MOST_COVERING:
        best = int(np.argmax(seen @ above.astype(int) + ~seen @ below.astype(int)))
        above, below = above & ~seen[best], below & seen[best]
        chosen.append(best)
    for best in np.unique(seen, axis=0, return_index=True)[1]:
        if len(chosen) < _MOST_COVERING and best not in chosen:
            chosen.append(int(best))
    return [rows[best] for best in chosen]


def _column(expression: Expression, points: Points) -> Array:
    values = np.asarray(evaluate(expression, points.columns), dtype=np.float64)
    column: Array = np.broadcast_to(values, (points.many,))
    return column


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
