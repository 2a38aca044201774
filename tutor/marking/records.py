"""Marks as data: of a blank, a step, a question, an exercise, a paper. All of it goes to JSON and back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import msgspec

_DECIMALS = 6
"""Marks are sums of halves and the like: what is beyond is noise of the arithmetic."""


class MarkOutcome(StrEnum):
    """How an answer fared. Marks are earned by `right`, `carried` and, in part, `hinted`."""

    RIGHT = "right"
    HINTED = "hinted"
    """Right, after hints: each costs a quarter."""
    CARRIED = "carried"
    """Right, given the learner's own earlier mistake."""
    NO_WORK = "nothing left to work out"
    """The same, but that mistake is 0, or 1 and this too, so that following it took no work: it earns nothing."""
    WRONG = "wrong"
    UNREADABLE = "unreadable"
    UNDECIDED = "undecided"
    """It could not be decided; a person may want to look at it."""
    NOT_RUN = "not run"
    """Code that was not to be run."""
    NOT_MARKED = "not marked"
    """An answer of which it cannot be told what it is to be, as the equations do not say."""
    SHOWN = "shown"
    MISSING = "missing"

    @classmethod
    def _missing_(cls, value: object) -> MarkOutcome | None:
        return cls.NO_WORK if value == "degenerate" else None  # as it is in marks that were kept before


@dataclass(frozen=True, slots=True)
class BlankMarks:
    """One blank: what was answered, what is right, what it earned and why."""

    key: str
    label: str
    answer: str
    correct: str
    earned: float
    full: float
    outcome: MarkOutcome
    said: str = ""
    """Why, in words for the learner; "" where there is nothing to say."""
    mistake: str = ""
    """The name of a recognised mistake."""
    carried: tuple[str, ...] = ()
    """The keys of the earlier blanks whose mistakes it follows from."""


class _Sum(ABC):
    """What is made of parts that have marks."""

    __slots__ = ()

    @abstractmethod
    def blanks(self) -> Iterator[BlankMarks]:
        """All blanks in it, in order."""

    @property
    def earned(self) -> float:
        """What its blanks earned."""
        return _total(blank.earned for blank in self.blanks())

    @property
    def full(self) -> float:
        """What can be earned."""
        return _total(blank.full for blank in self.blanks())

    @property
    def carried(self) -> float:
        """What of it was earned by following from mistakes."""
        return _total(blank.earned for blank in self.blanks() if blank.outcome is MarkOutcome.CARRIED)

    @property
    def answered(self) -> int:
        """How many of its blanks were answered."""
        return sum(blank.outcome is not MarkOutcome.MISSING for blank in self.blanks())


def _total(parts: Iterable[float]) -> float:
    return round(sum(parts), _DECIMALS)


@dataclass(frozen=True)
class StepMarks(_Sum):
    """A step of a question, by its key in the exercise."""

    key: str
    title: str
    rows: tuple[BlankMarks, ...]

    def blanks(self) -> Iterator[BlankMarks]:
        """In order."""
        return iter(self.rows)


@dataclass(frozen=True)
class QuestionMarks(_Sum):
    """A question of an exercise; an exercise with a function is one."""

    title: str
    steps: tuple[StepMarks, ...]

    def blanks(self) -> Iterator[BlankMarks]:
        """Of all its steps."""
        return (blank for step in self.steps for blank in step.rows)


@dataclass(frozen=True)
class ExerciseMarks(_Sum):
    """An exercise, by its id (with its seed, where it is on fresh numbers)."""

    id: str
    title: str
    questions: tuple[QuestionMarks, ...]

    def blanks(self) -> Iterator[BlankMarks]:
        """Of all its questions."""
        return (blank for question in self.questions for blank in question.blanks())


@dataclass(frozen=True)
class PaperMarks(_Sum):
    """All exercises of a paper, in order."""

    exercises: tuple[ExerciseMarks, ...]

    def blanks(self) -> Iterator[BlankMarks]:
        """Of all its exercises."""
        return (blank for exercise in self.exercises for blank in exercise.blanks())

    def as_json(self) -> str:
        """As text that `from_json` reads."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> PaperMarks:
        """Read what `as_json` wrote. Raises ValueError for anything else."""
        return msgspec.json.decode(text, type=cls)


def in_words(marks: float) -> str:
    """Marks as they are written: `12`, `2.5`, `0.67`."""
    return f"{marks:.2f}".rstrip("0").rstrip(".")
