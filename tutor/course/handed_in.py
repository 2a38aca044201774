"""The files that were handed in: which of a folder they are, and which are something else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.course.submissions import SUFFIX
from tutor.files import walked

SHEET = ".toml"
GRADES = ".json"
"""The ending of what `grade --json` wrote: such a file is read where it is named, not in a folder."""

_ENDINGS = (SHEET, SUFFIX)
_OURS = ("index.csv",)
"""What the program writes beside the sheets of a class."""
_ARCHIVES = ((b"PK\x03\x04", "a zip archive"), (b"\x1f\x8b", "a gzip archive"), (b"%PDF", "a PDF"))


@dataclass(frozen=True)
class HandedIn:
    """The files at some paths: those to grade, in order, and those that are of no kind that is graded."""

    files: tuple[Path, ...]
    passed_over: tuple[Path, ...] = ()


def handed_in(paths: Iterable[Path]) -> HandedIn:
    """The files that were named, and in folders all sheets and submissions, by path; a file is there once.

    A folder that cannot be read is among the files, so that it is said of it.
    """
    found: list[Path] = []
    other: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        unread: list[str] = []
        inside = [Path(one) for one in walked(str(path), "", unread.append)]
        mine = [one for one in inside if is_handed_in(one)]
        found += sorted([*mine, *map(Path, unread)])
        other += sorted(one for one in inside if one not in mine and one.name not in _OURS and not one.is_dir())
    once = {os.path.realpath(path): path for path in reversed(found)}
    return HandedIn(tuple(path for path in dict.fromkeys(found) if once[os.path.realpath(path)] is path), tuple(other))


def is_handed_in(path: Path) -> bool:
    """Whether the file is a sheet or a submission by its name; editors and browsers add .txt to one."""
    return _ending(path) in _ENDINGS


def is_submission(path: Path) -> bool:
    """Whether it is a submission by its name."""
    return _ending(path) == SUFFIX


def _ending(path: Path) -> str:
    name = path.name.lower().removesuffix(".txt")
    return Path(name).suffix


def part_of(files: Sequence[Path], number: int, many: int) -> list[Path]:
    """Every `many`-th file beginning with the `number`-th, from 1: parts of about the same size, none in two."""
    return list(files[number - 1 :: many])


def archive_in(data: bytes) -> str:
    """What a file is by its first bytes, such as "a zip archive"; "" where it may be text."""
    return next((name for begin, name in _ARCHIVES if data.startswith(begin)), "")
