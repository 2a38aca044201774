"""How many cells text takes on a terminal, and how to say it in ASCII."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_IN_ASCII = {
    "×": "*",
    "·": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "√": "sqrt",
    "∑": "sum",
    "Σ": "sum",
    "²": "^2",
    "³": "^3",
    "ᵀ": ".T",
    "∂": "d",
    "∇": "grad",
    "…": "...",
    "‖": "||",
    "≈": "~",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "✓": "ok",
    **dict.fromkeys("⎡⎢⎣", "["),
    **dict.fromkeys("⎤⎥⎦", "]"),
}
_ROOT = re.compile(r"√(?=\w)")  # √y is "sqrt y"; √(y) needs no blank
_MARKS = ("Mn", "Me")


def cells(text: str) -> list[str]:
    """Split `text` into terminal cells: a wide character is followed by an empty cell.

    Combining marks stay with the character before them. Control and formatting characters become "·",
    so that none ever reaches the terminal.
    """
    if text.isascii() and text.isprintable():
        return list(text)
    split: list[str] = []
    for character in text:
        category = unicodedata.category(character)
        if category in _MARKS:
            if split:
                split[-1 if split[-1] else -2] += character
        elif category[0] == "C" or category in ("Zl", "Zp"):
            split.append("·")
        else:
            split.append(character)
            if unicodedata.east_asian_width(character) in "WF":
                split.append("")
    return split


def width(text: str) -> int:
    """The number of terminal cells `text` takes."""
    return len(text) if text.isascii() else len(cells(text))


@lru_cache(maxsize=1024)
def in_ascii(text: str) -> str:
    """`text` in ASCII: mathematical signs by their usual stand-ins, Greek letters by name, the rest "?"."""
    if text.isascii():
        return text
    text = _ROOT.sub("√ ", text)
    return "".join(character if character.isascii() else _one_in_ascii(character) for character in text)


def _one_in_ascii(character: str) -> str:
    if character in _IN_ASCII:
        return _IN_ASCII[character]
    words = unicodedata.name(character, "").split()
    if words[:1] == ["GREEK"] and "LETTER" in words:
        letter = words[words.index("LETTER") + 1].lower()
        return letter.capitalize() if "CAPITAL" in words else letter
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return plain or "?"
