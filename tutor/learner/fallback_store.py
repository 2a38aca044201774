"""Stores for when nothing can be written: one for who is at work, one for who only looks.

`SteadyStore` goes on in memory until the disk takes it all; `looking` opens the file, or a copy of it.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tutor.learner.database import (
    COMPANIONS,
    ERRORS,
    Damaged,
    cannot_use,
    copy_rows,
    exclusive,
    identity,
    open_database,
    open_in_memory,
    shown,
)
from tutor.learner.records import StoreProblem
from tutor.learner.store import FILE, Store
from tutor.paths import home

LOST = "What you did since then is lost."
"""What is said at the end, where nothing could be written any more."""

Statement = tuple[str, Any]

_IN_MEMORY = "You can go on: what you do is kept in memory, and written as soon as that is possible again."


class SteadyStore(Store):
    """A store for those who are at work. What cannot be written is remembered, and written with the next that can be.

    Whatever is read has what is only remembered in it. Nothing here raises StoreProblem but opening the store. If the
    folder is taken away while the store is open, everything is written anew in its place.
    """

    def __init__(
        self, say: Callable[[str], None], folder: Path | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        """`say` is called with a sentence for the learner when a trouble begins or ends. Raises StoreProblem."""
        self._say = say
        self.trouble = ""
        """Why nothing can be written now, in a sentence; "" where it can."""
        self._memory: sqlite3.Connection | None = None
        self._unwritten: list[Statement] = []
        super().__init__(folder, clock)

    @property
    def unwritten(self) -> bool:
        """Whether anything is only in memory."""
        return bool(self._unwritten)

    def close(self) -> None:
        """Close the file, once more trying to write what is only in memory."""
        if self._unwritten:
            self._say = lambda _: None  # there may be nobody left to tell; `unwritten` says it
            self._write()
        super().close()

    def _read(self, statement: str, values: Any) -> list[Any]:
        if self._memory is None:
            try:
                return super()._read(statement, values)
            except StoreProblem as problem:
                self._go_on_in_memory(problem)
        assert self._memory is not None
        return self._memory.execute(statement, values).fetchall()

    def _write(self, *statements: Statement) -> None:
        unwritten = [*self._unwritten, *statements]
        try:
            super()._write(*unwritten)
        except StoreProblem as problem:
            self._go_on_in_memory(problem)
            self._remember(*statements)
            self._unwritten = unwritten
            return
        self._unwritten = []
        if self._memory is not None:
            self._memory.close()
            self._memory = None
            self.trouble = ""
            self._say("Your progress has been written again, all of it.")

    def _remember(self, *statements: Statement) -> None:
        assert self._memory is not None
        with exclusive(self._memory):
            for statement, values in statements:
                self._memory.execute(statement, values)

    def _go_on_in_memory(self, problem: StoreProblem) -> None:
        """From now on read from memory, which begins with all that the file has, as far as it can be read."""
        if self._memory is not None:
            return
        self._memory = open_in_memory()
        with suppress(*ERRORS):
            copy_rows(self._connection, self._memory)
        self.trouble = f"{problem} {_IN_MEMORY}"
        self._say(self.trouble)

    def _open_again(self, damaged: bool = False) -> None:
        """A file that was taken away can still be read by who has it open: all of it goes to the one in its place."""
        if damaged or identity(self._path) is not None:
            super()._open_again(damaged)
            return
        new = self._copied()
        self._connection.close()
        self._connection = new
        self._opened = identity(self._path)
        folder = shown(self._path.parent)
        self._say(f"The file with your progress was removed from {folder}. All of it has been written there again.")

    def _copied(self) -> sqlite3.Connection:
        """A new file with all that the open one holds. Raises StoreProblem where it cannot all be written."""
        try:
            new = open_database(self._path)
        except Damaged as error:  # by another program, in this very moment
            raise cannot_use(self._path, error) from error
        try:
            copy_rows(self._connection, new)
        except ERRORS as error:
            new.close()
            for companion in ("", *COMPANIONS):
                with suppress(OSError):
                    self._path.with_name(self._path.name + companion).unlink()
            raise cannot_use(self._path, error) from error
        return new


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
