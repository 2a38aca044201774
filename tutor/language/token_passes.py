"""Pieces as scanned to pieces as the grammar wants them, one pass after the other."""

from __future__ import annotations

from fractions import Fraction

from tutor.language.brackets import check_brackets, pair_bars
from tutor.language.calls import mark_functions, scaled_arguments, take_powers_of_functions
from tutor.language.entries import check_list_behind, check_positions
from tutor.language.errors import TextEdit, Trouble
from tutor.language.lists import gather_lists
from tutor.language.name_resolution import look_up_words
from tutor.language.notation import refuse_split_numbers
from tutor.language.subscripts import take_subscripts
from tutor.language.token_checks import check_commas, check_operands, separate_entries
from tutor.language.tokenizer import ENDS_OPERAND, SIGNS, STARTS_OPERAND, Draft, Piece, holds, partners
from tutor.language.tree import Span

_FARTHEST = 40
"""Factors looked at for a quotient or a power in front; there is an end to it so that long texts are fast."""
_RAISES = ("CARET", "RAISE", "TRANSPOSE", "METHOD")


def write_negative_numbers(draft: Draft) -> None:
    """A minus sign directly in front of a number, with nothing to subtract from, belongs to the number."""
    kept: list[Piece] = []
    for index, piece in enumerate(draft.pieces):
        signed = piece.kind == "NUMBER" and bool(kept) and kept[-1].kind == "MINUS"
        if signed and (len(kept) < 2 or kept[-2].kind not in ENDS_OPERAND) and draft.kind(index + 1) not in _RAISES:
            minus = kept.pop()
            piece = Piece("NUMBER", f"-{piece.text}", minus.start, piece.end, minus.gap)
        kept.append(piece)
    draft.pieces = kept


def close_squared_norms(draft: Draft) -> None:
    """`||v||^2` is one operation: its closing bar takes the power in."""
    kept: list[Piece] = []
    index = 0
    while index < len(draft.pieces):
        piece = draft.pieces[index]
        kept.append(piece)
        index += 1
        length = _length_of_square(draft, index) if piece.kind == "NORM_CLOSE" and piece.text[-2:] != "_1" else 0
        if length:
            index += length
            piece.kind, piece.end = "SQUARED_NORM_CLOSE", draft.pieces[index - 1].end
    draft.pieces = kept


def _length_of_square(draft: Draft, index: int) -> int:
    """How many pieces from `index` on are the power 2 (`^2`, `²`, `^(2)`), or 0."""
    for shape in (("RAISE", "NUMBER", "LOWER"), ("CARET", "LPAR", "NUMBER", "RPAR"), ("CARET", "NUMBER")):
        if tuple(draft.kind(index + place) for place in range(len(shape))) == shape:
            raised_again = shape[0] == "CARET" and draft.kind(index + len(shape)) in _RAISES
            two = draft.pieces[index + shape.index("NUMBER")].text == "2"
            return len(shape) if two and not raised_again else 0
    return 0


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


_OPENS, _CLOSES = ("LPAR", "LSQB", "RAISE"), ("RPAR", "RSQB", "LOWER")


def note_products_beside_comparisons(draft: Draft) -> None:
    """Ask for an echo of `u * z > 0`, which compares the product: u * (z > 0) may be meant."""
    if not holds(draft.pieces, ("COMPARE",)):
        return
    levels: list[set[str]] = [set()]
    for piece in draft.pieces:
        if piece.kind in _CLOSES:
            levels.pop()
        levels[-1].add(piece.kind)
        if piece.kind in _OPENS:
            levels.append(set())
        elif "COMPARE" in levels[-1] and not levels[-1].isdisjoint(("STAR", "AT")):
            draft.echo = True


def arranged(draft: Draft) -> list[Piece]:
    """The pieces ready for the grammar. Raises Trouble with a sentence wherever one can be found here."""
    check_positions(draft.pieces, draft.vocabulary)
    take_subscripts(draft)
    refuse_split_numbers(draft)
    look_up_words(draft)
    check_brackets(draft.pieces)
    take_powers_of_functions(draft)
    gather_lists(draft)
    check_operands(draft)
    check_commas(draft)
    note_products_beside_comparisons(draft)
    mark_functions(draft)
    pair_bars(draft)
    close_squared_norms(draft)
    separate_entries(draft)
    write_negative_numbers(draft)
    note_powers_before_quotients(draft)
    write_products(draft)
    return draft.pieces
