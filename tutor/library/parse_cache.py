"""What exercise files came to, kept for next time: reading TOML takes far longer than seeing whether it changed."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from tutor.files import NotText, bytes_of
from tutor.library.faults import Fault
from tutor.library.format import ExerciseFile

_YOUNGEST = 2.0
"""Seconds. A file younger than this may change again without its time of change showing it."""

_MOST = 20_000
"""Files that are kept."""

_LARGEST = 200_000_000
"""Bytes."""

Stamp = tuple[int, int, int]
"""Times of change of content and of the entry, in ns, and size in bytes."""


class ParsedFile(msgspec.Struct, array_like=True, frozen=True):
    """What one file came to: its tables, or what is wrong with it."""

    stamp: Stamp
    file: ExerciseFile | None
    faults: tuple[Fault, ...] = ()


class _CacheFile(msgspec.Struct, array_like=True):
    """All that is kept; `of` is the stamp of the code that read it."""

    of: str
    files: dict[str, ParsedFile]


class ParseCache:
    """Remembers files by path and stamp. What it keeps may be deleted at any time; a damaged file is begun anew."""

    def __init__(self, path: Path) -> None:
        """`path` need not exist, nor its folder."""
        self._path = path
        self._of = _own_stamp()
        self._known = self._read()
        self._seen: dict[str, ParsedFile] = {}
        self._news = False

    def get(self, path: Path) -> ParsedFile | None:
        """What a file came to before; None where it is new or has changed."""
        known = self._known.get(str(path))
        if known is None or known.stamp != stamp_of(path):
            return None
        self._seen[str(path)] = known
        return known

    def put(self, path: Path, found: ParsedFile) -> None:
        """Remember a file, unless it may still be changing."""
        if found.stamp[2] >= 0 and max(found.stamp[:2]) < time.time_ns() - _YOUNGEST * 1e9:
            self._seen[str(path)] = found
            self._news = True

    def keep(self) -> None:
        """Write what was seen, where that can be done; it is only there to be quick."""
        if not self._news and self._seen.keys() == self._known.keys():
            return
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        latest = dict(list(self._seen.items())[:_MOST])
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(msgspec.msgpack.encode(_CacheFile(self._of, latest)))
            beside.replace(self._path)
        except (OSError, TypeError, ValueError):
            with suppress(OSError):
                beside.unlink()

    def _read(self) -> dict[str, ParsedFile]:
        try:
            whole = msgspec.msgpack.decode(bytes_of(self._path, _LARGEST), type=_CacheFile)
        except (OSError, NotText, msgspec.DecodeError):
            return {}
        return whole.files if whole.of == self._of else {}


def stamp_of(path: Path) -> Stamp:
    """Times and size; a size of -1 where there is no such file."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0, -1
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size


def _own_stamp() -> str:
    """Changes when the code that reads exercise files does."""
    return ";".join(f"{path.name}:{stamp_of(path)}" for path in sorted(Path(__file__).parent.glob("*.py")))
