from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual import _wait

from tests.begun import begin
from tests.tui.driver import Driver
from tutor.paths import shipped_folder
from tutor.runner import Runner
from tutor.tui.app import TutorApp

Open = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the learner's things go: never to the real place."""
    home = tmp_path / "home"
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def no_process_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process for the learner's code starts when it is wanted: most tests run none, and each would start one."""
    monkeypatch.setattr(Runner, "warm", lambda _: None)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three times a key Textual's pilot waits until the app has rested for 20 ms. It is as much at rest after 4."""
    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", 0.004 / 20)


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
        begun: Sequence[str] = (),
    ) -> AsyncIterator[Driver]:
        if start is not None and begun:
            begin(start, begun)
        app = TutorApp([shipped_folder(), *folders], start, code, greet)
        async with app.run_test(size=size, notifications=True) as pilot:
            driver = Driver(app, pilot)
            await driver.ready(start, greet)
            yield driver

    return opened
