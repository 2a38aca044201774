"""Text from files and learners made safe for a terminal, in lines that fit, in ASCII where that is all there is."""

from __future__ import annotations

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
