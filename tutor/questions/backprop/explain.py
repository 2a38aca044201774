"""Says which mistake a wrong number is: in the gate's own names and numbers, and with a question that leads on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from math import isfinite

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.graph import Use
from tutor.engine.values import Value, as_value, shape_of
from tutor.judging import Kind, Verdict, agrees, remark
from tutor.judging.arithmetic_slips import arithmetic_slips
from tutor.judging.misconceptions import (
    Candidates,
    Misconception,
    Recognised,
    both,
    if_exact,
    recognise,
    unless_in_doubt,
)
from tutor.judging.mistake_texts import clause, tell
from tutor.judging.numbers import telling_value
from tutor.judging.precision import is_decimal, last_place, written_number
from tutor.judging.product_repairs import product_repair
from tutor.judging.typed_answers import Copied, TypedAnswer
from tutor.language import Expression, Name, Unreadable, names_in
from tutor.questions.backprop.answer_names import AnswerNames
from tutor.questions.backprop.candidates import (
    down_candidates,
    local_candidates,
    total_candidates,
    value_candidates,
)
from tutor.questions.backprop.carried_forward import LearnerValues, worked_text
from tutor.questions.backprop.earlier_mistakes import earlier_candidates
from tutor.questions.backprop.gate_arithmetic import in_numbers, source_name
from tutor.questions.backprop.reference import Pass, Reference, down_key, local_key, total_key, value_key
from tutor.questions.backprop.substitutions import OTHER_VALUE
from tutor.questions.backprop.value_source import ValueSource
from tutor.questions.blank import Answers
from tutor.questions.gradient_names import written
from tutor.questions.inflect import listed

DOWNSTREAM = "downstream_for_local"

_MOST_IN_NAMES = 12
"""Ways to read the numbers of a wrong answer as names that are tried."""

_NEAR = 0.01
"""How far, relatively, what the learner worked out from rounded numbers may be off."""

SCALED = "factor_of_two"
"""The mistake of half the right answer, or twice it, where no gate's mistake explains it."""

_SHAPE = "A gradient has the shape of what it belongs to."


def explain_value(reference: Reference, gate: int, typed: str, verdict: Verdict, answers: Answers) -> Verdict:
    """The verdict on a gate's value, with the mistake it is."""
    return _explained(
        _Asked(
            reference,
            value_key(reference.name(gate)),
            lambda on: on.values[gate],
            partial(_ask_value, reference, gate),
            before=gate,
        ),
        typed,
        verdict,
        answers,
        partial(value_candidates, reference, gate),
    )


def explain_local(reference: Reference, use: Use, typed: str, verdict: Verdict, answers: Answers) -> Verdict:
    """The verdict on a local derivative, with the mistake it is."""
    asked = _Asked(
        reference,
        local_key(reference.name(use.gate), use.port),
        partial(reference.local, use),
        lambda _: _ask_local(reference, use),
    )
    said = _explained(asked, typed, verdict, answers, partial(local_candidates, reference, use))
    return _rounded_downstream(asked, use, typed, said, answers) if said.unexplained else said


def _rounded_downstream(asked: _Asked, use: Use, typed: str, said: Verdict, answers: Answers) -> Verdict:
    """The verdict on a local derivative where what the gate sends down was given, with few digits."""
    share = asked.reference.share(use)
    try:
        number = written_number(asked.names(answers).read(typed).tree)
    except Unreadable:
        return said
    if number is None or shape_of(share) or shape_of(asked.truth) or not number.value:
        return said
    zeros = len(number.text) - len(number.text.rstrip("0"))  # 130 may be 132, rounded
    step = last_place(number) * (1 if is_decimal(number) else 10**zeros)
    if abs(float(number.value) - float(share)) > float(step) / 2:
        return said
    names = source_name(asked.reference, use), asked.reference.name(use.gate)
    message = (
        f"{number.text} is, rounded, what goes down to {names[0]}: it already includes the upstream. "
        f"How fast does {names[1]} alone move with {names[0]}?"
    )
    return replace(said, message=message, mistake=DOWNSTREAM, unexplained=False)


def explain_down(reference: Reference, use: Use, typed: str, verdict: Verdict, answers: Answers) -> Verdict:
    """The verdict on what a gate sends down, with the mistake it is."""
    return _explained(
        _Asked(
            reference,
            down_key(reference.name(use.gate), use.port),
            lambda on: reference.share(use, on),
            lambda _: _ask_down(reference, use),
            gradient=True,
            upstream_of=use.gate,
            earlier=partial(earlier_candidates, reference, reference.source(use), (use,)),
        ),
        typed,
        verdict,
        answers,
        partial(down_candidates, reference, use),
    )


def explain_total(reference: Reference, position: int, typed: str, verdict: Verdict, answers: Answers) -> Verdict:
    """The verdict on a value's gradient, with the mistake it is."""
    uses = reference.graph.uses[position]
    pieces = any(down_key(reference.name(use.gate), use.port) in answers.answers for use in uses)
    return _explained(
        _Asked(
            reference, total_key(reference.name(position)), lambda on: on.gradients.totals[position],
            lambda _: _ask_total(reference, position),
            gradient=True, upstream_of=uses[0].gate if len(uses) == 1 else None,
            earlier=partial(earlier_candidates, reference, position, tuple(uses)) if uses else None,
        ),
        typed, verdict, answers,
        partial(total_candidates, reference, position, with_gates=not pieces),
    )  # fmt: skip


def _copied(reference: Reference, answers: Answers) -> list[Copied]:
    """The numbers on the graph that may be copied into an answer: as they are, and as the learner has them.

    The learner's own counts where it is the true one, rounded.
    """
    own, f = LearnerValues(reference, answers), reference.output_name
    names = [node.name for node in reference.graph.nodes]
    uses = [use for gate in reference.backward_gates for use in reference.branches(gate)]
    numbers = [(reference.value(each), own.value(each), name) for each, name in enumerate(names)]
    numbers += [(reference.gradient(each), own.total(each), written(f, name)) for each, name in enumerate(names)]
    numbers += [(reference.share(use), own.down(use), "") for use in uses]
    numbers += [(reference.local(use), own.local(use), "") for use in uses if _is_elementwise(reference, use)]
    return [
        Copied(seen, true, name)
        for true, mine, name in numbers
        if isinstance(true, float) and isinstance(mine, float) and isfinite(true)
        for seen in dict.fromkeys((true, mine))
        if abs(seen - true) <= _NEAR * abs(true)
    ]


def _is_elementwise(reference: Reference, use: Use) -> bool:
    gate = reference.gate_node(use.gate).gate
    return gate is not None and gate.elementwise


_Maker = partial[Iterator[Misconception]]


@dataclass(frozen=True)
class _Asked:
    reference: Reference
    key: str
    right: Callable[[Pass], Value]
    """The right answer in a pass."""

    asks: Callable[[Answers], str]
    """The question where no mistake is recognised."""

    before: int | None = None
    gradient: bool = False
    upstream_of: int | None = None
    """The gate whose upstream a number in a formula may stand for."""

    earlier: _Maker | None = None
    """Makes the candidates made before this gate; they are tried where no other explains an answer."""

    @property
    def truth(self) -> Value:
        """The right answer at the exercise's numbers."""
        return self.right(self.reference.here)

    def names(self, answers: Answers) -> AnswerNames:
        """What an answer may be written in."""
        return LearnerValues(self.reference, answers).names(self.key, self.before)

    def typed(self, answer: Expression, at: Mapping[str, Value]) -> TypedAnswer:
        """What was typed, in the names that are known here."""
        arrived = self.upstream_of
        stand_ins = () if arrived is None else (
            (self.reference.gradient(arrived), [on.gradients.totals[arrived] for on in self.reference.near]),
        )  # fmt: skip
        return TypedAnswer(
            answer,
            at,
            lambda: [self.reference.names_on(on, self.key) for on in self.reference.near],
            stand_ins,
        )


def _explained(asked: _Asked, typed: str, verdict: Verdict, answers: Answers, make: _Maker) -> Verdict:
    """A wrong verdict, or one on a wrong shape, that says what was done; the same verdict where nothing tells."""
    if not (verdict.kind in (Kind.WRONG, Kind.UNREADABLE) or verdict.rough or verdict.accepted):
        return verdict
    at = asked.names(answers)
    try:
        answer = at.read(typed).tree
    except Unreadable:
        return verdict
    if verdict.accepted:
        # Upon the learner's own roundings a mistake may come near to what is right.
        made = partial(_known(asked, make).at, ValueSource.of_pass(asked.reference.here))
        return telling_value(
            unless_in_doubt(verdict, asked.typed(answer, at), asked.truth, made), answer, at, asked.truth
        )
    if agrees(answer, asked.truth, at):
        return verdict  # right here, and wrong at other numbers: that has been said
    if asked.typed(answer, at).comes_to_unrounded(asked.truth, _copied(asked.reference, answers)):
        said = f"With nothing rounded on the way it comes to {worked_text(asked.truth)}."
        return replace(remark(said), rounded=True, echo=verdict.echo)
    if verdict.rough:
        return if_exact(verdict, asked.typed(answer, at), asked.truth, _candidates(asked, answers, make))
    recognised = _recognise(asked, answer, answers, make)
    if not recognised.found:
        return _unrecognised(asked, answer, verdict, answers, scaled=not recognised.many)
    message = tell(recognised.found, answer, others=recognised.others, again=asked.asks(answers))
    if verdict.kind is Kind.UNREADABLE:
        message = f"{verdict.message} {message}"
    return replace(verdict, message=message, mistake=recognised.key, unexplained=False)


def _known(asked: _Asked, make: _Maker) -> Candidates[ValueSource]:
    """The candidates of a blank. What they give nearby hangs on the staging alone, and serves the next answer too."""
    key = asked.key, make.func, *make.keywords.items()
    if key not in asked.reference.kept:
        asked.reference.kept[key] = Candidates(make, [ValueSource.of_pass(on) for on in asked.reference.near])
    known: Candidates[ValueSource] = asked.reference.kept[key]
    return known


def _candidates(asked: _Asked, answers: Answers, make: _Maker, ways: int | None = None) -> list[Misconception]:
    """Those of a blank at the true numbers, and at the learner's own, in so many ways to go on from them."""
    known = _known(asked, make)
    own = ValueSource.of_learner(LearnerValues(asked.reference, answers), asked.before)
    return [one for numbers in (ValueSource.of_pass(asked.reference.here), *own[:ways]) for one in known.at(numbers)]


def _recognise(asked: _Asked, answer: Expression, answers: Answers, make: _Maker) -> Recognised:
    """The misconceptions at the true numbers, and at the learner's own; then two of them at once."""
    reference, typed = asked.reference, asked.typed(answer, asked.names(answers))
    candidates = _candidates(asked, answers, make)
    if isinstance(answer, Name):  # a value alone is no product with another one in it
        candidates = [one for one in candidates if one.key != OTHER_VALUE]
    recognised = recognise(typed, asked.truth, candidates)
    if recognised.found or recognised.many:
        return recognised
    if slips := tuple(arithmetic_slips(answer, asked.truth)):
        return Recognised(slips)
    for tree in islice(typed.in_names(_copied(reference, answers)), _MOST_IN_NAMES):
        recognised = recognise(asked.typed(tree, asked.names(answers)), asked.truth, candidates)
        if recognised.found:
            return recognised
    if asked.earlier is not None and not isinstance(answer, Name):
        recognised = recognise(typed, asked.truth, _candidates(asked, answers, asked.earlier, ways=1))
        if recognised.found:
            return _doubtful(recognised, asked, answer, asked.names(answers))
    pairs = both(candidates, asked.truth, lambda: [asked.right(on) for on in reference.near])
    return recognise(typed, asked.truth, pairs)


def _doubtful(recognised: Recognised, asked: _Asked, answer: Expression, at: Mapping[str, Value]) -> Recognised:
    """Mistakes further on; of half the right number, or twice it, it is only likely which it is."""
    if names_in(answer) or not _is_off_by_two(answer, asked.truth, at):
        return recognised
    return Recognised(
        tuple(replace(one, key=SCALED, says=partial(_perhaps, one)) for one in recognised.found),
        others=recognised.others,
    )


def _perhaps(one: Misconception) -> str:
    return f"it is off by a factor of 2, perhaps because {clause(one)}"


def _is_off_by_two(answer: Expression, truth: Value, at: Mapping[str, Value]) -> bool:
    with np.errstate(all="ignore"):
        halved, doubled = np.divide(truth, 2), np.multiply(truth, 2)
    return any(agrees(answer, as_value(scaled), at) for scaled in (halved, doubled))


def _unrecognised(asked: _Asked, answer: Expression, verdict: Verdict, answers: Answers, *, scaled: bool) -> Verdict:
    """A wrong verdict with no one mistake to name asks what the blank wants; `scaled`: a factor of 2 may be told."""
    at = asked.names(answers)
    if verdict.kind is Kind.UNREADABLE and (repair := product_repair(answer, partial(_is_right, asked, at))):
        return replace(verdict, message=f"{verdict.message} {repair.says}", mistake=repair.key)
    if verdict.kind is Kind.UNREADABLE and _has_shape(answer, at):
        belongs = f"{_SHAPE} " if asked.gradient else ""
        return replace(verdict, message=f"{verdict.message} {belongs}{asked.asks(answers)}")
    if not verdict.unexplained:
        return verdict
    asks = asked.asks(answers)
    if isinstance(answer, Name):
        what = "the forward value of " if answer.name in asked.reference.graph.positions else ""
        return replace(verdict, message=f"This is {what}{answer.name}. {asks}")
    telling = scaled and not np.all(np.isin(np.abs(asked.truth), (0, 1)))  # of 1, 2 and 0.5 are numbers like any other
    if telling and _is_off_by_two(answer, asked.truth, at):
        return replace(verdict, message=_off_by_two(answer, asks), mistake=SCALED, unexplained=False)
    return replace(verdict, message=f"{verdict.message} {asks}")


def _is_right(asked: _Asked, at: Mapping[str, Value], tree: Expression) -> bool:
    """With the numbers as the learner has them, rounded perhaps, or with the true ones."""
    true = asked.reference.names_on(asked.reference.here, asked.key)
    value = evaluate(tree, at)
    return shape_of(value) == shape_of(asked.truth) and any(agrees(tree, asked.truth, names) for names in (at, true))


def _has_shape(answer: Expression, at: Mapping[str, Value]) -> bool:
    """Whether it has a value, so that only its shape can be wrong."""
    try:
        evaluate(answer, at)
    except (KeyError, ValueError):
        return False
    return True


def _off_by_two(answer: Expression, asks: str) -> str:
    """What is said of half the right answer, or twice it."""
    number = written_number(answer)
    return f"{number.text if number else 'This'} is off by a factor of 2. {asks}"


def _ask_value(reference: Reference, gate: int, answers: Answers) -> str:
    """Of a gate's value, with the numbers that go in, as far as the learner has them: no answer is given away."""
    sources = list(dict.fromkeys(reference.source(use) for use in reference.wires(gate)))
    if shape_of(reference.value(gate)):
        return f"{reference.equation(gate)}: which numbers go into each entry?"
    if any(shape_of(reference.value(source)) for source in sources):
        return f"{reference.equation(gate)}: what is done to the entries, and in which order?"
    known = [source for source in sources if _is_known(reference, source, answers)]
    numbers = listed([f"{reference.name(source)} = {worked_text(reference.value(source))}" for source in known])
    put_in = f" with {numbers}" if numbers else ""
    if len(known) == len(sources):
        return f"{reference.equation(gate)}{put_in}: what is {in_numbers(reference, gate)}?"
    names = listed([reference.name(source) for source in sources])
    asks = f"what does the gate do with {names}?" if len(sources) == 1 else f"which operation joins {names}?"
    return f"{reference.equation(gate)}{put_in}: {asks}"


def _is_known(reference: Reference, position: int, answers: Answers) -> bool:
    if reference.gate_node(position).gate is None:
        return True
    answer = answers.answers.get(value_key(reference.name(position)))
    return answer is not None and answer.verdict.accepted


def _ask_local(reference: Reference, use: Use) -> str:
    """Of a local derivative."""
    gate, own = reference.name(use.gate), source_name(reference, use)
    return f"{reference.equation(use.gate)}: how fast does {gate} move when only {own} moves?"


def _ask_down(reference: Reference, use: Use) -> str:
    """Of what a gate sends down."""
    gate, own, node = reference.name(use.gate), source_name(reference, use), reference.gate_node(use.gate)
    assert node.gate is not None
    if node.gate.elementwise:
        return f"What arrived at {gate}, and how fast does {gate} move with {own}?"
    return f"What arrived at {gate}, and how is {own} used in {reference.equation(use.gate)}?"


def _ask_total(reference: Reference, position: int) -> str:
    """Of a value's gradient."""
    uses, name = reference.graph.uses[position], reference.name(position)
    if position == reference.graph.output:
        return f"If {name} grows by 0.01, how much does {name} grow?"
    if not uses:
        return f"Does {reference.output_name} move at all when {name} moves?"
    if len(uses) == 1:
        return _ask_down(reference, uses[0])
    gates = list(dict.fromkeys(reference.name(use.gate) for use in uses))
    if len(gates) == 1:
        return f"{gates[0]} uses {name} on several wires. What does it send down each, and how do you combine them?"
    return f"What does each of {listed(gates)} send to {name}, and how do you combine them?"
