"""Finding exercise files in folders, reading them, and giving them ids. Nothing here does mathematics or runs code."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tutor.files import walked
from tutor.library.decoding import BadFile, Decoded, Fault, LineNumbers, decoded
from tutor.library.exercise import BrokenExercise, Exercise, Library, file_text, plain_title
from tutor.library.format import ExerciseFile, PackFile
from tutor.library.ids import IdRegistry, pack_name
from tutor.library.parse_cache import ParseCache, ParsedFile, stamp_of
from tutor.library.validation import check
from tutor.paths import shipped_folder

PACK = "pack.toml"
PAPER_ENDING = ".paper.toml"
"""By which the files of papers are told from those of exercises."""


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
            title = pack.topics.get(topic) or plain_title(topic)
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
        text = file_text(path)
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
        read = decoded(file_text(path), PackFile)
    except BadFile as error:
        return PackFile(title=folder.name), [BrokenExercise("", path, error.faults)]
    faults = [BrokenExercise("", path, read.faults)] if read.faults else []
    return read.value or PackFile(title=folder.name), faults


def line_in(path: Path) -> Callable[[str], int | None]:
    """What finds the lines of keys in a file; none in one that cannot be read."""
    try:
        return LineNumbers(file_text(path))
    except BadFile:
        return lambda _key: None


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
