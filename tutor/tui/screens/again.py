"""The question whether to begin an exercise again, with what that does."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tutor.session.session import Session
from tutor.text import harmless
from tutor.tui.commands import bindings
from tutor.tui.keys import key_line
from tutor.tui.screens.dialog import Dialog


class Why(StrEnum):
    """What makes it a question, in a sentence."""

    ASKED = "Begin this exercise again, from nothing?"
    DUE = "You have finished this exercise, and it is worth another look."
    CHANGED = "This exercise has changed since you solved it."
    FRESH = "The same on new numbers?"

    @staticmethod
    def of(session: Session) -> Why | None:
        """What the one who opens an exercise is to be told; None where there is nothing."""
        if session.changed:
            return Why.CHANGED
        return Why.DUE if session.finished and session.due else None


_DOES = (
    "All blanks will be empty again. Your answers stay in the journal, and what you solved stays known. When you have "
    "finished, it comes back for review later."
)

_FRESH_DOES = "This one stays as it is, half done: it opens again where you left off, under its own name."


class AgainScreen(Dialog[bool]):
    """Dismissed with whether to begin again."""

    CSS_PATH = "again.tcss"

    BINDINGS: ClassVar[list[BindingType]] = bindings("again")

    def __init__(self, title: str, why: Why, finished: bool) -> None:
        """`finished`: nothing is left to be done there. Else Enter alone, a habit of those who type, is not enough."""
        super().__init__()
        self._title = title
        self._why = why
        self._finished = finished

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical() as box:
            box.border_title = "Again"
            yield Static(self._text(), markup=False)

    def _text(self) -> Content:
        no = "leave it as it is" if self._why in (Why.ASKED, Why.FRESH) else "look at your answers"
        again = "new numbers" if self._why is Why.FRESH else "begin again"
        does = {"yes" if self._finished else "surely": again, "no": no}
        keys = Content("\n").join(key_line(self.app, f"{{again.{id}}}", what, 6) for id, what in does.items())
        title = Content.styled(harmless(self._title), "bold")
        after = _FRESH_DOES if self._why is Why.FRESH else _DOES
        return Content("\n\n").join([title, Content(self._why), Content(after), keys])

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Enter is a key only where nothing half done is put aside."""
        return action != "again" or self._finished

    def action_again(self) -> None:
        """Begin again."""
        self.dismiss(True)

    def action_surely(self) -> None:
        """Begin again, also where something is half done."""
        self.dismiss(True)

    def action_leave(self) -> None:
        """Leave all as it is."""
        self.dismiss(False)
