"""Every wrong derivative that one slip leads to, at sample points, and which of them an answer is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES
from tutor.engine.symbolic_backward import slope
from tutor.engine.values import Array, Value
from tutor.judging.sample_points import sample_points
from tutor.language import Apply, Expression, Name, show
from tutor.questions.derivative.equations import Equations
from tutor.questions.derivative.slips import SLIPS, WrongRule
from tutor.questions.derivative.tape import Spot, Tape
from tutor.questions.inflect import listed

_ENOUGH = 6
"""Points at which an answer and a wrong derivative must both have a value."""

_SAME = 1e-9

_SAYS_BETTER = {
    "lost_inner": ("dropped_factor", "lost_minus"),
    "link_missing": ("dropped_factor", "lost_minus", "lost_inner"),
    "term_missing": ("factor_to_zero",),
    "last_step_only": ("inner_only",),
}
"""Of two names for one answer, the one that says it better -> the others."""


@dataclass(frozen=True, slots=True)
class DerivativeCandidate:
    """A wrong derivative: its name, its values at the points, and what to say. The lowest rank is named first."""

    key: str
    values: Array
    says: str
    rank: int = 1


@dataclass(frozen=True, slots=True)
class DerivativeQuery:
    """What is asked: the derivative `of` by `by`; the names in `keep` stand for themselves."""

    equations: Equations
    of: str
    by: str
    keep: frozenset[str]
    base: tuple[str, ...]
    """The names that the function is written in, once all others are put in."""

    positive: tuple[str, ...] = ()

    @property
    def function(self) -> Expression:
        """The function in its base names."""
        return self.equations.of(Name(self.of), self.keep)


class Candidates:
    """The wrong derivatives of one function."""

    def __init__(self, asked: DerivativeQuery, at: Mapping[str, Value] | None = None) -> None:
        """`at` is a point to stand before all others."""
        self._asked = asked
        columns = sample_points(asked.base, frozenset(asked.positive)).columns
        self.columns: dict[str, Value] = {
            name: np.concatenate([[float(at[name])], column]) if at else column for name, column in columns.items()
        }
        with np.errstate(all="ignore"):
            self._tape = Tape(asked.equations, asked.of, asked.by, asked.keep, self.columns)
            self.found = [one for one in self._all() if not _same(one.values, self._tape.right)]

    def of(self, answer: Expression) -> list[DerivativeCandidate]:
        """The wrong derivatives that an answer, written in base names, is at all points."""
        of = self._asked.of
        with np.errstate(all="ignore"):
            values = self._over(evaluate(answer, self.columns))
            found = [one for one in self.found if _same(values, one.values)]
            if not found and self._integrates(answer):
                says = f"That is the integral: its slope is {of}. What is the slope of {of} itself?"
                found = [DerivativeCandidate("integrated", values, says)]
        return named(found)

    def like(self, one: DerivativeCandidate) -> list[DerivativeCandidate]:
        """All that have the same values."""
        return [other for other in self.found if _same(one.values, other.values)]

    def _integrates(self, answer: Expression) -> bool:
        back = slope(answer, self._asked.by)
        if back is None:
            return False
        return _same(self._over(evaluate(back, self.columns)), self._tape.spots[self._tape.root].value)

    def _over(self, values: Value) -> Array:
        return np.broadcast_to(values, self._tape.right.shape)

    def _all(self) -> Iterator[DerivativeCandidate]:
        yield from self._by_rule(self._tape)
        yield from self._along_paths()
        yield from self._as_sigmoid()
        yield from self._in_general()

    def _as_sigmoid(self) -> Iterator[DerivativeCandidate]:
        """Where the function is a sigmoid written out: the slips with the rule for that one."""
        asked, tape = self._asked, self._tape
        itself = Apply("sigmoid", (Name(asked.by),))
        if (
            asked.base == (asked.by,)
            and asked.function != itself
            and _same(tape.spots[tape.root].value, self._over(evaluate(itself, self.columns)))
        ):
            whole = Equations({asked.of: itself}, (asked.by,), {})
            yield from self._by_rule(Tape(whole, asked.of, asked.by, frozenset(), self.columns))

    def _by_rule(self, tape: Tape) -> Iterator[DerivativeCandidate]:
        """A wrong rule at one operation, or at all it applies to."""
        for slip in SLIPS:
            places = tape.places(slip.wrong)
            told = {place: self._sentence(slip, tape, place) for place in places}
            for place in places:
                yield DerivativeCandidate(slip.key, tape.slope(place, slip.wrong), told[place], slip.rank)
            if len(places) > 1:
                yield DerivativeCandidate(slip.key, tape.slope(-1, slip.wrong), told[places[0]], slip.rank)

    def _sentence(self, slip: WrongRule, tape: Tape, place: int) -> str:
        spot = tape.spots[place]
        return _filled(slip.says, spot, [tape.spots[argument] for argument in spot.arguments], self._asked.by)

    def _along_paths(self) -> Iterator[DerivativeCandidate]:
        """What becomes of the names between the function and its variable."""
        asked, tape = self._asked, self._tape
        of, by = asked.of, asked.by
        between = [name for name in asked.equations.under(of) if self._is_between(name)]
        places = {name: place for name in sorted(between) if (place := tape.place_of(name)) is not None}
        for name, place in places.items():
            says = f"The path through {name} is missing: {name} changes with {by} too. What does that do to {of}?"
            yield DerivativeCandidate("path_missing", tape.slope(given={place: 0.0}), says, 0)
            yield DerivativeCandidate("link_missing", tape.slope(given={place: 1.0}), _link(of, [name], by))
        if len(places) > 1:
            every = dict.fromkeys(places.values(), 1.0)
            yield DerivativeCandidate("link_missing", tape.slope(given=every), _link(of, list(places), by))
        yield from self._over_paths()

    def _over_paths(self) -> Iterator[DerivativeCandidate]:
        """Paths put together in the wrong way."""
        asked, tape = self._asked, self._tape
        of, by = asked.of, asked.by
        inside = [name for name in asked.equations.uses(of) if name == by or self._is_between(name)]
        if not any(self._is_between(name) for name in inside):
            return
        outer, inner = [], []
        for name in inside:
            outer.append(tape.by_name(name, tuple(other for other in inside if other != name)))
            inner.append(tape.slope_of(name))
        paths = [one * two for one, two in zip(outer, inner, strict=True)]
        says = f"Along a path from {by} to {of} the slopes were added. What do slopes along one path do?"
        yield DerivativeCandidate("added_along", sum(outer, np.zeros(1)) + sum(inner, np.zeros(1)), says)
        for name, one in zip(inside, outer, strict=True):
            if len(inside) > 1 and name != by:
                says = f"That is only ∂{of}/∂{name}, one step of one path. Which paths lead from {by} to {of}?"
                yield DerivativeCandidate("first_step_only", one, says)
        for name, one in zip(inside, inner, strict=True):
            if name != by:
                says = f"That is how fast {name} moves with {by}. How fast does {of} move with {name}?"
                yield DerivativeCandidate("last_step_only", one, says)
        if len(paths) > 1:
            says = f"The paths from {by} to {of} were multiplied. Each adds its own share: what is their sum?"
            yield DerivativeCandidate("paths_multiplied", np.prod(paths, axis=0), says, 0)
            says = f"One path from {by} to {of} was subtracted from the other. What do paths do?"
            yield DerivativeCandidate("paths_subtracted", paths[0] - sum(paths[1:], np.zeros(1)), says, 0)

    def _is_between(self, name: str) -> bool:
        asked = self._asked
        if name in asked.keep or name not in asked.equations.meanings:
            return False
        return asked.by in asked.equations.under(name)

    def _in_general(self) -> Iterator[DerivativeCandidate]:
        asked, tape = self._asked, self._tape
        of, by, right = asked.of, asked.by, tape.right
        value = tape.spots[tape.root].value
        if not tape.spots[tape.root].varies:
            says = f"{of} does not move when {by} does. What slope is that?"
            yield DerivativeCandidate("kept_constant", value, says)
            yield DerivativeCandidate("constant_to_one", np.ones_like(value), says)
        yield DerivativeCandidate(
            "function_itself", value, f"That is {of} itself. How fast does it change with {by}?", 2
        )
        yield DerivativeCandidate(
            "sign", -right, f"The right size with the wrong sign. When {by} grows a little, does {of} grow?", 2
        )
        yield DerivativeCandidate(
            "upside_down", 1 / right, f"That is upside down: how {by} changes with {of}. What is it the other way?", 3
        )
        for other in asked.base:
            if other != by:
                beside = Tape(asked.equations, of, other, asked.keep, self.columns).right
                says = f"That is the slope with respect to {other}. What about {by}, with {other} held fixed?"
                yield DerivativeCandidate("other_variable", beside, says, 2)
                says = f"{other} moved along with {by}. What is it with respect to {by}, with {other} held fixed?"
                yield DerivativeCandidate("other_not_held", right + beside, says)
        if (once := slope(asked.function, by)) is not None and (twice := slope(once, by)) is not None:
            values = self._over(evaluate(twice, self.columns))
            yield DerivativeCandidate(
                "twice", values, "That was differentiated twice. What was it after the first time?", 2
            )


def named(found: Sequence[DerivativeCandidate]) -> list[DerivativeCandidate]:
    """Those of the lowest rank, each name once, without those that another says better."""
    lowest = min((one.rank for one in found), default=0)
    by_key = {one.key: one for one in reversed(found) if one.rank == lowest}
    said = {worse for key in by_key for worse in _SAYS_BETTER.get(key, ())}
    return [one for key, one in by_key.items() if key not in said][::-1]


def _link(of: str, names: Sequence[str], by: str) -> str:
    how = f"How fast does {names[0]} change with {by}?" if len(names) == 1 else f"How fast does each change with {by}?"
    return f"A link is missing: {of} was differentiated with respect to {listed(names)}. {how}"


def _filled(says: str, spot: Spot, parts: Sequence[Spot], by: str) -> str:
    texts = [show(part.tree) for part in parts]
    moving = next((index for index, part in enumerate(parts) if part.varies), 0)
    function = GATES[spot.tree.operation].symbol if isinstance(spot.tree, Apply) else ""
    return says.format(
        it=show(spot.tree), a=texts[0], b=texts[-1], c=texts[-1 if moving == 0 else 0], v=texts[moving],
        f=function, by=by,
    )  # fmt: skip


def _same(mine: Array, other: Array) -> bool:
    """Whether mine are the other's values, at enough points, and nearly wherever the other has one."""
    has_mine, has_other = np.isfinite(mine), np.isfinite(other)
    seen = has_mine & has_other
    many = np.count_nonzero(seen)
    if many < _ENOUGH or many < 0.9 * np.count_nonzero(has_other) or 2 * many < np.count_nonzero(has_mine):
        return False
    gap, size = np.abs(mine - other), np.maximum(np.abs(mine), np.abs(other))
    return bool(np.all((gap <= _SAME * size) | (gap <= 1e-12), where=seen))
