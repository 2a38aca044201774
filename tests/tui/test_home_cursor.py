"""The cursor of the home screen stays where the learner put it, wherever they have been meanwhile."""

from __future__ import annotations

import pytest

from tests.begun import begin
from tests.shipped import LIBRARY
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.catalogue.road import Road
from tutor.practice.variants import listing, variant_of
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.papers import PapersScreen
from tutor.tui.screens.progress import ProgressScreen
from tutor.tui.screens.review import ReviewScreen
from tutor.tui.widgets.exercise_tree import ExerciseTree
from tutor.tui.widgets.today_list import TodayList

BEGUN = ["a = x + y\nf = a z", "4", "8", "1"]


def cursor(driver: Driver) -> tuple[bool, str, str | None]:
    """Whether the day has the focus, and what the cursors of the day and of the list are on."""
    today, tree = driver.app.screen.query_one(TodayList), driver.app.screen.query_one(ExerciseTree)
    return today.has_focus, today.here.what if today.here is not None else "", tree.under_cursor


async def there_and_back(driver: Driver, way: str, screen: type) -> None:
    await driver.press(way)
    await driver.until(lambda: isinstance(driver.app.screen, screen) and driver.app.focused, way)
    await driver.press("escape")
    if screen is ReviewScreen:
        await driver.press("q")
    await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")
    await driver.filled()


@pytest.mark.parametrize("moves", [["down"], ["tab", "end"], ["tab", *["down"] * 4]], ids=["day", "topic", "list"])
async def test_it_is_where_it_was_after_any_other_screen(open_app: Open, moves: list[str]) -> None:
    begin("node-way/a", BEGUN)
    async with open_app() as driver:
        await driver.press(*moves)
        before = cursor(driver)
        for way, screen in (("d", ReviewScreen), ("p", ProgressScreen), ("x", PapersScreen)):
            await there_and_back(driver, way, screen)
            assert cursor(driver) == before, way


async def test_it_is_on_what_was_left(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.press("tab", *["down"] * 2, "enter")
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen) and driver.app.focused, "an exercise")
        assert isinstance(driver.app.screen, ExerciseScreen)
        id = driver.app.screen.session.exercise.id
        await driver.press("escape", "q")
        await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")
        assert cursor(driver)[2] == id


async def test_a_row_that_was_begun_is_gone_on_with(open_app: Open) -> None:
    begin("node-way/a", BEGUN)
    async with open_app() as driver:
        await driver.shows("Enter go on")
        await driver.press("down")
        await driver.shows("Enter begin")


async def test_what_enter_does_with_a_topic_is_said(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.press("tab", "end")
        await driver.shows("Enter unfold ")
        assert "Exam papers: 3 exercises. Enter unfolds it." in driver.text()
        await driver.press("enter")
        await driver.shows("Enter folds it away.")
        await driver.shows("Enter fold away ")


async def test_it_follows_its_row_where_others_come_before_it(open_app: Open) -> None:
    begin("node-way/a", BEGUN)
    async with open_app() as driver:
        await driver.press("down")
        _, before, _ = cursor(driver)
        today = driver.app.screen.query_one(TodayList)
        rows = today.rows
        today.show((rows[1], rows[0], *rows[2:]))
        assert today.here is not None and today.here.what == before and today.highlighted == 0


def test_each_line_of_the_list_has_a_number_of_its_own() -> None:
    drawn = variant_of(LIBRARY.exercises["node-way/a"], 7)
    listed = listing(LIBRARY, drawn)
    road = Road.of(listed)
    numbers = [road.number(one.id) for some in listed.topics.values() for one in some]
    assert len(set(numbers)) == len(numbers) and "" not in numbers
    topic = next(topic for topic, some in listed.topics.items() if any(one.id == drawn.id for one in some))
    assert road.number(drawn.id) == f"{road.topics[topic]}.1" and road.find(road.number(drawn.id)) == drawn.id
    assert road.number("node-way/a@8") == road.number("node-way/a"), "one that is not listed goes by its base"
