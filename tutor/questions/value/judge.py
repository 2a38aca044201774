"""The verdict on a value, an array or a formula; and on a value that follows from what was answered before.

A `DependentValue` is a blank's value as a formula in the numbers that are given: from other numbers in their place, the
learner's own or the rounded ones on the screen, others follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

import numpy as np

from tutor.engine.evaluate import evaluate, number
from tutor.engine.gates import Interval, vocabulary, vocabulary_at
from tutor.engine.symbolic_backward import slope
from tutor.engine.values import Value, all_finite, shape_of
from tutor.judging import (
    Carried,
    Kind,
    Verdict,
    agrees,
    difference_at,
    from_language,
    judge_expression,
    judge_number,
    right,
    undecided,
    unreadable,
    wrong,
)
from tutor.judging.equivalence import mixes_entries
from tutor.judging.numbers import telling_value
from tutor.language import Expression, Matrix, Unreadable, read_expression
from tutor.library import BadFile
from tutor.questions.carried_forward import DependentFormula, EarlierAnswer, StandIn, printed_numbers
from tutor.questions.plain_answers import says_no
from tutor.questions.value.formula_edits import Own, formula_slips
from tutor.questions.value.misconceptions import ValueMisconceptions
from tutor.questions.value.reference import ReferenceValues


@dataclass(frozen=True)
class WantedNumber:
    """A value that is asked for. `known` are the names an answer may use; `fits` whether it is whole, if it must be."""

    truth: Value
    known: Mapping[str, Value]
    interval: Interval | None
    digits: int
    slips: ValueMisconceptions
    whole: bool
    fits: bool
    misfit: str


@dataclass(frozen=True)
class WantedFormula:
    """A formula that is asked for, in its names; with the file's own slips, and points of the question's world."""

    tree: Expression
    names: tuple[str, ...]
    own: Own
    examples: tuple[Mapping[str, float], ...] = ()

    @property
    def positive(self) -> tuple[str, ...]:
        """The names that are positive in every example."""
        return tuple(name for name in self.names if self.examples and all(each[name] > 0 for each in self.examples))


_SQUARE = re.compile(r"(\d{1,6})\s*[x×]\s*\1(?:\s*[x×]\s*\d{1,6})?(?: px| pixels)?")
"""`28 x 28`: the size of an image where its width is asked."""


def judge_value(text: str, wanted: WantedNumber) -> Verdict:
    """The verdict on a text that is to be a value. Raises nothing."""
    if says_no(text):
        if not wanted.whole:
            return undecided("There is a value here. Give it as a number or a formula.")
        return right(wanted.misfit) if not wanted.fits else wrong("It does fit: the formula gives a whole number.")
    if wanted.whole and (square := _SQUARE.fullmatch(text.strip())):
        width = square[1]
        return replace(unreadable(f"One side is enough: {width}."), repair=width)
    try:
        reading = read_expression(text, vocabulary_at(wanted.known))
    except Unreadable as error:
        return from_language(error)
    answer = reading.tree
    verdict = judge_number(answer, wanted.truth, wanted.known, interval=wanted.interval, digits=wanted.digits)
    if not wanted.fits:
        verdict = _of_misfit(answer, verdict, wanted)
    elif verdict.rough or verdict.accepted or verdict.kind in (Kind.WRONG, Kind.UNREADABLE):
        verdict = wanted.slips.named(answer, wanted.known, verdict, wanted.digits)
    return telling_value(verdict, answer, wanted.known).with_echo(reading.echo)


def judge_dependent(text: str, wanted: WantedNumber, follows: Iterable[Carried]) -> Verdict | None:
    """The verdict on a text that is one of the values that follow from earlier numbers. Raises nothing."""
    if says_no(text):
        return next((one.verdict for one in follows if wanted.whole and not is_whole(one.value)), None)
    follows = (one for one in follows if not wanted.whole or is_whole(one.value))
    try:
        reading = read_expression(text, vocabulary(*wanted.known))
    except Unreadable:
        return None
    if not wanted.fits:
        return next((one.verdict for one in follows if agrees(reading.tree, one.value, wanted.known)), None)
    verdict = judge_number(reading.tree, wanted.truth, wanted.known, follows, digits=wanted.digits)
    return verdict.with_echo(reading.echo) if verdict.accepted else None


def is_whole(value: Value) -> bool:
    """Whether a number is a whole one, but for the noise of floats."""
    return abs(float(value) - round(float(value))) <= _WHOLE * max(1.0, abs(float(value)))


def _of_misfit(answer: Expression, verdict: Verdict, wanted: WantedNumber) -> Verdict:
    """The verdict on a number where the right answer is that there is none."""
    truth = float(wanted.truth)
    for whole, how in ((floor(truth), "down"), (ceil(truth), "up")):
        if agrees(answer, float(whole), wanted.known):
            says = f"That is rounded {how}; the exact value is not a whole number. What does that mean here?"
            return wrong(says, mistake=f"rounded {how}")
    if verdict.accepted or verdict.kind is Kind.UNDECIDED:
        return undecided("The formula gives that, and it is not a whole number. What does this mean here?")
    if not verdict.charged:
        return verdict
    return wanted.slips.named(answer, wanted.known, verdict, wanted.digits)


def judge_formula(text: str, wanted: WantedFormula) -> Verdict:
    """The verdict on a text that is to be a formula. Raises nothing."""
    try:
        reading = read_expression(text, vocabulary(*wanted.names))
    except Unreadable as error:
        return from_language(error)
    if not isinstance(reading.tree, Matrix) and (reason := mixes_entries(reading.tree)):
        return unreadable(reason)
    verdict = judge_expression(reading.tree, wanted.tree, wanted.names, wanted.positive)
    if verdict.kind is Kind.WRONG and wanted.examples:
        shown = difference_at(reading.tree, wanted.tree, wanted.examples)
        verdict = replace(verdict, message=shown or "It is not the formula, though it agrees with it at some numbers.")
    if verdict.kind is Kind.WRONG:
        verdict = _named(reading.tree, verdict, wanted)
    return verdict.with_echo(reading.echo)


def _named(answer: Expression, verdict: Verdict, wanted: WantedFormula) -> Verdict:
    """The same verdict, with the slip that the formula shows, after its counterexample."""
    for slip in formula_slips(wanted.tree, wanted.own):
        if judge_expression(answer, slip.gives, wanted.names, wanted.positive).kind is Kind.RIGHT:
            return replace(verdict, message=f"{verdict.message} {slip.says}", mistake=slip.key)
    return verdict


def tree_of(key: str, text: str, reference: ReferenceValues, *, names: bool) -> Expression:
    """A formula read; in names that have a value, where that is wanted."""
    words = reference.vocabulary
    try:
        return read_expression(text, words if names else replace(words, open_names=True)).tree
    except Unreadable as error:
        raise BadFile(key, f"{error.message}\n{error.caret()}") from None


_WHOLE = 1e-9


_MOVED = 4
"""Other points at which two formulas are compared."""

_SAME = 1e-9


@dataclass(frozen=True)
class DependentValue:
    """The value of one blank, as a formula in the numbers that are given."""

    called: str
    reference: ReferenceValues
    tree: Expression
    by: tuple[str, ...]
    truth: Value
    known: Mapping[str, Value]
    """The values of the names that an answer may use."""

    printed: tuple[str, ...]
    """The texts on the screen."""

    @cached_property
    def formula(self) -> Expression | None:
        """The truth in the given names alone; None where no formula says it."""
        reference = self.reference
        found = reference.expanded(self.tree, self.by)
        if self.by:
            slopes = [slope(found, name) for name in self.by]
            written = [reference.expanded(each) for each in slopes if each is not None]
            if len(written) < len(slopes):
                return None
            found = written[0] if len(written) == 1 else Matrix((tuple(written),), is_vector=True)
        try:
            value = evaluate(found, reference.at)
        except ValueError:
            return None
        same = shape_of(value) == shape_of(self.truth) and np.allclose(value, self.truth, _SAME, _SAME)
        return found if same else None

    @cached_property
    def points(self) -> list[Mapping[str, Value]]:
        """The given numbers, and others that they might have been."""
        return [self.reference.at, *(self.reference.moved(seed).at for seed in range(1, _MOVED + 1))]

    def value_of(self, answer: EarlierAnswer) -> Value | None:
        """The value of an answer to this blank; None where it has none of the right shape."""
        try:
            value = evaluate(read_expression(answer.text, vocabulary(*self.known)).tree, self.known)
        except (Unreadable, ValueError):
            return None
        return value if shape_of(value) == shape_of(self.truth) else None

    @cached_property
    def _dependent(self) -> DependentFormula | None:
        """The formula, at the given numbers and at others that they might have been."""
        return None if self.formula is None else DependentFormula(self.formula, self.points)

    @cached_property
    def _from_print(self) -> list[StandIn]:
        return [] if self.formula is None else printed_numbers(self.printed, self.formula, self.reference.at)

    def follows(self, earlier: Sequence[EarlierAnswer], blanks: Mapping[str, DependentValue]) -> Iterator[Carried]:
        """What the value is from those answers, to `blanks` by their keys, and from printed numbers."""
        own = [one for answer in earlier if answer.key in blanks for one in blanks[answer.key].stands_in(answer)]
        if self._dependent is None or not (own or self._from_print):
            return
        called = {key: blank.called for key, blank in blanks.items()}
        for reading in self._dependent.readings([*own, *self._from_print]):
            try:
                value = evaluate(reading.tree, self.reference.at)
            except ValueError:
                continue
            if all_finite(value):
                yield Carried(value, reading.remark(called), reading.mistaken)

    def stands_in(self, answer: EarlierAnswer) -> Iterator[StandIn]:
        """An answer to this blank in place of its formula, where the two are not the same."""
        value = self.value_of(answer)
        put = None if value is None else _literal(value)
        if self.formula is None or value is None or put is None:
            return
        if not np.array_equal(value, self.truth):
            yield StandIn(self.formula, put, answer)


def _literal(value: Value) -> Expression | None:
    """A number, vector or matrix written out; None for what cannot be."""
    array = np.asarray(value)
    if array.ndim > 2 or not np.all(np.isfinite(array)):
        return None
    if not array.ndim:
        return number(Fraction(float(array)))
    rows = np.atleast_2d(array).tolist()
    return Matrix(tuple(tuple(number(Fraction(entry)) for entry in row) for row in rows), is_vector=array.ndim == 1)
