"""Answers that are no formulas: a shape, "does not fit", yes or no, a list of entries."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from tutor.engine.values import Shape, show_shape
from tutor.language import Span, Unreadable, read_shape
from tutor.language.errors import plainly as harmlessly

ERROR = "error"
"""The answer that shapes do not fit."""

_NO = re.compile(
    r"(no|nope|false|none|never|clash|(a|they|it) clash(es)?|not (a )?(whole|integer|whole number)|not an (integer|int)"
    r"|no shape|no result|no fit|misfit|-|–|—|err|(value|shape) ?error|(it |they )?fails?|incompatible|impossible"
    r"|(it is |they are )?not (broadcastable|compatible|possible))"
    r"|(does not|doesn['’]?t|do not|don['’]?t|will not|won['’]?t|can ?not|can['’]?t) ?(be )?"
    r"(fit|match|work|go|add|added|multiplied|multiply|broadcast|broadcasted|done)"
)
_FRACTION_FIRST = re.compile(r"^\d+\.\d+[,:;]? (?=[a-z])")
"""`14.5, does not fit`: the number before the word says why."""

_VECTOR = re.compile(r"^(?:a )?vector (?:of|with) (?:length |size )?([\w]+)(?: entries| numbers)?\.?$")
_YES = frozenset(("yes", "y", "yep", "yeah", "true", "always", "it does", "it is", "it can"))
_LEADING_YES = re.compile(r"^(yes|they fit|it fits|fits)\b[,:;.]?\s+")
_LONGEST = 200


def plainly(text: str) -> str:
    """Lower case, single spaces, no full stop."""
    return " ".join(text[:_LONGEST].lower().split()).strip(" .!")


def says_no(text: str) -> bool:
    """Whether the text says no, or that something does not fit."""
    plain = plainly(text)
    plain = _FRACTION_FIRST.sub("", plain)
    if _NO.fullmatch(plain) or re.match(r"no[,:;]? (it|they|this|that|the|because|there)\b", plain):
        return True
    try:
        return read_shape(text) == ERROR
    except Unreadable:
        return False


def says_yes(text: str) -> bool:
    """Whether the text says yes."""
    return plainly(text) in _YES


def shape_in(text: str, sizes: Mapping[str, int]) -> Shape | str:
    """The shape in a text, or ERROR; letters stand for sizes. Raises Unreadable."""
    if says_no(text):
        return ERROR
    try:
        plain = _VECTOR.sub(r"(\1,)", _LEADING_YES.sub("", text.strip().lower()))
        shape = read_shape(_with_sizes(plain, sizes))
    except Unreadable as error:
        raise Unreadable(error.message, text, (Span(0, len(text)),)) from None  # with the letters that were typed
    return shape if shape == ERROR or not isinstance(shape, str) else ERROR


def as_typed(shape: Shape, text: str, sizes: Mapping[str, int]) -> str:
    """A shape that was read in a text, with letters where letters were typed."""
    letters = {letter.lower(): letter for letter in sizes}
    alone = "|".join(rf"(?<![a-wyz]){re.escape(letter)}(?![a-wyz])" for letter in letters)
    typed = re.findall(rf"[0-9]+{alone and '|'}{alone}", text.lower())
    if len(typed) != len(shape):
        return show_shape(shape)
    shown = [letters.get(one, one) for one in typed]
    return f"({', '.join(shown)}{',' * (len(shown) == 1)})" if shown else show_shape(shape)


def _with_sizes(text: str, sizes: Mapping[str, int]) -> str:
    for letter, size in sizes.items():
        # An x between two sizes is a sign: in "1xD" the D stands for itself.
        text = re.sub(rf"(?<![a-wyz]){re.escape(letter.lower())}(?![a-wyz])", str(size), text)
    return text


def is_bare(text: str) -> bool:
    """Whether a vector's shape was given without the comma that makes it one: `2` or `(2)`."""
    return re.fullmatch(r"\(? ?[0-9a-z]+ ?\)?", plainly(text)) is not None


def entries_in(text: str, known: Collection[str]) -> list[str]:
    """The entries listed in a text, brackets and commas apart. Raises Unreadable for one that is not known."""
    plain = re.sub(r"[\[\](){},;|→>]", " ", text[: 20 * _LONGEST]).strip().removesuffix(".")
    if not any(sign in one for sign in "-–" for one in known):
        plain = re.sub(r"(?<=\w)\s*[-–]\s*(?=\w)", " ", plain)  # 0-3-1-4, as in a list
    words = plain.split()
    if len(words) == 1 and words[0] not in known and all(len(one) == 1 for one in known):
        words = list(words[0])
    for word in words:
        if word not in known:
            start = max(text.find(word), 0)
            message = f"{harmlessly(word)} is not among the entries, which are {_some(known)}."
            raise Unreadable(message, text, (Span(start, start + len(word)),))
    return words


def _some(known: Collection[str]) -> str:
    names = list(known)
    return ", ".join(names) if len(names) <= 12 else f"{', '.join(names[:4])}, ... {names[-1]}"
