"""Packs: folders of exercises that a course hands out. Which there are, adding one for good, removing one.

A pack is read, never run: what is added holds exercise files and `pack.toml` and nothing else, each below its own
folder. A folder, a zip or a wheel may bring one; an installed Python package offers one by its entry points
(`tutor.paths.offered_folders` reads those without loading the package).
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from tutor.files import NotText, bytes_of, walked
from tutor.library.discovery import PACK, files_in, load, read_pack
from tutor.library.format import FORMAT
from tutor.library.ids import pack_name
from tutor.paths import added_folder, offered_folders, own_folder, shipped_folder
from tutor.text import ended

_MOST_FILES = 5000
_LARGEST_FILE = 200_000
"""Bytes, as for every exercise file."""

_LARGEST_ARCHIVE = 100_000_000
"""Bytes."""

_ARCHIVES = (".zip", ".whl")


class PackProblem(Exception):
    """Why a pack cannot be added or removed: a sentence."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One folder of exercises: by what it is called, and where it comes from."""

    name: str
    title: str
    about: str
    folder: Path
    came: str
    """"with the program", "your own", "added", "from an installed package", or "named"."""

    exercises: int
    broken: int


@dataclass(frozen=True, slots=True)
class Added:
    """A pack that was just added: it, and whether it took the place of one of the same name."""

    pack: Pack
    replaced: bool


def packs(folders: list[Path]) -> list[Pack]:
    """The packs in these folders, in order."""
    return [_pack(folder) for folder in folders]


def add(path: Path) -> Added:
    """Copy the pack in a folder, a zip or a wheel to the learner's own; one of the same name is replaced.

    All or nothing: the pack in use stays until the new one is whole. Raises PackProblem.
    """
    try:
        with _unpacked(path) as source:
            name = _name_for(source, path)
            place = added_folder() / name
            replaced = place.exists()
            with _beside(place) as made:
                _copy_exercises(source, made)
                _put_in_place(made, place)
    except OSError as error:
        raise PackProblem(f"The pack cannot be added: {(error.strerror or str(error)).lower()}.") from None
    return Added(_pack(place), replaced)


def remove(name: str) -> Path:
    """Remove an added pack; progress in it stays. Gives the folder it was in. Raises PackProblem."""
    place = added_folder() / name
    if not name or pack_name(name) != name or not place.is_dir():
        raise PackProblem(_no_such(name))
    with _beside(place) as aside:
        try:
            place.replace(aside)
        except OSError as error:
            raise PackProblem(f"{name} cannot be removed: {(error.strerror or str(error)).lower()}.") from None
    return place


def _no_such(name: str) -> str:
    added = sorted(one.name for one in added_folder().iterdir()) if added_folder().is_dir() else []
    there = f" Added are: {', '.join(added)}." if added else " None was added."
    return f"No pack that was added is called {name}.{there}"


def _pack(folder: Path) -> Pack:
    file, _ = read_pack(folder)
    library = load([folder])
    name = pack_name(file.name or folder.resolve().name)
    broken = [one for one in library.broken if one.path.name != PACK]
    return Pack(name, file.title or folder.name, file.about, folder, _came(folder), len(library.exercises), len(broken))


def _came(folder: Path) -> str:
    if folder == shipped_folder():
        return "with the program"
    if folder == own_folder():
        return "your own"
    if folder.parent == added_folder():
        return "added"
    return "from an installed package" if folder in offered_folders() else "named"


# Reading what is brought


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """The folder that holds the pack's `pack.toml`: the one named, or one made of an archive and deleted after."""
    if path.is_dir():
        yield path.resolve()
        return
    if not path.exists():
        raise PackProblem(f"{path} is not there. Name a folder, a .zip or a .whl.")
    if path.suffix.lower() not in _ARCHIVES:
        raise PackProblem(f"{path.name} is neither a folder nor a .zip or .whl file.")
    with tempfile.TemporaryDirectory(prefix="backprop-tutor-") as made:
        _unzip(path, Path(made))
        yield _only_pack_in(Path(made), path.name)


def _unzip(path: Path, into: Path) -> None:
    if path.stat().st_size > _LARGEST_ARCHIVE:
        raise PackProblem(f"{path.name} is larger than {_LARGEST_ARCHIVE // 1_000_000} MB.")
    try:
        with ZipFile(path) as archive:
            inside = [one for one in archive.infolist() if not one.is_dir() and one.filename.endswith(".toml")]
            if len(inside) > _MOST_FILES:
                raise PackProblem(f"{path.name} contains more than {_MOST_FILES:,} exercise files.")
            for one in inside:
                name = PurePosixPath(one.filename)
                if name.is_absolute() or ".." in name.parts or "\\" in one.filename or ":" in one.filename:
                    raise PackProblem(f"{path.name} contains {one.filename!r}, which is outside its own folder.")
                if stat.S_ISLNK(one.external_attr >> 16):
                    raise PackProblem(
                        f"{path.name} contains {one.filename!r}, which is a link: packs contain files only."
                    )
                with archive.open(one) as stream:
                    text = stream.read(_LARGEST_FILE + 1)
                if len(text) > _LARGEST_FILE:
                    raise PackProblem(f"{one.filename} in {path.name} is larger than {_LARGEST_FILE // 1000} kB.")
                place = into / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(text)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise PackProblem(f"{path.name} cannot be read as a zip file: {str(error).lower()}.") from None


def _only_pack_in(folder: Path, archive: str) -> Path:
    """The folder of the one pack in what an archive holds: that of its `pack.toml`."""
    found = sorted(folder.rglob(PACK), key=lambda path: len(path.parts))
    if not found:
        raise PackProblem(f"{archive} contains no {PACK}. A pack has one next to its topics, with a title.")
    inner = [one for one in found if found[0].parent not in one.parent.parents and one != found[0]]
    if inner:
        raise PackProblem(f"{archive} contains {len(inner) + 1} packs. Unpack it and add them one by one.")
    return found[0].parent


def _name_for(source: Path, path: Path) -> str:
    """What the pack is called. Raises PackProblem where its `pack.toml` cannot be read, or it has no exercises."""
    file, faults = read_pack(source)
    if not (source / PACK).is_file():
        raise PackProblem(f'{source} has no {PACK}. Write one there with a title, such as title = "My course".')
    if faults:
        raise PackProblem(ended(faults[0].sentence))
    if file.format > FORMAT:
        raise PackProblem(
            f"{PACK} says format = {file.format}, and this version reads up to {FORMAT}. "
            "A newer backprop-tutor can read it."
        )
    if not files_in(source):
        raise PackProblem(f"There are no exercise files in {path.name}: they end in .toml.")
    return pack_name(file.name or path.resolve().stem)


# Writing it down, all or nothing


def _copy_exercises(source: Path, into: Path) -> None:
    """Copy the exercise files and `pack.toml`; links are refused, whatever else lies there is left behind."""
    paths = list(map(Path, walked(str(source), ".toml")))
    if len(paths) > _MOST_FILES:
        raise PackProblem(f"There are more than {_MOST_FILES:,} exercise files.")
    for path in paths:
        if path.is_symlink():
            raise PackProblem(f"{path.relative_to(source)} is a link: packs contain files only.")
        try:
            text = bytes_of(path, _LARGEST_FILE)
        except NotText as why:
            raise PackProblem(f"{path.relative_to(source)} cannot be used: {why}.") from None
        place = into / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """A path beside `place`, on the same disk, at which a folder may be made; deleted at the end if it is there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    made = place.parent / f".{place.name}.{os.getpid()}"
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _put_in_place(made: Path, place: Path) -> None:
    """Make a whole folder the pack's; the one before it is deleted only when the new one is in its place."""
    if not place.exists():
        made.rename(place)
        return
    with _beside(place.with_name(f"{place.name}.before")) as before:
        place.rename(before)
        try:
            made.rename(place)
        except OSError:
            before.rename(place)
            raise
