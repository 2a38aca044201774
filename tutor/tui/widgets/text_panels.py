"""Texts that scroll: what the tutor says, and the exercise's introduction where there is no graph to be seen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from tutor.text import harmless
from tutor.tui.content import StyledParagraph
from tutor.tui.keys import with_keys

_USUAL = 4


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
            key = with_keys(self.app, f"{{exercise.said_{'up' if at_end else 'down'}}}: more")
        self.name_key(key)

    def name_key(self, key: str) -> None:
        """Name it in the title."""
        self.border_title = "   ".join(filter(None, (self.BORDER_TITLE, key)))

    def turn(self, by: int) -> bool:
        """Scroll by so many lines; whether there was anything to scroll."""
        before = self.scroll_target_y
        self.scroll_relative(y=by, animate=False)
        return self.scroll_target_y != before


class FeedbackPanel(ScrollingText):
    """The last verdict, then hints and what else is said about the current blank, until something else is said.

    It stands right below the field; a bar at the left of each paragraph says what it is.
    """

    class Cut(Message):
        """Something of what is said is out of sight, or no longer; `key` names the key that leads to it."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__()
        self.said: tuple[StyledParagraph, ...] = ()
        """What it says now."""

    def compose(self) -> ComposeResult:
        """As many paragraphs as are usual."""
        for _ in range(_USUAL):
            yield Static(markup=False)

    def name_key(self, key: str) -> None:
        """Have it named above."""
        self.post_message(self.Cut(key))

    def show(self, *paragraphs: StyledParagraph) -> None:
        """Say these paragraphs, from the top."""
        self.said = paragraphs = tuple(one for one in paragraphs if one.text)
        rows = list(self.query(Static))
        if len(paragraphs) > len(rows):
            more = [Static(markup=False) for _ in paragraphs[len(rows) :]]
            self.mount(*more)
            rows += more
        for number, row in enumerate(rows):
            row.display = number < len(paragraphs)
            if row.display:
                row.update(paragraphs[number].text)
                row.set_classes(f"-{paragraphs[number].tone}")
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
