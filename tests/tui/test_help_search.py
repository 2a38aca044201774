"""What somebody looks for in the help is the first line found, by whatever word they call it."""

from __future__ import annotations

from textual.widgets import Input

from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.practice.skills import WORDS
from tutor.tui.commands import BY_ID
from tutor.tui.help_search import OTHER_WORDS, Searchable, ranked
from tutor.tui.screens.help import HelpScreen

AT_HOME = {
    "font": "app.settings", "dark mode": "app.settings", "theme": "app.settings", "colors": "app.settings",
    "exam": "exam", "test": "exam", "exit": "app.quit", "how do I quit": "app.quit", "statistics": "app.progress",
    "find": "search", "custom function": "own", "glossary": "app.lesson", "random": "made", "practice": "app.review",
    "keyboard": "help", "next": "next",
}  # fmt: skip
IN_EXERCISE = {
    "skip": "show", "give up": "show", "I give up": "show", "solution": "worked", "stuck": "hint", "hint": "hint",
    "answer": "show", "reset": "again", "start over": "again", "zoom": "graph_style", "copy": "copy", "back": "home",
    "leave": "home", "animation": "replay", "formula": "gates", "theory": "app.lesson", "next": "following",
}  # fmt: skip


async def first_for(driver: Driver, query: str) -> str:
    """What Enter does when this has been searched for."""
    screen = driver.app.screen
    assert isinstance(screen, HelpScreen)
    screen.query_one(Input).value = query
    await driver.pilot.pause()
    return next((row.action for row in screen._shown if row.action), "")


async def test_what_is_looked_for_comes_first(open_app: Open) -> None:
    for start, searches in ((None, AT_HOME), ("node-way/a", IN_EXERCISE)):
        async with open_app(start) as driver:
            await driver.press("escape", "question_mark")
            found = {query: await first_for(driver, query) for query in searches}
            assert found == searches
            await first_for(driver, "known")
            assert driver.app.screen._shown[1].says == WORDS["known"], "what is said of skills is explained"


def test_words_are_of_commands_that_there_are() -> None:
    assert not set(OTHER_WORDS) - set(BY_ID)


def test_lines_with_all_words_come_alone_and_else_those_with_some() -> None:
    lines = [
        Searchable("Hint", "clue", "a hint"),
        Searchable("Show", "", "the answer of a hint"),
        Searchable("z", "", ""),
    ]
    assert ranked("hint answer", lines) == [1]
    assert ranked("hint nothing", lines) == [0, 1]
    assert ranked("how do i", lines) == []
