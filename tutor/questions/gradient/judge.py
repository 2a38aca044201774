"""The verdict on a gradient: its shape first, then its values on random tensors, then which slip it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.values import Shape, Value, all_finite, shape_of, show_shape
from tutor.judging import Verdict, remark, right, undecided, unreadable, wrong
from tutor.judging.precision import written
from tutor.judging.shapes import described, misfit, unusable
from tutor.language import Apply, Expression, names_in, show, walk
from tutor.questions.gradient.backward import Backward, passes_from, prime, whole_passes
from tutor.questions.gradient.context import GradientPath, GradientQuery, Scene
from tutor.questions.gradient.misconceptions import wrong_ways
from tutor.questions.gradient.reading import Read, Spellings
from tutor.questions.inflect import listed, sentence

_SAME = 1e-9


@dataclass(frozen=True)
class GradientJudge:
    """Judges one blank."""

    asked: GradientQuery
    slips: Sequence[tuple[str, str]] = ()
    """The file's own: an expression, and what is said of it."""

    @cached_property
    def passes(self) -> tuple[Backward, ...]:
        """With the given gradients random."""
        return passes_from(self.asked.setting, self.asked.given)

    @property
    def follows(self) -> bool:
        """Whether what is asked follows from what is given."""
        return all(self.asked.position in passed.totals for passed in self.passes)

    @cached_property
    def spellings(self) -> Spellings:
        """What may be typed."""
        setting = self.asked.setting
        powers = setting.entrywise_powers
        return Spellings(setting.names, self.asked.given, setting.output, entrywise_powers=powers)

    @cached_property
    def shape(self) -> Shape:
        """The shape wanted."""
        return self.asked.setting.node_shapes[self.asked.of]

    def truth(self, draw: int) -> Value:
        """The gradient at a draw."""
        return self.passes[draw].totals[self.asked.position]

    def read(self, text: str) -> Read | Verdict:
        """The answer as a tree; or why it cannot be read."""
        return self.spellings.read(text, self.passes[0].at)

    def __call__(self, text: str) -> Verdict:
        """The verdict. Raises nothing."""
        read = self.read(text)
        if isinstance(read, Verdict):
            return read
        verdict = self._judged(read).with_echo(read.echo)
        other = self.spellings.otherwise(text, self.passes[0].at) if verdict.charged else None
        if other is None or isinstance(meant := self.read(other.text), Verdict) or not self._judged(meant).accepted:
            return verdict
        return undecided(other.said).with_echo(read.echo)

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
        if said := self._own_slip(mine):
            return wrong(said, mistake="slip")
        if (way := self._recognised(tree)) is not None:
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
        if own := self._own_slip(mine):
            return replace(unreadable(" ".join([*said, own])), mistake="slip")
        way = self._recognised(tree)
        if way is not None:
            said.append(self._about(way))
        return replace(unreadable(" ".join(said)), mistake=way.key if way else "")

    # Values

    def _right_as_a_whole(self, tree: Expression) -> bool:
        """Whether it is right with 2(y - t) for y': right too, though not from what is given."""
        passes = self._whole
        return bool(passes) and all(same(evaluate(tree, one.at), one.totals[self.asked.position]) for one in passes)

    @cached_property
    def _whole(self) -> tuple[Backward, ...]:
        """The passes from the output on, where there are such and they differ from those from the given gradients."""
        if not self.asked.given or self.asked.setting.node_shapes[self.asked.setting.output]:
            return ()
        return whole_passes(self.asked.setting, self.asked.given)

    def _own_slip(self, mine: Sequence[Value]) -> str:
        """What the file says to this; "" where it says nothing."""
        for text, says in self.slips:
            read = self.read(text)
            if isinstance(read, Verdict) or misfit(read.tree, self.passes[0].at):
                continue
            values = [evaluate(read.tree, passed.at) for passed in self.passes]
            if all(same(one, other) for one, other in zip(values, mine, strict=True)):
                return says
        return ""

    def _recognised(self, tree: Expression) -> GradientPath | None:
        """The slip that leads to this at every draw; of slips that are one and the same, the likeliest."""
        given = set(map(prime, self.asked.given))
        found = _leading(tree, self.passes, self._ways)
        if found is None and not given & set(names_in(tree)):
            found = _leading(tree, self._whole, self._whole_ways)
        return found

    @cached_property
    def _ways(self) -> list[dict[str, GradientPath]]:
        return [self._ways_of(Scene(self.asked, draw, passed)) for draw, passed in enumerate(self.passes)]

    @cached_property
    def _whole_ways(self) -> list[dict[str, GradientPath]]:
        alone = replace(self.asked, given=())
        return [self._ways_of(Scene(alone, draw, passed)) for draw, passed in enumerate(self._whole)]

    def _ways_of(self, scene: Scene) -> dict[str, GradientPath]:
        found: dict[str, GradientPath] = {}
        for way in wrong_ways(scene):
            if all_finite(way.value) and not same(way.value, scene.truth):
                found.setdefault(way.label, way)
        return found

    def _about(self, way: GradientPath) -> str:
        """What was done, and the question that leads on. A name keeps its small letter."""
        says = f"{way.says}." if way.small else sentence(way.says)
        return f"{says} {way.asks}"

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
            return f"{shape} random numbers{place} yours gives {yours}; it should be {theirs}."
        raise AssertionError("only asked where there is a difference")


def _leading(
    tree: Expression, passes: Sequence[Backward], drawn: Sequence[dict[str, GradientPath]]
) -> GradientPath | None:
    """The first way that leads to the answer in every pass."""
    mine = [evaluate(tree, passed.at) for passed in passes]
    for label, way in drawn[0].items() if drawn else ():
        found = [ways.get(label) for ways in drawn]
        if all(one is not None and same(value, one.value) for one, value in zip(found, mine, strict=True)):
            return way
    return None


def _axes(shape: Shape) -> Iterator[str]:
    return iter(("row", "column") if len(shape) == 2 else ("entry",) * len(shape))


def same(one: Value, other: Value) -> bool:
    """Whether two computed tensors are the same, up to rounding."""
    if shape_of(one) != shape_of(other) or not all_finite(one):
        return False
    size = max(float(np.max(np.abs(one))), float(np.max(np.abs(other))))
    return float(np.max(np.abs(np.subtract(one, other)))) <= _SAME * size
