"""Pieces to a tree, by the grammar in grammar.lark. Importing this module imports Lark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, reduce
from importlib import resources
from typing import Any, cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer

from tutor.language.calls import Given, KeywordValue, TextValue, TupleValue, applied
from tutor.language.comparisons import CHOICE, OPERATIONS, is_mask
from tutor.language.entries import Place, entries_of
from tutor.language.errors import Trouble
from tutor.language.limits import MOST_AXES_TYPED
from tutor.language.subscripts import Indices, Subscript, subscripted, summed
from tutor.language.tokenizer import Piece
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
    return Span(min(span.start for span in spans), max(span.end for span in spans))


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


class PieceLexer(Lexer):
    """Hands the scanner's pieces to Lark, each as the value of a token of its kind."""

    def __init__(self, _configuration: object) -> None:
        pass

    def lex(self, data: Any, _parser_state: object = None) -> Iterator[Token]:
        """The pieces as Lark tokens."""
        for piece in cast("Sequence[Piece]", data):
            token = Token(piece.kind, piece.text)
            token.value = piece
            yield token


def _piece(token: Token) -> Piece:
    return cast(Piece, token.value)


def _span(left: Token, right: Token) -> Span:
    return Span(_piece(left).start, _piece(right).end)


@v_args(inline=True)
class TreeBuilder(Transformer[Token, Any]):
    """Builds the tree bottom-up while Lark parses; each method is a rule of the grammar."""

    def whole(self, expression: Expression) -> Expression:
        """An expression is itself."""
        return expression

    def number(self, token: Token) -> Number:
        """A number, exactly as written."""
        piece = _piece(token)
        return Number(Fraction(piece.text), piece.text, piece.span)

    def name(self, token: Token) -> Name:
        """A name of the exercise."""
        return Name(_piece(token).text, _piece(token).span)

    def constant(self, token: Token) -> Constant:
        """`e` or `pi`."""
        return Constant(_piece(token).text, _piece(token).span)

    def group(self, left: Token, inner: Expression, right: Token) -> Expression:
        """Brackets leave no trace but a wider span."""
        return replace(inner, span=_span(left, right))

    def binary(self, left: Expression, token: Token, right: Expression) -> Apply:
        """One of + - * / @ and juxtaposition."""
        sign = _piece(token).text
        operation = "outer" if sign == "⊗" else _OPERATIONS[token.type]
        return Apply(operation, (left, right), (), around(left.span, right.span), sign)

    def scaled(self, number: Token, token: Token, right: Expression) -> Apply:
        """The `2x` of `sin 2x`."""
        return self.binary(self.number(number), token, right)

    def compared(self, first: Expression, *rest: object) -> Apply:
        """`z > 0`; `0 < x < 1` is both of its comparisons."""
        sides = [first, *_expressions(rest)]
        signs = [_piece(part).text for part in rest if isinstance(part, Token)]
        pairs = [
            Apply(OPERATIONS[sign], (left, right), (), around(left.span, right.span), sign)
            for left, sign, right in zip(sides, signs, sides[1:], strict=False)
        ]
        return reduce(_both, pairs[1:], pairs[0])

    def joined(self, left: Expression, token: Token, right: Expression) -> Apply:
        """`(x > 0) & (x < 1)`, `x > 0 or y > 0`. Raises Trouble where something else is joined."""
        piece = _piece(token)
        for side in (left, right):
            if not is_mask(side):
                other = "a product" if token.type == "AND" else "the larger of two"
                written = "*" if token.type == "AND" else "max(a, b)"
                message = f"Only comparisons are joined by {piece.text}, as in x > 0 {piece.text} x < 1."
                raise Trouble(f"{message} Write {other} with {written}.", side.span)
        if token.type == "AND":
            return _both(left, right)
        return Apply("max", (left, right), (), around(left.span, right.span), "or")

    def conditional(self, chosen: Expression, _if: Token, test: Expression, _else: Token, other: Expression) -> Apply:
        """`a if c else b`."""
        return Apply(CHOICE, (test, chosen, other), (), around(chosen.span, other.span), "if")

    def negative(self, token: Token, inner: Expression) -> Apply:
        """A minus sign in front."""
        return Apply("neg", (inner,), (), around(_piece(token).span, inner.span), "-")

    def positive(self, _token: Token, inner: Expression) -> Expression:
        """A plus sign in front means nothing."""
        return inner

    def power(self, base: Expression, token: Token, exponent: Expression) -> Apply:
        """`x^2`; a power of e is the operation exp."""
        span = around(base.span, exponent.span)
        if isinstance(base, Constant) and base.name == "e":
            return Apply("exp", (exponent,), (), span, "e^")
        return Apply("pow", (base, exponent), (), span, "**" if _piece(token).text == "**" else "^")

    def raised(self, base: Expression, token: Token, exponent: Expression, end: Token) -> Apply:
        """`x²`."""
        made = self.power(base, token, exponent)
        return replace(made, span=around(made.span, _piece(end).span))

    def transpose(self, inner: Expression, token: Token) -> Apply:
        """`W.T`."""
        return Apply("transpose", (inner,), (), around(inner.span, _piece(token).span), ".T")

    def entries(self, inner: Expression, token: Token) -> Expression:
        """`X[:, 0]` and `x_1`."""
        piece = _piece(token)
        span = around(inner.span, piece.span)
        if isinstance(piece.entries, Subscript):
            return subscripted(inner, piece.entries, span)
        return entries_of(inner, cast("Sequence[Place]", piece.entries), span)

    def bars(self, left: Token, inner: Expression, right: Token) -> Apply:
        """`|x|`, and `|x|_1`."""
        return Apply(_order_of(right) or "abs", (inner,), (), _span(left, right), "bars")

    def norm(self, left: Token, inner: Expression, right: Token) -> Apply:
        """`||v||`, and `||v||_1`."""
        return Apply(_order_of(right) or "norm", (inner,), (), _span(left, right), "bars")

    def squared_norm(self, left: Token, inner: Expression, right: Token) -> Apply:
        """`||v||^2`."""
        return Apply("squared_norm", (inner,), (), _span(left, right), "bars")

    def call(self, function: Token, _left: Token, given: list[Given], right: Token) -> Expression:
        """`exp(x)`."""
        if isinstance(indices := _piece(function).entries, Indices):
            if len(given) > 1 or not isinstance(given[0], Apply | Name | Number | Constant | Matrix):
                raise Trouble("A sum takes one expression: Σ_i (x_i + y_i).", _span(function, right))
            return summed(indices, given[0], _span(function, right))
        return _called(_piece(function), given, _span(function, right))

    def call_without_brackets(self, function: Token, argument: Expression) -> Expression:
        """`sin x`."""
        return _called(_piece(function), [argument], around(_piece(function).span, argument.span))

    def method(self, base: Expression, method: Token, *rest: object) -> Expression:
        """`x.sum(axis=0)`."""
        given = next((part for part in rest if isinstance(part, list)), [])
        right = cast(Token, rest[-1])
        return applied(_piece(method), [base, *given], around(base.span, _piece(right).span))

    def given(self, *items: object) -> list[object]:
        """What stands between a call's brackets."""
        return [item for item in items if not isinstance(item, Token)]

    def option(self, keyword: Token, value: object) -> KeywordValue:
        """`axis=0`."""
        held = _piece(value) if isinstance(value, Token) else cast("Expression | TupleValue | TextValue", value)
        return KeywordValue(_piece(keyword).text, held, _piece(keyword).span)

    def nothing(self, flag: Token) -> KeywordValue:
        """`None` in the place of an argument that is left out."""
        return KeywordValue("None", _piece(flag), _piece(flag).span)

    def text(self, token: Token) -> TextValue:
        """`"ij,jk->ik"`."""
        return TextValue(_piece(token).text[1:-1], _piece(token).span)

    def tuple(self, left: Token, *parts: object) -> TupleValue:
        """`(2, 3)` among a call's arguments."""
        return TupleValue(_expressions(parts), _span(left, cast(Token, parts[-1])))

    def row(self, *parts: object) -> MatrixRow:
        """The entries between commas."""
        return MatrixRow(_expressions(parts))

    def rows(self, *parts: object) -> Matrix:
        """`1 2; 3 4` without brackets."""
        rows = [part for part in parts if isinstance(part, MatrixRow)]
        return matrix_of_rows(rows, around(rows[0].span, rows[-1].span))

    def matrix(self, left: Token, *parts: object) -> Expression:
        """`[1, 2]`, `[[1, 2], [3, 4]]` and `[1 2; 3 4]`."""
        rows = [part for part in parts if isinstance(part, MatrixRow)]
        span = _span(left, cast(Token, parts[-1]))
        return matrix_of_rows(rows, span) if len(rows) > 1 else matrix_or_vector(rows[0], span)


def _order_of(bar: Token) -> str:
    """The 1-norm, where a 1 stands at the closing bar; "" elsewhere."""
    return "norm1" if _piece(bar).text.endswith("_1") else ""


def _both(left: Expression, right: Expression) -> Apply:
    """Two masks, 1 where both are."""
    return Apply("mul", (left, right), (), around(left.span, right.span), "&")


def _expressions(parts: Sequence[object]) -> tuple[Expression, ...]:
    return tuple(cast(Expression, part) for part in parts if not isinstance(part, Token))


def _called(function: Piece, given: list[Given], span: Span) -> Expression:
    """The function applied, to the power that stands before its brackets (`sin^2(x)`)."""
    value = applied(function, given, span)
    if function.power is None:
        return value
    power = function.power
    # The power of sin^2 X goes entry by entry, as the sine does.
    return Apply("pow", (value, Number(Fraction(power.text), power.text, power.span)), (), span, "**")


@cache
def _parser() -> Lark:
    grammar = resources.files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=PieceLexer, transformer=TreeBuilder(), start="whole")


def parsed(pieces: Sequence[Piece]) -> Expression:
    """The tree of these pieces. Raises Trouble when they do not fit together."""
    try:
        return cast(Expression, _parser().parse(cast(Any, pieces)))
    except UnexpectedToken as unexpected:
        raise _explained(unexpected, pieces) from None


_WORDS = {"RPAR": ")", "RSQB": "]", "COMMA": "a comma", "LPAR": "(", "BAR_CLOSE": "|", "SEMICOLON": ";", "ELSE": "else"}


def _explained(unexpected: UnexpectedToken, pieces: Sequence[Piece]) -> Trouble:
    """What Lark found and what it could have used, as a sentence."""
    found = unexpected.token.value
    accepted = set(unexpected.accepts or unexpected.expected)
    if accepted >= {"NUMBER", "NAME"}:
        wanted = "a name or a number is missing"
    else:
        wanted = " or ".join(_WORDS[kind] for kind in sorted(accepted & _WORDS.keys())) or "something else"
        wanted = f"{wanted} is expected"
    if isinstance(found, Piece):
        place = found.text if found.text.isprintable() and found.text else "this"
        return Trouble(f"Before {place}, {wanted}.", found.span)
    end = pieces[-1].end if pieces else 0
    return Trouble(f"At the end, {wanted}.", Span(end, end))
