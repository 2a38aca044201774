"""Grades as JSON, for programs and for `grade` itself: the parts of a job array are read back and put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from tutor.course.graded import Effort, Graded
from tutor.files import NotText, bytes_of
from tutor.marking import BlankMarks, ExerciseMarks, MarkOutcome, PaperMarks, QuestionMarks, StepMarks

_LARGEST = 500_000_000
"""Bytes of a file of grades: thousands of students."""


class NoGrades(Exception):
    """A file is not what `grade --json` wrote, or cannot be read: why, as a sentence."""


class _Blank(msgspec.Struct, omit_defaults=True):
    """A blank, and where it is: the exercise and the question by their numbers in the file, from 1, and their names."""

    exercise: str
    blank: str
    label: str
    answer: str
    correct: str
    earned: float
    full: float
    outcome: MarkOutcome
    mistake: str
    said: str
    follows: tuple[str, ...]
    place: tuple[int, int]
    title: str
    question: str
    step: str
    step_title: str
    tries: int | None = None
    hints: int | None = None
    seconds: float | None = None
    met: tuple[tuple[str, str], ...] = ()


class _File(msgspec.Struct):
    file: str
    student: str
    name: str
    about: str
    ids: tuple[str, ...]
    graded: bool
    earned: float | None
    full: float | None
    problems: tuple[str, ...]
    blanks: tuple[_Blank, ...]
    changed: tuple[str, ...] = ()


def as_json(grades: Sequence[Graded]) -> str:
    """All of it: a list, an entry for each file."""
    whole = [
        _File(
            one.file, one.student, one.name, one.about, one.ids,
            one.marks is not None,
            one.marks.earned if one.marks is not None else None,
            one.marks.full if one.marks is not None else None,
            one.problems, tuple(_blanks(one)), one.changed,
        )
        for one in grades
    ]  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(whole), indent=1).decode()


def _blanks(one: Graded) -> Iterator[_Blank]:
    for exercise_number, exercise in enumerate(one.marks.exercises if one.marks is not None else (), 1):
        for question_number, question in enumerate(exercise.questions, 1):
            for step in question.steps:
                for row in step.rows:
                    effort = one.efforts.get(f"{exercise.id} {row.key}")
                    yield _Blank(
                        exercise.id, row.key, row.label, row.answer, row.correct, row.earned, row.full, row.outcome,
                        row.mistake, row.said, row.carried, (exercise_number, question_number),
                        exercise.title, question.title, step.key, step.title,
                        *((effort.tries, effort.hints, effort.seconds, effort.met) if effort is not None else ()),
                    )  # fmt: skip


def grades_in(path: Path) -> list[Graded]:
    """The grades in a file that `as_json` wrote. Raises NoGrades for any other."""
    try:
        return [_graded(one) for one in msgspec.json.decode(bytes_of(path, _LARGEST), type=list[_File])]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NoGrades(f"{path} is not what grade --json wrote: {error}.") from None
    except NotText as why:
        raise NoGrades(f"{path} cannot be used: {why}.") from None
    except OSError as error:
        raise NoGrades(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from None


def _graded(one: _File) -> Graded:
    exercises = tuple(
        ExerciseMarks(id, title, tuple(_questions(rows)))
        for (_, id, title), rows in groupby(one.blanks, lambda row: (row.place[0], row.exercise, row.title))
    )
    efforts = {
        f"{row.exercise} {row.blank}": Effort(row.tries, row.hints or 0, row.seconds or 0.0, row.met)
        for row in one.blanks
        if row.tries is not None
    }
    marks = PaperMarks(exercises) if one.graded else None
    return Graded(one.file, one.student, one.name, one.ids, marks, one.problems, one.changed, efforts)


def _questions(rows: Iterable[_Blank]) -> Iterator[QuestionMarks]:
    for (_, title), own in groupby(rows, lambda row: (row.place[1], row.question)):
        steps = [
            StepMarks(key, step_title, tuple(map(_row, blanks)))
            for (key, step_title), blanks in groupby(own, lambda row: (row.step, row.step_title))
        ]
        yield QuestionMarks(title, tuple(steps))


def _row(one: _Blank) -> BlankMarks:
    return BlankMarks(
        one.blank, one.label, one.answer, one.correct, one.earned, one.full, one.outcome, one.said, one.mistake,
        one.follows,
    )  # fmt: skip


def put_together(parts: Iterable[Sequence[Graded]]) -> list[Graded]:
    """The grades of several parts in the order of their files, each file once."""
    return sorted({one.file: one for part in parts for one in part}.values(), key=lambda one: Path(one.file))
