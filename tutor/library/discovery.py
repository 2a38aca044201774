"""Finding exercise files in folders and reading them. Nothing here does mathematics or runs code."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from tutor.files import NotText, text_of, walked
from tutor.library.asked import digest
from tutor.library.decoding import BadFile, Decoded, Fault, LinesOf, decoded, hidden_in, line_of
from tutor.library.format import ExerciseFile, PackFile
from tutor.library.naming import IdClash, IdRegistry, pack_name
from tutor.library.parse_cache import Keeper, ParsedFile, stamp_of
from tutor.library.validation import check
from tutor.paths import shipped_folder

PACK = "pack.toml"
_NEAR = 0.75
"""How much of two ids is the same where one is meant by the other: at most a slip or two."""
_LARGEST_FILE = 200_000
"""Bytes: an exercise file is a page, not a book."""


@dataclass(frozen=True)
class Exercise:
    """An exercise file that could be read.

    `id` is its path below its folder, without `.toml`; after `name:` where another folder has that id too. `topic` is
    the folder it is in, "" at the top; after `name:` likewise. `pack` is that name; "" for what comes with the program.
    """

    id: str
    path: Path
    file: ExerciseFile
    topic: str = ""
    pack: str = ""

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps asked, in order; for a file of questions, their kinds."""
        if not self.file.question:
            return self.file.asked
        kinds = [str(table["kind"]) for table in self.file.question]
        return tuple(dict.fromkeys(kinds))

    @cached_property
    def digest(self) -> str:
        """A short text that changes when what is asked does."""
        return digest(self.file)

    def hidden(self) -> list[Fault]:
        """Where its file holds characters that nobody can see; none where the file is gone."""
        try:
            return list(hidden_in(_text_of(self.path)))
        except BadFile:
            return []

    def line_of(self, key: str) -> int | None:
        """The line of its file on which a key is set; None where it cannot be found, or the file is gone."""
        try:
            return line_of(_text_of(self.path), key) if key else None
        except BadFile:
            return None


@dataclass(frozen=True, slots=True)
class BrokenExercise:
    """An exercise file that cannot be used: all that is wrong with it, in the order of the file.

    `readable` is what could be read all the same, and `left_out` the keys that were not.
    """

    id: str
    path: Path
    faults: tuple[Fault, ...]
    readable: Exercise | None = field(default=None, compare=False)
    left_out: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def key(self) -> str:
        """The key of the first fault; "" for the whole file."""
        return self.faults[0].key

    @property
    def reason(self) -> str:
        """Why the first is one."""
        return self.faults[0].reason

    @property
    def line(self) -> int | None:
        """The line of the first, where known."""
        return self.faults[0].line

    @property
    def sentence(self) -> str:
        """File, line, key and reason in one line; the first fault of several."""
        place = f"{self.path.name}, line {self.line}" if self.line else self.path.name
        return f"{place}: {self.faults[0].place}{self.reason}"


@dataclass(frozen=True)
class Library:
    """The exercises of one or more folders, in the order they are best worked, and the files that are broken."""

    exercises: dict[str, Exercise] = field(default_factory=dict)
    broken: tuple[BrokenExercise, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)
    """Topic -> title."""

    clashes: tuple[IdClash, ...] = ()
    """Files whose id is another file's, so that they have one with their pack's name before it."""

    @cached_property
    def topics(self) -> dict[str, list[Exercise]]:
        """Topic -> its exercises, both in order."""
        topics: dict[str, list[Exercise]] = {topic: [] for topic in self.titles}
        for exercise in self.exercises.values():
            topics.setdefault(exercise.topic, []).append(exercise)
        return {topic: exercises for topic, exercises in topics.items() if exercises}

    def title_of(self, topic: str) -> str:
        """A topic's title: from its pack, or made from its folder's name."""
        return self.titles.get(topic) or _plain_title(topic)

    def find(self, id: str) -> Exercise | None:
        """The exercise of this id; of `name:id` as well where the plain id is this file's alone."""
        pack, _, plain = id.rpartition(":")
        found = self.exercises.get(id) or self.exercises.get(plain)
        return found if found and (found.id == id or found.pack == pack) else None

    def nearest(self, id: str) -> list[str]:
        """Up to three ids that this one may be meant for: misspelt, or without its topic or its name; often none."""
        known = {one.lower(): one for one in self.exercises}
        id = id.lower().removesuffix(".toml").strip("/")
        wanted = id.rpartition("/")[2]
        near = get_close_matches(id, known, n=3, cutoff=_NEAR)
        for part in (2, 0):  # its name, its topic
            parts = dict.fromkeys(one.rpartition("/")[part] for one in known if wanted)
            like = get_close_matches(wanted, parts, n=3, cutoff=_NEAR)
            near += [one for alike in like for one in known if one.rpartition("/")[part] == alike]
        return [known[one] for one in dict.fromkeys(near)][:3]


def load(
    folders: Iterable[Path],
    keep_in: Path | None = None,
    owners: Mapping[str, str] | None = None,
    reading: Callable[[Path], None] = lambda _path: None,
) -> Library:
    """Read all exercises in these folders. Broken files are listed, never raised; equal ids are told apart.

    What the files came to is kept in the file `keep_in`, and taken from there where they have not changed. `owners`
    are the files that had an id before: id -> path. `reading` is called with each folder and file before it is read.
    """
    keeper = Keeper(keep_in) if keep_in is not None else None
    library = _load(folders, keeper, owners or {}, reading)
    if keeper is not None:
        keeper.keep()
    return library


def _load(
    folders: Iterable[Path], keeper: Keeper | None, owners: Mapping[str, str], reading: Callable[[Path], None]
) -> Library:
    own = shipped_folder()
    names = IdRegistry({**owners, **{id_of(path, own): str(path.resolve()) for path in files_in(own)}})
    broken: list[BrokenExercise] = []
    titles: dict[str, str] = {}
    for folder in folders:
        reading(folder)
        pack, fault = read_pack(folder)
        broken += fault
        place = names.folder(pack_name(pack.name or folder.resolve().name))
        found = sorted(((id_of(path, folder), path) for path in files_in(folder)), key=lambda one: _place(one[0], pack))
        topics = place.topics(dict.fromkeys([*pack.topics, *(_topic_of(id) for id, _ in found)]))
        for topic, key in topics.items():
            title = pack.topics.get(topic) or _plain_title(topic)
            titles[key] = title if key == topic else f"{title} ({pack.title or folder.name})"
        for id, path in found:
            reading(path)
            read = _known_or_read(path, id, keeper)
            if isinstance(read, BrokenExercise):
                broken.append(read)
            else:
                place.take(replace(read, topic=topics[_topic_of(id)], pack="" if folder == own else place.name))
    return Library(names.exercises, tuple(broken), titles, tuple(names.clashes))


def _plain_title(topic: str) -> str:
    return topic.replace("-", " ").capitalize() or "Exercises"


def _known_or_read(path: Path, id: str, keeper: Keeper | None) -> Exercise | BrokenExercise:
    if keeper is None:
        return read_exercise(path, id)
    known = keeper.get(path)
    if known is None:
        stamp = stamp_of(path)  # before it is read: a change meanwhile makes it another
        read = read_exercise(path, id)
        if isinstance(read, Exercise):
            keeper.put(path, ParsedFile(stamp, read.file))
        else:
            keeper.put(path, ParsedFile(stamp, None, read.faults))
        return read
    if known.file is None:
        return BrokenExercise(id, path, known.faults)
    return Exercise(id, path, known.file, _topic_of(id))


def read_exercise(path: Path, id: str = "") -> Exercise | BrokenExercise:
    """One exercise file; its id is its name unless given."""
    id = id or path.stem
    try:
        text = _text_of(path)
    except BadFile as error:
        return BrokenExercise(id, path, error.faults)
    read = decoded(text, ExerciseFile)
    faults = [*read.faults, *_unfit(read)]
    if read.value is None or faults:
        found = Exercise(id, path, read.value, _topic_of(id)) if read.value is not None else None
        ordered = BadFile.of(faults).placed(LinesOf(text)).faults
        return BrokenExercise(id, path, ordered, found, frozenset(read.left_out.dropped))
    return Exercise(id, path, read.value, _topic_of(id))


def _unfit(read: Decoded[ExerciseFile]) -> tuple[Fault, ...]:
    """What its types do not say."""
    if read.value is None:
        return ()
    try:
        check(read.value, read.left_out.dropped)
    except BadFile as bad:
        return bad.faults
    return ()


def read_pack(folder: Path) -> tuple[PackFile, list[BrokenExercise]]:
    """A folder's `pack.toml`, or what stands for it where there is none; and what is wrong with it."""
    path = folder / PACK
    if not folder.is_dir():
        return PackFile(title=""), [BrokenExercise("", folder, (Fault("", "there is no such folder"),))]
    if not path.exists():
        return PackFile(title=folder.name), []
    try:
        read = decoded(_text_of(path), PackFile)
    except BadFile as error:
        return PackFile(title=folder.name), [BrokenExercise("", path, error.faults)]
    faults = [BrokenExercise("", path, read.faults)] if read.faults else []
    return read.value or PackFile(title=folder.name), faults


def line_in(path: Path) -> Callable[[str], int | None]:
    """What finds the lines of keys in a file; none in one that cannot be read."""
    try:
        return LinesOf(_text_of(path))
    except BadFile:
        return lambda _key: None


def _text_of(path: Path) -> str:
    try:
        return text_of(path, _LARGEST_FILE)
    except NotText as why:
        raise BadFile("", str(why)) from None
    except FileNotFoundError as error:
        raise BadFile("", f"it cannot be read: {(error.strerror or str(error)).lower()}") from None


def files_in(folder: Path) -> list[Path]:
    """The exercise files in a folder and all below it, but for what `walked` passes over."""
    return sorted(Path(path) for path in walked(str(folder), ".toml") if not path.endswith(f"{os.sep}{PACK}"))


def id_of(path: Path, folder: Path) -> str:
    """An exercise's id in its folder."""
    return path.relative_to(folder).with_suffix("").as_posix()


def _topic_of(id: str) -> str:
    return id.rpartition("/")[0]


def _place(id: str, pack: PackFile) -> tuple[int, int, str]:
    topics = list(pack.topics)
    topic = id.rpartition("/")[0]
    return (
        topics.index(topic) if topic in topics else len(topics),
        pack.order.index(id) if id in pack.order else len(pack.order),
        id,
    )
