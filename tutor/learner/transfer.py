"""Progress from one machine to another, and back-ups of it: nothing is doubled, and nothing of either side is lost.

What is exported is JSON with a checksum; a back-up is a copy of the database. `read_file` takes either, `merge` puts
it into the store in one transaction. What belongs to one machine alone (paths of files, sums of the journal) stays.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any

from tutor.files import NotText, bytes_of
from tutor.learner.database import COLUMNS, ERRORS, is_sound, read_rows, shown
from tutor.learner.records import StoreProblem
from tutor.learner.store import FILE, FILES_PAGE, KEPT_PAGE, NOTES_PAGE, Store

FORMAT = "backprop-tutor progress"
VERSION = 1
_LARGEST = 500_000_000
"""Bytes."""
_TABLES = ("journal", "draft", "progress", "review")
_PAPERS = "/paper/"
_LAST = "last"

BACKUPS = "backups"
"""The folder of back-ups, in the learner's folder."""
_MOST_BACKUPS = 7

Row = tuple[Any, ...]


class TransferProblem(Exception):
    """A file of progress cannot be written or read. The text is a sentence for the learner."""


@dataclass(frozen=True)
class Contents:
    """What a file of progress holds: the rows of each table, and the learner's own exercise files by name."""

    rows: Mapping[str, tuple[Row, ...]]
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Merged:
    """What came of a merge."""

    lines: int
    """Lines of the journal that were new here."""

    already: int
    """Lines that were here before."""

    kept: tuple[str, ...] = ()
    """Drafts and notes of which another text was here, and stays."""


# Writing


def contents_of(store: Store, own: Mapping[str, str]) -> Contents:
    """All that is to go to another machine. Raises StoreProblem."""
    rows = {table: tuple(row for row in store.rows(table) if _travels(table, row)) for table in _TABLES}
    return Contents(rows, own)


def _travels(table: str, row: Row) -> bool:
    return table != "draft" or row[0] not in (FILES_PAGE, KEPT_PAGE)


def as_text(contents: Contents) -> str:
    """As JSON, with a checksum that tells whether it is whole."""
    body = {"rows": {table: contents.rows.get(table, ()) for table in _TABLES}, "own": dict(contents.own)}
    return json.dumps({"format": FORMAT, "version": VERSION, "sum": _sum(body), **body}, ensure_ascii=False) + "\n"


def _sum(body: Mapping[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


# Reading


def read_file(path: Path) -> Contents:
    """What a file of progress, or a back-up, holds. Raises TransferProblem with what is wrong with it."""
    try:
        data = bytes_of(path, _LARGEST)
    except NotText as why:
        raise TransferProblem(f"{path.name} cannot be used: {why}.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise TransferProblem(f"{path.name} cannot be read: {reason}.") from None
    return _read_database(path) if data.startswith(b"SQLite format 3\0") else _read_text(path.name, data)


def _read_text(name: str, data: bytes) -> Contents:
    damaged = TransferProblem(f"{name} is damaged: a part of it is missing or was changed. Nothing was imported.")
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        whole = None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        if FORMAT.encode() in data[:200]:
            raise damaged
        raise TransferProblem(f"{name} contains no progress: `backprop-tutor export FILE` writes a file that does.")
    version = whole.get("version")
    if not isinstance(version, int) or version < 1:
        raise damaged
    if version > VERSION:
        raise TransferProblem(f"{name} was written by a newer backprop-tutor than this one. Update it, then import.")
    body = {key: whole.get(key) for key in ("rows", "own")}
    if whole.get("sum") != _sum(body):
        raise damaged
    rows, own = body["rows"], body["own"]
    if (
        not isinstance(rows, dict)
        or not isinstance(own, dict)
        or not all(isinstance(name, str) and isinstance(text, str) for name, text in own.items())
    ):
        raise damaged
    found = {table: tuple(tuple(row) for row in rows.get(table, ())) for table in _TABLES}
    if not all(_is_whole(table, row) for table, some in found.items() for row in some):
        raise damaged
    return Contents(found, own)


def _is_whole(table: str, row: Row) -> bool:
    numbers = [one for one in row if isinstance(one, int | float)]
    return (
        len(row) == len(COLUMNS[table].split(","))
        and all(isfinite(one) for one in numbers)
        and is_sound(table, tuple(float(one) if isinstance(one, int) else one for one in row))
    )


def _read_database(path: Path) -> Contents:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if state != "ok":
                raise sqlite3.DatabaseError(state)
            rows = {table: tuple(read_rows(connection, table)) for table in _TABLES}
    except ERRORS:
        raise TransferProblem(
            f"{path.name} is damaged, or is not progress of backprop-tutor. Nothing was imported."
        ) from None
    return Contents({table: tuple(row for row in some if _travels(table, row)) for table, some in rows.items()})


# Merging


def merge(store: Store, other: Contents) -> Merged:
    """Put another machine's progress into the store: all of it, or on any failure none. Raises StoreProblem."""
    mine = {table: list(store.rows(table)) for table in _TABLES}
    journal, new = _journal(mine["journal"], other.rows["journal"])
    drafts, kept = _drafts(mine["draft"], other.rows["draft"])
    last = {row[0]: row[4] for row in mine["progress"]}
    progress = _newer(mine["progress"], other.rows["progress"], lambda row: row[4])
    theirs = {row[0]: row[4] for row in other.rows["progress"]}
    review = {row[0]: row for row in mine["review"]}
    for row in other.rows["review"]:
        if row[0] not in review or theirs.get(row[0], 0.0) > last.get(row[0], 0.0):
            review[row[0]] = row
    tables: dict[str, Iterable[Row]] = {"draft": drafts, "progress": progress, "review": review.values()}
    if new:
        tables["journal"] = journal
    store.replace_rows(tables)
    store.keep("journal", "")  # what was summed up of it no longer fits
    return Merged(new, len(other.rows["journal"]) - new, tuple(kept))


def _journal(mine: list[Row], theirs: Iterable[Row]) -> tuple[list[Row], int]:
    """Both journals by time, a line that both have once; how many were new. Lines of one time stay in their order."""
    left = Counter(_key(row) for row in mine)
    new = []
    for row in theirs:
        if left[_key(row)] > 0:
            left[_key(row)] -= 1
        else:
            new.append(row)
    return sorted([*mine, *new], key=lambda row: row[6]), len(new)


def _key(row: Row) -> Row:
    return (*row[:6], float(row[6]))


def _newer(mine: Iterable[Row], theirs: Iterable[Row], time_of: Callable[[Row], float]) -> list[Row]:
    found = {row[0]: row for row in mine}
    for row in theirs:
        if row[0] not in found or time_of(row) > time_of(found[row[0]]):
            found[row[0]] = row
    return list(found.values())


def _drafts(mine: Iterable[Row], theirs: Iterable[Row]) -> tuple[list[Row], list[str]]:
    """The texts of both; where both have another one, mine, or the two together; what was kept so."""
    found = {(page, key): text for page, key, text in mine}
    over = {page for page, key, _ in theirs if page.startswith(_PAPERS) and key == "handed in"}
    over -= {page for page, key in found if key == "handed in"}
    kept: list[str] = []
    for page, key, text in theirs:
        here = found.get((page, key))
        if here is None or here == text or page in over:
            found[page, key] = text
        elif page == NOTES_PAGE:
            found[page, key] = here if text.strip() in here else text if here.strip() in text else f"{here}\n{text}"
        elif page.startswith(_PAPERS):
            found[page, key] = _of_paper(key, here, text)
        else:
            kept.append(f"{page} {key}")
    return [(page, key, text) for (page, key), text in found.items()], kept


def _of_paper(key: str, here: str, there: str) -> str:
    """Of a paper that was sat on both machines: the later answer, the longer time."""
    with suppress(ValueError, TypeError, IndexError):
        if key.startswith("answer:"):
            return max(here, there, key=lambda text: float(json.loads(text)[1]))
        if key.startswith("spent:"):
            return max(here, there, key=float)
    return here


# Back-ups


def keep_backup(folder: Path, clock: Callable[[], float] = time.time, name: str = "") -> Path | None:
    """Copy the database of a folder into its `backups`, once a day; the oldest go. None where nothing was to be done.

    A `name` is for a copy before something particular. Runs in any thread; the database may be open and written to.
    Raises StoreProblem where the copy cannot be made.
    """
    path = folder / FILE
    day = time.strftime("%Y-%m-%d", time.localtime(clock()))
    target = folder / BACKUPS / f"progress-{name or day}.sqlite3"
    if not path.exists() or (target.exists() and not name):
        return None
    beside = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(beside)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        beside.replace(target)
        for old in sorted(target.parent.glob("progress-*.sqlite3"), key=lambda one: one.stat().st_mtime)[
            :-_MOST_BACKUPS
        ]:
            old.unlink()
    except (OSError, *ERRORS) as error:
        with suppress(OSError):
            beside.unlink()
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StoreProblem(f"No back-up could be made in {shown(target.parent)}: {reason}.") from error
    return target
