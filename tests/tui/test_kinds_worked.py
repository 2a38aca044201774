"""Exercises of several kinds of question, worked in the app to the end with the keyboard."""

from __future__ import annotations

import pytest

from tests.sampling import one_in
from tests.session.test_catalogue import ANSWERS
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.questions import InputKind
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.solved import SolvedScreen
from tutor.tui.widgets.code_editor import CodeEditor

SMALL, LARGE = (80, 24), (120, 40)
WORKED = [
    ("shapes/rules", SMALL),
    ("derivatives/one-variable", LARGE),
    ("derivatives/direct-and-through", SMALL),
    ("network/forward", SMALL),
    ("tensors/element", LARGE),
    ("autograd/order", SMALL),
    ("autograd/recursion", LARGE),
    ("network/composed-linear", SMALL),
    ("autograd/plus", SMALL),
]


async def give(driver: Driver, screen: ExerciseScreen, right: str) -> None:
    """Answer the current blank in the way that its widget wants."""
    blank = screen._blank
    assert blank is not None
    if blank.wants is InputKind.CHOICE:
        await driver.press(*right.replace(" ", ""), "enter")
    elif blank.wants is InputKind.CODE:
        screen.query_one(CodeEditor).load_text(right)
        await driver.press("f5")
    else:
        await driver.enter(right)


@pytest.mark.parametrize(("id", "size"), one_in(2, WORKED), ids=str)
async def test_worked_with_keys(open_app: Open, id: str, size: tuple[int, int]) -> None:
    async with open_app(id, size) as driver:
        screen = driver.app.screen
        assert isinstance(screen, ExerciseScreen)
        for right, _ in ANSWERS[id]:
            blank = screen._blank
            assert blank is not None
            in_sight = blank.label[:20] in driver.text() or blank.prompt[:20] in driver.text()
            assert in_sight or blank.wants is InputKind.CODE, f"{blank.label} is out of sight:\n{driver.text()}"
            await give(driver, screen, right)
        await driver.until(lambda: isinstance(driver.app.screen, SolvedScreen), "the end")
        assert screen.session.solved
