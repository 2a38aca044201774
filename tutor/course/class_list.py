"""A class against what was handed in: whose each file is, who is missing, and whose numbers a sheet is on.

The program gives each student seeds of their own (`seeds.seed_of`; `index.csv` lists them), so a sheet on the numbers
of somebody else is known. A file is a student's by the number in it, however that is written, else by name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from tutor.course.graded import Graded
from tutor.course.worksheets.handout import Student
from tutor.practice.seeds import seed_of, split_id
from tutor.text import one_line

_CLOSE = 0.75
"""How much a number is like another one that may be meant: numbers are short, and many differ in one digit."""


@dataclass(frozen=True)
class AgainstClass:
    """The grades with the students of the class they are of, and what is to be said of the class."""

    grades: tuple[Graded, ...]
    missing: tuple[Student, ...] = ()
    """Who handed nothing in."""

    remarks: tuple[str, ...] = ()


def against_class(grades: Sequence[Graded], students: Sequence[Student]) -> AgainstClass:
    """The grades of a class; without students they are as they were."""
    if not students:
        return AgainstClass(tuple(grades))
    known = {one.student: one for one in students}
    theirs = [_whose(one, students) for one in grades]
    matched = [
        one if student is None else replace(one, student=student.student, name=student.name or one.name)
        for one, student in zip(grades, theirs, strict=True)
    ]
    handed = {one.student for one in matched if one.student}
    missing = tuple(one for one in students if one.student not in handed)
    remarks = [
        *(_taken(grades, matched)),
        *([f"Nothing handed in: {', '.join(one_line(one.student) for one in missing)}."] if missing else []),
    ]
    strangers = {one.student: None for one in matched if one.student and one.student not in known}
    if strangers:
        told = [f"{one_line(one)}{_meant(one, [each.student for each in missing])}" for one in strangers]
        remarks.append(f"Not in the class: {', '.join(told)}.")
    return AgainstClass(tuple(_on_own_numbers(matched, known)), missing, tuple(remarks))


# Whose a file is


def _whose(one: Graded, students: Sequence[Student]) -> Student | None:
    """The student of the class: by number, by name where there is no number, by the file's name where that fits."""
    by_number = [student for student in students if one.student and _bare(student.student) == _bare(one.student)]
    if not by_number and one.student:
        by_number = [student for student in students if _short(student.student) == _short(one.student)]
    if len(by_number) == 1:
        return by_number[0]
    if one.student:
        return None
    stem = _bare(re.sub(r"[ _-]*\(\d+\)$", "", Path(one.file).name.partition(".")[0]))
    by_name = [student for student in students if one.name and _words(student.name) == _words(one.name)]
    by_file = [student for student in students if _bare(student.student) == stem]
    found = by_name if len(by_name) == 1 else by_file
    return found[0] if len(found) == 1 and not (by_name and by_file and by_name != by_file) else None


def _bare(number: str) -> str:
    return "".join(unicodedata.normalize("NFKC", number).casefold().split())


def _short(number: str) -> str:
    """A number without the zeros that fill it up: `s019` is `s19`."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", _bare(number))


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", name).casefold().replace("’", "'")
    return sorted(re.findall(r"[^\W\d_][\w'-]*", plain))


def _taken(before: Sequence[Graded], after: Sequence[Graded]) -> Iterator[str]:
    """Which files are a student's by something else than the number as the class has it."""
    taken = [
        f"{one_line(new.student)} ({one_line(old.student or old.name) or 'nothing'} in {one_line(Path(old.file).name)})"
        for old, new in zip(before, after, strict=True)
        if old.student != new.student
    ]
    if taken:
        yield f"Told by name, file name or a number written otherwise: {', '.join(taken)}."


def _meant(stranger: str, missing: Sequence[str]) -> str:
    """Who may be meant: one who handed nothing in."""
    near = get_close_matches(_bare(stranger), map(_bare, missing), n=1, cutoff=_CLOSE)
    return next((f" (did you mean {one_line(one)}?)" for one in missing if near and _bare(one) == near[0]), "")


# Whose numbers a sheet is on


def _on_own_numbers(grades: Sequence[Graded], known: Mapping[str, Student]) -> Iterator[Graded]:
    """The grades, with a sentence on each sheet whose seeds were drawn for somebody else, or for nobody.

    Where no sheet of an exercise is on its student's own numbers, and no index says that they were drawn, everybody
    was given the same on purpose.
    """
    drawn: dict[str, dict[int, str]] = {}
    own_used: set[str] = set()
    pairs = [[(one.student, *split_id(id)) for id in one.ids] for one in grades]
    for student in known.values():
        for id in {base for own in pairs for _, base, _ in own}:
            seed = _seed(student, id)
            if seed is not None:
                drawn.setdefault(id, {})[seed] = student.student
    for student_id, base, seed in (pair for own in pairs for pair in own):
        if seed is not None and drawn.get(base, {}).get(seed) == student_id:
            own_used.add(base)
    for one, own in zip(grades, pairs, strict=True):
        wrong: dict[str, list[str]] = {}
        for student_id, base, seed in own:
            expected = _seed(known[student_id], base) if student_id in known else None
            of_class = base in own_used or any(student.seeds for student in known.values())
            if expected is None or seed == expected or not (of_class or drawn[base].get(seed or 0)):
                continue
            if whose := drawn[base].get(seed, "no one") if seed is not None else "no one" * (base in own_used):
                wrong.setdefault(whose, []).append(base)
        told = [
            f"The numbers of {', '.join(ids)} were drawn for {one_line(whose)}"
            f"{'' if whose != 'no one' else ' in the class'}, not for {one_line(one.student)}."
            for whose, ids in wrong.items()
        ]
        yield replace(one, problems=(*told, *one.problems)) if told else one


def _seed(student: Student, id: str) -> int | None:
    return student.seeds.get(id) if student.seeds else seed_of(student.student, id)
