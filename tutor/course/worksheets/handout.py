"""Sheets for a class: each student gets numbers of their own, the same whenever the sheets are written again.

A folder is written whole or not at all: it is made beside its place and moved there when all of it is ready.
"""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import StringIO
from pathlib import Path

from tutor.course.blank_sheets import write_sheet
from tutor.course.grading import Grader, NotGraded, in_a_sentence
from tutor.course.sheets import SheetPart
from tutor.course.worksheets.build import worksheet
from tutor.course.worksheets.document import Document
from tutor.files import NotText, text_in_any_encoding
from tutor.library import BadFile, Exercise, Library
from tutor.library.discovery import PACK, read_pack
from tutor.library.fitting import nearest
from tutor.marking import Marker
from tutor.papers.paper import Paper, exercises_of
from tutor.practice.seeds import NoVariant, on_seed, seed_of, split_id, variant_id
from tutor.practice.variants import variant_of
from tutor.runner import Runner
from tutor.text import one_line

INDEX = "index.csv"
MOST_SHEETS = 2000
_LARGEST_ROSTER = 2_000_000
"""Bytes."""
_STUDENT = (
    "student", "id", "login", "number", "sis login id", "id number", "student id", "student number", "username",
    "email", "email address",
)  # fmt: skip
_DRAWN = ("exercise", "seed")
"""The columns of an index.csv, in which a student has a row for each exercise."""
_NAME = ("name", "full name", "student name")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NoHandout(Exception):
    """Why sheets cannot be made: a sentence."""


@dataclass(frozen=True, slots=True)
class Student:
    """A row of a roster."""

    student: str
    name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Of the others, those that were asked for: the title as it is written there, and the cell."""

    seeds: Mapping[str, int | None] = field(default_factory=dict)
    """Exercise -> the seed that was drawn, None where it has no other numbers; of an index.csv only."""

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """What their sheet says of whose it is."""
        return (("Name", self.name), ("Number", self.student), *self.columns.items())


def roster(path: Path, columns: Sequence[str] = ()) -> list[Student]:
    """The students of a CSV file with the columns `student` and, where there is one, `name`; and of these others.

    Raises NoHandout.
    """
    try:
        text = text_in_any_encoding(path, _LARGEST_ROSTER).removeprefix("\ufeff")
    except (NotText, OSError) as why:
        said = (why.strerror or str(why)).lower() if isinstance(why, OSError) else str(why)
        raise NoHandout(f"{path.name} cannot be read: {said}.") from None
    head, _, _ = text.partition("\n")
    sign = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(StringIO(text), delimiter=sign, strict=True))
    except csv.Error as error:
        raise NoHandout(f"{path.name} is no CSV file: {error}.") from None
    titles = [one_line(cell).lower() for cell in rows[0]] if rows else []
    student, name = _column(titles, _STUDENT), _column(titles, _NAME)
    if student is None:
        had = ", ".join(title for title in titles if title) or "none"
        meant = _meant(titles, name, _STUDENT)
        instead = f"did you mean {meant[1]} where it says {meant[0]}?" if meant else f"its columns are {had}."
        raise NoHandout(
            f"{path.name} has no column of students' numbers, such as student, in its first line; {instead}"
        )
    if name is None and (meant := _meant(titles, student, _NAME)):
        raise NoHandout(
            f"{path.name} has no column called name; did you mean {meant[1]} where it says {meant[0]}? "
            "If it is something else, leave the column out."
        )
    more = {one_line(rows[0][at])[:1].upper() + one_line(rows[0][at])[1:]: at for at in _others(path, titles, columns)}
    found: dict[str, Student] = {}
    for line, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        one = one_line(row[student]) if student < len(row) else ""
        if not one:
            raise NoHandout(f"{path.name}, line {line}: the student is missing.")
        own = {title: row[at].strip() for at, title in enumerate(titles) if title in _DRAWN and at < len(row)}
        drawn = {own["exercise"]: int(own["seed"]) if own["seed"].isdecimal() else None} if len(own) == 2 else {}
        if one in found and drawn and drawn.keys().isdisjoint(found[one].seeds):
            found[one] = replace(found[one], seeds={**found[one].seeds, **drawn})
            continue
        if one in found:
            raise NoHandout(f"{path.name}, line {line}: {one} is there twice.")
        cells = {title: one_line(row[at]) if at < len(row) else "" for title, at in more.items()}
        found[one] = Student(one, one_line(row[name]) if name is not None and name < len(row) else "", cells, drawn)
    if not found:
        raise NoHandout(f"{path.name} names no students.")
    return list(found.values())


def _others(path: Path, titles: Sequence[str], columns: Sequence[str]) -> Iterator[int]:
    """Where the columns of these titles are. Raises NoHandout for one that is not there."""
    for column in columns:
        title = one_line(column).lower()
        if title not in titles:
            near = nearest(title, titles)
            instead = f"did you mean {near}?" if near else f"its columns are {', '.join(filter(None, titles))}."
            raise NoHandout(f"{path.name} has no column {one_line(column) or '(it has no name)'}; {instead}")
        yield titles.index(title)


def _column(titles: Sequence[str], names: Sequence[str]) -> int | None:
    return next((titles.index(name) for name in names if name in titles), None)


def _meant(titles: Sequence[str], taken: int | None, names: Sequence[str]) -> tuple[str, str] | None:
    """A column that is misspelt, and the name that is meant; None where no column is like any of these."""
    for at, title in enumerate(titles):
        if at != taken and (near := nearest(title, names)):
            return title, near
    return None


# Sheets


def sheet_of(
    grader: Grader, ids: Sequence[str], seed: int | None = None, *, key: bool = False, figures: bool = True
) -> Document:
    """The sheet of these exercises or papers, on the numbers of a seed where there is one.

    Raises NoHandout, and NoVariant for an id that names a seed of its own as well.
    """
    return _sheet(grader, [_on(grader, id, seed) for id in ids], key, figures)


def _sheet(
    grader: Grader, ids: Sequence[str], key: bool, figures: bool, student: tuple[tuple[str, str], ...] | None = None
) -> Document:
    """The sheet of these, each with its seed in its id. Raises NoHandout."""
    parts = _parts(grader, ids)
    paper = paper_called(grader, ids[0]) if len(ids) == 1 else None
    title = parts[0].exercise.on_paper.title if len(parts) == 1 else _title_of_several(parts)
    prompt, minutes = "", None
    if paper is not None:
        title, prompt, minutes = paper.title, paper.prompt, paper.minutes
    return worksheet(parts, title, prompt=prompt, minutes=minutes, key=key, figures=figures, student=student)


def _title_of_several(parts: Sequence[SheetPart]) -> str:
    """The title of the pack that all exercises are of, where it has one."""
    folders = {_pack_folder(part.exercise) for part in parts}
    folder = folders.pop() if len(folders) == 1 else None
    if folder is None:
        return "Worksheet"
    return read_pack(folder)[0].title or "Worksheet"


def _pack_folder(exercise: Exercise) -> Path | None:
    """The folder of an exercise's pack; None where it is of none."""
    return next((one for one in exercise.path.parents[:2] if (one / PACK).is_file()), None)


def _parts(grader: Grader, ids: Sequence[str]) -> list[SheetPart]:
    """What a sheet of these is about. Raises NoHandout."""
    try:
        return [part for id in ids for part in grader.parts(id)]
    except NotGraded as why:
        raise NoHandout(in_a_sentence(why)) from None


def sheet_of_paper(paper: Paper, library: Library, *, key: bool = False) -> Document:
    """The sheet of a paper, wherever it came from, or its key. Raises PaperProblem."""
    with closing(Runner()) as runner:
        parts = [
            SheetPart(Marker(exercise, runner, True, part.marks, False))
            for exercise, part in zip(exercises_of(paper, library), paper.parts, strict=True)
        ]
        return worksheet(parts, paper.title, prompt=paper.prompt, minutes=paper.minutes, key=key)


def paper_called(grader: Grader, id: str) -> Paper | None:
    """The paper of this id, where it names one in the way `Grader.parts` takes it."""
    return grader.shelf.papers.get(id) or grader.shelf.papers.get(split_id(id)[0])


def _on(grader: Grader, id: str, seed: int | None) -> str:
    """The id with the seed, where there are such numbers; else on its own. Raises NoVariant."""
    if seed is None:
        return id
    seeded = on_seed(id, seed)
    return seeded if paper_called(grader, id) is not None or _varies(grader, id) else id


def _varies(grader: Grader, id: str) -> bool:
    """Whether an exercise has other numbers; so too where it is not there, or broken, which others say."""
    exercise = grader.library.find(id)
    try:
        return exercise is None or bool(variant_of(exercise, 1))
    except NoVariant:
        return False
    except BadFile:
        return True


@dataclass(frozen=True, slots=True)
class StudentSheet:
    """What one student of a class gets: the exercises, each with the seed of its numbers, and a file's name.

    An exercise that has no other numbers has no seed.
    """

    student: Student
    seeds: Mapping[str, int | None]
    stem: str
    """The file's name without an ending."""

    identity: tuple[tuple[str, str], ...] | None
    """What the sheet says of whose it is; None where it is nobody's yet."""

    @property
    def ids(self) -> list[str]:
        """The ids of the exercises on these numbers."""
        return [id if seed is None else variant_id(id, seed) for id, seed in self.seeds.items()]

    def document(self, grader: Grader, *, key: bool = False, figures: bool = True) -> Document:
        """The worksheet, or its key. Raises NoHandout."""
        document = _sheet(grader, self.ids, key, figures, self.identity)
        grader.forget()
        return document

    def answer_sheet(self, grader: Grader) -> str:
        """The answer sheet, with the student on it. Raises NoHandout."""
        text = answer_sheet(grader, self.ids, self.student)
        grader.forget()
        return text


def sheets_for(
    grader: Grader, ids: Sequence[str], students: Sequence[Student], *, key: bool = False, seeds: Sequence[int] = ()
) -> Iterator[StudentSheet]:
    """A sheet for each student, on numbers of their own: those of `seeds`, else made of student and id.

    Raises NoHandout, and NoVariant for an id that names a seed.
    """
    if len(students) > MOST_SHEETS:
        raise NoHandout(f"{len(students)} sheets are too many at once; {MOST_SHEETS} can be made.")
    varied = {id: _on(grader, id, 1) != id for id in ids}
    stems: set[str] = set()
    for number, student in enumerate(students):
        own = {id: seeds[number] if seeds else seed_of(student.student, id) for id in ids}
        stem = file_stem(f"{student.student}{'-key' if key else ''}")
        while stem.lower() in stems:
            stem += "-2"
        stems.add(stem.lower())
        numbers = {id: seed if varied[id] else None for id, seed in own.items()}
        yield StudentSheet(student, numbers, stem, None if seeds else student.identity)


def answer_sheet(grader: Grader, ids: Sequence[str], student: Student | None = None) -> str:
    """The answer sheet for these exercises or a paper, each with its seed in its id. Raises NoHandout."""
    parts = _parts(grader, ids)
    paper = ids[0] if len(ids) == 1 and paper_called(grader, ids[0]) is not None else ""
    return write_sheet(parts, paper, *((student.student, student.name) if student is not None else ()))


def file_stem(text: str) -> str:
    """A name for a file that every system takes."""
    stem = re.sub(r"[^\w@.-]+", "-", text, flags=re.ASCII).strip("-.")[:80]
    return stem or f"sheet-{sha256(text.encode()).hexdigest()[:8]}"


def index_of(sheets: Sequence[StudentSheet], ending: str) -> str:
    """Which file is whose, with its seeds, as CSV."""
    writer = StringIO()
    rows = csv.writer(writer, lineterminator="\n")
    rows.writerow(["student", "name", "file", "exercise", "seed"])
    for sheet in sheets:
        for id, seed in sheet.seeds.items():
            cells = [sheet.student.student, sheet.student.name, f"{sheet.stem}.{ending}", id]
            rows.writerow(
                [*(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells), "" if seed is None else seed]
            )
    return writer.getvalue()


def refuse_folder(folder: Path, option: str = "-o") -> None:
    """Raises NoHandout where a new folder cannot have this name, as something is there."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NoHandout(f"{folder} is there already and not empty: name another folder with {option}, or remove it.")


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a new folder with these files, or nothing. Raises NoHandout."""
    refuse_folder(folder)
    made: Path | None = None
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
        for name, data in files.items():
            (made / name).write_bytes(data)
        made.chmod(0o755)
        if folder.is_dir():
            folder.rmdir()
        made.rename(folder)
    except OSError as error:
        raise NoHandout(f"{folder} cannot be written: {(error.strerror or str(error)).lower()}.") from None
    finally:
        if made is not None and made.exists():
            shutil.rmtree(made, ignore_errors=True)
