"""What is remembered of the learner, in one SQLite file."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tutor.learner.database import (
    COLUMNS,
    ERRORS,
    Damaged,
    cannot_use,
    exclusive,
    identity,
    is_damage,
    open_database,
    open_in_memory,
    salvage,
    set_aside,
    shown,
)
from tutor.learner.records import ACTIONS, LOOKING, STATES, Entry, Progress, State
from tutor.paths import home

FILE = "progress.sqlite3"

NOTES_PAGE = "/notes"
"""Stands where a draft has its exercise; no exercise has such an id."""
FILES_PAGE = "/files"
"""Stands there for the files that have the ids."""
KEPT_PAGE = "/kept"
"""Stands there for what is no exercise's: the date of the exam, the summary of the journal."""
ASIDE = "/"
"""What the id of something begins with that is no exercise of a file, such as a blank of a review: it has a journal and
drafts, and no progress, and nobody resumes it."""
JOURNAL_ROW = "INSERT INTO journal (exercise, step, blank, action, text, verdict, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
_DATES = "due BETWEEN 0 AND 253402300799"
"""True of times up to the year 9999: a damaged byte can make of a time one that no calendar has, or no number."""
_TYPED = "SELECT exercise FROM draft WHERE trim(text, char(9, 10, 13, 32)) != '' AND substr(exercise, 1, 1) != '/'"
"""The exercises in which something is typed; drafts that stand for something else are not among them."""
PROGRESS_ROW = """
INSERT INTO progress VALUES (:exercise, coalesce(:state, 'new'), 0, 0, :at)
ON CONFLICT (exercise) DO UPDATE SET
    state = CASE WHEN :state IS NULL OR (:state = 'started' AND state = 'solved') THEN state ELSE :state END,
    done = CASE WHEN :state = 'new' THEN 0 ELSE done END,
    last = max(last, :at)
"""
"""What an entry of the journal makes of the exercise's progress; `:state` is NULL where it makes nothing of it."""


class Store:
    """The journal of answers, the drafts, and how far each exercise has come.

    When a method that writes returns, what it wrote is on the disk: a crash, even of the machine, does not lose
    it. Use a store from the thread that made it. Two programs may have the same folder open.

    A damaged file is set aside, never deleted; what can be read from it is carried over into a new one, and
    `notice` holds a sentence that says so. `notice` is None otherwise. If the file is taken away while the store is
    open, the next write goes to a new one in its place.

    Every method raises StoreProblem, with a sentence for the learner, when the file cannot be read or written.
    """

    def __init__(self, folder: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        """Open the store in the folder, or in `home()`, making both if need be.

        Raises StoreProblem if that cannot be done, or if a newer version of the program wrote the file.
        """
        self.notice: str | None = None
        self._path = (folder if folder is not None else home()) / FILE
        self._clock = clock
        self._connection = self._open()
        self._opened = identity(self._path)

    def __enter__(self) -> Self:
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

        The exercise counts as solved by "solved", as new again by "reset", and as started by any other action but
        those that only look: "opened" and "card". Raises ValueError for an action that does not exist.
        """
        if entry.action not in ACTIONS:
            raise ValueError(f"no such action: {entry.action}")
        row = (exercise, entry.step, entry.blank, entry.action, entry.text, entry.verdict)
        at = entry.at or self._clock()
        state = _state_after(entry.action)
        self._write((JOURNAL_ROW, (*map(_storable, row), at)), *_touching(exercise, state, at))

    def entries(self, exercise: str) -> list[Entry]:
        """The journal of the exercise since its last reset, oldest first. (Older lines stay in the file.)"""
        rows = self._read(
            "SELECT step, blank, action, text, verdict, at FROM journal WHERE exercise = :exercise AND id > "
            "coalesce((SELECT max(id) FROM journal WHERE exercise = :exercise AND action = 'reset'), 0) ORDER BY id",
            {"exercise": _storable(exercise)},
        )
        return [Entry(*row) for row in rows]

    def journal(self) -> list[tuple[str, Entry]]:
        """All that was ever done, oldest first: the exercise and the entry. Times that no calendar has are left out."""
        rows = self._read(
            "SELECT exercise, step, blank, action, text, verdict, at FROM journal "
            "WHERE at BETWEEN 0 AND 253402300799 ORDER BY id",
            (),
        )
        return [(exercise, Entry(*rest)) for exercise, *rest in rows]

    def journal_after(self, row: int) -> list[tuple[int, str, Entry]]:
        """What was done after the line of this number, oldest first: the line's number, the exercise, the entry.

        Times that no calendar has are left out. 0 stands before all lines.
        """
        rows = self._read(
            "SELECT id, exercise, step, blank, action, text, verdict, at FROM journal "
            "WHERE id > ? AND at BETWEEN 0 AND 253402300799 ORDER BY id",
            (row,),
        )
        return [(id, exercise, Entry(*rest)) for id, exercise, *rest in rows]

    def journal_line(self, row: int) -> tuple[str, Entry] | None:
        """The line of this number; None where there is none."""
        rows = self._read("SELECT exercise, step, blank, action, text, verdict, at FROM journal WHERE id = ?", (row,))
        return (rows[0][0], Entry(*rows[0][1:])) if rows else None

    def solved(self) -> dict[str, str]:
        """The exercises that were ever solved, also before a reset, with the digest of what was asked the last time."""
        # Read from end to end: through the index by exercise it takes four times as long.
        rows = self._read("SELECT exercise, text FROM journal NOT INDEXED WHERE action = 'solved' ORDER BY id", ())
        return dict(rows)

    def solved_in_full(self, kind: str) -> int:
        """How many exercises are solved in which blanks of a kind were answered, and never in quick mode.

        The kind is what a blank's key begins with, up to its colon.
        """
        ((count,),) = self._read(
            "SELECT count(DISTINCT exercise) FROM journal JOIN progress USING (exercise) WHERE state = 'solved' "
            "AND action = 'answer' AND (blank LIKE :own OR blank LIKE :within) AND exercise NOT IN "
            "(SELECT exercise FROM journal WHERE action = 'mode' AND text = 'quick')",
            {"own": f"{kind}:%", "within": f"%/{kind}:%"},
        )
        return int(count)

    @property
    def last_mode(self) -> str:
        """The mode, `quick` or `full`, that was taken up last, in whichever exercise; "" where none was."""
        rows = self._read("SELECT text FROM journal NOT INDEXED WHERE action = 'mode' ORDER BY id DESC LIMIT 1", ())
        return str(rows[0][0]) if rows else ""

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
        self._write(("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", row), *_touching(exercise, None, self._clock()))

    def drop_drafts(self, exercise: str, blank: str | None = None) -> None:
        """Forget the draft of a blank, or all drafts of the exercise."""
        if blank is None:
            self._write(("DELETE FROM draft WHERE exercise = ?", (_storable(exercise),)))
        else:
            key = (_storable(exercise), _storable(blank))
            self._write(("DELETE FROM draft WHERE exercise = ? AND blank = ?", key))

    def note(self, about: str) -> str:
        """The learner's own note on a gate or the like; "" where there is none."""
        return self.draft(NOTES_PAGE, about) or ""

    def keep_note(self, about: str, text: str) -> None:
        """Keep a note. It belongs to no exercise."""
        row = tuple(map(_storable, (NOTES_PAGE, about, text)))
        self._write(("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", row))

    def page(self, name: str) -> dict[str, str]:
        """What is kept under a name that begins with a slash, such as that of a paper: key -> text."""
        return self.drafts(name)

    def pages(self, beginning: str) -> list[str]:
        """The names of pages that begin so, in order."""
        rows = self._read(
            "SELECT DISTINCT exercise FROM draft WHERE substr(exercise, 1, ?) = ? ORDER BY exercise",
            (len(beginning), beginning),
        )
        return [name for (name,) in rows]

    def keep_on_page(self, name: str, texts: Mapping[str, str], journal: Iterable[tuple[str, Entry]] = ()) -> None:
        """Keep texts on a page, and lines of the journal with them: all or none. It belongs to no exercise."""
        self._write(
            *(
                ("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", tuple(map(_storable, (name, key, text))))
                for key, text in texts.items()
            ),
            *(
                (
                    JOURNAL_ROW,
                    (
                        *map(_storable, (exercise, one.step, one.blank, one.action, one.text, one.verdict)),
                        one.at or self._clock(),
                    ),
                )
                for exercise, one in journal
            ),
        )

    def kept(self, name: str) -> str:
        """What is kept under this name and belongs to no exercise; "" where there is nothing."""
        return self.draft(KEPT_PAGE, name) or ""

    def keep(self, name: str, text: str) -> None:
        """Keep a text that belongs to no exercise; "" forgets it."""
        if text:
            row = tuple(map(_storable, (KEPT_PAGE, name, text)))
            self._write(("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", row))
        else:
            self._write(("DELETE FROM draft WHERE exercise = ? AND blank = ?", (KEPT_PAGE, _storable(name))))

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """All rows of a table, in order, as `database.COLUMNS` has them: for progress that goes to another machine."""
        return self._read(f"SELECT {COLUMNS[table]} FROM {table} ORDER BY rowid", ())

    def replace_rows(self, tables: Mapping[str, Iterable[tuple[Any, ...]]]) -> None:
        """Put these rows in place of all that is in these tables: all, or on any failure none."""
        statements: list[tuple[str, Any]] = []
        for table, rows in tables.items():
            columns = COLUMNS[table]
            marks = ", ".join("?" * len(columns.split(",")))
            insert = f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})"
            statements.append((f"DELETE FROM {table}", ()))
            statements += [
                (insert, tuple(_storable(one) if isinstance(one, str) else one for one in row)) for row in rows
            ]
        self._write(*statements)

    def owners(self) -> dict[str, str]:
        """The files that exercises' progress belongs to: id -> path. Those that ship are not among them."""
        return self.drafts(FILES_PAGE)

    def claim(self, exercise: str, path: str) -> None:
        """Note which file an exercise's progress belongs to."""
        if self.draft(FILES_PAGE, exercise) != path:
            row = tuple(map(_storable, (FILES_PAGE, exercise, path)))
            self._write(("INSERT OR REPLACE INTO draft VALUES (?, ?, ?)", row))

    def summary(self) -> dict[str, Progress]:
        """How far each exercise has come that was ever touched, the latest first. A draft makes one started."""
        rows = self._read(
            f"WITH typed AS ({_TYPED}), touched AS (SELECT exercise, state, done, total, last FROM progress "
            "UNION ALL SELECT DISTINCT exercise, 'new', 0, 0, 0.0 FROM typed "
            "WHERE exercise NOT IN (SELECT exercise FROM progress)) "  # of versions that noted no more than the draft
            "SELECT exercise, CASE WHEN state = 'new' AND exercise IN typed THEN 'started' ELSE state END, "
            "done, total, last, due FROM touched LEFT JOIN "
            f"(SELECT exercise, due FROM review WHERE {_DATES}) USING (exercise) ORDER BY last DESC, exercise",
            (),
        )
        return {exercise: Progress(*rest) for exercise, *rest in rows}

    def set_progress(self, exercise: str, state: State, done: int, total: int) -> None:
        """Say how far the exercise has come. Raises ValueError for a state that does not exist."""
        if state not in STATES:
            raise ValueError(f"no such state: {state}")
        if exercise.startswith(ASIDE):
            return
        row = (_storable(exercise), state, done, total, self._clock())
        self._write(("INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?, ?)", row), _opening(exercise))

    def review_card(self, exercise: str) -> str | None:
        """What the schedule knows of an exercise, as it wrote it; None if nothing."""
        rows = self._read("SELECT card FROM review WHERE exercise = ?", (_storable(exercise),))
        return rows[0][0] if rows else None

    def keep_review(self, exercise: str, card: str, due: float) -> None:
        """Keep what the schedule knows of an exercise, and when it falls due (seconds since 1970)."""
        row = (_storable(exercise), _storable(card), due)
        self._write(("INSERT OR REPLACE INTO review VALUES (?, ?, ?)", row), _opening(exercise))

    def due(self, now: float) -> list[str]:
        """The exercises that have fallen due by now, the first first."""
        rows = self._read(f"SELECT exercise FROM review WHERE due <= ? AND {_DATES} ORDER BY due, exercise", (now,))
        return [exercise for (exercise,) in rows]

    def mark_opened(self, exercise: str) -> None:
        """Note that the learner has opened the exercise. (Every write about an exercise notes it too.)"""
        if not exercise.startswith(ASIDE):
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
        """Do the work; if the file has been taken away or proves to be damaged, do it in a new one."""
        if identity(self._path) != self._opened:
            self._open_again()
        try:
            return work()
        except ERRORS as error:
            if not is_damage(error):
                raise cannot_use(self._path, error) from error
        self._open_again(damaged=True)
        try:
            return work()
        except ERRORS as error:
            raise cannot_use(self._path, error) from error

    def _open_again(self, damaged: bool = False) -> None:
        self._connection.close()
        # The damaged file itself: another program may have put a sound one in its place by now.
        beyond_repair = damaged and identity(self._path) == self._opened
        self._connection = self._begin_anew() if beyond_repair else self._open()
        self._opened = identity(self._path)

    def _open(self) -> sqlite3.Connection:
        current = identity(self._path)
        try:
            return open_database(self._path)
        except Damaged:
            if identity(self._path) == current:
                return self._begin_anew()
        # Another program has found the damage at the same time, and put a sound file in its place.
        try:
            return open_database(self._path)
        except Damaged as error:
            raise cannot_use(self._path, error) from error

    def _begin_anew(self) -> sqlite3.Connection:
        kept = set_aside(self._path)
        try:
            connection = open_database(self._path)
            saved = salvage(kept, connection)
        except (Damaged, *ERRORS) as error:
            raise cannot_use(self._path, error) from error
        answers = f"{saved} answer{'' if saved == 1 else 's'} could be read from it and carried over"
        carried = answers if saved else "a new one was begun"
        where = f"{kept.name} in {shown(kept.parent)}"
        self.notice = f"The file with your progress was damaged. It is kept as {where}; {carried}."
        return connection


def owners_in(path: Path) -> dict[str, str]:
    """`Store.owners` of the file at this path, only looked at: it is neither made nor mended. Raises nothing."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT blank, text FROM draft WHERE exercise = ?", (FILES_PAGE,)).fetchall()
    except (sqlite3.Error, OSError):
        return {}
    return {id: found for id, found in rows if isinstance(id, str) and isinstance(found, str)}


def _state_after(action: str) -> State | None:
    """What an action makes of the exercise; None if nothing."""
    if action in LOOKING:
        return None
    if action == "solved":
        return "solved"
    return "new" if action == "reset" else "started"


def _touching(exercise: str, state: State | None, at: float) -> list[tuple[str, Any]]:
    """What is noted of an exercise that something is done in; nothing of what is no exercise of a file."""
    if exercise.startswith(ASIDE):
        return []
    return [(PROGRESS_ROW, {"exercise": _storable(exercise), "state": state, "at": at}), _opening(exercise)]


def _opening(exercise: str) -> tuple[str, Any]:
    return "INSERT OR REPLACE INTO opened VALUES (1, ?)", (_storable(exercise),)


def _storable(text: str) -> str:
    """The text, with lone surrogates (halves of a character, which no database takes) replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class ScratchStore(Store):
    """A store on no disk, for who works an exercise through and keeps nothing of it, such as `check`."""

    def __init__(self) -> None:
        super().__init__(Path(os.devnull))  # no file can come to be below it

    def _open(self) -> sqlite3.Connection:
        return open_in_memory()
