"""Products and powers of arrays, read by their shapes: the reader's last pass over the tree.

`*`, `⊙` and `×` go entry by entry, `@` is NumPy's. What stands side by side, or has `·` between it, is the inner
product, the outer product, the matrix product or a product entry by entry, by what the two sides are. A vector of
one axis counts as a column; `v^T` makes a row of it, which changes no value. Where a shape is not known, the product
stays as it was read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tutor.language.call_forms import OF_ORDER_2
from tutor.language.entries import COUNTED
from tutor.language.errors import Trouble
from tutor.language.subscripts import ENTRY, OVER, is_one_index
from tutor.language.tree import (
    ENTRYWISE,
    Apply,
    Constant,
    Expression,
    Matrix,
    Name,
    Number,
    Shape,
    Span,
    children,
    walk,
)
from tutor.language.vocabulary import Arrays

_INFIX = ("mul", "div", "matmul")
_STRENGTH = {"": 0, "·": 1, "×": 2, "*": 2, ENTRYWISE: 2}
"""With a number between two arrays, `u · 2 v`, the stronger of the two signs is meant."""

_LOOSE = ("", "·")
_SUMS = ("sum", "mean")
_OF_MATRICES = frozenset(("matmul", "dot", "outer", "trace", "det", "inv", "matrix_power", "diag", "transpose"))
"""Operations on whole matrices: a power in one of these is a matrix power, even within a sum."""


def read_by_shapes(tree: Expression, arrays: Arrays) -> tuple[Expression, bool]:
    """The tree with its products and powers of arrays read, and whether that was not plain from what was typed.

    Raises Trouble for ⊗ between matrices.
    """
    if not _holds_arrays(tree, arrays):
        return tree, False
    reader = _Reader(arrays)
    return reader.read(tree, summed=False).tree, reader.worth_saying


def with_signs(tree: Expression, arrays: Arrays) -> Expression:
    """A tree of the program's own, with the signs that make its text read as the same tree: ⊙ between arrays."""
    return _Signs(arrays).marked(tree).tree if _holds_arrays(tree, arrays) else tree


def shape_of_tree(tree: Expression, arrays: Arrays) -> Shape | None:
    """The shape of what the tree stands for; None where it is not known, or where shapes do not fit."""
    return _Signs(arrays).marked(tree).shape


def has_matrix_powers(tree: Expression) -> bool:
    """Whether there is an inverse or a power of a matrix in it."""
    return any(isinstance(node, Apply) and node.operation in ("inv", "matrix_power") for node in walk(tree))


def _holds_arrays(tree: Expression, arrays: Arrays) -> bool:
    return any(isinstance(node, Matrix) or (isinstance(node, Name) and arrays.of.get(node.name)) for node in walk(tree))


@dataclass(frozen=True, slots=True)
class _Typed:
    """A tree, its shape where that is known, and whether it is a vector laid down as a row."""

    tree: Expression
    shape: Shape | None
    row: bool = False
    pending: str = ""
    """The sign in front of a number that it ends in: the `·` of `u · 2`."""

    single: bool = False
    """Whether it is a matrix product of one entry, which counts as a number unless a product with it goes on."""

    @property
    def is_vector(self) -> bool:
        return self.shape is not None and len(self.shape) == 1

    @property
    def is_number(self) -> bool:
        """Whether it holds a single number, whatever its axes."""
        return self.shape is not None and all(size == 1 for size in self.shape)


class _Signs:
    """Shapes bottom-up, every operation as it stands."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays

    def marked(self, node: Expression) -> _Typed:
        """The tree with its signs."""
        leaf = self.leaf(node)
        if leaf is not None:
            return leaf
        if isinstance(node, Matrix):
            return _Typed(node, node.shape)
        assert isinstance(node, Apply)
        parts = [self.marked(argument) for argument in node.arguments]
        return self.made(node, parts, self.sign(node, parts))

    def sign(self, node: Apply, parts: list[_Typed]) -> str:
        """How the operation is to be written."""
        if node.operation == "mul" and all(part.shape for part in parts):
            return ENTRYWISE
        if node.operation == "pow" and not self.arrays.entrywise_powers and _is_square(parts[0].shape):
            return ENTRYWISE
        return "" if node.sign == ENTRYWISE else node.sign

    def leaf(self, node: Expression) -> _Typed | None:
        """A name or number."""
        match node:
            case Number() | Constant():
                return _Typed(node, ())
            case Name(name):
                return _Typed(node, self.arrays.of.get(name))
        return None

    def made(self, node: Apply, parts: list[_Typed], sign: str | None = None, *, row: bool = False) -> _Typed:
        """The operation on these parts."""
        sign = node.sign if sign is None else sign
        trees = tuple(part.tree for part in parts)
        same = sign == node.sign and all(map(_is, trees, node.arguments)) and len(trees) == len(node.arguments)
        tree = node if same else replace(node, arguments=trees, sign=sign)
        return _Typed(tree, self.shape(node.operation, parts, node), row)

    def shape(self, operation: str, parts: list[_Typed], node: Apply | None = None) -> Shape | None:
        """The shape that the operation makes; None where one is not known, or where they do not fit."""
        if operation == OVER:
            return parts[0].shape
        if operation == ENTRY:
            return () if node is None else _of_an_entry(parts[0].shape, node)
        if operation == COUNTED:
            return parts[0].shape and parts[0].shape[:1]
        shapes = [part.shape for part in parts if part.shape is not None]
        if len(shapes) < len(parts):
            return None
        return self.arrays.infer(operation, tuple(shapes), node.options if node else ())


def _of_an_entry(shape: Shape | None, node: Apply) -> Shape:
    """The shape of `x_i`: that of a row where x has more axes and the subscript is one index."""
    picks_a_row = shape is not None and len(shape) > 1 and is_one_index(str(dict(node.options)["at"]))
    return shape[1:] if picks_a_row and shape else ()


def _has_subscript(tree: Expression) -> bool:
    return any(isinstance(node, Apply) and node.operation == ENTRY for node in walk(tree))


def _is(one: Expression, other: Expression) -> bool:
    return one is other


def _is_square(shape: Shape | None) -> bool:
    return shape is not None and len(shape) == 2 and shape[0] == shape[1] > 1


class _Reader(_Signs):
    """Reads one tree. `worth_saying` becomes true where readers may differ about a product."""

    def __init__(self, arrays: Arrays) -> None:
        super().__init__(arrays)
        self.worth_saying = False

    def read(self, node: Expression, *, summed: bool) -> _Typed:
        """The tree as it is meant. `summed` tells that its entries are added up around it."""
        if (leaf := self.leaf(node)) is not None:
            return leaf
        if isinstance(node, Matrix):
            rows = tuple(tuple(self.read(entry, summed=False).tree for entry in row) for row in node.rows)
            return _Typed(replace(node, rows=rows), node.shape)
        assert isinstance(node, Apply)
        if _is_infix(node):
            return self.product(node, summed=summed)
        if node.operation == "pow":
            return self.power(node, summed=summed)
        within = node.operation in _SUMS or (summed and node.operation not in _OF_MATRICES)
        parts = [self.read(argument, summed=within) for argument in node.arguments]
        match node.operation:
            case "transpose":
                return self.transposed(node, parts[0])
            case "matmul":
                return self.combined(parts[0], "@", parts[1])
            case "dot":
                return self.inner(node, *parts)
            case "outer" if node.sign == "⊗":
                self.check_vectors(node, parts)
            case "norm" | "squared_norm" if node.sign == OF_ORDER_2:
                self.check_order(node, parts[0])
            case "ln" | "log2" | "log10" | "sqrt" if not summed:
                self.check_bars(node.arguments[0], parts[0])
        row = bool(parts) and all(part.row or part.shape == () for part in parts) and any(part.row for part in parts)
        return self.made(node, parts, self.sign(node, parts) if node.operation == "mul" else None, row=row)

    def transposed(self, node: Apply, inner: _Typed) -> _Typed:
        """A vector of one axis only turns from column to row. Raises Trouble for 1^T, which is rather many ones."""
        if isinstance(inner.tree, Number) and inner.tree.value == 1:
            raise Trouble("A number has no transpose. A row of ones is ones(3), with its length.", node.span)
        return replace(inner, row=not inner.row) if inner.is_vector else self.made(node, [inner])

    def check_vectors(self, node: Apply, parts: list[_Typed]) -> None:
        """Raise Trouble for ⊗ between matrices, where it means another product."""
        for part in parts:
            if part.shape is not None and sum(size > 1 for size in part.shape) > 1:
                raise Trouble("Here ⊗ is the outer product of two vectors. For matrices write * or @.", node.span)

    def check_order(self, node: Apply, inner: _Typed) -> None:
        """Raise Trouble for ||A||_2 of a matrix, which is its largest singular value, and NumPy's norm(A, 2) too."""
        axis = dict(node.options).get("axis")
        if not isinstance(axis, int) and inner.shape is not None and sum(size > 1 for size in inner.shape) > 1:
            message = (
                "The 2-norm of a matrix is its largest singular value, which is not supported. "
                "For the root of the sum of all squares write ||A||_F or norm(A)."
            )
            raise Trouble(message, node.span)

    def check_bars(self, node: Expression, inner: _Typed) -> None:
        """Raise Trouble for ln |A| and |A|^(1/2) of a square matrix, where |A| is rather its determinant."""
        if isinstance(node, Apply) and (node.operation, node.sign) == ("abs", "bars") and _is_square(inner.shape):
            message = "For the determinant of a matrix write det(A), for the size of each entry abs(A)."
            raise Trouble(message, node.span)

    def power(self, node: Apply, *, summed: bool) -> _Typed:
        """A whole power of a square matrix is a matrix power, but for `**`, which is NumPy's, and sums of squares."""
        below, above = node.arguments
        if isinstance(above, Apply) and above.operation == "transpose" and isinstance(above.arguments[0], Number):
            inner = replace(node, arguments=(below, above.arguments[0]))  # A^2^T
            return self.read(replace(above, arguments=(inner,)), summed=summed)
        base, exponent = self.read(node.arguments[0], summed=summed), self.read(node.arguments[1], summed=False)
        if not summed:
            self.check_bars(node.arguments[0], base)
        whole = _whole_number(exponent.tree)
        if whole is None and _is_number(exponent.tree) and _is_square(base.shape):
            return self.root(node, base, exponent, summed=summed)
        special = whole is not None and (whole < 0 or whole > 1) and _is_square(base.shape)
        if not special or whole is None or self.arrays.entrywise_powers or self.arrays.prefers_entrywise:
            return self.made(node, [base, exponent], row=base.row and exponent.shape == ())
        if node.sign != "^" or (summed and whole > 0):
            self.worth_saying |= node.sign == "^"
            return self.made(node, [base, exponent], ENTRYWISE)
        self.worth_saying = True
        return _Typed(self.matrix_power(node, base.tree, whole), base.shape)

    def root(self, node: Apply, base: _Typed, exponent: _Typed, *, summed: bool) -> _Typed:
        """A power of a square matrix that is not whole. Raises Trouble where it may be meant for the whole matrix."""
        if node.sign == "^" and not (summed or self.arrays.entrywise_powers or self.arrays.prefers_entrywise):
            raise Trouble("A root of a matrix is not supported. Entry by entry, write it with **: A**(1/2).", node.span)
        return self.made(node, [base, exponent], ENTRYWISE)

    def matrix_power(self, node: Apply, base: Expression, whole: int) -> Expression:
        if whole < 0 and self.arrays.has_inverse:
            base, whole = Apply("inv", (base,), (), node.span, "inv"), -whole
        if whole == 1:
            return base
        return Apply("matrix_power", (base,), (("n", whole),), node.span, "matrix_power")

    def inner(self, node: Apply, left: _Typed, right: _Typed) -> _Typed:
        """`dot`, `inner` and ⟨ ⟩, as NumPy and textbooks have them for arrays of these shapes."""
        if left.shape is None or right.shape is None or (left.is_vector and right.is_vector):
            return self.made(node, [left, right])
        if node.sign == "⟨" and left.shape == right.shape:
            product = self.entrywise(left, right)
            return _Typed(Apply("sum", (product.tree,), (), node.span, "sum"), ())
        if left.shape == () or right.shape == ():
            return self.entrywise(left, right)
        if node.sign == "inner" and left.is_vector:
            left, right = right, left
        elif node.sign == "inner" and not right.is_vector:
            right = self.turned(right)
        return self.made(Apply("matmul", (left.tree, right.tree), (), node.span, "@"), [left, right])

    def product(self, node: Apply, *, summed: bool) -> _Typed:
        """A row of factors, from left to right; a row in front of a column is one number."""
        first, steps = _factors(node)
        made, rest = self.read(first, summed=summed), [self.read(factor, summed=summed) for _, factor in steps]
        joined = any(sign in (*_LOOSE, "@") for sign, _ in steps)
        if summed and joined and sum(bool(part.shape) for part in (made, *rest)) > 1:
            made, rest = self.read(first, summed=False), [self.read(factor, summed=False) for _, factor in steps]
        signs = [sign for sign, _ in steps]
        at = 0
        while at < len(rest):
            sign, right = signs[at], rest[at]
            at += 1
            if at < len(rest) and sign in _LOOSE and signs[at] in _LOOSE and self.goes_first(made, right, rest[at]):
                right = self.combined(right, signs[at], rest[at])
                right = self.summed(right) if right.single else right
                at += 1
            if made.single and (right.shape == () or self.shape("matmul", [made, right]) is None):
                made = self.summed(made)
            made = self.combined(made, sign, right)
        return self.summed(made) if made.single else made

    def goes_first(self, before: _Typed, left: _Typed, right: _Typed) -> bool:
        """Whether the last two of three factors are a row and a column that make a number of their own."""
        if _has_subscript(before.tree) and left.is_vector and right.is_vector:
            return left.row and not right.row  # the y_i of y_i w^T x_i is a number for each i
        if not (before.shape and left.shape and right.shape):
            return False
        if left.is_vector and right.is_vector:
            return left.row and not right.row
        matches = self.shape("matmul", [left, right])
        return matches == (1, 1) and self.shape("matmul", [before, left]) is None

    def combined(self, left: _Typed, sign: str, right: _Typed) -> _Typed:
        """Two factors and the sign between them."""
        if sign == "/":
            left, right = _as_number(left, right), _as_number(right, left)
            return self.joined("div", sign, left, right, row=left.row and right.shape == ())
        if left.shape is None or right.shape is None:
            return self.joined("matmul" if sign == "@" else "mul", sign, left, right)
        if sign == "@":
            row = (left.is_vector and not right.is_vector) or (left.row and right.is_vector)
            return self.joined("matmul", sign, left, right, row=row and left.is_vector)
        if left.shape == () or right.shape == ():
            made = self.joined("mul", "" if sign == ENTRYWISE else sign, left, right, row=left.row or right.row)
            if not left.shape:
                return made
            stronger = max(left.pending, sign, key=_STRENGTH.__getitem__)
            return replace(made, pending=stronger)
        sign = max(left.pending, sign, key=_STRENGTH.__getitem__)
        if sign not in _LOOSE:
            self.worth_saying |= sign == "×"
            return self.entrywise(left, right)
        self.worth_saying = True
        if self.arrays.prefers_entrywise and left.shape == right.shape:
            return self.entrywise(left, right)
        kind = self.of_vectors if left.is_vector and right.is_vector else self.of_arrays
        return kind(left, sign, right)

    def of_vectors(self, left: _Typed, sign: str, right: _Typed) -> _Typed:
        """`u^T v` and `u·v`, `u v^T`, `u v`."""
        if left.row == right.row and (not sign or 1 in (*(left.shape or ()), *(right.shape or ()))):
            return self.entrywise(left, right)
        return self.joined("outer" if right.row and not left.row else "dot", "", left, right)

    def of_arrays(self, left: _Typed, sign: str, right: _Typed) -> _Typed:
        """The matrix product where it fits; entry by entry where that alone does."""
        fits = self.shape("matmul", [left, right]) is not None
        if not fits and left.is_vector and not left.row and right.shape is not None and right.shape[:-1] == (1,):
            return self.joined("outer", "", left, right)
        if not fits and sign == "·" and left.shape == right.shape and left.shape is not None and 1 in left.shape[-2:]:
            if left.shape[-1] == 1:  # the inner product of two columns, or of two rows
                left = self.turned(left)
            else:
                right = self.turned(right)
            fits = True
        unfit = self.shape("mul", [left, right]) is None or self.both_stretched(left, right)
        if fits or (unfit and not (left.is_number or right.is_number)):
            made = self.joined("matmul", "@", left, right, row=left.is_vector)
            return replace(made, single=made.shape == (1,))
        return self.entrywise(_as_number(left, right), _as_number(right, left))

    def both_stretched(self, left: _Typed, right: _Typed) -> bool:
        """Whether entry by entry each of two matrices would be stretched to a shape that neither has.

        Then h^T d, whose factors stand in the wrong order, would come out as the outer product d h^T.
        """
        if not left.shape or not right.shape or min(len(left.shape), len(right.shape)) < 2:
            return False
        return self.shape("mul", [left, right]) not in (left.shape, right.shape)

    def entrywise(self, left: _Typed, right: _Typed) -> _Typed:
        sign = ENTRYWISE if left.shape and right.shape else "*"
        row = (left.row or not left.shape) and (right.row or not right.shape)
        return self.joined("mul", sign, left, right, row=row)

    def summed(self, part: _Typed) -> _Typed:
        """What holds a single number as that number."""
        return _Typed(Apply("sum", (part.tree,), (), part.tree.span, "sum"), ())

    def turned(self, part: _Typed) -> _Typed:
        tree = Apply("transpose", (part.tree,), (), part.tree.span, ".T")
        return _Typed(tree, part.shape and part.shape[:-2] + part.shape[-2:][::-1])

    def joined(self, operation: str, sign: str, left: _Typed, right: _Typed, *, row: bool = False) -> _Typed:
        span = Span(min(left.tree.span.start, right.tree.span.start), max(left.tree.span.end, right.tree.span.end))
        tree = Apply(operation, (left.tree, right.tree), (), span, sign)
        return _Typed(tree, self.shape(operation, [left, right]), row)


def _is_infix(node: Expression) -> bool:
    """Whether it is a product or quotient written with a sign, or with none."""
    return isinstance(node, Apply) and node.operation in _INFIX and node.sign in (*_STRENGTH, "/", "@")


def _factors(node: Apply) -> tuple[Expression, list[tuple[str, Expression]]]:
    """The first factor of a row that brackets do not interrupt, and the others with the signs in front of them."""
    steps: list[tuple[str, Expression]] = []
    here: Expression = node
    while isinstance(here, Apply) and _is_infix(here) and (here is node or not _is_bracketed(here)):
        steps.append((here.sign, here.arguments[1]))
        here = here.arguments[0]
    return here, steps[::-1]


def _is_bracketed(node: Apply) -> bool:
    first, last = children(node)[0].span, children(node)[-1].span
    return (node.span.start, node.span.end) != (first.start, last.end)


def _as_number(part: _Typed, beside: _Typed) -> _Typed:
    """A (1, 1) beside an array of fewer axes, which it would give another axis, as the number that it holds."""
    if not part.shape or not part.is_number or not beside.shape or len(beside.shape) >= len(part.shape):
        return part
    return _Typed(Apply("sum", (part.tree,), (), part.tree.span, "sum"), ())


def _is_number(node: Expression) -> bool:
    """Whether it is made of numbers alone, such as -1/2."""
    return all(isinstance(part, Number) or (isinstance(part, Apply) and part.arguments) for part in walk(node))


def _whole_number(node: Expression) -> int | None:
    return int(node.value) if isinstance(node, Number) and node.value.denominator == 1 else None
