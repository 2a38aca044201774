"""One setting of a few choices, in a line: Left and Right turn it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tutor.text import harmless
from tutor.tui.commands import bindings

Value = bool | int

_TITLE_WIDTH = 19
"""Columns of the titles, so that the choices stand below each other."""


class SettingRow(Static, can_focus=True):
    """A title and its choice, such as `Graph in ASCII  ‹ no ›`. The choices stand in a ring."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("settings row")

    class Turned(Message):
        """The setting of this name has another value."""

        def __init__(self, name: str, value: Value) -> None:
            super().__init__()
            self.name = name
            self.value = value

    def __init__(self, name: str, title: str, choices: Sequence[tuple[Value, str]], value: Value) -> None:
        """`choices` are values and the words for them."""
        super().__init__(name=name, markup=False)
        self._title = title
        self._choices = tuple(choices)
        self._mark = " "
        self._index = [each for each, _ in choices].index(value)

    def on_mount(self) -> None:
        """Show the choice."""
        self._show()

    def on_focus(self) -> None:
        """Mark it with more than a colour."""
        self._mark = "▸"
        self._show()

    def on_blur(self) -> None:
        """Unmark it."""
        self._mark = " "
        self._show()

    def _show(self) -> None:
        word = self._choices[self._index][1]
        self.update(
            Content.assemble(
                f"{self._mark} {harmless(self._title):<{_TITLE_WIDTH}}  ", (f"‹ {harmless(word)} ›", "bold")
            )
        )

    def action_turn(self, by: int) -> None:
        """Take the next choice, or the one before."""
        self._index = (self._index + by) % len(self._choices)
        self._show()
        assert self.name is not None
        self.post_message(self.Turned(self.name, self._choices[self._index][0]))

    def on_click(self, event: events.Click) -> None:
        """A click takes the next choice."""
        event.stop()
        self.action_turn(1)
