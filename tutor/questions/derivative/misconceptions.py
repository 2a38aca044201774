"""The wrong derivatives that people give, and which of them an answer is.

They come of a wrong rule at one operation or at several (`wrong_rules.py`), or of paths put together in a wrong way.
Derivatives are columns of values at sample points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES
from tutor.engine.symbolic_backward import slope
from tutor.engine.values import Array, Value
from tutor.judging.misconceptions import Likelihood, Misconception, both, recognise
from tutor.judging.sample_points import sample_points
from tutor.judging.typed_answers import ValuesAnswer
from tutor.language import Apply, Expression, Name, names_in, show, walk
from tutor.questions.derivative.equations import Equations, Tape, TapeEntry
from tutor.questions.derivative.wrong_rules import SLIPS, RuleMisconception
from tutor.questions.inflect import listed

RARE, POSSIBLE, COMMON = Likelihood

_ENOUGH = 6
"""Points at which an answer and a wrong derivative must both have a value."""

_SHARE = 0.4
"""Of the points where a wrong derivative has a value: `2 ln x` is half of `ln x²`."""

_SAME = 1e-9

_SAYS_BETTER = {
    "lost_inner": ("dropped_factor", "lost_minus"),
    "link_missing": ("dropped_factor", "lost_minus", "lost_inner"),
    "term_missing": ("factor_to_zero", "other_not_held"),
    "other_not_held": ("constant_to_one",),
    "paths_subtracted": ("plus_to_minus",),
    "minus_to_plus": ("paths_subtracted",),
    "last_step_only": ("inner_only",),
    "kept_constant": ("constant_to_one",),
    "output_squared": ("inner_only",),
}
"""Of two names for one answer, the one that says it better -> the others."""


def _made(key: str, values: Array, says: str, likelihood: Likelihood = POSSIBLE) -> Misconception:
    """A wrong derivative by its values at the points."""
    return Misconception(key, values, says, likelihood=likelihood, label=says, factor=key if key in _FACTORS else "")


_FACTORS = frozenset({"dropped_factor", "exponent_not_down", "sign", "lost_minus", "lost_inner", "root_no_half"})
"""Mistakes that lose one factor of the derivative, so that two of them may be made at once."""


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


class DerivativeCandidates:
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
            self.found = [one for one in self._all() if not _same(one.gives, self._tape.right)]

    def of(self, answer: Expression) -> list[Misconception]:
        """The wrong derivatives that an answer, written in base names, is at all points; or two of them at once."""
        of = self._asked.of
        with np.errstate(all="ignore"):
            values = self._over(evaluate(answer, self.columns))
            typed = ValuesAnswer([values], _same, frozenset(walk(answer)))
            terms = _terms(answer)
            candidates = [one for one in self.found if one.key not in _TERMS or terms < max(2, self._terms)]
            fitting = [one for one in candidates if typed.shows(one)]
            matches = list(recognise(typed, None, named(fitting)).found)
            if not matches and self._integrates(answer):
                says = f"That is the integral: its slope is {of}. What is the slope of {of} itself?"
                matches = [_made("integrated", values, says)]
            if not matches:
                matches = self._two_at_once(values)
        return named(matches)

    def _two_at_once(self, values: Array) -> list[Misconception]:
        right = self._tape.right
        seen = np.isfinite(right) & np.isfinite(values) & (right != 0.0)
        if np.count_nonzero(seen) < _ENOUGH:
            return []
        parts = [replace(one, gives=one.gives[seen]) for one in self.found if one.factor]
        pairs = both([replace(one, likelihood=Likelihood.COMMON) for one in parts], right[seen], tuple)
        return list(recognise(ValuesAnswer([values[seen]], _same), None, pairs).found)

    @cached_property
    def _terms(self) -> int:
        """How many terms the derivative has."""
        right = slope(self._asked.function, self._asked.by)
        return 1 if right is None else _terms(right)

    def like(self, one: Misconception) -> list[Misconception]:
        """All that have the same values at the points as one of them, which may have been made to give a number."""
        itself = next((other for other in self.found if (other.key, other.label) == (one.key, one.label)), None)
        return [other for other in self.found if itself is not None and _same(itself.gives, other.gives)]

    def _integrates(self, answer: Expression) -> bool:
        back = slope(answer, self._asked.by)
        if back is None:
            return False
        return _same(self._over(evaluate(back, self.columns)), self._tape.entries[self._tape.root].value)

    def _over(self, values: Value) -> Array:
        return np.broadcast_to(values, self._tape.right.shape)

    def _all(self) -> Iterator[Misconception]:
        yield from self._by_rule(self._tape)
        yield from self._along_paths()
        yield from self._as_sigmoid()
        yield from self._in_general()

    def _as_sigmoid(self) -> Iterator[Misconception]:
        """Where the function is a sigmoid written out: the slips with the rule for that one."""
        asked, tape = self._asked, self._tape
        itself = Apply("sigmoid", (Name(asked.by),))
        if (
            asked.base == (asked.by,)
            and asked.function != itself
            and _same(tape.entries[tape.root].value, self._over(evaluate(itself, self.columns)))
        ):
            whole = Equations({asked.of: itself}, (asked.by,), {})
            yield from self._by_rule(Tape(whole, asked.of, asked.by, frozenset(), self.columns))

    def _by_rule(self, tape: Tape) -> Iterator[Misconception]:
        """A wrong rule at one operation, or at all it applies to."""
        last = tape.entries[tape.root]
        whole = last.arguments if isinstance(last.tree, Name) else (tape.root,)
        for slip in SLIPS:
            places = [at for at in tape.places(slip.slope) if at in whole or slip.key not in _OF_THE_WHOLE]
            told = {place: self._sentence(slip, tape, place) for place in places}
            for place in places:
                yield _made(slip.key, tape.slope(place, slip.slope), told[place], slip.likelihood)
            if len(places) > 1:
                yield _made(slip.key, tape.slope(-1, slip.slope), told[places[0]], slip.likelihood)

    def _sentence(self, slip: RuleMisconception, tape: Tape, place: int) -> str:
        entry = tape.entries[place]
        parts = [tape.entries[argument] for argument in entry.arguments]
        if slip.key == "term_missing":
            parts = [replace(part, tree=_moving_term(part.tree, self._asked.by)) for part in parts]
        return _filled(slip.says, entry, parts, self._asked.by)

    def _along_paths(self) -> Iterator[Misconception]:
        """What becomes of the names between the function and its variable."""
        asked, tape = self._asked, self._tape
        of, by = asked.of, asked.by
        between = [name for name in asked.equations.under(of) if self._is_between(name)]
        places = {name: place for name in sorted(between) if (place := tape.place_of(name)) is not None}
        for name, place in places.items():
            says = f"The path through {name} is missing: {name} changes with {by} too. What does that do to {of}?"
            yield _made("path_missing", tape.slope(given={place: 0.0}), says, COMMON)
            yield _made("link_missing", tape.slope(given={place: 1.0}), _link(of, [name], by))
        if len(places) > 1:
            every = dict.fromkeys(places.values(), 1.0)
            yield _made("link_missing", tape.slope(given=every), _link(of, list(places), by))
        yield from self._over_paths()

    def _over_paths(self) -> Iterator[Misconception]:
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
        yield _made("added_along", sum(outer, np.zeros(1)) + sum(inner, np.zeros(1)), says)
        for name, one in zip(inside, outer, strict=True):
            if len(inside) > 1 and name != by:
                says = f"That is only ∂{of}/∂{name}, one step of one path. Which paths lead from {by} to {of}?"
                yield _made("first_step_only", one, says)
        for name, one in zip(inside, inner, strict=True):
            if name != by:
                says = f"That is how fast {name} moves with {by}. How fast does {of} move with {name}?"
                yield _made("last_step_only", one, says)
        if len(paths) > 1:
            says = f"The paths from {by} to {of} were multiplied. Each adds its own share: what is their sum?"
            yield _made("paths_multiplied", np.prod(paths, axis=0), says, COMMON)
            says = f"One path from {by} to {of} was subtracted from the other. What do paths do?"
            yield _made("paths_subtracted", paths[0] - sum(paths[1:], np.zeros(1)), says)

    def _of_still_terms(self, function: Expression, other: str) -> Iterator[Misconception]:
        """A term without the variable, differentiated with respect to another one: 2 y for y^2."""
        for term in _added_terms(function):
            if (
                self._asked.by not in names_in(term)
                and (moved := slope(term, other)) is not None
                and other in names_in(term)
            ):
                says = f"{show(term)} was differentiated with respect to {other}. Does it change with {self._asked.by}?"
                yield _made("other_not_held", self._tape.right + self._over(evaluate(moved, self.columns)), says)
                yield _made("other_not_held", self._tape.right - self._over(evaluate(moved, self.columns)), says)

    def _of_all_letters(self, other: str) -> Iterator[Misconception]:
        """Another letter differentiated too, each factor of a product on its own: 2 x - 2 y for x² y - y²."""
        asked = self._asked
        tape = Tape(asked.equations, asked.of, asked.by, asked.keep, self.columns, moving=(other,))
        for slip in SLIPS:
            if slip.key == "product_of_slopes":
                says = f"{other} was differentiated too. Here only {asked.by} moves. What is {other} then?"
                yield _made("other_not_held", tape.slope(-1, slip.slope), says, RARE)

    def _is_between(self, name: str) -> bool:
        asked = self._asked
        if name in asked.keep or name not in asked.equations.meanings:
            return False
        return asked.by in asked.equations.under(name)

    def _in_general(self) -> Iterator[Misconception]:
        asked, tape = self._asked, self._tape
        of, by, right = asked.of, asked.by, tape.right
        value = tape.entries[tape.root].value
        if not tape.entries[tape.root].varies:
            says = f"{of} does not move when {by} does. What slope is that?"
            yield _made("kept_constant", value, says)
            yield _made("constant_to_one", np.ones_like(value), says)
        yield _made("function_itself", value, f"That is {of} itself. How fast does it change with {by}?", RARE)
        says = f"This has the right size and the wrong sign. When {by} grows a little, does {of} grow?"
        yield _made("sign", -right, says, RARE)
        if np.all(right):
            says = f"That is upside down: how {by} changes with {of}. What is it the other way?"
            yield _made("upside_down", 1 / right, says, RARE)
        for other in asked.base:
            if other != by:
                beside = Tape(asked.equations, of, other, asked.keep, self.columns).right
                says = f"That is the slope with respect to {other}. What about {by}, with {other} held fixed?"
                yield _made("other_variable", beside, says)
                says = f"{other} moved along with {by}. What is left when {other} is held fixed?"
                yield _made("other_not_held", right + beside, says)
                yield from self._of_still_terms(asked.function, other)
                yield from self._of_all_letters(other)
        if (once := slope(asked.function, by)) is not None and (twice := slope(once, by)) is not None:
            values = self._over(evaluate(twice, self.columns))
            yield _made("twice", values, "That was differentiated twice. What was it after the first time?", RARE)


_OF_THE_WHOLE = frozenset({"output_squared"})
"""Mistakes that are seen in the answer only where nothing is done to the function's value."""

_TERMS = frozenset({"term_missing", "path_missing", "factor_to_zero"})
"""Mistakes that leave a term out: an answer with as many terms as the derivative was not made so."""


def _added_terms(tree: Expression) -> Iterator[Expression]:
    """The terms of a sum, without their signs."""
    if isinstance(tree, Apply) and tree.operation in ("add", "sub"):
        for part in tree.arguments:
            yield from _added_terms(part)
    else:
        yield tree


def _terms(tree: Expression) -> int:
    """How many terms a sum has."""
    if isinstance(tree, Apply) and tree.operation in ("add", "sub"):
        return sum(map(_terms, tree.arguments))
    return 1


def named(found: Sequence[Misconception]) -> list[Misconception]:
    """The likeliest, each name once, without those that another says better."""
    likeliest = max((one.likelihood for one in found), default=Likelihood.RARE)
    by_key = {one.key: one for one in reversed(found) if one.likelihood == likeliest}
    worse_keys = {worse for key in by_key for worse in _SAYS_BETTER.get(key, ())}
    return [one for key, one in by_key.items() if key not in worse_keys][::-1]


def _link(of: str, names: Sequence[str], by: str) -> str:
    how = f"How fast does {names[0]} change with {by}?" if len(names) == 1 else f"How fast does each change with {by}?"
    return f"A link is missing: {of} was differentiated with respect to {listed(names)}. {how}"


def _filled(says: str, entry: TapeEntry, parts: Sequence[TapeEntry], by: str) -> str:
    texts = [show(part.tree) for part in parts]
    moving = next((index for index, part in enumerate(parts) if part.varies), 0)
    function = GATES[entry.tree.operation].symbol if isinstance(entry.tree, Apply) else ""
    return says.format(
        it=show(entry.tree), a=texts[0], b=texts[-1], c=texts[-1 if moving == 0 else 0], v=texts[moving],
        f=function, by=by,
    )  # fmt: skip


def _moving_term(tree: Expression, by: str) -> Expression:
    """Of a sum the one term that has the variable in it, where there is only one: no other one can be left out."""
    moving = [term for term in _added_terms(tree) if by in names_in(term)]
    return moving[0] if len(moving) == 1 else tree


def _same(mine: Array, other: Array) -> bool:
    """Whether mine are the other's values, at enough points, and nearly wherever the other has one."""
    has_mine, has_other = np.isfinite(mine), np.isfinite(other)
    seen = has_mine & has_other
    many = np.count_nonzero(seen)
    if many < _ENOUGH or many < _SHARE * np.count_nonzero(has_other) or 2 * many < np.count_nonzero(has_mine):
        return False
    gap, size = np.abs(mine - other), np.maximum(np.abs(mine), np.abs(other))
    return bool(np.all((gap <= _SAME * size) | (gap <= 1e-12), where=seen))
