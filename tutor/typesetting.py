"""Mathematics in two dimensions: fractions stacked, exponents raised, in the order in which they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Generic, TypeVar

from tutor.engine.gates import GATES, vocabulary
from tutor.language import (
    ASCII,
    UNICODE,
    Apply,
    Arrays,
    Constant,
    Expression,
    Name,
    Number,
    Unreadable,
    read_function,
    show,
    walk,
)
from tutor.language.comparisons import SIGNS
from tutor.language.tree import ENTRYWISE

B = TypeVar("B")
"""A piece of a formula, set."""

TALLEST = 9
"""Lines; mathematics that is taller reads better in a line."""

WIDEST = 76

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class _Box:
    """Lines of the same width; `base` is the one that the text around it stands on."""

    lines: tuple[str, ...]
    base: int = 0
    loose: bool = False
    """Whether it is a sum, a matrix product, or begins with a minus: as a factor it takes brackets."""

    @property
    def width(self) -> int:
        return len(self.lines[0])

    @property
    def height(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class _Signs:
    """What the parts of a formula are drawn with. Brackets: one line, then top, middle and bottom of taller ones."""

    minus: str = "−"
    times: str = "·"
    entrywise: str = ENTRYWISE
    bar: str = "─"
    brackets: tuple[str, str, str, str] = ("()", "⎛⎞", "⎜⎟", "⎝⎠")
    bars: tuple[str, str, str, str] = ("||", "││", "││", "││")
    raises: bool = True
    """Whether there are small digits."""


_DRAWN = _Signs()
_PLAIN = _Signs("-", "*", "*", "-", ("()", "/\\", "||", "\\/"), ("||", "||", "||", "||"), raises=False)


@lru_cache(maxsize=64)
def typeset_function(text: str, ascii_only: bool = False, arrays: Arrays | None = None) -> str:
    """`f(x) = ...` in several lines, or in one where that says as much; "" for what cannot be read.

    `arrays` are what its products are read by, where it is not one of numbers alone.
    With `ascii_only` nothing is drawn but ASCII, as far as the text itself is; one line is then the text as it is.
    """
    try:
        function = read_function(text, replace(vocabulary(), arrays=arrays)).tree
    except Unreadable:
        return ""
    head = f"{function.name}({', '.join(function.parameters)})"
    if not ascii_only:
        return typeset(head, function.expression)
    lines = _typeset(head, function.expression, _PLAIN)
    return lines if "\n" in lines and lines.isascii() >= text.isascii() else text


def typeset_statement(text: str, width: int, most: int, ascii_only: bool = False, arrays: Arrays | None = None) -> str:
    """A text whose lines may be `f(x) = ...,   x = 2`, with the functions set as mathematics; other lines stay.

    What is given stands beside its function, or below it. "" for what takes more than `width` columns or `most` lines.
    """
    lines = [row for line in text.split("\n") for row in _statement_lines(line, width, ascii_only, arrays)]
    return "\n".join(lines) if len(lines) <= most and max(map(len, lines)) <= width else ""


def _statement_lines(line: str, width: int, ascii_only: bool, arrays: Arrays | None) -> list[str]:
    function, comma, given = line.partition(",   ")
    drawn = typeset_function(function, ascii_only, arrays)
    inputs = _with_matrices(given, ascii_only)
    if not drawn:
        return [line]
    rows = drawn.split("\n")
    base = next(place for place, row in enumerate(rows) if not row.startswith(" "))
    wide = max(map(len, rows))
    beside = _beside(_Box(tuple(row.ljust(wide) for row in rows), base), _text(comma), inputs)
    lines = [*rows, *inputs.lines] if beside.width > width else beside.lines
    return [row.rstrip() for row in lines]


_MATRIX = re.compile(r"\[\[[^\[\]]*\](?:, ?\[[^\[\]]*\])+\]")
_LARGEST_MATRIX = 3, 4
"""Rows and columns up to which a matrix is set in brackets."""


def _with_matrices(given: str, ascii_only: bool) -> _Box:
    """What is given, small matrices in brackets: `W = [[1, 2], [3, 4]]` in two lines."""
    parts, end = [], 0
    for found in _MATRIX.finditer(given):
        parts += [_text(given[end : found.start()]), _matrix(found[0], ascii_only)]
        end = found.end()
    return _beside(*parts, _text(given[end:]))


def _matrix(written: str, ascii_only: bool) -> _Box:
    entries = [[entry.strip(" []") for entry in row.split(",")] for row in written.strip("[]").split("],")]
    most_rows, most_columns = _LARGEST_MATRIX
    if len(entries) > most_rows or max(map(len, entries)) > most_columns:
        return _text(written)
    wide = max(len(entry) for row in entries for entry in row)
    lines = ["  ".join(entry.rjust(wide) for entry in row) for row in entries]
    sides = ["[]"] * len(lines) if ascii_only else ["⎡⎤", *["⎢⎥"] * (len(lines) - 2), "⎣⎦"]
    rows = tuple(f"{side[0]}{line}{side[1]}" for line, side in zip(lines, sides, strict=True))
    return _Box(rows, len(rows) // 2)


def typeset(head: str, expression: Expression) -> str:
    """An equation of a head and an expression, set as mathematics; in one line where it has no fraction."""
    return _typeset(head, expression, _DRAWN)


def _typeset(head: str, expression: Expression, signs: _Signs) -> str:
    plain = f"{head} = {show(expression)}"
    if not any(isinstance(part, Apply) and part.operation == "div" for part in walk(expression)):
        return plain
    whole = _beside(_text(f"{head} = "), _CharacterSetter(signs).set(expression))
    return "\n".join(map(str.rstrip, whole.lines)) if whole.height <= TALLEST and whole.width <= WIDEST else plain


class MathSetter(Generic[B]):
    """Sets an expression as mathematics: which parts are fractions, raised, under a root or in brackets.

    A subclass says how a piece is made: of characters, or in a language that pages are written in.
    """

    minus, times, entrywise = "−", "·", ENTRYWISE

    def text(self, text: str) -> B:
        """A piece of a formula in one line."""
        raise NotImplementedError

    def beside(self, *pieces: B, loose: bool = False) -> B:
        """Pieces one after the other; `loose` is as in `is_loose`."""
        raise NotImplementedError

    def raised(self, base: B, exponent: B) -> B:
        """A power."""
        raise NotImplementedError

    def power(self, base: B, exponent: Expression) -> B:
        """A power, its base in brackets already where it needs them."""
        return self.raised(base, self.set(exponent))

    def over(self, above: B, below: B) -> B:
        """A fraction."""
        raise NotImplementedError

    def bracketed(self, inner: B, bars: bool = False) -> B:
        """In round brackets, or between the bars of a modulus."""
        raise NotImplementedError

    def root(self, inner: Expression) -> B | None:
        """A square root; None where it is written as a function."""
        raise NotImplementedError

    def is_loose(self, piece: B) -> bool:
        """Whether it is a sum, a matrix product, or begins with a minus: as a factor it takes brackets."""
        raise NotImplementedError

    def shown(self, expression: Expression) -> str:
        """In one line."""
        return show(expression)

    def comparison(self, operation: str) -> str:
        """The sign of a comparison."""
        return GATES[operation].symbol

    def set(self, expression: Expression) -> B:
        """An expression, set."""
        match expression:
            case Apply("div", (a, b)):
                return self.over(self.set(a), self.set(b))
            case Apply("add" | "sub" as operation, (a, b)):
                return self._sum(operation, a, b)
            case Apply("mul", (a, b)):
                times = f" {self.entrywise} " if expression.sign == ENTRYWISE else self.times
                return self.beside(self._factor(a), self.text(times), self._factor(b))
            case Apply("matmul", (a, b)):
                right = self.bracketed(self.set(b)) if _is_product(b) else self._factor(b)
                left = self.set(a) if _is_product(a) else self._factor(a)
                return self.beside(left, self.text(" @ "), right, loose=True)
            case Apply(operation, (a, b)) if operation in SIGNS:
                sign = self.text(f" {self.comparison(operation)} ")
                return self.beside(self._term(a), sign, self._term(b), loose=True)
            case Apply("neg", (a,)):
                return self.beside(self.text(self.minus), self._factor(a), loose=True)
            case Apply("pow", (a, b)) if expression.sign != ENTRYWISE:
                return self._power(a, b)
            case Apply("exp", (a,)):
                return self.raised(self.text("e"), self.set(a))
            case Apply("abs", (a,)):
                return self.bracketed(self.set(a), bars=True)
            case Apply("sqrt", (a,)) if (root := self.root(a)) is not None:
                return root
            case Apply(_, arguments, ()) if word := self._word(expression):
                parts = [part for argument in arguments for part in (self.text(", "), self.set(argument))]
                return self.beside(self.text(word), self.bracketed(self.beside(*parts[1:])))
            case _:
                return self.text(self.shown(expression))

    def _word(self, expression: Apply) -> str:
        """The word of what is written `word(a, b)`; "" for what is written in another way."""
        word, bracket, _ = self.shown(expression).partition("(")
        gate = GATES[expression.operation]
        return word if bracket and word in (gate.symbol, *gate.function_words) else ""

    def _power(self, base: Expression, exponent: Expression) -> B:
        below = self.set(base)
        if not (isinstance(base, (Name, Constant)) or _is_whole(base)):
            below = self.bracketed(below)
        return self.power(below, exponent)

    def _sum(self, operation: str, a: Expression, b: Expression) -> B:
        right = self._term(b)
        if self.is_loose(right) and (operation == "sub" or _is_negative(b)):
            right = self.bracketed(right)
        sign = "+" if operation == "add" else self.minus
        return self.beside(self._term(a), self.text(f" {sign} "), right, loose=True)

    def _term(self, expression: Expression) -> B:
        """An operand of a sum or a comparison: a comparison in brackets."""
        piece = self.set(expression)
        compares = isinstance(expression, Apply) and expression.operation in SIGNS
        return self.bracketed(piece) if compares else piece

    def _factor(self, expression: Expression) -> B:
        piece = self.set(expression)
        return self.bracketed(piece) if self.is_loose(piece) else piece


class _CharacterSetter(MathSetter[_Box]):
    """In lines of characters."""

    def __init__(self, signs: _Signs) -> None:
        self._signs = signs
        self.minus, self.times, self.entrywise = signs.minus, signs.times, signs.entrywise

    def text(self, text: str) -> _Box:
        return _text(text)

    def beside(self, *pieces: _Box, loose: bool = False) -> _Box:
        return _beside(*pieces, loose=loose)

    def raised(self, base: _Box, exponent: _Box) -> _Box:
        return _raised(base, exponent)

    def is_loose(self, piece: _Box) -> bool:
        return piece.loose

    def shown(self, expression: Expression) -> str:
        return show(expression, UNICODE if self._signs.raises else ASCII)

    def comparison(self, operation: str) -> str:
        return super().comparison(operation) if self._signs.raises else SIGNS[operation]

    def root(self, inner: Expression) -> _Box | None:
        if not (self._signs.raises and isinstance(inner, (Name, Constant))):
            return None
        return _text(f"{GATES['sqrt'].symbol}{show(inner)}")

    def power(self, base: _Box, exponent: Expression) -> _Box:
        small = isinstance(exponent, Number) and exponent.value.denominator == 1
        if not (small and base.height == 1 and self._signs.raises):
            return super().power(base, exponent)
        return _beside(base, _text(show(exponent).replace("−", "-").translate(_RAISED)))

    def bracketed(self, inner: _Box, bars: bool = False) -> _Box:
        one, top, middle, bottom = self._signs.bars if bars else self._signs.brackets
        pairs = [one] if inner.height == 1 else [top, *[middle] * (inner.height - 2), bottom]
        lines = tuple(f"{pair[0]}{line}{pair[1]}" for pair, line in zip(pairs, inner.lines, strict=True))
        return _Box(lines, inner.base)

    def over(self, above: _Box, below: _Box) -> _Box:
        """A fraction. Its bar is longer than those within, so that it is seen which is which."""
        width = max(above.width, below.width) + 2 * (self._is_fraction(above) or self._is_fraction(below))
        lines = (*_centred(above.lines, width), self._signs.bar * width, *_centred(below.lines, width))
        return _Box(lines, above.height)

    def _is_fraction(self, box: _Box) -> bool:
        return set(box.lines[box.base]) == {self._signs.bar} and box.height > 1


def _text(text: str) -> _Box:
    return _Box((text,))


def _beside(*boxes: _Box, loose: bool = False) -> _Box:
    """Boxes on one base line."""
    above = max(box.base for box in boxes)
    below = max(box.height - box.base for box in boxes)
    columns = [_padded(box, above - box.base, below - (box.height - box.base)) for box in boxes]
    return _Box(tuple("".join(parts) for parts in zip(*columns, strict=True)), above, loose)


def _padded(box: _Box, above: int, below: int) -> list[str]:
    empty = " " * box.width
    return [empty] * above + list(box.lines) + [empty] * below


def _raised(box: _Box, exponent: _Box) -> _Box:
    """A power: the exponent to the right of its base and above it."""
    lines = [" " * box.width + line for line in exponent.lines]
    lines += [line + " " * exponent.width for line in box.lines]
    return _Box(tuple(lines), exponent.height + box.base)


def _centred(lines: Iterable[str], width: int) -> list[str]:
    return [(" " * ((width - len(line)) // 2) + line).ljust(width) for line in lines]


def _is_whole(expression: Expression) -> bool:
    return isinstance(expression, Number) and expression.value.denominator == 1 and expression.value >= 0


def _is_negative(expression: Expression) -> bool:
    return isinstance(expression, Apply) and expression.operation == "neg"


def _is_product(expression: Expression) -> bool:
    return isinstance(expression, Apply) and expression.operation in ("mul", "matmul")
