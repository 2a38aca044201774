"""Which exercise files are saved, as they are saved: by looking, since every system and every editor allows that."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tutor.library.discovery import PACK, files_in
from tutor.library.parse_cache import Stamp, stamp_of

_SECONDS = 0.4
"""Between two looks."""


def saved_files(paths: Iterable[Path], wait: Callable[[float], None] = time.sleep) -> Iterator[Path]:
    """Each exercise file, or `pack.toml`, below these paths that was saved or came since it was last looked at.

    A file that is deleted is not given. Goes on without end; `wait` is called between two looks, with seconds.
    """
    paths = list(paths)
    before = stamps_of(paths)
    while True:
        wait(_SECONDS)
        now = stamps_of(paths)
        yield from (path for path, stamp in now.items() if before.get(path) != stamp)
        before = now


def stamps_of(paths: Iterable[Path]) -> dict[Path, Stamp]:
    """When each of the files below these paths was changed; without those that are gone."""
    found = [file for path in paths for file in ([*files_in(path), path / PACK] if path.is_dir() else [path])]
    stamps = {file: stamp_of(file) for file in found}
    return {file: stamp for file, stamp in stamps.items() if stamp[2] >= 0}
