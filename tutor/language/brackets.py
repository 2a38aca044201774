"""What is said about a bracket that has no partner."""

from __future__ import annotations

from tutor.language.draft import ENDS_OPERAND, INFIX, SIGNS
from tutor.language.limits import DEEPEST_NESTING
from tutor.language.scanner import Piece
from tutor.language.tree import Span
from tutor.language.unreadable import Edit, Trouble

_CLOSING = {"LPAR": ")", "LSQB": "]"}
_OPENING = {"RPAR": "(", "RSQB": "["}
_PAIRS = {"RPAR": "LPAR", "RSQB": "LSQB", "LOWER": "RAISE"}


def check_brackets(pieces: list[Piece]) -> None:
    """Raise Trouble for a bracket without a partner, and for nesting that is too deep."""
    waiting: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.kind in _CLOSING or piece.kind == "RAISE":
            waiting.append(index)
            if len(waiting) > DEEPEST_NESTING:
                raise Trouble(f"Brackets are nested more than {DEEPEST_NESTING} deep.", piece.span)
        elif piece.kind in _PAIRS:
            if not waiting:
                raise _unopened(pieces, index)
            opener = pieces[waiting.pop()]
            if opener.kind != _PAIRS[piece.kind]:
                raise _crossed(pieces, opener, piece)
    if waiting:
        raise _unclosed(pieces, waiting)


def _unopened(pieces: list[Piece], index: int) -> Trouble:
    piece = pieces[index]
    opening = _OPENING[piece.kind]
    edits: tuple[Edit, ...] | None = None
    if index and not any(other.kind in _OPENING for other in pieces[index + 1 :]):
        start = Span(pieces[0].start, pieces[0].start)
        last = index == len(pieces) - 1 and opening == "("
        edits = (Edit(piece.span, ""),) if last else (Edit(start, opening),)
    places = [edit.span for edit in edits or () if edit.text]
    return Trouble(f"This {piece.text} has no {opening} before it.", *places, piece.span, edits=edits)


def _crossed(pieces: list[Piece], opener: Piece, closer: Piece) -> Trouble:
    if "RAISE" in (opener.kind, closer.kind) or "LOWER" in (opener.kind, closer.kind):
        return Trouble("A bracket in the raised part has no partner there.", opener.span, closer.span)
    square = [piece for piece in pieces if piece.kind in ("LSQB", "RSQB")]
    edits = None
    if len(square) == 1:
        edits = (Edit(square[0].span, "(" if square[0].kind == "LSQB" else ")"),)
    message = f"The {opener.text} is closed by {closer.text}. Brackets close in pairs of the same kind."
    return Trouble(message, opener.span, closer.span, edits=edits)


def _unclosed(pieces: list[Piece], waiting: list[int]) -> Trouble:
    at = waiting[-1]
    opener = pieces[at]
    if opener.kind == "RAISE":
        return Trouble("A bracket in the raised part has no partner there.", opener.span)
    closing = _CLOSING[opener.kind]
    end = Span(pieces[-1].end, pieces[-1].end)
    edits = None
    if all(pieces[each].kind in _CLOSING and _ends_at_the_end(pieces, each) for each in waiting):
        edits = (Edit(end, "".join(_CLOSING[pieces[each].kind] for each in reversed(waiting))),)
    return Trouble(f"This {opener.text} is never closed: a {closing} is missing.", opener.span, end, edits=edits)


def _ends_at_the_end(pieces: list[Piece], at: int) -> bool:
    """Whether the end of the text is the only sensible place for the missing bracket."""
    if pieces[-1].kind in INFIX | SIGNS | {"COMMA", "SEMICOLON"}:
        return False
    if pieces[at].kind == "LSQB":
        return True
    called = at > 0 and pieces[at - 1].kind == "FUNCTION"
    depth = 0
    operators = []
    before = ""
    for piece in pieces[at + 1 :]:
        depth += (piece.kind in _CLOSING) - (piece.kind in _OPENING)
        if depth == 0 and (piece.kind in INFIX or (piece.kind in SIGNS and before in ENDS_OPERAND)):
            operators.append(piece.kind)
        before = piece.kind
    additive = sum(kind in SIGNS for kind in operators)
    return additive == 0 or (additive == 1 and not called and operators[-1] in SIGNS)
