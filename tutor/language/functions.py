"""Functions written without brackets, or with their power in front: `ln x`, `sin 2x`, `sin^2 x`."""

from __future__ import annotations

from tutor.language.draft import FUNCTIONS, SIGNS, STARTS_OPERAND, Draft, partners
from tutor.language.scanner import Piece
from tutor.language.tree import Span
from tutor.language.unreadable import Edit, Trouble, plainly

_BEHIND = ("TRANSPOSE", "RAISE", "METHOD")


def take_powers_of_functions(draft: Draft) -> None:
    """`sin^2 x` means (sin x)^2: the power moves into the function's piece."""
    kept: list[Piece] = []
    index = 0
    while index < len(draft.pieces):
        piece = draft.pieces[index]
        kept.append(piece)
        index += 1
        if piece.kind == "FUNCTION" and draft.kind(index) in ("CARET", "RAISE"):
            index = _take_power(draft, piece, index)
    draft.pieces = kept


def _take_power(draft: Draft, function: Piece, raiser: int) -> int:
    """Move the power behind `function`, which starts at `raiser`; returns the index after it."""
    name = function.text
    closing = {"RAISE": "LOWER", "LPAR": "RPAR"}
    start = raiser + (draft.kind(raiser) == "CARET" and draft.kind(raiser + 1) in closing)
    bracket = closing.get(draft.kind(start), "")
    negative = draft.kind(start + 1) == "MINUS"
    at = start + 1 + negative
    power = draft.pieces[at] if draft.kind(at) == "NUMBER" else None
    end = at + 1 + bool(bracket)
    finished = not bracket or draft.kind(end - 1) == bracket
    span = Span(function.start, draft.pieces[min(end, len(draft.pieces)) - 1].end)
    if negative and power is not None and power.text == "1" and finished:
        raise _inverse(name, span)
    if power is None or negative or not power.text.isdigit() or not finished:
        raise _power_in_front(draft, function, raiser, span)
    if draft.kind(end) not in STARTS_OPERAND and draft.kind(end) not in ("BAR", "BARS"):
        raise Trouble(f"The function {name} needs an argument: {name}(x)^{power.text}.", span)
    function.power = power
    draft.echo = True
    return end


def _inverse(name: str, span: Span) -> Trouble:
    message = f"For 1 over {name}(x) write 1/{name}(x). The inverse of {name} is not supported."
    return Trouble(message, span)


def _power_in_front(draft: Draft, function: Piece, raiser: int, span: Span) -> Trouble:
    """What to say about a power in front of the argument that is not a whole number."""
    if function.word is not None and function.word.operation == "exp" and draft.kind(raiser) == "CARET":
        edits = (Edit(Span(function.start, function.end), "e"),)
        return Trouble("Write e^x or exp(x), not exp^x.", span, edits=edits)
    return Trouble(f"Write the power after the brackets: {function.text}(x)^2.", span)


def mark_functions(draft: Draft) -> None:
    """A function with brackets is a CALL, one without is a PREFIX."""
    for index, piece in enumerate(draft.pieces):
        if piece.kind != "FUNCTION":
            continue
        piece.kind = "CALL" if draft.kind(index + 1) == "LPAR" else "PREFIX"
        if draft.kind(index + 1) == "MINUS" and draft.kind(index + 3) == "LPAR":
            _refuse_inverse(piece, draft.pieces[index + 1 : index + 4])


def _refuse_inverse(function: Piece, after: list[Piece]) -> None:
    """Refuse `tan-1(x)`."""
    if after[1].text == "1" and not any(piece.gap for piece in after):
        raise _inverse(function.text, Span(function.start, after[1].end))


def scaled_arguments(draft: Draft) -> set[int]:
    """Where the `x` of `sin 2x` starts, for every function without brackets.

    Raises Trouble for `sin x y`, which may end after x or after y.
    """
    scaling: set[int] = set()
    if not any(piece.kind == "PREFIX" for piece in draft.pieces):
        return scaling
    partner = partners(draft.pieces)
    for index, piece in enumerate(draft.pieces):
        if piece.kind != "PREFIX" or draft.kind(index + 1) == "PREFIX":
            continue
        start = index + 1
        while draft.kind(start) == "MINUS":
            start += 1
        end = _factor_end(draft, start, partner)
        scaled = draft.kind(start) == "NUMBER" and end == start + 1 and piece.text != "√"
        if scaled and draft.kind(end) in STARTS_OPERAND - FUNCTIONS - {"NUMBER"}:
            scaling.add(end)
            end = _factor_end(draft, end, partner)
        if piece.text != "√":
            _check_end(draft, index, end, partner)
        after = draft.kind(end)
        draft.echo = draft.echo or end > index + 2 or after in STARTS_OPERAND or after in ("STAR", "SLASH", "AT")
    return scaling


def _check_end(draft: Draft, index: int, end: int, partner: list[int]) -> None:
    """Refuse an argument that may go on after `end`."""
    after = draft.kind(end)
    if after not in STARTS_OPERAND or after in FUNCTIONS:
        return
    function, last = draft.pieces[index], draft.pieces[end]
    inner = "".join(piece.text for piece in draft.pieces[index + 1 : end])
    whole = draft.pieces[end : partner[end] + 1] if partner[end] > end else [last]
    outer = "".join(piece.text for piece in whole)
    choices = f"{function.text}({inner}*{outer}) or {function.text}({inner})*{outer}"
    raise Trouble(f"This can mean {plainly(choices, 60)}. Write one of these.", Span(function.start, last.end))


def _factor_end(draft: Draft, start: int, partner: list[int]) -> int:
    """The index after the factor that starts at `start`, its powers included."""
    at = start
    while True:
        while draft.kind(at) in SIGNS or draft.kind(at) == "PREFIX":
            at += 1
        at = _after(at + (draft.kind(at) == "CALL"), partner)
        while draft.kind(at) in _BEHIND:
            at = _after(at + (draft.kind(at) == "METHOD"), partner)
        if draft.kind(at) != "CARET":
            return min(at, len(draft.pieces))
        at += 1


def _after(at: int, partner: list[int]) -> int:
    """The index after the piece at `at`, or after the bracket that closes it."""
    return max(at, partner[at] if at < len(partner) else at) + 1
