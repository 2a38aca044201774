"""The tests for daily work are of every room, and are those that are listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fast import FAST, PATHS

_HERE = Path(__file__).parent
_NOT_DAILY = {"bench", "terminal"}
"""What takes a terminal, or is no test."""


def test_every_room_has_some():
    rooms = {path.name for path in _HERE.iterdir() if path.is_dir() and any(path.rglob("test_*.py"))} - _NOT_DAILY
    assert set(FAST) == rooms, f"tests/fast.py lists modules of {sorted(FAST)}; the rooms are {sorted(rooms)}"
    assert all(FAST.values())


def test_all_that_are_listed_are_there():
    missing = sorted(path for path in PATHS if not (_HERE / path).is_file())
    assert not missing, f"tests/fast.py lists modules that are not there: {missing}"


def test_they_are_marked(request: pytest.FixtureRequest):
    assert request.node.get_closest_marker("fast") is not None
