"""The panel for what is said: verdicts and hints. It stays until something else is said."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tutor.tui.content import joined
from tutor.tui.widgets.scrolling_text import ScrollingText


class Said(ScrollingText):
    """The last verdict, then what has been said about the current blank. Page Up and Page Down scroll it."""

    BORDER_TITLE = "Tutor"

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        yield Static(markup=False)

    def show(self, *paragraphs: Content) -> None:
        """Say these paragraphs, from the top."""
        self.query_one(Static).update(joined(*paragraphs))
        self.scroll_home(animate=False)
