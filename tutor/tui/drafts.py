"""What is typed and not yet checked is kept, a moment after the last key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar, runtime_checkable

from textual.screen import Screen
from textual.timer import Timer

from tutor.learner import StoreProblem


class Keyed(Protocol):
    """What a text belongs to: a blank, or a gate card."""

    @property
    def key(self) -> str:
        """Tells it from others."""


@runtime_checkable
class KeepsTyped(Protocol):
    """A screen with a field in it; before the app ends it is asked to keep what is typed there."""

    def keep_typed(self) -> None:
        """Keep what stands in the field now, be it a moment old."""


What = TypeVar("What", bound=Keyed)

_DELAY = 0.4
"""Seconds after the last key."""


class Drafts(Generic[What]):
    """Keeps the text of the field of a screen; what could not be kept stays here, and is tried again."""

    def __init__(
        self,
        screen: Screen[None],
        read: Callable[[], tuple[What, str] | None],
        write: Callable[[What, str], None],
    ) -> None:
        """`read` gives what the field is for and what stands in it, None where there is none; `write` keeps it."""
        self._screen = screen
        self._read = read
        self._write = write
        self._known: tuple[str, str] | None = None
        """Key and text, as the field was when it was last shown or kept."""
        self._unkept: dict[str, tuple[What, str]] = {}
        self._timer: Timer | None = None
        self._in_trouble = False

    def typed(self, what: What, text: str) -> None:
        """Keep this text soon, unless more is typed before."""
        self._stop()
        if (what.key, text) != self._known or what.key in self._unkept:
            self._unkept[what.key] = (what, text)
            self._timer = self._screen.set_timer(_DELAY, self.keep)

    def keep(self) -> None:
        """Keep what stands in the field now. A trouble with that is said once, until it works again."""
        now = self._read()
        if now is not None and (now[0].key, now[1]) != self._known:
            self._unkept[now[0].key] = now
            self._known = now[0].key, now[1]
        self.write()

    def write(self) -> None:
        """Keep all that was typed, as far as it is known: the field may be gone already."""
        self._stop()
        for key, (what, text) in list(self._unkept.items()):
            try:
                self._write(what, text)
            except StoreProblem as problem:
                if not self._in_trouble:
                    self._screen.notify(str(problem), title="Not kept", severity="error", markup=False)
                self._in_trouble = True
                return
            del self._unkept[key]
        self._in_trouble = False

    def unkept(self, what: What) -> str | None:
        """What was typed in there and is not kept yet; None where that is nothing."""
        found = self._unkept.get(what.key)
        return found[1] if found else None

    def shown(self) -> None:
        """What stands in the field now was put there, not typed."""
        now = self._read()
        self._known = (now[0].key, now[1]) if now is not None else None

    def forget(self) -> None:
        """Keep nothing of what stands in the field: it was handed in or given up."""
        self._stop()
        self.shown()
        if self._known is not None:
            self._unkept.pop(self._known[0], None)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
