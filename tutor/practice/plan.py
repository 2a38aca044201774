"""The exam: its date, which is kept with the learner's progress, and a list by day up to it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from tutor.learner import Store

_EXAM = "exam"


def exam_date(store: Store) -> date | None:
    """The day of the exam; None where none was given. Raises StoreProblem."""
    with suppress(ValueError):
        return date.fromisoformat(store.kept(_EXAM))
    return None


def keep_exam_date(store: Store, exam: date | None) -> None:
    """Keep the day of the exam, or forget it. Raises StoreProblem."""
    store.keep(_EXAM, exam.isoformat() if exam is not None else "")
