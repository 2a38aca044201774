"""A new function for practice: which gates it is to have, and how many operations."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from tutor.learner import SteadyStore
from tutor.practice.gate_request import GateRequest, NoSuchFunction, read_request
from tutor.questions.inflect import counted
from tutor.text import harmless
from tutor.tui.commands import bindings
from tutor.tui.keys import line_of_keys
from tutor.tui.screens.dialog import Dialog

_GATES, _LEVEL = "made gates", "made level"
"""Under these the two fields are kept: the next function is often of the same gates."""


class MadeFunctionScreen(Dialog[str]):
    """Two fields and what they were read as. Dismissed with the id of what is asked for, without a seed; or None."""

    CSS_PATH: ClassVar[list[str]] = ["made_function.tcss"]  # type: ignore[assignment]

    AUTO_FOCUS = "#gates"
    BINDINGS: ClassVar[list[BindingType]] = bindings("made")

    def __init__(self, store: SteadyStore) -> None:
        super().__init__()
        self._store = store

    def compose(self) -> ComposeResult:
        """A box with all of it."""
        with Vertical() as box:
            box.border_title = "A function made for you"
            box.border_subtitle = line_of_keys(self.app, ("Enter", "begin"), ("{made.close}", "home"))
            gates = Input(self._store.note(_GATES), placeholder="such as mul, exp, fork", id="gates")
            level = Input(self._store.note(_LEVEL) or "2", placeholder="such as 2", id="level")
            gates.border_title, level.border_title = "Gates", "Level, 1 to 5"
            yield gates
            yield level
            yield Static(id="said", markup=False)

    def on_input_changed(self) -> None:
        """Read it as it is typed."""
        self.keep_typed()
        gates, level = self._typed()
        self.query_one("#said", Static).update(harmless(_said(gates, level)))

    def on_input_submitted(self) -> None:
        """Begin, where it can be read; say why not where it cannot."""
        self.keep_typed()
        try:
            self.dismiss(read_request(*self._typed()).id)
        except NoSuchFunction as why:
            self.query_one("#said", Static).update(harmless(str(why)))

    def action_close(self) -> None:
        """Home; what is typed stays."""
        self.keep_typed()
        self.dismiss(None)

    def keep_typed(self) -> None:
        """Keep what stands in the fields."""
        if self.is_mounted:
            for name, text in zip((_GATES, _LEVEL), self._typed(), strict=True):
                self._store.keep_note(name, text)

    def _typed(self) -> tuple[str, str]:
        return self.query_one("#gates", Input).value, self.query_one("#level", Input).value


def _said(gates: str, level: str) -> str:
    """What was read, or why it cannot be; nothing yet where no gate is named."""
    if not gates.strip():
        return "Each time, both the function and its numbers are new."
    try:
        request = read_request(gates, level)
    except NoSuchFunction as why:
        return str(why)
    return _read_as(request)


def _read_as(request: GateRequest) -> str:
    fork = " A value in it forks." if request.forks else ""
    gates = f" with {', '.join(request.gates)}" if request.gates else ""
    return f"A function of {counted(request.size, 'operation')}{gates}.{fork}"
