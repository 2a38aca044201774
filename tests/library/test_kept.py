"""What files came to is kept, and is never older than the files."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from tests.shipped import LIBRARY
from tutor.library import Library, load
from tutor.paths import shipped_folder

from .making import THREE_LINES, written

LONG_AGO = 1_000_000_000


def aged(path: Path, seconds: int = LONG_AGO) -> Path:
    os.utime(path, (seconds, seconds))
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tutor.library.parse_cache._YOUNGEST", -1e6)  # the time of a new entry cannot be set
    folder = tmp_path / "exercises"
    written(folder, "topic/good")
    written(folder, "topic/bad", "titel = 2")
    return folder


def same(one: Library, other: Library) -> bool:
    return one.exercises == other.exercises and one.broken == other.broken


def test_it_says_the_same_from_what_is_kept(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = tmp_path / "home" / "library"
    first = load([folder], kept)
    assert kept.exists() and first.broken and first.exercises
    monkeypatch.setattr("tutor.library.discovery.read_exercise", lambda *_: pytest.fail("it was read again"))
    assert same(load([folder], kept), first)


def test_all_that_ships_survives_the_keeping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tutor.library.parse_cache._YOUNGEST", -1e6)
    for _ in range(2):
        assert load([shipped_folder()], tmp_path / "kept").exercises == LIBRARY.exercises


def test_a_changed_file_is_read_again(folder: Path, tmp_path: Path):
    kept = tmp_path / "kept"
    load([folder], kept)
    aged(written(folder, "topic/good", THREE_LINES.replace("A sum", "Another")))
    written(folder, "topic/new")
    (folder / "topic" / "bad.toml").unlink()
    again = load([folder], kept)
    assert same(again, load([folder])) and again.exercises["topic/good"].file.title.startswith("Another")


def test_a_young_file_is_not_kept(tmp_path: Path):
    folder, kept = tmp_path / "exercises", tmp_path / "kept"
    written(folder, "a")
    load([folder], kept)
    assert not kept.exists()


@pytest.mark.parametrize("damage", [b"", b"\xff" * 40, b"not msgpack", msgspec.msgpack.encode(["other code", {}])])
def test_what_is_damaged_or_of_other_code_is_begun_anew(folder: Path, tmp_path: Path, damage: bytes):
    kept = tmp_path / "kept"
    kept.write_bytes(damage)
    assert same(load([folder], kept), load([folder]))
    assert kept.read_bytes() != damage


def test_a_place_that_cannot_be_written_is_no_trouble(folder: Path, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    assert load([folder], tmp_path / "file" / "kept").exercises
