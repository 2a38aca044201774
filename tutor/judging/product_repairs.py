"""What has to be done to a matrix product that does not come out right: a transpose, the other order, another sign.

For answers whose shapes clash, or whose product has a wrong shape: the factors are right, and what is made of them
is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tutor.language import Apply, Expression, show

_PRODUCTS = ("mul", "matmul")


@dataclass(frozen=True, slots=True)
class ProductRepair:
    """One change that makes the answer right: its name, and what is said of it, with a question."""

    key: str
    says: str


def product_repair(answer: Expression, is_right: Callable[[Expression], bool]) -> ProductRepair | None:
    """The smallest change to one product of an answer after which it is right; None where there is none.

    `is_right` may raise ValueError for shapes that do not fit.
    """
    for tree, repair in _changed(answer):
        try:
            if is_right(tree):
                return repair
        except ValueError:
            continue
    return None


def _changed(answer: Expression) -> Iterator[tuple[Expression, ProductRepair]]:
    for level in range(_LEVELS):
        for put, product in _products(answer):
            for now, repair in _changes(product, level):
                yield put(now), repair


_LEVELS = 3

Put = Callable[[Expression], Expression]


def _products(tree: Expression) -> Iterator[tuple[Put, Apply]]:
    """Every product in a tree, with a way to put something else there."""
    if not isinstance(tree, Apply):
        return
    if tree.operation in _PRODUCTS:
        yield lambda now: now, tree
    for port, argument in enumerate(tree.arguments):
        for inner, product in _products(argument):
            yield _within(tree, port, inner), product


def _within(tree: Apply, port: int, inner: Put) -> Put:
    return lambda now: replace(tree, arguments=(*tree.arguments[:port], inner(now), *tree.arguments[port + 1 :]))


def _changes(product: Apply, level: int) -> Iterator[tuple[Expression, ProductRepair]]:
    """The changes to one product: of one thing; of two; of all three."""
    left, right = product.arguments
    entrywise = product.operation == "mul"
    a, b = _bare(left), _bare(right)
    if level == 0:
        if not entrywise:
            yield _made("matmul", _turned(left), right), _transpose(left, a, b)
            yield _made("matmul", left, _turned(right)), _transpose(right, a, b)
            yield (
                _made("matmul", right, left),
                ProductRepair(
                    "factors_swapped", "These are the right factors in the wrong order. Which one goes on the left?"
                ),
            )
        # Last: an outer product is also one entry by entry, of a row and a column.
        yield _made("matmul" if entrywise else "mul", left, right), _other_sign(entrywise)
    elif level == 1:
        for one, other in ((_turned(left), right), (left, _turned(right))):
            if entrywise:
                says = (
                    f"It was multiplied entry by entry. A matrix product, {a} and {b} with one of them transposed, "
                    "has to add up: which one?"
                )
                yield _made("matmul", one, other), ProductRepair("elementwise_for_matmul", says)
                yield _made("matmul", other, one), ProductRepair("elementwise_for_matmul", says)
        if not entrywise:
            yield _made("matmul", right, _turned(left)), _order_and_transpose(a, b)
            yield _made("matmul", _turned(right), left), _order_and_transpose(a, b)
            yield (
                _made("matmul", _turned(left), _turned(right)),
                ProductRepair(
                    "transpose_misplaced", f"The transpose is on the wrong factor. Which of {a} and {b} is transposed?"
                ),
            )
    else:
        yield (
            _made("matmul", _turned(right), _turned(left)),
            ProductRepair("grad_transposed", "This is the right answer, transposed. Which way round is it?"),
        )


def _made(operation: str, left: Expression, right: Expression) -> Apply:
    return Apply(operation, (left, right), sign="@" if operation == "matmul" else "*")


def _turned(tree: Expression) -> Expression:
    if isinstance(tree, Apply) and _is_turned(tree):
        return tree.arguments[0]
    return Apply("transpose", (tree,))


def _is_turned(tree: Expression) -> bool:
    return isinstance(tree, Apply) and tree.operation == "transpose"


def _bare(tree: Expression) -> str:
    shown = show(tree.arguments[0] if isinstance(tree, Apply) and _is_turned(tree) else tree)
    return f"({shown})" if isinstance(tree, Apply) and tree.operation in ("add", "sub") else shown


def _other_sign(entrywise: bool) -> ProductRepair:
    if entrywise:
        says = "* multiplies entry by entry; the matrix product is @. Which one adds up along rows and columns?"
        return ProductRepair("elementwise_for_matmul", says)
    says = "@ adds up along rows and columns; here each entry meets its own. Which sign multiplies entry by entry?"
    return ProductRepair("matmul_for_elementwise", says)


def _transpose(factor: Expression, a: str, b: str) -> ProductRepair:
    if _is_turned(factor):
        return ProductRepair("transpose_extra", f"There is a transpose too many. Is {_bare(factor)} to be transposed?")
    return ProductRepair("transpose_missing", f"A transpose is missing. Which of {a} and {b} has to be transposed?")


def _order_and_transpose(a: str, b: str) -> ProductRepair:
    says = (
        f"These are the right factors, but their order and the transpose are not right. "
        f"With {a} and {b}, which order and which transpose give the shape?"
    )
    return ProductRepair("factors_swapped", says)
