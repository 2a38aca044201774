"""What is handed in as a choice was chosen: by its letter, by a mark, or by a cursor that was seen to move."""

from __future__ import annotations

from textual.color import Color

from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.tui.colours import contrast
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.themes import ENOUGH
from tutor.tui.widgets.bars import BottomBar


def least_contrast(driver: Driver, text: str) -> float:
    """The least of all signs in the line that shows this text."""
    strips = driver.app.screen._compositor.render_strips()
    strip = next(strip for strip in strips if text in strip.text)
    styles = [one.style for one in strip if one.text.strip() and one.style and one.style.color and one.style.bgcolor]
    pairs = [(Color.from_rich_color(one.color), Color.from_rich_color(one.bgcolor)) for one in styles]
    return min(contrast(*pair) for pair in pairs)


async def test_what_is_handed_in_was_chosen(open_app: Open) -> None:
    async with open_app("network/composed-linear", (80, 24)) as driver:
        screen = driver.app.screen
        assert isinstance(screen, ExerciseScreen)
        answers = screen.session.answers
        await driver.press("enter")
        assert "Nothing is chosen yet" in driver.said() and not answers
        for key in ("y", "i", "apostrophe", "space", "h", "i", "enter"):
            await driver.press(key)
            assert "no choice here" in driver.said() and "Hint" not in driver.said() and not answers
        await driver.press("d", "x", "b", "enter")
        assert "dxb is no choice" in driver.said() and not answers
        await driver.press("up", "C")
        assert "▸ ● c)" in driver.text(), "a capital chooses as well"
        assert least_contrast(driver, "▸ ● c)") >= ENOUGH
        await driver.press("up", "up")
        assert "▸ ○ a)" in driver.text() and "blank" not in [one.does for one in screen.query_one(BottomBar).keys]
        await driver.press("down", "enter", "enter")  # one too many
        assert [answer.text for answer in answers.values()] == ["b"]
        assert "Nothing is chosen yet" in driver.said() and "▸ ○" not in driver.text()
