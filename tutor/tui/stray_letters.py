"""Letters typed on where no text is edited any more: a command that leads away waits for a second press.

Letters are commands wherever nothing is typed. The focus may go while somebody types, when a program has been run or an
answer is right; a `q` meant as text is then the command that leaves. So after text a letter that leads away only says
so, and does it when it is pressed again. Any other key, a click, or the key of letters before it makes it a command at
once.
"""

from __future__ import annotations

from textual import events
from textual.app import App
from textual.screen import ModalScreen

from tutor.tui.commands import LEAVES
from tutor.tui.keys import edits_text, spoken


class StrayLetters:
    """What the keys before a letter say of it."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._typed = False
        """Whether the last thing that was done was to type text."""
        self._entered = False
        """Whether that text was handed in by Enter: a dialog that comes is read before a letter is pressed."""
        self._asked = ""
        """The letter that only needs to be pressed again."""

    def question(self, event: events.Key | events.Paste) -> str:
        """What to say in place of what a key does; "" where it is to be done. Every key comes by here, once."""
        asked, self._asked = self._asked, ""
        if edits_text(self._app):
            self._heed_text(event)
            return ""
        if isinstance(event, events.Paste) or not event.is_printable:
            self.forget()
            return ""
        words = self._leads_away(event.key)
        in_doubt = self._typed and not (self._entered and isinstance(self._app.screen, ModalScreen))
        if not words or not in_doubt:
            return ""
        if asked == event.key:
            self.forget()
            return ""
        self._asked = event.key
        key = spoken(event.key)
        return f"You were typing, and {key} is a command here: {words}. Press {key} again to do it."

    def forget(self) -> None:
        """Something else was done than to type: letters are meant as commands."""
        self._typed = self._entered = False

    def _heed_text(self, event: events.Key | events.Paste) -> None:
        if isinstance(event, events.Paste) or event.is_printable:
            self._typed, self._entered = True, False
        elif event.key == "enter":
            self._entered = self._typed
        else:
            self.forget()

    def _leads_away(self, key: str) -> str:
        """What a key does now, in words, where it leads away."""
        found = self._app.screen.active_bindings.get(key)
        if found is None or not found.enabled or found.binding.action.removeprefix("app.") not in LEAVES:
            return ""
        words = found.binding.description
        return words[0].lower() + words[1:]
