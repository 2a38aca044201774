"""What a terminal shows that is too small for the app."""

from __future__ import annotations

from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

LEAST = Size(50, 15)
"""The smallest terminal that all of this fits into."""

_SAID = f"This window is too small: make it at least {LEAST.width} columns and {LEAST.height} lines."


def too_small(size: Size) -> bool:
    """Whether a terminal of this size has no room for the app."""
    return size.width < LEAST.width or size.height < LEAST.height


class TooSmall(Static):
    """Covers a screen, which keeps its text, cursor and place below. It is no screen: nothing opens or closes it."""

    def __init__(self) -> None:
        super().__init__(_SAID, markup=False)


def cover(screen: Screen[object], covered: bool) -> None:
    """Cover a screen, or let it be seen."""
    for sentence in screen.query(TooSmall):
        sentence.display = covered
        return
    if covered:
        screen.mount(TooSmall())
