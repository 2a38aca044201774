"""A learner at a session, answering by key."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.shipped import FUNCTIONS
from tutor.judging import Verdict
from tutor.learner import Store
from tutor.library import Exercise
from tutor.questions import Blank, Step
from tutor.questions.backprop.question import BackpropQuestion
from tutor.runner import Runner
from tutor.session.session import Session

SHIPPED = FUNCTIONS


_IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""A store waits for the disk at every answer; where there is a disk in memory, tests need not."""


@contextmanager
def new_folder() -> Iterator[Path]:
    """An empty folder for a store, removed afterwards."""
    with TemporaryDirectory(dir=_IN_MEMORY) as folder:
        yield Path(folder)


@dataclass
class Working:
    """A session and what is needed to open it again."""

    exercise: Exercise
    store: Store
    runner: Runner
    clock: Callable[[], float] = field(default_factory=lambda: map(float, itertools.count(1_000_000, 60)).__next__)
    """Of a learner who takes their time: a minute a look."""

    def __post_init__(self) -> None:
        self.session = self.opened_again()

    def opened_again(self) -> Session:
        """Another session at the same exercise, made from what is on the disk."""
        return Session(self.exercise, self.store, self.runner, clock=self.clock)

    @property
    def question(self) -> BackpropQuestion:
        """The one question of the exercise."""
        (question,) = self.session.questions
        assert isinstance(question, BackpropQuestion)
        return question

    def place(self, key: str) -> tuple[Step, Blank]:
        """The step and blank of a key."""
        found = self.session.find(key)
        assert found is not None, f"{key} is not asked"
        return found

    def answer(self, key: str, text: str) -> Verdict:
        """Answer a blank."""
        return self.session.answer(*self.place(key), text)

    def right(self, key: str, text: str) -> None:
        """Answer a blank rightly."""
        verdict = self.answer(key, text)
        assert verdict.accepted, f"{key} = {text}: {verdict.message}"

    def step(self, key: str) -> Step:
        """A step by its key."""
        return next(step for step in self.session.steps if step.key == key)

    def keys(self, step: str) -> list[str]:
        """The keys of a step's blanks."""
        return [blank.key for blank in self.session.blanks(self.step(step))]

    def tries(self, key: str) -> int:
        """How many wrong answers a blank has had."""
        return self.session.tries(self.place(key)[1])


def remembered(session: Session) -> dict[str, object]:
    """All that a session knows of its learner."""
    blanks = [blank for step in session.steps for blank in session.blanks(step)]
    return {
        "answers": {key: (one.text, one.verdict.kind, one.shown) for key, one in session.answers.items()},
        "quick": session.quick,
        "opened": session.opened,
        "hints": {blank.key: session.hints_seen(blank) for blank in blanks},
        "tries": {blank.key: session.tries(blank) for blank in blanks},
        "drafts": {blank.key: session.draft(blank) for blank in blanks},
        "states": [session.state(step) for step in session.steps],
        "finished": session.finished,
        "solved": session.solved,
        "at": session.current_step.key,
    }
