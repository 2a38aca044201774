"""The verdict on a gradient: its shape first, then its values on random tensors, then which slip it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.values import Shape, Value, all_finite, shape_of, show_shape
from tutor.judging import Verdict, remark, right, unreadable, wrong
from tutor.judging.shaping import described, misfit, unusable
from tutor.judging.writing import written
from tutor.language import Apply, Expression, names_in, show, walk
from tutor.questions.gradient.backwards import Backward, passes_from, whole_passes
from tutor.questions.gradient.reading import Read, Spellings
from tutor.questions.gradient.scene import Asked, Scene, Way
from tutor.questions.gradient.slips import wrong_ways
from tutor.questions.words import listed, sentence

_SAME = 1e-9


@dataclass(frozen=True)
class GradientJudge:
    """Judges one blank."""

    asked: Asked

    @cached_property
    def passes(self) -> tuple[Backward, ...]:
        """With the given gradients random."""
        return passes_from(self.asked.setting, self.asked.given)

    @cached_property
    def spellings(self) -> Spellings:
        """What may be typed."""
        return Spellings(self.asked.setting.names, self.asked.given, self.asked.setting.output)

    @cached_property
    def shape(self) -> Shape:
        """The shape wanted."""
        return self.asked.setting.node_shapes[self.asked.of]

    def truth(self, draw: int) -> Value:
        """The gradient at a draw."""
        return self.passes[draw].totals[self.asked.position]

    def __call__(self, text: str) -> Verdict:
        """The verdict. Raises nothing."""
        read = self.spellings.read(text, self.passes[0].at)
        return read if isinstance(read, Verdict) else self._judged(read).with_echo(read.echo)

    def _judged(self, read: Read) -> Verdict:
        tree, at = read.tree, self.passes[0].at
        if said := unusable(tree, at):
            return unreadable(said)
        if said := misfit(tree, at):
            return unreadable(" ".join(part for part in (said, self._product(tree), self._target()) if part))
        mine = [evaluate(tree, passed.at) for passed in self.passes]
        if shape_of(mine[0]) != self.shape:
            return self._misshapen(tree, mine)
        if all(same(value, self.truth(draw)) for draw, value in enumerate(mine)):
            return right()
        if self._right_as_a_whole(tree):
            return remark("The same, written out from the loss. With the gradients that are given it is shorter.")
        if (way := self._recognised(mine)) is not None:
            return wrong(self._about(way), mistake=way.key)
        return wrong(self._difference(mine))

    # Shapes

    def _target(self) -> str:
        of, shape = self.asked.of, show_shape(self.shape) if self.shape else "a number"
        return f"{of} is {shape}, so its gradient is {shape} too."

    def _product(self, tree: Expression) -> str:
        """Where one of the two products does not fit and the other one would."""
        at = self.passes[0].at
        for part in walk(tree):
            if not isinstance(part, Apply) or part.operation not in ("mul", "matmul") or not misfit(part, at):
                continue
            if any(misfit(argument, at) for argument in part.arguments):
                continue
            if part.operation == "mul" and not misfit(replace(part, operation="matmul"), at):
                return "* multiplies entry by entry; the matrix product is @."
        return ""

    def _misshapen(self, tree: Expression, mine: Sequence[Value]) -> Verdict:
        shapes = {name: shape_of(self.passes[0].at[name]) for name in names_in(tree)}
        used = listed([f"{name} is {show_shape(shape)}" for name, shape in shapes.items()])
        said = [f"Yours is {described(shape_of(mine[0]))}. {self._target()}"]
        if used and (len(shapes) > 1 or shapes != {show(tree): shape_of(mine[0])}):
            said.append(f"Here {used}.")
        way = self._recognised(mine)
        if way is not None:
            said.append(self._about(way))
        return replace(unreadable(" ".join(said)), mistake=way.key if way else "")

    # Values

    def _right_as_a_whole(self, tree: Expression) -> bool:
        """Whether it is right with 2(y - t) for y': right too, though not from what is given."""
        if not self.asked.given or self.asked.setting.node_shapes[self.asked.setting.output]:
            return False
        passes = whole_passes(self.asked.setting, self.asked.given)
        return all(same(evaluate(tree, passed.at), passed.totals[self.asked.position]) for passed in passes)

    def _recognised(self, mine: Sequence[Value]) -> Way | None:
        """The slip that leads to this at every draw; of slips that are one and the same, the likeliest."""
        drawn = [self._ways(draw) for draw in range(len(mine))]
        for label, way in drawn[0].items():
            found = [ways.get(label) for ways in drawn]
            if all(one is not None and same(value, one.value) for one, value in zip(found, mine, strict=True)):
                return way
        return None

    def _about(self, way: Way) -> str:
        """What was done, and the question that leads on. A name keeps its small letter."""
        first = way.says.split()[0].rstrip("'")
        says = f"{way.says}." if first in self.asked.setting.names else sentence(way.says)
        return f"{says} {way.asks}"

    def _ways(self, draw: int) -> dict[str, Way]:
        truth = self.truth(draw)
        found: dict[str, Way] = {}
        for way in wrong_ways(Scene(self.asked, draw, self.passes[draw])):
            if all_finite(way.value) and not same(way.value, truth):
                found.setdefault(way.label, way)
        return found

    def _difference(self, mine: Sequence[Value]) -> str:
        for draw, value in enumerate(mine):
            truth = self.truth(draw)
            if same(value, truth):
                continue
            if not all_finite(value):
                return "The shape is right, but yours has no value at some numbers where the gradient has one."
            gap = np.abs(np.subtract(value, truth))
            where = np.unravel_index(int(np.argmax(gap)), self.shape)
            place = ", ".join(f"{what} {i + 1}" for what, i in zip(_axes(self.shape), where, strict=True))
            yours, theirs = (written(float(np.asarray(one)[where]), 4) for one in (value, truth))
            place = f" in {place}" if place else ""
            shape = "The shape is right, the values are not: on" if self.shape else "On"
            return f"{shape} random numbers{place} yours is {yours}, the truth {theirs}."
        raise AssertionError("only asked where there is a difference")


def _axes(shape: Shape) -> Iterator[str]:
    return iter(("row", "column") if len(shape) == 2 else ("entry",) * len(shape))


def same(one: Value, other: Value) -> bool:
    """Whether two computed tensors are the same, up to rounding."""
    if shape_of(one) != shape_of(other) or not all_finite(one):
        return False
    size = max(float(np.max(np.abs(one))), float(np.max(np.abs(other))))
    return float(np.max(np.abs(np.subtract(one, other)))) <= _SAME * size
