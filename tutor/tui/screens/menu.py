"""The letters: what can be done on the screen below, each thing by one key, whatever is being typed there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tutor.tui.commands import BY_ID, bindings
from tutor.tui.key_command import Command
from tutor.tui.keys import MENUS, PRESSES, clickable, digit_of, key_name, keys_of, own_keys, spoken
from tutor.tui.screens.dialog import Dialog

_PATIENCE = 0.3
"""Seconds until all letters are listed: who knows them has pressed one by then, and sees nothing flicker."""

_LAST = "q"
"""The letter that leaves: the line that does not have all of them ends in it."""

_ROWS = 6
_BETWEEN = 3

Offer = tuple[Command, str, str]
"""A command, the action that it has now, and its short words."""


class MenuScreen(Dialog[str]):
    """Dismissed with the action that was chosen, or with the key `key:…` that was none of the letters, or nothing."""

    CSS_PATH = "menu.tcss"

    BINDINGS: ClassVar[list[BindingType]] = bindings("menu")

    def __init__(
        self, screen: str, offers: Sequence[Offer], steps: int, step: str = "step", back: str = "back to typing"
    ) -> None:
        """`offers` is all that applies, in the order of the table; `steps` how many steps a number may go to.

        `screen` is the one below, as the table has it, `step` what its steps are called, and `back` where the key of
        letters leads back to.
        """
        super().__init__()
        self._menu = BY_ID[MENUS[screen]]
        self._step, self._back = step, back
        self._offers = {command.letter: (command, action, words) for command, action, words in reversed(offers)}
        self._order = list(dict.fromkeys(command.letter for command, _, _ in offers))
        self._steps = steps

    def compose(self) -> ComposeResult:
        """A line in the place of the bottom bar, which grows."""
        yield Static(id="letters", markup=False)

    def on_mount(self) -> None:
        """Begin with the line."""
        self._say("")
        self.set_timer(_PATIENCE, self._unfold)

    def _say(self, before: str) -> None:
        self._before = before
        if self.query_one("#letters", Static).has_class("-all"):
            self._unfold()
            return
        says = f"{before}{key_name(self._menu, own_keys(self.app))}, then a letter: "
        parts: list[Content | tuple[str, str]] = [(says, "$text-muted")]
        last = [letter for letter in self._order if letter == _LAST]  # what is looked for when lost
        room = self.app.size.width - 2 - cell_len(says) - sum(map(self._wide, last))
        for letter in self._order:
            if letter in last:
                continue
            room -= self._wide(letter)
            if room < 0:
                break
            parts.append(self._pair(letter))
        parts += map(self._pair, last)
        self.query_one("#letters", Static).update(Content.assemble(*parts))

    def _pair(self, letter: str) -> Content:
        return clickable(Content.assemble((spoken(letter), "bold $key"), f" {self._offers[letter][2]}  "), letter)

    def _wide(self, letter: str) -> int:
        return self._pair(letter).cell_length

    def _unfold(self) -> None:
        """List all letters, column by column."""
        letters = self.query_one("#letters", Static)
        letters.add_class("-all")
        key = key_name(self._menu, own_keys(self.app))
        letters.border_title = Content(f"{self._before}{key}, then a letter. Again: {self._back}")
        letters.update(self._table(self.app.size.width - 2))

    def _table(self, width: int) -> Content:
        cells = [(short_letter(letter), self._offers[letter][2], letter) for letter in self._order]
        if self._steps > 1:
            cells.append((f"1-{min(self._steps, 9)}", self._step, ""))
        columns = [cells[start : start + _ROWS] for start in range(0, len(cells), _ROWS)]
        widest = [max(cell_len(key) + 1 + cell_len(words) for key, words, _ in column) for column in columns]
        between = max(1, min(_BETWEEN, (width - sum(widest)) // max(1, len(columns) - 1)))
        lines = []
        for row in range(_ROWS):
            parts: list[Content] = []
            for column, wide in zip(columns, widest, strict=True):
                if row < len(column):
                    key, words, letter = column[row]
                    filled = " " * (wide - cell_len(key) - 1 - cell_len(words) + between)
                    parts.append(clickable(Content.assemble((key, "bold $key"), f" {words}{filled}"), letter))
            if parts:
                lines.append(Content.assemble(*parts))
        return Content("\n").join(lines)

    def on_key(self, event: events.Key) -> None:
        """A letter does what it stands for; a number goes to a step; other keys are for the screen below."""
        event.stop()
        event.prevent_default()
        if event.key in keys_of(self._menu, own_keys(self.app)).split(","):
            self.action_leave()
        elif event.key in self._offers:
            self.dismiss(self._offers[event.key][1])
        elif (number := digit_of(event)) is not None and 0 < number <= self._steps:
            self.dismiss(f"to_step({number})")
        elif event.is_printable:
            self._say(f"{event.character} does nothing here. ")
        elif event.key not in ("enter", "escape"):
            self.dismiss(f"key:{event.key}")

    def action_check(self) -> None:
        """What Enter does where no text is edited: check."""
        self.dismiss("enter")

    def action_leave(self) -> None:
        """Back to typing; after a letter that did nothing, as it is said then, this key and another."""
        if self._before:
            self._say("")
        else:
            self.dismiss("type")

    def on_click(self, event: events.Click) -> None:
        """A click is an answer too: no, where it is on none of the letters."""
        if PRESSES not in event.style.meta:
            self.dismiss("type")


def short_letter(letter: str) -> str:
    """How a letter of the alphabet is written in little room."""
    return {"left": "←", "right": "→"}.get(letter, spoken(letter))
