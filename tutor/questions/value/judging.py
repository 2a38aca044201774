"""Verdicts on numbers, arrays and formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil, floor

from tutor.engine.gates import Interval, vocabulary
from tutor.engine.values import Value
from tutor.judging import (
    Kind,
    Verdict,
    agrees,
    difference_at,
    from_language,
    judge_expression,
    judge_number,
    right,
    undecided,
    unless_bracketed,
    wrong,
)
from tutor.language import Expression, Unreadable, read_expression
from tutor.questions.shape.reading import says_no
from tutor.questions.value.slips import Own, Slips, formula_slips

MISFIT = "does not fit"
"""The answer where a result is to be whole and is not."""


@dataclass(frozen=True)
class Number:
    """A value that is asked for. `known` are the names an answer may use; `fits` whether it is whole, if it must be."""

    truth: Value
    known: Mapping[str, Value]
    interval: Interval | None
    digits: int
    slips: Slips
    whole: bool
    fits: bool
    misfit: str


@dataclass(frozen=True)
class Formula:
    """A formula that is asked for, in its names; with the file's own slips, and points of the question's world."""

    tree: Expression
    names: tuple[str, ...]
    own: Own
    examples: tuple[Mapping[str, float], ...] = ()

    @property
    def positive(self) -> tuple[str, ...]:
        """The names that are positive in every example."""
        return tuple(name for name in self.names if self.examples and all(each[name] > 0 for each in self.examples))


def judge_value(text: str, wanted: Number) -> Verdict:
    """The verdict on a text that is to be a value. Raises nothing."""
    return unless_bracketed(text, _judge_value(text, wanted), lambda other: _judge_value(other, wanted))


def _judge_value(text: str, wanted: Number) -> Verdict:
    if says_no(text):
        if not wanted.whole:
            return undecided("There is a value here. Give it as a number or a formula.")
        return right(wanted.misfit) if not wanted.fits else wrong("It does fit: the formula gives a whole number.")
    try:
        reading = read_expression(text, vocabulary(*wanted.known))
    except Unreadable as error:
        return from_language(error)
    answer = reading.tree
    verdict = judge_number(answer, wanted.truth, wanted.known, interval=wanted.interval, digits=wanted.digits)
    if not wanted.fits:
        verdict = _of_misfit(answer, verdict, wanted)
    elif verdict.kind is Kind.WRONG:
        verdict = wanted.slips.named(answer, wanted.known, verdict)
    return verdict.with_echo(reading.echo)


def _of_misfit(answer: Expression, verdict: Verdict, wanted: Number) -> Verdict:
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
    return wanted.slips.named(answer, wanted.known, verdict)


def judge_formula(text: str, wanted: Formula) -> Verdict:
    """The verdict on a text that is to be a formula. Raises nothing."""
    return unless_bracketed(text, _judge_formula(text, wanted), lambda other: _judge_formula(other, wanted))


def _judge_formula(text: str, wanted: Formula) -> Verdict:
    try:
        reading = read_expression(text, vocabulary(*wanted.names))
    except Unreadable as error:
        return from_language(error)
    verdict = judge_expression(reading.tree, wanted.tree, wanted.names, wanted.positive)
    if verdict.kind is Kind.WRONG and wanted.examples:
        shown = difference_at(reading.tree, wanted.tree, wanted.examples)
        verdict = replace(verdict, message=shown or "It is not the formula, though it agrees with it at some numbers.")
    if verdict.kind is Kind.WRONG:
        verdict = _named(reading.tree, verdict, wanted)
    return verdict.with_echo(reading.echo)


def _named(answer: Expression, verdict: Verdict, wanted: Formula) -> Verdict:
    """The same verdict, with the slip that the formula shows; its counterexample stays."""
    for slip in formula_slips(wanted.tree, wanted.own):
        if judge_expression(answer, slip.tree, wanted.names, wanted.positive).kind is Kind.RIGHT:
            return replace(verdict, message=f"{slip.says} {verdict.message}", mistake=slip.key)
    return verdict
