"""Finding exercise files in folders, reading them, and giving them ids. Nothing here does mathematics or runs code.

Ids stay apart and stay the same: of two files with one id the second has its pack's name before it, and keeps that.
`digest` tells whether an exercise still asks what it asked before.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from tutor.files import NotText, text_of, walked
from tutor.library.decoding import BadFile, Decoded, Fault, LineNumbers, decoded, hidden_in, line_of
from tutor.library.format import ExerciseFile, PackFile
from tutor.library.parse_cache import ParseCache, ParsedFile, stamp_of
from tutor.library.validation import check
from tutor.paths import own_folder, shipped_folder


@dataclass(frozen=True, slots=True)
class IdClash:
    """Two files of the same id: the one that has it, the one that does not, and the id that this one has instead."""

    id: str
    first: Path
    second: Path
    second_id: str

    @property
    def sentence(self) -> str:
        """Both files, and how the second is opened."""
        return f"{self.second} has the id of {self.first}, {self.id}: here its id is {self.second_id}"


def pack_name(text: str) -> str:
    """A pack's name as it can be before an id: one word, without a colon or a slash."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-.").lower() or "pack"


class IdRegistry:
    """Gives ids and topics to the exercises of several folders.

    A file that had an id before keeps it: `owners`, id -> path, says so; the files that ship are among them. Where
    a file is gone, its id is free.
    """

    def __init__(self, owners: Mapping[str, str]) -> None:
        self.exercises: dict[str, Exercise] = {}
        self.clashes: list[IdClash] = []
        self._owner = dict(owners)
        self._own = {path: id for id, path in owners.items()}
        self._topics: set[str] = set()
        self._folders: set[str] = set()

    def folder(self, name: str) -> PackFolder:
        """The next folder, by its pack's name."""
        name = next(one for one in (name, *(f"{name}-{n}" for n in range(2, 1000))) if one not in self._folders)
        self._folders.add(name)
        return PackFolder(self, name)

    def take_topics(self, name: str, topics: Iterable[str]) -> dict[str, str]:
        """For each topic of a folder what it is called here: the same, but for one that another folder has too."""
        renamed = {topic: f"{name}:{topic}" if topic in self._topics else topic for topic in topics}
        self._topics |= set(renamed.values())
        return renamed

    def take(self, name: str, exercise: Exercise) -> str:
        """Take in an exercise of the folder of this name, by an id that is no other file's: the id."""
        path = str(exercise.path.resolve())
        ids = self._ids(name, exercise.id, path)
        id = next(one for one in ids if self._is_free(one, path))
        if id != exercise.id:
            holder = self.exercises.get(exercise.id)
            first = holder.path if holder is not None else Path(self._owner.get(exercise.id, ""))
            if first != Path():
                self.clashes.append(IdClash(exercise.id, first, exercise.path, id))
        self.exercises[id] = replace(exercise, id=id)
        return id

    def _ids(self, name: str, id: str, path: str) -> Iterator[str]:
        """Ids that a file may have, the best first: its own of old, the plain one, and then with its pack's name."""
        if path in self._own and self._own[path].rpartition(":")[2] == id:
            yield self._own[path]
        yield id
        yield f"{name}:{id}"
        yield from (f"{name}-{number}:{id}" for number in count(2))

    def _is_free(self, id: str, path: str) -> bool:
        if id in self.exercises:
            return False
        owner = self._owner.get(id)
        return owner is None or owner == path or not Path(owner).is_file()


@dataclass(frozen=True)
class PackFolder:
    """One folder among several."""

    names: IdRegistry
    name: str

    def topics(self, topics: Iterable[str]) -> dict[str, str]:
        """What each of its topics is called."""
        return self.names.take_topics(self.name, topics)

    def take(self, exercise: Exercise) -> str:
        """Take in one of its exercises; its id."""
        return self.names.take(self.name, exercise)


_WORDING = frozenset(
    {"title", "prompt", "remark", "level", "hints", "label", "after", "why", "slips", "marks", "minutes"}
)
"""Keys of a file, a question and a blank that say something about what is asked, and do not change a right answer."""


def digest(file: ExerciseFile) -> str:
    """A short text that is the same as long as the same answers are right.

    Wording, blanks between words and keys that are left at their default do not count.
    """
    asked = _set_in(file)
    if file.function:
        asked["steps"] = list(file.asked)
    return sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _set_in(table: Struct) -> dict[str, Any]:
    """The keys that are set: a key that a later version adds changes no digest until it is used."""
    return {
        field.name: _plain(value)
        for field in structs.fields(table)
        if field.name not in _WORDING and (value := getattr(table, field.name)) not in (field.default, None, "", (), {})
    }


def _plain(value: Any) -> Any:
    """The value as JSON has it, the same for 1 and 1.0; tables in arrays (questions, blanks, options) lose wording."""
    if isinstance(value, Struct):
        return _set_in(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(_without_wording(each)) for each in value]
    if isinstance(value, str):
        return " ".join(value.split())
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _without_wording(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: each for name, each in value.items() if name not in _WORDING}


PACK = "pack.toml"
OWN = own_folder().name
"""The pack of what learners made of functions of their own."""
PAPER_ENDING = ".paper.toml"
"""By which the files of papers are told from those of exercises."""
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

    packs: dict[str, PackFile] = field(default_factory=dict)
    """Name -> its `pack.toml`, in the order they are shown; "" is the name of what ships."""

    @cached_property
    def topics(self) -> dict[str, list[Exercise]]:
        """Topic -> its exercises, both in order."""
        topics: dict[str, list[Exercise]] = {topic: [] for topic in self.titles}
        for exercise in self.exercises.values():
            topics.setdefault(exercise.topic, []).append(exercise)
        return {topic: exercises for topic, exercises in topics.items() if exercises}

    def packs_told(self) -> dict[str, PackFile]:
        """Name -> the packs whose titles are shown: none where all exercises are those that ship, or the learner's."""
        handed_out = any(name and pack.title for name, pack in self.packs.items() if name != OWN)
        return {name: pack for name, pack in self.packs.items() if handed_out and pack.title and name != OWN}

    def title_of(self, topic: str) -> str:
        """A topic's title: from its pack, or made from its folder's name."""
        return self.titles.get(topic) or _plain_title(topic)

    def find(self, id: str) -> Exercise | None:
        """The exercise of this id; of `name:id` as well where the plain id is this file's alone."""
        pack, _, plain = id.rpartition(":")
        exercise = self.exercises.get(id) or self.exercises.get(plain)
        return exercise if exercise and (exercise.id == id or exercise.pack == pack) else None

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
    keeper = ParseCache(keep_in) if keep_in is not None else None
    library = _load(folders, keeper, owners or {}, reading)
    if keeper is not None:
        keeper.keep()
    return library


def _load(
    folders: Iterable[Path], keeper: ParseCache | None, owners: Mapping[str, str], reading: Callable[[Path], None]
) -> Library:
    own = shipped_folder()
    names = IdRegistry({**owners, **{id_of(path, own): str(path.resolve()) for path in files_in(own)}})
    broken: list[BrokenExercise] = []
    folders = list(folders)
    found: dict[Path, _Found] = {}
    for folder in sorted(folders, key=lambda one: one != own):  # what ships keeps its names, wherever it is shown
        reading(folder)
        pack, fault = read_pack(folder)
        broken += fault
        place = names.folder(pack_name(pack.name or folder.resolve().name))
        files = sorted(((id_of(path, folder), path) for path in files_in(folder)), key=lambda one: _place(one[0], pack))
        topics = place.topics(dict.fromkeys([*pack.topics, *(_topic_of(id) for id, _ in files)]))
        name = "" if folder == own else place.name
        told = pack if (folder / PACK).is_file() else PackFile(title="")
        into = found[folder] = _Found(name, told)
        for topic, key in topics.items():
            title = pack.topics.get(topic) or _plain_title(topic)
            into.titles[key] = title if key == topic else f"{title} ({pack.title or folder.name})"
        for id, path in files:
            reading(path)
            read = _known_or_read(path, id, keeper)
            if isinstance(read, BrokenExercise):
                broken.append(read)
            else:
                into.ids.append(place.take(replace(read, topic=topics[_topic_of(id)], pack=name)))
    shown = [found[folder] for folder in folders]
    return Library(
        {id: names.exercises[id] for one in shown for id in one.ids},
        tuple(broken),
        {topic: title for one in shown for topic, title in one.titles.items()},
        tuple(names.clashes),
        {one.name: one.pack for one in shown},
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What one folder held."""

    name: str
    pack: PackFile
    titles: dict[str, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)


def _plain_title(topic: str) -> str:
    return topic.replace("-", " ").capitalize() or "Exercises"


def _known_or_read(path: Path, id: str, keeper: ParseCache | None) -> Exercise | BrokenExercise:
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
        exercise = Exercise(id, path, read.value, _topic_of(id)) if read.value is not None else None
        ordered = BadFile.of(faults).placed(LineNumbers(text).of_missing).faults
        return BrokenExercise(id, path, ordered, exercise, frozenset(read.left_out.dropped))
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
        return LineNumbers(_text_of(path))
    except BadFile:
        return lambda _key: None


def _text_of(path: Path) -> str:
    try:
        return text_of(path, _LARGEST_FILE)
    except NotText as why:
        raise BadFile("", str(why), why.line) from None
    except FileNotFoundError as error:
        raise BadFile("", f"it cannot be read: {(error.strerror or str(error)).lower()}") from None


def files_in(folder: Path) -> list[Path]:
    """The exercise files in a folder and all below it, but for what `walked` passes over, and papers."""
    return sorted(
        Path(path) for path in walked(str(folder), ".toml") if not path.endswith((f"{os.sep}{PACK}", PAPER_ENDING))
    )


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
