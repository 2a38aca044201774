"""Entries separated by spaces: `1 2; 3 4`, `[1 -2; 3 4]` and NumPy's printed `[[1. 2.] [3. 4.]]`.

Spaces separate entries where a row has no comma and stands in square brackets, or beside a semicolon.
"""

from __future__ import annotations

from itertools import pairwise

from tutor.language.draft import ENDS_OPERAND, SIGNS, STARTS_OPERAND, Draft
from tutor.language.scanner import Piece
from tutor.language.tree import Span
from tutor.language.unreadable import Trouble

_OPENS, _CLOSES = ("LPAR", "LSQB", "RAISE"), ("RPAR", "RSQB", "LOWER")


def separate_entries(draft: Draft) -> None:
    """Put commas where spaces separate the entries of a row."""
    kinds = {piece.kind for piece in draft.pieces}
    if "LSQB" not in kinds and "SEMICOLON" not in kinds:
        return
    spaced = _spaced(draft.pieces)
    separated: list[Piece] = []
    for index, piece in enumerate(draft.pieces):
        if spaced[index] and _starts_an_entry(draft, index):
            separated.append(Piece("COMMA", "", piece.start, piece.start))
            draft.echo = draft.echo or piece.kind not in ("NUMBER", "LSQB", "MINUS")
        separated.append(piece)
    draft.pieces = separated


def _spaced(pieces: list[Piece]) -> list[bool]:
    """For every piece whether it stands in brackets whose entries are separated by spaces."""
    inside: list[list[int]] = [[]]
    square = [False]
    spaced = [False] * len(pieces)
    for index, piece in enumerate(pieces):
        if piece.kind in _CLOSES:
            _settle(pieces, inside.pop(), square.pop(), spaced)
        inside[-1].append(index)
        if piece.kind in _OPENS:
            inside.append([])
            square.append(piece.kind == "LSQB")
    _settle(pieces, inside.pop(), False, spaced)
    return spaced


def _settle(pieces: list[Piece], level: list[int], square: bool, spaced: list[bool]) -> None:
    kinds = {pieces[index].kind for index in level}
    if "COMMA" in kinds and square:
        _refuse_mixture(pieces, level)
    if "COMMA" not in kinds and (square or "SEMICOLON" in kinds):
        for index in level:
            spaced[index] = True


def _refuse_mixture(pieces: list[Piece], level: list[int]) -> None:
    """Refuse `[1 2, 3]`."""
    for index, after in pairwise(level):
        if pieces[index].kind == "NUMBER" == pieces[after].kind:
            message = "Separate the entries either all with commas or all with spaces."
            raise Trouble(message, Span(pieces[index].start, pieces[after].end))


def _starts_an_entry(draft: Draft, index: int) -> bool:
    piece = draft.pieces[index]
    if draft.kind(index - 1) not in ENDS_OPERAND:
        return False
    if piece.kind in SIGNS:
        return piece.gap and bool(draft.kind(index + 1)) and not draft.pieces[index + 1].gap
    return piece.kind in STARTS_OPERAND and (piece.gap or piece.kind == "LSQB")
