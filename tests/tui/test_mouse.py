"""The mouse: what has its key on the screen is done by a click on it, as by the key."""

from __future__ import annotations

from typing import Any

import pytest
from textual.geometry import Offset

from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.gates import GatesScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.lessons import ReadingList
from tutor.tui.screens.menu import MenuScreen
from tutor.tui.screens.solved import SolvedScreen
from tutor.tui.screens.welcome import WelcomeScreen


def place_of(driver: Driver, words: str) -> Offset:
    """Where these words begin on the screen, from its top left cell."""
    for row, line in enumerate(driver.text().splitlines()):
        if words in line:
            return Offset(line.index(words), row)
    raise AssertionError(f"{words!r} is not in sight:\n{driver.text()}")


async def click(driver: Driver, words: str) -> None:
    """Click on the first cell of these words."""
    await driver.pilot.click(offset=place_of(driver, words))
    await driver.filled()


async def test_a_topic_is_unfolded_and_an_exercise_opened(open_app: Open) -> None:
    async with open_app() as driver:
        await click(driver, "Longer graphs")
        assert "A four-gate chain" in driver.text()
        await click(driver, "Longer graphs")
        assert "A four-gate chain" not in driver.text()
        await click(driver, "Longer graphs")
        await click(driver, "A four-gate chain")
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen), "the exercise")


@pytest.mark.parametrize(
    ("opens", "words", "then"),
    [
        ("f1", "F1 close", HomeScreen),
        ("ctrl+l", "Esc close", HomeScreen),
        ("c", "close", HomeScreen),
        ("g", "Esc home", HomeScreen),
        ("m", "home", HomeScreen),
    ],
)
async def test_a_page_is_closed_by_its_key_in_the_frame(
    open_app: Open, opens: str, words: str, then: type[Any]
) -> None:
    async with open_app() as driver:
        await driver.press(opens)
        assert not isinstance(driver.app.screen, then)
        await driver.pilot.click(offset=place_of(driver, words))
        await driver.until(lambda: isinstance(driver.app.screen, then), "what was below")


async def test_the_welcome_leads_to_the_first_exercise(open_app: Open) -> None:
    async with open_app(greet=True) as driver:
        assert isinstance(driver.app.screen, WelcomeScreen)
        await driver.pilot.click(offset=place_of(driver, "begin with the first"))
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen), "the exercise")


async def test_the_bar_and_the_letters_behind_it(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await click(driver, "F2 hint")
        assert "Hint 1" in driver.text()
        await click(driver, "Esc more")
        await driver.until(lambda: driver.app.screen.query(".-all"), "all letters")
        await click(driver, "c gate card")
        assert isinstance(driver.app.screen, GatesScreen)


async def test_a_click_beside_the_letters_leaves_them(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await driver.press("escape")
        assert isinstance(driver.app.screen, MenuScreen)
        await driver.pilot.click(offset=(3, 3))
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen), "the exercise")
        assert not driver.text().count("Hint 1")


async def test_what_comes_after_a_solved_exercise(open_app: Open) -> None:
    async with open_app("staging/f") as driver:
        for line in ("a = x + y", "f = a z"):
            await driver.enter(line)
        await driver.until(lambda: isinstance(driver.app.screen, SolvedScreen), "the end")
        await driver.pilot.click(offset=place_of(driver, "look at it again"))
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen), "the exercise")


async def test_jump_labels_and_lines(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await driver.press("escape", "j")
        await driver.pilot.click(offset=place_of(driver, "L lessons"))
        await driver.until(lambda: isinstance(driver.app.screen, ReadingList), "the lessons")
