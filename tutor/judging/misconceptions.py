"""Which misconceptions an answer shows: one matcher for every kind of question.

A kind contributes candidates, each a `Misconception` with what it gives at the numbers of the exercise and, where it
can be asked, at others. `recognise` finds those that give what was typed (`typed_answers`); `mistake_texts` puts them
into words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import combinations
from typing import Any, Generic, TypeVar

import numpy as np

from tutor.engine.gates.misconceptions import Likelihood, Misconception
from tutor.engine.values import Value, all_finite, as_value, shape_of
from tutor.judging.mistake_texts import clause, first_question, joined, question
from tutor.judging.precision import WANTED_DIGITS
from tutor.judging.typed_answers import ComparableAnswer, TypedAnswer, is_equal
from tutor.judging.verdict import Kind, Verdict

__all__ = [
    "MOST_PAIRS",
    "SIGN",
    "SLOPE",
    "UPSTREAM",
    "Candidates",
    "Heard",
    "Likelihood",
    "Misconception",
    "Recognised",
    "across",
    "both",
    "candidates_heard",
    "factor_changed",
    "if_exact",
    "key_of",
    "recognise",
    "same_everywhere",
    "unless_in_doubt",
]

MOST_TOLD = 3
"""With more explanations than this that are as likely, nothing is told."""

MOST_PAIRS = 200
"""Pairs of misconceptions that are tried where no single one explains an answer."""

Numbers = TypeVar("Numbers")


def across(
    make: Callable[[Numbers], Iterable[Misconception]], here: Numbers, others: Sequence[Numbers]
) -> list[Misconception]:
    """The candidates at some numbers, with what they give at others, where they are made when they are asked for."""
    return Candidates(make, others).at(here)


class Candidates(Generic[Numbers]):
    """The candidates of one blank at any numbers; what they give at `others` is worked out once, when it is asked."""

    def __init__(self, make: Callable[[Numbers], Iterable[Misconception]], others: Sequence[Numbers]) -> None:
        self._make, self._numbers = make, others

    def at(self, here: Numbers) -> list[Misconception]:
        """Those at some numbers, with what they give at the others."""
        with np.errstate(all="ignore"):
            return [replace(one, elsewhere=partial(self.of, one.label or one.key)) for one in self._make(here)]

    def of(self, label: str) -> list[Any]:
        """What the one of this label gives at the others, None where there is none."""
        return [values.get(label) for values in self._values]

    @cached_property
    def _values(self) -> list[dict[str, Any]]:
        made = []
        for numbers in self._numbers:
            values: dict[str, Any] = {}
            with np.errstate(all="ignore"):
                for one in self._make(numbers):
                    values.setdefault(one.label or one.key, one.gives)
            made.append(values)
        return made


@dataclass(frozen=True, slots=True)
class Recognised:
    """The misconceptions that explain an answer, the likeliest first; none where too many do (`many`), or none does."""

    found: tuple[Misconception, ...] = ()
    many: bool = False
    others: bool = False
    """Whether mistakes that people make, and that are not `found`, explain it as well."""

    @property
    def key(self) -> str:
        """The names of all of them, for the verdict."""
        return key_of(self.found)


def key_of(found: Iterable[Misconception]) -> str:
    """The names of some misconceptions as a verdict holds them."""
    return "|".join(dict.fromkeys(one.key for one in found))


def recognise(answer: ComparableAnswer, truth: Any, candidates: Iterable[Misconception]) -> Recognised:
    """Which misconceptions lead to this answer.

    Those that lead to the truth do not count. Of those that are one and the same at other numbers too, the first that
    is not rare stands for all. What hardly anybody does is told only where nothing likelier explains the answer.
    """
    heard = _heard.get()
    if heard is not None:
        candidates = list(candidates)
        heard.candidates += candidates
        heard.truths.append(truth)
    matches = [one for one in candidates if answer.shows(one) and not is_equal(one.gives, truth)]
    distinct: list[Misconception] = []
    for one in matches:
        same = next((number for number, other in enumerate(distinct) if same_everywhere(one, other)), None)
        if same is None:
            distinct.append(one)
        elif one.likelihood > distinct[same].likelihood:
            rare = distinct[same].likelihood is Likelihood.RARE
            distinct[same] = one if rare else replace(distinct[same], likelihood=one.likelihood)
    likely = [one for one in distinct if one.likelihood > Likelihood.RARE] or distinct
    told = [one for one in likely if answer.meets_exactly(one)] or likely
    told.sort(key=lambda one: -one.likelihood)
    if len(told) > MOST_TOLD:
        told = [one for one in told if one.likelihood == told[0].likelihood]
    if len(told) > MOST_TOLD:
        return Recognised(many=True)
    return Recognised(tuple(told), others=len(told) < len(likely))


@dataclass
class Heard:
    """What answers were held against: the candidates, and the right values beside them, in full precision."""

    candidates: list[Misconception] = field(default_factory=list)
    truths: list[Any] = field(default_factory=list)


_heard: ContextVar[Heard | None] = ContextVar("heard", default=None)


@contextmanager
def candidates_heard() -> Iterator[Heard]:
    """While this is entered, all that answers are held against is added to what is yielded.

    For who lists the mistakes of a blank, as sheets for other systems do: a judge makes them only when it needs them.
    """
    heard = Heard()
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def same_everywhere(one: Misconception, other: Misconception) -> bool:
    """Whether two lead to the same wherever both can be made; without other numbers, whether they say the same."""
    if one.label == other.label and one.key == other.key:
        return True
    pairs = [
        (a, b) for a, b in zip(one.elsewhere(), other.elsewhere(), strict=False) if a is not None and b is not None
    ]
    return bool(pairs) and all(is_equal(a, b) for a, b in pairs)


def if_exact(verdict: Verdict, answer: TypedAnswer, truth: Value, candidates: Iterable[Misconception]) -> Verdict:
    """The verdict on a number too rough to be judged, with the misconception that it is exactly, if that is one alone.

    The number may still be a rounded right one: it is not charged.
    """
    recognised = recognise(answer, truth, (one for one in candidates if answer.is_exactly(one)))
    if len(recognised.found) != 1:
        return verdict
    one = recognised.found[0]
    message = f"{verdict.message} If it is exact: {clause(one)}. {question(one)}".strip()
    return replace(verdict, message=message, mistake=recognised.key)


def unless_in_doubt(
    verdict: Verdict,
    answer: TypedAnswer,
    truth: Value,
    candidates: Callable[[], Iterable[Misconception]],
    digits: int = WANTED_DIGITS,
) -> Verdict:
    """The verdict on an accepted number; a request for one more digit where it may be a likely mistake's, so rounded.

    Only numbers with no more digits than are wanted are doubted, where the next digit tells the two apart; one that is
    exactly right is not.
    """
    if (
        not verdict.accepted
        or not answer.is_short(digits)
        or answer.is_equal_to(truth)
        or not answer.agrees_with(truth)
    ):
        return verdict
    likely = (one.gives for one in candidates() if one.likelihood > Likelihood.RARE)
    if not any(answer.is_rounded_from(gives) and answer.next_digit_tells(gives, truth) for gives in likely):
        return verdict
    return Verdict(Kind.UNDECIDED, _DOUBT.format(answer.text), echo=verdict.echo, rough=True, in_doubt=True)


_DOUBT = "So rounded, the right value and a common mistake are both {}. Give one more digit."

# Two at once

_DIGITS_OF_COMMON, _DIGITS_OF_PAIR = 2, 3
"""Digits that a number needs to be told as two common mistakes or one and a wrong sign; as a common one and another."""

SIGN, SLOPE, UPSTREAM = "sign", "slope", "upstream"
"""Factors that misconceptions change."""


def factor_changed(gives: Value, right: Value) -> str:
    """Which factor a misconception at one gate changes: the sign, or the slope."""
    return SIGN if shape_of(gives) == shape_of(right) and is_equal(gives, as_value(np.negative(right))) else SLOPE


def both(
    candidates: Sequence[Misconception], truth: Value, truths: Callable[[], Sequence[Value]]
) -> Iterator[Misconception]:
    """Pairs of likely misconceptions that each change another factor of the right answer.

    `truths` is the right answer at the other numbers. A pair whose parts undo each other is none. There are so many of
    them that a short number is one of them by chance.
    """
    factors = [
        one for one in candidates
        if one.factor and one.likelihood > Likelihood.RARE and shape_of(one.gives) == shape_of(truth)
        and all_finite(one.gives) and not is_equal(one.gives, truth)
    ]  # fmt: skip
    # Upon several sets of own numbers many are the same twice.
    alike = {(one.key, np.asarray(one.gives).tobytes()): one for one in reversed(factors)}
    for number, (one, other) in enumerate(combinations(reversed(alike.values()), 2)):
        if number == MOST_PAIRS:
            return
        if one.factor == other.factor or Likelihood.COMMON not in (one.likelihood, other.likelihood):
            continue
        gives = _product(one.gives, other.gives, truth)
        if gives is None or any(is_equal(gives, alone) for alone in (one.gives, other.gives, truth)):
            continue
        plain_pair = SIGN in (one.factor, other.factor) or one.likelihood == other.likelihood
        yield Misconception(
            f"{one.key}+{other.key}",
            gives,
            joined(one, other),
            partial(first_question, one),
            label=f"{one.label}+{other.label}",
            elsewhere=_products(one, other, truths),
            least_digits=_DIGITS_OF_COMMON if plain_pair else _DIGITS_OF_PAIR,
        )


def _products(
    one: Misconception, other: Misconception, truths: Callable[[], Sequence[Value]]
) -> Callable[[], Sequence[Value | None]]:
    def values() -> list[Value | None]:
        parts = zip(one.elsewhere(), other.elsewhere(), truths(), strict=False)
        return [None if a is None or b is None else _product(a, b, right) for a, b, right in parts]

    return values


def _product(one: Value, other: Value, truth: Value) -> Value | None:
    """What is right with both factors changed; None where the right answer, or a part of it, is 0."""
    if not np.all(truth) or not (shape_of(one) == shape_of(other) == shape_of(truth)):
        return None
    with np.errstate(all="ignore"):
        product = as_value(np.multiply(one, np.divide(other, truth)))
    return product if all_finite(product) else None
