"""Are two expressions the same function? Floats find the places to look at, high precision decides there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

import numpy as np

from tutor.engine.enclosure import WorkBudget, WorkSpent
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES
from tutor.engine.values import Value
from tutor.judging.high_precision import PointStatus, Settled, reason, settle
from tutor.judging.numbers import judge_number
from tutor.judging.precision import is_decimal, significant_digits, slack, written
from tutor.judging.sample_points import (
    Point,
    Points,
    joined,
    own_point,
    points_about,
    rounded_points,
    sample_points,
    special_points,
    whole_points,
)
from tutor.judging.screening import ENOUGH_POINTS, Jump, Screening, Traits, jumps_of, off_jumps
from tutor.judging.shapes import equality, wrong_shape
from tutor.judging.verdict import Kind, Verdict, remark, right, undecided, unreadable, wrong
from tutor.language import Apply, Expression, Matrix, Name, Number, names_in, show, walk

_MOST_UNUSABLE = 8
"""How many of the points are tried at which floats have no value."""


class Equivalence(StrEnum):
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

    outcome: Equivalence
    point: Mapping[str, float] = field(default_factory=dict)
    yours: float | None = None
    truth: float | None = None
    difference: float | None = None
    part: Apply | None = None
    arguments: tuple[float, ...] = ()
    too_large: bool = False
    at_jump: bool = False
    """SAME but at the `point`, which is right on a jump: both have a value there, and the values differ."""


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
    if mixes_entries(answer) or mixes_entries(truth):
        raise ValueError("only elementwise gates on scalars can be compared at points")
    if answer == truth:
        return Comparison(Equivalence.SAME)
    used = {part.name for part in parts if isinstance(part, Name)}
    ordered = tuple(dict.fromkeys([name for name in names if name in used] + sorted(used)))
    return _Comparing(answer, truth, Traits(parts), ordered, frozenset(positive), at).outcome()


def mixes_entries(expression: Expression) -> str:
    """Why an expression cannot be compared number by number; "" where it can."""
    for part in walk(expression):
        if isinstance(part, Matrix) and part.shape == (1,):
            return "Square brackets make a vector of one entry. Write round brackets ( ) around what belongs together."
        if isinstance(part, Matrix) or (isinstance(part, Apply) and not GATES[part.operation].elementwise):
            return f"Names stand for numbers here, and {show(part)} is for arrays."
    return ""


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
        self.work = WorkBudget()
        self.traits = traits
        self.confirmed = 0
        self.unsettled = 0
        self.too_large = False
        self.jumps: tuple[Jump, ...] = ()

    def outcome(self) -> Comparison:
        """The comparison at all points; what is the same away from the jumps is then looked at right on them."""
        found = self._away_from_jumps()
        return self._on_jumps(found) if found.outcome is Equivalence.SAME and self.jumps else found

    def _on_jumps(self, found: Comparison) -> Comparison:
        """The same, unless the value right on a jump is what a comparison is about, as in a == b."""
        differing: Comparison | None = None
        for jump in self.jumps:
            if differing is not None and not jump.is_spike:
                continue
            if (there := self._shows(jump.point, PointStatus.DIFFERENT)) is not None:
                if jump.is_spike:
                    return _shown(Equivalence.DIFFERENT, jump.point, there)
                differing = differing or replace(_shown(Equivalence.SAME, jump.point, there), at_jump=True)
            elif jump.is_spike and (there := self._shows(jump.point, PointStatus.UNDEFINED)) is not None:
                return _shown(Equivalence.UNDEFINED, jump.point, there)
        return differing or found

    def _away_from_jumps(self) -> Comparison:
        """The comparison at the usual points; at many more where the truth has a value in few of those."""
        try:
            look = self._looked_at(self._points())
            if not look.enough and not self.traits.several_pieces:
                look = self._looked_at(self._points(dense=True))
            if not (self.names and self.traits.variable_power):
                return self._difference(look, look.suspects(self.traits)) or self._agreement(look)
            # Powers of negative numbers come and go: a hole in the answer at a few special points is no fault, as it
            # is none in x^2/x at 0. The readable points are special here: 0.4 + 1.6 is 2.
            special = self._looked_at(off_jumps(self.traits.choosing, special_points(self.names, self.positive)))
            no_holes = special.points.many if look.enough else 0
            return (
                self._difference(look, look.suspects(self.traits, holes_from=look.points.readable))
                or self._difference(special, special.suspects(self.traits, holes_from=no_holes))
                or self._agreement(look if look.enough else special)
            )
        except WorkSpent:
            return Comparison(Equivalence.UNDECIDED, too_large=True)

    def _looked_at(self, points: Points) -> Screening:
        return Screening(points, self.answer, self.truth)

    def _points(self, *, dense: bool = False) -> Points:
        pieces = self.traits.several_pieces
        parts = [sample_points(self.names, self.positive, far=pieces, dense=pieces or dense)]
        if self.own is not None:
            parts.insert(0, self.own)
        if self.names and self.traits.thresholds:
            parts.append(points_about(self.names, self.positive, self.traits.thresholds))
        if self.names and self.traits.choosing:
            base = joined(parts)
            beside, self.jumps = jumps_of(self.traits.choosing, base, self.traits.thresholds, self.positive)
            parts += [] if beside is None else [beside]
            return off_jumps(self.traits.choosing, joined(parts))
        return joined(parts) if len(parts) > 1 else parts[0]

    def _difference(self, look: Screening, rows: Iterable[int]) -> Comparison | None:
        """The first of these rows that shows a difference."""
        for row in rows:
            settled = self._settle(look.points.exact(row), apart=True)
            if settled.standing is PointStatus.DIFFERENT:
                return self._different(look, row, settled)
            if settled.standing is PointStatus.UNDEFINED:
                return self._undefined(look.points.exact(row), settled)
            self.unsettled += settled.standing is PointStatus.UNKNOWN
        return None

    def _different(self, look: Screening, row: int, settled: Settled) -> Comparison:
        """The difference, at a readable point if it shows there too."""
        if row >= look.points.readable and look.both[: look.points.readable].any():
            readable = look.points.exact(int(look.both.argmax()))
            if there := self._shows(readable, PointStatus.DIFFERENT):
                return _shown(Equivalence.DIFFERENT, readable, there)
        if row >= look.points.readable and self.traits.choosing:
            # A point just beside a jump reads as if it were on it.
            for simpler in rounded_points(look.points.exact(row)):
                if there := self._shows(simpler, PointStatus.DIFFERENT):
                    return _shown(Equivalence.DIFFERENT, simpler, there)
        return _shown(Equivalence.DIFFERENT, look.points.exact(row), settled)

    def _undefined(self, point: Point, settled: Settled) -> Comparison:
        """The same, at a point of whole numbers if that shows it too."""
        if self.own is None or point != self.own.exact(0):
            for simpler in whole_points(point):
                if there := self._shows(simpler, PointStatus.UNDEFINED):
                    return _shown(Equivalence.UNDEFINED, simpler, there)
        return _shown(Equivalence.UNDEFINED, point, settled)

    def _agreement(self, look: Screening) -> Comparison:
        """No difference was found: confirm that there is none where floats see none."""
        chosen, spare = look.to_confirm(self.traits)
        wanted = max(len(chosen), ENOUGH_POINTS if self.unsettled else 1)
        for row in dict.fromkeys([*chosen, *spare]):
            settled = self._settle(look.points.exact(row))
            if settled.standing is PointStatus.DIFFERENT:
                return self._different(look, row, settled)
            if settled.standing is PointStatus.UNDEFINED:
                return self._undefined(look.points.exact(row), settled)
            wanted -= settled.standing is PointStatus.SAME
            if not wanted:
                break
        seen = self.confirmed + len(look.agreeing)
        if self.confirmed and not self.names:
            return Comparison(Equivalence.SAME)
        if seen < ENOUGH_POINTS or not self.confirmed:
            return self._last_resort(look)
        if self.unsettled and self.confirmed < ENOUGH_POINTS:
            return Comparison(Equivalence.UNDECIDED, too_large=self.too_large)
        return self._same(look)

    def _last_resort(self, look: Screening) -> Comparison:
        """Points at which floats have no value, since they are too small or too large for them."""
        rows = np.flatnonzero(~look.usable)
        for row in rows[:: max(1, len(rows) // _MOST_UNUSABLE)]:
            settled = self._settle(look.points.exact(row))
            if settled.standing in _OUTCOMES:
                return _shown(_OUTCOMES[settled.standing], look.points.exact(row), settled)
        if self.confirmed >= ENOUGH_POINTS:
            return Comparison(Equivalence.SAME)
        return Comparison(Equivalence.UNDECIDED, too_large=self.too_large)

    def _same(self, look: Screening) -> Comparison:
        """The same; with a point where only the answer has a value, if there is one."""
        for row in look.wider[:1]:
            point = look.points.exact(row)
            for simpler in (*whole_points(point), point):
                if there := self._shows(simpler, PointStatus.WIDER):
                    return _shown(Equivalence.SAME, simpler, there)
        return Comparison(Equivalence.SAME)

    def _shows(self, point: Point, standing: PointStatus) -> Settled | None:
        """How they stand at a point that may be easier to read, if that is so and there is work left to see it."""
        try:
            settled = self._settle(point)
        except WorkSpent:
            return None
        return settled if settled.standing is standing else None

    def _settle(self, point: Point, *, apart: bool = False) -> Settled:
        settled = settle(self.answer, self.truth, point, self.work, apart=apart)
        self.confirmed += settled.standing is PointStatus.SAME
        self.too_large = self.too_large or settled.too_large
        return settled


_OUTCOMES = {PointStatus.DIFFERENT: Equivalence.DIFFERENT, PointStatus.UNDEFINED: Equivalence.UNDEFINED}


def _shown(outcome: Equivalence, point: Point, settled: Settled) -> Comparison:
    readable = {name: float(value) for name, value in point.items()}
    return Comparison(
        outcome, readable, settled.yours, settled.truth, settled.difference, settled.part, settled.arguments
    )


_DIGITS = (4, 6, 9, 12, 16)
"""How many significant digits are shown: as many as it takes to tell two values apart."""

_ALIKE = 1e-9
"""Relative difference up to which two values at a point are the same."""

_DIGITS_OF_A_FLOAT, _ROUNDING_OF_A_FLOAT = 14, 1e-13


def judge_expression(
    answer: Expression,
    truth: Expression,
    names: Iterable[str],
    positive: Iterable[str] = (),
    at: Mapping[str, Value] | None = None,
    form: Callable[[Expression], str] | None = None,
    called: str = "function",
) -> Verdict:
    """The verdict on an expression in `names`; those in `positive` only take positive values.

    `at` holds the learner's own values, which are among the points tried. `form` says what is wrong with the form
    of an answer whose value is right, or "". Such an answer is undecided, its mistake called "form". `called` is
    what the truth is to the learner.
    Raises ValueError for truths and answers with gates that mix entries (see `mixes_entries`).
    """
    if isinstance(answer, Matrix):
        return unreadable(wrong_shape(answer.shape, ()))
    if (said := equality(answer)) and not any(isinstance(part, Apply) and _is_spike(part) for part in walk(truth)):
        return unreadable(said)
    verdict = _judged(answer, truth, tuple(names), tuple(positive), at, called)
    if verdict.accepted and form is not None and (objection := form(answer)):
        return Verdict(Kind.UNDECIDED, objection, mistake="form")
    return verdict


def _is_spike(part: Apply) -> bool:
    """Whether what counts is the value right on the jump, as in a == b."""
    pieces = GATES[part.operation].pieces
    return pieces is not None and pieces.below == pieces.above


def _judged(
    answer: Expression,
    truth: Expression,
    names: tuple[str, ...],
    positive: tuple[str, ...],
    at: Mapping[str, Value] | None,
    called: str,
) -> Verdict:
    # A decimal that the truth holds too is no rounded one.
    exact = {part.value for part in walk(truth) if isinstance(part, Number)}
    numbers = [part for part in walk(answer) if isinstance(part, Number) and part.value not in exact]
    decimals = [number for number in numbers if is_decimal(number)]
    found = compare(answer, truth, names, positive, at)
    if decimals and found.outcome is Equivalence.DIFFERENT:
        if not found.point and not names_in(truth):
            return judge_number(answer, evaluate(truth, {}), {})
        if min(map(significant_digits, decimals)) >= 2 and _only_rounded(answer, truth, exact, names, positive):
            return undecided(
                "This looks like the right expression with rounded decimals. Decimals count exactly as written "
                "here: give a fraction or an exact form, such as 2/3 or sqrt(2)."
            )
    if found.outcome is Equivalence.DIFFERENT and _is_float(truth, found):
        return right()
    return _of(found, called)


def _is_float(truth: Expression, found: Comparison) -> bool:
    """Whether a truth is a number with all its digits, and the answer the number that this is a rounding of."""
    if not isinstance(truth, Number) or significant_digits(truth) < _DIGITS_OF_A_FLOAT or found.difference is None:
        return False
    return found.difference <= _ROUNDING_OF_A_FLOAT * abs(truth.value)


def _only_rounded(
    answer: Expression, truth: Expression, exact: Set[Fraction], names: tuple[str, ...], positive: tuple[str, ...]
) -> bool:
    """Whether the rounding of its decimals explains everywhere how far an answer is off."""
    used = {*names_in(answer), *names_in(truth)}
    points = sample_points(tuple(name for name in names if name in used), frozenset(positive))
    traits = Traits([*walk(answer), *walk(truth)])
    beside, _ = jumps_of(traits.choosing, points, traits.thresholds, frozenset(positive))
    columns = points.columns if beside is None else joined([points, beside]).columns
    with np.errstate(all="ignore"):
        mine, theirs = evaluate(answer, columns), evaluate(truth, columns)
        gap = np.abs(np.subtract(mine, theirs))
        play = np.broadcast_to(slack(answer, columns, exact), np.shape(gap))
        seen = np.isfinite(theirs) & np.isfinite(mine) & np.isfinite(play)
        return bool(np.any(seen) and np.all((gap <= 1.01 * play) | (gap <= 1e-12 * np.abs(theirs)), where=seen))


def _of(found: Comparison, called: str) -> Verdict:
    match found.outcome:
        case Equivalence.SAME if found.at_jump:
            assert found.yours is not None and found.truth is not None
            values = f"yours gives {written(found.yours, 4)}, the {called} {written(found.truth, 4)}"
            return remark(f"The two agree except at the jump itself: at {_where(found)} {values}. Both are accepted.")
        case Equivalence.SAME if found.point:
            only = f"At {_where(found)} only yours has one; that does not count against you."
            return remark(f"The two agree wherever the {called} has a value. {only}")
        case Equivalence.SAME:
            return right()
        case Equivalence.DIFFERENT:
            return wrong(_difference(found))
        case Equivalence.UNDEFINED:
            assert found.truth is not None and found.part is not None
            at = f"At {_where(found)} the {called}" if found.point else f"The {called}"
            return wrong(f"{at} is {written(found.truth, 3)}, but {reason(found.part, found.arguments)}.")
        case _ if found.too_large:
            return undecided("This is too large, or takes too long to compute, so it was not judged.")
        case _:
            return undecided("This could not be decided. Try writing it another way.")


def difference_at(answer: Expression, truth: Expression, points: Iterable[Mapping[str, float]]) -> str:
    """A sentence on the first of these points at which two expressions differ; "" where they agree at all."""
    for point in points:
        with np.errstate(all="ignore"):
            mine, theirs = float(evaluate(answer, point)), float(evaluate(truth, point))
        if not np.isfinite(mine):
            where = _where(Comparison(Equivalence.DIFFERENT, point))
            return f"At {where} yours has no value; it should be {written(theirs, _DIGITS[0])}."
        if abs(mine - theirs) > _ALIKE * max(abs(mine), abs(theirs)):
            return _difference(Comparison(Equivalence.DIFFERENT, point, mine, theirs, abs(mine - theirs)))
    return ""


def _difference(found: Comparison) -> str:
    """`At x = 1.3 yours gives 2.6; it should be 3.38.`"""
    assert found.yours is not None and found.truth is not None
    yours = f"At {_where(found)} yours" if found.point else "Yours"
    for digits in _DIGITS:
        mine, theirs = written(found.yours, digits), written(found.truth, digits)
        if mine != theirs:
            return f"{yours} gives {mine}; it should be {theirs}."
    much = f"by {written(found.difference, 2)}" if found.difference else "by too little to write out"
    return f"{yours} and the correct value differ {much}."


def _where(found: Comparison) -> str:
    """`x = 1.3, y = -2`."""
    return ", ".join(f"{name} = {written(value, 6)}" for name, value in found.point.items())
