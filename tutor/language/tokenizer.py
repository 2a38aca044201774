"""Clean characters to pieces: numbers, words, operators and brackets, each with its place in the text.

The caps on how much is read are here too. Each is checked before a tree is built, but for the number of operations
inside operations: that is counted on the tree, which the other caps keep small. `Draft` is what the passes between
scanner and grammar hand on to each other.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tutor.language.characters import (
    FROM,
    LOWER,
    RAISE,
    SUBSCRIPT_COMMA,
    SUBSCRIPT_MINUS,
    SUBSCRIPT_PLUS,
    TRANSPOSED,
    Source,
)
from tutor.language.errors import TextEdit, Trouble
from tutor.language.tree import Span
from tutor.language.vocabulary import FunctionWord, Vocabulary

MOST_CHARACTERS = 2_000
"""Length of an expression or an equation, in characters and in pieces (½ is five pieces)."""

MOST_CHARACTERS_OF_A_FUNCTION = 4_000
"""Length of a function definition, which comes from a file."""

DEEPEST_NESTING = 100
"""Brackets inside brackets, and operations inside operations; the terms of a sum or a product count as one."""

_CALLS_A_LEVEL = 8
"""How many calls a recursive walk over a tree takes for each of its levels, at most; most take two to four."""

MOST_DIGITS = 40
"""Significant digits of one number."""

LARGEST_EXPONENT = 300
"""Numbers lie between 10^-300 and 10^301, so that they are ordinary floating-point numbers."""

LONGEST_NAME = 32
"""Characters of a name that an exercise has not declared."""

MOST_BARS = 40
"""Absolute-value bars in one text; more than this is never sensible and takes long to pair up."""

MOST_POSITIONS = 1_000
"""Positions that `range(n)` in square brackets stands for."""

MOST_AXES_TYPED = 8
"""Brackets inside brackets of a typed array."""


def make_room(depth: int) -> None:
    """See to it that a tree of this depth can be walked: Python's usual limit is met by sums of 200 terms.

    The trees that the other caps allow take less of the machine's stack than a thread has.
    """
    needed = 1000 + _CALLS_A_LEVEL * depth
    if depth > DEEPEST_NESTING and sys.getrecursionlimit() < needed:
        sys.setrecursionlimit(needed)


@dataclass(slots=True)
class Piece:
    """One token. `kind` is a terminal of the grammar, or a kind that a later pass turns into one.

    `gap` tells whether white space stood before it. `word` is what a function's word stands for, and `power`
    the 2 of `sin^2 x`.
    """

    kind: str
    text: str
    start: int
    end: int
    gap: bool = False
    word: FunctionWord | None = None
    power: Piece | None = None
    entries: object = None
    """The places in square brackets, the subscripts, or the indices of a sum that it holds."""

    @property
    def span(self) -> Span:
        """Where the piece stands in the typed text."""
        return Span(self.start, self.end)


SYMBOLS = {
    "+": "PLUS",
    "-": "MINUS",
    "*": "STAR",
    "·": "STAR",
    "×": "STAR",
    "⊙": "STAR",
    "⊗": "STAR",
    "⟨": "LANGLE",
    "⟩": "RANGLE",
    "/": "SLASH",
    "@": "AT",
    "^": "CARET",
    "**": "CARET",
    "(": "LPAR",
    ")": "RPAR",
    "[": "LSQB",
    "]": "RSQB",
    ",": "COMMA",
    ";": "SEMICOLON",
    "|": "BAR",
    "||": "BARS",
    "=": "EQUALS",
    **dict.fromkeys((">", ">=", "<", "<=", "==", "!="), "COMPARE"),
    **dict.fromkeys(("&", "&&"), "AND"),
    "√": "ROOT",
    RAISE: "RAISE",
    LOWER: "LOWER",
    TRANSPOSED: "TRANSPOSE",
    FROM: "FROM",
}

WORD = rf"[∇∂]?[^\W\d][\w{SUBSCRIPT_COMMA}{SUBSCRIPT_PLUS}{SUBSCRIPT_MINUS}]*'*∇?"
NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_BEFORE_WORDS = (
    r"(?P<space>[ \n]+)"
    r"|(?P<foreign>0[xX][0-9a-fA-F]+|0[bB][01]+(?!\w)|0[oO][0-7]+|[0-9]+(?:_[0-9]+)+)"
    rf"|(?P<number>{NUMBER})"
    r"|(?P<quoted>(?<=[(,= ])(?:'[A-Za-z., >-]{1,80}'|\"[A-Za-z., >-]{1,80}\")(?= ?[,)]))"
)
_FROM_WORDS = (
    rf"|(?P<word>{WORD})"
    r"|(?P<attribute>\.[ ]?[^\W\d]\w*)"
    r"|(?P<symbol>\*\*=?|\|\||==|!=|<=|>=|=>|=<|<>|<-|->|:=|&&|//|[+\-*/@^]=|.)"
)
_PLAIN_WORD = re.compile(WORD)


def declared(names: frozenset[str]) -> str:
    """A pattern for the names that are not plain words (`dL/dw`, longest first), "" when there are none."""
    odd = sorted((name for name in names if not _PLAIN_WORD.fullmatch(name)), key=lambda name: (-len(name), name))
    parts = (r"\ ?/\ ?".join(map(re.escape, name.split("/"))) for name in odd)
    return rf"(?P<declared>(?:{'|'.join(parts)})(?![\w']))" if odd else ""


@lru_cache(maxsize=64)
def _pattern_for(names: frozenset[str]) -> re.Pattern[str]:
    """The pieces' pattern. Names that are not plain words come in front of the words."""
    odd = declared(names)
    return re.compile(f"{_BEFORE_WORDS}|{odd}{_FROM_WORDS}" if odd else _BEFORE_WORDS + _FROM_WORDS)


def scan(source: Source, names: frozenset[str]) -> list[Piece]:
    """The text's pieces, words not yet looked up. Raises Trouble for a number that is not read."""
    pieces: list[Piece] = []
    gap = False
    broken: Span | None = None
    starts, ends = source.starts, source.ends
    for match in _pattern_for(names).finditer(source.clean):
        kind, text = match.lastgroup, match.group()
        if kind == "space":
            gap = True
            if pieces and "\n" in text:
                broken = source.span(match.start(), match.end())
            continue
        if broken is not None:
            pieces.append(Piece("LINE", "\n", broken.start, broken.end))
            broken = None
        piece = Piece("WORD", text, starts[match.start()], ends[match.end() - 1], gap)
        gap = False
        pieces.append(piece)
        if kind == "symbol":
            piece.kind = SYMBOLS.get(text, "UNKNOWN")
        elif kind == "number":
            piece.kind = "NUMBER"
            _check_number(piece)
        elif kind == "quoted":
            piece.kind = "TEXT"
        elif kind == "attribute":
            piece.kind, piece.text = "ATTRIBUTE", text[1:].lstrip()
        elif kind == "declared":
            piece.text = text if text in names else text.replace(" ", "")
        elif kind == "foreign":
            raise _foreign_number(piece)
    return pieces


def _check_number(piece: Piece) -> None:
    mantissa, _, exponent = piece.text.lower().partition("e")
    whole, _, part = mantissa.partition(".")
    significant = (whole + part).strip("0")
    if len(significant) > MOST_DIGITS:
        raise Trouble(f"This number has more than {MOST_DIGITS} digits. Write it shorter.", piece.span)
    first = len(whole) - 1 - (len(whole + part) - len((whole + part).lstrip("0")))
    size = first + int(exponent or 0) if len(exponent) < 6 else LARGEST_EXPONENT + 1
    if significant and abs(size) > LARGEST_EXPONENT:
        limits = f"numbers must be between 1e-{LARGEST_EXPONENT} and 1e{LARGEST_EXPONENT}"
        raise Trouble(f"This number is too large or too small: {limits}.", piece.span)


def _foreign_number(piece: Piece) -> Trouble:
    if "_" in piece.text:
        plain = piece.text.replace("_", "")
        return Trouble(f"Write the number without _: {plain}.", piece.span, edits=(TextEdit(piece.span, plain),))
    kind = {"x": "Hexadecimal", "b": "Binary", "o": "Octal"}[piece.text[1].lower()]
    return Trouble(f"{kind} numbers are not supported. Write decimal numbers.", piece.span)


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
RAISES = ("CARET", "RAISE", "TRANSPOSE", "METHOD")
"""What binds to the operand in front of it more tightly than any sign."""

OPENING_BRACKETS = frozenset(("LPAR", "LSQB", "RAISE"))
CLOSING_BRACKETS = frozenset(("RPAR", "RSQB", "LOWER"))
OPENERS = OPENING_BRACKETS | {"BAR_OPEN", "NORM_OPEN"}
CLOSERS = CLOSING_BRACKETS | {"BAR_CLOSE", "NORM_CLOSE", "SQUARED_NORM_CLOSE"}
_STEPS = {"LPAR": 1, "LSQB": 1, "RPAR": -1, "RSQB": -1}


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


def bracket_step(kind: str) -> int:
    """1 for an opening bracket, round or square, -1 for a closing one, else 0: their sum is how deep a piece is."""
    return _STEPS.get(kind, 0)


def holds(pieces: Sequence[Piece], kinds: Collection[str]) -> bool:
    """Whether any of the pieces is of one of these kinds. Most passes ask it first, of every text."""
    return not {piece.kind for piece in pieces}.isdisjoint(kinds)


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


@dataclass(frozen=True, slots=True)
class Sides:
    """What is defined (its text is "" in an expression), its parameters, and the pieces that define it."""

    target: Piece
    parameters: tuple[str, ...]
    right: list[Piece]


def equals_signs(pieces: list[Piece]) -> list[int]:
    """Where = stands outside all brackets."""
    found, depth = [], 0
    for index, piece in enumerate(pieces):
        depth += bracket_step(piece.kind)
        if piece.kind == "EQUALS" and depth <= 0:
            found.append(index)
    return found
