"""Wrong answers as learners make them, over exercises of every kind, and how what is said of them is scored.

`naming/*.toml` are the exercises, `naming/answers.jsonl` the answers, `naming/earlier.jsonl` answers with
a mistake before the gate that is asked about, `naming/shipped.jsonl` answers to what ships:
exercise, blank, answer, what was done, and a regular expression that a true reason meets.
"""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.session.working import Working, new_folder
from tutor.judging import Kind, Verdict
from tutor.learner import Store
from tutor.library import Exercise, read_exercise
from tutor.questions import CODE
from tutor.runner import Runner

FOLDER = Path(__file__).parent / "naming"

Row = Mapping[str, Any]


def _exercise(path: Path) -> Exercise:
    exercise = read_exercise(path, path.stem)
    assert isinstance(exercise, Exercise), exercise
    return exercise


LIBRARY: dict[str, Exercise] = {path.stem: _exercise(path) for path in sorted(FOLDER.glob("*.toml"))}


@dataclass(frozen=True)
class Scored:
    """A wrong answer, what is said of it, and how much processor time that took."""

    row: Row
    verdict: Verdict
    seconds: float


class NotAsked(Exception):
    """Answers to blanks that are not asked: after all the others were judged."""


def rows_of(name: str = "answers.jsonl") -> list[Row]:
    """The answers."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def judged(exercises: Mapping[str, Exercise], rows: Iterable[Row]) -> Iterator[Scored]:
    """What is said of each answer, to a learner who has everything before that blank right."""
    by_exercise: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_exercise[row["exercise"]].append(row)
    for id, mine in by_exercise.items():
        quick = [row for row in mine if row["blank"].startswith("quick ")]
        yield from _at(exercises[id], [row for row in mine if row not in quick], quick=False)
        if quick:
            yield from _at(exercises[id], quick, quick=True)


def _at(exercise: Exercise, rows: Sequence[Row], quick: bool) -> Iterator[Scored]:
    by_blank: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_blank[row["blank"].removeprefix("quick ")].append(row)
    with new_folder() as folder:
        working = Working(exercise, Store(folder), Runner())
        session = working.session
        session.quick = quick
        for step in session.steps:
            if step.key.endswith(CODE):
                continue
            while by_blank and (blank := session.current_blank(step)) is not None:
                for row in by_blank.pop(blank.key, ()):
                    begun = time.process_time()
                    verdict = step.judge(blank, row["answer"], session)
                    yield Scored(row, verdict, time.process_time() - begun)
                assert session.answer(step, blank, session.worked(step, blank)).accepted, blank.key
    if by_blank:
        raise NotAsked(f"{exercise.id} does not ask {list(by_blank)}")


_VAGUE = re.compile(r"right size|shape|entries|entry|off by|factor of|not right|not the value|fit", re.IGNORECASE)


def score(case: Scored) -> str:
    """How an answer was named: truly, hedged with the true reason, vaguely, not at all, or falsely."""
    verdict = case.verdict
    if verdict.accepted:
        return "accepted"
    named = bool(verdict.mistake) or (not verdict.unexplained and verdict.kind is Kind.WRONG)
    true = bool(re.search(case.row["says"], verdict.message, re.IGNORECASE))
    if true and (verdict.mistake or verdict.kind is Kind.UNREADABLE or not verdict.unexplained):
        return "hedged" if "|" in verdict.mistake else "named truly"
    if verdict.mistake:
        return "named falsely"
    return "vague" if named else "not named"
