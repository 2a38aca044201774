"""What is handed in as a choice was chosen: by its letter, by a mark, or by a cursor that was seen to move."""

from __future__ import annotations

from tests.tui.conftest import Open
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.widgets.bars import BottomBar


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
        await driver.press("up", "up")
        assert "▸ ○ a)" in driver.text() and "blank" not in [one.does for one in screen.query_one(BottomBar).keys]
        await driver.press("down", "enter", "enter")  # one too many
        assert [answer.text for answer in answers.values()] == ["b"]
        assert "Nothing is chosen yet" in driver.said() and "▸ ○" not in driver.text()
