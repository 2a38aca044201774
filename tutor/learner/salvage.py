"""Carrying over what can still be read from a damaged database."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tutor.learner.database import ERRORS, exclusive, lenient
from tutor.learner.records import ACTIONS, STATES

Row = tuple[object, ...]
TEXTS = {"journal": 6, "draft": 3, "progress": 2, "opened": 1, "review": 2}
"""How many leading columns of each table are text."""
LONGEST_LEAP = 1 << 24
COLUMNS = {
    "journal": "exercise, step, blank, action, text, verdict, at",
    "draft": "exercise, blank, text",
    "progress": "exercise, state, done, total, last",
    "opened": "exercise, one",
    "review": "exercise, card, due",
}


def salvage(damaged: Path, connection: sqlite3.Connection) -> int:
    """Copy every sound row of the damaged file into the new database. Returns how many answers that saved.

    The damaged file itself is not changed. Rows that make no sense are left behind.
    """
    with contextlib.closing(_open_to_read(damaged)) as old:
        return copy_rows(old, connection)


def copy_rows(old: sqlite3.Connection, new: sqlite3.Connection) -> int:
    """Copy every sound row from one open database into another. Returns how many answers there were."""
    saved = 0
    for table, columns in COLUMNS.items():
        rows = list(_sound_rows(old, table, columns))
        marks = ", ".join("?" * len(columns.split(",")))
        with exclusive(new):
            new.executemany(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", rows)
        if table == "journal":
            saved = sum(row[3] == "answer" for row in rows)
    return saved


def _open_to_read(damaged: Path) -> sqlite3.Connection:
    # `mode=ro` and not `immutable`: answers that are only in the write-ahead log are read too.
    connection = sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)
    connection.text_factory = lenient
    with contextlib.suppress(*ERRORS):
        # A file that has lost its end is read as far as it goes only with this.
        connection.execute("PRAGMA writable_schema = ON")
    return connection


def _sound_rows(old: sqlite3.Connection, table: str, columns: str) -> Iterator[Row]:
    """The rows that can be read, oldest first. A page that cannot is leapt over, in longer and longer leaps."""
    at, leap = 0, 1
    while leap < LONGEST_LEAP:
        try:
            for rowid, *row in old.execute(
                f"SELECT rowid, {columns} FROM {table} WHERE rowid > ? ORDER BY rowid", (at,)
            ):
                # A damaged tree may lead back to rows already read.
                if rowid > at:
                    at, leap = rowid, 1
                    if _is_sound(table, tuple(row)):
                        yield tuple(row)
            return
        except (*ERRORS, OverflowError):
            at += leap
            leap *= 2


def _is_sound(table: str, row: Row) -> bool:
    texts = TEXTS[table]
    if not all(isinstance(item, str) for item in row[:texts]):
        return False
    if table == "journal":
        return row[3] in ACTIONS and isinstance(row[6], float)
    if table == "opened":
        return row[1] == 1
    if table == "review":
        return isinstance(row[2], float)
    if table == "progress":
        return row[1] in STATES and all(isinstance(item, (int, float)) for item in row[2:])
    return True
