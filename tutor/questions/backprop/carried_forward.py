"""The learner's own numbers: what earlier answers amount to, so that later ones may follow from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import Gate, Interval, vocabulary
from tutor.engine.graph import Use
from tutor.engine.passes import PassError, arguments_at, compute, downstreams, local_derivative
from tutor.engine.values import Value, all_finite, plain, shape_of, show_value, unbroadcast
from tutor.judging import Carried, Kind, Verdict, from_language, judge_number, remark, unless_entrywise
from tutor.judging.precision import WANTED_DIGITS
from tutor.language import Apply, Expression, Name, Unreadable, read_expression
from tutor.questions.backprop.answer_names import LOCAL, AnswerNames
from tutor.questions.backprop.reference import Index, Reference, down_key, key_parts, local_key, total_key, value_key
from tutor.questions.blank import Answers
from tutor.questions.carried_forward import carried_values
from tutor.questions.labels import without_left_side

_PLAIN = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)
"""A decimal number as it is."""


_MOST_WAYS = 4
"""The true values, the learner's own, those worked out again from own arguments, and slopes from the gate's value."""


class LearnerValues:
    """The numbers of a graph as the learner has them; the true ones, of its reference, where there is no answer yet."""

    def __init__(self, reference: Reference, answers: Answers) -> None:
        self._reference = reference
        self._answers = answers
        self._found: dict[str, Value] = {}

    def value(self, position: int) -> Value:
        """A node's forward value."""
        return self._answered(value_key(self._reference.name(position)), self._reference.value(position))

    @np.errstate(all="ignore")
    def total(self, position: int) -> Value:
        """A node's gradient: as answered, or as its one downstream was."""
        key, truth = total_key(self._reference.name(position)), self._reference.gradient(position)
        uses = self._reference.graph.uses[position]
        if key not in self._answers.answers and len(uses) == 1:
            return self.down(uses[0])
        return self._answered(key, truth)

    def local(self, use: Use) -> Value:
        """A local derivative."""
        return self._answered(local_key(self._reference.name(use.gate), use.port), self._reference.local(use))

    def answered_local(self, use: Use) -> Value | None:
        """A local derivative as it was answered; None where it was not."""
        key = local_key(self._reference.name(use.gate), use.port)
        return self.local(use) if key in self._answers.answers else None

    def true_value(self, position: int) -> Value:
        """A node's forward value as it is."""
        return self._reference.value(position)

    @property
    def differs(self) -> bool:
        """Whether any answer is another number than the true one, were it only rounded."""
        return any(not answer.shown for answer in self._answers.answers.values())

    @property
    def ways(self) -> int:
        """In how many ways what goes down may be worked out from a gradient above that alone was answered."""
        return _MOST_WAYS if any(key_parts(key).kind == "total" for key in self._answers.answers) else 1

    def down(self, use: Use, way: int = 0) -> Value:
        """A downstream: as answered, or as it follows from the gradient above where only that was asked.

        Of the ways in which it follows, the first that leads to a number, from `way` on.
        """
        gate, truth = self._reference.name(use.gate), self._reference.share(use)
        if down_key(gate, use.port) in self._answers.answers or total_key(gate) not in self._answers.answers:
            return self._answered(down_key(gate, use.port), truth)
        return next((share for share in self._shares(use)[way:] if all_finite(share)), truth)

    def knows(self, position: int) -> bool:
        """Whether a node's gradient was found, or is given: that of the output is 1."""
        name, uses = self._reference.name(position), self._reference.graph.uses[position]
        if position == self._reference.graph.output or total_key(name) in self._answers.answers:
            return True
        return len(uses) == 1 and down_key(self._reference.name(uses[0].gate), uses[0].port) in self._answers.answers

    def names(self, key: str, before: int | None = None) -> AnswerNames:
        """What the answer in a blank may be written in: values before a position, and what was found by then."""
        reference = self._reference
        values = reference.names_at(reference.here.values, before)
        scope = reference.scope(key)
        find: dict[str, Callable[[], Value] | None] = {
            name: partial(self.total, position) if self.knows(position) else None
            for name, position in scope.gradients.items()
        }
        if scope.local is not None:
            find[LOCAL] = partial(self.local, scope.local)
        return reference.answer_names(values, find, key)

    def _answered(self, key: str, truth: Value) -> Value:
        answer = self._answers.answers.get(key)
        if answer is None or answer.shown:
            return truth
        if key not in self._found:
            self._found[key] = self._value_of(key, answer.text, truth)
        return self._found[key]

    def _value_of(self, key: str, text: str, truth: Value) -> Value:
        try:
            if _PLAIN.fullmatch(text):  # most answers are: nothing in them has to be read
                value: Value = float(text)
            else:
                names = self.names(key)
                value = evaluate(names.read(without_left_side(text)).tree, names)
            return value if shape_of(value) == shape_of(truth) else np.broadcast_to(value, shape_of(truth))
        except (Unreadable, ValueError):
            return truth

    @np.errstate(all="ignore")
    def follows_for_value(self, gate: int) -> list[Value]:
        """What a gate's value is from the learner's own argument values."""
        node = self._reference.graph.nodes[gate]
        try:
            return [compute(node, self._arguments(gate))]
        except PassError:
            return []

    @np.errstate(all="ignore")
    def follows_for_total(self, position: int) -> list[Value]:
        """What a gradient is from the learner's own downstreams; without these, from the gradients above."""
        ways = [self._downs(use) for use in self._reference.graph.uses[position]]
        return [sum(shares[1:], start=shares[0]) for shares in zip(*ways, strict=True)]

    @np.errstate(all="ignore")
    def follows_for_local(self, use: Use) -> list[Value]:
        """What a local derivative is from the learner's own forward values."""
        node, slopes = self._reference.graph.nodes[use.gate], self._slopes_from_value(use)
        return [*(local_derivative(node, use.port, *numbers) for numbers in self._taken(use.gate)[1:]), *slopes]

    @np.errstate(all="ignore")
    def follows_for_down(self, use: Use) -> list[Value]:
        """What a downstream is from the learner's own upstream, local derivative and forward values."""
        node, upstream = self._reference.graph.nodes[use.gate], self.total(use.gate)
        assert node.gate is not None
        downs = self._shares(use)
        if node.gate.elementwise:
            shape = shape_of(self._reference.share(use))
            locals_ = (self.local(use), self._reference.local(use))
            uppers = (upstream, self._reference.gradient(use.gate))
            downs += [unbroadcast(u * local, shape) for u in uppers for local in locals_]
        return downs

    def _downs(self, use: Use) -> list[Value]:
        """What a gate sends down, in each of the ways of `_shares`; in all of them the same where it was answered."""
        gate, shares = self._reference.name(use.gate), self._shares(use)
        asked = down_key(gate, use.port) in self._answers.answers or total_key(gate) not in self._answers.answers
        return [self.down(use)] * len(shares) if asked else shares

    def _shares(self, use: Use) -> list[Value]:
        """What a gate sends down for the learner's own upstream, in each way its slope may be worked out.

        NaN where a way leads nowhere, so that there are as many at each gate.
        """
        node, upstream = self._reference.graph.nodes[use.gate], self.total(use.gate)
        shape = shape_of(self._reference.share(use))
        shares = [
            downstreams(node, value, arguments, upstream, checked=False)[use.port]
            for value, arguments in self._taken(use.gate)
        ]
        shares += [unbroadcast(upstream * slope, shape) for slope in self._slopes_from_value(use)] or [None]
        return [float("nan") if share is None else share for share in shares]

    def _taken(self, gate: int) -> list[tuple[Value, list[Value]]]:
        """The values a slope may be worked out from, the gate's own and its arguments'.

        They are the true ones, the learner's own, and the own arguments with the value that comes from them.
        """
        node, own = self._reference.graph.nodes[gate], self._arguments(gate)
        true = (self._reference.value(gate), self._arguments(gate, truly=True))
        try:
            again = compute(node, own)
        except PassError:
            again = self.value(gate)
        return [true, (self.value(gate), own), (again, own)]

    def _slopes_from_value(self, use: Use) -> list[Value]:
        """The slope worked out from the gate's own value where it can be, as 1 - t^2 for t = tanh(a)."""
        gate = self._reference.graph.nodes[use.gate].gate
        assert gate is not None
        formula = _in_own_value(gate, use.port)
        if formula is None:
            return []
        names = dict(zip(gate.arguments, self._arguments(use.gate), strict=True))
        return [evaluate(formula, {**names, _VALUE: self.value(use.gate)})]

    def _arguments(self, gate: int, truly: bool = False) -> list[Value]:
        value = self._reference.value if truly else self.value
        arguments = self._reference.graph.nodes[gate].arguments
        return [value(argument) if isinstance(argument, int) else argument.value for argument in arguments]


_VALUE = "own value"
"""What a gate's value is called in a formula: no name that a gate's argument may have."""


@lru_cache(maxsize=256)
def _in_own_value(gate: Gate, port: int) -> Expression | None:
    """A gate's local derivative with its value in it, where its formula holds the gate itself; else None."""
    if not gate.slopes:
        return None
    formula = read_expression(gate.slopes[port], vocabulary(*gate.arguments)).tree
    itself = tuple(Name(name) for name in gate.arguments)
    replaced = _put_in(formula, gate.specialises or gate.key, itself)
    return None if replaced == formula else replaced


def _put_in(part: Expression, operation: str, arguments: tuple[Expression, ...]) -> Expression:
    if not isinstance(part, Apply):
        return part
    if part.operation == operation and part.arguments == arguments:
        return Name(_VALUE)
    return replace(part, arguments=tuple(_put_in(argument, operation, arguments) for argument in part.arguments))


def carried(follows: Iterable[Value], truth: Value, keys: Sequence[str], answers: Answers) -> list[Carried]:
    """The values an answer may also have, since it `follows` from the earlier blanks of `keys`."""
    return carried_values(follows, truth, keys, answers, _spoken)


def _spoken(key: str) -> str:
    """How a blank is called in a sentence."""
    at = key_parts(key)
    return {"value": f"value of {at.name}", "total": f"gradient of {at.name}"}.get(at.kind, f"answer at {at.name}")


def judge_value(
    text: str,
    truth: Value,
    at: AnswerNames,
    carried: Sequence[Carried] = (),
    interval: Interval | None = None,
    may_broadcast: bool = False,
    digits: int = WANTED_DIGITS,
) -> Verdict:
    """Judge a number, an exact form or a matrix against the truth, in the names of `at`, to so many digits."""

    def judge(text: str) -> Verdict:
        return _judged(text, truth, at, carried, interval, may_broadcast, digits)

    return unless_entrywise(text, judge(text), at.vocabulary, judge)


def _judged(
    text: str,
    truth: Value,
    at: AnswerNames,
    carried: Sequence[Carried],
    interval: Interval | None,
    may_broadcast: bool,
    digits: int,
) -> Verdict:
    try:
        reading = at.read(text)
    except Unreadable as error:
        return from_language(error)
    if may_broadcast:
        truth = _as_small_as(reading.tree, at, truth)
    return judge_number(reading.tree, truth, at, carried, interval, digits).with_echo(reading.echo)


def _as_small_as(answer: Expression, at: Mapping[str, Value], truth: Value) -> Value:
    """The truth in the answer's shape, where the answer broadcasts to it without loss: `1` for a matrix of ones."""
    try:
        shape = shape_of(evaluate(answer, at))
        small = truth
        while len(shape_of(small)) > len(shape):
            small = np.asarray(small)[0]
        for axis, size in enumerate(shape):
            if size == 1:
                small = np.take(small, [0], axis)
        return small if np.array_equal(np.broadcast_to(small, shape_of(truth)), truth) else truth
    except ValueError:
        return truth


def worked_text(value: Value) -> str:
    """A value as a learner could type it, with about five digits."""
    return plain(value) if isinstance(value, float) else show_value(value, 5)


def span_at_kinks(reference: Reference, position: int, answers: Answers) -> Interval | None:
    """The gradients allowed for a number that goes into kinks, where no downstream was given."""
    uses = reference.graph.uses[position]
    kinks = [reference.kinks(use).get(()) for use in uses]
    downs = [down_key(reference.name(use.gate), use.port) for use in uses]
    if not any(kinks) or shape_of(reference.value(position)) or any(key in answers.answers for key in downs):
        return None
    low = high = 0.0
    for use, kink in zip(uses, kinks, strict=True):
        upstream = reference.gradient(use.gate)
        ends = [upstream * kink.low, upstream * kink.high] if kink else [reference.share(use)]
        low, high = low + float(min(ends)), high + float(max(ends))
    return Interval(low, high, torch=float(reference.gradient(position)))


def shares_at_kink(reference: Reference, use: Use, answers: Answers) -> Interval | None:
    """What may be sent down where the gate of numbers has a kink and its local derivative was not asked for first."""
    slopes = reference.kinks(use).get(())
    if slopes is None or local_key(reference.name(use.gate), use.port) in answers.answers:
        return None
    upstream = float(reference.gradient(use.gate))
    low, high = sorted((upstream * slopes.low, upstream * slopes.high))
    return Interval(low, high, upstream * slopes.torch)


def judge_at_kinks(
    text: str,
    truth: Value,
    at: AnswerNames,
    others: Sequence[Carried],
    kinks: Mapping[Index, Interval],
) -> Verdict:
    """An array some of whose entries stand at a kink: there any slope between the two sides is right."""
    try:
        mine = np.broadcast_to(evaluate(at.read(text).tree, at), shape_of(truth))
    except (Unreadable, ValueError):
        return judge_value(text, truth, at, others, may_broadcast=True)
    allowed = np.array(truth)
    for index, kink in kinks.items():
        if kink.low <= mine[index] <= kink.high:
            allowed[index] = mine[index]
    verdict = judge_value(text, allowed, at, others, may_broadcast=True)
    if verdict.kind is not Kind.RIGHT:
        return verdict
    kink = next(iter(kinks.values()))
    return remark(
        f"Some entries are at a kink: any slope from {plain(kink.low)} to {plain(kink.high)} is right "
        f"there. PyTorch uses {plain(kink.torch)}."
    )


def judge_at_tie(reference: Reference, use: Use, text: str, at: AnswerNames, verdict: Verdict) -> Verdict:
    """The verdict on what a gate sends, unless it is another right way to share the upstream among its ties."""
    node = reference.gate_node(use.gate)
    if verdict.kind is not Kind.WRONG or node.gate is None or node.gate.accepts_subgradient is None:
        return verdict
    try:
        mine = evaluate(at.read(text).tree, at)
    except (Unreadable, ValueError):
        return verdict
    arguments = arguments_at(node, reference.here.values)
    upstream, value = reference.gradient(use.gate), reference.value(use.gate)
    if not node.gate.accepts_subgradient(mine, upstream, value, *arguments, **node.options):
        return verdict
    return remark(f"{reference.name(use.gate)} {node.gate.subgradient_remark}")
