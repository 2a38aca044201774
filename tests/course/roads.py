"""The roads by which the same answers reach their marks: the app's session, the plain face, `grade`, and Python."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import tutor
from tests.shipped import LIBRARY
from tutor.api.exercises import LoadedExercise
from tutor.course.submissions import packed, worked
from tutor.learner import Store
from tutor.library import Exercise
from tutor.marking import ExerciseMarks
from tutor.papers.paper import Paper, PaperExercise
from tutor.papers.sitting import Sitting
from tutor.plain.paper import PaperFace
from tutor.practice.variants import find
from tutor.questions import InputKind
from tutor.session.session import Session

from .making import by_key, grader, running_grader, sheet

Answers = Mapping[tuple[str, str], str]
"""Table and name on a sheet -> what is answered."""


def exercise_of(id: str) -> Exercise:
    """The exercise of this id, on the numbers of its seed."""
    exercise = find(LIBRARY, id)
    assert exercise is not None
    return exercise


def texts_of(id: str, answers: Answers) -> dict[str, str]:
    """The answers by the keys of blanks, without empty ones."""
    places = by_key(grader().marker(id))
    return {places[place]: text for place, text in answers.items() if text.strip()}


def by_sheet(id: str, answers: Answers, folder: Path, run_code: bool = False) -> dict[str, float]:
    """Written on a sheet, and graded."""
    path = folder / "handed.toml"
    path.write_text(sheet(id, answers))
    return _graded(path, run_code)


def by_session(id: str, answers: Answers, folder: Path, run_code: bool = False) -> dict[str, float]:
    """Typed into the app's session blank by blank, packed from its journal, and graded."""
    texts, exercise, done = texts_of(id, answers), exercise_of(id), folder / "handed.submission"
    with Store(folder / "session") as store:
        session = Session(exercise, store, grader()._runner)
        session.set_quick(True)
        for step in session.steps:
            for blank in step.blanks(session):
                if (run_code or blank.wants is not InputKind.CODE) and blank.key in texts:
                    session.answer(step, blank, texts[blank.key])
        done.write_bytes(packed([worked(id, exercise.digest, store.entries(id))], "s1"))
    return _graded(done, run_code)


def by_plain(id: str, answers: Answers, folder: Path, run_code: bool = False) -> dict[str, float]:
    """Typed line by line into the plain face of a paper that holds the exercise alone, and handed in."""
    texts, marker = texts_of(id, answers), (running_grader() if run_code else grader()).marker(id)
    lines = []
    for scheme, prefix in zip(marker.schemes, marker.prefixes, strict=True):
        for rows in scheme.steps.values():
            for row in rows:
                text = texts.get(f"{prefix}{row.blank.key}", "")
                if row.blank.wants is InputKind.CODE and not run_code:
                    lines.append(".")
                elif row.blank.wants in (InputKind.EQUATIONS, InputKind.CODE):
                    lines += [*text.splitlines(), "."]
                else:
                    lines.append(text)
    paper = Paper("road", "Road", 60, (PaperExercise(id),))
    with Store(folder / "plain") as store:
        sitting = Sitting.begin(paper, [marker], store)
        entered = StringIO("\n".join([*lines, ":done", "yes"]) + "\n")
        assert PaperFace(sitting, entered, StringIO(), now=lambda: 0.0).run()
        return _earned(sitting.marks().exercises[0], run_code)


def by_python(asked: LoadedExercise, id: str, answers: Answers, run_code: bool = False) -> dict[str, float]:
    """Passed to `tutor.check` by the names they have on a sheet."""
    named = {".".join(place): text for place, text in answers.items() if place in by_key(grader().marker(id))}
    return _earned(tutor.check(asked, named, run_code=run_code).marks, run_code)


def _graded(path: Path, run_code: bool) -> dict[str, float]:
    graded = (running_grader() if run_code else grader()).grade(path)
    assert graded.marks is not None, graded.problems
    return _earned(graded.marks.exercises[0], run_code)


def _earned(marks: ExerciseMarks, run_code: bool) -> dict[str, float]:
    """What each blank earned; code where it was run."""
    return {row.key: row.earned for row in marks.blanks() if run_code or row.key.rpartition("/")[2] != "code"}
