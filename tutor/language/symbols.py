"""Signs that programs and other notations use and formulas here do not: what to write instead."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.language.characters import described
from tutor.language.scanner import Piece
from tutor.language.tree import Span
from tutor.language.unreadable import Edit, Trouble

_COMPARISONS = frozenset(("==", "!=", "<=", ">=", "=>", "=<", "<", ">", "<>"))
_ASSIGNMENTS = frozenset((":=", "<-", "->", "+=", "-=", "*=", "/=", "@=", "^=", "**="))

_SENTENCES = {
    "!": "There is no factorial here, so ! cannot be read.",
    "'": "Leave out the quotes.",
    '"': "Leave out the quotes.",
    "`": "Leave out the ` signs.",
    "$": "Leave out the $ signs.",
    "∇": "The sign ∇ belongs to a name, as in ∇x.",
    "∂": "The sign ∂ belongs to a name, as in ∂L.",
    "&&": "Formulas have no conditions. Leave out the &&.",
}


def refuse_foreign_symbols(pieces: Sequence[Piece]) -> None:
    """Raise Trouble at the first sign that means nothing here."""
    for index, piece in enumerate(pieces):
        if piece.kind == "UNKNOWN":
            raise _refused(pieces, index)


def _refused(pieces: Sequence[Piece], index: int) -> Trouble:
    piece = pieces[index]
    before = pieces[index - 1] if index else None
    sign = piece.text
    if sign in _COMPARISONS:
        return Trouble(f"The sign {sign} is a comparison. A formula has none.", piece.span)
    if sign in _ASSIGNMENTS:
        return Trouble(f"The sign {sign} is not supported. An equation has a single =.", piece.span)
    match sign:
        case "//":
            return Trouble("Divide with a single /.", piece.span, edits=(Edit(piece.span, "/"),))
        case "{" | "}":
            return Trouble("Use round brackets ( ) instead of { }.", piece.span, edits=_rounded(pieces))
        case "#":
            after = Span(piece.start, pieces[-1].end)
            return Trouble("Leave out the comment from # on.", after, edits=(Edit(after, ""),) if before else None)
        case ":" if [piece.kind for piece in pieces] == ["NUMBER", "UNKNOWN", "NUMBER"]:
            return Trouble("Write a quotient with /.", piece.span, edits=(Edit(piece.span, "/"),))
        case "%":
            return _percent(piece, before)
        case ".":
            return _full_stop(pieces, index)
        case "`" | "$" | "'" | '"':
            return Trouble(_SENTENCES[sign], piece.span, edits=_unwrapped(pieces, sign))
    what = f"The sign {sign}" if sign.isascii() else described(sign)
    return Trouble(_SENTENCES.get(sign, f"{what} has no place in a formula."), piece.span)


def _rounded(pieces: Sequence[Piece]) -> tuple[Edit, ...]:
    braces = {"{": "(", "}": ")"}
    return tuple(Edit(piece.span, braces[piece.text]) for piece in pieces if piece.text in braces)


def _unwrapped(pieces: Sequence[Piece], sign: str) -> tuple[Edit, ...] | None:
    """Take the signs away when they only stand around the text."""
    there = [index for index, piece in enumerate(pieces) if piece.text == sign]
    inside = [index for index, piece in enumerate(pieces) if piece.text != sign]
    if not inside or any(inside[0] < index < inside[-1] for index in there):
        return None
    last = pieces[-1]
    if sign == "'" and last.text.endswith("'") and there == [0]:  # the scanner took the closing quote for a prime
        return Edit(pieces[0].span, ""), Edit(Span(last.end - 1, last.end), "")
    if sign == "'" and any(pieces[index].text.endswith("'") for index in inside):
        return None
    return tuple(Edit(pieces[index].span, "") for index in there)


def _percent(piece: Piece, before: Piece | None) -> Trouble:
    if before is None or before.kind != "NUMBER" or "e" in before.text.lower():
        return Trouble("The sign % is not supported.", piece.span)
    whole, _, part = before.text.partition(".")
    digits = whole.rjust(3, "0")
    plain = f"{digits[:-2].lstrip('0') or '0'}.{digits[-2:]}{part}".rstrip("0").rstrip(".")
    span = Span(before.start, piece.end)
    return Trouble(f"Write {before.text}% as {plain}.", span, edits=(Edit(span, plain),))


def _full_stop(pieces: Sequence[Piece], index: int) -> Trouble:
    piece = pieces[index]
    if index and pieces[index - 1].text == "np":
        return Trouble("The name of a function is missing after np.", piece.span)
    if index and index == len(pieces) - 1:
        return Trouble("Leave out the full stop at the end.", piece.span, edits=(Edit(piece.span, ""),))
    if index and pieces[index - 1].kind == "NUMBER" and not piece.gap:
        return Trouble("A number has one decimal point.", piece.span)
    return Trouble("A full stop on its own means nothing here. Decimals are written 0.5.", piece.span)
