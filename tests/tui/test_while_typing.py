"""What the exercise screen shows while an answer or an equation is typed, before it is checked."""

from __future__ import annotations

import pytest
from rich.segment import Segment

from tests.faces.by_hand import WORKED
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.text_panels import FeedbackPanel
from tutor.tui.widgets.work_pane import AnswerField

BACKWARD = WORKED["layers/complex"][0][:24]


async def type_in(driver: Driver, text: str) -> None:
    """Put a text into the field as if it was typed."""
    driver.app.screen.query_one(AnswerField).value = text
    await driver.filled()


def row_below_the_field(driver: Driver) -> str:
    field = driver.app.screen.query_one(AnswerField)
    return driver.text().splitlines()[field.region.bottom][field.region.x - 20 :]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_how_an_answer_is_read_is_said_where_the_verdict_comes(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app("layers/complex", size, begun=BACKWARD) as driver:
        await type_in(driver, "2(a+1)^2")
        assert "Read as 2·(a + 1)²" in row_below_the_field(driver)
        await type_in(driver, "2(a+1")
        assert "Read as" not in driver.text(), "it cannot be read yet"
        await type_in(driver, "-0.25")
        assert "Read as" not in driver.text(), "a number is its own echo"
        await type_in(driver, "∂f/∂x = 1/2a")
        assert "Not counted" not in driver.text()


async def test_a_verdict_stays_where_it_is_while_its_answer_is_mended(open_app: Open) -> None:
    async with open_app("layers/complex", (80, 24), begun=BACKWARD) as driver:
        await driver.enter("1/t^2")
        await driver.press("f2")
        said = driver.app.screen.query_one(FeedbackPanel)
        said.scroll_home(animate=False)
        await driver.filled()
        before = driver.text().splitlines()
        hint = next(number for number, line in enumerate(before) if "◆ Hint 1" in line)
        await type_in(driver, "1/(2t)^2")
        after = driver.text().splitlines()
        assert "✗ Not yet" in after[said.region.y] and "◆ Hint 1" in after[hint]
        assert any("Read as 1/(2·t)²" in line for line in after[said.region.y : hint])
        await type_in(driver, "")
        assert driver.text().splitlines()[said.region.y :] == before[said.region.y :]


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_equation_takes_the_place_of_the_question_and_the_field_stays(
    open_app: Open, size: tuple[int, int]
) -> None:
    async with open_app("node-way/c", size, begun=WORKED["node-way/c"][0][:12]) as driver:
        rows, seen = set(), False
        for _ in range(6):
            rows.add(driver.app.screen.query_one(AnswerField).region.y)
            seen = seen or "upstream × local = to" in driver.text()
            await driver.press("down")
        assert len(rows) == 1 and seen


def looks(driver: Driver) -> list[list[Segment]]:
    """The lines of the screen with their colours."""
    return [list(strip) for strip in driver.app.screen._compositor.render_strips()]


_KEYS = {"=": "equals_sign", "*": "asterisk", "(": "left_parenthesis", ")": "right_parenthesis", "+": "plus"}


async def test_after_every_key_the_equations_look_as_if_all_of_them_were_drawn_anew(open_app: Open) -> None:
    async with open_app("node-way/c", (80, 24)) as driver:
        editor = driver.app.screen.query_one(EquationsEditor)
        editor.cursor_blink = False
        editor.load_text("a = ln x\nb = sin y\nc = a + k")
        editor.move_cursor(editor.document.end)
        await driver.filled()
        for key in ("enter", *"d=c*(a)", "up", "up", "up", "end", *"+(k)", *("backspace",) * 9, *"k=", *"Q" * 40):
            looks(driver)
            await driver.press(_KEYS.get(key, key))
            shown = looks(driver)
            editor.refresh()
            await driver.filled()
            assert shown == looks(driver), key


async def test_page_keys_scroll_a_long_program_and_the_code_step_opens_clean(open_app: Open) -> None:
    async with open_app("autograd/engine", (80, 24)) as driver:
        editor = driver.app.screen.query_one(CodeEditor)
        at = editor.scroll_y
        await driver.press("pagedown")
        assert editor.scroll_y > at
        await driver.press("pageup", "pageup")
        assert editor.scroll_y == 0
    async with open_app("node-way/a", (80, 24), begun=WORKED["node-way/a"][0][:-1]) as driver:
        await driver.press("enter")
        assert "✓" not in driver.said() and "∂" not in driver.said()


async def test_that_nothing_is_typed_is_said_until_something_is(open_app: Open) -> None:
    async with open_app("node-way/a", (80, 24), begun=WORKED["node-way/a"][0][:2]) as driver:
        await driver.press("enter")
        assert "nothing here yet" in driver.said()
        await driver.press("7")
        assert "nothing here yet" not in driver.said()
