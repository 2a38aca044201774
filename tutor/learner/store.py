"""What is remembered of the learner, in one SQLite file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from .database import Damaged, cannot_use, exclusive, is_damage, open_database, set_aside
from .home import home
from .records import ACTIONS, STATES, Entry, Progress, State, StoreProblem
from .salvage import salvage

FILE = "progress.sqlite3"


class Store:
    """The journal of answers, the drafts, and how far each exercise has come.

    When a method that writes returns, what it wrote is on the disk: a crash, even of the machine, does not lose
    it. Use a store from the thread that made it. Two programs may have the same folder open.

    A damaged file is set aside, never deleted; what can be read from it is carried over into a new one, and
    `notice` holds a sentence that says so. `notice` is None otherwise.

    Every method raises StoreProblem, with a sentence for the learner, when the file cannot be read or written.
    """

    def __init__(self, folder: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        """Open the store in the folder, or in `home()`, making both if need be.

        Raises StoreProblem if that cannot be done, or if a newer version of the program wrote the file.
        """
        self.notice: str | None = None
        self._path = (folder if folder is not None else home()) / FILE
        self._clock = clock
        try:
            self._connection = open_database(self._path)
        except Damaged:
            self._connection = self._begin_anew()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Nothing is lost without it."""
        self._connection.close()

    def append(self, exercise: str, entry: Entry) -> None:
        """Write one line of the journal.

        The exercise counts as started by any entry but a reset, as solved by "solved", as new again by "reset".
        Raises ValueError for an action that does not exist.
        """
        if entry.action not in ACTIONS:
            raise ValueError(f"no such action: {entry.action}")
        row = (exercise, entry.step, entry.blank, entry.action, entry.text, entry.verdict)
        state = {"reset": "new", "solved": "solved"}.get(entry.action, "started")
        self._write(
            (
                "INSERT INTO journal (exercise, step, blank, action, text, verdict, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*map(_storable, row), entry.at),
            ),
            (
                "INSERT INTO progress VALUES (:exercise, :state, 0, 0, :at) ON CONFLICT (exercise) DO UPDATE SET "
                "state = CASE WHEN :state = 'started' AND state = 'solved' THEN state ELSE :state END, "
                "done = CASE WHEN :state = 'new' THEN 0 ELSE done END, last = max(last, :at)",
                {"exercise": _storable(exercise), "state": state, "at": entry.at},
            ),
            _opening(exercise),
        )

    def entries(self, exercise: str) -> list[Entry]:
        """The journal of the exercise since its last reset, oldest first. (Older lines stay in the file.)"""
        rows = self._read(
            "SELECT step, blank, action, text, verdict, at FROM journal WHERE exercise = :exercise AND id > "
            "coalesce((SELECT max(id) FROM journal WHERE exercise = :exercise AND action = 'reset'), 0) ORDER BY id",
            {"exercise": _storable(exercise)},
        )
        return [Entry(*row) for row in rows]

    def draft(self, exercise: str, blank: str) -> str | None:
        """The text typed into a blank and not yet checked; None if there is none."""
        key = (_storable(exercise), _storable(blank))
        rows = self._read("SELECT text FROM draft WHERE exercise = ? AND blank = ?", key)
        return rows[0][0] if rows else None

    def drafts(self, exercise: str) -> dict[str, str]:
        """All drafts of an exercise: blank -> text."""
        rows = self._read("SELECT blank, text FROM draft WHERE exercise = ?", (_storable(exercise),))
        return dict(rows)

    def keep_draft(self, exercise: str, blank: str, text: str) -> None:
        """Keep the text of a blank as it is typed. It takes the place of the blank's earlier draft."""
        row = tuple(map(_storable, (exercise, blank, text)))
        self._write(("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", row), _opening(exercise))

    def drop_drafts(self, exercise: str, blank: str | None = None) -> None:
        """Forget the draft of a blank, or all drafts of the exercise."""
        if blank is None:
            self._write(("DELETE FROM draft WHERE exercise = ?", (_storable(exercise),)))
        else:
            key = (_storable(exercise), _storable(blank))
            self._write(("DELETE FROM draft WHERE exercise = ? AND blank = ?", key))

    def summary(self) -> dict[str, Progress]:
        """How far each exercise has come that was ever touched, the latest first."""
        rows = self._read(
            "SELECT exercise, state, done, total, last FROM progress ORDER BY last DESC, exercise", ()
        )
        return {exercise: Progress(*rest) for exercise, *rest in rows}

    def set_progress(self, exercise: str, state: State, done: int, total: int) -> None:
        """Say how far the exercise has come. Raises ValueError for a state that does not exist."""
        if state not in STATES:
            raise ValueError(f"no such state: {state}")
        row = (_storable(exercise), state, done, total, self._clock())
        self._write(("INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?, ?)", row), _opening(exercise))

    def mark_opened(self, exercise: str) -> None:
        """Note that the learner has opened the exercise. (Every write about an exercise notes it too.)"""
        self._write(_opening(exercise))

    def last_opened(self) -> str | None:
        """The exercise that was opened or worked on last."""
        rows = self._read("SELECT exercise FROM opened", ())
        return rows[0][0] if rows else None

    def _read(self, statement: str, values: Any) -> list[Any]:
        return self._guarded(lambda: self._connection.execute(statement, values).fetchall())

    def _write(self, *statements: tuple[str, Any]) -> None:
        """Carry out the statements, all or none."""

        def write() -> list[Any]:
            with exclusive(self._connection):
                for statement, values in statements:
                    self._connection.execute(statement, values)
            return []

        self._guarded(write)

    def _guarded(self, work: Callable[[], list[Any]]) -> list[Any]:
        """Do the work; if the file proves to be damaged, do it in a new one."""
        try:
            return work()
        except sqlite3.Error as error:
            if not is_damage(error):
                raise cannot_use(self._path, error) from error
        self._connection.close()
        self._connection = self._begin_anew()
        try:
            return work()
        except sqlite3.Error as error:
            raise cannot_use(self._path, error) from error

    def _begin_anew(self) -> sqlite3.Connection:
        kept = set_aside(self._path)
        try:
            connection = open_database(self._path)
            saved = salvage(kept, connection)
        except (Damaged, sqlite3.Error) as error:
            raise cannot_use(self._path, error) from error
        carried = (
            f"{saved} answers could be read from it and were carried over" if saved else "a new one was begun"
        )
        self.notice = (
            f"The file with your progress was damaged. It is kept as {kept.name} in {kept.parent}; {carried}."
        )
        return connection


def _opening(exercise: str) -> tuple[str, Any]:
    return "INSERT OR REPLACE INTO opened VALUES (1, ?)", (_storable(exercise),)


def _storable(text: str) -> str:
    """The text, with lone surrogates (halves of a character, which no database takes) replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


__all__ = ["Entry", "Progress", "Store", "StoreProblem", "home"]
