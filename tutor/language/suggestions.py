"""What to say about a word that means nothing here: usually what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from tutor.language.errors import TextEdit, Trouble
from tutor.language.tokenizer import Piece
from tutor.language.tree import Span
from tutor.language.vocabulary import Vocabulary, split_word


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The known words within one slip of the pen (two in long words), the nearest only, at most three."""
    allowed = 0 if len(word) < 2 else 1 if len(word) < 6 else 2
    near = [other for other in known if len(other) > 1 and abs(len(other) - len(word)) <= allowed]
    rated = sorted((slips(word, other, allowed), other) for other in near)
    return [other for count, other in rated if count == rated[0][0] <= allowed][:3]


def slips(word: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap to get from one word to the other; not exact above `most`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        above, row = row, [i]
        for j, wanted in enumerate(other, 1):
            count = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == wanted:
                count = min(count, before[j - 2] + 1)
            row.append(count)
        if min(row) > most:
            return most + 1
        before = above
    return row[-1]


def one_of(choices: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return _joined(choices, "or")


def every_one_of(things: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return _joined(things, "and")


def _joined(words: Sequence[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


_CONSTANTS = ("e", "pi", "π")
_MOST_NAMES = 4
"""Words of more names were meant as one word."""


def run_together(
    piece: Piece,
    vocabulary: Vocabulary,
    before: Piece | None,
    after: str,
    *,
    raised: bool,
    listed: bool,
    inside: str,
) -> Trouble | None:
    """The error for a word that splits into known words, or None when it does not.

    `before` is the piece in front of it, `after` the kind of the one behind, `raised` whether it is a power
    and `listed` whether a list in brackets follows, which only a function takes; `inside` are the brackets behind it.
    """
    parts = split_names(piece.text, vocabulary)
    if parts is None:
        return None
    if not any(_is_function(part, vocabulary) for part in parts):
        if any(part.isdecimal() for part in parts):
            return None
        a_function = after == "LPAR" and len(piece.text) > 2 and nearest(piece.text, vocabulary.functions)
        if len(parts) > _MOST_NAMES or a_function or listed:
            return None
        return _product(piece, parts, vocabulary, before, after, raised=raised)
    return _with_functions(piece, parts, vocabulary, before, inside)


def _with_functions(
    piece: Piece, parts: Sequence[str], vocabulary: Vocabulary, before: Piece | None, inside: str
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
        elif at == len(parts) and inside:
            return _did_you_mean(piece, [*factors, part], before, brackets=inside)
        else:
            return None
    return None if inside else _did_you_mean(piece, factors, before)


def _sign_between(parts: Sequence[str], vocabulary: Vocabulary) -> str:
    """What stands between the factors: nothing where one is an array, since `*` would go entry by entry."""
    shapes = {} if vocabulary.arrays is None else vocabulary.arrays.of
    return " " if any(map(shapes.get, parts)) else "*"


def _product(
    piece: Piece, parts: Sequence[str], vocabulary: Vocabulary, before: Piece | None, after: str, *, raised: bool
) -> Trouble:
    sign = _sign_between(parts, vocabulary)
    product, rest = sign.join(parts), sign.join(parts[1:])
    if before is not None and before.kind == "FUNCTION":
        name = before.text
        message = f"This can mean {name}({product}) or {name}({parts[0]}){sign}{rest}. Write one of these."
        return Trouble(message, Span(before.start, piece.end))
    if raised:
        message = f"The power can be {product} or only {parts[0]}. Write ^({product}) or ^{parts[0]}{sign}{rest}."
        return Trouble(message, piece.span)
    return _did_you_mean(piece, parts, before, sign=sign, sign_behind=sign if after == "LPAR" else "")


def _did_you_mean(
    piece: Piece,
    factors: Sequence[str],
    before: Piece | None,
    *,
    brackets: str = "",
    sign: str = "*",
    sign_behind: str = "",
) -> Trouble:
    """Offer the product of the factors; behind a / it may be all of the denominator or the start of it."""
    product = sign.join(factors)
    shown = f"{product}{brackets}"
    if before is not None and before.kind == "SLASH" and len(factors) > 1:
        message = f"The denominator can be {shown} or only {factors[0]}. Write /({shown}) or /{shown}."
        return Trouble(message, piece.span)
    edits = (TextEdit(piece.span, product + sign_behind),)
    return Trouble(
        f"The name {piece.text} is not known here.", piece.span, edits=edits, advice=f"Did you mean {shown}?"
    )


def _is_function(part: str, vocabulary: Vocabulary) -> bool:
    return part in vocabulary.functions and part not in vocabulary.names


def split_names(word: str, vocabulary: Vocabulary) -> list[str] | None:
    """The word as known words, capitals apart where it must be: of x and X, the one that was typed."""
    known = frozenset((*_CONSTANTS, *vocabulary.functions, *vocabulary.names))
    exactly = split_word(word, known)
    if exactly is not None:
        return exactly
    folded = {each.casefold(): each for each in sorted(known)}
    parts = split_word(word.casefold(), folded) or []
    ends = list(accumulate(map(len, parts), initial=0))
    typed = [word[start:end] for start, end in pairwise(ends)]
    return [mine if mine in known else folded.get(part, part) for part, mine in zip(parts, typed, strict=True)] or None
