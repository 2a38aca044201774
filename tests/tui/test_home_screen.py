"""The home screen."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from textual.command import CommandPalette

from tests.begun import begin
from tests.tui.conftest import Open
from tutor.learner import Rating, Schedule, Store
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.widgets.exercise_tree import ExerciseTree


async def test_the_cursor_is_on_what_comes_next(open_app: Open) -> None:
    async with open_app() as driver:
        assert "New      1.1 Stage (x + y) z" in driver.text() and "○ not begun" in driver.text()
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen) and driver.app.focused, "the exercise")
        await driver.enter("a = x + y")
        await driver.enter("f = a z")
        await driver.press("enter")
        await driver.until(lambda: "staging/h" in driver.text(), "the next exercise")
        await driver.press("escape", "q")
        await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")
        assert "✓ Stage (x + y) z" in driver.text()
        await driver.until(lambda: "h(x, y, z) = (x^2 + 2y) z^3   level" in driver.text(), "the preview")


@pytest.mark.parametrize("entered", [True, False], ids=["an accepted line", "a draft"])
async def test_one_line_makes_an_exercise_begun(open_app: Open, entered: bool) -> None:
    async with open_app() as driver:
        await driver.press("down", "down", "enter")  # not the one that comes next
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen) and driver.app.focused, "the exercise")
        if entered:
            await driver.enter("a = x^2")
        else:
            await driver.press("a")
        await driver.press("escape", "q")
        await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")
        assert "1  Go on    1.2 Stage" in driver.text() and "◐ Stage" in driver.text()


async def test_a_broken_file_is_named_and_the_others_open(open_app: Open, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "bad.toml").write_text('titel = "[red]x"\n', encoding="utf-8")
    (mine / "good.toml").write_text('title = "[b]Good[/b]"\nfunction = "f(x) = 2x"\nat = { x = 3 }\n', encoding="utf-8")
    async with open_app(folders=(mine,), size=(120, 140)) as driver:
        assert "[b]Good[/b]" in driver.text()
        assert "Files that cannot be opened" in driver.text()
        await driver.press("down", "end")
        preview = str(driver.app.screen.query_one("Preview Static").content)
        assert "did you mean title?" in preview and "This file cannot be opened" in driver.text()


async def test_an_exercise_whose_mathematics_does_not_hold_is_explained(open_app: Open, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "zz.toml").write_text('title = "No value"\nfunction = "f(x) = ln(x)"\nat = { x = -1 }\n', encoding="utf-8")
    async with open_app(folders=(mine,), size=(120, 140)) as driver:
        await driver.press("down", "end", "enter")
        assert isinstance(driver.app.screen, HomeScreen)
        await driver.until(lambda: "needs a positive number" in driver.text(), "the reason")


async def test_what_is_due_is_worth_another_look(open_app: Open, home: Path) -> None:
    with Store(home) as store:
        for id in ("staging/f", "staging/h"):
            store.set_progress(id, "solved", 1, 1)
        Schedule(store).review("staging/f", Rating.GOOD, 0.0)
        Schedule(store).review("staging/h", Rating.GOOD, time.time())
        store.mark_opened("staging/f")
    async with open_app(size=(120, 140)) as driver:
        marked = [line for line in driver.text().splitlines() if "↻" in line]
        assert "↻" in marked[0] and "2/3" in marked[0], "the map of the topic"
        assert "↻ Stage (x + y) z" in marked[1] and " due " in marked[1] and "worth another look" in marked[-1]
        tree = driver.app.screen.query_one(ExerciseTree)
        for id, said in (("staging/f", True), ("staging/h", False)):
            tree.move_cursor(tree.leaves[id])
            await driver.until(lambda id=id: tree.cursor_node.data.id == id, id)
            preview = str(driver.app.screen.query_one("Preview Static").content)
            assert ("↻ worth another look" in preview) is said


async def test_the_list_says_what_is_due_as_it_is_shown_again(open_app: Open, home: Path) -> None:
    async with open_app(size=(120, 140)) as driver:
        assert "↻" not in driver.text()
        Schedule(driver.app.store).review("staging/f", Rating.GOOD, 0.0)
        driver.app.store.set_progress("staging/f", "started", 1, 4)
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen) and driver.app.focused, "the exercise")
        await driver.press("escape", "q")
        await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")
        await driver.until(lambda: "↻" in driver.text(), "the sign")


async def test_every_key_is_in_the_palette(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        titles = {command.title for command in driver.app.get_system_commands(driver.app.screen)}
        assert {"Hint", "Check all", "Graph", "Show the answer", "Help", "Leave", "Quit"} <= titles
        await driver.press("ctrl+p")
        assert isinstance(driver.app.screen, CommandPalette)


def test_the_app_starts_without_numpy_and_the_grammar() -> None:
    script = "import sys, tutor.tui.app; print([m for m in ('numpy', 'sympy', 'lark') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_the_preview_shows_the_graph_of_what_was_begun(open_app: Open) -> None:
    begin("node-way/a", ["mine = x + y", "f = mine z", "4"])
    async with open_app(size=(120, 40)) as driver:
        driver.app.screen.query_one(ExerciseTree).focus()
        driver.app.screen.query_one(ExerciseTree).go_to("node-way/b")
        await driver.until(lambda: "(x² + 2·y)·z³" in driver.text(), "the function, typeset")
        assert "mine" not in driver.text()
        driver.app.screen.query_one(ExerciseTree).go_to("node-way/a")
        await driver.until(lambda: "mine" in driver.text(), "the graph so far")


async def test_a_pack_has_its_title_and_its_page(open_app: Open, tmp_path: Path) -> None:
    course = tmp_path / "course"
    (course / "week1").mkdir(parents=True)
    (course / "pack.toml").write_text(
        'title = "Deep [b]learning[/b]"\nname = "dl"\nabout = "Four weeks."\nstart = "Week one by Friday."\n',
        encoding="utf-8",
    )
    text = 'title = "Mine"\nfunction = "f(x) = 2x"\nat = { x = 3 }\n'
    (course / "week1" / "a.toml").write_text(text, encoding="utf-8")
    async with open_app(folders=(course,), size=(120, 140)) as driver:
        assert "Deep [b]learning[/b]" in driver.text() and "The course" in driver.text()
        tree = driver.app.screen.query_one(ExerciseTree)
        tree.focus()
        await driver.press("end", "up", "up")  # above its one topic with its one exercise
        await driver.until(
            lambda: "Week one by Friday." in driver.text() and "Four weeks." in driver.text(), "the page"
        )
        await driver.press("enter")
        assert isinstance(driver.app.screen, HomeScreen)
    async with open_app() as driver:
        assert "The course" not in driver.text(), "what ships needs no title while it is alone"
