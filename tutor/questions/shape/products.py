"""Matrix products of arrays with any number of axes: inner sizes, batch axes, and the slips people make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.engine.values import Shape, show_shape
from tutor.questions.shape.broadcasting import CLASH, STRETCH, Pair, broadcast, of_result, table
from tutor.questions.shape.misconceptions import ShapeMistake, some_of


@dataclass(frozen=True, slots=True)
class Product:
    """`a @ b`: how both are written, and their shapes, of at least one axis each."""

    names: tuple[str, str]
    shapes: tuple[Shape, Shape]

    @property
    def inner(self) -> tuple[int, int]:
        """The two sizes that must be the same: the last of a, the last but one (or only one) of b."""
        a, b = self.shapes
        return a[-1], b[-2] if len(b) > 1 else b[0]

    @property
    def batches(self) -> Pair:
        """The axes in front, which broadcast."""
        a, b = self.shapes
        return Pair(self.names, (a[:-2], b[:-2]))

    @property
    def outer(self) -> Shape:
        """What is left of the matrices: the rows of a, the columns of b."""
        a, b = self.shapes
        return a[-2:-1] + (b[-1:] if len(b) > 1 else ())

    @property
    def fits(self) -> bool:
        """Whether NumPy takes them."""
        return self.inner[0] == self.inner[1] and self.batches.result is not None

    @property
    def result(self) -> Shape | None:
        """The shape that results; None where they do not fit."""
        batch = self.batches.result
        return batch + self.outer if self.fits and batch is not None else None


def drawn(product: Product, *, marks: bool = True, result: bool = False) -> str:
    """Both shapes lined up at their right ends, what happens to the batch axes, and the inner sizes."""
    batches = product.batches
    rows = []
    for name, shape, padded in zip(product.names, product.shapes, batches.padded, strict=True):
        missing = len(padded) - len(shape[:-2])
        cells = ["(1)"] * missing + [str(size) for size in shape[:-2]]
        rows.append((name, [*cells, *[""] * (2 - len(shape[-2:])), *map(str, shape[-2:])]))
    if marks and batches.axes:
        rows.append(("batch", [*batches.marks, "", ""]))
    if result and product.result is not None:
        shown = product.result
        rows.append(("result", [""] * (batches.axes + 2 - len(shown)) + [str(size) for size in shown]))
    return f"{table(rows)}\n{_inner_line(product)}" if marks else table(rows)


def _inner_line(product: Product) -> str:
    (a, b), (one, two) = product.inner, product.names
    where = "second-to-last" if len(product.shapes[1]) > 1 else "only one"
    verdict = "the same" if a == b else "a clash"
    return f"  inner sizes: {a} (the last of {one}) and {b} (the {where} of {two}), {verdict}"


def explained(product: Product) -> str:
    """The sentence of the rule that decides."""
    a, b = product.inner
    if a != b:
        return f"The inner sizes {a} and {b} differ, so no row of {product.names[0]} can meet a column."
    marks, padded = product.batches.marks, product.batches.padded
    if CLASH in marks:
        axis = len(marks) - 1 - marks[::-1].index(CLASH)
        return (
            f"The inner sizes are the same, but the batch sizes {padded[0][axis]} and {padded[1][axis]} differ "
            "and neither is 1: they clash."
        )
    batch = " and the batch axes fit" if product.batches.axes else ""
    return f"The inner sizes are the same{batch}, so they fit."


def slips_of(product: Product) -> Iterator[ShapeMistake]:
    """Wrong shapes and the ways that lead to them."""
    batch = product.batches.result
    outer, inner = product.outer, product.inner
    if product.fits and batch is not None:
        yield from _of_the_matrices(product, batch)
    elif batch is not None:
        yield ShapeMistake(
            "inner sizes that differ",
            batch + outer,
            f"That would be right if the inner sizes matched: {inner[0]} and {inner[1]}. Can a row of "
            f"{product.names[0]} meet a column of {product.names[1]}?",
        )
    yield from _of_the_batch(product)
    entrywise = broadcast(product.shapes)
    if entrywise is not None and entrywise != product.result:
        yield ShapeMistake(
            "entry by entry",
            entrywise,
            "That is the shape of a product entry by entry. In a matrix product, rows meet columns: which sizes are "
            "summed away?",
        )
    if product.result is not None:
        yield from of_result(product.result)


def _of_the_matrices(product: Product, batch: Shape) -> Iterator[ShapeMistake]:
    outer, inner = product.outer, product.inner[0]
    summed = f"That keeps the inner size {inner}. It is summed over: does it still have an axis?"
    for wrong in ((*outer[:1], inner, *outer[1:]), (*outer[:1], inner), (inner, *outer[1:])):
        yield ShapeMistake("inner size kept", batch + wrong, summed)
    if len(outer) == 2 and outer[0] != outer[1]:
        yield ShapeMistake(
            "transposed",
            batch + outer[::-1],
            f"That is the transpose. The rows come from {product.names[0]}, the columns from {product.names[1]}.",
        )


def _of_the_batch(product: Product) -> Iterator[ShapeMistake]:
    pair, outer = product.batches, product.outer
    a, b = pair.shapes
    if pair.axes:
        yield ShapeMistake(
            "batch axes ignored",
            outer,
            "That is the product of two of the matrices. There are several of them: what happens to the axes in front?",
        )
    says = "The axes in front broadcast as in a sum: they are lined up from the right, not put together."
    for joined in (a + b, b + a) if a and b else ():
        yield ShapeMistake(
            "batch axes put together", joined + outer, f"That puts the batch axes one after the other. {says}"
        )
    if pair.axes and pair.result is None:
        larger = tuple(max(sizes) for sizes in zip(*pair.padded, strict=True))
        yield ShapeMistake(
            "stretched a size that is not 1",
            larger + outer,
            f"That stretches a batch size that is not 1: {show_shape(a)} meets {show_shape(b)} in front. Can they fit?",
        )
    if pair.result is not None:
        for chosen in some_of([axis for axis, mark in enumerate(pair.marks) if mark == STRETCH]):
            kept = tuple(1 if axis in chosen else size for axis, size in enumerate(pair.result))
            yield ShapeMistake(
                "kept a 1 that is stretched",
                kept + outer,
                "That keeps a 1 in front where the other array has more: it is stretched to the other's size.",
            )
