"""What the passes between scanner and grammar hand on to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.language.tokenizer import Piece
from tutor.language.vocabulary import Vocabulary

ENDS_OPERAND = frozenset(
    (
        "NUMBER",
        "NAME",
        "CONSTANT",
        "RPAR",
        "RSQB",
        "BAR_CLOSE",
        "NORM_CLOSE",
        "SQUARED_NORM_CLOSE",
        "TRANSPOSE",
        "LOWER",
        "ENTRIES",
    )
)
STARTS_OPERAND = frozenset(
    ("NUMBER", "NAME", "CONSTANT", "FUNCTION", "CALL", "PREFIX", "LPAR", "LSQB", "BAR_OPEN", "NORM_OPEN")
)
FUNCTIONS = frozenset(("FUNCTION", "CALL", "PREFIX"))
SIGNS = frozenset(("PLUS", "MINUS"))
INFIX = frozenset(("STAR", "SLASH", "AT", "CARET"))
CONNECTS = frozenset(("COMPARE", "AND", "OR", "IF", "ELSE"))
OPENERS = frozenset(("LPAR", "LSQB", "RAISE", "BAR_OPEN", "NORM_OPEN"))
CLOSERS = frozenset(("RPAR", "RSQB", "LOWER", "BAR_CLOSE", "NORM_CLOSE", "SQUARED_NORM_CLOSE"))


@dataclass(slots=True)
class Draft:
    """The pieces of one expression on their way to the grammar.

    `target` is the name an equation defines, "" elsewhere. `echo` becomes true when a pass reads something in
    a way the learner may not have meant, `bare_e` when e stands for a number by itself.
    """

    pieces: list[Piece]
    vocabulary: Vocabulary
    target: str = ""
    echo: bool = False
    bare_e: bool = False

    def kind(self, index: int) -> str:
        """The kind of the piece there, or "" outside the text."""
        return self.pieces[index].kind if 0 <= index < len(self.pieces) else ""


def partners(pieces: Sequence[Piece]) -> list[int]:
    """For every bracket and paired bar the index of its partner, for everything else -1."""
    found = [-1] * len(pieces)
    waiting: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.kind in OPENERS:
            waiting.append(index)
        elif piece.kind in CLOSERS and waiting:
            found[index] = waiting.pop()
            found[found[index]] = index
    return found
