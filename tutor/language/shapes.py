"""Reads a shape a learner typed: `(2, 1)`, `2x1`, `scalar`, or that a shape error is expected."""

from __future__ import annotations

import re

from tutor.language.tree import Span
from tutor.language.unreadable import Unreadable

_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width characters."""
_LONGEST = 100
_MOST_AXES = 8
_SCALAR = frozenset(("scalar", "a scalar", "number", "a number", "()", "( )", "[]"))
_ERROR = re.compile(
    r"(an |a )?(shape )?(error|mismatch)|impossible|undefined|invalid|not (possible|defined|allowed)"
    r"|(it |they )?(does not|doesn['’]t|do not|don['’]t|cannot|can['’]t) (fit|match|work)"
)
_SIZES = re.compile(r"([(\[]?) ?([0-9]{1,6}(?: ?(?:[,x×*·]|by) ?[0-9]{1,6})*) ?,? ?([)\]]?)")
_AROUND = re.compile(r"^((torch\.size|np\.shape|a|an|the|shape)\b ?[=:]? ?)+|[ -](matrix|vector|array|tensor)$|[.!]+$")


def read_shape(text: str) -> tuple[int, ...] | str:
    """The shape as NumPy gives it, or "error" when the text says that the shapes do not fit.

    `(2, 1)`, `2x1`, `2, 1` and `[2, 1]` are the same; `3` and `(3,)` are a vector; `scalar` and `()` are ().
    Raises Unreadable.
    """
    if len(text) > _LONGEST:
        raise _unreadable("A shape is short, such as (2, 1).", text)
    plain = " ".join(text.translate(_PLAIN).lower().split())
    if not plain:
        raise _unreadable("There is nothing here yet. A shape is written (2, 1).", text)
    plain = _AROUND.sub("", plain)
    if _ERROR.fullmatch(plain):
        return "error"
    if plain.startswith(("((", "([")) and plain.endswith(("))", "])")):
        plain = plain[1:-1]
    if plain in _SCALAR:
        return ()
    match = _SIZES.fullmatch(plain)
    if match is None or match[1] + match[3] not in ("", "()", "[]"):
        raise _unreadable("Write a shape as (2, 1), or scalar, or error when the shapes do not fit.", text)
    sizes = tuple(map(int, re.findall("[0-9]+", match[2])))
    if 0 in sizes:
        raise _unreadable("Every size in a shape is at least 1.", text)
    if len(sizes) > _MOST_AXES:
        raise _unreadable(f"A shape has at most {_MOST_AXES} sizes here.", text)
    return sizes


def _unreadable(message: str, text: str) -> Unreadable:
    return Unreadable(message, text, (Span(0, len(text)),))
