"""What the verbs say: an exercise, its solution, what a check came to, the settings and all that keys do."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from tutor.catalogue.listing import begun, fault_in_words
from tutor.cli.standard_output import writable
from tutor.learner import StoreProblem, looking
from tutor.text import WIDTH, clipped, harmless, in_ascii, needs_ascii, one_line, wrapped

if TYPE_CHECKING:
    from tutor.library import Exercise
    from tutor.library.packs import Pack
    from tutor.questions.question import Question
    from tutor.session.validation import Finding, Report
    from tutor.settings.schema import SettingsReading

_SECONDS = 3.0
"""Between two sentences on what is being read."""


class SaysReading:
    """Says in a terminal what is being read, every few seconds; nothing where it does not take so long."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()

    def __call__(self, path: Path) -> None:
        """This is read next."""
        if sys.stderr.isatty() and self._clock() - self._last >= _SECONDS:
            self._last = self._clock()
            said = f"Reading {one_line(str(path))}\n"
            sys.stderr.write(in_ascii(said) if needs_ascii(sys.stderr) else said)
            sys.stderr.flush()


def statement(exercise: Exercise, questions: Sequence[Question]) -> str:
    """What an exercise asks, and nothing of its answers."""
    file = exercise.file
    given = ", ".join(f"{name} = {value}" for name, value in file.at.items())
    parts = [
        f"{clipped(one_line(file.title), WIDTH)}\n{one_line(exercise.id)}, level {file.level}",
        f"{wrapped(one_line(file.function))}\n{wrapped(one_line(given))}" if file.function else "",
        wrapped(writable(harmless(file.prompt.strip()))),
    ]
    if file.question:
        parts += [_asked(number, question) for number, question in enumerate(questions, 1)]
    else:
        parts.append(f"Steps: {', '.join(step.capitalize() for step in exercise.steps)}")
    return "\n\n".join(part for part in parts if part)


def _asked(number: int, question: Question) -> str:
    """A question's title, what it asks, what is given, and its blanks that are open from the beginning."""
    from tutor.questions.blank import NoAnswers

    lines = [clipped(f"{number}. {one_line(question.title)}", WIDTH)]
    lines += [wrapped(one_line(question.steps[0].about(NoAnswers())))] if question.steps else []
    lines += [question.statement] if question.statement else []
    for step in question.steps:
        for blank in step.blanks(NoAnswers()):
            lines.append(_indented(blank.prompt))
            lines += [
                f"     {letter}) {one_line(text)}" for letter, text in zip(ascii_lowercase, blank.options, strict=False)
            ]
    return "\n".join(writable(harmless(line)) for line in lines).rstrip()


def _indented(prompt: str) -> str:
    """A prompt under its question; one that brings code along keeps its lines, with an empty one after them."""
    lines = prompt.rstrip().split("\n")
    return "".join(f"   {line}".rstrip() + "\n" for line in lines) if len(lines) > 1 else f"   {one_line(prompt)}"


def own_solution(exercise: Exercise) -> str:
    """The worked solution, for the learner's own staging where there is one."""
    from tutor.session.exercise_view import solution

    try:
        journal = []
        if begun():
            with looking() as store:
                journal = store.entries(exercise.id)
    except StoreProblem:
        journal = []  # the solution for the program's own staging needs no store
    return harmless(solution(exercise, journal, needs_ascii(sys.stdout)))


def report_in_words(report: Report) -> str:
    """A line for a file that is sound, or one a problem; then its notes."""
    path = one_line(str(report.path))
    if report.sound and report.is_pack:
        lines = [f"{path}: all fine"]
    elif report.sound:
        lines = [f"{path}: all fine ({report.blanks} {'blank' if report.blanks == 1 else 'blanks'} answered)"]
    else:
        lines = [f"{path}{_finding(problem)}" for problem in report.problems]
    return "\n".join([*lines, *(f"  note{_finding(note)}" for note in report.notes)])


def _finding(finding: Finding) -> str:
    return fault_in_words(finding.line, finding.key, finding.reason)


def pack_in_words(pack: Pack) -> str:
    """A pack's name, title, what is in it and where it is."""
    count = f"{pack.exercises} {'exercise' if pack.exercises == 1 else 'exercises'}"
    broken = f", {pack.broken} broken" if pack.broken else ""
    lines = [
        f"{one_line(pack.name)}  {clipped(one_line(pack.title), WIDTH)}",
        *([wrapped(one_line(pack.about), indent="  ").rstrip()] if pack.about else []),
        f"  {count}{broken}; {pack.came}: {one_line(str(pack.folder))}",
    ]
    return writable("\n".join(lines))


def settings_in_words(reading: SettingsReading, own: Mapping[str, str], wrong: Sequence[str]) -> str:
    """The file, each setting, the learner's `own` keys that hold, and the sentences on what is wrong."""
    absent = "" if reading.exists else "\nThere is no such file yet. `backprop-tutor settings --init` writes one."
    settings: dict[str, Any] = to_builtins(reading.settings)
    settings.pop("keys")
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in settings.items()]
    lines += [f"keys: {name} = {json.dumps(keys)}" for name, keys in own.items()] or ["keys: none of your own"]
    parts = [f"{one_line(str(reading.path))}{absent}", "\n".join(one_line(line) for line in lines)]
    if wrong:
        said = "\n".join(wrapped(one_line(each), indent="  ").rstrip() for each in wrong)
        parts.append(f"To be fixed; what cannot hold is as usual until then:\n{said}")
    return "\n\n".join(parts)


def keys_in_words(table: Mapping[str, Sequence[tuple[str, str, str]]]) -> str:
    """For each screen, what can have another key: its id for the table `keys`, its keys, and what it is."""
    rows = [row for each in table.values() for row in each]
    wide = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    parts = []
    for place, own in table.items():
        lines = [f"  {name:<{wide[0]}}  {keys:<{wide[1]}}  {title}".rstrip() for name, keys, title in own]
        parts.append("\n".join([place.capitalize(), *lines]))
    return "\n\n".join(parts)
