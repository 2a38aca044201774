from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.tui.driver import Driver
from tutor.folders import shipped_folder
from tutor.tui.app import TutorApp

Open = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the learner's things go: never to the real place."""
    home = tmp_path / "home"
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(home))
    return home


@pytest.fixture
def open_app() -> Open:
    """Run the app without a terminal, at an exercise or at home."""

    @asynccontextmanager
    async def opened(
        start: str | None = None,
        size: tuple[int, int] = (80, 24),
        folders: tuple[Path, ...] = (),
        code: str | None = None,
        greet: bool = False,
    ) -> AsyncIterator[Driver]:
        app = TutorApp([shipped_folder(), *folders], start, code, greet)
        async with app.run_test(size=size, notifications=True) as pilot:
            driver = Driver(app, pilot)
            await driver.ready(start, greet)
            yield driver

    return opened
