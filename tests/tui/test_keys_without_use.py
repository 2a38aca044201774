"""A key that can do nothing now says why, and one that leads somewhere unexpected says where."""

from __future__ import annotations

import pytest

from tests.faces.by_hand import WORKED
from tests.sampling import one_in
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.menu import MenuScreen
from tutor.tui.widgets.code_editor import CodeEditor

ANSWERS = WORKED["node-way/a"][0]


def words(driver: Driver) -> str:
    return " ".join(driver.said().split())


async def test_keys_that_can_do_nothing_here_say_why(open_app: Open) -> None:
    async with open_app("node-way/a", begun=ANSWERS[:2]) as driver:
        await driver.press("7", "f8")
        assert "F8 does nothing here: it checks equations" in words(driver)
        assert driver.app.screen.query_one("#answer").value == "7"  # type: ignore[attr-defined]
        await driver.press("f10")
        assert "only code is taken to another editor" in words(driver)


async def test_after_the_last_step_comes_the_first_with_a_word(open_app: Open) -> None:
    async with open_app("node-way/a", begun=ANSWERS[:-1]) as driver:
        await driver.press(*ANSWERS[-1], "enter", *"=")
        assert "= is not kept: nothing is typed here. Enter leads to Code." in driver.text()
        await driver.press("enter")
        editor = driver.app.screen.query_one(CodeEditor)
        await driver.press("ctrl+home")
        assert editor.cursor_location == (0, 0)
        await driver.press("ctrl+end")
        assert editor.cursor_location == editor.document.end
        await driver.press("ctrl+shift+home")
        assert editor.selected_text == editor.text
        await driver.press("f4")
        assert "Code is the last step. This is Stage again; Esc Left goes back to Code." in words(driver)


@pytest.mark.parametrize("sign", one_in(3, ["²", "①", "٣"]))
async def test_a_sign_that_looks_like_a_digit_is_none(open_app: Open, sign: str) -> None:
    """A French keyboard has a key for ²."""
    async with open_app("node-way/a") as driver:
        await driver.press("f7", sign)
        assert isinstance(driver.app.screen, ExerciseScreen)
        await driver.press("escape", "escape", "escape", sign)
        assert isinstance(driver.app.screen, MenuScreen)
        assert "does nothing here" in driver.text() and "q leave" in driver.text()
