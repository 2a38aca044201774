"""The second day in a real terminal: beginning again, and doing again what is due."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.begun import begin
from tests.terminal.terminal import Terminal
from tutor.learner import Rating, Schedule, Store

RIGHT = ["a = x + y", "f = a z"]


@pytest.fixture(autouse=True)
def solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(tmp_path))
    begin("staging/f", RIGHT)


def state_in(home: Path) -> str:
    with Store(home) as store:
        return store.summary()["staging/f"].state


@pytest.mark.parametrize(("answer", "code", "state"), [("", 1, "solved"), ("n", 1, "solved"), ("y", 0, "new")])
def test_reset_asks_first(tmp_path: Path, answer: str, code: int, state: str) -> None:
    with Terminal(tmp_path, "reset", "staging/f") as terminal:
        terminal.until("[y/N]")
        assert "staging/f" in terminal.text and "stay in the journal" in terminal.text
        terminal.enter(answer)
        assert terminal.ended() == code
    assert state_in(tmp_path) == state


def test_what_is_due_is_done_again(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        Schedule(store).review("staging/f", Rating.GOOD, time.time() - 400 * 86400)
    with Terminal(tmp_path) as terminal:
        terminal.until("1  Again    1.1 Stage (x + y) z")
        terminal.process.send("n")
        terminal.until("begin again")
        terminal.press("enter")
        terminal.until(lambda text: "begin again" not in text and "1 Stage" in text)
        for line in RIGHT:
            terminal.enter(line)
        terminal.until("Ctrl+N begin again")
        terminal.press("ctrl+n")
        terminal.until("Begin this exercise again")
        terminal.press("escape")
        terminal.until(lambda text: "Begin this exercise again" not in text)
        terminal.press("escape")
        terminal.process.send("q")
        terminal.until("New      1.2 Stage (x² + 2y) z³")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    assert state_in(tmp_path) == "solved"
