"""Carried forward: what a later answer comes to from earlier ones, rounded or wrong, and from the numbers printed.

An earlier answer stands in for every part of a later truth that is the same formula: with ∂l/∂h2 = 2.8 answered, u·v2
in u·v2·h2·(1 - h2) is 2.8. Which parts are the same is seen in their values at several points. A kind that has its
truths as graphs (`backprop`, `gradient`) finds what follows by its own passes, and takes the sentences from here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import combinations

import numpy as np

from tutor.engine.evaluate import evaluate, number
from tutor.engine.values import Array, Value, all_finite
from tutor.judging import Carried, Verdict
from tutor.language import Apply, Expression, Matrix, Number, names_in, walk
from tutor.questions.blank import Answers
from tutor.questions.inflect import listed


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """A blank before the one that is judged, what it is called in a sentence, and what was answered there."""

    key: str
    called: str
    text: str
    verdict: Verdict


Follow = Callable[[str, Sequence[EarlierAnswer]], Verdict | None]
"""The verdict on an answer that follows from earlier ones; None where it does not. Raises nothing for any text."""


Explain = Callable[[str, Sequence[EarlierAnswer], Verdict], Verdict]
"""The verdict on a wrong answer, with the mistake that was made upon earlier ones. Raises nothing for any text."""


def mistaken_keys(keys: Iterable[str], answers: Answers) -> tuple[str, ...]:
    """Of these earlier blanks the wrong ones; where all were accepted, those with the mistakes they follow from."""
    given = [(key, answers.answers[key]) for key in keys if key in answers.answers]
    return mistakes_behind([EarlierAnswer(key, "", answer.text, answer.verdict) for key, answer in given])


def remark_on(called: Sequence[str]) -> str:
    """What is said of an answer that follows from mistakes in these blanks; without any, from rounded numbers."""
    if not called:
        return "It follows from your own numbers so far."
    return f"This step is correct, given your {listed(called)}. The mistake is there: fix it, then this answer."


def mistakes_behind(sources: Sequence[EarlierAnswer]) -> tuple[str, ...]:
    """The keys of these answers that are wrong; where all were accepted, of the mistakes that they follow from."""
    wrong = [source.key for source in sources if not source.verdict.accepted]
    return tuple(dict.fromkeys(wrong or [key for source in sources for key in source.verdict.carried]))


def answer_for(called: str) -> str:
    """An answer in a sentence, by what its blank is called."""
    return f"answer for {called}" if called else "earlier answer"


_FROM_PRINT = "It follows from the rounded numbers given here."


def carried_values(
    follows: Iterable[Value], truth: Value, keys: Sequence[str], answers: Answers, called: Callable[[str], str]
) -> list[Carried]:
    """The values an answer may also have, since it `follows` from the blanks of `keys`; and what is remarked then."""
    mistaken = mistaken_keys(keys, answers)
    message = remark_on([called(key) for key in mistaken])
    return [
        Carried(value, message, mistaken) for value in follows if all_finite(value) and not np.array_equal(value, truth)
    ]


# Formulas


@dataclass(frozen=True)
class StandIn:
    """What takes the place of a part: an earlier answer, in numbers or as a formula; or, without `source`, a number
    that the exercise prints."""

    part: Expression
    put: Expression
    source: EarlierAnswer | None = None


@dataclass(frozen=True)
class FollowedFormula:
    """A truth with stand-ins in it."""

    tree: Expression
    used: tuple[StandIn, ...]

    @property
    def mistaken(self) -> tuple[str, ...]:
        """The keys of the blanks with the mistakes it follows from."""
        return mistakes_behind([one.source for one in self.used if one.source])

    def remark(self, called: Mapping[str, str]) -> str:
        """What is said of an answer that is this."""
        if not any(one.source for one in self.used):
            return _FROM_PRINT
        return remark_on([answer_for(called[key]) for key in self.mistaken])


_MOST_ANSWERS = 5
"""Earlier answers of which all may have been used or not."""


class DependentFormula:
    """A truth as a formula, with which others its parts are compared at some points."""

    def __init__(self, truth: Expression, points: Sequence[Mapping[str, Value]]) -> None:
        """`points` are values of all its names, first those meant: what is the same at all of them is the same."""
        self.truth = truth
        self._parts = _Parts(points)

    def readings(self, stand_ins: Sequence[StandIn]) -> Iterator[FollowedFormula]:
        """The truth as it is from earlier numbers: from all that it holds, then from fewer.

        Of stand-ins the later ones come first: they hold the earlier ones.
        """
        held = [one for one in stand_ins if self._parts.replaced(self.truth, [one]).used]
        own = [one for one in held if one.source][-_MOST_ANSWERS:]
        printed = [one for one in held if not one.source]
        seen: set[Expression] = set()
        for many in range(len(own), -1, -1):
            for chosen in combinations(own, many):
                for more in (printed, []) if printed else ([],):
                    found = self._parts.replaced(self.truth, [*reversed(chosen), *more])
                    if found.used and found.tree not in seen:
                        seen.add(found.tree)
                        yield found


def printed_numbers(texts: Iterable[str], truth: Expression, at: Mapping[str, Value]) -> list[StandIn]:
    """The rounded numbers in texts, where the truth has a part with that value."""
    numbers = {written for text in texts for written in _DECIMAL.findall(text)}
    found = []
    for part in dict.fromkeys(walk(truth)):
        if isinstance(part, Number) or not names_in(part):
            continue
        try:
            value = evaluate(part, at)
        except ValueError:
            continue
        if not isinstance(value, float) or not all_finite(value):
            continue
        for written in numbers:
            half = Fraction(1, 2 * 10 ** len(written.partition(".")[2]))
            if _digits(written) >= _PRINTED and _SAME * abs(value) < abs(abs(value) - float(written)) <= float(half):
                found.append(StandIn(part, number(Fraction(written) * (-1 if value < 0 else 1))))
    return found


_DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.]*\d)")
_PRINTED = 2
"""Significant digits by which a printed number is known."""


def _digits(written: str) -> int:
    return len(written.replace(".", "").lstrip("0"))


_SAME = 1e-9
_MOST_PARTS = 8
"""Factors or terms of which every choice is looked at."""

_DENOMINATOR = 1000
_ENOUGH_POINTS = 3


class _Parts:
    """Formulas by their values at the points."""

    def __init__(self, points: Sequence[Mapping[str, Value]]) -> None:
        self._points = points
        self._known: dict[Expression, Array | None] = {}
        self._choices: dict[tuple[str, tuple[Expression, ...], Expression], tuple[set[int], Fraction] | None] = {}

    def replaced(self, tree: Expression, stand_ins: Sequence[StandIn]) -> FollowedFormula:
        """The tree with stand-ins for its parts, the largest parts first."""
        used: list[StandIn] = []
        return FollowedFormula(
            self._put(tree, [each for one in stand_ins for each in _with_entries(one)], used), tuple(used)
        )

    def _put(self, tree: Expression, stand_ins: Sequence[StandIn], used: list[StandIn]) -> Expression:
        if not names_in(tree):
            return tree
        for one in stand_ins:
            instead = self._instead(one, tree)
            if instead is not None:
                used.append(one)
                return instead
        if isinstance(tree, Matrix):
            rows = tuple(tuple(self._put(entry, stand_ins, used) for entry in row) for row in tree.rows)
            return replace(tree, rows=rows)
        if not isinstance(tree, Apply):
            return tree
        for operation, flat in (("mul", factors_of), ("add", terms_of)):
            parts = flat(tree)
            if len(parts) > 1:
                return self._joined(operation, parts, stand_ins, used)
        return replace(tree, arguments=tuple(self._put(part, stand_ins, used) for part in tree.arguments))

    def _joined(
        self, operation: str, parts: list[Expression], stand_ins: Sequence[StandIn], used: list[StandIn]
    ) -> Expression:
        """A product or a sum, of whose parts some together are what a stand-in stands for."""
        found: list[Expression] = []
        for one in stand_ins:
            while (choice := self._choice(operation, parts, one)) is not None:
                chosen, scale = choice
                parts = [part for index, part in enumerate(parts) if index not in chosen]
                found.append(_scaled(one.put, scale))
                used.append(one)
        found += [self._put(part, stand_ins, used) for part in parts]
        return reduce(lambda left, right: Apply(operation, (left, right)), found)

    def _instead(self, one: StandIn, tree: Expression) -> Expression | None:
        """What stands for the whole tree; None where that is another formula."""
        if one.part == tree:
            return one.put
        mine, theirs = self._values(tree), self._values(one.part)
        if mine is None or theirs is None or mine.shape != theirs.shape or not _varies(theirs):
            return None
        if mine.ndim > 1:
            return one.put if np.allclose(mine, theirs, _SAME, 0.0) else None
        scale = _ratio(mine, theirs)
        return None if scale is None else _scaled(one.put, scale)

    def _choice(self, operation: str, parts: list[Expression], one: StandIn) -> tuple[set[int], Fraction] | None:
        """Which of the parts together are the stand-in's formula, and how many times; the most that are."""
        key = (operation, tuple(parts), one.part)
        if key not in self._choices:
            self._choices[key] = self._chosen(operation, parts, one.part)
        return self._choices[key]

    @np.errstate(all="ignore")
    def _chosen(self, operation: str, parts: list[Expression], wanted: Expression) -> tuple[set[int], Fraction] | None:
        columns = [self._values(part) for part in (wanted, *parts)]
        numbers = [column for column in columns if column is not None and column.ndim == 1]
        if len(numbers) <= len(parts) or not 0 < len(parts) <= _MOST_PARTS or not _varies(numbers[0]):
            return None
        masks = _choices(len(parts))
        idle = 1.0 if operation == "mul" else 0.0
        some = np.where(masks[:, :, np.newaxis], np.stack(numbers[1:]), idle)
        ratios = (np.prod(some, axis=1) if operation == "mul" else np.sum(some, axis=1)) / numbers[0]
        for row, mask in zip(ratios, masks, strict=True):
            scale = _simple(row)
            if scale is not None and (operation == "mul" or abs(scale) == 1):
                return set(np.flatnonzero(mask).tolist()), scale
        return None

    def _values(self, tree: Expression) -> Array | None:
        """A formula at the points, one a row; None where it has no value at enough of them."""
        if tree not in self._known:
            self._known[tree] = self._computed(tree)
        return self._known[tree]

    @np.errstate(all="ignore")
    def _computed(self, tree: Expression) -> Array | None:
        try:
            return np.stack([np.asarray(evaluate(tree, point), dtype=np.float64) for point in self._points])
        except (ValueError, KeyError):  # shapes that do not fit; a name of another formula
            return None


def _varies(values: Array) -> bool:
    return not np.allclose(values, values[0], _SAME, 0.0, equal_nan=True)


@lru_cache(maxsize=_MOST_PARTS)
def _choices(many: int) -> Array:
    """Every choice of some of so many things, those of the most first: a row of booleans each."""
    masks = np.array([[choice >> index & 1 for index in range(many)] for choice in range(1, 2**many)], dtype=bool)
    return masks[np.argsort(-masks.sum(axis=1), kind="stable")]


@np.errstate(all="ignore")
def _ratio(one: Array, other: Array) -> Fraction | None:
    return _simple(one / other)


def _simple(ratios: Array) -> Fraction | None:
    """A ratio that is the same simple fraction at all points where it has a value."""
    ratios = ratios[np.isfinite(ratios)]
    if len(ratios) < _ENOUGH_POINTS or not ratios[0] or np.ptp(ratios) > _SAME * abs(ratios[0]):
        return None
    scale = Fraction(float(ratios[0])).limit_denominator(_DENOMINATOR)
    return scale if abs(float(scale) - ratios[0]) <= _SAME * abs(ratios[0]) else None


def _scaled(tree: Expression, scale: Fraction) -> Expression:
    return tree if scale == 1 else Apply("mul", (number(scale), tree))


def _with_entries(one: StandIn) -> Iterator[StandIn]:
    """The stand-in, and where both sides are written out, one for each of its entries."""
    yield one
    if isinstance(one.part, Matrix) and isinstance(one.put, Matrix) and one.part.shape == one.put.shape:
        for parts, puts in zip(one.part.rows, one.put.rows, strict=True):
            yield from (StandIn(part, put, one.source) for part, put in zip(parts, puts, strict=True))


def factors_of(tree: Expression) -> list[Expression]:
    """A product as its factors; a divisor as one over it, a minus as the factor -1."""
    match tree:
        case Apply("mul", (left, right)):
            return [*factors_of(left), *factors_of(right)]
        case Apply("div", (above, below)):
            over = [Apply("div", (_ONE, factor)) for factor in factors_of(below)]
            return [*(factor for factor in factors_of(above) if factor != _ONE), *over]
        case Apply("neg", (inner,)):
            return [number(Fraction(-1)), *factors_of(inner)]
    return [tree]


def terms_of(tree: Expression) -> list[Expression]:
    """A sum as its terms."""
    match tree:
        case Apply("add", (left, right)):
            return [*terms_of(left), *terms_of(right)]
        case Apply("sub", (left, right)):
            return [*terms_of(left), *(Apply("neg", (term,)) for term in terms_of(right))]
    return [tree]


_ONE = number(Fraction(1))
