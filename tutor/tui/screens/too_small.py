"""What a terminal shows that is too small for the app."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static

LEAST = Size(50, 15)
"""The smallest terminal that all of this fits into."""

_SAID = f"This window is too small: make it at least {LEAST.width} columns and {LEAST.height} lines."


def too_small(size: Size) -> bool:
    """Whether a terminal of this size has no room for the app."""
    return size.width < LEAST.width or size.height < LEAST.height


class TooSmallScreen(ModalScreen[None]):
    """Covers what is below, which keeps its text, cursor and place; goes away as soon as there is room."""

    CSS_PATH = "too_small.tcss"

    def compose(self) -> ComposeResult:
        """One sentence."""
        yield Static(_SAID, markup=False)

    def on_resize(self) -> None:
        """Go when there is room."""
        self._leave()

    def on_screen_resume(self) -> None:
        """Go also when there came to be room while another screen was on top."""
        self._leave()

    def _leave(self) -> None:
        if self.is_current and not too_small(self.app.size):
            self.dismiss()
