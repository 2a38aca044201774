from __future__ import annotations

from pathlib import Path

import pytest

from tests.begun import begin
from tests.shipped import LIBRARY
from tutor.learner import Store
from tutor.runner import Runner
from tutor.session.preview_graph import graph_so_far

from .working import Working

BEGUN = LIBRARY.exercises["node-way/a"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(tmp_path))


def test_it_is_the_learner_s_own_graph_with_what_was_found() -> None:
    begin("node-way/a", ["mine = x + y", "f = mine z", "4"])
    drawing = graph_so_far(BEGUN, 100, 40)
    assert drawing is not None
    shown = drawing.text.split()
    assert any("mine" in part for part in shown) and "4" in shown and "8" not in shown and "?" in shown


def test_looking_is_not_opening() -> None:
    begin("node-way/a", ["p = x + y", "f = p z"])
    begin("staging/f", ["a = x + y", "f = a z"])
    assert graph_so_far(BEGUN, 100, 40) is not None
    assert graph_so_far(LIBRARY.exercises["node-way/b"], 100, 40) is None, "it was not begun"
    with Store() as store:
        assert store.last_opened() == "staging/f"
        assert "node-way/b" not in store.summary()


def test_there_is_none_where_it_does_not_fit() -> None:
    begin("node-way/a", ["p = x + y", "f = p z"])
    assert graph_so_far(BEGUN, 12, 40) is None
    assert graph_so_far(BEGUN, 100, 2) is None


def test_in_ascii() -> None:
    begin("node-way/a", ["p = x + y", "f = p z"])
    drawing = graph_so_far(BEGUN, 100, 40, ascii=True)
    assert drawing is not None and drawing.text.isascii()


def test_what_cannot_be_read_is_not_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(tmp_path / "file" / "home"))
    assert graph_so_far(BEGUN, 100, 40) is None


def test_arithmetic_stands_in_the_list_as_its_number(store: Store, runner: Runner) -> None:
    working = Working(BEGUN, store, runner)
    working.right("staging", "a = x + y\nf = a z")
    step, blank = working.place("value:a")
    for text, listed in (("1+3", "4"), ("(1 + 3)", "4"), ("4/1", None)):
        assert working.session.answer(step, blank, text).accepted
        assert working.session.view.numbers(step).get("value:a") == listed, text
