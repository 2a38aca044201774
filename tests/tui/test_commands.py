"""One table says what keys do; bindings, help, settings and README follow it, and name keys as they are now."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from pathlib import Path
from random import Random
from types import ModuleType

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.events import Key, Paste
from textual.widgets import TextArea

import tutor.tui
from tests.begun import begin
from tests.sampling import one_in
from tests.tui.conftest import Open
from tests.tui.test_exercise_screen import answer
from tutor.settings.file import TEMPLATE
from tutor.tui.commands import BY_ID, COMMANDS, help_lines, lettered
from tutor.tui.key_command import Command
from tutor.tui.keys import CLASSES, MENU, MENUS, class_at, key_name, key_names, spoken
from tutor.tui.keys import rows as report
from tutor.tui.screens.help import key_lines
from tutor.tui.terminal import KeyParser
from tutor.tui.widgets.work_pane import AnswerField

_KEY = re.compile(r"\b(F\d{1,2}|Ctrl\+[A-Z]|Esc(ape)?|Page (Up|Down))\b")
_ALLOWED = {
    "Ctrl+P",  # Textual's own, which has no other key
    "Ctrl+C",  # the terminal's, for what is no app
}


def _sentences(path: Path) -> list[tuple[int, str]]:
    """The strings of a module but for its docstrings; none where no key is named in it."""
    source = path.read_text(encoding="utf-8")
    if not _KEY.search(source):
        return []
    tree = ast.parse(source)
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in bare]
    return [(node.lineno, node.value) for node in parts if isinstance(node.value, str)]


def test_no_sentence_names_a_key_that_may_have_another() -> None:
    folder = Path(tutor.__file__).parent
    found = [
        f"{path.relative_to(folder)}:{line}: {text}"
        for path in folder.rglob("*.py")
        if path.name not in ("keys.py", "app.py")  # where keys get their names
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
    home.mkdir(exist_ok=True)
    own = {"hint": "f12", "show": "ctrl+y", "help": "ctrl+h", "on": "ctrl+n", "graph": "ctrl+t"}
    lines = "".join(f'"exercise.{id}" = "{key}"\n' for id, key in own.items())
    (home / "settings.toml").write_text(f"[keys]\n{lines}", encoding="utf-8")
    async with open_app("node-way/a", (100, 60)) as driver:
        assert "F12 gives a hint" in driver.said() and "F2" not in driver.text()
        assert "^N next step" in driver.text()
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


def _readme_table() -> str:
    lines = [*key_lines("exercise", {}), *key_lines("app", {})]
    fixed = [key_name(one, {}) for place in ("exercise", "app") for one in COMMANDS[place] if not one.id]
    title = f"key (all but {', '.join(fixed[:-1])} and {fixed[-1]} can be changed)"
    return "\n".join([f"| {title} | does |", "|---|---|", *(f"| {key} | {does} |" for key, does in lines), ""])


def test_readmes_table_is_the_table() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    table = _readme_table()
    assert f"\n\n{table}\n" in readme, f"README's table of keys should be:\n{table}"


def _ids(kind: type) -> set[str | None]:
    return {one.id for one in vars(kind).get("BINDINGS", ()) if isinstance(one, Binding) and one.id}


def test_every_class_with_keys_takes_them_from_the_table() -> None:
    """Whoever has bindings is among `CLASSES` and has them from one place of the table; no place is without a class."""
    modules = [each.name for each in pkgutil.walk_packages(tutor.tui.__path__, "tutor.tui.")]
    ours = [
        kind
        for name in modules
        for kind in vars(importlib.import_module(name)).values()
        if isinstance(kind, type) and issubclass(kind, DOMNode) and kind.__module__ == name
    ]
    listed = {screen: [class_at(path) for path in paths] for screen, paths in CLASSES.items()}
    places = {place: {one.id for one in commands if one.id} for place, commands in COMMANDS.items()}
    taken = set()
    for kind in ours:
        if "BINDINGS" not in vars(kind):
            continue
        (screen,) = [screen for screen, kinds in listed.items() if kind in kinds]
        if not issubclass(kind, TextArea):
            (place,) = [place for place, ids in places.items() if _ids(kind) == ids]
            assert place.partition(" ")[0] == screen
            taken.add(place)
    assert taken == {place for place, ids in places.items() if ids}


def test_the_table_is_sound() -> None:
    every = [one for commands in COMMANDS.values() for one in commands]
    assert len([one for one in every if one.id]) == len(BY_ID), "an id twice"
    assert all(bool(one.id) == bool(one.action) and one.words and one.every_key for one in every)
    assert all(key in key_names() or len(key) == 1 for one in every for key in _last_parts(one))
    for commands in COMMANDS.values():
        ranks = [one.bar for one in commands if one.bar]
        assert len(ranks) == len(set(ranks)), f"two have the same `bar`; {max(ranks) + 1} is free"
    assert not any(_KEY.search(one.help) for one in every), "a key by its name"


def test_every_action_is_there() -> None:
    """On the class that has these bindings; `app.` and `screen.` before an action say where else it is."""
    screens = {screen: [class_at(path) for path in paths] for screen, paths in CLASSES.items()}
    for place, commands in COMMANDS.items():
        screen = place.partition(" ")[0]
        if not any(one.action or one.turns for one in commands):
            continue
        ids = {one.id for one in commands if one.id}
        (owner,) = [kind for kind in screens[screen] if _ids(kind) == ids]
        where = {"app": screens["app"][0], "screen": screens[screen][0], "": owner}
        for command in commands:
            for action in filter(None, (command.action, *(turn[0] for turn in command.turns))):
                at, _, name = action.partition("(")[0].rpartition(".")
                assert hasattr(where[at], f"action_{name}"), f"{command.id}: {where[at].__name__} has no action_{name}"


def test_no_key_does_two_things_at_one_place() -> None:
    for place, commands in COMMANDS.items():
        keys = [key for one in commands for key in one.every_key.split(",")]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        assert not twice, f"two commands of `{place}` have the same key: {twice}"


def test_the_examples_of_a_new_settings_file_are_commands() -> None:
    examples = re.findall(r'^# "([a-z_.]+)" = "(.+)"$', TEMPLATE, re.MULTILINE)
    assert len(examples) == 3
    for id, keys in examples:
        assert keys.split(",")[0] == BY_ID[id].keys


def _last_parts(command: Command) -> list[str]:
    return [key.rpartition("+")[2] for key in command.every_key.split(",")]


def test_the_list_of_settings_has_every_command_with_the_key_it_has_now() -> None:
    listed = {id: (keys, words) for rows in report({"graph.copy": "f12"}).values() for id, keys, words in rows}
    assert set(listed) == set(BY_ID)
    assert listed["graph.copy"] == ("f12", "Copy the graph") and listed["graph.left"] == ("left", "Against the flow")


@pytest.mark.parametrize("seed", range(3))
def test_a_key_of_ones_own_is_in_every_line_that_spoke_of_the_old_one(seed: int) -> None:
    """The keys of a line and those in its text are the new ones, and lines that name none of them stay."""
    chosen = Random(seed).sample(sorted(BY_ID), 40)
    own = {id: f"ctrl+alt+f{number}" for number, id in enumerate(chosen, 1)}
    for place in COMMANDS:
        before, after = key_lines(place, {}), key_lines(place, own)
        for (commands, _), (keys, says), (keys_before, says_before) in zip(
            help_lines(place), after, before, strict=True
        ):
            expected = [key_name(one, own) for one in commands]
            assert all(spoken(own[one.id]) in expected for one in commands if one.id in own)
            assert keys == ", ".join(expected)
            menu = MENUS.get(place, MENU)
            by_letter = menu in own and any(one.letter and one.id not in own and one.id != menu for one in commands)
            assert (keys != keys_before) == (
                any(one.id in own for one in commands) or (by_letter and "Esc" in keys_before)
            )
            named = {id for one in commands for id in re.findall(r"\{([a-z_.]+)\}", one.help)}
            together = {id for one in commands for ids in re.findall(r"\{(\S+)\}", one.help) for id in ids.split("+")}
            assert all(spoken(own[id]) in says for id in named & set(own))
            assert (says != says_before) == bool(together & set(own))


KEPT = {
    "GNOME Terminal": {"f1", "f10", "f11"},
    "VS Code": {"f1", "f3", "f5", "f6", "f11", "ctrl+p", "ctrl+g", "ctrl+e", "ctrl+f", "ctrl+j", "ctrl+k", "ctrl+b"},
    "macOS Terminal": {"f11", "f12"},
    "tmux, screen": {"ctrl+a", "ctrl+b"},
    "drop-down terminals": {"f12"},
    "flow control": {"ctrl+s", "ctrl+q"},
}
"""Terminal -> the keys that it keeps for itself: its own documentation, and VS Code's `commandsToSkipShell`."""

TYPED = {"alt"}
"""What no key may be held with: macOS makes signs of it."""


def _arrives(keys: str) -> bool:
    """Whether one of some keys arrives in every terminal."""
    return any(
        key and not TYPED & set(key.split("+")[:-1]) and not any(key in kept for kept in KEPT.values())
        for key in keys.split(",")
    )


FIELDS = {"gates", "help", "own", "reading"}
"""Screens where text is edited all the time, and no menu of letters opens: their letters are text."""


def without_a_key() -> list[str]:
    """The commands that nobody can give in some terminal: by no letter, after Escape or alone, and by no key that every
    terminal lets through."""
    return [
        one.id
        for place, commands in COMMANDS.items()
        for one in commands
        if one.id
        and not one.shares
        and not (one.letter and place.partition(" ")[0] not in FIELDS)
        and not _arrives(one.keys)
        and not (_arrives(",".join(one.letters)) and place.partition(" ")[0] not in FIELDS)
    ]


def test_everything_can_be_done_in_every_terminal() -> None:
    """By a letter, after Escape or alone, or by a key that no terminal keeps for itself."""
    assert without_a_key() == []
    assert _arrives(BY_ID[MENU].keys) and _arrives(BY_ID["home.all"].keys)


def test_every_action_of_home_and_of_an_exercise_has_a_letter_or_a_key_of_the_keyboard_proper() -> None:
    """Function keys want Fn on a laptop, and browsers keep some of those with Ctrl: all can be done without either."""
    proper = re.compile(r"\d|escape|enter|tab|space|up|down|left|right|pageup|pagedown|home|end|slash")
    for place in ("app", "home", "home list", "home today", "exercise"):
        for one in COMMANDS[place]:
            by_key = any(proper.fullmatch(key) for key in one.keys.split(","))
            assert not one.id or one.letter or one.letters or one.shares or by_key, one.id


def test_texts_name_keys_that_arrive() -> None:
    for commands in COMMANDS.values():
        for one in commands:
            assert one.letter or one.shares or _arrives(one.every_key.split(",")[0]), one.id
            assert not one.keys or _arrives(one.keys.split(",")[0]), one.id


def test_a_letter_does_one_thing_at_a_time() -> None:
    """No letter is another's further key either."""
    for screen in ("home", "exercise"):
        letters = [one.letter for one in lettered(screen)]
        assert len(letters) == len(set(letters))
        further = {letter for one in COMMANDS[screen] for letter in (*one.letters, *one.also.split(","))}
        assert not further & set(letters)


@pytest.mark.parametrize("sign", one_in(2, ["w", "2", "question_mark", "comma"]))
async def test_a_letter_within_a_moment_of_escape_is_a_command_and_no_text(open_app: Open, sign: str) -> None:
    """The same comes of Alt and the letter, as many terminals send it, as of one after the other."""
    shown = []
    begin("node-way/a", ["p = x + y", "f = p z", "4"])
    for keys in (("escape", sign), (f"alt+{sign}",)):
        async with open_app("node-way/a") as driver:
            await driver.press(*(["7"] if not shown else []), *keys)
            shown.append((type(driver.app.screen).__name__, driver.text()))
            assert driver.app.screen_stack[1].query_one(AnswerField).value == "7" or sign == "2"
    assert shown[0][0] == shown[1][0] and shown[0][1].split() == shown[1][1].split()


@pytest.mark.parametrize("key", ["u", "left_square_bracket"])
async def test_that_a_letter_does_nothing_stays_said_when_the_menu_unfolds(open_app: Open, key: str) -> None:
    async with open_app("node-way/a") as driver:
        await driver.press("escape", key)
        assert "does nothing here" in driver.text()
        await driver.until(lambda: driver.app.screen.query(".-all"), "the whole menu")
        assert "does nothing here" in driver.text()
        await driver.press(key)
        assert "does nothing here" in driver.text()


async def test_escape_and_a_letter_does_the_same_after_one_that_did_nothing(open_app: Open) -> None:
    async with open_app("node-way/a", begun=["p = x + y", "f = p z"]) as driver:
        await driver.press("escape", "u", "escape", "h")
        assert "Hint 1" in driver.said()
        assert not driver.app.screen.query_one(AnswerField).value


async def test_the_menu_leads_back_to_text_and_cursor(open_app: Open) -> None:
    async with open_app("node-way/a", begun=["p = x + y", "f = p z"]) as driver:
        await driver.press(*"123", "left", "left", "escape")
        await driver.shows("then a letter")
        await driver.press("escape", "9")
        field = driver.app.screen.query_one(AnswerField)
        assert field.value == "1923" and field.has_focus


async def test_the_menu_offers_what_applies_and_says_so_of_the_rest(open_app: Open) -> None:
    async with open_app("node-way/a", begun=["p = x + y", "f = p z"]) as driver:
        await driver.press("escape")
        await driver.shows("Again: back to typing")
        assert "h hint" in driver.text() and "r replay" in driver.text() and "e editor" not in driver.text()
        assert "f fewer" not in driver.text() and "b fewer" in driver.text()
        await driver.press("u")
        assert "u does nothing here" in driver.text()
        await driver.press("h")
        assert "Hint 1" in driver.said()
        await driver.press("escape", "b")
        assert "Fewer blanks in Backward" in driver.said() and driver.app.screen.session.quick
        await driver.press("escape", "b")
        assert "All blanks in Backward" in driver.said() and not driver.app.screen.session.quick


async def test_letters_are_offered_while_a_thread_loads_the_exercise_screen(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app() as driver:
        name = "tutor.tui.screens.exercise"
        monkeypatch.setitem(sys.modules, name, ModuleType(name))  # there, and empty so far
        await driver.press("escape")
        await driver.shows("then a letter")


async def test_help_is_searched_and_does_what_is_chosen(open_app: Open) -> None:
    async with open_app("node-way/a", begun=["p = x + y", "f = p z"]) as driver:
        await driver.press("question_mark")
        await driver.shows("type a word to search for")
        await driver.press(*"principle")
        assert "Keys in an exercise" in driver.text() and "Keys everywhere" not in driver.text()
        await driver.press("enter")
        assert "Hint 1" in driver.said() and driver.app.screen.query_one(AnswerField).value == ""
        await driver.press("question_mark", *"xqxq")
        assert "Nothing here has these words" in driver.text()
        await driver.press("enter", "escape")
        assert driver.app.screen.query_one(AnswerField).has_focus


async def test_old_names_in_settings_go_on_or_are_told_how_to_change(open_app: Open, home: Path) -> None:
    home.mkdir(exist_ok=True)
    lines = '[keys]\n"exercise.home" = "f12"\n"exercise.outside_e" = "w"\n'
    (home / "settings.toml").write_text(lines, encoding="utf-8")
    async with open_app("node-way/a") as driver:
        await driver.until(lambda: driver.app.live_settings.faults, "the warning")
        assert "did you mean exercise.outside?" in driver.app.live_settings.faults[0]
        await driver.press("f12")
        assert type(driver.app.screen).__name__ == "HomeScreen"


async def test_copying_says_so(open_app: Open) -> None:
    async with open_app("node-way/a", begun=["p = x + y", "f = p z"]) as driver:
        await driver.press("escape", "y")
        assert "clipboard" in driver.said() or "copied" in driver.said()
        assert "(+)" in driver.app.clipboard


@pytest.mark.parametrize(
    ("sent", "keys"),
    [("\x1b[15~", ["f5"]), ("\x1bOQ", ["f2"]), ("\x1b[A", ["up"]), ("\x1b3", ["escape", "3"]),
     ("\x1bf", ["escape", "f"]),
     ("\x1b[", []), ("\x1bO", []), ("h", ["h"]), ("\x1b\x7f", ["ctrl+w"])],
)  # fmt: skip
def test_what_a_terminal_sends_is_the_keys_that_were_pressed(sent: str, keys: list[str]) -> None:
    """The beginning of a longer sequence is no key yet."""
    assert [event.key for event in KeyParser()._sequence_to_key_events(sent)] == keys


@pytest.mark.parametrize("at_once", range(1, 12))
def test_an_escape_within_pasted_text_presses_nothing(at_once: int) -> None:
    """However the terminal cuts up what it sends."""
    pasted = "p\x1b[31m = \x1b\x1b[200~x\x07\x1bOQ\ny\x1b[20"
    sent = f"a\x1b[200~{pasted}\x1b[201~b\x1b[Ac\x1b[200~d\x1b[201~"
    parser = KeyParser()
    came = [event for at in range(0, len(sent), at_once) for event in parser.feed(sent[at : at + at_once])]
    told = [event.text if isinstance(event, Paste) else event.key for event in came if isinstance(event, Paste | Key)]
    assert told == ["a", pasted.replace("\x1b", ""), "b", "up", "c", "d"]
