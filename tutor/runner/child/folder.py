"""Making and removing the working folder of a run, whatever the learner's code left in it."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "backprop-tutor-run-"


def make(mark: str) -> Path:
    """A new folder among the temporary files, with the run's mark in its name. Raises OSError."""
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{mark}-"))


def remove(folder: Path) -> None:
    """Delete a folder made by `make`, and all in it. What the system does not let us delete is left, silently.

    Folders are emptied by moving their subfolders up to the top, so that no depth, however absurd, costs
    recursion or makes a path too long for the system.

    Raises ValueError for any folder that is not one of ours: nothing else may ever be deleted by this.
    """
    if not folder.is_absolute() or not folder.name.startswith(PREFIX) or folder.is_symlink():
        raise ValueError(f"not a working folder of the runner: {folder}")
    stem = secrets.token_hex(8)
    moved = 0
    pending = [folder]
    while pending:
        here = pending.pop()
        with suppress(OSError):
            here.chmod(0o700)
            for child in list(here.iterdir()):
                with suppress(OSError):
                    if child.is_symlink() or not child.is_dir():
                        child.unlink()
                        continue
                    # Moving a folder needs the right to write in it: its own `..` changes.
                    child.chmod(0o700)
                    if here != folder:
                        moved += 1
                        child = child.rename(folder / f"{stem}-{moved}")
                    pending.append(child)
            if here != folder:
                here.rmdir()
    with suppress(OSError):
        folder.rmdir()
