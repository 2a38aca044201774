"""Numbers in a notation that would be read as something else: `1979 e-3`, `19.79 x 10^-1`, `0·78`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.language.errors import TextEdit, Trouble
from tutor.language.token_stream import ENDS_OPERAND, SIGNS, Draft
from tutor.language.tokenizer import Piece
from tutor.language.tree import Span

RAISED_POINTS = frozenset("·⋅∙•‧・")
"""Signs of a product that are also a decimal point, by hand and on some keyboards."""

_TIMES = ("x", "X")


def refuse_raised_points(pieces: Sequence[Piece], text: str) -> None:
    """Raise Trouble at `0·78` and `1·05`, which as products of whole numbers nobody would write."""
    for before, dot, after in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if text[dot.start] not in RAISED_POINTS or dot.gap or after.gap:
            continue
        digits = before.text.isdecimal() and after.text.isdecimal()
        if digits and (before.text == "0" or (len(after.text) > 1 and after.text[0] == "0")):
            message = f"A decimal point is on the line: write {before.text}.{after.text}."
            span = Span(before.start, after.end)
            raise Trouble(message, span, edits=(TextEdit(dot.span, "."),))


def refuse_split_numbers(draft: Draft) -> None:
    """Raise Trouble where a number and its power of ten stand apart, so that e is 2.718… or x a name."""
    for index, piece in enumerate(draft.pieces):
        if piece.kind == "WORD" and piece.text[0] in "eExX" and index and draft.kind(index - 1) == "NUMBER":
            _refuse_gap_before_exponent(draft, index)
            _refuse_letter_for_times(draft, index)


def _refuse_gap_before_exponent(draft: Draft, index: int) -> None:
    """`1979 e-3`, `1e 10`: the e of a power of ten, with a gap on one side."""
    letter, pieces = draft.pieces[index], draft.pieces
    if letter.text in draft.vocabulary.names or "e" in pieces[index - 1].text.lower():
        return
    if letter.text[0] in "eE" and letter.text[1:].isdecimal():  # `1979 e3`
        number = pieces[index - 1].text
        message = f"Write {number}{letter.text} without a gap for a power of ten."
        raise Trouble(message, letter.span, edits=(TextEdit(Span(pieces[index - 1].end, letter.start), ""),))
    if letter.text not in ("e", "E"):
        return
    signed = draft.kind(index + 1) in SIGNS
    last = index + 1 + signed
    if draft.kind(last) != "NUMBER" or not pieces[last].text.isdecimal():
        return
    if signed and (pieces[last].gap or (letter.gap and pieces[index + 1].gap)):
        return  # `2 e - 3` is a difference
    number, exponent = pieces[index - 1].text, "".join(piece.text for piece in pieces[index + 1 : last + 1])
    product = f"{number}*e {exponent[0]} {exponent[1:]}" if signed else f"{number}*e*{exponent}"
    message = f"Write {number}e{exponent} without a gap for a power of ten, {product} if e is 2.718…"
    span = Span(pieces[index - 1].start, pieces[last].end)
    raise Trouble(message, span, edits=(TextEdit(span, f"{number}e{exponent}"),))


def _refuse_letter_for_times(draft: Draft, index: int) -> None:
    """`19.79 x 10^-1`, with the letter x for the sign ×; and `28 x 28` where x is no name."""
    letter, pieces = draft.pieces[index], draft.pieces
    if letter.text not in _TIMES or draft.kind(index + 1) != "NUMBER" or draft.kind(index - 2) == "CARET":
        return
    power = pieces[index + 1].text == "10" and draft.kind(index + 2) in ("CARET", "RAISE")
    named = letter.text in draft.vocabulary.names or draft.vocabulary.open_names
    before = pieces[index - 1].text
    if power:
        behind = _exponent(pieces[index + 3 : index + 5]) or "2"
        message = f"Write a power of ten with *: {before}*10^{behind}."
    elif not named and draft.kind(index + 2) not in ENDS_OPERAND:
        message = f"Write a product with *: {before}*{pieces[index + 1].text}."
    else:
        return
    raise Trouble(message, letter.span, edits=(TextEdit(Span(pieces[index - 1].end, pieces[index + 1].start), "*"),))


def _exponent(pieces: Sequence[Piece]) -> str:
    """`-1` or `2` at the beginning of these pieces; "" where there is none."""
    if pieces and pieces[0].kind == "NUMBER":
        return pieces[0].text
    if len(pieces) > 1 and pieces[0].kind in SIGNS and pieces[1].kind == "NUMBER":
        return pieces[0].text + pieces[1].text
    return ""


_THREE_DIGITS = re.compile(r"[0-9]{3}(\.[0-9]*)?")
_AFTER_A_COMMA = re.compile(rf"[0-9]+([eE].*)?|{_THREE_DIGITS.pattern}")


def numbers_with_commas(draft: Draft) -> dict[int, list[int]]:
    """For every comma that is part of a number (`0,5` or `1,234,567`) all the commas of that number."""
    pieces = draft.pieces
    found: dict[int, list[int]] = {}
    index = 0
    while index < len(pieces):
        commas = []
        while _between_digits(draft, index + 1):
            commas.append(index + 1)
            index += 2
        if len(commas) == 1 or (commas and is_in_thousands(draft, commas)):
            found.update(dict.fromkeys(commas, commas))
        index += 1
    return found


def _between_digits(draft: Draft, index: int) -> bool:
    """Whether a comma stands there, directly between the digits of what can be one number."""
    if draft.kind(index) != "COMMA" or draft.kind(index - 1) != "NUMBER" or draft.kind(index + 1) != "NUMBER":
        return False
    before, comma, after = draft.pieces[index - 1 : index + 2]
    fits = before.text.isdecimal() and _AFTER_A_COMMA.fullmatch(after.text)
    return bool(fits) and not comma.gap and not after.gap


def is_in_thousands(draft: Draft, commas: list[int]) -> bool:
    """Whether these commas separate groups of three digits."""
    first = draft.pieces[commas[0] - 1].text
    behind = [draft.pieces[comma + 1].text for comma in commas]
    return len(first) <= 3 and first[0] != "0" and all(map(_THREE_DIGITS.fullmatch, behind))
