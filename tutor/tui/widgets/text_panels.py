"""Texts that scroll: what the tutor says, and the exercise's introduction where there is no graph to be seen."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static, TextArea

from tutor.text import harmless
from tutor.tui.content import StyledParagraph, Tone, read_as
from tutor.tui.keys import with_keys
from tutor.tui.line_breaks import BrokenText, broken
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.statement import height_of

_USUAL = 4
_WIDEST = 75
"""Columns of a paragraph, as in the style sheet."""

_LINES = 3
"""Those that a key scrolls at a time."""

_BAR = 2
"""Those of them that its bar takes."""


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
            place = getattr(self.screen, "bar_places", ("exercise",))[-1]
            key = with_keys(self.app, f"{{{place}.said_{'up' if at_end else 'down'}}}: more")
        self.name_key(key)

    def name_key(self, key: str) -> None:
        """Name it in the title."""
        self.border_title = "   ".join(filter(None, (self.BORDER_TITLE, key)))

    def turn(self, by: int) -> bool:
        """Scroll by so many lines; whether there was anything to scroll."""
        to = min(max(0, self.scroll_y + by), self.max_scroll_y)
        if to == self.scroll_y:
            return False
        self.scroll_to(y=to, animate=False, immediate=True)
        return True


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
        self._blank = ""
        """The key of the blank at hand."""
        self._reading = ""
        """How what is being typed there is read, as shown."""
        self._texts: dict[Static, Content] = {}
        """What stands in each row, before it is broken into lines."""

    def compose(self) -> ComposeResult:
        """As many paragraphs as are usual."""
        for _ in range(_USUAL):
            yield Static(markup=False)

    def name_key(self, key: str) -> None:
        """Have it named above."""
        self.post_message(self.Cut(key))

    def show(self, *paragraphs: StyledParagraph, blank: str = "") -> None:
        """Say these paragraphs, from the top; `blank` is the key of one whose answer is read in the first row."""
        self.said = paragraphs = tuple(one for one in paragraphs if one.text)
        self._blank, self._reading = blank, ""
        rows = list(self.query(Static))
        if len(paragraphs) > len(rows):
            more = [Static(markup=False) for _ in paragraphs[len(rows) :]]
            self.mount(*more)
            rows += more
        for number, row in enumerate(rows):
            row.display = number < len(paragraphs)
            row.styles.min_height = None
            if row.display:
                self._say(row, paragraphs[number], paragraphs[number].whole)
        rows[0].set_class(self._keeps_row(""), "-apart")
        self._set_hints_apart()
        self.scroll_home(animate=False)

    def _set_hints_apart(self) -> None:
        """An empty row stands before the first hint where all has room beside it, and none stands there already."""
        first = next((number for number, one in enumerate(self.said) if one.tone == "hint"), None)
        kept = self._keeps_row("")
        lines = sum(height_of(one.whole.plain, self.columns) for one in self.said) + kept
        for number, row in enumerate(self.query(Static)):
            row.set_class(number == first and not (kept and number == 1) and lines < self.size.height, "-below")

    def show_newest(self, tone: Tone) -> None:
        """Scroll no further than to the last paragraph of this tone: what stands before it stays in sight if it can."""
        last = max((number for number, one in enumerate(self.said) if one.tone == tone), default=0)
        rows = list(self.query(Static))
        if self.said:
            self.call_after_refresh(self.scroll_to_widget, rows[last], animate=False)

    def _say(self, row: Static, paragraph: StyledParagraph, text: Content) -> None:
        self._write(row, text)
        row.set_classes(f"-{paragraph.tone}")

    @property
    def columns(self) -> int:
        """Those of a paragraph's text; what scrolls it has a column of its own, also where nothing scrolls."""
        return min(_WIDEST, self.scrollable_content_region.width) - _BAR

    def _write(self, row: Static, text: Content) -> None:
        self._texts[row] = text
        row.update(broken(text, self.columns) if self.columns > 0 else text)

    def on_resize(self) -> None:
        """Break the lines anew."""
        for row, text in list(self._texts.items()):
            self._write(row, text)
        if not self._reading:
            self._set_hints_apart()

    @property
    def _verdict(self) -> StyledParagraph | None:
        """What was said last, where it is about the blank at hand."""
        last = self.said[0] if self.said else None
        return last if last is not None and self._blank and last.about == self._blank else None

    def _keeps_row(self, reading: str) -> bool:
        """Whether an empty row stands between the verdict and what comes below it: how an answer is read takes it."""
        verdict = self._verdict
        return verdict is not None and len(self.said) > 1 and not (verdict.reading or reading)

    def read(self, text: str, reading: str) -> None:
        """While `text` is typed: say how it is read, `reading`, in the row of the verdict; "" where nothing is to say.

        The last verdict on the blank at hand stays, and its own last line says it. Anything else gives its place, and
        as many lines as it took stay its place, so that nothing moves; it is back when the field is empty again. What
        was said of another blank goes as soon as something is typed here.
        """
        if not text.strip() and self._reading:
            self.show(*self.said, blank=self._blank)
            return
        verdict, row = self._verdict, self.query(Static).first()
        past = bool(text.strip() and self.said) and self.said[0].about not in ("", self._blank)
        if past:
            self.said = (StyledParagraph(Content("")), *self.said[1:])
        elif reading == self._reading and (reading or verdict is None):
            return
        self._reading = reading
        if verdict is None:
            row.styles.min_height = max(1, row.size.height + row.has_class("-below"))
            row.remove_class("-below")
            row.display = True
            self._say(row, StyledParagraph(Content("")), read_as(reading) if reading else Content(""))
            return
        if verdict.reading:
            row.styles.min_height = max(1, row.size.height)
        row.set_class(self._keeps_row(reading), "-apart")
        self._write(row, Content("\n").join([verdict.text, read_as(reading)]) if reading else verdict.text)


def scroll_on(screen: Screen[Any], by: int) -> None:
    """Scroll what is said, as its title says; where it has no more that way, the text or graph that has the focus, or
    else the introduction. No cursor moves."""
    focused = screen.focused
    if screen.query_one(FeedbackPanel).turn(_LINES * by):
        return
    if isinstance(focused, TextArea | GraphView):
        focused.scroll_relative(y=by * max(1, focused.size.height - 1), animate=False)
    else:
        screen.query_one(IntroPanel).turn(_LINES * by)


class IntroPanel(ScrollingText):
    """A text that stays while the questions are answered."""

    BORDER_TITLE = "About this"

    def __init__(self, text: str) -> None:
        super().__init__(classes="" if text else "-empty")
        self._text = text

    def compose(self) -> ComposeResult:
        """The text."""
        yield BrokenText(harmless(self._text))
