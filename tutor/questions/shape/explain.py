"""The operation that decides a shape: why the result is what it is, drawn; and the slips people make there.

Matrix products with any number of axes have a part of their own: inner sizes, batch axes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod

from tutor.drawing import ShapesFigure
from tutor.engine.values import Shape, show_shape
from tutor.judging.misconceptions import Misconception
from tutor.language import Apply, Name, Option
from tutor.questions.shape import broadcasting
from tutor.questions.shape.arrays import BROADCAST, ShapeClash, evaluated, run, shown
from tutor.questions.shape.broadcasting import (
    ADDED,
    CLASH,
    STRETCH,
    Pair,
    broadcast,
    misconception,
    of_result,
    some_of,
    table,
    with_added_told,
)
from tutor.questions.shape.tables import ShapeSetting

REDUCTIONS = frozenset(("sum", "mean", "squared_norm"))


def explained(part: Apply, shape: Shape, result: Shape | None) -> str:
    """The sentence of the rule for an operation on one array of this shape."""
    match part.operation:
        case "sum" | "mean":
            return _summed(part, shape, result)
        case "squared_norm":
            return "All entries are summed: one number is left."
        case "transpose":
            return f"A transpose reverses the order of the axes: {show_shape(shape)} read backwards."
        case "permute" | "swapaxes":
            return f"The axes swap places; each keeps its size. They were {show_shape(shape)}."
        case "reshape":
            return _reshaped(part, shape, result)
        case "ravel":
            return f"All {prod(shape)} entries in one row."
        case _:
            return f"Each entry separately: the shape {show_shape(shape)} stays."


def _axes(part: Apply, shape: Shape) -> tuple[int, ...]:
    """The axes that are summed, counted from the front."""
    axis = dict(part.options).get("axis")
    if axis is None:
        return tuple(range(len(shape)))
    return tuple(one % len(shape) for one in _whole_numbers(axis)) if shape else ()


def _whole_numbers(option: Option) -> tuple[int, ...]:
    """Those that an option holds."""
    return tuple(one for one in (option if isinstance(option, tuple) else (option,)) if isinstance(one, int))


def _summed(part: Apply, shape: Shape, result: Shape | None) -> str:
    axes = _axes(part, shape)
    if result is None:
        return f"{show_shape(shape)} has no such axis: axes are counted from 0."
    if len(axes) == len(shape) and not dict(part.options).get("keepdims"):
        return "All entries are taken together: one number is left."
    sizes = " and ".join(f"axis {axis}, of size {shape[axis]}," for axis in axes)
    becomes = "becomes 1 (keepdims)" if dict(part.options).get("keepdims") else "goes"
    return f"Of {show_shape(shape)}, {sizes} {becomes}."


def _reshaped(part: Apply, shape: Shape, result: Shape | None) -> str:
    wanted = _whole_numbers(dict(part.options)["shape"])
    count, known = prod(shape), prod(size for size in wanted if size != -1)
    if result is None:
        return f"{show_shape(shape)} holds {count} numbers, but the new sizes multiply to {known}: that cannot be done."
    left = f"; the -1 stands for what is left, {count} / {known}" if -1 in wanted else ""
    return f"A reshape keeps all {count} numbers{left}."


def slips_of(part: Apply, shape: Shape, result: Shape | None) -> Iterator[Misconception]:
    """Wrong shapes and the ways that lead to them."""
    wanted = _whole_numbers(dict(part.options)["shape"]) if part.operation == "reshape" else ()
    if part.operation in ("sum", "mean") and result is not None:
        yield from _slips_of_sums(part, shape, result)
    if part.operation in ("transpose", "permute", "swapaxes", "reshape") and result != shape:
        yield misconception("unchanged", shape, "That is the shape it had before.", sure=False)
    if part.operation in ("permute", "swapaxes") and shape[::-1] != result:
        yield misconception("all axes turned", shape[::-1], "That reverses all axes. Which axes swap places here?")
    if part.operation == "reshape" and result is None:
        yield misconception(
            "reshape to another count",
            wanted,
            f"That is what is asked for, but {show_shape(shape)} holds {prod(shape)} numbers. How many would there be?",
        )
    if result is not None and -1 in wanted:
        place = wanted.index(-1)
        left = [size for size in shape if size not in wanted]
        added = (*result[:place], sum(left), *result[place + 1 :])
        says = (
            "That adds the sizes that are put together. "
            f"A reshape keeps all {prod(shape)} numbers. How many would this contain?"
        )
        yield misconception("sizes added", added, says)
    if result is not None:
        yield from of_result(result)


def _slips_of_sums(part: Apply, shape: Shape, result: Shape) -> Iterator[Misconception]:
    axes, kept = _axes(part, shape), bool(dict(part.options).get("keepdims"))
    gone = tuple(size for axis, size in enumerate(shape) if axis not in axes)
    ones = tuple(1 if axis in axes else size for axis, size in enumerate(shape))
    if kept:
        yield misconception("summed axis dropped", gone, "With keepdims the summed axis stays, with what size?")
    else:
        yield misconception("summed axis kept", ones, "The summed axis disappears: only keepdims=True leaves a 1.")
    if len(axes) < len(shape):
        others = tuple(shape[axis] for axis in axes)
        says = "That is what is summed over. The other axes stay: which are they?"
        yield misconception("the wrong axis kept", others, says)
        if dict(part.options).get("axis") is not None:
            yield misconception("summed over everything", (), "Only the axis that is named is summed. What stays?")
    if not result:
        yield misconception("the last axis only", shape[:-1], "Without an axis, all entries are summed. What is left?")


_BROADCAST_RULE = (
    "Line the shapes up from the right; a missing leading axis counts as 1. Two sizes "
    "fit when they are equal or one of them is 1, which is then stretched to the other."
)
_MATMUL_RULE = (
    "A matrix product sums over the inner sizes, the last of the left factor and the "
    "second-to-last of the right: they must match, and they disappear. Rows of the left and columns "
    "of the right stay. Axes in front broadcast as in a sum."
)
_RULES = {
    "sum": "The summed axes disappear; the others stay in their order. keepdims leaves a 1 in their place.",
    "mean": "The averaged axes disappear; the others stay in their order. keepdims leaves a 1 in their place.",
    "transpose": "A transpose reverses the order of the axes.",
    "permute": "The new order names the old axes: (1, 0) puts axis 1 first.",
    "swapaxes": "Two axes swap places, the others stay.",
    "reshape": "A reshape keeps the number of entries: the sizes multiply to the same count. A -1 is filled in.",
    "ravel": "All entries in one row.",
}
_ENTRYWISE_RULE = "A function of one array works on each entry separately, so the shape stays."


@dataclass(frozen=True)
class DecidingOperation:
    """The last operation, or the first that cannot be done; with the shape of the whole result, None for a clash."""

    part: Apply | None
    shapes: tuple[Shape, ...]
    result: Shape | None
    of_part: Shape | None

    @property
    def rule(self) -> str:
        """What decides, in general."""
        if self._pair:
            return _BROADCAST_RULE
        if self._product:
            return _MATMUL_RULE
        return _RULES.get(self.part.operation, _ENTRYWISE_RULE) if self.part else "A name has the shape of its array."

    @property
    def explained(self) -> str:
        """What decides here."""
        if self._pair:
            return broadcasting.explained(self._pair)
        if self._product:
            return product_explained(self._product)
        return explained(self.part, self.shapes[0], self.of_part) if self.part and self.shapes else self.rule

    @property
    def refused(self) -> Misconception | None:
        """What to say to one who finds that they do not fit; None where there is nothing special to say."""
        if self._product is not None:
            return product_refused(self._product)
        return broadcasting.refused(self._pair) if self._pair else None

    @property
    def slips(self) -> Iterable[Misconception]:
        """Wrong shapes of the whole and the ways that lead to them."""
        if self._pair:
            return broadcasting.slips_of(self._pair)
        if self._product:
            return product_misconceptions(self._product)
        return slips_of(self.part, self.shapes[0], self.result) if self.part and self.shapes else ()

    def drawn(self, *, marks: bool = True, result: bool = False) -> str:
        """The shapes under each other, where there are two; else ""."""
        if self._pair:
            return broadcasting.drawn(self._pair, marks=marks, result=result)
        if self._product:
            return drawn(self._product, marks=marks, result=result)
        return ""

    @property
    def figure(self) -> ShapesFigure | None:
        """The two shapes that meet, where both are those of given arrays."""
        named = self.part is not None and all(isinstance(argument, Name) for argument in self.part.arguments)
        pair = self._pair or self._product
        if not named or pair is None:
            return None
        return ShapesFigure(pair.names, pair.shapes, inner=self._product is not None)

    @property
    def question(self) -> str:
        """What to ask with these shapes at hand."""
        if self._pair:
            return f"Which sizes meet at each axis, and what happens there?\n{self.drawn(marks=False)}"
        if self._product:
            return f"Which are the inner sizes, and which axes are in front of them?\n{self.drawn(marks=False)}"
        before = " and ".join(show_shape(shape) for shape in self.shapes)
        return f"{self._text} begins with the shape {before}. What happens to each of its axes?"

    @property
    def _text(self) -> str:
        return shown(self.part) if self.part else "This"

    @property
    def _names(self) -> tuple[str, str]:
        assert self.part is not None
        left, right = map(shown, self.part.arguments)
        return left, right

    @property
    def _pair(self) -> Pair | None:
        if self.part is None or self.part.operation not in BROADCAST:
            return None
        return Pair(self._names, (self.shapes[0], self.shapes[1]))

    @property
    def _product(self) -> Product | None:
        if self.part is None or self.part.operation != "matmul" or not all(self.shapes):
            return None
        return Product(self._names, (self.shapes[0], self.shapes[1]))


def look_at(setting: ShapeSetting) -> DecidingOperation:
    """The operation that decides the shape. Raises IndexError for an index that is not there."""
    arrays, tree = setting.arrays, setting.operation.tree
    try:
        result = run(setting.operation, arrays).shape
    except ShapeClash as clash:
        return DecidingOperation(clash.part, clash.shapes, None, None)
    if not isinstance(tree, Apply) or setting.operation.index:
        return DecidingOperation(None, (), result, result)
    shapes = tuple(evaluated(argument, arrays).shape for argument in tree.arguments)
    return DecidingOperation(tree, shapes, result, evaluated(tree, arrays).shape)


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
        cells = [ADDED] * missing + [str(size) for size in shape[:-2]]
        rows.append((name, [*cells, *[""] * (2 - len(shape[-2:])), *map(str, shape[-2:])]))
    if marks and batches.axes:
        rows.append(("batch", [*batches.marks, "", ""]))
    if result and product.result is not None:
        shown = product.result
        rows.append(("result", [""] * (batches.axes + 2 - len(shown)) + [str(size) for size in shown]))
    lined_up = table(rows) if result else with_added_told(rows)
    return f"{lined_up}\n{_inner_line(product)}" if marks else lined_up


def _inner_line(product: Product) -> str:
    (a, b), (one, two) = product.inner, product.names
    where = "second-to-last" if len(product.shapes[1]) > 1 else "only one"
    verdict = "the same" if a == b else "a clash"
    return f"  inner sizes: {a} (the last of {one}) and {b} (the {where} of {two}), {verdict}"


def product_explained(product: Product) -> str:
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


def product_refused(product: Product) -> Misconception | None:
    """What to say to one who finds a clash where there is none."""
    a, b = product.batches.shapes
    if not product.fits:
        return None
    if a == b:
        says = "They do fit: the inner sizes are the same, and no others have to be."
        return misconception("sizes that fit", None, says)
    axes = "a missing leading axis counts as 1, and a 1 is stretched" if len(a) != len(b) else "a 1 is stretched"
    says = f"They do fit: the inner sizes are the same, and the axes in front broadcast as in a sum. There {axes}."
    return misconception("a 1 not stretched", None, says)


def product_misconceptions(product: Product) -> Iterator[Misconception]:
    """Wrong shapes and the ways that lead to them."""
    batch = product.batches.result
    outer, inner = product.outer, product.inner
    if product.fits and batch is not None:
        yield from _of_the_matrices(product, batch)
    elif batch is not None:
        yield misconception(
            "inner sizes that differ",
            batch + outer,
            f"That would be right if the inner sizes matched: {inner[0]} and {inner[1]}. Can a row of "
            f"{product.names[0]} meet a column of {product.names[1]}?",
        )
    yield from _of_the_batch(product)
    yield from _with_one_transposed(product)
    a, b = product.shapes
    together = "That writes the two shapes one after the other. Which sizes does a matrix product sum away?"
    yield misconception("sizes put together", a + b, together)
    entrywise = broadcast(product.shapes)
    if entrywise is not None and entrywise != product.result:
        yield misconception(
            "entry by entry",
            entrywise,
            "That is the shape of a product entry by entry. In a matrix product, rows meet columns: which sizes are "
            "summed away?",
        )
    if product.result is not None:
        yield from of_result(product.result)


def _of_the_matrices(product: Product, batch: Shape) -> Iterator[Misconception]:
    outer, inner = product.outer, product.inner[0]
    summed = f"That keeps the inner size {inner}. It is summed over: does it still have an axis?"
    for wrong in ((*outer[:1], inner, *outer[1:]), (*outer[:1], inner), (inner, *outer[1:]), (inner, inner)):
        yield misconception("inner size kept", batch + wrong, summed)
    if len(outer) == 1:
        says = "A vector has one axis, so this product has one too: it is not a matrix with one column or row."
        for column in ((*outer, 1), (1, *outer)):
            yield misconception("vector as a matrix", batch + column, says)
    if len(outer) == 2 and outer[0] != outer[1]:
        yield misconception(
            "transposed",
            batch + outer[::-1],
            f"That is the transpose. The rows come from {product.names[0]}, the columns from {product.names[1]}.",
        )


def _with_one_transposed(product: Product) -> Iterator[Misconception]:
    """The shape with one of the factors transposed."""
    for number, name in enumerate(product.names):
        shapes = list(product.shapes)
        if len(shapes[number]) != 2 or shapes[number][0] == shapes[number][1]:
            continue
        shapes[number] = shapes[number][::-1]
        turned = Product(product.names, (shapes[0], shapes[1]))
        if turned.result is not None and turned.result != product.result:
            says = f"That would be right with {name} transposed. It is not: which sizes are the inner ones?"
            yield misconception("one factor transposed", turned.result, says)


def _of_the_batch(product: Product) -> Iterator[Misconception]:
    pair, outer = product.batches, product.outer
    a, b = pair.shapes
    if pair.axes:
        yield misconception(
            "batch axes ignored",
            outer,
            "That is the product of two of the matrices. There are several of them: what happens to the axes in front?",
        )
    for name, own in zip(product.names, pair.shapes, strict=True):
        if own and own != pair.result:
            alone = f"That keeps the axes in front of {name} only. What do the other's do to them?"
            yield misconception("one batch only", own + outer, alone, sure=False)
    says = "The axes in front broadcast as in a sum: they are lined up from the right, not put together."
    for joined in (a + b, b + a) if a and b else ():
        yield misconception(
            "batch axes put together", joined + outer, f"That puts the batch axes one after the other. {says}"
        )
    if pair.axes and pair.result is None:
        larger = tuple(max(sizes) for sizes in zip(*pair.padded, strict=True))
        yield misconception(
            "stretched a size that is not 1",
            larger + outer,
            f"That stretches a batch size that is not 1: {show_shape(a)} meets {show_shape(b)} in front. Can they fit?",
        )
    if pair.result is not None:
        for chosen in some_of([axis for axis, mark in enumerate(pair.marks) if mark == STRETCH]):
            kept = tuple(1 if axis in chosen else size for axis, size in enumerate(pair.result))
            yield misconception(
                "kept a 1 that is stretched",
                kept + outer,
                "That keeps a 1 in front where the other array has more: it is stretched to the other's size.",
            )
