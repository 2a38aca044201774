"""The samples of the contracts: an exercise for every kind of question and every harness, and what is typed at them.

They are data: `contract/KIND.toml`, `contract/harnesses/HARNESS.toml` and `contract/texts.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tutor.library import Exercise, ExerciseFile, read_exercise
from tutor.library.decoding import convert
from tutor.questions import Blank, Step
from tutor.session.session import Session

FOLDER = Path(__file__).parent / "contract"
_TEXTS = FOLDER / "texts.toml"
_IN_THE_PROJECT = "tests/questions/contract"


@dataclass(frozen=True)
class Texts:
    """What is typed: at no blank may it raise; at none may it be charged; at each blank some of it is wrong."""

    nasty: tuple[str, ...]
    unreadable: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class HarnessSample:
    """An exercise for a harness, and a change of its worked program that makes it wrong."""

    exercise: Exercise
    before: str
    after: str


def texts() -> Texts:
    """What is typed at every sample."""
    read = tomllib.loads(_TEXTS.read_text(encoding="utf-8"))
    return Texts(**{name: tuple(lines) for name, lines in read.items()})


def kinds_with_samples() -> set[str]:
    """The names of the kinds that have a sample file."""
    return {path.stem for path in FOLDER.glob("*.toml")} - {_TEXTS.stem}


def harnesses_with_samples() -> set[str]:
    """The names of the harnesses that have a sample file."""
    return {path.stem for path in (FOLDER / "harnesses").glob("*.toml")}


def sample_path(kind: str) -> Path:
    """The sample file of a kind. Raises AssertionError, with what to add, where there is none."""
    path = FOLDER / f"{kind}.toml"
    assert path.is_file(), (
        f'a new kind needs {_IN_THE_PROJECT}/{kind}.toml: an exercise with one [[question]] of kind = "{kind}" '
        "and two or three blanks"
    )
    return path


def sample(kind: str) -> Exercise:
    """The sample of a kind. Raises AssertionError, with what to add or mend, where there is none that can be read."""
    exercise = read_exercise(sample_path(kind), kind)
    assert isinstance(exercise, Exercise), f"{_IN_THE_PROJECT}/{kind}.toml: {exercise.sentence}"
    found = [table.get("kind") for table in exercise.file.question]
    assert found == [kind], f'{_IN_THE_PROJECT}/{kind}.toml needs one [[question]] of kind = "{kind}"; it has {found}'
    return exercise


def harness_sample(harness: str) -> HarnessSample:
    """The sample of a harness. Raises AssertionError, with what to add, where there is none."""
    path = FOLDER / "harnesses" / f"{harness}.toml"
    assert path.is_file(), (
        f"a new harness needs {_IN_THE_PROJECT}/harnesses/{harness}.toml: a table [question] with "
        f'harness = "{harness}", and above it `before` and `after`, a piece of its worked program and what to put '
        "there to make the program wrong"
    )
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    table = {"title": f"A sample of {harness}", "question": [{"kind": "code", **read["question"]}]}
    file = convert(table, ExerciseFile, "")
    return HarnessSample(Exercise(f"harness/{harness}", path, file), read["before"], read["after"])


def work(session: Session) -> dict[str, tuple[Step, Blank]]:
    """Answer every blank with the program's own answer; the blanks by key, in the order they were answered."""
    places: dict[str, tuple[Step, Blank]] = {}
    for step in session.steps:
        while (blank := session.current_blank(step)) is not None:
            worked = session.worked(step, blank)
            verdict = session.answer(step, blank, worked)
            assert verdict.accepted, f"{blank.label} {worked}: {verdict.message}"
            places[blank.key] = step, blank
    return places
