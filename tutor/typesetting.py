"""Mathematics in two dimensions: fractions stacked, exponents raised, in the order in which they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

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
    whole = _beside(_text(f"{head} = "), _Setter(signs).set(expression))
    return "\n".join(map(str.rstrip, whole.lines)) if whole.height <= TALLEST and whole.width <= WIDEST else plain


@dataclass(frozen=True)
class _Setter:
    signs: _Signs

    def set(self, expression: Expression) -> _Box:
        signs = self.signs
        match expression:
            case Apply("div", (a, b)):
                return self._over(self.set(a), self.set(b))
            case Apply("add" | "sub" as operation, (a, b)):
                return self._sum(operation, a, b)
            case Apply("mul", (a, b)):
                times = f" {signs.entrywise} " if expression.sign == ENTRYWISE else signs.times
                return _beside(self._factor(a), _text(times), self._factor(b))
            case Apply("matmul", (a, b)):
                right = self._bracketed(self.set(b)) if _is_product(b) else self._factor(b)
                return _beside(self.set(a) if _is_product(a) else self._factor(a), _text(" @ "), right, loose=True)
            case Apply(operation, (a, b)) if operation in SIGNS:
                sign = GATES[operation].symbol if signs.raises else SIGNS[operation]
                return _beside(self._term(a), _text(f" {sign} "), self._term(b), loose=True)
            case Apply("neg", (a,)):
                return _beside(_text(signs.minus), self._factor(a), loose=True)
            case Apply("pow", (a, b)) if expression.sign != ENTRYWISE:
                return self._power(a, b)
            case Apply("exp", (a,)):
                return _raised(_text("e"), self.set(a))
            case Apply("abs", (a,)):
                return self._bracketed(self.set(a), signs.bars)
            case Apply("sqrt", ((Name() | Constant()) as a,)) if signs.raises:
                return _text(f"{GATES['sqrt'].symbol}{show(a)}")
            case Apply(_, arguments, ()) if word := self._word(expression):
                parts = [part for argument in arguments for part in (_text(", "), self.set(argument))]
                return _beside(_text(word), self._bracketed(_beside(*parts[1:])))
            case _:
                return _text(self._shown(expression))

    def _shown(self, expression: Expression) -> str:
        return show(expression, UNICODE if self.signs.raises else ASCII)

    def _word(self, expression: Apply) -> str:
        """The word of what is written `word(a, b)`; "" for what is written in another way."""
        word, bracket, _ = self._shown(expression).partition("(")
        gate = GATES[expression.operation]
        return word if bracket and word in (gate.symbol, *gate.function_words) else ""

    def _power(self, base: Expression, exponent: Expression) -> _Box:
        below = self.set(base)
        if not (isinstance(base, (Name, Constant)) or _is_whole(base)):
            below = self._bracketed(below)
        small = isinstance(exponent, Number) and exponent.value.denominator == 1
        if small and below.height == 1 and self.signs.raises:
            return _beside(below, _text(show(exponent).replace("−", "-").translate(_RAISED)))
        return _raised(below, self.set(exponent))

    def _sum(self, operation: str, a: Expression, b: Expression) -> _Box:
        right = self._term(b)
        if right.loose and (operation == "sub" or _is_negative(b)):
            right = self._bracketed(right)
        sign = "+" if operation == "add" else self.signs.minus
        return _beside(self._term(a), _text(f" {sign} "), right, loose=True)

    def _term(self, expression: Expression) -> _Box:
        """An operand of a sum or a comparison: a comparison in brackets."""
        box = self.set(expression)
        compares = isinstance(expression, Apply) and expression.operation in SIGNS
        return self._bracketed(box) if compares else box

    def _factor(self, expression: Expression) -> _Box:
        box = self.set(expression)
        return self._bracketed(box) if box.loose else box

    def _bracketed(self, box: _Box, kind: tuple[str, str, str, str] | None = None) -> _Box:
        one, top, middle, bottom = kind or self.signs.brackets
        pairs = [one] if box.height == 1 else [top, *[middle] * (box.height - 2), bottom]
        lines = tuple(f"{pair[0]}{line}{pair[1]}" for pair, line in zip(pairs, box.lines, strict=True))
        return _Box(lines, box.base)

    def _over(self, above: _Box, below: _Box) -> _Box:
        """A fraction. Its bar is longer than those within, so that it is seen which is which."""
        width = max(above.width, below.width) + 2 * (self._is_fraction(above) or self._is_fraction(below))
        lines = (*_centred(above.lines, width), self.signs.bar * width, *_centred(below.lines, width))
        return _Box(lines, above.height)

    def _is_fraction(self, box: _Box) -> bool:
        return set(box.lines[box.base]) == {self.signs.bar} and box.height > 1


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
