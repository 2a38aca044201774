"""Files that earlier versions of the program wrote are brought up to date when they are opened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tutor.learner import Entry, Progress, Rating, Schedule, Store, StoreProblem, database

FILE = "progress.sqlite3"

FIRST = [
    """CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    exercise TEXT NOT NULL,
    step TEXT NOT NULL,
    blank TEXT NOT NULL,
    action TEXT NOT NULL,
    text TEXT NOT NULL,
    verdict TEXT NOT NULL,
    at REAL NOT NULL
)""",
    "CREATE INDEX journal_by_exercise ON journal (exercise, id)",
    """CREATE TABLE draft (
    exercise TEXT NOT NULL,
    blank TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (exercise, blank)
)""",
    """CREATE TABLE progress (
    exercise TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    last REAL NOT NULL
)""",
    """CREATE TABLE opened (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    exercise TEXT NOT NULL
)""",
    "PRAGMA user_version = 1",
]
"""A file of version 1, word for word as that version made it."""
CONTENTS = [
    "INSERT INTO journal VALUES (NULL, 'a', 's', 'b', 'answer', '3', 'right', 1.0)",
    "INSERT INTO draft VALUES ('a', 'c', 'half')",
    "INSERT INTO progress VALUES ('a', 'started', 1, 4, 1.0)",
    "INSERT INTO opened VALUES (1, 'a')",
]


def of_version_one(folder: Path, *more: str) -> Path:
    path = folder / FILE
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        for statement in (*FIRST, *CONTENTS, *more):
            old.execute(statement)
    return path


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as file:
        version: int = file.execute("PRAGMA user_version").fetchone()[0]
        return version


def holds_what_was_there(store: Store) -> bool:
    return (
        store.entries("a") == [Entry("s", "b", "answer", "3", "right", 1.0)]
        and store.drafts("a") == {"c": "half"}
        and store.summary() == {"a": Progress("started", 1, 4, 1.0, None)}
        and store.last_opened() == "a"
    )


def test_an_old_file_is_read_and_goes_on(open_store, tmp_path):
    path = of_version_one(tmp_path)
    store = open_store()
    assert store.notice is None and holds_what_was_there(store)
    due = Schedule(store).review("a", Rating.GOOD, 0.0)
    assert open_store().summary()["a"].due == due
    assert version_of(path) == 2


def test_an_old_file_becomes_the_same_as_a_new_one(open_store, tmp_path):
    old = of_version_one(tmp_path)
    open_store()
    open_store(tmp_path / "new")
    tables = []
    for path in (old, tmp_path / "new" / FILE):
        with closing(sqlite3.connect(path)) as file:
            tables.append(sorted(file.execute("SELECT type, name, sql FROM sqlite_master")))
    assert tables[0] == tables[1]


def test_a_stop_half_way_leaves_the_old_file(open_store, tmp_path, monkeypatch):
    """The power fails between the new table and the new number."""
    path = of_version_one(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(database, "ADDED", [database.ADDED[0], [*database.ADDED[1], "SELECT 1 FROM power"]])
        with pytest.raises(database.Damaged):
            database.open_database(path)
    assert version_of(path) == 1
    store = open_store()
    assert store.notice is None and holds_what_was_there(store)
    assert version_of(path) == 2


def test_several_programs_bring_an_old_file_up_to_date_at_once(start, open_store, tmp_path):
    of_version_one(tmp_path)
    source = "sys.stdin.read()\nwith Store(Path(sys.argv[1])) as store: print(store.notice, store.last_opened())"
    programs = [start(source) for _ in range(3)]
    for program in programs:
        program.stdin.close()
    assert [program.stdout.read() for program in programs] == ["None a\n"] * 3
    assert holds_what_was_there(open_store())


@pytest.mark.parametrize(
    "change", ["CREATE TABLE other (x)", "DROP TABLE opened", "PRAGMA user_version = 2", "PRAGMA user_version = -1"]
)
def test_an_old_file_whose_tables_are_not_its_own_is_set_aside(open_store, tmp_path, change):
    of_version_one(tmp_path, change)
    store = open_store()
    assert "1 answer could be read from it and carried over" in (store.notice or "")
    assert store.drafts("a") == {"c": "half"}
    assert store.due(9e9) == []


def test_a_file_made_newer_between_a_look_and_the_lock_is_refused_not_set_aside(tmp_path, monkeypatch):
    path = of_version_one(tmp_path)
    locked = database.exclusive

    def after_another(connection):
        with closing(sqlite3.connect(path)) as newer:
            newer.execute(f"PRAGMA user_version = {database.VERSION + 1}")
        return locked(connection)

    monkeypatch.setattr(database, "exclusive", after_another)
    with pytest.raises(StoreProblem, match="newer"):
        database.open_database(path)
    assert [found.name for found in tmp_path.glob("*damaged*")] == []
