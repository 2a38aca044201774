"""Answer sheets filled in for tests: with right answers, with wrong ones, and damaged as files are on their way."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache

from tutor.course.grading import Grader
from tutor.course.sheets import names_of
from tutor.marking import Marker
from tutor.paths import shipped_folder
from tutor.questions import InputKind


@cache
def grader() -> Grader:
    """Of the exercises that ship; code is not run."""
    return Grader([shipped_folder()])


@cache
def running_grader() -> Grader:
    """The same, which runs code."""
    return Grader([shipped_folder()], run_code=True)


def correct(marker: Marker) -> dict[tuple[str, str], str]:
    """Table and name -> the right answer, for an exercise alone on its sheet."""
    answers = {}
    for scheme, prefix in zip(marker.schemes, marker.prefixes, strict=True):
        for key, rows in scheme.steps.items():
            for name, row in zip(names_of([row.blank for row in rows]), rows, strict=True):
                answers[f"{prefix.replace('/', '.')}{key}", name] = row.correct
    return answers


def by_key(marker: Marker) -> dict[tuple[str, str], str]:
    """Table and name -> the key of the blank."""
    keys = {}
    for scheme, prefix in zip(marker.schemes, marker.prefixes, strict=True):
        for key, rows in scheme.steps.items():
            for name, row in zip(names_of([row.blank for row in rows]), rows, strict=True):
                keys[f"{prefix.replace('/', '.')}{key}", name] = f"{prefix}{row.blank.key}"
    return keys


def with_slips(marker: Marker, rng: random.Random, share: float) -> dict[tuple[str, str], str]:
    """Right answers but for a share of them: other numbers, empty ones, nonsense; staging and code stay right.

    Where the marker runs code, a sign or a line of it may be another.
    """
    spared = {
        (f"{prefix.replace('/', '.')}{key}", name)
        for scheme, prefix in zip(marker.schemes, marker.prefixes, strict=True)
        for key, rows in scheme.steps.items()
        for name, row in zip(names_of([row.blank for row in rows]), rows, strict=True)
        if row.blank.wants in (InputKind.EQUATIONS, InputKind.CODE)
    }
    answers = correct(marker)
    for place in answers:
        if place not in spared and rng.random() < share:
            answers[place] = rng.choice(["", "0", "-1", "7.25", f"-({answers[place]})", "x +", "b", "(2, 3)"])
        elif marker.runs_code and "def " in answers[place] and rng.random() < share:
            answers[place] = _mutant(answers[place], rng)
    return answers


def _mutant(code: str, rng: random.Random) -> str:
    """A program with another sign, without a line, or with a misspelt name."""
    lines = code.splitlines()
    at = rng.randrange(1, len(lines))
    other = rng.choice(["+ -", "* +", "= =2*", "return returm", "drop"]).split()
    changed = lines[at].replace(*other, 1) if len(other) == 2 else ""
    return "\n".join([*lines[:at], *([changed] if changed else []), *lines[at + 1 :]])


def sheet(id: str, answers: Mapping[tuple[str, str], str], student: str = "s1") -> str:
    """The text of a sheet with these answers, a line or a triple-quoted text each."""
    lines = ["sheet = 1", f'exercises = ["{id}"]', f'student = "{student}"']
    table = ""
    for (where, name), text in answers.items():
        if where != table:
            lines += ["", f"[{where}]"]
            table = where
        quoted = (
            f"'''\n{text}\n'''" if "\n" in text else f"'''{text}'''" if "'" in text or "\\" in text else f'"{text}"'
        )
        lines.append(f'"{name}" = {quoted}')
    return "\n".join(lines) + "\n"
