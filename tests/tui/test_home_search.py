"""Searching, narrowing down and what to do next, on the home screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.style import Style
from textual import events
from textual.widgets import Input

from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.learner import Store
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.widgets.exercise_tree import ExerciseTree


def listed(driver: Driver) -> set[str]:
    return set(driver.app.screen.query_one(ExerciseTree).leaves)


async def test_search_as_it_is_typed(open_app: Open) -> None:
    async with open_app() as driver:
        everything = listed(driver)
        await driver.press("slash", *"sigm")
        assert "sigmoid/gates" in listed(driver) < everything
        assert "gate by gate" in driver.text()
        assert "Esc shows all" in driver.text()
        assert "Enter open  ↓ to the list  Esc show all" in driver.text()
        await driver.press("down")
        assert isinstance(driver.app.focused, ExerciseTree)
        await driver.press("escape")
        assert listed(driver) == everything
        assert not driver.app.screen.query_one(Input).display


@pytest.mark.parametrize(
    ("words", "id"),
    [
        ("which way", "network/signs"),
        ("node-way/c", "node-way/c"),
        ("the jacobian", "losses/softmax"),
        ("2.2", "node-way/b"),
    ],
)
async def test_the_cursor_is_on_what_the_words_name_best(open_app: Open, words: str, id: str) -> None:
    async with open_app() as driver:
        await driver.press(
            "slash", *[{"/": "slash", " ": "space", "-": "minus", ".": "full_stop"}.get(sign, sign) for sign in words]
        )
        assert id in listed(driver)
        assert driver.app.screen.query_one(ExerciseTree).under_cursor == id


@pytest.mark.parametrize("leaves", ["escape", "palette"])
async def test_what_was_opened_from_a_search_is_come_back_to_in_the_whole_list(open_app: Open, leaves: str) -> None:
    async with open_app() as driver:
        everything = listed(driver)
        await driver.press("slash", *"jacobian of")
        assert "losses/softmax" in listed(driver) < everything
        if leaves == "palette":
            await driver.press("slash", *"fork", "ctrl+p")
            await driver.shows("Search for commands")
            await driver.press(*"Jacobian of", "enter")
        else:
            await driver.press("enter")  # once: the cursor is on what the words name best
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen) and driver.app.focused, "the exercise")
        opened = driver.app.screen.session.exercise
        await driver.press("escape", "q")
        await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")
        tree = driver.app.screen.query_one(ExerciseTree)
        assert listed(driver) == everything and not driver.app.screen.query_one(Input).display
        assert isinstance(driver.app.focused, ExerciseTree)
        assert tree.cursor_node.data.id == opened.id
        assert "Esc shows all" not in driver.text() and opened.file.title in driver.text()


async def test_a_search_is_begun_anew_and_folds_away_when_it_is_empty(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.press("slash", *"sigm", "down", "slash")
        await driver.press(*"fork")
        assert driver.app.screen.query_one(Input).value == "fork"
        await driver.press("escape", "slash", "tab")
        assert not driver.app.screen.query_one(Input).display, "nothing is looked for"
        await driver.press("escape")
        await driver.shows("Again: back to the list")


async def test_keys_typed_ahead_land_in_the_search(open_app: Open) -> None:
    async with open_app() as driver:
        app = driver.app
        for key, character in (("slash", "/"), ("n", "n"), ("a", "a")):  # n alone would open an exercise
            app.post_message(events.Key(key, character))
        await driver.until(lambda: app.screen.query_one(Input).value == "na", "the words")
        app.post_message(events.Key("slash", "/"))
        await driver.until(lambda: app.screen.query_one(Input).value == "na/", "a slash, which is text by now")


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_the_list_fits_and_does_not_jump_as_it_is_searched(open_app: Open, width: int) -> None:
    async with open_app(size=(width, 40)) as driver:
        tree = driver.app.screen.query_one(ExerciseTree)
        before = tree.region
        assert not tree.show_horizontal_scrollbar
        await driver.press("slash")
        assert (tree.region.x, tree.region.width) == (before.x, before.width)
        assert "Esc show all" in driver.text()
        for leaf in tree.leaves.values():
            drawn = tree.render_label(leaf, Style(), Style())
            assert drawn.cell_len + tree.guide_depth <= tree.scrollable_content_region.width


async def test_every_word_counts_and_nothing_found_says_so(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.press("slash", *"node-way", "space", *"power")
        assert listed(driver) == {"node-way/b"}
        await driver.press(*"zzz")
        assert listed(driver) == set()
        assert "Nothing matches" in driver.text() and "Enter open" not in driver.text()
        await driver.press("enter")
        assert isinstance(driver.app.screen, HomeScreen)
        await driver.press("escape")
        assert "node-way/a" in listed(driver)


async def test_filters_go_round(open_app: Open, home: Path) -> None:
    with Store(home) as store:
        store.set_progress("staging/f", "solved", 1, 1)
        store.set_progress("layers/complex", "started", 1, 4)
        store.set_progress("node-way/b", "started", 1, 4)
        store.mark_opened("node-way/b")
    async with open_app() as driver:
        everything = listed(driver)
        assert "Go on    2.2 (x² + 2y) z³: powers" in driver.text()
        seen, begun = [], {"node-way/b", "layers/complex"}
        for _ in range(5):
            await driver.press("f")
            seen.append(listed(driver))
        assert seen == [everything - {"staging/f"}, begun, {"staging/f"}, set(), everything]
        assert "b all 2 begun" in driver.text(), "what today does not go on with is a key away"
        await driver.press("b")
        assert listed(driver) == begun
        await driver.press("b")
        assert listed(driver) == everything
        await driver.press("n")
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen), "the exercise")
        assert "(x² + 2y) z³: powers" in driver.text()


async def test_letters_in_the_search_are_no_keys(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.press("slash", "n", "f", "j")
        assert isinstance(driver.app.screen, HomeScreen)
        assert driver.app.screen.query_one(Input).value == "nfj"


async def test_the_preview_is_set_as_mathematics(open_app: Open) -> None:
    async with open_app(size=(120, 40)) as driver:
        tree = driver.app.screen.query_one(ExerciseTree)
        tree.go_to("sigmoid/gates")
        await driver.until(lambda: "───────" in driver.text() and "1 + e" in driver.text(), "the fraction")
