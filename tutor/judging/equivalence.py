"""Are two expressions the same function? Numbers decide, high precision settles what floats cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.precise import Ball, NoRealValue, NotSettled, Precisely, TooLarge
from tutor.engine.values import Array, Value
from tutor.judging.points import Points, sample_points
from tutor.language import Apply, Expression

_SAME_IN_FLOATS = 1e-9
_BITS = (192, 512, 1400)
_CONFIRMATIONS = 6


class Outcome(StrEnum):
    """What a comparison can end with."""

    SAME = "same"
    DIFFERENT = "different"
    UNDEFINED = "undefined"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How an answer stands to the truth, and the point that shows it where they differ.

    `yours` and `truth` are the values at `point`; `yours` is None where the answer has none there, and `part` is
    then the operation that fails, `arguments` what it is applied to.
    """

    outcome: Outcome
    point: Mapping[str, float] = field(default_factory=dict)
    yours: float | None = None
    truth: float | None = None
    part: Apply | None = None
    arguments: tuple[float, ...] = ()


def compare(
    answer: Expression,
    truth: Expression,
    names: Iterable[str],
    positive: Iterable[str] = (),
    at: Mapping[str, Value] | None = None,
) -> Comparison:
    """Whether the answer equals the truth wherever the truth has a value.

    `names` are the variables, `positive` those that only take positive values, `at` the learner's own values.
    Elementwise gates on scalars only: raises ValueError for others.
    """
    if answer == truth:
        return Comparison(Outcome.SAME)
    own = None if at is None else {n: Fraction(v) for n, v in at.items() if isinstance(v, float | int)}
    points = sample_points(tuple(names), tuple(positive), own)
    return _Comparing(answer, truth, points).outcome()


class _Comparing:
    """One comparison under way."""

    def __init__(self, answer: Expression, truth: Expression, points: Points) -> None:
        self.answer = answer
        self.truth = truth
        self.points = points

    def outcome(self) -> Comparison:
        """Candidates for a difference first, the most readable one first; then a confirmation."""
        mine, theirs = self._floats(self.answer), self._floats(self.truth)
        usable = np.isfinite(theirs)
        gap = np.abs(mine - theirs)
        same = usable & (gap <= _SAME_IN_FLOATS * np.maximum(np.abs(mine), np.abs(theirs)))
        suspects = np.flatnonzero(usable & ~same)
        tried = 0
        settled_same = 0
        for row in suspects[:_CONFIRMATIONS]:
            found = self._settled(int(row))
            tried += 1
            if found is not None and found.outcome is not Outcome.SAME:
                return found
            settled_same += found is not None
        agreeing = np.flatnonzero(same)
        rest = [*agreeing[self.points.readable // 2 :], *agreeing] if len(agreeing) else np.flatnonzero(~usable)
        for row in list(rest)[:_CONFIRMATIONS]:
            found = self._settled(int(row))
            if found is not None:
                if found.outcome is not Outcome.SAME:
                    return found
                settled_same += 1
                if settled_same and (len(agreeing) > 3 or settled_same > 3):
                    return found
        return Comparison(Outcome.SAME if settled_same > 3 else Outcome.UNDECIDED)

    def _floats(self, expression: Expression) -> Array:
        with np.errstate(all="ignore"):
            values = evaluate(expression, self.points.columns)
        many = len(self.points.exact)
        column: Array = np.broadcast_to(np.asarray(values, dtype=np.float64), (many,))
        return column

    def _settled(self, row: int) -> Comparison | None:
        """The comparison at one point in high precision; None where it cannot be told, or the truth has no value."""
        point = self.points.exact[row]
        for bits in _BITS:
            try:
                precisely = Precisely(bits)
                theirs = precisely.ball(self.truth, point)
            except NotSettled:
                continue
            except (NoRealValue, TooLarge):
                return None
            readable = {name: float(value) for name, value in point.items()}
            try:
                mine = precisely.ball(self.answer, point)
            except NotSettled:
                continue
            except NoRealValue as failure:
                value = _float(precisely, theirs)
                return Comparison(Outcome.UNDEFINED, readable, None, value, failure.part, failure.values)
            except TooLarge:
                return None
            if _apart(precisely, mine, theirs):
                return Comparison(Outcome.DIFFERENT, readable, _float(precisely, mine), _float(precisely, theirs))
            if precisely.hidden < bits // 2:
                return Comparison(Outcome.SAME)
        return None


def _apart(precisely: Precisely, mine: Ball, theirs: Ball) -> bool:
    if mine.is_exact and theirs.is_exact:
        return bool(mine.value != theirs.value)
    gap = abs(precisely.number(mine) - precisely.number(theirs))
    return bool(
        gap
        > 4 * (mine.radius + theirs.radius) + precisely.context.ldexp(abs(precisely.number(mine)), 8 - precisely.bits)
    )


def _float(precisely: Precisely, ball: Ball) -> float:
    return float(precisely.number(ball))
