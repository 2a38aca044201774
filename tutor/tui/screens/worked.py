"""The worked solution of an exercise, for the learner's own equations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.learner import Entry
from tutor.library import Exercise
from tutor.questions import Step
from tutor.questions.question import Paragraph
from tutor.session.exercise_view import paragraphs
from tutor.session.session import Session
from tutor.text import columns, harmless
from tutor.tui.clipboard import copy
from tutor.tui.commands import bindings
from tutor.tui.keys import line_of_keys
from tutor.tui.line_breaks import broken
from tutor.tui.screens.dialog import Dialog

_MARGINS = 9
"""Columns that border, padding, scrollbar and indentation take."""


_WIDEST = 105
"""Columns of text that a page has at most."""


def dressed(page: Sequence[Paragraph], width: int) -> Content:
    """The page with its headings to be seen; what is too long for `width` goes on as far in as it begins."""
    parts: list[Content] = []
    for paragraph in page:
        heading = [Content.styled(harmless(paragraph.heading), "bold $text-primary")] if paragraph.heading else []
        parts.append(Content("\n").join([*heading, *(_hung(harmless(line), width) for line in paragraph.lines)]))
    return Content("\n\n").join(parts)


def _hung(line: str, width: int) -> Content:
    """A line of text in lines that begin below each other; one in columns, as drawings have them, stays as it is."""
    text = line.lstrip()
    if columns(line) <= min(width, _WIDEST) or "  " in text:
        return Content(line)
    return broken(Content(line), min(width, _WIDEST), len(line) - len(text))


class WorkedScreen(Dialog[None]):
    """A page that scrolls; closed by Escape or F6."""

    CSS_PATH = "worked.tcss"

    BINDINGS: ClassVar[list[BindingType]] = bindings("worked")

    def __init__(self, session: Session, step: Step, ascii_only: bool = False) -> None:
        """`step` is one of the question whose solution is shown."""
        super().__init__()
        self._session = session
        self._question = session.view.number_of(step)
        self._text = ""
        self._ascii = ascii_only

    def compose(self) -> ComposeResult:
        """The text in a box."""
        with VerticalScroll(can_focus=False) as page:
            page.border_title = "Worked solution"
            page.border_subtitle = line_of_keys(
                self.app, ("{worked.up+worked.down}", "scroll"), ("{worked.copy}", "copy"), ("{worked.close}", "close")
            )
            yield Static("Working it out …", markup=False)

    def on_mount(self) -> None:
        """Paint first; closed forms take SymPy a while."""
        self._write(self._session.exercise, self._session.journal(), self.app.size.width - _MARGINS)

    @work(thread=True, exclusive=True)
    def _write(self, exercise: Exercise, journal: list[Entry], width: int) -> None:
        page = dressed(list(paragraphs(exercise, journal, self._ascii, width, self._question)), width)
        self.app.call_from_thread(self._show, page)

    def _show(self, page: Content) -> None:
        self._text = page.plain
        self.query_one(Static).update(page)

    def action_copy(self) -> None:
        """Copy the page."""
        self.query_one(VerticalScroll).border_subtitle = copy(self.app, self._text)

    def action_scroll(self, by: int) -> None:
        """Scroll the page."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
