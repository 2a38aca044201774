from __future__ import annotations

import asyncio
import gc
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from textual import _wait
from textual._compositor import Compositor
from textual.app import ScreenStackError
from textual.css import stylesheet
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot

from tests.begun import begin
from tests.tui.driver import Driver, draw
from tutor.library import load
from tutor.paths import shipped_folder
from tutor.runner import Runner
from tutor.tui.app import TutorApp
from tutor.tui.loading import LIBRARY

Open = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture(scope="session")
def read_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the shipped exercises came to when the app read them the last time."""
    kept = tmp_path_factory.mktemp("read") / LIBRARY
    load([shipped_folder()], kept)
    return kept


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_before: Path) -> Path:
    """Where the learner's things go: never to the real place. Not their first start: the exercises are read already."""
    home = tmp_path / "home"
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(home))
    if read_before.exists():  # files of this very moment are not kept
        home.mkdir()
        shutil.copy(read_before, home)
    return home


@pytest.fixture(scope="session", autouse=True)
def stays_frozen() -> Iterator[None]:
    """An app that goes thaws what it froze, and all that pytest has: that is long to look through for garbage."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "freeze", lambda: None)
        patch.setattr(gc, "unfreeze", lambda: None)
        patch.setattr(gc, "set_threshold", lambda *often: None)
        yield


@pytest.fixture(autouse=True)
def no_process_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process for the learner's code starts when it is wanted: most tests run none, and each would start one."""
    monkeypatch.setattr(Runner, "warm", lambda _, jobs=1: None)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three times a key Textual's pilot waits until the app has rested for 20 ms. It is as much at rest after 4."""
    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", 0.004 / 20)


_ROUNDS = 600
"""A tenth of a second each, until a widget that does not answer is left alone."""


@pytest.fixture(autouse=True)
def widgets_may_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pilot has every widget answer; here one that goes meanwhile is not waited for till it fails."""

    async def answered(self: Pilot[Any], timeout: float = 0.0) -> bool:
        app = self.app
        try:
            nodes = [app, *app.screen.walk_children(with_self=True)]
        except ScreenStackError:
            return False
        silent: set[Any] = set()
        all_heard = asyncio.Event()

        def hear(node: Any) -> None:
            silent.discard(node)
            if not silent:
                all_heard.set()

        silent.update([node for node in nodes if node.call_later(hear, node)])
        for _ in range(_ROUNDS):
            if app._exit or not any(node.is_running and not node._closing for node in silent):
                break
            if app._exception_event.is_set():
                return False
            with suppress(TimeoutError):
                await asyncio.wait_for(all_heard.wait(), 0.1)
        return True

    monkeypatch.setattr(Pilot, "_wait_for_screen", answered)


_PARSED: dict[frozenset[tuple[str, str]], dict[Any, Any]] = defaultdict(dict)
"""The variables of a theme -> style sheet -> its rules."""

_TOKENS: dict[frozenset[tuple[str, str]], dict[str, list[Any]]] = {}
"""The variables of a theme -> each of them, read."""


@pytest.fixture(autouse=True)
def styles_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every app reads the same style sheets, and nothing changes the rules that come of it."""
    made, set_variables, read = Stylesheet.__init__, Stylesheet.set_variables, stylesheet.tokenize_values

    def make(self: Stylesheet, *, variables: dict[str, str] | None = None) -> None:
        made(self, variables=variables)
        self._parse_cache = _PARSED[frozenset(self._variables.items())]  # type: ignore[assignment]

    def change(self: Stylesheet, variables: dict[str, str]) -> None:
        self._parse_cache = {}  # type: ignore[assignment]
        set_variables(self, variables)
        self._parse_cache = _PARSED[frozenset(variables.items())]  # type: ignore[assignment]

    def tokens(values: dict[str, str]) -> dict[str, list[Any]]:
        known = frozenset(values.items())
        _TOKENS[known] = _TOKENS.get(known) or read(values)
        return {name: list(each) for name, each in _TOKENS[known].items()}

    monkeypatch.setattr(Stylesheet, "__init__", make)
    monkeypatch.setattr(Stylesheet, "set_variables", change)
    monkeypatch.setattr(RuleSet, "__hash__", object.__hash__)  # the same, without a call: it is asked a million times
    monkeypatch.setattr(stylesheet, "tokenize_values", tokens)


@pytest.fixture
def drawn_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screen is drawn when it has settled and the driver looks at it, not at every step that leads there.

    What is drawn while keys come fast is tried in test_random_keys.py and tests/terminal.
    """

    def later(self: Compositor, full: bool = False, screen_stack: Any = None, simplify: bool = False) -> Any:
        return draw(self, full, screen_stack, simplify) if full else None

    monkeypatch.setattr(Compositor, "render_update", later)


@pytest.fixture
def open_app(drawn_at_rest: None) -> Open:
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
