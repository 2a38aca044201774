"""Text from files and learners made safe for a terminal, in lines that fit, in ASCII where that is all there is."""

from __future__ import annotations

import re
from typing import TextIO

WIDTH = 78
"""Columns of a line of plain text."""

_NO_WIDTH = {"Mn", "Me", "Cf"}

_SIGNS = {
    "←": "<-",
    "→": "->",
    "↔": "<->",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "∞": "infinity",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "—": "-",
    "•": "*",
    "�": "?",
}
"""Signs of running text; those of mathematics are known to the drawing room."""


def harmless(text: str) -> str:
    """The text with control characters shown instead of obeyed; line ends and tabs stay."""
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    from tutor.runner.text import harmless as shown

    return shown(text)


def ended(clause: str) -> str:
    """A clause with a full stop at its end, unless it ends a sentence already: `did you mean x?`."""
    return clause if clause.endswith((".", "?", "!")) else f"{clause}."


def one_line(text: str) -> str:
    """The text made harmless, on one line."""
    return harmless(" ".join(text.split()))


def with_drawing(text: str) -> list[str]:
    """What was said, made harmless, on one line, and the lines of the drawing below it, where there is one."""
    said, _, drawing = text.partition("\n")
    return [one_line(said), *(harmless(line).rstrip() for line in drawing.split("\n") if drawing)]


def columns(text: str) -> int:
    """How many columns of a terminal the text takes: marks none, the signs of East Asia and emoji two."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(0 if category(each) in _NO_WIDTH else 1 + (east_asian_width(each) in "WF") for each in text)


def clipped(text: str, most: int) -> str:
    """The text if it takes no more than so many columns; else its beginning and `…`."""
    start = text[: 4 * most]  # marks and joiners take no room
    if start == text and columns(text) <= most:
        return text
    while columns(start) > most - 1:
        start = start[:-1]
    while start and not start[-1].isprintable():
        start = start[:-1]  # a joiner joins nothing any more
    return f"{start.rstrip()}…"


_HANGING = " \t,;:+-−*·×/÷^=<>@(∂√←"
"""Signs that nothing ends with: what is to come after them is missing."""

_CLOSING = ",;:.)]}"
"""Signs before which a word has ended."""

_LEADING_ON = re.compile(r"(?:^|(?<=\s))(?:or|and|a|an|the|of|to|in|such|as|is|with)$")
"""Words that lead on to others."""

_OPENING = {")": "(", "]": "[", "}": "{"}

_LEAST_KEPT = 0.4
"""The part of the room that whole words have to fill; where they do not, a word is cut."""


def whole_words(text: str, end: int) -> str:
    """The beginning of a text up to `end` without what is cut there: part of a word, a bracket that stays open.

    It does not end with a comma, an operator, or a word that leads on to another. Where little would be left of it, it
    is the plain beginning, up to a number or a shape that would be cut.
    """
    if end >= len(text):
        return text
    start = text[:end]
    if not (text[end].isspace() or text[end] in _CLOSING):
        start = start[: start.rfind(" ") + 1]
    while True:
        shorter = _LEADING_ON.sub("", start.rstrip(_HANGING))
        opened = _first_open(shorter)
        if opened is not None:
            shorter = shorter[:opened]
            shorter = shorter[: shorter.rfind(" ") + 1] if shorter[-1:].isalnum() else shorter
        if text[len(shorter) :].lstrip().startswith("="):  # what a name is equal to is missing
            shorter = shorter[: shorter.rfind(" ") + 1]
        if shorter == start:
            break
        start = shorter
    return start if len(start) >= _LEAST_KEPT * end else _before_number(text[:end].rstrip(), text[end:])


def _before_number(start: str, rest: str) -> str:
    """The beginning of a text without the number or the shape that is cut at its end, unless that is all of it."""
    cut = _AT_END.search(start) if _GOES_ON.match(rest) else None
    before = start[: cut.start()].rstrip(_HANGING) if cut is not None else ""
    return before or start


_AT_END = re.compile(r"[(\[]*[-−]?\d[\d., \[\]()-]*$")
_GOES_ON = re.compile(r"[.,]? ?[\d)\]-]")
"""A number or a row of numbers at the end of a text, and how it goes on in what follows."""


def _first_open(text: str) -> int | None:
    """The place of the first bracket that is not closed; None where all are."""
    opened: list[int] = []
    for place, sign in enumerate(text):
        if sign in "([{":
            opened.append(place)
        elif sign in _OPENING and opened and text[opened[-1]] == _OPENING[sign]:
            opened.pop()
    return opened[0] if opened else None


def clipped_at_word(text: str, most: int) -> str:
    """The text if it takes no more than so many columns; else its beginning in whole words, and `…`."""
    if columns(text) <= most:
        return text
    start = clipped(text, most).removesuffix("…")
    return f"{whole_words(text, len(start))}…"


def padded(text: str, width: int) -> str:
    """The text with spaces up to so many columns."""
    return text + " " * (width - columns(text))


def needs_ascii(stream: TextIO) -> bool:
    """Whether only ASCII is sure to arrive: the stream has an encoding, and it is not a Unicode one."""
    return not (getattr(stream, "encoding", None) or "utf-8").lower().startswith("utf")


def in_ascii(text: str) -> str:
    """The text in ASCII, signs and Greek letters by their usual stand-ins."""
    if text.isascii():
        return text
    from tutor.drawing.characters import in_ascii as plainly

    return plainly("".join(_SIGNS.get(character, character) for character in text))


def caret_in_ascii(caret: str) -> str:
    """Two lines, a text and carets under it, in ASCII: the carets move along with what they point at."""
    text, _, marks = caret.partition("\n")
    above, below = "", ""
    for character, mark in zip(text, marks.ljust(len(text)), strict=False):
        shown = in_ascii(character)
        above += shown
        below += mark * len(shown)
    return f"{above}\n{(below + marks[len(text) :]).rstrip()}"


def wrapped(text: str, width: int = WIDTH, indent: str = "") -> str:
    """The text in lines of at most `width`; its own line ends stay, and so do indented lines such as a traceback's."""
    from textwrap import fill

    return "\n".join(
        indent + line
        if line[:1].isspace() or len(line) <= width - len(indent)
        else fill(line, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        for line in text.split("\n")
    )
