"""Grading: answer sheets and submissions, any number of them, marked as `tutor.marking` marks.

The same files and exercises give the same marks, whatever the number of processes and the order of the files. A file
that cannot be graded says why and stops none of the others. Code is run only where that is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from multiprocessing import get_context, parent_process
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from threading import Thread, current_thread, main_thread

from tutor.course.graded import Effort, Graded, efforts_of
from tutor.course.handed_in import archive_in, is_submission
from tutor.course.sheets import SheetPart, SheetText, answers_for, read_sheet
from tutor.course.submissions import NoSubmission, journal_of, read_submission
from tutor.files import NotText, bytes_of, text_in_any_encoding
from tutor.library import BadFile, Library, load
from tutor.marking import Marker, PaperMarks, Work, work_of
from tutor.papers.paper import PaperProblem, PaperShelf, exercises_of, shelf_of
from tutor.practice.seeds import NoVariant, seed_of, split_id, variant_id
from tutor.practice.variants import find, unusable
from tutor.questions.backprop.reference import STAGING
from tutor.runner import Runner
from tutor.text import ended

_LARGEST_SHEET = 1_000_000
_LARGEST_SUBMISSION = 20_000_000
"""Bytes."""
_WHERE_OTHERS_ARE = "`list` lists the exercises, --exercises FOLDER adds yours, and --only PACK shows one pack alone"
_FEW = 12
"""Files that are graded sooner than other processes are ready."""
_MOST_EXERCISES = 100
"""In one file; each costs time to make ready."""


class NotGraded(Exception):
    """Why a file, or what it is about, cannot be graded: a clause."""


@dataclass(frozen=True)
class _Handed:
    """What is in a file."""

    student: str
    name: str
    paper: str
    ids: tuple[str, ...]
    works: tuple[Work, ...]
    problems: tuple[str, ...]
    changed: tuple[str, ...] = ()
    efforts: Mapping[str, Effort] = field(default_factory=dict)


@dataclass(frozen=True)
class _MistypedSeed:
    """An id on a sheet with a seed that was changed by hand, and the id that the sheet was written for."""

    written: str
    meant: str

    @property
    def sentence(self) -> str:
        """What is said of it."""
        base, seed = split_id(self.written)
        return (
            f"{base}: the seed {seed} is mistyped; the sheet was written for {split_id(self.meant)[1]}, "
            "and is graded on that."
        )


class Grader:
    """Grades one file after another; what is asked is worked out once."""

    def __init__(self, folders: Sequence[Path], run_code: bool = False) -> None:
        self.folders = tuple(folders)
        self._run_code = run_code
        self._runner = Runner()
        self._markers: dict[tuple[str, bool, float | None], Marker] = {}

    def close(self) -> None:
        """End what runs code."""
        self._runner.close()

    def forget(self) -> None:
        """Give up what was worked out of exercises: whoever goes through many variants needs each once."""
        self._markers.clear()

    @cached_property
    def library(self) -> Library:
        """The exercises of the folders."""
        return load(self.folders)

    @cached_property
    def shelf(self) -> PaperShelf:
        """Their papers."""
        return shelf_of(self.folders, self.library)

    def parts(self, id: str) -> list[SheetPart]:
        """What a sheet of this exercise or paper is about. Raises NotGraded."""
        if id in self.shelf.papers or split_id(id)[0] in self.shelf.papers:
            return [SheetPart(marker) for marker in self._of_paper(id)]
        return [SheetPart(self.marker(id))]

    def marker(self, id: str, quick: bool = True, total: float | None = None) -> Marker:
        """What marks the exercise of this id, with its seed. Raises NotGraded."""
        key = (id, quick, total)
        if key not in self._markers:
            try:
                exercise = find(self.library, id)
                if exercise is None:
                    raise NotGraded(self._unknown(id))
                self._markers[key] = Marker(exercise, self._runner, quick, total, self._run_code)
            except NoVariant as why:
                raise NotGraded(f"{id} cannot be used: {why}") from None
            except BadFile as bad:
                raise NotGraded(unusable(self.library, id, bad).refusal) from None
        return self._markers[key]

    def _unknown(self, id: str) -> str:
        """Why there is nothing of this id: its file is broken, or there is none."""
        for broken in (*self.library.broken, *self.shelf.broken):
            if broken.id == split_id(id)[0]:
                return broken.refusal
        if not id:
            return "it names no exercise"
        near = self.library.nearest(split_id(id)[0])
        meant = f"did you mean {' or '.join(near)}? " if near else ""
        return f"there is no exercise or paper {id}; {meant}{_WHERE_OTHERS_ARE}"

    def grade(self, path: Path) -> Graded:
        """Grade one file. Raises nothing for any file."""
        try:
            handed = self._read(path)
        except NotGraded as why:
            return Graded(str(path), problems=(f"It cannot be graded: {ended(str(why))}",))
        ids = (handed.paper,) if handed.paper else handed.ids
        try:
            markers = self._markers_for(handed)
            marks = PaperMarks(tuple(one.mark(work) for one, work in zip(markers, handed.works, strict=True)))
        except NotGraded as why:
            return Graded(
                str(path),
                handed.student,
                handed.name,
                ids,
                None,
                (*handed.problems, f"It cannot be graded: {ended(str(why))}"),
            )
        empty = () if marks.answered else ("It is empty: nothing is answered in it.",)
        problems = (*empty, *handed.problems)
        return Graded(str(path), handed.student, handed.name, ids, marks, problems, handed.changed, handed.efforts)

    def _markers_for(self, handed: _Handed) -> list[Marker]:
        quicks = [work.quick for work in handed.works]
        if handed.paper:
            return self._of_paper(handed.paper, quicks)
        return [self._on_one_scale(id, quick) for id, quick in zip(handed.ids, quicks, strict=True)]

    def _on_one_scale(self, id: str, quick: bool) -> Marker:
        """What marks an exercise: it is worth the same worked gate by gate, where more blanks share its marks."""
        if quick:
            return self.marker(id)
        return self.marker(id, quick, float(sum(scheme.full for scheme in self.marker(id).schemes)))

    def _of_paper(self, id: str, quicks: Sequence[bool] = ()) -> list[Marker]:
        try:
            paper = self.shelf.find(id, self.library)
            exercises = exercises_of(paper, self.library)
        except PaperProblem as why:
            raise NotGraded(str(why).rstrip(".")) from None
        quicks = quicks or [True] * len(exercises)
        if len(quicks) != len(exercises):
            raise NotGraded(f"the paper {id} has {len(exercises)} exercises, and {len(quicks)} are in it")
        return [
            self.marker(exercise.id, quick, part.marks)
            for exercise, part, quick in zip(exercises, paper.parts, quicks, strict=True)
        ]

    # Reading what was handed in

    def _read(self, path: Path) -> _Handed:
        submission = is_submission(path)
        most = _LARGEST_SUBMISSION if submission else _LARGEST_SHEET
        try:
            data = bytes_of(path, most)
            if not data.strip():
                raise NotGraded("it is empty")
            if other := archive_in(data):
                unpack = ": unpack it, and grade what is in it" if "archive" in other else ""
                raise NotGraded(f"it is {other}, not a {'submission' if submission else 'sheet'}{unpack}")
            return self._submission(data) if submission else self._sheet(text_in_any_encoding(path, most))
        except FileNotFoundError:
            raise NotGraded("it is not there") from None
        except (NotText, NoSubmission) as why:
            raise NotGraded(str(why)) from None
        except OSError as error:
            raise NotGraded(f"it cannot be read: {(error.strerror or str(error)).lower()}") from None

    def _sheet(self, text: str) -> _Handed:
        sheet = read_sheet(text)
        if not sheet.exercises and not sheet.paper:
            raise NotGraded('it does not say which exercise it is for; write exercises = ["topic/name"] at its top')
        _refuse_too_many(sheet.exercises)
        markers = self._of_paper(sheet.paper) if sheet.paper else [self.marker(id) for id in sheet.exercises]
        mistyped = () if sheet.paper else tuple(self._mistyped_seeds(sheet, markers))
        if mistyped:
            meant = {one.written: one.meant for one in mistyped}
            sheet = replace(sheet, exercises=tuple(meant.get(id, id) for id in sheet.exercises))
            markers = [self.marker(id) for id in sheet.exercises]
        many = len(markers)
        read = [answers_for(sheet, number, many, marker) for number, marker in enumerate(markers, 1)]
        problems = sorted({*sheet.problems, *(one for each in read for one in each.problems)}, key=lambda one: one.line)
        notes = (*(one.sentence for one in mistyped), *_mended(markers, [one.answers for one in read]))
        return _Handed(
            sheet.student,
            sheet.name,
            sheet.paper,
            sheet.exercises or tuple(marker.exercise.id for marker in markers),
            tuple(Work(one.answers) for one in read),
            (*notes, *(f"Line {one.line}: {ended(one.sentence)}" for one in problems)),
            _changed(markers, sheet.asked),
        )

    def _mistyped_seeds(self, sheet: SheetText, markers: Sequence[Marker]) -> Iterator[_MistypedSeed]:
        """The seeds with which the sheet asks something else than it says, where the student's own fits it."""
        for id, marker, asked in zip(sheet.exercises, markers, sheet.asked, strict=False):
            base, seed = split_id(id)
            if seed is None or not asked or not sheet.student or marker.exercise.digest.startswith(asked):
                continue
            meant = variant_id(base, seed_of(sheet.student, base))
            try:
                if self.marker(meant).exercise.digest.startswith(asked):
                    yield _MistypedSeed(id, meant)
            except NotGraded:
                continue

    def _submission(self, data: bytes) -> _Handed:
        found, broken_seal = read_submission(data)
        if not found.work:
            raise NotGraded("it is empty")
        ids = tuple(one.exercise for one in found.work)
        _refuse_too_many(ids)
        works = tuple(work_of(journal_of(one)) for one in found.work)
        efforts = {
            f"{one.exercise} {key}": effort for one in found.work for key, effort in efforts_of(one.acts).items()
        }
        problems = [f"{broken_seal[:1].upper()}{broken_seal[1:]}."] if broken_seal else []
        handed = _Handed(found.student, found.name, found.paper, ids, works, tuple(problems), (), efforts)
        return replace(handed, changed=_changed(self._markers_for(handed), [one.asked for one in found.work]))


def _refuse_too_many(ids: Sequence[str]) -> None:
    """Raises NotGraded where a file is about so many exercises that no one has done them."""
    if len(ids) > _MOST_EXERCISES:
        raise NotGraded(f"it names {len(ids)} exercises, and a file is about {_MOST_EXERCISES} at most")


def _mended(markers: Sequence[Marker], given: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Whose equations make no graph, and how the answers after them are marked all the same."""
    for marker, answers in zip(markers, given, strict=True):
        for scheme, prefix in zip(marker.schemes, marker.prefixes, strict=True):
            text = answers.get(f"{prefix}{STAGING}", "") if scheme.work.stages else None
            later = [key for key in answers if key.startswith(prefix) and key != f"{prefix}{STAGING}"]
            if text is None or not later or scheme.work.makes_graph(text):
                continue
            what = (
                f"its equations make no graph: {ended(scheme.work.judged(text).message)}"
                if text.strip()
                else "it has no equations."
            )
            how = "The answers after them are marked as far as it is clear what they are of."
            yield f"{marker.exercise.id}: {what} {how}"


def _changed(markers: Sequence[Marker], asked: Sequence[str]) -> tuple[str, ...]:
    """Which exercises ask something else by now; they are graded as they are."""
    return tuple(
        marker.exercise.id
        for marker, digest in zip(markers, asked, strict=False)
        if digest and not marker.exercise.digest.startswith(digest)
    )


def in_a_sentence(why: NotGraded) -> str:
    """The clause as a sentence. An id that it begins with stays as it is."""
    said = ended(str(why))
    first = said.partition(" ")[0]
    return said if "/" in first or first.endswith(".toml") else f"{said[:1].upper()}{said[1:]}"


# Many files


def grade_all(
    files: Sequence[Path], folders: Sequence[Path], run_code: bool = False, processes: int | None = None
) -> Iterator[Graded]:
    """Grade all these, in their order; by several processes where there are many files."""
    many = min(processes or os.cpu_count() or 1, len(files))
    if many < 2 or (processes is None and len(files) <= _FEW):
        with closing(Grader(folders, run_code)) as grader:
            yield from map(grader.grade, files)
        return
    with ProcessPoolExecutor(many, get_context("spawn"), _begin, (tuple(folders), run_code)) as pool:
        with _interrupts_ignored():  # the others begin here, and leave a Ctrl+C to this one
            grades = pool.map(_grade, files, chunksize=max(1, min(4, len(files) // (4 * many))))
        yield from grades


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Processes that begin while this is entered ignore Ctrl+C; only the main thread can see to that."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal(SIGINT, SIG_IGN)
    try:
        yield
    finally:
        signal(SIGINT, before)


_grader: Grader | None = None
"""Of this process, where it is one of several."""


def _begin(folders: tuple[Path, ...], run_code: bool) -> None:
    global _grader
    Thread(target=_end_with_parent, daemon=True).start()
    _grader = Grader(folders, run_code)


def _end_with_parent() -> None:
    """End this process when the one that began it is gone, killed for instance: nobody waits for its grades."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _grade(path: Path) -> Graded:
    assert _grader is not None, "a process of the pool begins with `_begin`"
    return _grader.grade(path)
