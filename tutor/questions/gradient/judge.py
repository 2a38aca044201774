"""The verdict on a gradient: its shape first, then its values on random tensors, then which mistake it is.

A mistake changes one thing in the backward pass that leads to the gradient; what comes of it is compared with the
answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates.misconceptions import begins_with_a_name
from tutor.engine.values import Shape, Value, all_finite, as_value, shape_of, show_shape
from tutor.judging import Verdict, remark, right, undecided, unreadable, wrong
from tutor.judging.misconceptions import Likelihood, Misconception, Recognised, across, both, key_of, recognise
from tutor.judging.mistake_texts import tell
from tutor.judging.precision import written
from tutor.judging.product_repairs import product_repair
from tutor.judging.shapes import described, misfit, unusable
from tutor.judging.typed_answers import ValuesAnswer
from tutor.language import Apply, Expression, Reading, names_in, show, walk
from tutor.questions.carried_forward import EarlierAnswer, answer_for, mistakes_behind, remark_on
from tutor.questions.gradient.backward import BackwardPass, own_passes, passes_from, prime, whole_passes
from tutor.questions.gradient.context import GradientContext, GradientQuery, context_of, primes
from tutor.questions.gradient.reading import GradientReading, Spellings
from tutor.questions.graph_candidates import gradient_candidates
from tutor.questions.inflect import listed

RARE, POSSIBLE, COMMON = Likelihood

_RED = "A value is not a gradient. How fast does {f} move when {own} moves?"
_COPIES = "{own} was copied from {shape} to {wide}. What do you do with the gradients of its copies?"


_UNLIKELY = frozenset({"sum_shared", "add_splits"})
"""With two entries or two arguments these look like a forgotten factor 2, which is what people forget."""


def candidates_of(scene: GradientContext) -> Iterator[Misconception]:
    """The candidates at one draw."""
    for one in _all(scene):
        if all_finite(one.gives):
            yield replace(one, likelihood=RARE) if one.key in _UNLIKELY else one


def _all(scene: GradientContext) -> Iterator[Misconception]:
    yield from _not_summed(scene)
    yield from _without_given(scene)
    known = scene.asked.setting.known(scene.draw)
    # Written out from the output, an answer begins with what comes first on the way back.
    for wire in scene.wires if scene.asked.given else reversed(scene.wires):
        yield from gradient_candidates(scene, wire, known)
    yield from _of_all(scene)
    yield from _values(scene)
    yield from _branches(scene)
    yield from _added(scene)
    yield from _rows(scene)


def _way(
    scene: GradientContext, key: str, gives: Value, says: str, asks: str, label: str = "",
    likelihood: Likelihood = POSSIBLE,
) -> Misconception:  # fmt: skip
    texts = {"own": scene.asked.of, "f": scene.asked.setting.loss}
    named = begins_with_a_name(says)
    return Misconception(
        key, gives, says.format(**texts), asks.format(**texts), likelihood, label or key, opens_with_a_name=named,
        factor=key if key in ("sign_flipped", "missing_factor_2") else "",
    )  # fmt: skip


def _of_all(scene: GradientContext) -> Iterator[Misconception]:
    truth = scene.truth
    if np.ndim(truth) == 2:
        yield _way(scene, "grad_transposed", np.transpose(truth), "it is the right answer, transposed",
                   "A gradient has the shape of its value: which way round is {own}?")  # fmt: skip
    if shape_of(truth):
        yield _way(scene, "summed_up", float(np.sum(truth)), "it is the sum of all entries",
                   "How many slopes does {own} have: one for each entry?")  # fmt: skip
    yield _way(scene, "sign_flipped", -truth, "it has the right size and the wrong sign",
               "Nudge {own} up a little: does {f} rise or fall?")  # fmt: skip
    yield _way(scene, "missing_factor_2", truth / 2, "it is half the right answer",
               "Where does a derivative bring down a factor 2?")  # fmt: skip
    yield _way(scene, "factor_2", truth * 2, "it is twice the right answer", "Where does the factor 2 come from?")
    for position in scene.graph.inputs:
        other = scene.upstream(position)
        if position != scene.position and other is not None and shape_of(other) == shape_of(truth):
            name = scene.graph.nodes[position].name
            yield _way(scene, "other_variable", other, f"it is the gradient with respect to {name}, not {{own}}",
                       "Where does {own} appear?", f"by {name}")  # fmt: skip


def _without_given(scene: GradientContext) -> Iterator[Misconception]:
    """The gradients that are given, left out."""
    if scene.asked.given:
        ones = {position: _ones(scene.values[position]) for position in scene.sources}
        given = listed(primes(scene.asked.setting, scene.sources))
        yield _way(scene, "forgot_upstream", scene.from_start(ones), f"it leaves out {given}",
                   "Downstream is upstream × local: what arrives, and from where?", likelihood=COMMON)  # fmt: skip


def _ones(value: Value) -> Value:
    return np.ones(shape_of(value)) if shape_of(value) else 1.0


def _values(scene: GradientContext) -> Iterator[Misconception]:
    """A forward value where a gradient belongs."""
    setting = scene.asked.setting
    for position in scene.sources if scene.asked.given else ():
        name, (marked,) = setting.graph.nodes[position].name, primes(setting, (position,))
        yield _way(scene, "value_for_gradient", scene.from_start({position: scene.values[position]}),
                   f"it uses the forward value {name} instead of {marked}", _RED, f"value for {name}")  # fmt: skip
        for other in scene.start:
            if other != position and shape_of(scene.start[other]) == shape_of(scene.start[position]):
                (instead,) = primes(setting, (other,))
                yield _way(scene, "other_gradient", scene.from_start({position: scene.start[other]}),
                           f"it uses {instead} instead of {marked}", f"Which gradient arrives at {name}?",
                           f"{other} for {position}")  # fmt: skip
    yield from _other_shapes(scene)
    for position in (scene.asked.position, *(wire.gate for wire in scene.wires)):
        here = setting.in_words(setting.graph.nodes[position].name)
        yield _way(scene, "own_value", scene.values[position], f"it is the forward value of {here}", _RED,
                   f"value {position}")  # fmt: skip


def _other_shapes(scene: GradientContext) -> Iterator[Misconception]:
    """Another gradient that is given, of another shape, where the nearest gate takes it."""
    setting = scene.asked.setting
    for wire in scene.wires if scene.asked.given else ():
        if wire.node.arguments[wire.port] != scene.asked.position or wire.gate not in scene.start:
            continue
        for other, gradient in scene.start.items():
            if shape_of(gradient) == shape_of(wire.y):
                continue
            with suppress(ValueError):
                instead, marked = primes(setting, (other, wire.gate))
                asks = f"Which gradient arrives at {setting.graph.nodes[wire.gate].name}?"
                yield _way(scene, "other_gradient", wire.send(gradient, wire.arguments),
                           f"it uses {instead} instead of {marked}", asks, f"{other} for {wire.gate} too")  # fmt: skip


def _not_summed(scene: GradientContext) -> Iterator[Misconception]:
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
    yield Misconception("not_summed_back", full, f"it is not yet summed back to {wire.texts['shape']}", asks)
    kept = np.reshape(scene.truth, (*(1,) * (np.ndim(wire.y) - len(shape)), *shape))
    yield Misconception("kept_axis_back", kept, "it has the right numbers but one axis too many", asks)


def _branches(scene: GradientContext) -> Iterator[Misconception]:
    setting = scene.asked.setting
    uses = setting.graph.uses[scene.asked.position]
    for use in uses if len(uses) > 1 else ():
        gate, value = setting.in_words(setting.graph.nodes[use.gate].name), scene.without_others(use.gate, use.port)
        yield _way(scene, "one_branch_only", value, f"it is only what {gate} sends",
                   "{own} is used in several places. How do you combine what they send back?",
                   f"alone {use}")  # fmt: skip


def _added(scene: GradientContext) -> Iterator[Misconception]:
    """Upstream + local, in one branch alone and in every branch; where there is one only, the wire's own says it."""
    branches = [wire for wire in scene.wires if wire.node.arguments[wire.port] == scene.position]
    summed = []
    for wire in branches if len(branches) > 1 and not shape_of(scene.truth) else ():
        upstream, local = scene.upstream(wire.gate), wire.local
        if upstream is None or local is None:
            return
        summed.append(as_value(upstream + local))
        gate = scene.asked.setting.in_words(wire.node.name)
        yield _way(scene, "added_upstream", summed[-1], f"it is only what {gate} sends, as upstream + local", _MULTIPLY,
                   f"alone, added {wire.gate} {wire.port}")  # fmt: skip
    if summed:
        yield _way(scene, "added_upstream", as_value(sum(summed)), "it adds upstream + local in every branch",
                   _MULTIPLY, "all added")  # fmt: skip


_MULTIPLY = "Slopes along a chain multiply. What does each branch send?"


def _rows(scene: GradientContext) -> Iterator[Misconception]:
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

    def spelled(self, text: str) -> Reading[Expression]:
        """The answer as typed so far. Raises Unreadable, also for a gradient that is not given."""
        return self.spellings.spelled(text, self.passes[0].at)

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
            repair = product_repair(tree, self._is_right)
            told = repair.says if repair else self._product(tree)
            said = " ".join(part for part in (said, self._target(), told) if part)
            return replace(unreadable(said), mistake=repair.key if repair else "")
        mine = [evaluate(tree, passed.at) for passed in self.passes]
        if shape_of(mine[0]) != self.shape:
            return self._misshapen(tree, mine)
        if all(same(value, self.truth(draw)) for draw, value in enumerate(mine)):
            return right()
        if self._right_as_a_whole(tree):
            return remark("The same, written out from the loss. With the gradients that are given it is shorter.")
        if said := self._own_slip(mine):
            return wrong(said, mistake="slip")
        if found := self._recognised(tree).found:
            return wrong(tell(found), mistake=key_of(found))
        return wrong(f"{self._difference(tree, mine)} {self._asks()}")

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
        found = self._recognised(tree).found
        repair = None if found else product_repair(tree, self._is_right)
        if found or repair:
            parts.append(tell(found) if found else repair.says if repair else "")
        return replace(unreadable(" ".join(parts)), mistake=key_of(found) or (repair.key if repair else ""))

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

    def _recognised(self, tree: Expression) -> Recognised:
        """The misconceptions that lead to this at every draw; then two of them at once."""
        given = set(map(prime, self.asked.given))
        recognised = _leading(tree, self.passes, self._candidates, self.asked.position)
        if not recognised.found and not given & set(names_in(tree)) and self._whole:
            recognised = _leading(tree, self._whole, self._whole_candidates, self.asked.position)
        return recognised

    @cached_property
    def _candidates(self) -> list[Misconception]:
        return self._all_of(self.asked, self.passes)

    @cached_property
    def _whole_candidates(self) -> list[Misconception]:
        return self._all_of(replace(self.asked, given=()), self._whole)

    def _all_of(self, asked: GradientQuery, passes: Sequence[BackwardPass]) -> list[Misconception]:
        scenes = [context_of(asked, draw, passed) for draw, passed in enumerate(passes)]
        return across(candidates_of, scenes[0], scenes[1:])

    def _is_right(self, tree: Expression) -> bool:
        return all(same(evaluate(tree, passed.at), self.truth(draw)) for draw, passed in enumerate(self.passes))

    def _asks(self) -> str:
        """The question where no mistake is recognised."""
        setting, position = self.asked.setting, self.asked.position
        users = dict.fromkeys(
            setting.in_words(setting.graph.nodes[use.gate].name) for use in setting.graph.uses[position]
        )
        if not users:
            return f"How fast does {setting.loss} move when {self.asked.of} moves?"
        return f"{self.asked.of} is used in {listed([*users])}. What comes back from there?"

    def _difference(self, tree: Expression, mine: Sequence[Value]) -> str:
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
            said = f"yours gives {yours}; it should be {theirs}."
            if self.shape:
                return f"The shape is right, the values are not: on numbers drawn at random, in {place}, {said}"
            return f"Tried on numbers drawn at random{_in_words(tree, self.passes[draw].at)}: {said}"
        raise AssertionError("only asked where there is a difference")


_MOST_TOLD = 4


def _in_words(tree: Expression, at: Mapping[str, Value]) -> str:
    """`, x = 1.3, y' = 0.7`: the numbers that an answer was computed with; "" for arrays, and for many."""
    values = {name: at[name] for name in names_in(tree)}
    if not 0 < len(values) <= _MOST_TOLD or any(map(shape_of, values.values())):
        return ""
    return "".join(f", {name} = {written(float(value), 4)}" for name, value in values.items())


def _leading(
    tree: Expression, passes: Sequence[BackwardPass], candidates: Sequence[Misconception], position: int
) -> Recognised:
    """The candidates that lead to the answer in every pass."""
    answer = ValuesAnswer([evaluate(tree, passed.at) for passed in passes], same, frozenset(walk(tree)))
    truth = passes[0].totals[position]
    recognised = recognise(answer, truth, candidates)
    if recognised.found or recognised.many:
        return recognised
    return recognise(answer, truth, both(candidates, truth, lambda: [one.totals[position] for one in passes[1:]]))


def _axes(shape: Shape) -> Iterator[str]:
    return iter(("row", "column") if len(shape) == 2 else ("entry",) * len(shape))


def same(one: Value, other: Value) -> bool:
    """Whether two computed tensors are the same, up to rounding."""
    if shape_of(one) != shape_of(other) or not all_finite(one):
        return False
    size = max(float(np.max(np.abs(one))), float(np.max(np.abs(other))))
    return float(np.max(np.abs(np.subtract(one, other)))) <= _SAME * size
