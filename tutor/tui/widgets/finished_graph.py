"""The moment after the last gradient: the graph whole, what was found, and the key that leads on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tutor.text import harmless
from tutor.tui.commands import bindings
from tutor.tui.keys import digit_of, key_line, with_keys
from tutor.tui.line_breaks import broken
from tutor.tui.typed_ahead import PastedOn
from tutor.tui.widgets.statement import height_of

_SIDES = 2
"""Columns of padding."""

_INDENT = "  "
"""Before every line but the first."""


@dataclass(frozen=True)
class FinishedPass:
    """What there is to say of a finished backward pass."""

    title: str
    """The step's."""

    blanks: int
    tries: int
    gradients: Sequence[str]
    """Those of the inputs, each with its sum."""

    why: str
    """What makes it so: forks, mostly; "" for nothing."""

    next_title: str
    """The step that comes next."""


class FinishedGraph(Static, can_focus=True):
    """Stands in the place of the work, below the graph. Enter leads on, and so does whatever is pasted or typed on."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("exercise finished")

    def __init__(self, go_on: Callable[[], None]) -> None:
        super().__init__(markup=False)
        self._go_on = go_on
        self._says = self._shown = Content()
        self._next_title = ""
        self._lines: list[Content] = []

    def show(self, done: FinishedPass) -> None:
        """Say this."""
        tries = "" if not done.tries else f", {done.tries} wrong {'try' if done.tries == 1 else 'tries'}"
        lines = [
            Content.assemble(
                ("✓ ", "bold $right"), (f"{done.title} is done", "bold"), f": {done.blanks} blanks{tries}."
            ),
            *(Content.styled(f"{_INDENT}{harmless(text)}", "$gradient") for text in done.gradients),
        ]
        if done.why:
            lines.append(Content(f"{_INDENT}{harmless(done.why)}"))
        self._lines, self._next_title = lines, done.next_title
        self._lead_on(self.has_focus)

    def _lead_on(self, here: bool) -> None:
        """Say all of it, and the key that leads on: its own where the focus is `here`."""
        if self._lines:
            key = "{finished.on}" if here else "{exercise.on}"
            leads = key_line(self.app, key, f"on to {harmless(self._next_title)}")
            self._says = Content("\n").join([*self._lines, Content.assemble(_INDENT, leads)])
            self._write(self._says)

    def on_focus(self) -> None:
        """Its own key leads on."""
        self._lead_on(here=True)

    def on_blur(self) -> None:
        """Its own key does something else now."""
        self._lead_on(here=False)

    def _write(self, text: Content) -> None:
        self._shown = text
        self.update(broken(text, self.app.size.width - _SIDES, len(_INDENT)))

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._write(self._shown)

    def lines(self, width: int) -> int:
        """How many it takes in so many columns: its rule, what it says, and one for what else there may be to say."""
        return 2 + height_of(broken(self._says, width - _SIDES, len(_INDENT)).plain, width - _SIDES)

    def action_go_on(self) -> None:
        """On to what comes next."""
        self._go_on()

    def on_key(self, event: events.Key) -> None:
        """What is typed has no place here, which is said; letters that are commands do not come by."""
        if event.is_printable and event.key not in self.screen.active_bindings and digit_of(event) is None:
            event.stop()
            key = with_keys(self.app, "{finished.on}")
            leads = f"{key} leads to {harmless(self._next_title)}."
            said = f"{_INDENT}{event.character} is not kept: nothing is typed here. {leads}"
            self._write(Content("\n").join([self._says, Content.styled(said, "$text-muted")]))

    def _on_paste(self, event: events.Paste) -> None:
        """What is pasted goes to what comes next."""
        event.stop()
        self._go_on()
        self.post_message(PastedOn(event.text))
