"""A screen with a field in it: what is typed there is kept before the screen goes, and before the app does."""

from __future__ import annotations

from textual.screen import Screen, ScreenResultType

from tutor.tui.trouble import SaysTrouble


class KeepingScreen(SaysTrouble, Screen[ScreenResultType]):
    """Says how its text is kept; the app asks for it before it ends."""

    def keep_typed(self) -> None:
        """Keep what stands in the field now. Raises StoreProblem."""
