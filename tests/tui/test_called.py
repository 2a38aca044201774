"""Keys are spoken of by the names they have now."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from textual.binding import Binding

import tutor
from tests.tui.conftest import Open
from tests.tui.test_exercise_screen import answer
from tutor.tui.app import TutorApp
from tutor.tui.called import spoken
from tutor.tui.screens.exercise_keys import KEYS

_KEY = re.compile(r"\b(F\d{1,2}|Ctrl\+[A-Z]|Esc(ape)?|Page (Up|Down))\b")
_ALLOWED = {
    "Ctrl+P",  # Textual's own, which has no other key
}


def _sentences(path: Path) -> list[tuple[int, str]]:
    """The strings of a module but for its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in bare]
    return [(node.lineno, node.value) for node in parts if isinstance(node.value, str)]


def test_no_sentence_names_a_key_that_may_have_another() -> None:
    folder = Path(tutor.__file__).parent
    found = [
        f"{path.relative_to(folder)}:{line}: {text}"
        for path in folder.rglob("*.py")
        if path.name not in ("called.py", "app.py")  # where keys get their names
        for line, text in _sentences(path)
        if (key := _KEY.search(text)) and key[0] not in _ALLOWED
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("key", "name"),
    [("f2", "F2"), ("ctrl+g", "Ctrl+G"), ("escape", "Esc"), ("pageup", "Page Up"), ("slash", "/"), ("n", "n"),
     ("space", "Space"), ("shift+f5", "Shift+F5"), ("enter", "Enter"), ("question_mark", "?")],
)  # fmt: skip
def test_how_keys_are_called(key: str, name: str) -> None:
    assert spoken(key) == name


async def test_a_key_of_ones_own_is_named_wherever_the_old_one_was(open_app: Open, home: Path) -> None:
    home.mkdir()
    own = {"hint": "f12", "show": "ctrl+y", "help": "ctrl+h", "on": "ctrl+n", "graph": "ctrl+t"}
    lines = "".join(f'"exercise.{id}" = "{key}"\n' for id, key in own.items())
    (home / "settings.toml").write_text(f"[keys]\n{lines}", encoding="utf-8")
    async with open_app("node-way/a", (100, 60)) as driver:
        assert "F12 gives a hint" in driver.said() and "F2" not in driver.text()
        assert "F3 ◂ ▸ Ctrl+N" in driver.text()
        await answer(driver, "p = x + y", "f = p z")
        await driver.press("f12")
        assert "Hint 1" in driver.said()
        await driver.press("ctrl+y")
        assert "Press Ctrl+Y again" in driver.said()
        await driver.press("ctrl+h")
        await driver.until(lambda: "Keys in an exercise" in driver.text(), "the help")
        help = driver.text()
        assert re.search(r"F12 +a hint", help) and re.search(r"Ctrl\+Y +twice", help)
        assert not re.search(r"\bF(2|4|7|9)\b", help)


_IN_README = {
    "F5": "exercise.check", "F2": "exercise.hint", "F9": "exercise.show", "F6": "exercise.worked",
    "Ctrl+N": "exercise.again", "Ctrl+G": "exercise.gates", "Up": "exercise.up", "Down": "exercise.down",
    "F3": "exercise.back", "F4": "exercise.on", "F7": "exercise.graph", "Ctrl+R": "exercise.replay",
    "F10": "exercise.outside", "F11": "settings", "F8": "exercise.quick", "Page Up": "exercise.said_up",
    "Page Down": "exercise.said_down", "Ctrl+Q": "quit",
}  # fmt: skip
"""The keys of README's table, and the bindings they stand for; the rest are Enter, F1, Escape and Textual's own."""


def test_readme_names_the_keys_of_the_bindings() -> None:
    defaults = {one.id: one.key for one in (*KEYS, *TutorApp.BINDINGS) if isinstance(one, Binding) and one.id}
    for key, id in _IN_README.items():
        assert key in {spoken(each) for each in defaults[id].split(",")}, f"{id} has another key than {key}"
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    table = readme.partition("| key (each can be changed)")[2].partition("\n\n")[0]
    named = {
        key.removesuffix(" twice") for row in table.splitlines()[2:] for key in row.split("|")[1].strip().split(", ")
    }
    assert named == {*_IN_README, "Enter", "F1", "Escape", "Ctrl+P"}
