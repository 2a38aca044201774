"""Jumping to values, blanks, steps, other screens and exercises; lessons and words from where they are needed."""

from __future__ import annotations

from string import ascii_lowercase

import pytest
from textual.widgets import Input

from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.lessons import lessons
from tutor.lessons.texts import FIGURE
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.jump import JumpScreen, letters_for
from tutor.tui.screens.lessons import LessonScreen, ReadingList, WordScreen
from tutor.tui.widgets.blank_list import BlankList
from tutor.tui.widgets.exercise_tree import ExerciseTree
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.today_list import TodayList
from tutor.tui.widgets.work_pane import AnswerField, WorkPane

BEGUN = ["mid = x + y", "f = mid z", "4", "8"]


def at_hand(driver: Driver) -> str:
    typed = driver.app.screen.query_one(WorkPane).typed
    assert typed is not None
    return typed[0].key


def test_a_value_has_its_own_letter_or_the_first_that_is_free() -> None:
    assert letters_for(["x", "xy", "y", "mid"]) == {"x": "x", "xy": "a", "y": "y", "mid": "m"}
    assert letters_for(["W", "w1", "w2"]) == {"W": "w", "w1": "a", "w2": "b"}
    many = letters_for([f"gate{number}" for number in range(40)])
    assert sorted(many.values()) == list(ascii_lowercase)


async def test_in_an_exercise_to_a_value_a_step_and_another_screen(open_app: Open) -> None:
    async with open_app("node-way/a", begun=BEGUN) as driver:
        await driver.press(*"12", "escape", "j")
        assert isinstance(driver.app.screen, JumpScreen)
        labels = {str(label.content).strip(): label.region.offset for label in driver.app.screen.query(".label")}
        assert set(labels) == {"x", "y", "z", "m", "f"}
        rows = driver.text().splitlines()
        assert all(rows[at.y][at.x + 1] == letter for letter, at in labels.items())
        await driver.press("m")
        assert at_hand(driver) == "local:mid.0", "its first blank that is open"
        await driver.press("escape", "j", "2")
        assert at_hand(driver).startswith("value:")
        await driver.press("escape", "j", "G")
        assert isinstance(driver.app.focused, GraphView)
        await driver.press("j", "L")
        assert isinstance(driver.app.screen, ReadingList), "where no text is edited the letter acts alone"
        await driver.press("escape", "j", "H")
        assert isinstance(driver.app.screen, HomeScreen)


async def test_what_is_typed_behind_a_letter_that_leads_nowhere_is_not_for_the_field_below(open_app: Open) -> None:
    async with open_app("node-way/a", begun=BEGUN) as driver:
        await driver.press(*"12", "escape", "j", "q", "v", "w", "7", "space", "f7", "enter")
        await driver.shows("Enter leads nowhere here: a value by its name")
        assert isinstance(driver.app.screen, JumpScreen)
        await driver.press("escape")
        field = driver.app.screen.query_one(AnswerField)
        assert field.value == "12" and field.has_focus
        await driver.press("escape", "j", "q")
        await driver.shows("q leads nowhere here")
        await driver.press("m")
        assert at_hand(driver) == "local:mid.0" and isinstance(driver.app.screen, ExerciseScreen)


async def test_where_no_graph_is_seen_to_a_blank(open_app: Open) -> None:
    async with open_app("shapes/rules") as driver:
        await driver.press("escape", "j")
        labels = {str(label.content).strip() for label in driver.app.screen.query(".label")}
        rows = driver.app.screen_stack[1].query_one(BlankList)
        keys = list(rows.places())
        assert len(keys) > 1 and len(labels) == len(keys)
        await driver.press(letters_for(keys)[keys[1]])
        assert at_hand(driver) == keys[1]


async def test_at_home_to_an_exercise_by_its_number(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.press("escape", "j", *"5.2")
        tree = driver.app.screen_stack[0].query_one(ExerciseTree)
        assert tree.cursor_node.data.id == "derivatives/one-variable"
        await driver.press("backspace", "3")
        assert tree.cursor_node.data.id == "derivatives/two-variables" and "two variables" in driver.text()
        await driver.press("backspace", "9")
        assert "5.9  is not the number of an exercise" in driver.text()
        await driver.press("backspace", "1", "enter")
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen) and driver.app.focused, "the exercise")
        assert driver.app.screen.session.exercise.id == "derivatives/rules"
        await driver.press("escape", "q")
        await driver.press("escape", "j", "T")
        assert isinstance(driver.app.focused, TodayList)


# Lessons and words


@pytest.mark.parametrize("keys", [("ctrl+l",), ("escape", "l"), ("alt+l",)])
async def test_a_key_at_a_blank_opens_its_word_and_then_its_lesson(open_app: Open, keys: tuple[str, ...]) -> None:
    async with open_app("node-way/a", begun=[*BEGUN, "1"]) as driver:
        await driver.press("7", *keys)
        assert isinstance(driver.app.screen, WordScreen)
        assert "local derivative" in driver.text() and "local ∂f/∂mid, at f = mid·z" in driver.text()
        await driver.press("l")
        assert isinstance(driver.app.screen, LessonScreen) and "Lesson 3 of 10" in driver.text()
        await driver.press("escape")
        field = driver.app.screen.query_one(AnswerField)
        assert field.value == "7" and field.has_focus


async def test_lessons_are_found_read_and_tried(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.press("l", *"dout")
        assert "upstream" in driver.text() and "kink" not in driver.text()
        await driver.press("enter", "slash", *"forks add", "enter")
        assert "Lesson 4 of 10: Forks add" in driver.text()
        await driver.press("enter", "6", "enter")
        assert "✗" in driver.text() and "along another one too?" in " ".join(driver.text().split())
        await driver.press("8")
        assert driver.app.screen.query_one(Input).value == "8", "what was judged is replaced by what is typed"
        await driver.press("right", "backspace", "7", "enter", "escape", "enter", "8", "enter")
        assert "✓" in driver.text()
        await driver.press("enter")
        assert "Lesson 5 of 10" in driver.text()
        await driver.press("left", "y")
        assert lessons()[3].title in driver.app.clipboard
        assert "copied" in driver.text() or "clipboard" in driver.text()
        await driver.press("w", "right", "l")
        assert isinstance(driver.app.screen, LessonScreen)
        await driver.press("enter", "x", "escape", "escape")
        assert isinstance(driver.app.screen, HomeScreen)


async def test_every_lesson_is_seen_whole_in_the_smallest_window(open_app: Open) -> None:
    """No line of a figure is cut, and the field can be reached."""
    async with open_app(size=(60, 20)) as driver:
        await driver.press("l", "enter")
        for lesson in lessons():
            wide = driver.app.screen.query_one("#lesson").scrollable_content_region.width
            shown = str(driver.app.screen.query_one("#text").content)
            assert lesson.text.split("\n")[0] in " ".join(shown.split())
            figures = [line[len(FIGURE) :] for line in lesson.text.split("\n") if line.startswith(FIGURE)]
            assert all(f"  {line}" in shown.split("\n") and len(line) + 2 <= wide for line in figures), lesson.id
            await driver.press("enter")
            field = driver.app.screen.query_one(Input)
            assert driver.app.screen.find_widget(field).visible_region.height
            await driver.press("escape", "right")
