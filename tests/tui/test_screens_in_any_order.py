"""The palette, the settings and a window too small, in any order and faster than they open."""

from __future__ import annotations

from itertools import chain, permutations

import pytest
from textual import events
from textual.app import App
from textual.command import Command, Hit

from tests.sampling import one_in
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.tui.app import TutorApp
from tutor.tui.palette import ExerciseHit, Palette, ReadingHit, in_order
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.settings import SettingsScreen, ThemeList
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.paged_list import PagedList

ROOM, NONE, FLAT = (80, 24), (80, 8), (99, 3)
ORDERS = [
    ["ctrl+p", "f11", "ctrl+p"],
    ["ctrl+p", NONE, "ctrl+p", ROOM, "ctrl+p"],
    [NONE, "f11", ROOM, "escape"],
    [NONE, "ctrl+p", ROOM],
    ["f11", NONE, "f11", ROOM],
    ["f11", FLAT, "pagedown", "pageup", ROOM],
    ["ctrl+p", FLAT, "x", "pagedown", ROOM],
    ["f1", "ctrl+p", "f11", NONE, ROOM, "ctrl+p", "f11", "ctrl+p"],
    ["ctrl+g", "f11", "ctrl+p", "ctrl+p", NONE, "escape", FLAT, ROOM],
]


async def carry_out(driver: Driver, order: list[object]) -> None:
    for one in order:
        if isinstance(one, tuple):
            await driver.resize(*one)
        else:
            await driver.press(str(one))


def screens(app: TutorApp) -> list[type]:
    return [type(screen) for screen in app.screen_stack]


async def test_any_order(open_app: Open) -> None:
    async with open_app() as driver:
        for order in one_in(2, ORDERS):
            await carry_out(driver, order)
            assert screens(driver.app).count(Palette) <= 1 and screens(driver.app).count(SettingsScreen) <= 1, order
            assert Palette not in screens(driver.app)[:-1], order
            for _ in range(4):
                if screens(driver.app) != [HomeScreen]:
                    await driver.press("escape")
            assert screens(driver.app) == [HomeScreen], order


async def test_keys_that_come_faster_than_a_screen_goes(open_app: Open) -> None:
    async with open_app() as driver:
        for way in ("f1", "ctrl+g", "f11", "ctrl+p"):
            await driver.press(way)
            for _ in range(3):
                driver.app.post_message(events.Key("escape", None))
            await driver.until(lambda: screens(driver.app) == [HomeScreen], "the end of them")


async def test_the_palette_is_paged_before_it_is_there(open_app: Open) -> None:
    async with open_app() as driver:
        for key in ("ctrl+p", "y", "pageup", "pagedown", "escape"):
            driver.app.post_message(events.Key(key, key if key == "y" else None))
        await driver.until(lambda: screens(driver.app) == [HomeScreen], "home")


async def test_where_it_is_too_small_nothing_is_typed_but_the_key_that_quits(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await driver.press("p")
        await driver.resize(*NONE)
        await driver.press("x", "f9", "f9", "escape", "q")
        driver.app.post_message(events.Paste("pasted"))
        await driver.resize(*ROOM)
        assert driver.app.screen.query_one(EquationsEditor).text == "p"
        await driver.resize(*NONE)
        await driver.press("ctrl+q")
        assert driver.app._exit and driver.app.return_code == 0


class Lists(App[None]):
    """A list that has no line."""

    def compose(self):  # type: ignore[no-untyped-def]
        chosen = PagedList("one", "two")
        chosen.styles.height = 0
        yield chosen


@pytest.mark.parametrize("key", ["pageup", "pagedown"])
async def test_a_list_without_room_can_be_paged(key: str) -> None:
    async with Lists().run_test() as pilot:
        pilot.app.query_one(PagedList).highlighted = 0
        pilot.app.query_one(PagedList).focus()
        await pilot.press(key)
        assert issubclass(ThemeList, PagedList)


async def test_the_palette_has_each_command_once_and_none_of_no_use(open_app: Open) -> None:
    for start in (None, "node-way/a"):
        async with open_app(start) as driver:
            titles = [command.title for command in driver.app.get_system_commands(driver.app.screen)]
            assert len(titles) == len(set(titles))
            assert {"Quit", "Theme", "Settings", "Help"} <= set(titles)
            assert not {"Keys", "Maximize", "Minimize", "Screenshot"} & set(titles)


async def test_the_palette_finds_words_and_no_scattered_letters(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await driver.press("ctrl+p", *"hint")
        await driver.shows("Hint")
        await driver.filled()
        assert "Open this exercise" not in driver.text()
        assert "Jacobian" not in driver.text()


def test_what_fits_the_palette_equally_well_comes_in_one_order() -> None:
    kinds = {Hit: ("Hint", "Home"), ExerciseHit: ("Forks", "Chains"), ReadingHit: ("Word: gate", "Word: wire")}
    each = [[Command(name, kind(0.5, name, lambda: None)) for name in names] for kind, names in kinds.items()]
    ways = {tuple(one.hit.text for one in in_order(chain(*way))) for way in permutations(each)}
    assert ways == {("Hint", "Home", "Forks", "Chains", "Word: gate", "Word: wire")}


async def test_the_palette_opens_an_exercise(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await driver.press("p", "ctrl+p", *"squarednorm")
        await driver.until(lambda: "vectors/squared-norm" in driver.text(), "the exercise")
        await driver.press("enter")
        await driver.until(lambda: "‖W @ x‖²" in driver.text(), "its screen")
        await driver.until(lambda: screens(driver.app) == [HomeScreen, ExerciseScreen], "the exercise alone")
        assert driver.app.store.draft("node-way/a", "staging") == "p"
