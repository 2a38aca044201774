"""A letter that leads away does not while somebody types on where no field has the focus any more."""

from __future__ import annotations

from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.tui.commands import LEAVES
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.work_pane import AnswerField

STAGED = ["p = x + y\nf = p z"]


def asked(driver: Driver, key: str) -> bool:
    return any(f"Press {key} again" in one.message for one in driver.app._notifications)


async def typing_on(driver: Driver, *keys: str) -> None:
    """Text is typed, the focus goes to the graph under the hands, and the next keys come there."""
    driver.app.screen.query_one(AnswerField).focus()
    await driver.filled()
    await driver.press("x", "y")
    driver.app.screen.query_one(GraphView).focus()
    await driver.filled()
    await driver.press(*keys)


async def test_a_letter_typed_on_asks_before_it_leads_away(open_app: Open) -> None:
    async with open_app("node-way/a", begun=STAGED) as driver:
        screen = driver.app.screen
        await driver.press("f7")
        leading = [
            key
            for key, found in screen.active_bindings.items()
            if len(key) == 1 and found.binding.action.removeprefix("app.") in LEAVES
        ]
        assert set("qnvdaw") <= set(leading)
        for key in leading:
            await typing_on(driver, key)
            assert driver.app.screen is screen and asked(driver, key), key
            await driver.press("escape", "escape")
        await typing_on(driver, "z", "q")
        assert driver.app.screen is screen, "a letter in between is one that is typed on, too"
        await driver.press("q")
        assert isinstance(driver.app.screen, HomeScreen), "pressed again it does what it says"
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen), "the way back")


async def test_a_letter_meant_as_a_command_is_one_at_once(open_app: Open) -> None:
    async with open_app("node-way/a", begun=STAGED) as driver:
        for meant in (["escape"], ["f7"]):
            await driver.press("x", *meant, "q")
            await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")
            await driver.press("enter")
            await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen), "the exercise")


async def test_what_was_searched_for_does_not_quit(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.press("slash", *"sig", "enter", "q")
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen), "the exercise")
        await driver.press("q")
        assert isinstance(driver.app.screen, ExerciseScreen) and not driver.app._exit
    async with open_app() as driver:
        await driver.press("slash", *"sig", "down", "q")
        assert driver.app._exit, "the arrow key came between"
