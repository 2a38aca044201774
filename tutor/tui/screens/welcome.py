"""The first thing a new learner sees: what this is, in a few lines."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from tutor.tui.commands import bindings
from tutor.tui.keys import key_line, own_keys, with_own_keys
from tutor.tui.line_breaks import BrokenText
from tutor.tui.screens.dialog import Dialog

_TEXT = (
    "Here you learn backpropagation by doing it. You split a function into single operations and watch its graph "
    "grow, run the numbers forward, carry the gradient back gate by gate, and write it all in NumPy.\n\n"
    "Every answer is checked at once, and what cannot be read costs nothing. In every exercise {exercise.hint} "
    "gives a hint, {lesson} says what the words mean and opens their lessons, and {exercise.help} says what the keys "
    "do. You can leave at any time: everything is kept."
)


class WelcomeScreen(Dialog[bool]):
    """Dismissed with whether to begin at once."""

    CSS_PATH = "welcome.tcss"

    BINDINGS: ClassVar[list[BindingType]] = bindings("welcome")

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical() as box:
            box.border_title = "Welcome to backprop-tutor"
            yield BrokenText(id="text")

    def on_mount(self) -> None:
        """Say it."""
        self.name_keys()

    def _text(self) -> Content:
        keys = Content("\n").join(
            key_line(self.app, key, does, 6)
            for key, does in (
                ("{welcome.begin}", "begin with the first exercise"),
                ("{welcome.look}", "look around first"),
            )
        )
        return Content("\n\n").join([Content(with_own_keys(_TEXT, own_keys(self.app))), keys])

    def name_keys(self) -> None:
        """Say it with the keys as they are now."""
        self.query_one(BrokenText).write(self._text())

    def action_begin(self, at_once: bool) -> None:
        """Close."""
        self.dismiss(at_once)
