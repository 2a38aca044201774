"""The operation that decides a shape: why the result is what it is, drawn; and the slips people make there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tutor.engine.values import Shape, show_shape
from tutor.language import Apply
from tutor.questions.shape import broadcasting, others, products
from tutor.questions.shape.arrays import BROADCAST, Clash, evaluated, run, shown
from tutor.questions.shape.broadcasting import Pair
from tutor.questions.shape.products import Product
from tutor.questions.shape.slip import Slip
from tutor.questions.shape.tables import Setting

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
class Look:
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
            return products.explained(self._product)
        return others.explained(self.part, self.shapes[0], self.of_part) if self.part and self.shapes else self.rule

    @property
    def refused(self) -> str:
        """What to say to one who finds that they do not fit; "" where there is nothing special to say."""
        return broadcasting.refused(self._pair) if self._pair else ""

    @property
    def slips(self) -> Iterable[Slip]:
        """Wrong shapes of the whole and the ways that lead to them."""
        if self._pair:
            return broadcasting.slips_of(self._pair)
        if self._product:
            return products.slips_of(self._product)
        return others.slips_of(self.part, self.shapes[0], self.result) if self.part and self.shapes else ()

    def drawn(self, *, marks: bool = True, result: bool = False) -> str:
        """The shapes under each other, where there are two; else ""."""
        if self._pair:
            return broadcasting.drawn(self._pair, marks=marks, result=result)
        if self._product:
            return products.drawn(self._product, marks=marks, result=result)
        return ""

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


def look_at(setting: Setting) -> Look:
    """The operation that decides the shape. Raises IndexError for an index that is not there."""
    arrays, tree = setting.arrays, setting.operation.tree
    try:
        result = run(setting.operation, arrays).shape
    except Clash as clash:
        return Look(clash.part, clash.shapes, None, None)
    if not isinstance(tree, Apply) or setting.operation.index:
        return Look(None, (), result, result)
    shapes = tuple(evaluated(argument, arrays).shape for argument in tree.arguments)
    return Look(tree, shapes, result, evaluated(tree, arrays).shape)
