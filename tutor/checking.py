"""Does an exercise hold? Reads the file, solves it with the program's own answers, and says what is amiss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tutor.learner import Store
from tutor.library import BadFile, BrokenExercise, Exercise, load, read_exercise
from tutor.library.reading import PACK
from tutor.questions import Blank, Step, Wants
from tutor.runner import Runner
from tutor.session import Session
from tutor.text import one_line


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a file: the key it concerns ("" for the whole file), what about it, its line where known."""

    key: str
    reason: str
    line: int | None = None


@dataclass(frozen=True)
class Report:
    """What became of one file: `problems` keep it from being worked, `notes` do not."""

    path: Path
    problems: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    blanks: int = 0
    """How many blanks were answered."""

    @property
    def sound(self) -> bool:
        """Whether the exercise can be worked from beginning to end."""
        return not self.problems


def check_path(path: Path, runner: Runner) -> Iterator[Report]:
    """A report for the file, or for every exercise file in the folder."""
    if not path.is_dir():
        yield check_file(path, runner)
        return
    library = load([path])
    for exercise in library.exercises.values():
        yield check_exercise(exercise, runner)
    for broken in library.broken:
        yield _broken(broken)


def check_file(path: Path, runner: Runner) -> Report:
    """Read one exercise file and solve it; a `pack.toml` is only read."""
    if path.name == PACK:
        faults = [broken for broken in load([path.parent]).broken if broken.path == path]
        return _broken(faults[0]) if faults else Report(path)
    exercise = read_exercise(path)
    return _broken(exercise) if isinstance(exercise, BrokenExercise) else check_exercise(exercise, runner)


def check_exercise(exercise: Exercise, runner: Runner) -> Report:
    """Solve an exercise with the program's own answers, code included."""
    with TemporaryDirectory(prefix="backprop-tutor-") as folder, Store(Path(folder)) as store:
        try:
            session = Session(exercise, store, runner)
        except BadFile as error:
            return Report(exercise.path, [Finding(error.key, error.reason, error.line)])
        problems = list(_solved(session))
        return Report(exercise.path, problems, list(_notes(session)), len(session.answers))


def _broken(exercise: BrokenExercise) -> Report:
    return Report(exercise.path, [Finding(exercise.key, exercise.reason, exercise.line)])


def _solved(session: Session) -> Iterator[Finding]:
    """Answer every blank; what goes wrong on the way."""
    for step in session.steps:
        while (blank := session.current_blank(step)) is not None:
            fault = _answered(session, step, blank)
            if fault is not None:
                yield fault
                return
        if not session.state(step).finished:
            yield Finding("steps", f"nothing is asked in the step {step.key}")


def _answered(session: Session, step: Step, blank: Blank) -> Finding | None:
    """Give the worked answer; what is wrong if it is not accepted."""
    answer = session.worked(step, blank)
    verdict = session.answer(step, blank, answer)
    if verdict.accepted:
        return None
    said = f"{blank.label} {answer}" if blank.wants is Wants.VALUE else blank.label
    return Finding(step.key, f"the program's own answer is not accepted ({one_line(said)}): {verdict.message}")


def _notes(session: Session) -> Iterator[Finding]:
    several = bool(session.exercise.file.question)
    for number, question in enumerate(session.questions, 1):
        for key, reason in question.notes():
            place = f"question[{number}].{key}" if several else key
            yield Finding(place, reason)
