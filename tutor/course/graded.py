"""What became of the files that were handed in: their marks, or why there are none, and which of several counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tutor.course.submissions import Act
from tutor.judging import Kind
from tutor.marking import PaperMarks
from tutor.practice.seeds import split_id

_LONGEST_PAUSE = 300.0
"""Seconds between two acts: what is longer was a pause."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What a blank took: tries (`Kind.charged` says which answers are), hints, seconds; and the mistakes met."""

    tries: int = 0
    hints: int = 0
    seconds: float = 0.0
    met: tuple[tuple[str, str], ...] = ()
    """The mistakes met on the way, each once, with what was said."""


@dataclass(frozen=True)
class Graded:
    """What became of one file."""

    file: str
    student: str = ""
    name: str = ""
    ids: tuple[str, ...] = ()
    """The paper's id, or the ids of the exercises, with the seeds of their numbers."""

    marks: PaperMarks | None = None
    """None where it could not be graded."""

    problems: tuple[str, ...] = ()
    """What could not be used as it is: sentences, with their lines."""

    changed: tuple[str, ...] = ()
    """The exercises that ask something else by now than what was handed out."""

    efforts: Mapping[str, Effort] = field(default_factory=dict)
    """Exercise's id and blank's key, `id key` -> what it took; nothing for sheets."""

    @property
    def about(self) -> str:
        """What it is about, in words."""
        return ", ".join(self.ids)

    @property
    def assignment(self) -> str:
        """What it is about, whatever the numbers."""
        return " and ".join(dict.fromkeys(split_id(id)[0] for id in self.ids))

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was answered."""
        return self.marks is not None and not self.marks.answered

    @property
    def who(self) -> str:
        """Whom to name: the student, else the name they gave, else the file."""
        return self.student or self.name or Path(self.file).stem

    @property
    def share(self) -> float:
        """What was earned of the marks, from 0 to 1."""
        return self.marks.earned / self.marks.full if self.marks is not None and self.marks.full else 0.0


def handed_in_twice(grades: Iterable[Graded]) -> list[list[Graded]]:
    """The files of each student who handed in several for the same assignment, in their order."""
    found: dict[tuple[str, str], list[Graded]] = {}
    for one in grades:
        if one.marks is not None and one.student:
            found.setdefault((one.student, one.assignment), []).append(one)
    return [own for own in found.values() if len(own) > 1]


def counting(grades: Sequence[Graded]) -> list[Graded]:
    """Those that count: graded, and of several files of a student for one assignment the best, the first of equals."""
    passed = {
        id(one) for own in handed_in_twice(grades) for one in own if one is not max(own, key=lambda one: one.share)
    }
    return [one for one in grades if one.marks is not None and id(one) not in passed]


def efforts_of(acts: Iterable[Act]) -> dict[str, Effort]:
    """What each blank took, by its key. The time before an act counts for the blank it is about, pauses do not."""
    efforts: dict[str, Effort] = {}
    before: float | None = None
    for act in acts:
        since = act.at - before if before is not None else 0.0
        before = act.at
        if not act.blank:
            continue
        known = efforts.get(act.blank, Effort())
        efforts[act.blank] = Effort(
            known.tries + (act.action == "answer" and bool(act.verdict) and Kind(act.verdict).charged),
            known.hints + (act.action == "hint"),
            known.seconds + (since if 0 <= since <= _LONGEST_PAUSE else 0.0),
            _met(known.met, act),
        )
    return efforts


def _met(before: tuple[tuple[str, str], ...], act: Act) -> tuple[tuple[str, str], ...]:
    if act.action != "mistake" or not act.verdict or act.verdict in dict(before):
        return before
    return (*before, (act.verdict, act.text))
