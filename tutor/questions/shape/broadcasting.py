"""Two shapes side by side: lined up from the right, stretched or clashing; drawn, and the slips people make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from math import prod
from typing import Any

from tutor.engine.values import Shape
from tutor.judging.misconceptions import Likelihood, Misconception, Recognised, recognise
from tutor.judging.typed_answers import ExactAnswer


def misconception(name: str, leads_to: Any, says: str, sure: bool = True) -> Misconception:
    """A wrong way to a shape, to strides, to an order of entries.

    `sure` where what is said is more than a fact about the shape.
    """
    likelihood = Likelihood.POSSIBLE if sure else Likelihood.RARE
    return Misconception(name, leads_to, says, likelihood=likelihood, label=says)


def recognised(mine: Shape, truth: Shape | None, candidates: Iterable[Misconception]) -> Recognised:
    """What leads to this shape, each name once; mere facts about it only where nothing else does."""
    found = recognise(ExactAnswer(mine), truth, candidates).found
    by_key = {one.key: one for one in reversed(found)}
    told = tuple(reversed(by_key.values()))
    return Recognised(told[:1] if told and told[0].likelihood is Likelihood.RARE else told)


def some_of(axes: list[int]) -> list[tuple[int, ...]]:
    """Every choice of at least one of these axes."""
    return [chosen for many in range(1, len(axes) + 1) for chosen in combinations(axes, many)]


SAME, STRETCH, CLASH = "same", "stretch", "clash"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two arrays that meet entry by entry: how they are written, and their shapes."""

    names: tuple[str, str]
    shapes: tuple[Shape, Shape]

    @property
    def axes(self) -> int:
        """How many axes the longer one has."""
        return max(map(len, self.shapes))

    @property
    def padded(self) -> tuple[Shape, Shape]:
        """Both with ones in front, as long as each other."""
        a, b = ((1,) * (self.axes - len(shape)) + shape for shape in self.shapes)
        return a, b

    @property
    def marks(self) -> tuple[str, ...]:
        """What happens at each axis."""
        return tuple(_mark(a, b) for a, b in zip(*self.padded, strict=True))

    @property
    def result(self) -> Shape | None:
        """The shape that results; None where they clash."""
        return broadcast(self.shapes)


def broadcast(shapes: Sequence[Shape]) -> Shape | None:
    """The shape two shapes are stretched to, lined up from the right; None where they clash."""
    pair = Pair(("", ""), (shapes[0], shapes[1]))
    if CLASH in pair.marks:
        return None
    return tuple(max(sizes) for sizes in zip(*pair.padded, strict=True))


def _mark(a: int, b: int) -> str:
    if a == b:
        return SAME
    return STRETCH if 1 in (a, b) else CLASH


def drawn(pair: Pair, *, marks: bool = True, result: bool = False) -> str:
    """Both shapes lined up at their right ends, the ones put in front in brackets, and what happens at each axis."""
    rows = [
        (name, [ADDED] * (pair.axes - len(shape)) + [str(size) for size in shape])
        for name, shape in zip(pair.names, pair.shapes, strict=True)
    ]
    if not pair.axes:
        return ""
    if marks:
        rows.append(("", list(pair.marks)))
    if result and pair.result is not None:
        rows.append(("result", [str(size) for size in pair.result]))
    return table(rows) if result else with_added_told(rows)


ADDED = "(1)"
"""An axis that is put in front of the shorter shape."""


def with_added_told(rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The table, and what the ones in brackets are where there are any."""
    told = any(ADDED in cells for _, cells in rows)
    return f"{table(rows)}\n  {ADDED}: added in front" if told else table(rows)


def table(rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Rows with a name before them, their cells in columns aligned right; indented, so that no face folds it."""
    wide = max(len(name) for name, _ in rows)
    cell = max((len(text) for _, cells in rows for text in cells), default=1)
    return "\n".join(
        "  " + f"{name:<{wide}}  {'  '.join(f'{text:>{cell}}' for text in cells)}".rstrip() for name, cells in rows
    )


def explained(pair: Pair) -> str:
    """The sentence of the rule that decides: where they clash, or that they fit."""
    clashes = [axis for axis, mark in enumerate(pair.marks) if mark == CLASH]
    if not clashes:
        return "Lined up from the right, every pair of sizes is equal or has a 1 in it, so they fit."
    axis = clashes[-1]
    a, b = pair.padded[0][axis], pair.padded[1][axis]
    return f"Lined up from the right, {a} meets {b} at axis {axis}: they differ and neither is 1, so they clash."


def refused(pair: Pair) -> Misconception:
    """What to say to one who finds a clash where there is none."""
    from_left = [_mark(a, b) for a, b in zip(*pair.shapes, strict=False)]
    if CLASH in from_left:
        says = "From the left they would clash, but shapes are lined up from the right, and there every pair fits."
        return misconception("aligned from the left", None, says)
    says = "They do fit: a missing leading axis counts as 1, and a 1 is stretched to any size."
    return misconception("a 1 not stretched", None, says)


def slips_of(pair: Pair) -> Iterator[Misconception]:
    """Wrong shapes and the ways that lead to them, the three slips of broadcasting first."""
    yield from _from_the_left(pair)
    yield from _joined(pair)
    yield from _not_stretched(pair)
    yield from _facts(pair)


def _from_the_left(pair: Pair) -> Iterator[Misconception]:
    if len(pair.shapes[0]) == len(pair.shapes[1]):
        return
    a, b = (shape + (1,) * (pair.axes - len(shape)) for shape in pair.shapes)
    wrong = broadcast((a, b))
    if wrong is not None:
        yield misconception(
            "aligned from the left",
            wrong,
            "That lines the shapes up from the left. Line them up from the right. Which sizes meet then?",
        )


def _joined(pair: Pair) -> Iterator[Misconception]:
    a, b = pair.shapes
    says = "Nothing is put end to end here: each entry of one meets an entry of the other. Which sizes meet?"
    for joined in (a + b, b + a) if a and b else ():
        yield misconception("sizes put together", joined, f"That writes the two shapes one after the other. {says}")
    added = tuple(x + y for x, y in zip(*pair.padded, strict=True))
    if added:
        yield misconception("sizes added", added, f"That adds the sizes. {says}")
    for axis, (x, y) in enumerate(zip(*pair.padded, strict=True)):
        larger = tuple(max(sizes) for sizes in zip(*pair.padded, strict=True))
        if all(1 in (p, q) or p == q for i, (p, q) in enumerate(zip(*pair.padded, strict=True)) if i != axis):
            others = (*larger[:axis], x + y, *larger[axis + 1 :])
            yield misconception("sizes added", others, f"That adds the sizes. {says}")


def _not_stretched(pair: Pair) -> Iterator[Misconception]:
    larger = tuple(max(sizes) for sizes in zip(*pair.padded, strict=True))
    smaller = tuple(min(sizes) for sizes in zip(*pair.padded, strict=True))
    for wrong in (larger, smaller):
        if pair.result is None:
            yield misconception(
                "stretched a size that is not 1",
                wrong,
                "That stretches a size that is not 1. Only a 1 can be stretched; what happens where the sizes differ "
                "and neither is 1?",
            )
    if pair.result is None:
        return
    ones = [axis for axis, size in enumerate(pair.result) if size == 1]
    for axis in ones:
        for size in {*pair.result} - {1}:
            wrong = (*pair.result[:axis], size, *pair.result[axis + 1 :])
            yield misconception(
                "stretched where both are 1", wrong, "Where both sizes are 1, nothing is stretched: it stays 1."
            )
    stretched = [axis for axis, mark in enumerate(pair.marks) if mark == STRETCH]
    for chosen in some_of(stretched):
        kept = tuple(1 if axis in chosen else size for axis, size in enumerate(pair.result))
        yield misconception(
            "kept a 1 that is stretched",
            kept,
            "That keeps a 1 where the other array has more: a 1 is stretched to the other's size. "
            "Which sizes meet there?",
        )


def _facts(pair: Pair) -> Iterator[Misconception]:
    """What may be seen of a wrong shape although it does not tell how it came about."""
    for name, other, shape in zip(pair.names, reversed(pair.names), pair.shapes, strict=True):
        says = f"That is the shape of {name} alone. What does {other} do to it?"
        yield misconception("the shape of one of them", shape, says, sure=False)
    result = pair.result
    if result is None:
        return
    without = tuple(size for size in result if size != 1)
    yield misconception("axes lost", without, "An axis of size 1 is missing: no axis disappears here.", sure=False)
    for lost in range(1, len(result)):
        yield misconception(
            "axes lost", result[lost:], "A leading axis is missing: no axis disappears here.", sure=False
        )
    yield from of_result(result)


def of_result(result: Shape) -> Iterator[Misconception]:
    """Wrong shapes that can be told from the right one alone."""
    count = prod(result)
    if len(result) > 1:
        says = f"{count} is how many numbers the result holds. Its shape says how they are arranged, axis by axis."
        yield misconception("number of entries", (count,), says, sure=False)
        if result[::-1] != result and len(result) == 2:
            yield misconception("transposed", result[::-1], "The sizes are right, but in the wrong order.")
        for wrong in set(permutations(result)) - {result}:
            yield misconception("order of sizes", wrong, "These are the right sizes in another order.", sure=False)
    if not result:
        says = "(1,) is a vector with one entry. A single number has no axes at all."
        yield misconception("a vector of one entry", (1,), says)
