"""The exercise's introduction, where there is no graph to be seen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static

from tutor.text import harmless
from tutor.tui.widgets.scrolling_text import ScrollingText


class Lesson(ScrollingText):
    """A text that stays while the questions are answered."""

    BORDER_TITLE = "About this"

    def __init__(self, text: str) -> None:
        super().__init__(classes="" if text else "-empty")
        self._text = text

    def compose(self) -> ComposeResult:
        """The text."""
        yield Static(harmless(self._text), markup=False)
