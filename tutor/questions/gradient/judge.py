"""The verdict on a gradient: its shape first, then its values on random tensors, then which mistake it is.

A mistake changes one thing in the backward pass that leads to the gradient; what comes of it is compared with the
answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import combinations

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.engine.gates.mistakes import Mistake, begins_with_a_name
from tutor.engine.values import Shape, Value, all_finite, as_value, shape_of, show_shape
from tutor.engine.wrong_ways import wrong_value
from tutor.judging import Verdict, remark, right, undecided, unreadable, wrong
from tutor.judging.precision import written
from tutor.judging.shapes import described, misfit, unusable
from tutor.language import Apply, Expression, names_in, read_expression, show, walk
from tutor.questions.carried_forward import EarlierAnswer, answer_for, mistakes_behind, remark_on
from tutor.questions.gradient.backward import BackwardPass, own_passes, passes_from, prime, whole_passes
from tutor.questions.gradient.context import GradientContext, GradientPath, GradientQuery, GradientWire, primes
from tutor.questions.gradient.reading import GradientReading, Spellings
from tutor.questions.inflect import listed, sentence

_FORGOT = "How fast does {y} move when {own} moves?"


def ways_at(scene: GradientContext, wire: GradientWire) -> Iterator[GradientPath]:
    """The wrong ways at one wire, likeliest first."""
    yield from _own_mistakes(scene, wire)
    yield from _other_values(scene, wire)
    yield from _parts_of_slope(scene, wire)
    yield from _common(scene, wire)


def _own_mistakes(scene: GradientContext, wire: GradientWire) -> Iterator[GradientPath]:
    assert wire.node.gate is not None
    for number, mistake in enumerate(wire.node.gate.mistakes):
        if mistake.port != wire.port:
            continue
        value = scene.bent(wire, partial(_mistaken, wire, mistake))
        if value is not None:
            # What follows an expression stands alone; what follows the answer itself needs its "it".
            says = mistake.says if mistake.is_clause else f"it {mistake.says}"
            yield _way_at_gate(wire, f"{mistake.key} {number}", mistake.key, value, says, mistake.asks)


def _mistaken(wire: GradientWire, mistake: Mistake, upstream: Value, _share: Value) -> Value | None:
    assert wire.node.gate is not None
    return wrong_value(wire.node.gate, mistake, upstream, wire.y, wire.arguments, wire.node.options)


def _other_values(scene: GradientContext, wire: GradientWire) -> Iterator[GradientPath]:
    """At a product: another value of the same shape in place of the factor that belongs there."""
    assert wire.node.gate is not None
    if wire.node.gate.key not in ("mul", "matmul", "outer", "dot"):
        return
    for name, value in scene.asked.setting.known(scene.draw).items():
        if name == wire.texts["other"] or shape_of(value) != shape_of(wire.arguments[1 - wire.port]):
            continue
        arguments = (value, wire.arguments[1]) if wire.port else (wire.arguments[0], value)
        found = scene.bent(wire, lambda u, _share, arguments=arguments: wire.send(u, arguments))  # type: ignore[misc]
        if found is not None:
            yield _way_at_gate(wire, f"{name} for another", "other_value", found, f"it has {name} instead of {{other}}",
                       "What is {own} multiplied by in {y}?")  # fmt: skip


def _parts_of_slope(scene: GradientContext, wire: GradientWire) -> Iterator[GradientPath]:
    """Where the local derivative is a product, such as h (1 - h): one factor alone."""
    gate = wire.node.gate
    if gate is None or not gate.elementwise or not gate.slopes:
        return
    slope = read_expression(gate.slopes[wire.port], vocabulary(*gate.arguments)).tree
    if not (isinstance(slope, Apply) and slope.operation == "mul"):
        return
    at = dict(zip(gate.arguments, wire.arguments, strict=True))
    for number, factor in enumerate(slope.arguments):
        part = evaluate(factor, at)
        found = scene.bent(wire, lambda u, _share, part=part: u * part)  # type: ignore[misc]
        if found is not None:
            yield _way_at_gate(wire, f"factor {number}", "part_of_local", found,
                       "only one factor of the slope of {y} is used", _FORGOT)  # fmt: skip


def _averaged(wire: GradientWire, _u: Value, share: Value) -> Value | None:
    return share * (int(np.prod(wire.shape)) / int(np.size(wire.y))) if wire.stretched else None


def _wrong_axis(wire: GradientWire, u: Value, _share: Value) -> Value | None:
    return as_value(np.sum(u, axis=1)) if wire.stretched and np.ndim(u) == 2 else None


def _one_row(wire: GradientWire, u: Value, _share: Value) -> Value | None:
    return as_value(np.asarray(u)[0]) if wire.stretched and np.ndim(u) == 2 else None


def _unchanged(_wire: GradientWire, u: Value, _share: Value) -> Value | None:
    return u


_COMMON: tuple[tuple[str, Callable[[GradientWire, Value, Value], Value | None], str, str], ...] = (
    ("averaged_back", _averaged, "it averages over the copies of {own}",
     "Every copy moves {f}: are their shares averaged, or added?"),
    ("wrong_axis_back", _wrong_axis, "it is summed over the wrong axis", "Along which axis was {own} copied?"),
    ("one_row_back", _one_row, "it uses only one row", "How many rows is {own} used in?"),
    ("forgot_local", _unchanged, "what arrived at {y} was passed on to {own} unchanged", _FORGOT),
)  # fmt: skip


def _common(scene: GradientContext, wire: GradientWire) -> Iterator[GradientPath]:
    for key, send, says, asks in _COMMON:
        value = scene.bent(wire, partial(send, wire))
        if value is not None:
            yield _way_at_gate(wire, key, key, value, says, asks)


def _way_at_gate(wire: GradientWire, label: str, key: str, value: Value, says: str, asks: str) -> GradientPath:
    texts = wire.texts
    small = begins_with_a_name(says)
    return GradientPath(
        f"{wire.gate}.{wire.port} {label}", key, value, says.format(**texts), asks.format(**texts), small
    )


_RED = "A value is not a gradient. How fast does {f} move when {own} moves?"
_COPIES = "{own} was copied from {shape} to {wide}. What do you do with the gradients of its copies?"


_UNLIKELY = frozenset({"sum_shared", "add_splits"})
"""With two entries or two arguments these look like a forgotten factor 2, which is what people forget."""


def wrong_ways(scene: GradientContext) -> Iterator[GradientPath]:
    """The wrong ways at one draw, likeliest first."""
    ways = list(_all_ways(scene))
    yield from (way for way in ways if way.key not in _UNLIKELY)
    yield from (way for way in ways if way.key in _UNLIKELY)


def _all_ways(scene: GradientContext) -> Iterator[GradientPath]:
    yield from _not_summed(scene)
    # Written out from the output, an answer begins with what comes first on the way back.
    for wire in scene.wires if scene.asked.given else reversed(scene.wires):
        yield from ways_at(scene, wire)
    yield from _of_all(scene)
    yield from _values(scene)
    yield from _branches(scene)
    yield from _rows(scene)


def _way(scene: GradientContext, key: str, value: Value, says: str, asks: str, label: str = "") -> GradientPath:
    texts = {"own": scene.asked.of, "f": scene.asked.setting.loss}
    small = begins_with_a_name(says)
    return GradientPath(label or key, key, value, says.format(**texts), asks.format(**texts), small)


def _of_all(scene: GradientContext) -> Iterator[GradientPath]:
    truth = scene.truth
    if np.ndim(truth) == 2:
        yield _way(scene, "grad_transposed", np.transpose(truth), "it is the right answer, transposed",
                   "A gradient has the shape of its value: which way round is {own}?")  # fmt: skip
    yield _way(scene, "sign_flipped", -truth, "it has the right size and the wrong sign",
               "Nudge {own} up a little: does {f} rise or fall?")  # fmt: skip
    yield _way(scene, "missing_factor_2", truth / 2, "it is half the right answer",
               "Where does a derivative bring down a factor 2?")  # fmt: skip
    yield _way(scene, "factor_2", truth * 2, "it is twice the right answer", "Where does the factor 2 come from?")
    if scene.asked.given:
        ones = {position: _ones(scene.values[position]) for position in scene.sources}
        given = listed(primes(scene.asked.setting, scene.sources))
        yield _way(scene, "forgot_upstream", scene.from_start(ones), f"it leaves out {given}",
                   "Downstream is upstream × local: what arrives, and from where?")  # fmt: skip


def _ones(value: Value) -> Value:
    return np.ones(shape_of(value)) if shape_of(value) else 1.0


def _values(scene: GradientContext) -> Iterator[GradientPath]:
    """A forward value where a gradient belongs."""
    setting = scene.asked.setting
    for position in scene.sources if scene.asked.given else ():
        name, (marked,) = setting.graph.nodes[position].name, primes(setting, (position,))
        yield _way(scene, "value_for_gradient", scene.from_start({position: scene.values[position]}),
                   f"it has the forward value {name} instead of {marked}", _RED, f"value for {name}")  # fmt: skip
        for other in scene.start:
            if other != position and shape_of(scene.start[other]) == shape_of(scene.start[position]):
                (instead,) = primes(setting, (other,))
                yield _way(scene, "other_gradient", scene.from_start({position: scene.start[other]}),
                           f"it has {instead} instead of {marked}", f"Which gradient arrives at {name}?",
                           f"{other} for {position}")  # fmt: skip
    for position in (scene.asked.position, *(wire.gate for wire in scene.wires)):
        here = setting.in_words(setting.graph.nodes[position].name)
        yield _way(scene, "own_value", scene.values[position], f"it is the forward value of {here}", _RED,
                   f"value {position}")  # fmt: skip


def _not_summed(scene: GradientContext) -> Iterator[GradientPath]:
    """Not summed back, or with an axis too many: wrong in shape alone."""
    near = [wire for wire in scene.wires if wire.node.arguments[wire.port] == scene.asked.position]
    if len(near) != 1 or not near[0].stretched:
        return
    (wire,) = near
    upstream = scene.upstream(wire.gate)
    if upstream is None:
        return
    asks, shape = _COPIES.format(**wire.texts), wire.shape
    full = wire.send(upstream, wire.arguments)
    yield GradientPath(
        "not_summed_back", "not_summed_back", full, f"it is not yet summed back to {wire.texts['shape']}", asks
    )
    kept = np.reshape(scene.truth, (*(1,) * (np.ndim(wire.y) - len(shape)), *shape))
    yield GradientPath("kept_axis_back", "kept_axis_back", kept, "it has the right numbers but one axis too many", asks)


def _branches(scene: GradientContext) -> Iterator[GradientPath]:
    setting = scene.asked.setting
    uses = setting.graph.uses[scene.asked.position]
    for use in uses if len(uses) > 1 else ():
        gate, value = setting.in_words(setting.graph.nodes[use.gate].name), scene.without_others(use.gate, use.port)
        yield _way(scene, "one_branch_only", value, f"it is only what {gate} sends",
                   "{own} is used in several places. How do you combine what they send back?",
                   f"alone {use}")  # fmt: skip


def _rows(scene: GradientContext) -> Iterator[GradientPath]:
    """A factor of the batch's size too many or too few."""
    for rows in _batch_sizes(scene):
        yield _way(scene, "ce_no_mean", scene.truth * rows, f"it is {rows} times too large",
                   f"Where does a division by {rows} come in?", f"times {rows}")  # fmt: skip
        yield _way(scene, "bias_mean", scene.truth / rows, f"it is too small by a factor of {rows}",
                   f"Where would a division by {rows} come from?", f"over {rows}")  # fmt: skip


def _batch_sizes(scene: GradientContext) -> list[int]:
    """How many rows several of the matrices have."""
    rows = [shape[0] for shape in scene.asked.setting.node_shapes.values() if len(shape) > 1 and shape[1] > 1]
    return sorted({many for many in rows if many > 2 and rows.count(many) > 1})


_SAME = 1e-9
_MOST_ANSWERS = 4
"""Earlier mistakes of which an answer may follow from some."""


@dataclass(frozen=True)
class GradientJudge:
    """Judges one blank."""

    asked: GradientQuery
    slips: Sequence[tuple[str, str]] = ()
    """The file's own: an expression, and what is said of it."""

    @cached_property
    def passes(self) -> tuple[BackwardPass, ...]:
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

    def read(self, text: str) -> GradientReading | Verdict:
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

    def _judged(self, read: GradientReading) -> Verdict:
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

    def follow(
        self, text: str, earlier: Sequence[EarlierAnswer], blanks: Mapping[str, GradientJudge]
    ) -> Verdict | None:
        """The verdict on an answer that follows from mistakes in earlier ones, to `blanks` by their keys; else None."""
        read = self.read(text)
        wrong = [one for one in earlier if not one.verdict.accepted or one.verdict.carried][-_MOST_ANSWERS:]
        if isinstance(read, Verdict) or unusable(read.tree, self.passes[0].at) or misfit(read.tree, self.passes[0].at):
            return None
        for many in range(1, len(wrong) + 1):
            for chosen in combinations(wrong, many):
                if self._right_given(
                    read.tree, {blanks[one.key].asked.of: blanks[one.key].read(one.text) for one in chosen}
                ):
                    mistaken = mistakes_behind(chosen)
                    message = remark_on([answer_for(prime(blanks[key].asked.of)) for key in mistaken])
                    return replace(remark(message), carried=mistaken).with_echo(read.echo)
        return None

    def _right_given(self, tree: Expression, own: Mapping[str, GradientReading | Verdict]) -> bool:
        """Whether an answer is the gradient of a learner who has these expressions for others."""
        trees = {name: read.tree for name, read in own.items() if isinstance(read, GradientReading)}
        try:
            passes = own_passes(self.asked.setting, self.asked.given, trees)
            return all(same(evaluate(tree, one.at), one.totals[self.asked.position]) for one in passes)
        except (ValueError, KeyError):
            return False  # an expression of another shape, from which nothing follows

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
        parts = [f"Yours is {described(shape_of(mine[0]))}. {self._target()}"]
        if used and (len(shapes) > 1 or shapes != {show(tree): shape_of(mine[0])}):
            parts.append(f"Here {used}.")
        if own := self._own_slip(mine):
            return replace(unreadable(" ".join([*parts, own])), mistake="slip")
        way = self._recognised(tree)
        if way is not None:
            parts.append(self._about(way))
        return replace(unreadable(" ".join(parts)), mistake=way.key if way else "")

    # Values

    def _right_as_a_whole(self, tree: Expression) -> bool:
        """Whether it is right with 2(y - t) for y': right too, though not from what is given."""
        passes = self._whole
        return bool(passes) and all(same(evaluate(tree, one.at), one.totals[self.asked.position]) for one in passes)

    @cached_property
    def _whole(self) -> tuple[BackwardPass, ...]:
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
        matches = _leading(tree, self.passes, self._ways)
        if matches is None and not given & set(names_in(tree)):
            matches = _leading(tree, self._whole, self._whole_ways)
        return matches

    @cached_property
    def _ways(self) -> list[dict[str, GradientPath]]:
        return [self._ways_of(GradientContext(self.asked, draw, passed)) for draw, passed in enumerate(self.passes)]

    @cached_property
    def _whole_ways(self) -> list[dict[str, GradientPath]]:
        alone = replace(self.asked, given=())
        return [self._ways_of(GradientContext(alone, draw, passed)) for draw, passed in enumerate(self._whole)]

    def _ways_of(self, scene: GradientContext) -> dict[str, GradientPath]:
        paths: dict[str, GradientPath] = {}
        for way in wrong_ways(scene):
            if all_finite(way.value) and not same(way.value, scene.truth):
                paths.setdefault(way.label, way)
        return paths

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
    tree: Expression, passes: Sequence[BackwardPass], drawn: Sequence[dict[str, GradientPath]]
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
