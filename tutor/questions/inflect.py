"""Small matters of wording shared by all questions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number_word(count: int) -> str:
    """`three`; `14`."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def counted(count: int, thing: str, things: str = "") -> str:
    """`one gate`, `three gates`, `14 entries`: `things` is the plural where it takes more than an s."""
    return f"{number_word(count)} {thing if count == 1 else things or f'{thing}s'}"


def listed(names: Sequence[str], last: str = "and") -> str:
    """`a`; `a and b`; `a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def told_apart(names: Sequence[str]) -> list[str]:
    """The names, those that are not alone with their numbers: `y`, `dy/dx (1)`, `dy/dx (2)`."""
    many, met = Counter(names), Counter[str]()
    told = []
    for name in names:
        met[name] += 1
        told.append(f"{name} ({met[name]})" if many[name] > 1 else name)
    return told


def sentence(text: str) -> str:
    """The text with a capital first, and a full stop at the end."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."


_MOST = 2000
_BETWEEN = re.compile(r"(?:->|=>|→|⇒|[\s,;\[\]()<>]|\bthen\b|\band\b)+")


_QUOTES = "'\"`‘’“”"


def _unquoted(word: str) -> str:
    """A word without the quotes round it; a prime behind a name stays."""
    return word.strip(_QUOTES) if word[0] in _QUOTES else word


def read_row(text: str, known: Collection[str] = ()) -> list[str]:
    """The words of a row, whatever stands between them: `a, b`, `a -> b`, `[a b]`; none for a text too long.

    A single word that is made of known one-letter names, such as `lda`, is taken letter by letter.
    """
    if len(text) > _MOST:
        return []
    words = [_unquoted(word) for word in _BETWEEN.split(text.replace("\N{MINUS SIGN}", "-")) if word]
    if len(words) == 1 and len(words[0]) > 1 and words[0] not in known and all(sign in known for sign in words[0]):
        return list(words[0])
    return words
