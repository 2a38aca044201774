"""What is given: the function and its inputs, in as many lines as there is room for."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tutor.text import harmless
from tutor.tui.rooms import statement_limit

_SIDES = 2
"""Columns of padding."""


class Statement(Static):
    """Text that says so where it is not all there."""

    def __init__(self) -> None:
        super().__init__(id="statement", markup=False)
        self._text = ""

    def show(self, text: str) -> None:
        """Show this text, or its beginning."""
        self._text = harmless(text)
        self._fit()

    def on_resize(self) -> None:
        """Fit into the new width."""
        self._fit()

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        width, height = self.app.size
        return min(height_of(self._text, width - _SIDES), statement_limit(width, height)) if self._text else 0

    def _fit(self) -> None:
        width, height = self.app.size
        self.update(shortened(self._text, width - _SIDES, statement_limit(width, height)))


def height_of(text: str, width: int) -> int:
    """How many lines a text takes."""
    return Content(text).get_height({}, max(1, width)) if text else 0


def shortened(text: str, width: int, limit: int) -> Content:
    """The text, where it takes at most `limit` lines; else as much of its beginning as fits, with the key for all."""
    if height_of(text, width) <= limit:
        return Content(text)
    fits, cut = 0, len(text)
    while cut - fits > 1:
        middle = (fits + cut) // 2
        fits, cut = (middle, cut) if height_of(f"{text[:middle]}{_MORE}", width) <= limit else (fits, middle)
    return Content.assemble(text[:fits].rstrip(), (_MORE, "$text-accent"))


_MORE = " … ^L"
