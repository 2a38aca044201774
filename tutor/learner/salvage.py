"""Carrying over what can still be read from a damaged database."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from .database import exclusive
from .records import ACTIONS, STATES

Row = tuple[object, ...]
TEXTS = {"journal": 6, "draft": 3, "progress": 2}
"""How many leading columns of each table are text."""
COLUMNS = {
    "journal": "exercise, step, blank, action, text, verdict, at",
    "draft": "exercise, blank, text",
    "progress": "exercise, state, done, total, last",
}


def salvage(damaged: Path, connection: sqlite3.Connection) -> int:
    """Copy every sound row of the damaged file into the new database. Returns how many answers that saved.

    The damaged file itself is not changed. Rows that make no sense are left behind.
    """
    saved = 0
    with contextlib.closing(_open_to_read(damaged)) as old:
        for table, columns in COLUMNS.items():
            rows = list(_sound_rows(old, table, columns))
            marks = ", ".join("?" * len(columns.split(",")))
            with exclusive(connection):
                connection.executemany(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", rows)
            if table == "journal":
                saved = sum(row[3] == "answer" for row in rows)
    return saved


def _open_to_read(damaged: Path) -> sqlite3.Connection:
    # `mode=ro` and not `immutable`: answers that are only in the write-ahead log are read too.
    return sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)


def _sound_rows(old: sqlite3.Connection, table: str, columns: str) -> Iterator[Row]:
    """The rows up to the first that cannot be read, oldest first."""
    with contextlib.suppress(sqlite3.Error, UnicodeDecodeError, OverflowError):
        for row in old.execute(f"SELECT {columns} FROM {table} ORDER BY rowid"):
            if _is_sound(table, row):
                yield row


def _is_sound(table: str, row: Row) -> bool:
    texts = TEXTS[table]
    if not all(isinstance(item, str) for item in row[:texts]):
        return False
    if table == "journal":
        return row[3] in ACTIONS and isinstance(row[6], float)
    if table == "progress":
        return row[1] in STATES and all(isinstance(item, (int, float)) for item in row[2:])
    return True
