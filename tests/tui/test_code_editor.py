"""The code editor: indentation is put in, kept and taken back."""

from __future__ import annotations

from tests.tui.conftest import Open
from tutor.tui.widgets.code_editor import CodeEditor


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
