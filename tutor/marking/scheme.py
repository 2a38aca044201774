"""What each blank is worth: as its file says, else made from the blanks of the program's own solution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from tutor.library import Exercise
from tutor.marking.learner_graph import OpenStep, QuestionAtWork, worked
from tutor.questions import Blank, InputKind
from tutor.questions.question import Question
from tutor.questions.registry import questions_of
from tutor.runner import Runner

_HALF = Fraction(1, 2)
_OF_CODE = 4
"""Marks of a program, where its file says nothing."""
_EQUATIONS_A_MARK = 2


@dataclass(frozen=True)
class BlankScheme:
    """A blank of the program's own solution: its right answer, and what it is worth."""

    blank: Blank
    correct: str
    full: Fraction


@dataclass(frozen=True)
class QuestionScheme:
    """What the blanks of a question are worth, by step."""

    work: QuestionAtWork
    steps: Mapping[str, tuple[BlankScheme, ...]]
    own: Mapping[str, OpenStep]
    """The steps on the program's own equations."""

    @property
    def full(self) -> Fraction:
        """What the question is worth."""
        return sum((row.full for rows in self.steps.values() for row in rows), Fraction(0))


def schemes_of(
    exercise: Exercise, questions: Sequence[Question], quick: bool = True, total: float | None = None
) -> tuple[QuestionScheme, ...]:
    """The scheme of each question; together they are worth `total`, or what the file says, or what they come to."""
    at_work = [QuestionAtWork(question, quick) for question in questions]
    solved = [{one.step.key: (one, list(worked(one))) for one in each.steps()} for each in at_work]
    weights = [[_weight(blank, text) for _, blanks in steps.values() for blank, text in blanks] for steps in solved]
    tables = exercise.file.question or ({},)
    given = [_given(table, len(own)) for table, own in zip(tables, weights, strict=True)]
    whole = total if total is not None else exercise.file.marks
    shares = _shares(whole, [one.marks for one in given], [sum(own, Fraction(0)) for own in weights])
    schemes = []
    for work, steps, own, said, share in zip(at_work, solved, weights, given, shares, strict=True):
        parts = iter(_parts(share, own, said.blanks))
        rows = {
            key: tuple(BlankScheme(blank, text, next(parts)) for blank, text in blanks)
            for key, (_, blanks) in steps.items()
        }
        schemes.append(QuestionScheme(work, rows, {key: opened for key, (opened, _) in steps.items()}))
    return tuple(schemes)


def full_marks(exercise: Exercise, runner: Runner | None = None) -> list[float]:
    """What each question of an exercise is worth. Raises BadFile where its mathematics does not hold."""
    questions = questions_of(exercise, runner or Runner())
    return [float(scheme.full) for scheme in schemes_of(exercise, questions)]


def _weight(blank: Blank, text: str) -> Fraction:
    match blank.wants:
        case InputKind.EQUATIONS:
            return Fraction(ceil(len(text.splitlines()) / _EQUATIONS_A_MARK))
        case InputKind.CODE:
            return Fraction(_OF_CODE)
    return Fraction(1)


@dataclass(frozen=True)
class _Given:
    """The marks that a question's table says: of all of it, and of its blanks."""

    marks: Fraction | None
    blanks: tuple[Fraction | None, ...]


def _given(table: Mapping[str, Any], many: int) -> _Given:
    asks = table.get("ask") or ()
    own = tuple(_fraction(one.get("marks")) for one in asks) if len(asks) == many else (None,) * many
    marks = _fraction(table.get("marks"))
    if marks is None and own and all(one is not None for one in own):
        marks = sum((one for one in own if one is not None), Fraction(0))
    return _Given(marks, own)


def _fraction(marks: float | None) -> Fraction | None:
    return None if marks is None else Fraction(str(marks))


def _shares(whole: float | None, given: Sequence[Fraction | None], weights: Sequence[Fraction]) -> list[Fraction]:
    """The marks of each part; where the whole is not what they come to, all in proportion."""
    shares = [weight if said is None else said for said, weight in zip(given, weights, strict=True)]
    if whole is None:
        return shares
    total, said = Fraction(str(whole)), sum((one for one in given if one is not None), Fraction(0))
    open_weights = [Fraction(0) if one is not None else weight for one, weight in zip(given, weights, strict=True)]
    if any(open_weights) and said < total:
        rest = iter(apportioned(total - said, open_weights))
        return [next(rest) if one is None else next(rest) + one for one in given]
    return apportioned(total, shares)


def _parts(share: Fraction, weights: Sequence[Fraction], given: Sequence[Fraction | None]) -> list[Fraction]:
    return _shares(float(share), given, weights)


def apportioned(total: Fraction, weights: Sequence[Fraction]) -> list[Fraction]:
    """The total in parts by weight: in half marks where there are enough of them (largest remainder), else exactly.

    No part with a weight is empty, and the parts add up to the total.
    """
    whole = sum(weights, Fraction(0))
    if not whole:
        return [Fraction(0) for _ in weights]
    exact = [total * weight / whole for weight in weights]
    floors = [Fraction(floor(part / _HALF)) * _HALF for part in exact]
    if (total / _HALF).denominator != 1 or any(
        weight and not part for weight, part in zip(weights, floors, strict=True)
    ):
        return exact
    left = int((total - sum(floors, Fraction(0))) / _HALF)
    by_remainder = sorted(range(len(exact)), key=lambda at: (floors[at] - exact[at], at))
    for at in by_remainder[:left]:
        floors[at] += _HALF
    return floors
