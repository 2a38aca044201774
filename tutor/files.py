"""Reading a file that someone has named: it may be anything, or change while it is read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

_OPENING = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
)  # not every system has all of these
LARGEST_PROGRAM = 100_000
"""Bytes of a program of the learner's."""

_AT_ONCE = 1 << 20

_MADE_FOLDERS = frozenset({"node_modules", "site-packages", "__pycache__", "build", "dist"})
_MADE = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})
"""Files by which the folder of an environment, or of what can be made again, is known."""


class NotText(Exception):
    """The file cannot be used; why, as a clause: `it is not a file`; the line where that shows, where there is one."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.line = line


def text_of(path: Path, most: int, *, own_line_ends: bool = False) -> str:
    """The UTF-8 text of a file of at most `most` bytes, without a byte order mark; line ends are `\\n`.

    With `own_line_ends` these stay as they are. Nothing but a regular file is read, so that a pipe or a device cannot
    keep the program waiting or reading without end. Raises FileNotFoundError, and NotText.
    """
    try:
        data = bytes_of(path, most)
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        raise
    except UnicodeDecodeError as error:
        raise NotText("it is not UTF-8 text", data.count(b"\n", 0, error.start) + 1) from None
    except OSError as error:
        raise NotText(f"it cannot be read: {(error.strerror or str(error)).lower()}") from None
    return text if own_line_ends else text.replace("\r\n", "\n").replace("\r", "\n")


def bytes_of(path: Path, most: int) -> bytes:
    """All bytes of a regular file. Raises NotText where it is none or has more than `most`, and OSError."""
    number = os.open(path, _OPENING)
    try:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise NotText("it is not a file")
        parts, left = [], most + 1
        while left and (part := os.read(number, min(left, _AT_ONCE))):
            parts.append(part)
            left -= len(part)
    finally:
        os.close(number)
    if not left:
        raise NotText(f"it is larger than {_size(most)}")
    return b"".join(parts)


def walked(folder: str, suffix: str) -> Iterator[str]:
    """The files below a folder whose names end so, without those in folders that people do not write in.

    These are hidden ones, and what programs make: environments, packages, builds, caches.
    """
    for where, folders, names in os.walk(folder):
        if where != folder and not _MADE.isdisjoint(names):
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _MADE_FOLDERS]
        for name in (*names, *folders):  # a folder of such a name is no file, which is to be said
            if name.endswith(suffix) and not name.startswith("."):
                yield os.path.join(where, name)  # noqa: PTH118 - Path takes ten times as long


def _size(count: int) -> str:
    return f"{count // 1_000_000} MB" if count >= 1_000_000 else f"{count // 1000} kB"
