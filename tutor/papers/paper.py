"""What a paper is, and where papers are found: files beside the exercises, an instructor's own, single exercises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

import msgspec

from tutor.files import NotText, text_of, walked
from tutor.library import BadFile, BrokenExercise, Exercise, Fault, Library
from tutor.library.decoding import LineNumbers, decoded
from tutor.library.discovery import PACK, PAPER_ENDING
from tutor.library.format import PaperFile
from tutor.marking.scheme import full_marks
from tutor.practice.seeds import SEPARATOR, NoVariant, is_practice, on_seed, seed_in, split_id, variant_id
from tutor.practice.variants import find
from tutor.questions.registry import questions_of
from tutor.runner import Runner

_LARGEST_FILE = 200_000
"""Bytes."""
_WITH_SEED = " (seed "
MINUTES_A_MARK = 1.25
"""How long a paper takes where nobody says: a mark is a number, a gradient, a line."""


class PaperProblem(Exception):
    """There is no such paper, or it cannot be sat. The text is a sentence for the learner."""


@dataclass(frozen=True, slots=True)
class PaperExercise:
    """One exercise of a paper: its id, the seed of its numbers (None for its own), what it is worth here."""

    id: str
    seed: int | None = None
    marks: float | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper. `id` is its path below its folder, or names how it was drawn."""

    id: str
    title: str
    minutes: float
    parts: tuple[PaperExercise, ...]
    prompt: str = ""

    def as_json(self) -> str:
        """As text that `from_json` reads."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> Paper:
        """Read what `as_json` wrote. Raises ValueError for anything else."""
        return msgspec.json.decode(text, type=cls)

    def with_seed(self, seed: int) -> Paper:
        """The same paper on fresh numbers, as far as its exercises have others."""
        base, _ = split_id(self.id)
        parts = tuple(replace(part, seed=seed) for part in self.parts)
        title = f"{self.title.partition(_WITH_SEED)[0]}{_WITH_SEED}{seed})"
        return replace(self, id=variant_id(base, seed), title=title, parts=parts)


@dataclass(frozen=True)
class PaperShelf:
    """The papers of some folders, by id, and the files that are broken."""

    papers: dict[str, Paper] = field(default_factory=dict)
    broken: tuple[BrokenExercise, ...] = ()

    def find(self, id: str, library: Library) -> Paper:
        """The paper of this id, or one that is made of the exercise of this id. Raises PaperProblem."""
        if id in self.papers:
            return self.papers[id]
        base, seed = _base_and_seed(id)
        if base in self.papers:
            return self.papers[base].with_seed(seed or 0)
        if library.find(base) is not None or is_practice(id):
            return paper_of_exercise(library, base, seed)
        for broken in self.broken:
            if broken.id == id:
                raise PaperProblem(broken.refusal)
        near = get_close_matches(id, dict.fromkeys([*self.papers, *library.exercises]), n=2)
        meant = f" Did you mean {' or '.join(near)}?" if near else ""
        raise PaperProblem(f"There is no paper {id}.{meant} `backprop-tutor exam --list` lists them all.")


def _base_and_seed(id: str) -> tuple[str, int | None]:
    """The id of a paper or an exercise, and the seed that is said in it. Raises PaperProblem for one that is none."""
    base, at, text = id.rpartition(SEPARATOR)
    try:
        return (base, seed_in(text)) if at else (id, None)
    except NoVariant as why:
        raise PaperProblem(str(why)) from None


def paper_of_exercise(library: Library, id: str, seed: int | None = None) -> Paper:
    """A paper of one exercise. Raises PaperProblem."""
    part = PaperExercise(id, seed)
    (exercise,) = exercises_of(Paper(id, "", 1, (part,)), library)
    return Paper(exercise.id, exercise.file.title, minutes_of([exercise]), (part,), exercise.file.prompt)


def shelf_of(folders: Iterable[Path], library: Library) -> PaperShelf:
    """The papers in these folders; of two with one id the first. Those of one exercise come first."""
    papers: dict[str, Paper] = {}
    broken: list[BrokenExercise] = []
    for folder in folders:
        for path in sorted(Path(one) for one in walked(str(folder), PAPER_ENDING)):
            id = path.relative_to(folder).as_posix().removesuffix(PAPER_ENDING)
            read = read_paper(path, library, id, draws=False)
            if isinstance(read, Paper):
                papers.setdefault(id, read)
            else:
                broken.append(read)
    order = {id: place for place, id in enumerate(library.exercises)}
    ranked = sorted(papers.values(), key=lambda one: (len(one.parts) > 1, order.get(one.parts[0].id, 0), one.id))
    return PaperShelf({one.id: one for one in ranked}, tuple(broken))


def read_paper(path: Path, library: Library, id: str = "", draws: bool = True) -> Paper | BrokenExercise:
    """One paper's file. What is wrong with it is told with keys and lines; nothing is raised.

    With `draws` also whether its exercises have the numbers of its seeds: that takes a tenth of a second for each.
    """
    id = id or path.name.removesuffix(".toml").removesuffix(".paper")
    try:
        text = text_of(path, _LARGEST_FILE)
    except (NotText, FileNotFoundError) as why:
        said = "it is no longer there" if isinstance(why, FileNotFoundError) else str(why)
        return BrokenExercise(id, path, (Fault("", said),))
    read = decoded(text, PaperFile)
    faults = list(read.faults)
    if read.value is not None:
        faults += _faults_in(read.value, library, draws)
    if read.value is None or faults:
        return BrokenExercise(id, path, BadFile.of(faults).placed(LineNumbers(text)).faults)
    file = read.value
    parts = tuple(PaperExercise(part.id, part.seed, part.marks) for part in file.exercise)
    minutes = file.minutes
    if minutes is None:
        minutes = minutes_of([_asked_in(part, library) for part in parts], [part.marks for part in parts])
    return Paper(id, file.title, minutes, parts, file.prompt)


def _asked_in(part: PaperExercise, library: Library) -> Exercise:
    """The exercise of a part, on any numbers: they take the same time."""
    found = library.find(part.id)
    return found if found is not None else exercises_of(Paper("", "", 1, (part,)), library)[0]


def pack_of(file: Path) -> Path | None:
    """The pack that a paper's file is in: its exercises are known to it. None where it is in no pack."""
    return next((one for one in file.absolute().parents if (one / PACK).is_file()), None)


def _faults_in(file: PaperFile, library: Library, draws: bool) -> Iterator[Fault]:
    """What its types do not say."""
    if not file.title.strip() or "\n" in file.title:
        yield Fault("title", "a title is one line with something in it")
    if not file.exercise:
        yield Fault("exercise", 'there are none: write [[exercise]], and below it id = "node-way/a"')
    for number, part in enumerate(file.exercise, 1):
        key = f"exercise[{number}]"
        if part in file.exercise[: number - 1]:
            yield Fault(f"{key}.id", f"{part.id} appears twice; give the second one another seed")
            continue
        try:
            found = library.find(part.id)
            if found is None or (draws and part.seed is not None):
                found = find(library, part.id if part.seed is None else on_seed(part.id, part.seed))
        except NoVariant as why:
            yield Fault(f"{key}.id" if part.seed is None else f"{key}.seed", str(why))
        except BadFile as bad:
            yield Fault(f"{key}.id", bad.faults[0].reason)
        else:
            if found is None:
                near = library.nearest(part.id)
                meant = f"; did you mean {' or '.join(near)}?" if near else ""
                yield Fault(f"{key}.id", f"there is no exercise {part.id}{meant}")


def exercises_of(paper: Paper, library: Library) -> tuple[Exercise, ...]:
    """Its exercises, on its numbers. Raises PaperProblem where one is not there or does not hold.

    An exercise that has no other numbers stays on its own.
    """
    found = []
    for part in paper.parts:
        exercise = library.find(part.id)
        try:
            if part.seed is not None or exercise is None:
                exercise = find(library, part.id if part.seed is None else variant_id(part.id, part.seed))
            else:
                questions_of(exercise, Runner())
        except NoVariant as why:
            if exercise is None:
                raise PaperProblem(str(why)) from None
        except BadFile as bad:
            assert exercise is not None, "what is made for practice holds"
            raise PaperProblem(BrokenExercise.of(exercise, bad).refusal) from None
        if exercise is None:
            raise PaperProblem(f"This paper asks for the exercise {part.id}, which is not there.")
        found.append(exercise)
    return tuple(found)


def minutes_of(exercises: Sequence[Exercise], marks: Sequence[float | None] = ()) -> float:
    """How long these exercises take on a paper: as their files say, else by their marks. Raises BadFile."""
    total = 0.0
    for number, exercise in enumerate(exercises):
        said = marks[number] if marks else None
        worth = said if said is not None else exercise.file.marks
        if exercise.file.minutes is not None:
            total += exercise.file.minutes
        else:
            total += MINUTES_A_MARK * (worth if worth is not None else sum(full_marks(exercise)))
    return float(max(1, round(total)))
