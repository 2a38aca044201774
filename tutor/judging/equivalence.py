"""Are two expressions the same function? Floats find the places to look at, high precision decides there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from tutor.engine.gates import GATES
from tutor.engine.precise import Work, WorkSpent
from tutor.engine.values import Value
from tutor.judging.first_look import ENOUGH_POINTS, FirstLook, Traits
from tutor.judging.points import (
    Point,
    Points,
    joined,
    own_point,
    points_about,
    sample_points,
    special_points,
    whole_points,
)
from tutor.judging.settling import Settled, Standing, settle
from tutor.language import Apply, Expression, Matrix, Name, walk

_MOST_UNUSABLE = 8
"""How many of the points are tried at which floats have no value."""


class Outcome(StrEnum):
    """What a comparison can end with."""

    SAME = "same"
    DIFFERENT = "different"
    UNDEFINED = "undefined"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How an answer stands to the truth, and the point that shows it.

    DIFFERENT: `yours` and `truth` are the values at `point`, `difference` their distance. UNDEFINED: `truth` is the
    value there, `part` the operation of the answer that fails when applied to `arguments`. SAME with a `point`: the
    answer also has a value there, `yours`, where the truth has none. UNDECIDED may be because it is `too_large`.
    """

    outcome: Outcome
    point: Mapping[str, float] = field(default_factory=dict)
    yours: float | None = None
    truth: float | None = None
    difference: float | None = None
    part: Apply | None = None
    arguments: tuple[float, ...] = ()
    too_large: bool = False


def compare(
    answer: Expression,
    truth: Expression,
    names: Iterable[str],
    positive: Iterable[str] = (),
    at: Mapping[str, Value] | None = None,
) -> Comparison:
    """Whether the answer equals the truth wherever the truth has a value.

    `names` are the variables, in the order in which a point is told; `positive` those that only take positive
    values; `at` the learner's own values, which are the first point tried.
    Raises ValueError for matrices and for gates that mix entries.
    """
    parts = [*walk(answer), *walk(truth)]
    if not all(map(_is_elementwise, parts)):
        raise ValueError("only elementwise gates on scalars can be compared at points")
    if answer == truth:
        return Comparison(Outcome.SAME)
    used = {part.name for part in parts if isinstance(part, Name)}
    ordered = tuple(dict.fromkeys([name for name in names if name in used] + sorted(used)))
    return _Comparing(answer, truth, Traits(parts), ordered, frozenset(positive), at).outcome()


def _is_elementwise(part: Expression) -> bool:
    """Whether a part is a number for numbers, computed entry by entry for arrays."""
    return GATES[part.operation].elementwise if isinstance(part, Apply) else not isinstance(part, Matrix)


class _Comparing:
    """One comparison under way: what has been settled so far, and the work that is left."""

    def __init__(
        self,
        answer: Expression,
        truth: Expression,
        traits: Traits,
        names: tuple[str, ...],
        positive: frozenset[str],
        at: Mapping[str, Value] | None,
    ) -> None:
        self.answer, self.truth = answer, truth
        self.names, self.positive = names, positive
        self.own = own_point(names, at)
        self.work = Work()
        self.traits = traits
        self.confirmed = 0
        self.unsettled = 0
        self.too_large = False

    def outcome(self) -> Comparison:
        """The comparison at the usual points; at many more where the truth has a value in few of those."""
        try:
            look = self._looked_at(self._points())
            if not look.enough and not self.traits.several_pieces:
                look = self._looked_at(self._points(dense=True))
            if not (self.names and self.traits.variable_power):
                return self._difference(look, look.suspects(self.traits)) or self._agreement(look)
            # Powers of negative numbers come and go: a hole in the answer at a few special points is no fault, as it
            # is none in x^2/x at 0. The readable points are special here: 0.4 + 1.6 is 2.
            special = self._looked_at(special_points(self.names, self.positive))
            no_holes = special.points.many if look.enough else 0
            return (
                self._difference(look, look.suspects(self.traits, holes_from=look.points.readable))
                or self._difference(special, special.suspects(self.traits, holes_from=no_holes))
                or self._agreement(look if look.enough else special)
            )
        except WorkSpent:
            return Comparison(Outcome.UNDECIDED, too_large=True)

    def _looked_at(self, points: Points) -> FirstLook:
        return FirstLook(points, self.answer, self.truth)

    def _points(self, *, dense: bool = False) -> Points:
        pieces = self.traits.several_pieces
        parts = [sample_points(self.names, self.positive, far=pieces, dense=pieces or dense)]
        if self.own is not None:
            parts.insert(0, self.own)
        if self.names and self.traits.thresholds:
            parts.append(points_about(self.names, self.positive, self.traits.thresholds))
        return joined(parts) if len(parts) > 1 else parts[0]

    def _difference(self, look: FirstLook, rows: Iterable[int]) -> Comparison | None:
        """The first of these rows that shows a difference."""
        for row in rows:
            settled = self._settle(look.points.exact(row), apart=True)
            if settled.standing is Standing.DIFFERENT:
                return self._different(look, row, settled)
            if settled.standing is Standing.UNDEFINED:
                return self._undefined(look.points.exact(row), settled)
            self.unsettled += settled.standing is Standing.UNKNOWN
        return None

    def _different(self, look: FirstLook, row: int, settled: Settled) -> Comparison:
        """The difference, at a readable point if it shows there too."""
        if row >= look.points.readable and look.both[: look.points.readable].any():
            readable = look.points.exact(int(look.both.argmax()))
            if there := self._shows(readable, Standing.DIFFERENT):
                return _shown(Outcome.DIFFERENT, readable, there)
        return _shown(Outcome.DIFFERENT, look.points.exact(row), settled)

    def _undefined(self, point: Point, settled: Settled) -> Comparison:
        """The same, at a point of whole numbers if that shows it too."""
        if self.own is None or point != self.own.exact(0):
            for simpler in whole_points(point):
                if there := self._shows(simpler, Standing.UNDEFINED):
                    return _shown(Outcome.UNDEFINED, simpler, there)
        return _shown(Outcome.UNDEFINED, point, settled)

    def _agreement(self, look: FirstLook) -> Comparison:
        """No difference was found: confirm that there is none where floats see none."""
        chosen, spare = look.to_confirm(self.traits)
        wanted = max(len(chosen), ENOUGH_POINTS if self.unsettled else 1)
        for row in dict.fromkeys([*chosen, *spare]):
            settled = self._settle(look.points.exact(row))
            if settled.standing is Standing.DIFFERENT:
                return self._different(look, row, settled)
            if settled.standing is Standing.UNDEFINED:
                return self._undefined(look.points.exact(row), settled)
            wanted -= settled.standing is Standing.SAME
            if not wanted:
                break
        seen = self.confirmed + len(look.agreeing)
        if self.confirmed and not self.names:
            return Comparison(Outcome.SAME)
        if seen < ENOUGH_POINTS or not self.confirmed:
            return self._last_resort(look)
        if self.unsettled and self.confirmed < ENOUGH_POINTS:
            return Comparison(Outcome.UNDECIDED, too_large=self.too_large)
        return self._same(look)

    def _last_resort(self, look: FirstLook) -> Comparison:
        """Points at which floats have no value, since they are too small or too large for them."""
        rows = np.flatnonzero(~look.usable)
        for row in rows[:: max(1, len(rows) // _MOST_UNUSABLE)]:
            settled = self._settle(look.points.exact(row))
            if settled.standing in _OUTCOMES:
                return _shown(_OUTCOMES[settled.standing], look.points.exact(row), settled)
        if self.confirmed >= ENOUGH_POINTS:
            return Comparison(Outcome.SAME)
        return Comparison(Outcome.UNDECIDED, too_large=self.too_large)

    def _same(self, look: FirstLook) -> Comparison:
        """The same; with a point where only the answer has a value, if there is one."""
        for row in look.wider[:1]:
            point = look.points.exact(row)
            for simpler in (*whole_points(point), point):
                if there := self._shows(simpler, Standing.WIDER):
                    return _shown(Outcome.SAME, simpler, there)
        return Comparison(Outcome.SAME)

    def _shows(self, point: Point, standing: Standing) -> Settled | None:
        """How they stand at a point that may be easier to read, if that is so and there is work left to see it."""
        try:
            settled = self._settle(point)
        except WorkSpent:
            return None
        return settled if settled.standing is standing else None

    def _settle(self, point: Point, *, apart: bool = False) -> Settled:
        settled = settle(self.answer, self.truth, point, self.work, apart=apart)
        self.confirmed += settled.standing is Standing.SAME
        self.too_large = self.too_large or settled.too_large
        return settled


_OUTCOMES = {Standing.DIFFERENT: Outcome.DIFFERENT, Standing.UNDEFINED: Outcome.UNDEFINED}


def _shown(outcome: Outcome, point: Point, settled: Settled) -> Comparison:
    readable = {name: float(value) for name, value in point.items()}
    return Comparison(
        outcome, readable, settled.yours, settled.truth, settled.difference, settled.part, settled.arguments
    )
