"""Words that are several known words written without a sign: `xy`, `xe^x`, `sinx`, `xsin(1)`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tutor.language.scanner import Piece
from tutor.language.spelling import nearest
from tutor.language.tree import Span
from tutor.language.unreadable import Edit, Trouble
from tutor.language.vocabulary import Vocabulary

_CONSTANTS = ("e", "pi", "π")
_MOST_NAMES = 4
"""Words of more names were meant as one word."""


def run_together(
    piece: Piece, vocabulary: Vocabulary, before: Piece | None, after: str, *, raised: bool, listed: bool
) -> Trouble | None:
    """The error for a word that splits into known words, or None when it does not.

    `before` is the piece in front of it, `after` the kind of the one behind, `raised` whether it is a power
    and `listed` whether a list in brackets follows, which only a function takes.
    """
    parts = _split(piece.text, vocabulary)
    if parts is None:
        return None
    if not any(_is_function(part, vocabulary) for part in parts):
        if any(part.isdecimal() for part in parts):
            return None
        a_function = after == "LPAR" and len(piece.text) > 2 and nearest(piece.text, vocabulary.functions)
        if len(parts) > _MOST_NAMES or a_function or listed:
            return None
        return _product(piece, parts, before, after, raised=raised)
    return _with_functions(piece, parts, vocabulary, before, called=after == "LPAR")


def _with_functions(
    piece: Piece, parts: Sequence[str], vocabulary: Vocabulary, before: Piece | None, *, called: bool
) -> Trouble | None:
    """A word such as `xsiny`. What stands behind a function is its argument; the last one may have brackets."""
    factors: list[str] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        at += 1
        if not _is_function(part, vocabulary):
            factors.append(part)
        elif at < len(parts) and not _is_function(parts[at], vocabulary):
            argument = parts[at]
            at += 1
            if argument.isdecimal() and at < len(parts) and not _is_function(parts[at], vocabulary):
                argument = f"{argument}*{parts[at]}"
                at += 1
            factors.append(f"{part}({argument})")
            if at < len(parts) and not _is_function(parts[at], vocabulary):
                choices = f"{part}({argument}*{'*'.join(parts[at:])}) or {factors[-1]}*{'*'.join(parts[at:])}"
                return Trouble(f"This can mean {choices}. Write one of these.", piece.span)
        elif at == len(parts) and called:
            return _did_you_mean(piece, [*factors, part], before, brackets="( )")
        else:
            return None
    return None if called else _did_you_mean(piece, factors, before)


def _product(piece: Piece, parts: Sequence[str], before: Piece | None, after: str, *, raised: bool) -> Trouble:
    product, rest = "*".join(parts), "*".join(parts[1:])
    if before is not None and before.kind == "FUNCTION":
        name = before.text
        message = f"This can mean {name}({product}) or {name}({parts[0]})*{rest}. Write one of these."
        return Trouble(message, Span(before.start, piece.end))
    if raised:
        message = f"The power can be {product} or only {parts[0]}. Write ^({product}) or ^{parts[0]}*{rest}."
        return Trouble(message, piece.span)
    return _did_you_mean(piece, parts, before, sign_behind="*" if after == "LPAR" else "")


def _did_you_mean(
    piece: Piece, factors: Sequence[str], before: Piece | None, *, brackets: str = "", sign_behind: str = ""
) -> Trouble:
    """Offer the product of the factors; behind a / it may be all of the denominator or the start of it."""
    product = "*".join(factors)
    shown = f"{product}{brackets}"
    if before is not None and before.kind == "SLASH" and len(factors) > 1:
        message = f"The denominator can be {shown} or only {factors[0]}. Write /({shown}) or /{shown}."
        return Trouble(message, piece.span)
    message = f"The name {piece.text} is not known here. Did you mean {shown}?"
    return Trouble(message, piece.span, edits=(Edit(piece.span, product + sign_behind),))


def _is_function(part: str, vocabulary: Vocabulary) -> bool:
    return part in vocabulary.functions and part not in vocabulary.names


def _split(word: str, vocabulary: Vocabulary) -> list[str] | None:
    """The word as known words, capitals apart if it must be."""
    known = (*_CONSTANTS, *vocabulary.functions, *vocabulary.names)
    exactly = split(word, frozenset(known))
    if exactly is not None:
        return exactly
    folded = {each.casefold(): each for each in known}
    parts = split(word.casefold(), folded)
    return None if parts is None else [folded.get(part, part) for part in parts]


def split(word: str, known: Collection[str]) -> list[str] | None:
    """The word as the fewest known words, numbers in between; None when it cannot be split."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            front, part, here = best[start], word[start:end], best[end]
            fits = part in known or (part.isdecimal() and start > 0)
            if fits and front is not None and (here is None or len(front) + 1 < len(here)):
                best[end] = [*front, part]
    return best[len(word)]
