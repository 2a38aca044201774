"""Does an exercise hold? Reads the file, solves it with the program's own answers, and says what is amiss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tutor.language.tokenizer import MOST_CHARACTERS
from tutor.learner import ScratchStore
from tutor.library import BadFile, BrokenExercise, Exercise, Fault, load, read_exercise
from tutor.library.discovery import PACK, files_in, id_of, line_in, read_pack
from tutor.library.fitting import meant
from tutor.library.format import PackFile
from tutor.library.ids import pack_name
from tutor.paths import added_folders, offered_folders, shipped_folder
from tutor.questions import Blank, InputKind, Step
from tutor.questions.inflect import listed
from tutor.questions.registry import questions_of
from tutor.questions.shape.tables import sizes_named
from tutor.runner import Runner
from tutor.session.session import Session
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

    is_pack: bool = False
    """Whether it is a `pack.toml`, in which there is nothing to answer."""

    @property
    def sound(self) -> bool:
        """Whether the exercise can be worked from beginning to end."""
        return not self.problems


def check_path(path: Path, runner: Runner, reading: Callable[[Path], None] = lambda _path: None) -> Iterator[Report]:
    """A report for the file, or for every exercise file in the folder and its `pack.toml`, by the names of the files.

    `reading` is called with what is to be read or solved next.
    """
    if not path.is_dir():
        reading(path)
        yield check_file(path, runner)
        return
    if path.suffix == ".toml" and not files_in(path):
        yield Report(path, [Finding("", "it is a folder, not a file: an exercise is a text file that ends in .toml")])
    ships = path.resolve().is_relative_to(shipped_folder())
    library = load([path] if ships else [*_other_packs(path), path], reading=reading)
    clashes = {clash.second: clash for clash in library.clashes}
    broken = [one for one in library.broken if one.path.name != PACK]
    read: list[Exercise | BrokenExercise] = [*library.exercises.values(), *broken]
    files = {one.path: one for one in read if one.path.is_relative_to(path)}
    packs = [path / PACK] if (path / PACK).exists() else []
    for file in sorted([*files, *packs]):
        reading(file)
        match files.get(file):
            case Exercise() as exercise:
                report = check_exercise(exercise, runner)
                if clash := clashes.get(file):
                    reason = f"its id is that of {clash.first}, so it is opened as {clash.second_id}"
                    report.notes.append(Finding("", reason))
                yield report
            case BrokenExercise() as bad:
                yield _check_broken(bad, runner)
            case _:
                yield check_pack(path)


def _other_packs(folder: Path) -> list[Path]:
    """The packs whose ids those of a folder meet: what ships and all others, but for an added copy of its own."""
    own = pack_name(read_pack(folder)[0].name or folder.resolve().name)
    return [
        one
        for one in (shipped_folder(), *added_folders(), *offered_folders())
        if one.resolve() != folder.resolve() and pack_name(read_pack(one)[0].name or one.name) != own
    ]


def check_file(path: Path, runner: Runner) -> Report:
    """Read one exercise file and solve it; of a `pack.toml` see whether what it names is there."""
    if path.name == PACK:
        return check_pack(path.parent)
    exercise = read_exercise(path)
    if isinstance(exercise, BrokenExercise):
        return _check_broken(exercise, runner)
    return check_exercise(exercise, runner)


def check_pack(folder: Path) -> Report:
    """The `pack.toml` of a folder: read, and all that it names looked for."""
    path = folder / PACK
    pack, broken = read_pack(folder)
    faults = [fault for one in broken for fault in one.faults] + list(_unknown_in(pack, folder))
    return Report(path, _findings(BadFile.of(faults).placed(line_in(path)).faults) if faults else [], is_pack=True)


def _unknown_in(pack: PackFile, folder: Path) -> Iterator[Fault]:
    """Exercises and topics that are named but not there."""
    ids = [id_of(path, folder) for path in files_in(folder)]
    topics = list(dict.fromkeys(id.rpartition("/")[0] for id in ids))
    for number, id in enumerate(pack.order, 1):
        if id not in ids:
            yield Fault(f"order[{number}]", f"there is no exercise {id} in this folder; {meant(id, ids, 'ids')}")
        elif id in pack.order[: number - 1]:
            yield Fault(f"order[{number}]", f"{id} is there twice")
    for topic in pack.topics:
        if topic not in topics:
            near = meant(topic, [one for one in topics if one], "folders")
            yield Fault(f"topics.{topic}", f"there are no exercises in a folder {topic}; {near}")


def check_exercise(exercise: Exercise, runner: Runner) -> Report:
    """Solve an exercise with the program's own answers and its own programs: no Python of the file is run."""
    with ScratchStore() as store:
        try:
            session = Session(exercise, store, runner)
            problems = list(_solved(session))
            return Report(exercise.path, problems, list(_notes(session)), len(session.answers))
        except BadFile as error:
            return Report(exercise.path, _findings(error.faults))
        except Exception as error:  # noqa: BLE001 - a file nobody thought of: it is reported, and the others go on
            reason = one_line(f"{type(error).__name__}: {error}")
            return Report(exercise.path, [Finding("", f"the tutor cannot solve this exercise ({reason})")])


def _check_broken(broken: BrokenExercise, runner: Runner) -> Report:
    """All that is wrong: what reading found, and what else the rest of the file comes to."""
    faults = list(broken.faults)
    if broken.readable is not None and "question" not in broken.left_out:
        try:
            questions_of(broken.readable, runner)
        except BadFile as bad:
            keys = {fault.key for fault in faults} | broken.left_out
            faults += [fault for fault in bad.faults if fault.key not in keys]
    return Report(broken.path, _findings(BadFile.of(faults).placed(lambda _key: None).faults))


def _findings(faults: Iterable[Fault]) -> list[Finding]:
    return [Finding(fault.key, fault.reason, fault.line) for fault in faults]


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
    if blank.wants is InputKind.VALUE and len(answer) > MOST_CHARACTERS:
        entries = answer.count(",") + 1
        name = blank.label.rstrip(" =")
        message = f"{name} has {entries} entries, and so many take more than {MOST_CHARACTERS:,} characters to type"
        return Finding(step.key, f'{message}: take smaller arrays, or ask for their shapes with kind = "shape"')
    filled = f"{blank.label} {answer}" if blank.wants is InputKind.VALUE else blank.label
    return Finding(step.key, f"the program's own answer is not accepted ({one_line(filled)}): {verdict.message}")


def _notes(session: Session) -> Iterator[Finding]:
    yield from _findings(session.exercise.hidden())
    file = session.exercise.file
    if named := sizes_named(file.prompt, file.question):
        said = (
            f"it names {listed(named)}, which other numbers change: variants leave that sentence out; say it in words"
        )
        yield Finding("prompt", said, session.exercise.line_of("prompt"))
    several = bool(file.question)
    for number, question in enumerate(session.questions, 1):
        for key, reason in question.notes():
            place = f"question[{number}].{key}" if several else key
            yield Finding(place, reason, session.exercise.line_of(place))
