"""What is typed and not yet checked is kept, a moment after the last key."""

from __future__ import annotations

from textual.screen import Screen
from textual.timer import Timer

from tutor.learner import StoreProblem
from tutor.questions import Blank
from tutor.session import Session

_DELAY = 0.4
"""Seconds after the last key."""


class Drafts:
    """Holds the text of the blank that is being typed in until the session has kept it."""

    def __init__(self, screen: Screen[None], session: Session) -> None:
        self._screen = screen
        self._session = session
        self._typed: tuple[Blank, str] | None = None
        self._timer: Timer | None = None

    def typed(self, blank: Blank, text: str) -> None:
        """Keep this text soon, unless more is typed before."""
        self.forget()
        self._typed = (blank, text)
        self._timer = self._screen.set_timer(_DELAY, self.keep)

    def keep(self) -> None:
        """Keep what was typed now."""
        typed = self._typed
        self.forget()
        if typed is None:
            return
        try:
            self._session.keep_draft(*typed)
        except StoreProblem as problem:
            self._screen.notify(str(problem), title="Not kept", severity="error", markup=False)

    def forget(self) -> None:
        """Keep nothing of it: it was handed in."""
        self._typed = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
