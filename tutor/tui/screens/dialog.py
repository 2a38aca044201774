"""A screen that lies over another and gives an answer when it goes."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType

from tutor.tui.save_errors import SaysTrouble


class Dialog(SaysTrouble, ModalScreen[ScreenResultType]):
    """Keys can come faster than a screen goes: one that is no longer on top has nothing to dismiss."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Go, with a result, if this is the screen on top."""
        return super().dismiss(result) if self.is_active else AwaitComplete.nothing()  # type: ignore[no-untyped-call]
