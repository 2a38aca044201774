"""The question whether to hand a paper in, with what is still open and how much time is left."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from tutor.papers.result import clock
from tutor.papers.sitting import Sitting, runs
from tutor.tui.commands import bindings
from tutor.tui.keys import key_line
from tutor.tui.line_breaks import BrokenText
from tutor.tui.screens.dialog import Dialog


class HandInScreen(Dialog[bool]):
    """The question whether to hand in. Dismissed with the answer."""

    CSS_PATH = "hand_in.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("handing")

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self._sitting = sitting

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical() as box:
            box.border_title = "Hand in"
            yield BrokenText(self._text())

    def _text(self) -> Content:
        sitting = self._sitting
        flagged = [f"Flagged: {runs(sorted(sitting.flags))}."] if sitting.flags else []
        left = "\n".join([*sitting.what_is_open(), *flagged, f"{clock(sitting.left)} left."])
        after = "Then it is marked, and code is run. Nothing can be changed after that."
        does = {"{handing.yes}": "hand in", "{handing.no}": "go back"}
        keys = Content("\n").join(key_line(self.app, key, what, 6) for key, what in does.items())
        return Content("\n\n").join([Content(left), Content(after), keys])

    def action_agree(self, agreed: bool) -> None:
        """Close with the answer."""
        self.dismiss(agreed)
