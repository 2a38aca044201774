"""The verdict on a program by the code step of its exercise."""

from __future__ import annotations

from functools import cache

from tests.questions.making import Learner
from tests.shipped import LIBRARY
from tutor.judging import Verdict
from tutor.runner import Runner

from .corpus import STAGINGS


@cache
def learner_at(exercise: str, staging: int, runner: Runner | None = None) -> Learner:
    """A learner who has staged an exercise; in our way where no staging of it is written down."""
    known = STAGINGS.get(exercise, ("",))
    return Learner(LIBRARY.exercises[exercise], known[staging], runner)


def judged(runner: Runner, exercise: str, staging: int, source: str) -> Verdict:
    """The verdict on a program."""
    return learner_at(exercise, staging, runner).judge("code", source)
