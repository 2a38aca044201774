"""A store for those who only look: it works where nothing can be written, too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tutor.learner.records import StoreProblem
from tutor.learner.store import FILE, Store
from tutor.paths import home


@contextmanager
def looking() -> Iterator[Store]:
    """The store in `home()`; where that cannot be written, a copy of it whose `notice` says so.

    Raises StoreProblem where it cannot be read either, or a newer version of the program wrote it.
    """
    try:
        store = Store()
    except StoreProblem as problem:
        with _copy(problem) as store:
            yield store
        return
    with store:
        yield store


@contextmanager
def _copy(problem: StoreProblem) -> Iterator[Store]:
    with TemporaryDirectory(prefix="backprop-tutor-") as folder:
        try:
            shutil.copyfile(home() / FILE, Path(folder) / FILE)
            with suppress(FileNotFoundError):  # recent answers may be in there
                shutil.copyfile(home() / f"{FILE}-wal", Path(folder) / f"{FILE}-wal")
            store = Store(Path(folder))
        except (OSError, StoreProblem):
            raise problem from None
        with store:
            store.notice = f"This is your progress as it was written last. {problem}"
            yield store
