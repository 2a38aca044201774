"""Where lines end: never inside `x = 3`, `2a · 3` or `Esc w`; below an option's letter only where its text began."""

from __future__ import annotations

import re

from rich.cells import cell_len
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static

UNBROKEN = "\u00a0"
"""A blank at which no line ends. Textual takes it for any other, so it is shown as one in what is broken here."""

_FACTORS = r"(?:-?\d\S* [·×] )"
_HELD = re.compile(rf"{_FACTORS}*[^\s=]+ = (?:\[+[^\[\]]*\]+|[^\s=]+)|{_FACTORS}+-?\d\S*|\[[^\[\]]*\]+|\bEsc \S(?!\w)")
"""A name or a product, and what it is equal to, up to the next blank or the end of a row of numbers; a product of
numbers; such a row; a letter and the key that comes before it."""

_WORD = re.compile(r"\S+\s*|\s+")
_FILLED = "x"


def broken(text: Content, width: int, hanging: int = 0) -> Content:
    """The text in lines of at most `width` cells, those after the first of a paragraph indented by `hanging`.

    A name stays with the `=` behind it and the value behind that, a product or a row of numbers with itself, where
    they take no more than half a line. A word that is longer than a line is left to be broken where it is shown.
    """
    rows = []
    for line in text.split("\n", allow_blank=True):
        parts = line.divide(_ends(line.plain, width, hanging)) or [line]
        rows.append(Content(f"\n{' ' * hanging}").join(part.rstrip() for part in parts) if len(parts) > 1 else line)
    made = Content("\n").join(rows)
    return Content(made.plain.replace(UNBROKEN, " "), list(made.spans)) if UNBROKEN in made.plain else made


def _ends(line: str, width: int, hanging: int) -> list[int]:
    """The places in a line at which one line ends and the next begins."""
    held = _HELD.sub(lambda found: _filled(found[0], width), line).replace(UNBROKEN, _FILLED)
    ends: list[int] = []
    column = 0
    for word in _WORD.finditer(held):
        text = line[word.start() : word.end()]
        if column > hanging * bool(ends) and column + cell_len(text.rstrip()) > width:
            ends.append(word.start())
            column = hanging
        column += cell_len(text)
    return ends


def _filled(part: str, width: int) -> str:
    return part.replace(" ", _FILLED) if cell_len(part) <= width // 2 else part


class BrokenText(Static):
    """A text that is broken so in whatever columns it has."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id, markup=False)
        self._whole = Content()

    def write(self, text: Content) -> None:
        """Show this text."""
        self._whole = text
        self.on_resize()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.update(broken(self._whole, self.size.width) if self.size.width else self._whole)


class Hanging(Visual):
    """A text whose further lines begin where `text` does, below which there is nothing under `before`."""

    def __init__(self, before: Content, text: Content) -> None:
        self._whole, self._indent = Content.assemble(before, text), before.cell_length

    def _in_lines(self, width: int) -> Content:
        return broken(self._whole, width, self._indent)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The lines."""
        return self._in_lines(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """All of it in one line."""
        return self._whole.get_optimal_width(rules, container_width)

    def get_minimal_width(self, rules: RulesMap) -> int:
        """The longest word."""
        return self._whole.get_minimal_width(rules)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """How many lines it takes."""
        return self._in_lines(width).get_height(rules, width)
