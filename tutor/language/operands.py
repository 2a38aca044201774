"""Whether every sign, function and bracket has what it needs beside it: the commonest slips."""

from __future__ import annotations

from tutor.language.calls import example
from tutor.language.draft import INFIX, SIGNS, Draft
from tutor.language.scanner import Piece
from tutor.language.tree import Span
from tutor.language.unreadable import Edit, Trouble

_NEEDS_MORE = INFIX | SIGNS | {"COMMA", "SEMICOLON", "IS"}
_OPENS = ("LPAR", "LSQB", "RAISE")
_CLOSES = ("RPAR", "RSQB", "LOWER")
_CANNOT_START = INFIX | {"COMMA", "SEMICOLON", "TRANSPOSE", "RAISE", "IS"}
_NAMES = {"COMMA": "comma"}


def check_operands(draft: Draft) -> None:
    """Raise Trouble where something is missing."""
    for index in range(len(draft.pieces) + 1):
        before, here = draft.kind(index - 1), draft.kind(index)
        if before == "FUNCTION":
            _check_argument(draft, index - 1)
        elif before in _OPENS and here in _CLOSES:
            _refuse_empty(draft, index)
        elif before in _NEEDS_MORE and (not here or here in _CLOSES or here in _CANNOT_START):
            if not _ends_a_tuple(draft, index):
                raise _nothing_after(draft, index - 1)
        elif here in _CANNOT_START and (not before or before in _OPENS):
            raise _nothing_before(draft.pieces[index])
    _check_keywords(draft)


def _ends_a_tuple(draft: Draft, index: int) -> bool:
    """Whether the bracket at `index` closes a `(6,)` among a function's arguments."""
    if draft.kind(index - 1) != "COMMA" or draft.kind(index) != "RPAR":
        return False
    depth = 0
    for at in range(index - 2, 0, -1):
        kind = draft.kind(at)
        depth += (kind in _CLOSES) - (kind in _OPENS)
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
    if not after or after in _CLOSES or after in _CANNOT_START | {"PLUS"} or subtracted:
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
        depth += (kind in ("LPAR", "LSQB")) - (kind in ("RPAR", "RSQB"))
        if takes_a_list and ((depth == 1 and kind in ("COMMA", "SEMICOLON")) or (depth == 2 and kind == "LSQB")):
            return
        if depth == 0:
            break
    first, final = draft.pieces[index + 1], draft.pieces[last]
    edits = (Edit(first.span, "("), Edit(final.span, ")"))
    message = f"A function takes round brackets: {example(draft.pieces[index])}."
    raise Trouble(message, first.span, final.span, edits=edits)


def _refuse_empty(draft: Draft, index: int) -> None:
    """Refuse empty brackets, unless they are a method's (`x.sum()`)."""
    if draft.kind(index - 2) == "METHOD" and draft.kind(index) == "RPAR":
        return
    span = Span(draft.pieces[index - 1].start, draft.pieces[index].end)
    raise Trouble("There is nothing between these brackets.", span)


def _nothing_after(draft: Draft, index: int) -> Trouble:
    piece, after = draft.pieces[index], draft.kind(index + 1)
    if after in INFIX:
        other = draft.pieces[index + 1]
        span = Span(piece.start, other.end)
        if not other.gap and piece.text + other.text in ("/*", "*/", "***", "^^", "@@"):
            return Trouble(f"There is no sign {piece.text}{other.text}.", span)
        if piece.text == other.text == "*":
            message = "A power is written ** without a space in between."
            return Trouble(message, span, edits=(Edit(Span(piece.end, other.start), ""),))
        return Trouble(f"Something is missing between {piece.text} and {other.text}.", span)
    if piece.kind == "CARET" and after == "RAISE":
        message = "A raised character needs no ^ in front."
        return Trouble(message, piece.span, edits=(Edit(piece.span, ""),))
    if piece.kind == "SEMICOLON" and not after:
        return Trouble("Leave out the ; at the end.", piece.span, edits=(Edit(piece.span, ""),))
    if piece.kind == "COMMA" and (not after or after in _CLOSES):
        return Trouble("Leave out the comma at the end.", piece.span, edits=(Edit(piece.span, ""),))
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
