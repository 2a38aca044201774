"""Practising in the app: new numbers, and functions of one's own."""

from __future__ import annotations

from textual.screen import Screen
from textual.widgets import DataTable, Input, OptionList, Static

from tests.practice.test_three_days import Clock, learn
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.learner import Store
from tutor.paths import own_folder
from tutor.runner import Runner
from tutor.tui.screens.again import AgainScreen
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.made_function import MadeFunctionScreen
from tutor.tui.screens.own_function import OwnFunctionScreen
from tutor.tui.screens.progress import ProgressScreen
from tutor.tui.screens.review import ReviewScreen
from tutor.tui.widgets.exercise_tree import ExerciseTree


async def on(driver: Driver, screen: type[Screen[object]]) -> None:
    await driver.until(lambda: isinstance(driver.app.screen, screen), screen.__name__)


def open_id(driver: Driver) -> str:
    screen = driver.app.screen
    return screen.session.exercise.id if isinstance(screen, ExerciseScreen) else ""


async def test_new_numbers_keep_what_is_half_done(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await driver.press("a")
        await driver.press("ctrl+o")
        await on(driver, AgainScreen)
        await driver.press("escape")
        await on(driver, ExerciseScreen)
        assert open_id(driver) == "node-way/a"
        await driver.press("ctrl+o")
        await on(driver, AgainScreen)
        await driver.press("y")
        await driver.until(lambda: open_id(driver) == "node-way/a@1", "new numbers")
        await driver.press("b", "escape", "q")
        await on(driver, HomeScreen)
        assert "node-way/a@1" in driver.app.screen.query_one(ExerciseTree).leaves
    with Store() as store:
        assert {store.draft("node-way/a", "staging"), store.draft("node-way/a@1", "staging")} == {"a", "b"}
    async with open_app() as driver:  # the next day it is listed again
        tree = driver.app.screen.query_one(ExerciseTree)
        await driver.until(lambda: "node-way/a@1" in tree.leaves, "what is half done")
        tree.go_to("node-way/a@1")
        await driver.press("enter")
        await driver.until(lambda: open_id(driver) == "node-way/a@1", "where it was left")


async def test_what_has_no_numbers_says_so(open_app: Open) -> None:
    async with open_app() as driver:
        driver.app.screen.query_one(ExerciseTree).go_to("autograd/modes")
        await driver.press("ctrl+o")
        notes = driver.app._notifications
        await driver.until(lambda: any("has no numbers" in note.message for note in notes), "a sentence")
        assert isinstance(driver.app.screen, HomeScreen)


async def test_a_function_of_ones_own(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.press("m")
        await on(driver, OwnFunctionScreen)
        reading = driver.app.screen.query_one("#reading", Static)
        driver.app.screen.query_one("#function", Input).value = "g(x) = ln(x)"
        driver.app.screen.query_one("#inputs", Input).value = "x = -1"
        await driver.until(lambda: "It has at x = 1" in str(reading.content), "a repair")
        await driver.press("enter", "escape")
        await on(driver, HomeScreen)
        await driver.press("m")
        await on(driver, OwnFunctionScreen)
        assert driver.app.screen.query_one("#function", Input).value == "g(x) = ln(x)"
        driver.app.screen.query_one("#inputs", Input).value = "x = 3"
        await driver.until(lambda: "╭─g──╮" in driver.text() and "Enter begin" in driver.text(), "the graph")
        rows = [line.strip("┃ ") for line in driver.text().splitlines()]
        last = next(number for number, row in enumerate(rows) if "Enter begin" in row)
        assert "".join(rows[last - 3 : last]), "no empty rows below a small graph"
        await driver.press("enter")
        await driver.until(lambda: open_id(driver) == "mine/g", "the exercise")
        assert (own_folder() / "mine" / "g.toml").is_file()


async def test_a_new_function_of_gates(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.press("g")
        await on(driver, MadeFunctionScreen)
        said = driver.app.screen.query_one("#said", Static)
        driver.app.screen.query_one("#gates", Input).value = "mul, exq"
        await driver.until(lambda: "Did you mean exp?" in str(said.content), "the nearest gate")
        await driver.press("enter")
        assert isinstance(driver.app.screen, MadeFunctionScreen)
        driver.app.screen.query_one("#gates", Input).value = "mul, exp, fork"
        await driver.until(lambda: "three operations" in str(said.content), "what was read")
        await driver.press("enter")
        await driver.until(lambda: open_id(driver) == "practice/exp-fork-mul-2@1", "the exercise")
        await driver.press("a", "ctrl+o")
        await on(driver, AgainScreen)
        await driver.press("y")
        await driver.until(lambda: open_id(driver) == "practice/exp-fork-mul-2@2", "another function")
    async with open_app() as driver:  # what is half done is listed the next day
        tree = driver.app.screen.query_one(ExerciseTree)
        await driver.until(lambda: "practice/exp-fork-mul-2@1" in tree.leaves, "what is half done")


async def test_a_mistake_on_the_progress_screen_is_drilled(open_app: Open) -> None:
    with Store() as store:
        learn(store, Clock(), Runner())
    async with open_app() as driver:
        await driver.press("p")
        await on(driver, ProgressScreen)
        await driver.press("question_mark")
        assert "gone wrong at least once" in driver.text(), "what shaky means is a key away"
        await driver.press("escape", "right")
        await driver.until(lambda: isinstance(driver.app.focused, OptionList), "the mistakes")
        await driver.press("left")
        await driver.until(lambda: isinstance(driver.app.focused, DataTable), "the gates")
        await driver.press("right")
        await driver.until(lambda: isinstance(driver.app.focused, OptionList), "the mistakes again")
        await driver.press("enter")
        await on(driver, ReviewScreen)
        screen = driver.app.screen
        assert isinstance(screen, ReviewScreen)
        assert screen.session.asked is not None
        await driver.shows("forks: shaky")
