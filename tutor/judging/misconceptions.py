"""Which misconceptions an answer shows: one matcher for every kind of question.

A kind contributes candidates, each a `Misconception` with what it gives at the numbers of the exercise and, where it
can be asked, at others. `recognise` finds those that give what was typed, `tell` puts them into words. Numbers and
formulas are compared as `TypedAnswer`; shapes, rows of names and the like as `ExactAnswer`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, partial
from itertools import combinations
from math import isfinite
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates.misconceptions import Likelihood, Misconception, nowhere, text_of
from tutor.engine.values import Value, all_finite, as_value, shape_of
from tutor.judging.numbers import agrees
from tutor.judging.precision import is_decimal, significant_digits, written_number
from tutor.judging.verdict import Verdict
from tutor.language import Apply, Expression, Number, names_in, show, walk

__all__ = [
    "MOST_PAIRS",
    "WHICH_FIRST",
    "Candidates",
    "ExactAnswer",
    "Heard",
    "Likelihood",
    "Misconception",
    "Recognised",
    "TypedAnswer",
    "ValuesAnswer",
    "across",
    "both",
    "candidates_heard",
    "clause",
    "if_exact",
    "joined",
    "key_of",
    "question",
    "recognise",
    "same_everywhere",
    "tell",
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


class ComparableAnswer(Protocol):
    """What was typed, as something that candidates are held against."""

    def shows(self, one: Misconception, /) -> bool:
        """Whether a misconception leads to this answer."""

    def meets_exactly(self, one: Misconception, /) -> bool:
        """Whether it does so with no rounding."""


@dataclass(frozen=True, slots=True)
class ExactAnswer:
    """A shape, a row of names, a formula in its normal form: it is the same, or it is not."""

    value: Any

    def shows(self, one: Misconception) -> bool:
        """Whether a misconception leads to this answer."""
        return bool(self.value == one.gives)

    def meets_exactly(self, _one: Misconception) -> bool:
        """Always, where it does."""
        return True


@dataclass(frozen=True)
class ValuesAnswer:
    """A formula by its values at several sets of numbers: the same at all of them, or another formula."""

    values: Sequence[Value]
    """At the numbers of `Misconception.gives`, and at those of `elsewhere`."""

    same: Callable[[Any, Any], bool]
    names: frozenset[Expression] = frozenset()
    """The names and numbers that stand in it."""

    def shows(self, one: Misconception) -> bool:
        """Whether a misconception leads to this answer."""
        if not self.same(self.values[0], one.gives) or self.names.intersection(one.lacks):
            return False
        others = zip(self.values[1:], one.elsewhere(), strict=False)
        return all(value is not None and self.same(mine, value) for mine, value in others)

    def meets_exactly(self, _one: Misconception) -> bool:
        """Always, where it does."""
        return True


_FAR = 0.25
"""An answer so far from a value, relative to the larger, is not that value at any precision that counts."""

_SAME = 1e-9
_NEARLY = 1e-3
"""How near what is worked out from rounded decimals comes to what they were rounded from."""

_MANY = 99
_ROUNDED_TO = 3
"""Significant digits that a rounded answer has, or more."""


@dataclass(frozen=True)
class TypedAnswer:
    """A number or a formula, in names that have a value.

    A number counts to the precision it is written in. A formula has to be the same formula: it is compared at the
    other numbers too.
    """

    tree: Expression
    at: Mapping[str, Value]
    near: Callable[[], Sequence[Mapping[str, Value]]] = nowhere
    """What the names are at the other numbers, in the order of `Misconception.elsewhere`."""

    stand_ins: Sequence[tuple[Value, Sequence[Value]]] = ()
    """Values here, and at the other numbers, for which a number in a formula may stand: `2 cos(b)` where 2 arrived."""

    def shows(self, one: Misconception) -> bool:
        """Whether a misconception leads to this answer."""
        value = one.gives
        if one.least_digits and self._digits < one.least_digits:
            return False
        if self._value is None or not _is_near(self._value, value) or not agrees(self.tree, value, self.at):
            return False
        return not any(self._holds(part) for part in one.lacks) and self._is_there(one)

    def meets_exactly(self, one: Misconception) -> bool:
        """Whether it does so with no rounding, as far as this answer is not a rounded one itself."""
        if self._value is None:
            return False
        if written_number(self.tree) is None and self._is_rounded:
            return bool(np.allclose(self._value, one.gives, rtol=_NEARLY))
        return self._is_rounded or _equal(self._value, one.gives)

    def is_exactly(self, one: Misconception) -> bool:
        """Whether this is a number, and the one that a misconception leads to, with nothing rounded."""
        return written_number(self.tree) is not None and self._value is not None and _equal(self._value, one.gives)

    @cached_property
    def is_formula(self) -> bool:
        """Whether there are names in it."""
        return bool(names_in(self.tree))

    @cached_property
    def _value(self) -> Value | None:
        try:
            return evaluate(self.tree, self.at)
        except (KeyError, ValueError):
            return None

    @cached_property
    def _digits(self) -> int:
        number = written_number(self.tree)
        return _MANY if number is None else significant_digits(number)

    @cached_property
    def _is_rounded(self) -> bool:
        """Whether it was typed to as many digits as one rounds to: `1.00` may be 0.9996, `2.6` is hardly 2.63."""
        numbers = [part for part in walk(self.tree) if isinstance(part, Number)]
        return any(is_decimal(part) and significant_digits(part) >= _ROUNDED_TO for part in numbers)

    def _holds(self, part: Expression) -> bool:
        if not self.is_formula:
            return False
        if isinstance(part, Number):
            return any(one.value == part.value for one in _outside_exponents(self.tree))
        return part in walk(self.tree)

    def _is_there(self, one: Misconception) -> bool:
        """Whether a formula is what the misconception leads to at the other numbers too."""
        if not self.is_formula:
            return True
        return all(
            value is not None and (_comes_to(self.tree, names, value) or self._with_stand_ins(number, names, value))
            for number, (names, value) in enumerate(zip(self.near(), one.elsewhere(), strict=False))
        )

    def _with_stand_ins(self, number: int, names: Mapping[str, Value], value: Value) -> bool:
        for here, there in self.stand_ins:
            moved = _with_number(self.tree, here, there[number])
            if moved != self.tree and _comes_to(moved, names, value):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Recognised:
    """The misconceptions that explain an answer, the likeliest first; none where too many do (`many`), or none does."""

    found: tuple[Misconception, ...] = ()
    many: bool = False

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
    matches = [one for one in candidates if answer.shows(one) and not _equal(one.gives, truth)]
    distinct: list[Misconception] = []
    for one in matches:
        same = next((number for number, other in enumerate(distinct) if same_everywhere(one, other)), None)
        if same is None:
            distinct.append(one)
        elif one.likelihood > distinct[same].likelihood:
            rare = distinct[same].likelihood is Likelihood.RARE
            distinct[same] = one if rare else replace(distinct[same], likelihood=one.likelihood)
    if len(distinct) > 1:
        distinct = [one for one in distinct if answer.meets_exactly(one)] or distinct
    likely = [one for one in distinct if one.likelihood > Likelihood.RARE] or distinct
    likely.sort(key=lambda one: -one.likelihood)
    if len(likely) > MOST_TOLD:
        likely = [one for one in likely if one.likelihood == likely[0].likelihood]
    return Recognised(many=True) if len(likely) > MOST_TOLD else Recognised(tuple(likely))


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
    return bool(pairs) and all(_equal(a, b) for a, b in pairs)


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


# Two at once

_IN_A_PAIR = {"sign_flipped": "the sign is wrong", "sign_lost": "the sign is wrong"}
"""What is said of a misconception beside another one, where that alone would not be true of the answer."""

WHICH_FIRST = "Which of the two do you see first?"


def both(
    candidates: Sequence[Misconception], truth: Value, truths: Callable[[], Sequence[Value]]
) -> Iterator[Misconception]:
    """Pairs of likely misconceptions that each change a factor of the right answer.

    `truths` is the right answer at the other numbers. A pair whose parts undo each other is none.
    """
    factors = [
        one for one in candidates
        if one.multiplies and one.likelihood > Likelihood.RARE and shape_of(one.gives) == shape_of(truth)
        and all_finite(one.gives) and not _equal(one.gives, truth)
    ]  # fmt: skip
    for number, (one, other) in enumerate(combinations(factors, 2)):
        if number == MOST_PAIRS:
            return
        if one.key == other.key or Likelihood.COMMON not in (one.likelihood, other.likelihood):
            continue
        gives = _product(one.gives, other.gives, truth)
        if gives is None or any(_equal(gives, alone) for alone in (one.gives, other.gives, truth)):
            continue
        yield Misconception(
            f"{one.key}+{other.key}",
            gives,
            joined(one, other),
            WHICH_FIRST,
            label=f"{one.label}+{other.label}",
            elsewhere=_products(one, other, truths),
        )


def joined(one: Misconception, other: Misconception) -> Callable[[], str]:
    """What is said of two at once."""

    def text() -> str:
        first, second = (_IN_A_PAIR.get(part.key) or clause(part) for part in (one, other))
        return f"there are two mistakes in it: {first}; and {second}"

    return text


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


# In words


def tell(found: Sequence[Misconception], answer: Expression | None = None) -> str:
    """What was done and the question that leads on; of several that are possible, all of them."""
    number = written_number(answer) if answer is not None else None
    this = number.text if number is not None else "this"
    if len(found) == 1:
        return _alone(found[0], this, answer)
    if any(_is_whole(text_of(one.says)) for one in found):
        parts = list(dict.fromkeys(f"{_sentence(one)} {text_of(one.asks)}".strip() for one in found))
        return parts[0] if len(parts) == 1 else f"{_counted(parts)} mistakes give this. Either: {' Or: '.join(parts)}"
    clauses = list(dict.fromkeys(map(_with_evidence, found)))
    if len(clauses) == 1:
        return _alone(found[0], this, answer)
    return f"{_counted(clauses)} mistakes give {this}: {'; or '.join(clauses)}. Which was it?"


def _counted(told: Sequence[str]) -> str:
    return {2: "Two", 3: "Three"}[len(told)]


def _alone(one: Misconception, this: str, answer: Expression | None) -> str:
    says, asks, evidence = text_of(one.says), text_of(one.asks), text_of(one.evidence)
    if _is_whole(says):
        return f"{says} {asks}".strip()
    if answer is not None and evidence == f"is {show(answer)}":
        evidence = ""  # it would repeat what was typed
    if evidence:
        return f"{_capital(f'{this} {evidence}: {says}')}. {asks}".strip()
    if says.startswith("it "):
        return f"{_capital(this + says[2:])}. {asks}".strip()
    return f"{says if one.opens_with_a_name else _capital(says)}. {asks}".strip()


def _sentence(one: Misconception) -> str:
    says = text_of(one.says)
    return says if _is_whole(says) else f"{says if one.opens_with_a_name else _capital(says)}."


def clause(one: Misconception) -> str:
    """What was done, to go on within a sentence."""
    says = text_of(one.says)
    if not _is_whole(says):
        return says
    first = says.split(". ")[0].rstrip(".?")
    return first[:1].lower() + first[1:] if first.split(" ")[0] in _OPENINGS else first


def question(one: Misconception) -> str:
    """The question that leads on; "" where it is part of what is said."""
    return text_of(one.asks)


def _with_evidence(one: Misconception) -> str:
    evidence = text_of(one.evidence)
    return f"it {evidence}: {text_of(one.says)}" if evidence else text_of(one.says)


_OPENINGS = frozenset({"A", "In", "It", "Only", "One", "That", "The", "What"})
"""Words that begin a sentence with a capital and no name: within a sentence they are small."""


def _is_whole(says: str) -> bool:
    return says.endswith((".", "?"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# Values


def _is_near(one: Value, two: Value) -> bool:
    """Whether two are of one shape and not so far from each other that no rounding takes one to the other."""
    if isinstance(one, float) and isinstance(two, float):
        return isfinite(two) and abs(one - two) <= _FAR * max(abs(one), abs(two)) + 1e-12
    if shape_of(one) != shape_of(two) or not all_finite(two):
        return False
    gap, size = np.abs(np.subtract(one, two)), np.maximum(np.abs(one), np.abs(two))
    return bool(np.all(gap <= _FAR * size + 1e-12))


def _equal(one: Any, two: Any) -> bool:
    if isinstance(one, float) and isinstance(two, float):  # most are: NumPy takes ten times as long
        gap = abs(float(one) - float(two))
        return gap <= _SAME * max(abs(one), abs(two)) or gap < 1e-13
    if not isinstance(one, float | np.ndarray) or not isinstance(two, float | np.ndarray):
        return not isinstance(one, np.ndarray) and not isinstance(two, np.ndarray) and bool(one == two)
    if shape_of(one) != shape_of(two):
        return False
    gaps, sizes = np.abs(np.subtract(one, two)), np.maximum(np.abs(one), np.abs(two))
    return bool(np.all((gaps <= _SAME * sizes) | (gaps < 1e-13)))


def _comes_to(tree: Expression, at: Mapping[str, Value], value: Value) -> bool:
    """Whether an expression has exactly this value, but for the noise of floats."""
    try:
        return _equal(evaluate(tree, at), value)
    except (KeyError, ValueError):
        return False


def _with_number(tree: Expression, old: Value, new: Value) -> Expression:
    """An expression with one number in it replaced by another."""
    if isinstance(tree, Number) and not shape_of(old) and not shape_of(new) and np.isclose(float(tree.value), old):
        return replace(tree, value=Fraction(float(new)))
    if isinstance(tree, Apply):
        return replace(tree, arguments=tuple(_with_number(part, old, new) for part in tree.arguments))
    return tree


def _outside_exponents(tree: Expression) -> Iterator[Number]:
    if isinstance(tree, Number):
        yield tree
    elif isinstance(tree, Apply):
        arguments = tree.arguments[:1] if tree.operation == "pow" else tree.arguments
        for part in arguments:
            yield from _outside_exponents(part)
