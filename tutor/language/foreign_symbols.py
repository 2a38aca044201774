"""What is said about signs that mean nothing in a formula."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.language.characters import LEAVE_OUT_DOTS, described, leave_out_about
from tutor.language.errors import TextEdit, Trouble
from tutor.language.tokenizer import Piece
from tutor.language.tree import Span

_COMPARISONS = {"=>": ">=", "=<": "<=", "<>": "!="}
"""Signs that are not read, and what is written instead."""

_ASSIGNMENTS = frozenset((":=", "<-", "->", "+=", "-=", "*=", "/=", "@=", "^=", "**="))

_SENTENCES = {
    "!": "There is no factorial here, so ! cannot be read.",
    "'": "Leave out the quotes.",
    '"': "Leave out the quotes.",
    "`": "Leave out the ` signs.",
    "$": "Leave out the $ signs.",
    "∇": "The sign ∇ belongs to a name, as in ∇x.",
    "?": "Write pieces with where(x > 0, x^2, -x): what follows the condition is taken where it holds.",
    "~": "Write the opposite comparison: x <= 0 where x > 0 does not hold.",
    "∂": "The sign ∂ belongs to a name, as in ∂L.",
}


def refused(pieces: Sequence[Piece], index: int) -> Trouble:
    """What to say about the sign there."""
    piece = pieces[index]
    before = pieces[index - 1] if index else None
    sign = piece.text
    if sign == "~" and before is None:
        return leave_out_about(sign, piece.start)
    if sign in _COMPARISONS:
        meant = _COMPARISONS[sign]
        return Trouble(f"Write {meant} instead of {sign}.", piece.span, edits=(TextEdit(piece.span, meant),))
    if sign in _ASSIGNMENTS:
        return Trouble(f"The sign {sign} is not supported. An equation has a single =.", piece.span)
    match sign:
        case "//":
            return Trouble("Divide with a single /.", piece.span, edits=(TextEdit(piece.span, "/"),))
        case "{" | "}":
            return _braces(pieces, index)
        case "#":
            after = Span(piece.start, pieces[-1].end)
            return Trouble(
                "Leave out the comment from # on.", after, edits=_nothing(after) if before else None, certain=True
            )
        case ":" | "%" | ".":
            return _BEHIND[sign](pieces, index)
        case "'" if _is_between_digits(pieces, index):
            message = f"Write the number without {sign}: {before.text if before else ''}{pieces[index + 1].text}."
            return Trouble(message, piece.span, edits=_nothing(piece.span))
        case "`" | "$" | "'" | '"':
            return Trouble(_SENTENCES[sign], piece.span, edits=_unwrapped(pieces, sign), certain=index == 0)
    if sign in "?~" and not any(other.kind == "COMPARE" for other in pieces):
        return Trouble(f"The sign {sign} has no place in a formula.", piece.span)
    what = f"The sign {sign}" if sign.isascii() else described(sign)
    return Trouble(_SENTENCES.get(sign, f"{what} has no place in a formula."), piece.span)


def _nothing(span: Span) -> tuple[TextEdit, ...]:
    """The correction that leaves this out."""
    return (TextEdit(span, ""),)


def _braces(pieces: Sequence[Piece], index: int) -> Trouble:
    """What to say about a brace: it may hold cases, a list, or just a group."""
    piece = pieces[index]
    if any(other.kind in ("COMPARE", "IF") for other in pieces):
        return Trouble("Write a function in pieces with where: where(x > 0, x^2, -x).", piece.span)
    if _is_list(pieces, index):
        square = {"{": "[", "}": "]"}
        edits = tuple(TextEdit(each.span, square[each.text]) for each in pieces if each.text in square)
        return Trouble("Write a vector in square brackets: [1, 2].", piece.span, edits=edits)
    message = "Use round brackets ( ) instead of { }."
    return Trouble(message, piece.span, edits=_rounded(pieces), certain=_are_paired(pieces))


def _is_list(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the brace that opens here holds a list, and is not a function's."""
    if index and pieces[index - 1].kind == "WORD":
        return False
    depth = 0
    for piece in pieces[index:]:
        depth += (piece.text in ("{", "(", "[")) - (piece.text in ("}", ")", "]"))
        if depth == 0 or (depth == 1 and piece.text in (",", ";")):
            return depth == 1
    return False


def _are_paired(pieces: Sequence[Piece]) -> bool:
    """Whether every brace is closed after it was opened."""
    depth = 0
    for piece in pieces:
        depth += (piece.text == "{") - (piece.text == "}")
        if depth < 0:
            return False
    return depth == 0


def _rounded(pieces: Sequence[Piece]) -> tuple[TextEdit, ...]:
    braces = {"{": "(", "}": ")"}
    return tuple(TextEdit(piece.span, braces[piece.text]) for piece in pieces if piece.text in braces)


def _unwrapped(pieces: Sequence[Piece], sign: str) -> tuple[TextEdit, ...] | None:
    """Take the signs away when they only stand around the text."""
    there = [index for index, piece in enumerate(pieces) if piece.text == sign]
    inside = [index for index, piece in enumerate(pieces) if piece.text != sign]
    if not inside or any(inside[0] < index < inside[-1] for index in there):
        return None
    last = pieces[-1]
    if sign == "'" and last.text.endswith("'") and there == [0]:  # the scanner took the closing quote for a prime
        return TextEdit(pieces[0].span, ""), TextEdit(Span(last.end - 1, last.end), "")
    if sign == "'" and any(pieces[index].text.endswith("'") for index in inside):
        return None
    return tuple(TextEdit(pieces[index].span, "") for index in there)


def _is_between_digits(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the sign groups the digits of a number, as in `1'200`."""
    around = [piece.kind for piece in pieces[max(0, index - 1) : index + 2]]
    return around == ["NUMBER", "UNKNOWN", "NUMBER"] and not (pieces[index].gap or pieces[index + 1].gap)


def _colon(pieces: Sequence[Piece], index: int) -> Trouble:
    piece = pieces[index]
    if [each.kind for each in pieces] == ["NUMBER", "UNKNOWN", "NUMBER"]:
        return Trouble("Write a quotient with /.", piece.span, edits=(TextEdit(piece.span, "/"),))
    message = "Leave out what is before the colon; a quotient is written with /."
    label = TextEdit(Span(pieces[0].start, piece.end), "")
    return Trouble(message, piece.span, edits=(label,) if index else None)


def _percent(pieces: Sequence[Piece], index: int) -> Trouble:
    piece, before = pieces[index], pieces[index - 1] if index else None
    if before is None or before.kind != "NUMBER" or "e" in before.text.lower():
        return Trouble("The sign % is not supported.", piece.span)
    whole, _, part = before.text.partition(".")
    digits = whole.rjust(3, "0")
    plain = f"{digits[:-2].lstrip('0') or '0'}.{digits[-2:]}{part}".rstrip("0").rstrip(".")
    span = Span(before.start, piece.end)
    return Trouble(f"Write {before.text}% as {plain}.", span, edits=(TextEdit(span, plain),))


def _full_stop(pieces: Sequence[Piece], index: int) -> Trouble:
    piece = pieces[index]
    if index and pieces[index - 1].text == "np":
        return Trouble("The name of a function is missing after np.", piece.span)
    if index and index == len(pieces) - 1:
        return Trouble("Leave out the full stop at the end.", piece.span, edits=_nothing(piece.span), certain=True)
    dots = all(each.text == "." and not each.gap for each in pieces[index:])
    if index and dots and pieces[index - 1].kind == "NUMBER" and "." in pieces[index - 1].text:
        span = Span(piece.start, pieces[-1].end)
        return Trouble(LEAVE_OUT_DOTS, span, edits=_nothing(span), certain=True)
    if index and pieces[index - 1].kind == "NUMBER" and not piece.gap:
        return Trouble("A number has one decimal point.", piece.span)
    return Trouble("A full stop on its own means nothing here. Decimals are written 0.5.", piece.span)


_BEHIND = {":": _colon, "%": _percent, ".": _full_stop}
"""What is said about a sign that is judged by what is around it."""
