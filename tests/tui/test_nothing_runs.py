"""Opening a file in the app runs nothing that stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faces.nasty import OPENED, files
from tests.tui.conftest import Open


@pytest.mark.parametrize("id", OPENED)
async def test_opening_runs_nothing(tmp_path: Path, open_app: Open, id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    mark, folder = tmp_path / "mark", tmp_path / "mine"
    folder.mkdir()
    files(folder, mark)
    async with open_app(id, folders=(folder,)) as driver:
        await driver.press("f2", "f6", "f6", "escape")
    assert not mark.exists()
