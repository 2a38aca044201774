"""The SQLite file: opening it, and what happens when it is damaged, newer, or cannot be written."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tutor.learner.records import ACTIONS, STATES, StoreProblem
from tutor.paths import VARIABLE

BUSY_SECONDS = 10.0
ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises; the second where the error's own text names something in a damaged file."""
DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
COMPANIONS = ("-wal", "-shm")
"""Files that SQLite keeps beside the database. Recent answers may be in them: they go where it goes."""

_FIRST = """
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    exercise TEXT NOT NULL,
    step TEXT NOT NULL,
    blank TEXT NOT NULL,
    action TEXT NOT NULL,
    text TEXT NOT NULL,
    verdict TEXT NOT NULL,
    at REAL NOT NULL
);
CREATE INDEX journal_by_exercise ON journal (exercise, id);
CREATE TABLE draft (
    exercise TEXT NOT NULL,
    blank TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (exercise, blank)
);
CREATE TABLE progress (
    exercise TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    last REAL NOT NULL
);
CREATE TABLE opened (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    exercise TEXT NOT NULL
);
"""
_SECOND = """
CREATE TABLE review (
    exercise TEXT PRIMARY KEY,
    card TEXT NOT NULL,
    due REAL NOT NULL
);
"""
ADDED = [tables.strip().removesuffix(";").split(";\n") for tables in (_FIRST, _SECOND)]
"""What each version added to the one before. What was once added is never changed: files hold it word for word."""
VERSION = len(ADDED)


class Damaged(Exception):
    """The file is no database of ours, or no longer whole."""


def is_damage(error: Exception) -> bool:
    """Whether SQLite complains of the file's contents, not of access, locks or space."""
    return isinstance(error, UnicodeDecodeError) or (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in DAMAGE


def cannot_use(path: Path, error: Exception) -> StoreProblem:
    """The sentence for a database that cannot be read or written."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    if isinstance(error, FileExistsError):
        reason = "it is not a folder"
    elif isinstance(error, NotADirectoryError):
        reason = "one of the folders that it should be in is a file"
    return StoreProblem(
        f"Your progress cannot be kept in {shown(path.parent)}: {reason}. "
        f"Set {VARIABLE} to a folder that can be written to."
    )


def shown(path: Path) -> str:
    """The path for a sentence: a folder's name may hold anything, control characters too."""
    return "".join(character if character.isprintable() else "?" for character in str(path))


def lenient(data: bytes) -> str:
    """A text column as text: one damaged byte must not take a whole journal with it."""
    return data.decode("utf-8", "replace")


def identity(path: Path) -> tuple[int, int] | None:
    """What tells this very file from another of the same name; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def open_database(path: Path) -> sqlite3.Connection:
    """Open the database, making it if there is none.

    Raises:
        StoreProblem: it cannot be read or written, or a newer version of the program wrote it.
        Damaged: it is not, or no longer, a whole database of ours.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.text_factory = lenient
    except (OSError, sqlite3.Error) as error:
        raise cannot_use(path, error) from error
    try:
        _prepare(connection, path)
    except ERRORS as error:
        connection.close()
        # Our statements are sound: an error without a code of its own is about what the file says of itself.
        if is_damage(error) or getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR:
            raise Damaged(str(error)) from error
        raise cannot_use(path, error) from error
    except (StoreProblem, Damaged):
        connection.close()
        raise
    return connection


def open_in_memory() -> sqlite3.Connection:
    """An empty database of ours that is on no disk."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.text_factory = lenient
    _bring_up_to_date(connection, 0)
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    _version_of(connection, path)
    # Every commit reaches the disk before the screen says anything.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    with exclusive(connection):
        # Under the lock: another program may have made the tables since.
        version = _version_of(connection, path)
        _check(connection, version, path)
        if version < VERSION:
            _bring_up_to_date(connection, version)


def _version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the program that wrote the file, 0 where none did. Raises StoreProblem if it is newer."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise StoreProblem(
            f"The progress in {shown(path)} was written by a newer backprop-tutor than this one, which would spoil it. "
            f"Update backprop-tutor, or set {VARIABLE} to another folder."
        )
    return version


_whole: set[tuple[tuple[int, ...], ...]] = set()
"""Files that this program has found whole, as they were then: to read through one of years takes its time, and the
app opens it more than once."""


def _as_it_is(path: Path) -> tuple[tuple[int, ...], ...]:
    """What changes when a database is written to, by whomever: sizes and times of the file and its log."""
    found = []
    for suffix in ("", COMPANIONS[0]):
        with contextlib.suppress(OSError):
            status = path.with_name(path.name + suffix).stat()
            found.append((status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns))
    return tuple(found)


def _check(connection: sqlite3.Connection, version: int, path: Path) -> None:
    """Raise Damaged unless the file is whole and holds just the tables of its version."""
    made = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE name NOT GLOB 'sqlite_*'")}
    # SQLite keeps each statement as it was written: one changed letter can change what a table does.
    if version < 0 or made != {statement for added in ADDED[:version] for statement in added}:
        raise Damaged("its tables are not those of backprop-tutor")
    seen = _as_it_is(path)
    if seen in _whole:
        return
    (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if state != "ok":
        raise Damaged(str(state))
    _whole.add(seen)


def _bring_up_to_date(connection: sqlite3.Connection, version: int) -> None:
    """Add the tables of later versions; to an empty file, all of them."""
    for statement in (statement for added in ADDED[version:] for statement in added):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


@contextlib.contextmanager
def exclusive(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that holds the write lock from its start: all of it is kept, or none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # After some errors SQLite has rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def set_aside(path: Path) -> Path:
    """Move a damaged database, with its companions, to the first free numbered name beside it.

    Raises StoreProblem if that cannot be done.
    """
    number = 1
    while True:
        kept = path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")
        if not kept.exists():
            break
        number += 1
    try:
        path.rename(kept)
        for companion in COMPANIONS:
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + companion).rename(kept.with_name(kept.name + companion))
    except OSError as error:
        raise cannot_use(path, error) from error
    return kept


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


def read_rows(connection: sqlite3.Connection, table: str) -> list[Row]:
    """The sound rows of a table, oldest first."""
    return list(_sound_rows(connection, table, COLUMNS[table]))


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
                    if is_sound(table, tuple(row)):
                        yield tuple(row)
            return
        except (*ERRORS, OverflowError):
            at += leap
            leap *= 2


def is_sound(table: str, row: Row) -> bool:
    """Whether a row, in the columns of its table, makes sense."""
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
