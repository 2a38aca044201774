"""The programs of this folder, and the verdict on one by the way that the app takes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.questions.making import Learner
from tests.shipped import LIBRARY
from tutor.judging import Verdict
from tutor.library import Exercise
from tutor.questions import Step
from tutor.questions.blank import CODE, NoAnswers
from tutor.questions.registry import questions_of
from tutor.runner import Runner

_MARK = "#!"


@dataclass(frozen=True)
class Program:
    """A program, the numbers of its wrong lines, the staging it is judged with, and a pattern of its mistake's name."""

    exercise: str
    what: str
    source: str
    lines: tuple[int, ...] = ()
    staging: str = ""
    named: str = ""
    kind: str = "wrong"

    def is_named(self, verdict: Verdict) -> bool:
        """Whether what is said names the mistake; without a pattern, whether anything is named."""
        return bool(re.search(self.named, verdict.message)) if self.named else bool(verdict.mistake)


def _read(file: str, kind: str) -> Iterator[Program]:
    for row in tomllib.loads(Path(__file__).with_name(file).read_text())["program"]:
        lines = row["source"].lstrip("\n").split("\n")
        marked = tuple(at for at, line in enumerate(lines, 1) if _MARK in line)
        source = "\n".join(line.partition(_MARK)[0].rstrip() for line in lines)
        more = row.get("staging", "").strip(), row.get("named", "")
        yield Program(row["exercise"], row["what"], source, marked, *more, kind)


WRONG = tuple(_read("wrong.toml", "wrong"))
RIGHT = tuple(_read("right.toml", "right"))


@cache
def _step(exercise: str, staging: str, runner: Runner) -> tuple[Step, object]:
    made: Exercise = LIBRARY.exercises[exercise]
    if made.file.function:
        learner = Learner(made, staging, runner)
        return learner.place(CODE)[0], learner
    steps = [step for question in questions_of(made, runner) for step in question.steps if step.key == CODE]
    return steps[0], NoAnswers()


def told(runner: Runner, program: Program) -> Verdict:
    """The verdict on a program."""
    step, given = _step(program.exercise, program.staging, runner)
    (blank,) = step.blanks(given)  # type: ignore[arg-type]
    return step.judge(blank, program.source, given)  # type: ignore[arg-type]


RAISED = ("Your code raised", "Your code called itself", "Your code was still")
"""How a message begins whose line is Python's own: no line is accused there."""

_BELOW = re.compile(r"\n(?:Traceback|Called with|That was with|It printed)")
_SEVERAL = re.compile(r"lines? (\d+(?:(?:, | and | or |, or | to )(?:line )?\d+)+)")
_ONE = re.compile(r"[Ll]ine (\d+)")


def accused(message: str) -> tuple[tuple[int, ...], bool]:
    """The lines among which a message says that the wrong one is, and whether it is one line alone."""
    head = _BELOW.split(message, maxsplit=1)[0]
    if found := _SEVERAL.search(head):
        numbers = [int(each) for each in re.findall(r"\d+", found[1])]
        if " to " in found[1]:
            numbers = [*range(numbers[0], numbers[-1] + 1)]
        return tuple(numbers), False
    first = _ONE.search(head)
    return ((int(first[1]),), True) if first else ((), False)
