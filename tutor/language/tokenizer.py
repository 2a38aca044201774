"""Clean characters to pieces: numbers, words, operators and brackets, each with its place in the text."""

from __future__ import annotations

import re
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
from tutor.language.limits import LARGEST_EXPONENT, MOST_DIGITS
from tutor.language.tree import Span
from tutor.language.vocabulary import FunctionWord


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
