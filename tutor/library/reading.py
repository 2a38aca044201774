"""Finding exercise files in folders and reading them. Nothing here does mathematics or runs code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from tutor.files import NotText, text_of
from tutor.library.consistency import check
from tutor.library.decoding import BadFile, decode, line_of
from tutor.library.format import ExerciseFile, PackFile
from tutor.library.kept import Found, Keeper, stamp_of

PACK = "pack.toml"
_LARGEST_FILE = 200_000
"""Bytes: an exercise file is a page, not a book."""


@dataclass(frozen=True)
class Exercise:
    """An exercise file that could be read. `id` is its path below its folder, without `.toml`."""

    id: str
    path: Path
    file: ExerciseFile

    @property
    def topic(self) -> str:
        """The folder it is in; "" at the top."""
        return self.id.rpartition("/")[0]

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps asked, in order; for a file of questions, their kinds."""
        if not self.file.question:
            return self.file.asked
        kinds = [str(table["kind"]) for table in self.file.question]
        return tuple(dict.fromkeys(kinds))

    def line_of(self, key: str) -> int | None:
        """The line of its file on which a key is set; None where it cannot be found, or the file is gone."""
        try:
            return line_of(_text_of(self.path), key) if key else None
        except BadFile:
            return None


@dataclass(frozen=True, slots=True)
class BrokenExercise:
    """An exercise file that cannot be used: where (a key, a line) and why."""

    id: str
    path: Path
    key: str
    reason: str
    line: int | None = None

    @property
    def sentence(self) -> str:
        """File, line, key and reason in one line."""
        place = f"{self.path.name}, line {self.line}" if self.line else self.path.name
        return f"{place}: {self.key + ': ' if self.key else ''}{self.reason}"


@dataclass(frozen=True)
class Library:
    """The exercises of one or more folders, in the order they are best worked, and the files that are broken."""

    exercises: dict[str, Exercise] = field(default_factory=dict)
    broken: tuple[BrokenExercise, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)
    """Topic -> title."""

    @cached_property
    def topics(self) -> dict[str, list[Exercise]]:
        """Topic -> its exercises, both in order."""
        topics: dict[str, list[Exercise]] = {topic: [] for topic in self.titles}
        for exercise in self.exercises.values():
            topics.setdefault(exercise.topic, []).append(exercise)
        return {topic: exercises for topic, exercises in topics.items() if exercises}

    def title_of(self, topic: str) -> str:
        """A topic's title: from its pack, or made from its folder's name."""
        return self.titles.get(topic) or topic.replace("-", " ").capitalize() or "Exercises"

    def nearest(self, id: str) -> list[str]:
        """Up to three ids that look like this one."""
        known = {one.lower(): one for one in self.exercises}
        by_name = {one.rpartition("/")[2]: one for one in reversed(known)}
        id = id.lower().removesuffix(".toml")
        near = get_close_matches(id, known, n=3, cutoff=0.4)
        named = [by_name[name] for name in get_close_matches(id.rpartition("/")[2], by_name, n=3, cutoff=0.6)]
        return [known[one] for one in dict.fromkeys([*near, *named])][:3]

    def after(self, id: str) -> Exercise | None:
        """The exercise that follows this one."""
        ids = [exercise.id for exercises in self.topics.values() for exercise in exercises]
        position = ids.index(id) + 1 if id in ids else len(ids)
        return self.exercises[ids[position]] if position < len(ids) else None


def load(folders: Iterable[Path], keep_in: Path | None = None) -> Library:
    """Read all exercises in these folders. Broken files are listed, never raised; the first of two equal ids wins.

    What the files came to is kept in the file `keep_in`, and taken from there where they have not changed.
    """
    keeper = Keeper(keep_in) if keep_in is not None else None
    library = _load(folders, keeper)
    if keeper is not None:
        keeper.keep()
    return library


def _load(folders: Iterable[Path], keeper: Keeper | None) -> Library:
    exercises: dict[str, Exercise] = {}
    broken: list[BrokenExercise] = []
    titles: dict[str, str] = {}
    for folder in folders:
        pack, fault = _read_pack(folder)
        broken += fault
        titles |= {topic: title for topic, title in pack.topics.items() if topic not in titles}
        found = [_known_or_read(path, _id_of(path, folder), keeper) for path in _files_in(folder)]
        found.sort(key=lambda each: _place(each.id, pack))
        for each in found:
            if isinstance(each, BrokenExercise):
                broken.append(each)
            elif each.id in exercises:
                reason = f"the id {each.id} is taken by another folder's file"
                broken.append(BrokenExercise(each.id, each.path, "", reason))
            else:
                exercises[each.id] = each
    return Library(exercises, tuple(broken), titles)


def _known_or_read(path: Path, id: str, keeper: Keeper | None) -> Exercise | BrokenExercise:
    if keeper is None:
        return read_exercise(path, id)
    known = keeper.get(path)
    if known is None:
        stamp = stamp_of(path)  # before it is read: a change meanwhile makes it another
        read = read_exercise(path, id)
        if isinstance(read, Exercise):
            keeper.put(path, Found(stamp, read.file))
        else:
            keeper.put(path, Found(stamp, None, read.key, read.reason, read.line))
        return read
    if known.file is None:
        return BrokenExercise(id, path, known.key, known.reason, known.line)
    return Exercise(id, path, known.file)


def read_exercise(path: Path, id: str = "") -> Exercise | BrokenExercise:
    """One exercise file; its id is its name unless given."""
    id = id or path.stem
    try:
        text = _text_of(path)
        file = decode(text, ExerciseFile)
        check(file, text)
        return Exercise(id, path, file)
    except BadFile as error:
        return BrokenExercise(id, path, error.key, error.reason, error.line)


def _read_pack(folder: Path) -> tuple[PackFile, list[BrokenExercise]]:
    path = folder / PACK
    if not folder.is_dir():
        return PackFile(title=""), [BrokenExercise("", folder, "", "there is no such folder")]
    if not path.exists():
        return PackFile(title=folder.name), []
    try:
        return decode(_text_of(path), PackFile), []
    except BadFile as error:
        return PackFile(title=folder.name), [BrokenExercise("", path, error.key, error.reason, error.line)]


def _text_of(path: Path) -> str:
    try:
        return text_of(path, _LARGEST_FILE)
    except NotText as why:
        raise BadFile("", str(why)) from None
    except FileNotFoundError as error:
        raise BadFile("", f"it cannot be read: {(error.strerror or str(error)).lower()}") from None


def _files_in(folder: Path) -> list[Path]:
    hidden_free = (path for path in folder.rglob("*.toml") if not _is_hidden(path.relative_to(folder)))
    return sorted(path for path in hidden_free if path.name != PACK)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _id_of(path: Path, folder: Path) -> str:
    return path.relative_to(folder).with_suffix("").as_posix()


def _place(id: str, pack: PackFile) -> tuple[int, int, str]:
    topics = list(pack.topics)
    topic = id.rpartition("/")[0]
    return (
        topics.index(topic) if topic in topics else len(topics),
        pack.order.index(id) if id in pack.order else len(pack.order),
        id,
    )
