"""The first run."""

from __future__ import annotations

from tests.tui.conftest import Open
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.home import HomeScreen


async def test_from_the_welcome_straight_into_the_first_exercise(open_app: Open) -> None:
    async with open_app(greet=True) as driver:
        assert "F2 gives a hint" in driver.text()
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen), "the exercise")
        assert "staging/f" in driver.text()
        await driver.press("escape", "q")
        assert isinstance(driver.app.screen, HomeScreen)


async def test_looking_around_first_and_no_welcome_later(open_app: Open) -> None:
    async with open_app(greet=True) as driver:
        await driver.press("escape")
        assert isinstance(driver.app.screen, HomeScreen)
        await driver.press("n")
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen), "the exercise")
    async with open_app() as driver:
        driver.app._greet = True
        driver.app.take_exercises(driver.app.library)
        assert isinstance(driver.app.screen, HomeScreen)
