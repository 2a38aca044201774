"""What operations make of `x_i` where that is a row of a matrix: `w^T x_i` is `X @ w`, `‖x_i‖` a norm along the rows.

`index_notation.py` calls `of_rows` for an operation with such an argument. An `Indexed` tree has an axis for each of
its letters, then those of the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tutor.language.tree import Apply, Expression, Number, Span

_ALONG_THE_ROW = frozenset(("norm", "norm1", "sum", "mean", "prod", "largest", "smallest", "var", "std"))
"""Operations that make one number of a row, and take an axis."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A tree whose value has one axis for each of these letters, then `rank` axes of its own."""

    tree: Expression
    letters: tuple[str, ...] = ()
    rank: int = 0
    """0 where the indices pick a number, 1 where they pick a row."""


def of_rows(node: Apply, parts: Sequence[Indexed]) -> Indexed | None:
    """The operation on rows; None where it is none of those that are read."""
    if len(parts) == 1 and parts[0].rank == 1 and not node.options:
        return _number_of_each(node, parts[0])
    if node.operation in ("dot", "matmul") and len(parts) == 2:
        return _product(parts[0], parts[1], node.span)
    if node.operation == "outer" and len(parts) == 2:
        return _outer(parts[0], parts[1], node.span)
    return None


def matrix_of_outer_products(parts: Sequence[Indexed], span: Span) -> Indexed | None:
    """`Σ_i x_i y_i^T`, of these x_i and y_i, is X^T Y; None where they are no rows of one index."""
    left, right = parts
    if (left.rank, right.rank) != (1, 1) or len(left.letters) != 1 or left.letters != right.letters:
        return None
    return Indexed(_matmul(transposed(left.tree), right.tree, span), (), 2)


def weighted_rows(left: Indexed, right: Indexed, letter: str, span: Span) -> Indexed | None:
    """`Σ_i a_i x_i` is a @ X; None for other sums."""
    weights, rows = (left, right) if left.rank == 0 else (right, left)
    if weights.rank or rows.rank != 1 or weights.letters != (letter,) or rows.letters != (letter,):
        return None
    return Indexed(_matmul(weights.tree, rows.tree, span), (), 1)


def transposed(tree: Expression) -> Expression:
    """The tree with `.T`, or without the one it has."""
    if isinstance(tree, Apply) and tree.operation == "transpose" and not tree.options:
        return tree.arguments[0]
    return Apply("transpose", (tree,), (), tree.span, ".T")


def _number_of_each(node: Apply, rows: Indexed) -> Indexed | None:
    axis = (("axis", len(rows.letters)),)
    if node.operation == "squared_norm":
        squares = Apply("pow", (rows.tree, Number(Fraction(2), "2", node.span)), (), node.span, "**")
        return Indexed(Apply("sum", (squares,), axis, node.span, "sum"), rows.letters)
    if node.operation not in _ALONG_THE_ROW:
        return None
    sign = {"largest": "max", "smallest": "min", "norm1": "norm1"}.get(node.operation, node.operation)
    return Indexed(replace(node, arguments=(rows.tree,), options=axis, sign=sign), rows.letters)


def _product(left: Indexed, right: Indexed, span: Span) -> Indexed | None:
    """`w^T x_i`, `x_i^T y_i`, `u_i^T v_j`, `W x_i`, `x_i^T W` and `E_i x`."""
    match (left.letters, left.rank), (right.letters, right.rank):
        case ((), 1), ((_,), 1):
            return Indexed(_matmul(right.tree, left.tree, span), right.letters)
        case ((_,), 1), ((), 1):
            return Indexed(_matmul(left.tree, right.tree, span), left.letters)
        case ((one,), 1), ((other,), 1) if one == other:
            products = Apply("mul", (left.tree, right.tree), (), span, "*")
            return Indexed(Apply("sum", (products,), (("axis", 1),), span, "sum"), left.letters)
        case ((_,), 1), ((_,), 1):
            return Indexed(_matmul(left.tree, transposed(right.tree), span), left.letters + right.letters)
        case ((), 2), ((_,), 1):
            return Indexed(_matmul(right.tree, transposed(left.tree), span), right.letters, 1)
        case ((_,), 1), ((), 2):
            return Indexed(_matmul(left.tree, right.tree, span), left.letters, 1)
        case ((_,), 2), ((), 1 | 2):
            return Indexed(_matmul(left.tree, right.tree, span), left.letters, right.rank)
    return None


def _outer(left: Indexed, right: Indexed, span: Span) -> Indexed | None:
    """`x_i y_i^T`, a matrix for each index."""
    if left.rank != 1 or right.rank != 1 or left.letters != right.letters or len(left.letters) != 1:
        return None
    indices = (("subscripts", "ij,ik->ijk"),)
    return Indexed(Apply("einsum", (left.tree, right.tree), indices, span, "einsum"), left.letters, 2)


def _matmul(left: Expression, right: Expression, span: Span) -> Expression:
    return Apply("matmul", (left, right), (), span, "@")
