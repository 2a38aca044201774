"""Keys and pasted text, one after the other: each goes to where the focus is once those before it are dealt with.

Textual hands all keys that have come on at once, to the widget that has the focus then. A key that moves the focus, or
opens a screen, has done so only when it has been dealt with: without this, those typed behind it would go astray.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from textual.app import App
from textual.events import Key, Paste
from textual.keys import key_to_character
from textual.message import Message
from textual.widget import Widget

_PATIENCE = 10.0
"""Seconds after which the next key goes on though something is still at work, such as an animation."""

_LINE_END = "ctrl+j"
"""What some terminals send for a line end in pasted text, and for Enter pressed before the program had started."""


class PastedOn(Message):
    """What was pasted behind an answer that a field has handed in: it is for the field that comes next."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class TypedAhead:
    """The keys that wait. Until `begin` all of them do."""

    def __init__(self, app: App[Any], quits: Callable[[str], bool]) -> None:
        """`quits` says of a key whether it ends the app."""
        self._app = app
        self._quits = quits
        self._waiting: deque[Key | Paste] = deque()
        self._released: Key | Paste | None = None
        self._task: asyncio.Task[None] | None = None
        self._begun = False

    def begin(self) -> None:
        """From now on there is something to type into."""
        self._begun = True
        self._go_on()

    def hold(self) -> None:
        """From now on all keys wait, until it begins again: what they are for is still being loaded."""
        self._begun = False

    def first(self, text: str) -> None:
        """Paste this before all that waits: it was typed before."""
        self._waiting.appendleft(Paste(text))
        self._go_on()

    def take(self, event: Key | Paste) -> Key | Paste | None:
        """The event, where it is to be dealt with now; else None, and it comes again when it is."""
        if event is self._released:
            self._released = None
            return event
        if isinstance(event, Key) and event.key == _LINE_END:
            event = Key("enter", "\r")
        if self._is_urgent(event) or (self._begun and self._task is None and not self._waiting and self.settled):
            return event
        self._waiting.append(event)
        self._go_on()
        return None

    def _is_urgent(self, event: Key | Paste) -> bool:
        """Whether somebody wants to quit for the second time: what takes so long is not waited for."""
        if not isinstance(event, Key) or not self._quits(event.key):
            return False
        return any(isinstance(one, Key) and self._quits(one.key) for one in self._waiting)

    def _go_on(self) -> None:
        if self._begun and self._task is None and self._waiting:
            self._task = asyncio.create_task(self._release())

    async def _release(self) -> None:
        """Send on what waits, each when what was before it has been dealt with."""
        try:
            while self._begun and self._waiting and self._app.is_running:
                await self.settle()
                if not self._begun or not self._waiting:
                    break  # what was done last has still to be loaded, or has ended the app
                self._released = event = self._waiting.popleft()
                self._app.post_message(event)
                while self._released is event and self._app.is_running:
                    await asyncio.sleep(0)
        finally:
            self._task = None

    async def finish(self, deal_with: Callable[[Key | Paste], Awaitable[None]]) -> None:
        """Before the app ends: the text that has come on but was not dealt with yet goes to where the focus is.

        Not where what it was typed for is still being loaded, as when the app is told to end before its first screen.
        """
        if not self._begun:
            self.drop()
            return
        await _until(lambda: self._screen_settled)
        waiting = [self._released] if self._released is not None else []
        for event in (*waiting, *self._waiting):
            if isinstance(event, Key) and not event.is_printable:
                break  # what comes behind it may be for another field
            await deal_with(event)
        self.drop()
        await _until(lambda: self._screen_settled)

    def drop(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._released = None

    async def settle(self) -> None:
        """Wait until what was done last has had all its effects."""
        await _until(lambda: self.settled)

    @property
    def settled(self) -> bool:
        """Whether no message waits in the current screen or the app."""
        return not self._app.message_queue_size and self._screen_settled

    @property
    def _screen_settled(self) -> bool:
        if not self._app.screen_stack:
            return True  # the app ends
        screen = self._app.screen
        return screen.is_mounted and not any(
            widget.message_queue_size
            for widget in screen.walk_children(Widget, with_self=True)
            if widget.is_running or not widget.is_mounted  # else it could not open, and deals with nothing
        )


async def _until(holds: Callable[[], bool]) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + _PATIENCE
    while not holds() and loop.time() < end:
        await asyncio.sleep(0)


def taken_apart(event: Key, own: Mapping[str, str]) -> tuple[Key, ...]:
    """Alt and a key as Escape and that key, which is how many terminals send it; () where it has a use of its own.

    Who is fast, or far away, has pressed Escape and then a letter. `own` are the learner's own keys.
    """
    held, _, key = event.key.rpartition("+")
    if held not in ("alt", "alt+shift") or event.key in ",".join(own.values()).split(","):
        return ()
    if key_to_character(key) is None and key not in ("left", "right", "up", "down", "enter"):
        return ()
    key = key.upper() if held.endswith("shift") else key
    character = key if len(key) == 1 else key_to_character(key)
    return Key("escape", "\x1b"), Key(key, character)
