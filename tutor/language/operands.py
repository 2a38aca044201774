"""What stands beside what: signs and functions that lack an operand, and operands side by side, which are a product.

`check_operands` says what is missing; `write_products` writes the products in. The `note_...` ask for an echo where
readers may differ.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from tutor.language.calls import example, scaled_arguments
from tutor.language.entries import check_list_behind
from tutor.language.errors import TextEdit, Trouble
from tutor.language.tokenizer import (
    CLOSING_BRACKETS,
    CONNECTS,
    ENDS_OPERAND,
    INFIX,
    OPENING_BRACKETS,
    SIGNS,
    STARTS_OPERAND,
    Draft,
    Piece,
    bracket_step,
    holds,
    partners,
)
from tutor.language.tree import Span

_NEEDS_MORE = INFIX | SIGNS | CONNECTS | {"COMMA", "SEMICOLON", "IS"}
_CANNOT_START = INFIX | CONNECTS | {"COMMA", "SEMICOLON", "TRANSPOSE", "RAISE", "IS"}
_NAMES = {"COMMA": "comma"}


def check_operands(draft: Draft) -> None:
    """Raise Trouble where something is missing."""
    kinds = ["", *[piece.kind for piece in draft.pieces], ""]
    for index, (before, here) in enumerate(pairwise(kinds)):
        if before == "FUNCTION":
            _check_argument(draft, index - 1)
        elif before in OPENING_BRACKETS and here in CLOSING_BRACKETS:
            _refuse_empty(draft, index)
        elif before in _NEEDS_MORE and (not here or here in CLOSING_BRACKETS or here in _CANNOT_START):
            if not _ends_a_tuple(draft, index):
                raise _nothing_after(draft, index - 1)
        elif here in _CANNOT_START and (not before or before in OPENING_BRACKETS):
            if draft.pieces[index].text == "⊙" and draft.kind(index - 2) == "CARET":
                raise _entrywise_power(draft, index)
            raise _nothing_before(draft.pieces[index])
    _check_keywords(draft)


def _ends_a_tuple(draft: Draft, index: int) -> bool:
    """Whether the bracket at `index` closes a `(6,)` among a function's arguments."""
    if draft.kind(index - 1) != "COMMA" or draft.kind(index) != "RPAR":
        return False
    depth = 0
    for at in range(index - 2, 0, -1):
        kind = draft.kind(at)
        depth += (kind in CLOSING_BRACKETS) - (kind in OPENING_BRACKETS)
        if depth < 0:
            return kind == "LPAR" and draft.kind(at - 1) in ("LPAR", "COMMA", "IS")
        if depth == 0 and kind == "COMMA":
            return False
    return False


def _check_argument(draft: Draft, index: int) -> None:
    """A function followed by nothing it could take."""
    function, after = draft.pieces[index], draft.kind(index + 1)
    if after == "LPAR" and draft.kind(index + 2) == "RPAR":
        span = Span(function.start, draft.pieces[index + 2].end)
        raise Trouble(f"The function {function.text} needs an argument: {example(function)}.", span)
    if after == "LSQB":
        _check_square_brackets(draft, index)
    apart = after == "MINUS" and draft.pieces[index + 1].gap and bool(draft.kind(index + 2))
    subtracted = apart and draft.pieces[index + 2].gap
    if not after or after in CLOSING_BRACKETS or after in _CANNOT_START | {"PLUS"} or subtracted:
        raise Trouble(f"The function {function.text} needs an argument: {example(function)}.", function.span)
    if after != "LPAR" and function.word is not None and function.word.least > 1:
        raise Trouble(f"The function {function.text} needs brackets: {example(function)}.", function.span)


def _check_square_brackets(draft: Draft, index: int) -> None:
    """`sin[2*x]` is refused, `softmax [1, 2]` is a function of a vector."""
    word = draft.pieces[index].word
    takes_a_list = word is None or word.most == 1
    depth, last = 0, index + 1
    for last in range(index + 1, len(draft.pieces)):
        kind = draft.kind(last)
        depth += bracket_step(kind)
        if takes_a_list and ((depth == 1 and kind in ("COMMA", "SEMICOLON")) or (depth == 2 and kind == "LSQB")):
            return
        if depth == 0:
            break
    first, final = draft.pieces[index + 1], draft.pieces[last]
    edits = (TextEdit(first.span, "("), TextEdit(final.span, ")"))
    message = f"A function takes round brackets: {example(draft.pieces[index])}."
    raise Trouble(message, first.span, final.span, edits=edits, certain=True)


def _refuse_empty(draft: Draft, index: int) -> None:
    """Refuse empty brackets, unless they are a method's (`x.sum()`)."""
    if draft.kind(index - 2) == "METHOD" and draft.kind(index) == "RPAR":
        return
    span = Span(draft.pieces[index - 1].start, draft.pieces[index].end)
    raise Trouble("There is nothing between these brackets.", span)


def _entrywise_power(draft: Draft, sign: int) -> Trouble:
    """What to say about `A^{∘2}`."""
    return Trouble("A power entry by entry is written with **: A**2.", draft.pieces[sign].span)


def _nothing_after(draft: Draft, index: int) -> Trouble:
    piece, after = draft.pieces[index], draft.kind(index + 1)
    if piece.kind == "CARET" and after == "STAR" and draft.pieces[index + 1].text == "⊙":
        return _entrywise_power(draft, index + 1)
    if piece.kind == "MINUS" and after == "TRANSPOSE":
        return Trouble("The transposed inverse is written inv(A).T.", draft.pieces[index + 1].span)
    if after in INFIX:
        other = draft.pieces[index + 1]
        span = Span(piece.start, other.end)
        if not other.gap and piece.text + other.text in ("/*", "*/", "***", "^^", "@@"):
            return Trouble(f"There is no sign {piece.text}{other.text}.", span)
        if piece.text == other.text == "*":
            message = "A power is written ** without a space in between."
            return Trouble(message, span, edits=(TextEdit(Span(piece.end, other.start), ""),))
        return Trouble(f"Something is missing between {piece.text} and {other.text}.", span)
    if piece.kind == "CARET" and after == "RAISE":
        message = "A raised character needs no ^ in front."
        return Trouble(message, piece.span, edits=(TextEdit(piece.span, ""),))
    if piece.kind == "SEMICOLON" and not after:
        return Trouble("Leave out the ; at the end.", piece.span, edits=(TextEdit(piece.span, ""),), certain=True)
    if piece.kind == "COMMA" and (not after or after in CLOSING_BRACKETS):
        edits = (TextEdit(piece.span, ""),)
        return Trouble("Leave out the comma at the end.", piece.span, edits=edits, certain=after == "RSQB")
    return Trouble(f"Something is missing after the {_NAMES.get(piece.kind, piece.text)}.", piece.span)


def _nothing_before(piece: Piece) -> Trouble:
    if piece.kind == "RAISE":
        return Trouble("There is nothing to raise to this power.", piece.span)
    if piece.kind == "TRANSPOSE":
        return Trouble("There is nothing to transpose here.", piece.span)
    return Trouble(f"Something is missing before the {_NAMES.get(piece.kind, piece.text)}.", piece.span)


def _check_keywords(draft: Draft) -> None:
    """`axis=0` belongs in the brackets of a function, and = nowhere else inside brackets."""
    called = [False]
    for index, piece in enumerate(draft.pieces):
        if piece.kind in ("LPAR", "LSQB"):
            called.append(piece.kind == "LPAR" and draft.kind(index - 1) in ("FUNCTION", "METHOD"))
        elif piece.kind in ("RPAR", "RSQB"):
            called.pop()
        elif piece.kind == "EQUALS" or (piece.kind == "KEYWORD" and not called[-1]):
            raise Trouble("There is an = inside brackets. Only an option such as axis=0 has one.", piece.span)
    draft.pieces = [piece for piece in draft.pieces if piece.kind != "IS"]


_FARTHEST = 40
"""Factors looked at for a quotient or a power in front; there is an end to it so that long texts are fast."""


def note_powers_before_quotients(draft: Draft) -> None:
    """Ask for an echo of `x^1/2`: it is x/2, where x^(1/2) may be meant."""
    for index, piece in enumerate(draft.pieces):
        if piece.kind != "SLASH" or draft.kind(index - 1) != "NUMBER" or draft.kind(index + 1) != "NUMBER":
            continue
        exponent, below = Fraction(draft.pieces[index - 1].text), Fraction(draft.pieces[index + 1].text)
        whole = bool(below) and (exponent / below).denominator == 1
        draft.echo |= draft.kind(index - 2) == "CARET" and not piece.gap and not whole


def write_products(draft: Draft) -> None:
    """Put a TIMES piece where two factors stand side by side. Raises Trouble where they should not."""
    pieces = draft.pieces
    scaling = scaled_arguments(draft)
    partner: list[int] = []
    written: list[Piece] = []
    for index, piece in enumerate(pieces):
        before = pieces[index - 1] if index else None
        if before is not None and before.kind in ENDS_OPERAND and piece.kind in STARTS_OPERAND:
            _check_neighbours(draft, index)
            if piece.kind == "LSQB":
                check_list_behind(before, index, draft)
            partner = partner or partners(pieces)
            kind = "TIGHT" if index in scaling else "TIMES"
            written.append(Piece(kind, "", piece.start, piece.start))
            draft.echo = draft.echo or _deserves_echo(draft, index, partner)
        written.append(piece)
    draft.pieces = written


def _check_neighbours(draft: Draft, index: int) -> None:
    before, piece = draft.pieces[index - 1], draft.pieces[index]
    span = Span(before.start, piece.end)
    if piece.kind == "NUMBER" and before.kind == "NUMBER":
        if piece.text.startswith(".") and not piece.gap:
            raise Trouble("A number has one decimal point.", span)
        if _in_groups(before, piece):
            edits = (TextEdit(Span(before.end, piece.start), ""),)
            message = f"Write {before.text}{piece.text} without a space, or [{before.text}, {piece.text}] for a vector."
            raise Trouble(message, span, edits=edits)
        _refuse_mixed_number(draft, index - 1)
        message = "Two numbers are side by side. An operator is missing between them, or [ ] around a list."
        raise Trouble(message, span)
    if piece.kind == "NUMBER" and piece.text.startswith("."):
        raise Trouble(f"An operator is missing before {piece.text}.", piece.span)


def _in_groups(before: Piece, piece: Piece) -> bool:
    """Whether two numbers may be one in groups of three digits: `34 944`."""
    head, _, _ = piece.text.partition(".")
    return before.text.lstrip("-").isdecimal() and len(before.text.lstrip("-")) <= 3 and len(head) == 3


def _refuse_mixed_number(draft: Draft, index: int) -> None:
    """Raises Trouble, with what to write, where a whole number is followed by a fraction: `3 3/8`."""
    kinds = [draft.kind(index + further) for further in range(-1, 4)]
    if kinds[0] in ("CARET", "SLASH") or kinds[1:] != ["NUMBER", "NUMBER", "SLASH", "NUMBER"]:
        return
    whole, above, below = (draft.pieces[index + further] for further in (0, 1, 3))
    number = whole.text.lstrip("-")
    if number.isdecimal() and above.text.isdecimal() and below.text.isdecimal():
        written = f"({number} + {above.text}/{below.text})"
        span = Span(whole.end - len(number), below.end)
        message = f"Write {number} {above.text}/{below.text} as {written}."
        raise Trouble(message, span, edits=(TextEdit(span, written),))


def _deserves_echo(draft: Draft, index: int, partner: list[int]) -> bool:
    """Whether readers may differ about the product written in front of this piece.

    They do in x(x + 1) and x 5, behind a quotient (1/2x) and behind a power (x^2y).
    """
    pieces = draft.pieces
    piece = pieces[index]
    if piece.kind == "NUMBER" or (pieces[index - 1].kind == "NAME" and piece.kind == "LPAR"):
        return True
    at = index - 1
    for _ in range(_FARTHEST):
        at = partner[at] if partner[at] >= 0 else at
        before = draft.kind(at - 1)
        if before == "RAISE" or pieces[at].kind == "RAISE":
            return False
        if before == "CARET" or (before in SIGNS and draft.kind(at - 2) == "CARET"):
            return not piece.gap
        if before in ("SLASH", "AT"):
            return True
        if before == "STAR":
            at -= 2
        elif before in ENDS_OPERAND or before in ("CALL", "METHOD"):
            at -= 1
        else:
            return False
    return False


def note_products_beside_comparisons(draft: Draft) -> None:
    """Ask for an echo of `u * z > 0`, which compares the product: u * (z > 0) may be meant."""
    if not holds(draft.pieces, ("COMPARE",)):
        return
    levels: list[set[str]] = [set()]
    for piece in draft.pieces:
        if piece.kind in CLOSING_BRACKETS:
            levels.pop()
        levels[-1].add(piece.kind)
        if piece.kind in OPENING_BRACKETS:
            levels.append(set())
        elif "COMPARE" in levels[-1] and not levels[-1].isdisjoint(("STAR", "AT")):
            draft.echo = True
