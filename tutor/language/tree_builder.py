"""Builds the tree of an expression while its pieces are parsed, rule by rule of grammar.lark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import cast

from tutor.language.call_forms import OF_ORDER_2
from tutor.language.calls import Given, KeywordValue, TextValue, TupleValue, applied
from tutor.language.comparisons import CHOICE, OPERATIONS, is_mask
from tutor.language.entries import Place, entries_of
from tutor.language.errors import Trouble
from tutor.language.subscripts import Indices, Subscript, subscripted, summed
from tutor.language.tokenizer import MOST_AXES_TYPED, Piece
from tutor.language.tree import Apply, Constant, Expression, Matrix, Name, Number, Span


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """The entries of one row, before it is known whether it is a vector or part of a matrix."""

    entries: tuple[Expression, ...]

    @property
    def span(self) -> Span:
        """From the first entry to the last."""
        return around(self.entries[0].span, self.entries[-1].span)


def around(*spans: Span) -> Span:
    """The smallest span that holds all of these."""
    return Span(min([span.start for span in spans]), max([span.end for span in spans]))


def matrix_or_vector(row: MatrixRow, span: Span) -> Expression:
    """`[1, 2]`, or `[[1, 2], [3, 4]]` when every entry is a row itself. Raises Trouble for a mixture."""
    inner = [entry for entry in row.entries if isinstance(entry, Matrix)]
    if len(row.entries) == 1 and is_mask(row.entries[0]):
        return replace(row.entries[0], span=span)  # Iverson's [z > 0]
    if not inner:
        return Matrix((row.entries,), True, span)
    if len(inner) < len(row.entries):
        odd = next(entry for entry in row.entries if not isinstance(entry, Matrix))
        raise Trouble("This entry is not a row in brackets as the others are.", odd.span)
    if not all(entry.is_vector and not isinstance(entry.rows[0][0], Matrix) for entry in inner):
        return _array(inner, span)
    return _matrix([entry.rows[0] for entry in inner], [entry.span for entry in inner], span)


def _array(parts: Sequence[Matrix], span: Span) -> Matrix:
    """`[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]`, an array of three and more axes; its parts have one shape."""
    shape = parts[0].shape
    for part in parts:
        if part.shape != shape:
            raise Trouble(f"The parts differ in shape: the first has {shape}, this one {part.shape}.", part.span)
    if len(shape) + 1 > MOST_AXES_TYPED:
        raise Trouble(f"An array has at most {MOST_AXES_TYPED} axes here.", span)
    return Matrix((tuple(parts),), True, span)


def matrix_of_rows(rows: Sequence[MatrixRow], span: Span) -> Matrix:
    """`1 2; 3 4`. Raises Trouble when an entry is a matrix itself."""
    inner = [row.entries[0] for row in rows if len(row.entries) == 1]
    listed = [entry for entry in inner if isinstance(entry, Matrix) and entry.is_vector]
    if len(listed) == len(rows):  # [[1, 2]; [3, 4]]
        return _matrix([entry.rows[0] for entry in listed], [entry.span for entry in listed], span)
    deep = next((entry for row in rows for entry in row.entries if isinstance(entry, Matrix)), None)
    if deep is not None:
        raise Trouble("Write a matrix either with ; or with brackets around each row.", deep.span)
    return _matrix([row.entries for row in rows], [row.span for row in rows], span)


def _matrix(rows: list[tuple[Expression, ...]], places: list[Span], span: Span) -> Matrix:
    """The matrix, its rows checked. `places` are where the rows stand."""
    length = len(rows[0])
    for row, place in zip(rows, places, strict=True):
        if len(row) != length:
            first = f"{length} entry" if length == 1 else f"{length} entries"
            raise Trouble(f"The rows differ in length: the first has {first}, this one {len(row)}.", place)
    return Matrix(tuple(rows), False, span)


_OPERATIONS = {
    "PLUS": "add",
    "MINUS": "sub",
    "STAR": "mul",
    "TIMES": "mul",
    "TIGHT": "mul",
    "SLASH": "div",
    "AT": "matmul",
}


def _span(left: Piece, right: Piece) -> Span:
    return Span(left.start, right.end)


class TreeBuilder:
    """Builds the tree bottom-up while the text is parsed; each method is a rule of the grammar."""

    def whole(self, expression: Expression) -> Expression:
        """An expression is itself."""
        return expression

    def number(self, token: Piece) -> Number:
        """A number, exactly as written."""
        return Number(Fraction(token.text), token.text, token.span)

    def name(self, token: Piece) -> Name:
        """A name of the exercise."""
        return Name(token.text, token.span)

    def constant(self, token: Piece) -> Constant:
        """`e` or `pi`."""
        return Constant(token.text, token.span)

    def group(self, left: Piece, inner: Expression, right: Piece) -> Expression:
        """Brackets leave no trace but a wider span."""
        return replace(inner, span=_span(left, right))

    def binary(self, left: Expression, token: Piece, right: Expression) -> Apply:
        """One of + - * / @ and juxtaposition."""
        sign = token.text
        if token.kind in ("STAR", "TIMES") and sign != "⊗":
            for mask, one in ((left, right), (right, left)):
                if is_mask(mask) and isinstance(one, Number) and one.value == 1:  # a mask is made of numbers already
                    return replace(cast(Apply, mask), span=around(left.span, right.span))
        operation = "outer" if sign == "⊗" else _OPERATIONS[token.kind]
        return Apply(operation, (left, right), (), around(left.span, right.span), sign)

    def scaled(self, number: Piece, token: Piece, right: Expression) -> Apply:
        """The `2x` of `sin 2x`."""
        return self.binary(self.number(number), token, right)

    def compared(self, first: Expression, *rest: object) -> Apply:
        """`z > 0`; `0 < x < 1` is both of its comparisons."""
        sides = [first, *_expressions(rest)]
        signs = [part.text for part in rest if isinstance(part, Piece)]
        pairs = [
            Apply(OPERATIONS[sign], (left, right), (), around(left.span, right.span), sign)
            for left, sign, right in zip(sides, signs, sides[1:], strict=False)
        ]
        return reduce(_both, pairs[1:], pairs[0])

    def joined(self, left: Expression, token: Piece, right: Expression) -> Apply:
        """`(x > 0) & (x < 1)`, `x > 0 or y > 0`. Raises Trouble where something else is joined."""
        for side in (left, right):
            if not is_mask(side):
                meant = "a product is written with *" if token.kind == "AND" else "the larger of two is max(a, b)"
                message = f"Only comparisons are joined by {token.text}, as in x > 0 {token.text} x < 1."
                raise Trouble(f"{message} Of two answers, give one; {meant}.", side.span)
        if token.kind == "AND":
            return _both(left, right)
        return Apply("max", (left, right), (), around(left.span, right.span), "or")

    def conditional(self, chosen: Expression, _if: Piece, test: Expression, _else: Piece, other: Expression) -> Apply:
        """`a if c else b`."""
        return Apply(CHOICE, (test, chosen, other), (), around(chosen.span, other.span), "if")

    def negative(self, token: Piece, inner: Expression) -> Apply:
        """A minus sign in front."""
        return Apply("neg", (inner,), (), around(token.span, inner.span), "-")

    def positive(self, _token: Piece, inner: Expression) -> Expression:
        """A plus sign in front means nothing."""
        return inner

    def power(self, base: Expression, token: Piece, exponent: Expression) -> Apply:
        """`x^2`; a power of e is the operation exp."""
        span = around(base.span, exponent.span)
        if isinstance(base, Constant) and base.name == "e":
            return Apply("exp", (exponent,), (), span, "e^")
        return Apply("pow", (base, exponent), (), span, "**" if token.text == "**" else "^")

    def raised(self, base: Expression, token: Piece, exponent: Expression, end: Piece) -> Apply:
        """`x²`."""
        made = self.power(base, token, exponent)
        return replace(made, span=around(made.span, end.span))

    def transpose(self, inner: Expression, token: Piece) -> Apply:
        """`W.T`."""
        return Apply("transpose", (inner,), (), around(inner.span, token.span), ".T")

    def entries(self, inner: Expression, token: Piece) -> Expression:
        """`X[:, 0]` and `x_1`."""
        span = around(inner.span, token.span)
        if isinstance(token.entries, Subscript):
            return subscripted(inner, token.entries, span)
        return entries_of(inner, cast("Sequence[Place]", token.entries), span)

    def bars(self, left: Piece, inner: Expression, right: Piece) -> Apply:
        """`|x|`, and `|x|_1`."""
        return Apply(_order_of(right) or "abs", (inner,), (), _span(left, right), "bars")

    def norm(self, left: Piece, inner: Expression, right: Piece) -> Apply:
        """`||v||`, and `||v||_1`."""
        return Apply(_order_of(right) or "norm", (inner,), (), _span(left, right), _sign_of(right))

    def squared_norm(self, left: Piece, inner: Expression, right: Piece) -> Apply:
        """`||v||^2`."""
        return Apply("squared_norm", (inner,), (), _span(left, right), _sign_of(right))

    def call(self, function: Piece, _left: Piece, given: list[Given], right: Piece) -> Expression:
        """`exp(x)`."""
        if isinstance(indices := function.entries, Indices):
            if len(given) > 1 or not isinstance(given[0], Apply | Name | Number | Constant | Matrix):
                raise Trouble("A sum takes one expression: Σ_i (x_i + y_i).", _span(function, right))
            return summed(indices, given[0], _span(function, right))
        return _called(function, given, _span(function, right))

    def call_without_brackets(self, function: Piece, argument: Expression) -> Expression:
        """`sin x`."""
        return _called(function, [argument], around(function.span, argument.span))

    def method(self, base: Expression, method: Piece, *rest: object) -> Expression:
        """`x.sum(axis=0)`."""
        given = next((part for part in rest if isinstance(part, list)), [])
        right = cast(Piece, rest[-1])
        return applied(method, [base, *given], around(base.span, right.span))

    def given(self, *items: object) -> list[object]:
        """What stands between a call's brackets."""
        return [item for item in items if not isinstance(item, Piece)]

    def option(self, keyword: Piece, value: object) -> KeywordValue:
        """`axis=0`."""
        held = value if isinstance(value, Piece) else cast("Expression | TupleValue | TextValue", value)
        return KeywordValue(keyword.text, held, keyword.span)

    def nothing(self, flag: Piece) -> KeywordValue:
        """`None` in the place of an argument that is left out."""
        return KeywordValue("None", flag, flag.span)

    def text(self, token: Piece) -> TextValue:
        """`"ij,jk->ik"`."""
        return TextValue(token.text[1:-1], token.span)

    def tuple(self, left: Piece, *parts: object) -> TupleValue:
        """`(2, 3)` among a call's arguments."""
        return TupleValue(_expressions(parts), _span(left, cast(Piece, parts[-1])))

    def row(self, *parts: object) -> MatrixRow:
        """The entries between commas."""
        return MatrixRow(_expressions(parts))

    def rows(self, *parts: object) -> Matrix:
        """`1 2; 3 4` without brackets."""
        rows = [part for part in parts if isinstance(part, MatrixRow)]
        return matrix_of_rows(rows, around(rows[0].span, rows[-1].span))

    def matrix(self, left: Piece, *parts: object) -> Expression:
        """`[1, 2]`, `[[1, 2], [3, 4]]` and `[1 2; 3 4]`."""
        rows = [part for part in parts if isinstance(part, MatrixRow)]
        span = _span(left, cast(Piece, parts[-1]))
        return matrix_of_rows(rows, span) if len(rows) > 1 else matrix_or_vector(rows[0], span)


def _order_of(bar: Piece) -> str:
    """The 1-norm, where a 1 stands at the closing bar; "" elsewhere."""
    return "norm1" if bar.text.endswith("_1") else ""


def _sign_of(bar: Piece) -> str:
    """How a norm was typed: with a 2 at its closing bar, or without."""
    return OF_ORDER_2 if bar.text.endswith("_2") else "bars"


def _both(left: Expression, right: Expression) -> Apply:
    """Two masks, 1 where both are."""
    return Apply("mul", (left, right), (), around(left.span, right.span), "&")


def _expressions(parts: Sequence[object]) -> tuple[Expression, ...]:
    return tuple(cast(Expression, part) for part in parts if not isinstance(part, Piece))


def _called(function: Piece, given: list[Given], span: Span) -> Expression:
    """The function applied, to the power that stands before its brackets (`sin^2(x)`)."""
    value = applied(function, given, span)
    if function.power is None:
        return value
    power = function.power
    # The power of sin^2 X goes entry by entry, as the sine does.
    return Apply("pow", (value, Number(Fraction(power.text), power.text, power.span)), (), span, "**")
