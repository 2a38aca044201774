"""The working folder of a run: made new, and removed whatever the learner's code left in it. No other folder ever."""

from __future__ import annotations

import itertools
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PREFIX = "backprop-tutor-run-"
OPENING = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


class Folder(NamedTuple):
    """A folder that a run has made. `identity` tells it from any other that may come to stand at its path."""

    path: Path
    identity: tuple[int, int]


def make(path: Path) -> Folder:
    """Make the folder, for this user alone.

    Raises ValueError unless the path is absolute and the name begins with PREFIX, and OSError if it cannot be made:
    above all, if there is something of that name already.
    """
    _refuse_others(path)
    path.mkdir(mode=0o700)
    return made(path)


def made(path: Path) -> Folder:
    """The folder that another process has just made there. Raises as `make` does, and OSError if there is none."""
    _refuse_others(path)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(str(path))
    return Folder(path, (status.st_dev, status.st_ino))


def remove(folder: Folder) -> None:
    """Delete the folder and all in it. What the system does not let us delete is left, silently.

    Nothing is done if what stands at the path is not the very folder that was made: the learner's code may have
    moved it and put another, or a link to another, in its place. Raises ValueError for a path that `make` refuses.
    """
    _refuse_others(folder.path)
    with suppress(OSError):
        if made(folder.path) != folder:
            return
        folder.path.chmod(0o700)
        if os.open not in os.supports_dir_fd:
            shutil.rmtree(folder.path, ignore_errors=True)
            return
        # By file descriptors from here on: they cannot lead to another folder.
        top = os.open(folder.path, OPENING)
        try:
            status = os.fstat(top)
            if (status.st_dev, status.st_ino) == folder.identity:
                _empty(top)
                folder.path.rmdir()
        finally:
            os.close(top)


def _refuse_others(path: Path) -> None:
    if not path.is_absolute() or not path.name.startswith(PREFIX):
        raise ValueError(f"not a working folder of the runner: {path}")


def _empty(top: int) -> None:
    """Delete all that is in the open folder.

    Subfolders are moved up to the top first, so that no depth, however absurd, costs recursion or makes a path too
    long for the system.
    """
    stem = os.urandom(8).hex()
    names = (f"{stem}-{number}" for number in itertools.count())
    pending = _clear(top, top, names)
    while pending:
        name = pending.pop()
        with suppress(OSError):
            here = os.open(name, OPENING, dir_fd=top)
            try:
                pending += _clear(here, top, names)
            finally:
                os.close(here)
            os.rmdir(name, dir_fd=top)


def _clear(here: int, top: int, names: Iterator[str]) -> list[str]:
    """Delete the files of an open folder, and move its subfolders to the top. Returns their names there."""
    moved = []
    with os.scandir(here) as found:
        entries = list(found)
    for entry in entries:
        with suppress(OSError):
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.name, dir_fd=here)
                continue
            # Moving a folder needs the right to write in it: its own `..` changes.
            os.chmod(entry.name, 0o700, dir_fd=here)
            name = next(names)
            os.rename(entry.name, name, src_dir_fd=here, dst_dir_fd=top)
            moved.append(name)
    return moved
