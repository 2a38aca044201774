"""Says which mistake a wrong number is: in the gate's own names and numbers, and with a question that leads on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.graph import Use
from tutor.engine.passes import PassError, compute
from tutor.engine.values import Value, as_value, shape_of
from tutor.judging import Kind, Verdict, agrees
from tutor.judging.mistakes import recognise
from tutor.language import Expression, Name, Unreadable, names_in
from tutor.questions.backprop import prompts as asking
from tutor.questions.backprop import prompts as text
from tutor.questions.backprop.carried_forward import LearnerValues
from tutor.questions.backprop.misconceptions import (
    DOWNSTREAM,
    LOCAL,
    STRETCHED,
    VALUE,
    WrongWay,
    likeliest,
    of_gate,
    of_slips,
    same_formula,
)
from tutor.questions.backprop.reference import Reference, down_key, local_key, total_key, value_key
from tutor.questions.backprop.value_source import GatePlace, ValueSource
from tutor.questions.blank import Answers

Ways = Callable[[ValueSource], Iterable[WrongWay]]

SCALED = "factor_of_two"
"""The mistake of half the right answer, or twice it, where no gate's mistake explains it."""

_SHAPE = "A gradient has the shape of what it belongs to."


def explain_value(reference: Reference, gate: int, typed: str, verdict: Verdict, answers: Answers) -> Verdict:
    """The verdict on a gate's value, with the mistake it is."""
    return _explained(
        _Asked(
            reference,
            reference.value(gate),
            value_key(reference.name(gate)),
            partial(asking.of_value, reference, gate),
            before=gate,
        ),
        typed,
        verdict,
        answers,
        lambda on: value_ways(reference, gate, on),
    )


def explain_local(reference: Reference, use: Use, typed: str, verdict: Verdict, answers: Answers) -> Verdict:
    """The verdict on a local derivative, with the mistake it is."""
    return _explained(
        _Asked(
            reference,
            reference.local(use),
            local_key(reference.name(use.gate), use.port),
            lambda _: asking.of_local(reference, use),
        ),
        typed,
        verdict,
        answers,
        lambda on: local_ways(reference, use, on),
    )


def explain_down(reference: Reference, use: Use, typed: str, verdict: Verdict, answers: Answers) -> Verdict:
    """The verdict on what a gate sends down, with the mistake it is."""
    return _explained(
        _Asked(
            reference,
            reference.share(use),
            down_key(reference.name(use.gate), use.port),
            lambda _: asking.of_down(reference, use),
            gradient=True,
        ),
        typed,
        verdict,
        answers,
        lambda on: down_ways(reference, use, on),
    )


def explain_total(reference: Reference, position: int, typed: str, verdict: Verdict, answers: Answers) -> Verdict:
    """The verdict on a value's gradient, with the mistake it is."""
    uses, key = reference.graph.uses[position], total_key(reference.name(position))

    def asks(_: Answers) -> str:
        return asking.of_total(reference, position)

    pieces = any(down_key(reference.name(use.gate), use.port) in answers.answers for use in uses)
    return _explained(
        _Asked(reference, reference.gradient(position), key, asks, gradient=True),
        typed, verdict, answers,
        lambda on: total_ways(reference, position, on, with_gates=not pieces),
    )  # fmt: skip


@dataclass(frozen=True)
class _Asked:
    reference: Reference
    truth: Value
    key: str
    asks: Callable[[Answers], str]
    """The question where no mistake is recognised."""

    before: int | None = None
    gradient: bool = False


def _explained(asked: _Asked, typed: str, verdict: Verdict, answers: Answers, ways: Ways) -> Verdict:
    """A wrong verdict, or one on a wrong shape, that says what was done; the same verdict where nothing tells."""
    if verdict.kind not in (Kind.WRONG, Kind.UNREADABLE):
        return verdict
    reference = asked.reference
    at = LearnerValues(reference, answers).names(asked.key, asked.before)
    try:
        answer = at.read(typed).tree
    except Unreadable:
        return verdict
    if agrees(answer, asked.truth, at):
        return verdict  # right here, and wrong at other numbers: that has been said
    here = list(ways(ValueSource.of_pass(reference.here)))
    mine = list(ways(ValueSource.of_learner(LearnerValues(reference, answers))))
    if names_in(answer):
        near = [(reference.names_on(one, asked.key), list(ways(ValueSource.of_pass(one)))) for one in reference.near]
        here, mine = same_formula(here, answer, near), same_formula(mine, answer, near)
    recognised = recognise(
        answer, at, asked.truth, [_by_label(here), _by_label(mine)],
        lambda: [_by_label(ways(ValueSource.of_pass(near))) for near in reference.near],
    )  # fmt: skip
    matches = [
        next(way for way in (*here, *mine) if way.label == label and agrees(answer, way.value, at))
        for label in recognised.labels
    ]
    if not matches:
        return _unrecognised(asked, answer, verdict, answers, scaled=not recognised.many)
    matches = likeliest(matches, answer, at)
    message = text.message(answer, matches)
    if verdict.kind is Kind.UNREADABLE:
        message = f"{verdict.message} {message}"
    mistake = "|".join(dict.fromkeys(way.key for way in matches))
    return replace(verdict, message=message, mistake=mistake, unexplained=False)


def _unrecognised(asked: _Asked, answer: Expression, verdict: Verdict, answers: Answers, *, scaled: bool) -> Verdict:
    """A wrong verdict with no one mistake to name asks what the blank wants; `scaled`: a factor of 2 may be told."""
    at = LearnerValues(asked.reference, answers).names(asked.key, asked.before)
    if verdict.kind is Kind.UNREADABLE and _has_shape(answer, at):
        belongs = f"{_SHAPE} " if asked.gradient else ""
        return replace(verdict, message=f"{verdict.message} {belongs}{asked.asks(answers)}")
    if not verdict.unexplained:
        return verdict
    asks = asked.asks(answers)
    if isinstance(answer, Name) and answer.name in asked.reference.graph.positions:
        return replace(verdict, message=f"This is the forward value of {answer.name}. {asks}")
    with np.errstate(all="ignore"):
        halved, doubled = np.divide(asked.truth, 2), np.multiply(asked.truth, 2)
    telling = scaled and not np.all(np.isin(np.abs(asked.truth), (0, 1)))  # of 1, 2 and 0.5 are numbers like any other
    if telling and any(agrees(answer, as_value(scaled), at) for scaled in (halved, doubled)):
        return replace(verdict, message=text.scaled_by_two(answer, asks), mistake=SCALED, unexplained=False)
    return replace(verdict, message=f"{verdict.message} {asks}")


def _has_shape(answer: Expression, at: Mapping[str, Value]) -> bool:
    """Whether it has a value, so that only its shape can be wrong."""
    try:
        evaluate(answer, at)
    except (KeyError, ValueError):
        return False
    return True


def _by_label(ways: Iterable[WrongWay]) -> dict[str, Value]:
    return {way.label: way.value for way in ways}


# Which ways there are


def local_ways(reference: Reference, use: Use, numbers: ValueSource) -> Iterator[WrongWay]:
    """The wrong ways to a local derivative."""
    place = GatePlace(reference, use, numbers)
    yield from of_gate(place, upstream=1.0)
    yield from of_slips(place, LOCAL)


def down_ways(reference: Reference, use: Use, numbers: ValueSource) -> Iterator[WrongWay]:
    """The wrong ways at one wire: this gate's own, then those of any gate."""
    place = GatePlace(reference, use, numbers)
    yield from of_gate(place)
    yield from of_slips(place, DOWNSTREAM)
    if place.stretched:
        yield from of_slips(place, STRETCHED)


def total_ways(reference: Reference, position: int, numbers: ValueSource, *, with_gates: bool) -> Iterator[WrongWay]:
    """The wrong ways to a value's gradient: at a fork those of its branches; then, where asked, those at a gate."""
    uses = reference.graph.uses[position]
    value = numbers.value(position)
    if position == reference.graph.output:
        yield text.way_at(reference, position, text.SEED, value)
    if not uses:
        return
    places = [GatePlace(reference, use, numbers) for use in uses]
    if len(uses) == 1:
        yield from down_ways(reference, uses[0], numbers)
        return
    shares = [place.share for place in places]
    yield from _branch_ways(reference, position, shares, value)
    if with_gates:
        yield from _ways_in_a_branch(reference, uses, shares, numbers)


def _branch_ways(reference: Reference, position: int, shares: Sequence[Value], value: Value) -> Iterator[WrongWay]:
    """What becomes of the branches at a fork. The first wire of the graph is the last to send its share back.

    Branches into a comparison never send anything, so nobody averages or subtracts what they send.
    """
    total = sum(shares[1:], start=shares[0])
    sending = {branch: shares[branch] for branch in text.sending(reference, position)}
    last = len(sending) - 1
    for branch, share in sending.items():
        row = text.OVERWROTE if branch == 0 else text.ONE_BRANCH
        yield text.way_at(reference, position, row, share, branch)
    if last > 1:
        for branch, share in sending.items():
            yield text.way_at(reference, position, text.MISSED_BRANCH, total - share, branch)
    yield text.way_at(reference, position, text.TOTAL_SIGN, -total)
    if last > 0:
        first, second, *others = sending.values()
        yield text.way_at(reference, position, text.MULTIPLIED, np.prod(np.stack([*sending.values()]), axis=0))
        yield text.way_at(reference, position, text.AVERAGED, total / len(sending))
        yield text.way_at(reference, position, text.TOTAL_SUBTRACTED, first - sum(others, start=second))
        if last == 1:
            yield text.way_at(reference, position, text.TOTAL_SUBTRACTED, second - first, 1)
    yield text.way_at(reference, position, text.TOTAL_VALUE, value)


def _ways_in_a_branch(
    reference: Reference, uses: Sequence[Use], shares: Sequence[Value], numbers: ValueSource
) -> Iterator[WrongWay]:
    """One branch gone wrong and the others added rightly; or the same slip in each of them."""
    total = sum(shares[1:], start=shares[0])
    everywhere: dict[str, list[WrongWay]] = {}
    for branch, (use, share) in enumerate(zip(uses, shares, strict=True)):
        for way in down_ways(reference, use, numbers):
            if shape_of(way.value) != shape_of(share):
                continue
            yield replace(way, label=f"{branch}: {way.label}", value=total - share + way.value, slip_in="one")
            everywhere.setdefault(way.label, []).append(way)
    for label, ways in everywhere.items():
        if len(ways) == len(uses):
            summed = sum((way.value for way in ways[1:]), start=ways[0].value)
            yield replace(ways[0], label=f"all: {label}", value=summed, slip_in="all")


def value_ways(reference: Reference, gate: int, numbers: ValueSource) -> Iterator[WrongWay]:
    """The wrong ways to a gate's own value."""
    place = GatePlace(reference, Use(gate, 0), numbers)
    yield from of_gate(place, value=True)
    for use in reference.wires(gate):
        yield from of_slips(GatePlace(reference, use, numbers), VALUE, f" {use.port}")
    try:
        # From the arguments: the gate's own value may be a wrong answer already.
        yield text.way_at(reference, gate, text.VALUE_SIGN, -compute(place.node, place.arguments))
    except PassError:
        return
