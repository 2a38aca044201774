"""Tab comes round on every screen, through what can be seen; from the graph every key leads back that should."""

from __future__ import annotations

import pytest

from tests.sampling import one_in
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.graph_view import GraphView

SIZES = [(50, 15), (80, 24), (120, 40)]
MOST_STOPS = 8
ROUND = [
    (None, ["", "n", "slash x"]), ("staging/f", ["", "ctrl+g", "f11", "f1"]), ("shapes/rules", [""]),
]  # fmt: skip
"""Where one starts, and the keys to each screen from there; Escape leads back, from an exercise with q."""


async def stops(driver: Driver, key: str) -> list[object]:
    """What has the focus in turn, from where it is until it comes back there."""
    first = driver.app.focused
    seen: list[object] = [first]
    for _ in range(MOST_STOPS):
        await driver.press(key)
        here = driver.app.focused
        if here is first:
            return seen
        assert here is not None, f"after {seen} nothing has the focus"
        assert here.region.area and driver.app.screen.region.contains_region(here.region), f"{here} is out of sight"
        seen.append(here)
    raise AssertionError(f"{key} does not come round: {seen}")


@pytest.mark.parametrize("size", one_in(2, SIZES[:2], 1), ids=lambda size: f"{size[0]}x{size[1]}")
async def test_tab_comes_round(open_app: Open, size: tuple[int, int]) -> None:
    for start, screens in ROUND:
        async with open_app(start, size) as driver:
            for keys in screens:
                await driver.press(*keys.split())
                forth = await stops(driver, "tab")
                assert len(forth) == len(await stops(driver, "shift+tab")), (start, keys)
                if keys:
                    await driver.press(*(["escape", "q"] if keys == "n" else ["escape"]))


@pytest.mark.parametrize("size", one_in(2, SIZES[1:], 1), ids=lambda size: f"{size[0]}x{size[1]}")
async def test_from_the_graph_back_to_the_equations(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app("staging/f", size) as driver:
        editor = driver.app.screen.query_one(EquationsEditor)
        for there in ("tab", "f7"):
            for back in ("tab", "f7", "escape escape", "g", "shift+tab"):
                await driver.press(there)
                assert isinstance(driver.app.focused, GraphView), (there, back)
                assert "F7 back" in driver.text()
                await driver.press(*back.split())
                assert driver.app.focused is editor and isinstance(driver.app.screen, ExerciseScreen), (there, back)
                assert "F7 graph" in driver.text()
        await driver.press("a")
        assert editor.text == "a" and editor.region.area


async def test_the_code_is_not_lost_either(open_app: Open) -> None:
    async with open_app("autograd/plus") as driver:
        assert isinstance(driver.app.focused, CodeEditor)
        driver.app.screen.set_focus(None)
        await driver.until(lambda: isinstance(driver.app.focused, CodeEditor), "the focus")
