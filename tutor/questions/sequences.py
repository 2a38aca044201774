"""Reading what is given as a row of names or numbers."""

from __future__ import annotations

import re
from collections.abc import Collection

_MOST = 2000
_BETWEEN = re.compile(r"(?:->|=>|→|⇒|[\s,;\[\]()<>]|\bthen\b|\band\b)+")


def read_row(text: str, known: Collection[str] = ()) -> list[str]:
    """The words of a row, whatever stands between them: `a, b`, `a -> b`, `[a b]`; none for a text too long.

    A single word that is made of known one-letter names, such as `lda`, is taken letter by letter.
    """
    if len(text) > _MOST:
        return []
    words = [word for word in _BETWEEN.split(text.replace("\N{MINUS SIGN}", "-")) if word]
    if len(words) == 1 and len(words[0]) > 1 and words[0] not in known and all(sign in known for sign in words[0]):
        return list(words[0])
    return words
