"""Answer sheets without answers, for learners to fill in; `sheets.py` reads what comes back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.course.sheets import FORMAT, OF_OWN, SheetPart, names_for_everyone, names_of
from tutor.library import Exercise
from tutor.marking import Marker
from tutor.questions import Blank, InputKind
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.blank import NoAnswers
from tutor.questions.question import Question
from tutor.text import one_line


def write_sheet(parts: Sequence[SheetPart], paper: str = "", student: str = "", name: str = "") -> str:
    """The sheet for these exercises, without answers; with the student whose it is, where it is someone's."""
    ids = [part.exercise.id for part in parts]
    lines = [
        "# Write each answer between the quotes. Anything the tutor reads is fine: 2/3, e^2, [1, 2].",
        "# Leave out what you cannot do; the order does not matter.",
        f"sheet = {FORMAT}",
        *([f"paper = {_quoted(paper)}"] if paper else []),
        f"exercises = [{', '.join(map(_quoted, ids))}]",
        f"asked = [{', '.join(_quoted(part.exercise.digest[:12]) for part in parts)}]",
        f"student = {_quoted(student)}  # your number or login",
        f"name = {_quoted(name)}",
    ]
    for number, part in enumerate(parts, 1):
        prefix = f"e{number}." if len(parts) > 1 else ""
        lines += ["", "", f"# {one_line(part.exercise.on_paper.title)}"]
        lines += [f"# {one_line(text)}" for text in _given(part.exercise)]
        for place in _places(part.marker):
            lines += ["", *(f"# {one_line(text)}" for text in place.said if text), f"[{prefix}{place.table}]"]
            lines += [line for blank in place.blanks for line in _blank(blank, place)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class _Place:
    """A table of a sheet: a step of a question."""

    table: str
    said: tuple[str, ...]
    blanks: tuple[Blank, ...]
    names: tuple[str, ...]
    of_own_equations: bool


def _given(exercise: Exercise) -> list[str]:
    file = exercise.file
    if not file.function:
        return []
    at = ", ".join(f"{name} = {value}" for name, value in {**file.at, **file.constants}.items())
    return [f"{file.function},  {at}"]


def _places(marker: Marker) -> Iterator[_Place]:
    several = len(marker.schemes) > 1
    for scheme, prefix in zip(marker.schemes, marker.prefixes, strict=True):
        question, first = scheme.work.question, True
        for key, rows in scheme.steps.items():
            own = scheme.work.stages and key in ("forward", "backward")
            blanks = tuple(row.blank for row in rows)
            names = names_of(blanks)
            everyones = names_for_everyone(question) if own else frozenset()
            kept = [at for at, blank in enumerate(blanks) if not own or blank.key.rpartition(":")[2] in everyones]
            said = (*(_introduced(question, several) if first else ()), *((OF_OWN[key],) if own else ()))
            first = False
            yield _Place(
                f"{prefix.replace('/', '.')}{key}",
                said,
                tuple(blanks[at] for at in kept),
                tuple(names[at] for at in kept),
                own,
            )


def _introduced(question: Question, several: bool) -> Iterator[str]:
    """What is said above a question: its title where there are others, what is asked of all blanks, what is given."""
    if several:
        yield question.title
    if not isinstance(question, BackpropQuestion):
        yield from question.steps[0].about(NoAnswers()).split("\n")
    if several or not isinstance(question, BackpropQuestion):
        yield from question.statement.split("\n")


def _blank(blank: Blank, place: _Place) -> Iterator[str]:
    name = place.names[place.blanks.index(blank)]
    key = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)
    if blank.wants is InputKind.CODE:
        yield f"# {one_line(blank.prompt)}"
        yield f"{key} = '''\n{blank.starter.rstrip()}\n'''"
    elif blank.wants is InputKind.EQUATIONS:
        yield f"# {one_line(blank.prompt)}"
        yield f"{key} = '''\n\n'''"
    else:
        for letter, option in zip("abcdefghijklmnopqrstuvwxyz", blank.options, strict=False):
            yield f"#   {letter}) {one_line(option)}"
        said = f"  # {one_line(blank.prompt)}" if not place.of_own_equations else ""
        yield f'{key} = ""{said}'


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
