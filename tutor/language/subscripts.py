"""Subscripts and sums over an index, `Σ_i A_ij x_j`: from pieces to what the grammar takes.

A subscript becomes a piece of its own behind the array it belongs to, and what a sum takes in gets brackets: it goes on
until a plus, a minus, a comma or a closing bracket. What the indices mean is for index_notation, which knows shapes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tutor.language.brackets import check_brackets
from tutor.language.characters import SUBSCRIPT_COMMA, SUBSCRIPT_MINUS, SUBSCRIPT_PLUS
from tutor.language.errors import Trouble
from tutor.language.name_resolution import other_spelling
from tutor.language.tokenizer import SIGNS, Draft, Piece, partners
from tutor.language.tree import Apply, Expression, Span
from tutor.language.vocabulary import FunctionWord, Vocabulary

INDEX_AS_NUMBER = "index as a number"
"""Held by the piece of an index that is a number itself: the k of `Σ_k x^k`."""

ENTRY, OVER = "entry", "over"
"""Operations that stand for `x_i` and `Σ_i ...` until the shapes have been looked at."""

_BIG_SIGNS = {"Σ": "sum", "Π": "prod"}
_REDUCTIONS = {
    **_BIG_SIGNS, "Sigma": "sum", "sum": "sum", "prod": "prod", "mean": "mean", "max": "largest", "min": "smallest"
}  # fmt: skip
SIGNS_OF_SUMS = frozenset((*_BIG_SIGNS, "Sigma", "Pi"))
"""Names that look like the sign of a sum or a product."""

_INDEX = rf"[a-z0-9]+(?:[{SUBSCRIPT_COMMA}{SUBSCRIPT_PLUS}{SUBSCRIPT_MINUS}][a-z0-9]+)*"
_SUBSCRIPTED = re.compile(rf"(.*[^_])_({_INDEX})('*)")
_SIGNS = frozenset((SUBSCRIPT_COMMA, SUBSCRIPT_PLUS, SUBSCRIPT_MINUS))
_BEHIND = re.compile(rf"_({_INDEX})")
_LETTERS = re.compile(r"[a-z]+")
_AFTER_AN_OPERAND = frozenset(
    ("WORD", "NUMBER", "RPAR", "RSQB", "LOWER", "TRANSPOSE", "ENTRIES", "ATTRIBUTE", "RANGLE")
)
_OPENS = frozenset(("LPAR", "LSQB", "RAISE", "LANGLE"))
_CLOSES = frozenset(("RPAR", "RSQB", "LOWER", "RANGLE"))
_ENDS_A_SUM = frozenset(("COMMA", "SEMICOLON", "EQUALS", "COMPARE", "AND", "OR", "IF", "ELSE"))
_BARS = ("BAR", "BARS")


_ONE_INDEX = re.compile(rf"[a-z](?:[{SUBSCRIPT_PLUS}{SUBSCRIPT_MINUS}][0-9]+)?")


def is_one_index(text: str) -> bool:
    """Whether a subscript is a single index, `i` or `i+1`: that of a row, where there are more axes.

    A number is none: `A_1` may be a row, a column, or the first of several matrices.
    """
    return _ONE_INDEX.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Subscript:
    """What was typed as one: `i`, `12`, `1,2`."""

    text: str


@dataclass(frozen=True, slots=True)
class Indices:
    """Over which letters, and from where to where, as typed; "" where nothing was."""

    letters: tuple[str, ...]
    reduction: str
    first: str = ""
    last: str = ""


def take_subscripts(draft: Draft) -> None:
    """Split subscripts from arrays, and put brackets around what sums take in. Raises Trouble for others."""
    words = [piece for piece in draft.pieces if piece.kind == "WORD" and _may_matter(piece.text)]
    if draft.vocabulary.arrays is None or not words:
        _refuse_signs(words)
        return
    split: list[Piece] = []
    for piece in draft.pieces:
        parts = _bound_and_rest(piece) if _ends_bounds(split) else [piece]
        for part in parts:
            split.extend(_split(part, split[-1] if split else None, draft))
    without = [at for at in range(len(split)) if _is_without_index(split, at, draft.vocabulary)]
    if without or any(piece.kind == "OVER" for piece in split):
        check_brackets(split)
    for at in range(len(split) - 1, -1, -1):
        if at in without:
            _take_indices_of_terms(split, at, draft.vocabulary)
        if split[at].kind == "OVER":
            _enclose(split, at, draft.vocabulary)
            draft.echo = True
    _refuse_signs(split)
    draft.pieces = split


def _is_without_index(pieces: Sequence[Piece], at: int, vocabulary: Vocabulary) -> bool:
    """Whether there is the sign of a sum or product without an index: `Σ x_i y_i`, but not NumPy's `sum(x)`."""
    piece = pieces[at]
    if piece.kind != "WORD" or piece.text not in _BIG_SIGNS.values() or piece.text in vocabulary.names:
        return False
    called = at + 1 < len(pieces) and pieces[at + 1].kind == "LPAR"
    return not called or piece.end - piece.start != len(piece.text)


def _take_indices_of_terms(pieces: list[Piece], at: int, vocabulary: Vocabulary) -> None:
    """Let a sum without an index run over those of its terms that no sum within it runs over, if there are any."""
    terms = pieces[at + 1 : _end_of_terms(pieces, at, at + 1, vocabulary)]
    partner = partners(terms)
    typed, index = "", 0
    while index < len(terms):
        entries = terms[index].entries
        typed += entries.text if isinstance(entries, Subscript) else ""
        index = partner[index + 1] if isinstance(entries, Indices) else index + 1
    outer = {letter for before in range(at) for letter in _letters_over(pieces, before, at, vocabulary)}
    letters = tuple(dict.fromkeys(letter for letter in typed if _LETTERS.fullmatch(letter) and letter not in outer))
    if letters:
        pieces[at] = replace(pieces[at], kind="OVER", entries=Indices(letters, pieces[at].text))


def _letters_over(pieces: Sequence[Piece], sign: int, at: int, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The indices of the sum there, where it takes in the piece at `at`."""
    indices = pieces[sign].entries
    takes_in = isinstance(indices, Indices) and _end_of_terms(pieces, sign, sign + 1, vocabulary) > at
    return indices.letters if takes_in and isinstance(indices, Indices) else ()


def _refuse_signs(pieces: Sequence[Piece]) -> None:
    """Raise Trouble for a subscript such as `{1,2}` on what is no array."""
    for piece in pieces:
        if piece.kind == "WORD" and not _SIGNS.isdisjoint(piece.text):
            raise Trouble("Write the subscript without braces: x_1.", piece.span)


def _ends_bounds(before: Sequence[Piece]) -> bool:
    """Whether the upper bound of a sum from a number is next."""
    return len(before) > 3 and before[-1].kind == "CARET" and before[-3].kind == "FROM"


def _bound_and_rest(piece: Piece) -> list[Piece]:
    """The n of `^nx_i`, and what follows it without a gap."""
    if piece.kind != "WORD" or len(piece.text) == 1:
        return [piece]
    middle = piece.start + 1
    return [
        replace(piece, text=piece.text[0], end=middle),
        replace(piece, text=piece.text[1:], start=middle, gap=False),
    ]


def _may_matter(text: str) -> bool:
    return "_" in text or text[0] in _BIG_SIGNS


def _split(piece: Piece, before: Piece | None, draft: Draft) -> list[Piece]:
    """One piece as it is, or a subscripted one in two."""
    vocabulary = draft.vocabulary
    if piece.kind != "WORD" or not _may_matter(piece.text):
        return [piece]
    if piece.text in vocabulary.spelled or other_spelling(piece.text, vocabulary):
        return [piece]
    behind = _BEHIND.fullmatch(piece.text)
    if behind and before is not None and not piece.gap and before.kind in _AFTER_AN_OPERAND:
        return [replace(piece, kind="ENTRIES", entries=Subscript(behind[1]))]
    if piece.text[0] in _BIG_SIGNS and _array(piece.text[0], vocabulary) is None:
        return _sum_sign(piece)
    match = _SUBSCRIPTED.fullmatch(piece.text)
    if match is None:
        return [piece]
    if match[1] in _REDUCTIONS and _array(match[1], vocabulary) is None and not match[3]:
        return [_over(piece, match[1], match[2])]
    if (name := _array(match[1] + match[3], vocabulary)) is None:
        return [piece]
    middle = piece.start + len(match[1])
    middle = middle if piece.end - piece.start == len(piece.text) else piece.end
    subscript = replace(
        piece, kind="ENTRIES", text=f"_{match[2]}", start=middle, gap=False, entries=Subscript(match[2])
    )
    return [replace(piece, text=name, end=middle), subscript]


def _array(word: str, vocabulary: Vocabulary) -> str | None:
    """The name that this word is; None where it is none. A number has no entries, but may be said to have none."""
    name = word if word in vocabulary.names else other_spelling(word, vocabulary)
    return name if name in vocabulary.names else None


def _sum_sign(piece: Piece) -> list[Piece]:
    """`Σ_i`, or the sign with what follows it without a gap: `Σx`."""
    sign_typed, rest = piece.text[0], piece.text[1:]
    sign = replace(piece, text=_BIG_SIGNS[sign_typed], end=piece.start + 1)
    if not rest:
        return [sign]
    match = _BEHIND.fullmatch(rest)
    if match:
        return [_over(piece, sign_typed, match[1])]
    return [sign, replace(piece, text=rest, start=piece.start + 1, gap=False)] if rest[0] != "_" else [piece]


def _over(piece: Piece, word: str, index: str) -> Piece:
    letters = tuple(index.replace(SUBSCRIPT_COMMA, ""))
    if not _LETTERS.fullmatch("".join(letters)) or len(set(letters)) < len(letters):
        return piece
    return replace(piece, kind="OVER", entries=Indices(letters, _REDUCTIONS[word]))


def _enclose(pieces: list[Piece], at: int, vocabulary: Vocabulary) -> None:
    """Make a function of the sum sign there, its bounds in it, and put its terms in brackets."""
    sign = pieces[at]
    indices = sign.entries
    assert isinstance(indices, Indices)
    start = at + 1
    if start < len(pieces) and pieces[start].kind == "FROM":
        first, start = _bound(pieces, start + 1)
        last = ""
        if start < len(pieces) and pieces[start].kind in ("CARET", "RAISE"):
            last, start = _bound(pieces, start + (pieces[start].kind == "CARET"))
        if len(indices.letters) > 1:
            raise Trouble("Give each index a sum of its own: Σ_i Σ_j.", sign.span)
        indices = replace(indices, first=first, last=_counted(last, vocabulary, sign.span))
    end = _end_of_terms(pieces, at, start, vocabulary)
    for piece in pieces[start:end]:
        if piece.kind == "WORD" and piece.text in indices.letters:
            if piece.text in vocabulary.spelled:
                both = f"{piece.text} is a name here, and the index of this sum."
                raise Trouble(f"{both} Use another letter for the index.", piece.span)
            piece.kind, piece.entries = "NAME", INDEX_AS_NUMBER
    word = FunctionWord(OVER)
    function = replace(sign, kind="FUNCTION", word=word, entries=indices)
    opener, closer = _bracket("LPAR", "(", pieces, start), _bracket("RPAR", ")", pieces, end)
    pieces[at:end] = [function, opener, *pieces[start:end], closer]


def _counted(last: str, vocabulary: Vocabulary, span: Span) -> str:
    """The last index, with the number that a constant in it is: `n-1` is `3-1`. Raises Trouble for other names."""
    symbol, minus, less = last.partition("-")
    if symbol not in vocabulary.names:
        return last
    counts = {} if vocabulary.arrays is None else vocabulary.arrays.counts
    if symbol not in counts:
        raise Trouble(f"Write the last index as a number: the value of {symbol} is not known here.", span)
    return f"{counts[symbol]}{minus}{less}"


def _bracket(kind: str, text: str, pieces: Sequence[Piece], at: int) -> Piece:
    place = pieces[at].start if kind == "LPAR" and at < len(pieces) else pieces[at - 1].end
    return Piece(kind, text, place, place)


def _bound(pieces: Sequence[Piece], at: int) -> tuple[str, int]:
    """A bound as text without spaces, and the index after it: `1`, `n`, `(n-1)`."""
    if at >= len(pieces):
        raise Trouble("A bound of the sum is missing.", pieces[-1].span)
    piece = pieces[at]
    if piece.kind in _OPENS:
        end = at
        while end < len(pieces) and pieces[end].kind not in _CLOSES:
            end += 1
        return "".join(inner.text for inner in pieces[at + 1 : end]), end + 1
    return piece.text, at + 1


def _end_of_terms(pieces: Sequence[Piece], sign: int, start: int, vocabulary: Vocabulary) -> int:
    """Where what a sum takes in ends."""
    closes_bar = _open_bars(pieces, sign)
    depth, previous = 0, ""
    bars = 0
    for at in range(start, len(pieces)):
        piece = pieces[at]
        kind = piece.kind
        if depth == 0:
            signs = kind in SIGNS and previous in _AFTER_AN_OPERAND and not bars
            if kind in _CLOSES or kind in _ENDS_A_SUM or signs:
                return at
            if kind in _BARS:
                if closes_bar and not bars and at > start:
                    return at
                bars = not bars
                previous = "" if bars else "RPAR"
                continue
        depth += (kind in _OPENS) - (kind in _CLOSES)
        function = kind == "WORD" and piece.text in vocabulary.functions and piece.text not in vocabulary.names
        previous = "" if function else kind
    return len(pieces)


def _open_bars(pieces: Sequence[Piece], sign: int) -> bool:
    """Whether a bar before the sum, at its own level, is still open."""
    depth, count = 0, 0
    for at in range(sign - 1, -1, -1):
        kind = pieces[at].kind
        depth += (kind in _CLOSES) - (kind in _OPENS)
        if depth < 0:
            break
        count += depth == 0 and kind in _BARS
    return count % 2 == 1


def subscripted(inner: Expression, subscript: Subscript, span: Span) -> Apply:
    """The operation that a subscript stands for."""
    return Apply(ENTRY, (inner,), (("at", subscript.text),), span, "_")


def summed(indices: Indices, body: Expression, span: Span) -> Apply:
    """The operation that a sum over indices stands for."""
    bounds = (("first", indices.first), ("last", indices.last)) if indices.first else ()
    options = (("reduction", indices.reduction), ("letters", "".join(indices.letters)), *bounds)
    return Apply(OVER, (body,), options, span, "Σ")
