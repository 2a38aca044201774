"""What the exercise screen shows while an answer or an equation is typed, before it is checked."""

from __future__ import annotations

import pytest
from rich.segment import Segment

from tests.faces.by_hand import WORKED
from tests.sampling import one_in
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.tui.screens.exercise import ExerciseScreen
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
            seen = seen or "upstream × local = downstream" in driver.text()
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
        at, cursor = editor.scroll_y, editor.cursor_location
        while "Page Down: more" in driver.text():  # what is said comes first
            await driver.press("pagedown")
        await driver.press("pagedown")
        assert editor.scroll_y > at
        await driver.press(*["pageup"] * 6)
        assert editor.scroll_y == 0 and "Page Down: more" in driver.text()
        assert editor.cursor_location == cursor, "reading moves no cursor"
    async with open_app("node-way/a", (80, 24), begun=WORKED["node-way/a"][0][:-1]) as driver:
        await driver.press("enter")
        assert "✓" not in driver.said() and "∂" not in driver.said()


async def test_that_nothing_is_typed_is_said_until_something_is(open_app: Open) -> None:
    async with open_app("node-way/a", (80, 24), begun=WORKED["node-way/a"][0][:2]) as driver:
        await driver.press("enter")
        assert "nothing here yet" in driver.said()
        await driver.press("7")
        assert "nothing here yet" not in driver.said()


@pytest.mark.parametrize("size", one_in(2, [(80, 24), (120, 40)], 1))
async def test_shapes_that_clash_are_said_before_enter_and_cost_nothing(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app("vectors/squared-norm", size, begun=WORKED["vectors/squared-norm"][0][:6]) as driver:
        assert isinstance(driver.app.screen, ExerciseScreen)
        said, field = driver.app.screen.query_one(FeedbackPanel).region, driver.app.screen.query_one(AnswerField).region
        for typed, shown in (
            ("dq*x", "≠ shape (2, 1), needs (2, 2)   Read as ∂f/∂q ⊙ x"),
            ("W.T@2", "≠ In Wᵀ @ 2 the shapes (2, 2) and scalar do not"),
            ("dq @", "needs (2, 2)"),
            ("dq @ x.T", "shape (2, 2)   Read as ∂f/∂q @ xᵀ"),
            ("3", "≠ a number, needs (2, 2)"),
        ):
            await type_in(driver, typed)
            line = driver.text().splitlines()[field.bottom]
            assert shown in line and ("≠" in line) == shown.startswith("≠"), line
        await driver.press("enter")
        screen = driver.app.screen
        assert "Not counted" in driver.said() and "≠" in driver.text() and screen.session.total_tries == 0
        assert (screen.query_one(FeedbackPanel).region, screen.query_one(AnswerField).region) == (said, field)


async def test_the_text_in_full_goes_back_to_what_was_said(open_app: Open) -> None:
    async with open_app("layers/complex", (80, 24), begun=BACKWARD) as driver:
        await driver.enter("1/t^2")
        said = driver.said()
        await driver.press("ctrl+t")
        assert "From the output back" in driver.said()
        await driver.press("ctrl+t")
        assert driver.said() == said and "✗ Not yet" in said
        await driver.press("ctrl+t", "2")
        assert driver.said() == said, "it is back as soon as one types on"


async def test_a_first_wrong_run_names_the_line_and_the_next_hint_what_is_wrong_with_it(open_app: Open) -> None:
    function = (
        "def q2a(x, y, z):\n    a = x + y\n    out = a * z\n    fz = a\n    da = z\n    fx = da\n    fy = da + x\n"
    )
    async with open_app("node-way/a", (80, 24), begun=WORKED["node-way/a"][0]) as driver:
        editor = driver.app.screen.query_one(CodeEditor)
        editor.load_text(f"{function}    return out, fx, fy, fz\n")
        await driver.press("f8")
        await driver.shows("✗ Not yet")
        wrong = next(line for line in driver.text().splitlines() if "fy = da + x" in line)
        assert wrong.startswith(" 7✗") and "←" not in wrong
        assert "fy on line 7 is not" in driver.said() and "the term x" not in driver.said()
        await driver.press("f2")
        assert "Line 7: the term x should not be in da + x" in driver.said()
        editor.load_text(f"{function.replace('da + x', 'da - x')}    return out, fx, fy, fz\n")
        await driver.press("f8")
        await driver.until(lambda: driver.said().count("✗ Not yet") == 1 and "Hint" in driver.said(), "the verdict")
        assert "←" in driver.text(), "a second run says all"


async def test_a_line_that_is_no_part_of_the_function_has_no_check_mark(open_app: Open) -> None:
    async with open_app("node-way/a", (80, 24)) as driver:
        await driver.enter("a = x*y")
        assert "1· a = x*y" in driver.text() and "no part of the function" in driver.said().replace("\n", " ")
        await driver.enter("b = x + y")
        await driver.enter("f = b + z")
        text = driver.text()
        assert "1· a = x*y" in text and "2✓ b = x + y" in text and "3✗ f = b + z" in text


async def test_tab_closes_the_letters_and_leaves_code_as_it_is(open_app: Open) -> None:
    async with open_app("autograd/mul", (80, 24)) as driver:
        editor = driver.app.screen.query_one(CodeEditor)
        before = editor.text
        await driver.press("escape", "tab")
        assert driver.app.screen.focused is editor and editor.text == before
