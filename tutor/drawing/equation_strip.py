"""The equation that a gradient comes from, as words over numbers, where there is no room for the gate from near by.

upstream × local  = to i
-0.149   × -1.403 = ?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tutor.drawing.canvas import ASCII_LINES, Canvas
from tutor.drawing.characters import in_ascii, width
from tutor.drawing.layout import number_role
from tutor.drawing.spec import ASKED, OPEN, OPEN_ASCII, Drawing

_APART = "   "
"""Between the words and the numbers, where they stand in one row."""


@dataclass(frozen=True, slots=True)
class StripTerm:
    """A part of the equation: what it is called, and its number as text; "?" where it is still to be found."""

    word: str
    number: str


@dataclass(frozen=True, slots=True)
class EquationStrip:
    """What is multiplied or added up, and what comes of it, which is what is asked."""

    terms: tuple[StripTerm, ...]
    sign: Literal["×", "+"]
    result: StripTerm


def draw_equation_strip(strip: EquationStrip, columns: int, in_one_row: bool, ascii: bool = False) -> Drawing | None:
    """Draw it in at most so many columns, in two rows or one; None where it does not fit."""
    parts = [*strip.terms, strip.result]
    signs = [strip.sign] * (len(strip.terms) - 1) + ["="]
    words = [_plain(part.word, ascii) for part in parts]
    numbers = [_number(part, part is strip.result, ascii) for part in parts]
    signs = [_plain(sign, ascii) for sign in signs]
    if in_one_row:
        first, second = _places(words, signs, 0), _places(numbers, signs, 0)
        indent = first[-1] + width(words[-1]) + len(_APART)
        places = first, [indent + place for place in second]
    else:
        wider = [max(words[at], numbers[at], key=width) for at in range(len(parts))]
        places = (_places(wider, signs, 0),) * 2
    wide = max(at[-1] + width(texts[-1]) for at, texts in zip(places, (words, numbers), strict=True))
    if wide > columns:
        return None
    canvas = Canvas(wide, 1 if in_one_row else 2, ASCII_LINES if ascii else {})
    for row, (texts, at) in enumerate(zip((words, numbers), places, strict=True)):
        y = 0 if in_one_row else row
        for number, (text, x) in enumerate(zip(texts, at, strict=True)):
            canvas.write(x, y, text, "plain" if row == 0 else number_role(text, "gradient"), None)
            if number < len(signs):
                canvas.write(at[number + 1] - width(signs[number]) - 1, y, signs[number], "plain", None)
    return Drawing(canvas.lines(), wide, canvas.height, (), "compact")


def _places(texts: list[str], signs: list[str], start: int) -> list[int]:
    """The columns in which the texts begin, each two with a sign between them."""
    places = [start]
    for text, sign in zip(texts, signs, strict=False):
        places.append(places[-1] + width(text) + width(sign) + 2)
    return places


def _number(part: StripTerm, asked: bool, ascii: bool) -> str:
    """A number; what is still to be found is a dot, but for the one that is asked."""
    if part.number == ASKED:
        return ASKED if asked else OPEN_ASCII if ascii else OPEN
    return _plain(part.number, ascii)


def _plain(text: str, ascii: bool) -> str:
    return in_ascii(text) if ascii else text
