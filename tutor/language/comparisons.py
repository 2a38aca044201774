"""Comparisons as masks: their signs, the brackets of an indicator (`1[z > 0]`), and what `&` may join.

A comparison is an operation with the value 1 where it holds and 0 elsewhere. The tokens of an indicator are rewritten
here, before words are looked up: `1[z > 0]`, `1{z > 0}`, `I(z > 0)` and `(z > 0).astype(float)` become `(z > 0)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor.language.errors import TextEdit, Trouble
from tutor.language.tokenizer import Piece, holds
from tutor.language.tree import Apply, Expression, Span
from tutor.language.vocabulary import Vocabulary

OPERATIONS = {
    ">": "greater",
    ">=": "greater_equal",
    "<": "less",
    "<=": "less_equal",
    "==": "equal",
    "!=": "not_equal",
}
"""Each sign and the gate it stands for."""

SIGNS = {operation: sign for sign, operation in OPERATIONS.items()}
"""The way back."""

CHOICE = "where"
"""The gate that `a if c else b` stands for."""

CONNECTIVES = {"and": "AND", "or": "OR", "if": "IF", "else": "ELSE"}
"""Words between comparisons, and those of `a if c else b`, with their kinds."""

_ARROW = "<-"
_JOINS = frozenset(("COMPARE", "AND", "OR"))
_HEADS = frozenset(("I", "indicator", "float", "int"))
_CONVERSIONS = frozenset(("astype", "float", "double", "to", "type", "int", "long"))
_OPENS, _CLOSES = frozenset("([{"), frozenset(")]}")


def is_mask(tree: Expression) -> bool:
    """Whether a tree is a comparison, or comparisons joined by `and` and `or`."""
    if not isinstance(tree, Apply):
        return False
    if tree.operation in SIGNS:
        return True
    return tree.sign in ("&", "or") and all(map(is_mask, tree.arguments))


def read_indicators(pieces: list[Piece], vocabulary: Vocabulary) -> list[Piece]:
    """The pieces with indicators as plain comparisons in round brackets. Names win over the word I.

    Raises Trouble for x[z > 0], which would pick entries.
    """
    if not holds(pieces, _JOINS) and _ARROW not in [piece.text for piece in pieces]:
        return pieces
    pieces = _with_arrows_split(pieces)
    partner = _partners(pieces)
    masks = {index for index in range(len(pieces)) if partner[index] > index and _holds_mask(pieces, partner, index)}
    words = _HEADS - vocabulary.names - _used_alone(pieces, masks)
    left_out: set[int] = set()
    for opener in sorted(masks):
        heads = _heads(pieces, opener, words)
        if not heads and pieces[opener].kind == "LSQB":
            _refuse_picking(pieces, opener, vocabulary)
        left_out.update(heads)
        if heads or pieces[opener].text == "{":
            for index, text in ((opener, "("), (partner[opener], ")")):
                pieces[index] = replace(pieces[index], kind="LPAR" if text == "(" else "RPAR", text=text)
        left_out.update(_conversion(pieces, partner, partner[opener] + 1))
    return [piece for index, piece in enumerate(pieces) if index not in left_out]


def _with_arrows_split(pieces: list[Piece]) -> list[Piece]:
    """`x<-1` without a gap compares with -1."""
    split: list[Piece] = []
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        if piece.text == _ARROW and index and following is not None and not following.gap:
            split.append(replace(piece, kind="COMPARE", text="<", end=piece.start + 1))
            split.append(Piece("MINUS", "-", piece.end - 1, piece.end))
        else:
            split.append(piece)
    return split


def _partners(pieces: Sequence[Piece]) -> list[int]:
    """For every bracket the index of its partner, for everything else -1. Braces count as brackets."""
    found = [-1] * len(pieces)
    waiting: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.text in _OPENS:
            waiting.append(index)
        elif piece.text in _CLOSES and waiting:
            found[index] = waiting.pop()
            found[found[index]] = index
    return found


def _holds_mask(pieces: Sequence[Piece], partner: Sequence[int], opener: int) -> bool:
    """Whether what is in these brackets compares: `(z > 0)`, `((z > 0))`, but not `(1 + (z > 0))` or `f(z > 0, 1)`."""
    index, end = opener + 1, partner[opener]
    if partner[index] == end - 1 and index < end - 1:
        return _holds_mask(pieces, partner, index)
    joins = False
    while index < end:
        if pieces[index].kind in ("COMMA", "SEMICOLON"):
            return False
        joins |= pieces[index].kind in _JOINS
        index = max(index, partner[index]) + 1
    return joins


def _used_alone(pieces: Sequence[Piece], masks: set[int]) -> set[str]:
    """The words among these pieces that stand anywhere else than before a mask: there they are names."""
    return {piece.text for index, piece in enumerate(pieces) if piece.kind == "WORD" and index + 1 not in masks}


def _heads(pieces: Sequence[Piece], opener: int, words: frozenset[str] | set[str]) -> list[int]:
    """The pieces before a bracket that make an indicator of it: `1`, `I`, or `1_` as in `1_{z > 0}`."""
    last = opener - 1
    if last < 0 or pieces[opener].gap:
        return []
    subscript = pieces[last].text == "_" and last > 0
    head = last - subscript
    piece = pieces[head]
    raised = head > 0 and pieces[head - 1].kind in ("CARET", "RAISE")
    if raised or not (piece.text in words or (piece.kind == "NUMBER" and piece.text == "1")):
        return []
    return [head, last] if subscript else [head]


def _refuse_picking(pieces: Sequence[Piece], opener: int, vocabulary: Vocabulary) -> None:
    before, bracket = pieces[opener - 1] if opener else None, pieces[opener]
    if before is None or bracket.gap or before.kind != "WORD" or before.text in vocabulary.functions:
        return
    name, gap = before.text, Span(before.end, before.end)
    message = (
        f"Entries are not picked by a comparison. Write {name}*[ ], which is {name} where it holds and 0 elsewhere."
    )
    raise Trouble(message, Span(before.start, bracket.end), edits=(TextEdit(gap, "*"),))


def _conversion(pieces: Sequence[Piece], partner: Sequence[int], index: int) -> range:
    """The pieces of `.astype(float)` and the like behind a mask, which change nothing."""
    called = index + 1 < len(pieces) and pieces[index + 1].text == "(" and partner[index + 1] > 0
    if called and pieces[index].kind == "ATTRIBUTE" and pieces[index].text in _CONVERSIONS:
        return range(index, partner[index + 1] + 1)
    return range(0)
