"""The code editor: indentation is put in, kept and taken back."""

from __future__ import annotations

from tests.tui.conftest import Open
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.line_marks import LineMarks


async def test_an_indentation_is_taken_back_by_a_step(open_app: Open) -> None:
    async with open_app("autograd/mul") as driver:
        editor = driver.app.screen.query_one(CodeEditor)
        editor.load_text("def f(x):\n    if x:\n        a = 1\n  b = 2\n")
        editor.focus()
        editor.move_cursor((2, 8))
        await driver.press("backspace")
        assert editor.document.get_line(2) == "    a = 1" and editor.cursor_location == (2, 4)
        await driver.press("tab", "shift+tab", "shift+tab")
        assert editor.document.get_line(2) == "a = 1"
        await driver.press("shift+tab", "backspace")
        assert editor.document.get_line(1) == "    if x:a = 1", "at the margin Backspace joins lines"
        editor.load_text("    a = 1\n  b = 2\n        c\nd")
        editor.select_all()
        await driver.press("shift+tab")
        assert editor.text == "a = 1\nb = 2\n    c\nd"


async def test_the_cursor_goes_along_to_a_line_that_is_out_of_sight(open_app: Open) -> None:
    async with open_app("autograd/mul", (80, 24)) as driver:
        editor = driver.app.screen.query_one(CodeEditor)
        text = "\n".join(f"line = {number}" for number in range(60))
        editor.load_text(text)
        editor.focus()
        editor.move_cursor((50, 0))
        await driver.until(lambda: editor.scroll_offset.y > 30, "the cursor in sight")
        editor.mark(LineMarks(text, {48: "wrong"}))
        await driver.press("left", "right")
        assert editor.cursor_location == (50, 0), "it is in sight"
        editor.mark(LineMarks(text, {40: "unread", 10: "wrong"}))
        await driver.until(lambda: editor.cursor_location == (10, 9), "the cursor at the line with the mistake")
        await driver.press("5")
        top = editor.scroll_offset.y
        assert editor.document.get_line(10) == "line = 105" and top <= 10 < top + editor.size.height
        await driver.press("ctrl+z")
        assert editor.text == text and editor.cursor_location[0] == 10


async def test_the_cursor_stays_where_something_was_typed_meanwhile(open_app: Open) -> None:
    async with open_app("autograd/mul", (80, 24)) as driver:
        editor = driver.app.screen.query_one(CodeEditor)
        text = "\n".join(f"line = {number}" for number in range(60))
        editor.load_text(text)
        editor.focus()
        editor.move_cursor((50, 9))
        await driver.press("0")
        editor.mark(LineMarks(text, {10: "wrong"}))
        await driver.press("1")
        assert editor.document.get_line(50) == "line = 5001" and editor.scroll_offset.y > 30
