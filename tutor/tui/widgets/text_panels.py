"""Texts that scroll: what the tutor says, and the exercise's introduction where there is no graph to be seen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.text import harmless
from tutor.tui.content import joined
from tutor.tui.keys import with_keys


class ScrollingText(VerticalScroll, can_focus=False):
    """Names the key that leads to what is not in sight, where there is more of it."""

    def watch_show_vertical_scrollbar(self) -> None:
        """Name the key, or no longer."""
        self._name_key()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """At the end the other key leads on."""
        super().watch_scroll_y(old_value, new_value)
        self._name_key()

    def _name_key(self) -> None:
        if not self.show_vertical_scrollbar:
            key = ""
        else:
            at_end = self.scroll_y >= self.max_scroll_y
            key = with_keys(self.app, f"   {{exercise.said_{'up' if at_end else 'down'}}}: more")
        self.border_title = f"{self.BORDER_TITLE}{key}"

    def turn(self, by: int) -> bool:
        """Scroll by so many lines; whether there was anything to scroll."""
        before = self.scroll_target_y
        self.scroll_relative(y=by, animate=False)
        return self.scroll_target_y != before


class FeedbackPanel(ScrollingText):
    """The last verdict, then hints and what else is said about the current blank, until something else is said."""

    BORDER_TITLE = "Tutor"

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        yield Static(markup=False)

    def show(self, *paragraphs: Content) -> None:
        """Say these paragraphs, from the top."""
        self.query_one(Static).update(joined(*paragraphs))
        self.scroll_home(animate=False)


class IntroPanel(ScrollingText):
    """A text that stays while the questions are answered."""

    BORDER_TITLE = "About this"

    def __init__(self, text: str) -> None:
        super().__init__(classes="" if text else "-empty")
        self._text = text

    def compose(self) -> ComposeResult:
        """The text."""
        yield Static(harmless(self._text), markup=False)
