"""What is given: the function and its inputs, in as many lines as there is room for."""

from __future__ import annotations

from functools import lru_cache

from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from tutor.language import Arrays
from tutor.text import harmless, whole_words
from tutor.tui.keys import with_keys
from tutor.tui.layout_budget import mathematics_limit, statement_limit
from tutor.tui.line_breaks import broken
from tutor.typesetting import typeset_statement

_SIDES = 2
"""Columns of padding."""


class Statement(Static):
    """Mathematics as mathematics where there is room, else as it is written; it says so where it is not all there."""

    def __init__(self, ascii_only: bool = False) -> None:
        super().__init__(id="statement", markup=False)
        self._text = ""
        self._arrays: Arrays | None = None
        self._ascii = ascii_only

    def show(self, text: str, arrays: Arrays | None = None) -> None:
        """Show this text, or its beginning; `arrays` are what products in its functions are read by."""
        self._text, self._arrays = harmless(text), arrays
        self._fit()

    def draw_with(self, ascii_only: bool) -> None:
        """Draw with these signs."""
        self._ascii = ascii_only
        self._fit()

    def on_resize(self) -> None:
        """Fit into the new width."""
        self._fit()

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return len(self.whole().split("\n")) if self.whole() else self._lines_as_written(self.app.size)

    def _lines_as_written(self, size: Size) -> int:
        most = statement_limit(size.width, size.height)
        return min(height_of(self._as_written(size.width), size.width - _SIDES), most) if self._text else 0

    def _as_written(self, width: int) -> str:
        return broken(Content(self._text), width - _SIDES).plain

    def whole(self, most: int | None = None, wide: int | None = None) -> str:
        """The text as mathematics in at most so many lines, `wide` columns; "" where it does not fit."""
        width, height = self.app.size
        room = mathematics_limit(height, matrices="[[" in self._text) if most is None else most
        wide = width - _SIDES if wide is None else wide
        return typeset_statement(self._text, wide, room, self._ascii, self._arrays) if self._text else ""

    def _fit(self) -> None:
        width, height = self.app.size
        whole = self.whole()
        key = with_keys(self.app, "{exercise.statement}").replace("Ctrl+", "^")
        limit = statement_limit(width, height)
        self.update(Content(whole) if whole else shortened(self._as_written(width), width - _SIDES, limit, key))


@lru_cache(maxsize=512)
def height_of(text: str, width: int) -> int:
    """How many lines a text takes when it is `broken`."""
    return broken(Content(text), width).get_height({}, max(1, width)) if text else 0


def shortened(text: str, width: int, limit: int, key: str) -> Content:
    """The text, where it takes at most `limit` lines; else as much of its beginning as fits, with the `key` for all."""
    if height_of(text, width) <= limit:
        return Content(text)
    more = f" … {key}"
    fits, cut = 0, len(text)
    while cut - fits > 1:
        middle = (fits + cut) // 2
        fits, cut = (middle, cut) if height_of(f"{text[:middle]}{more}", width) <= limit else (fits, middle)
    return Content.assemble(whole_words(text, fits), (more, "$key"))
