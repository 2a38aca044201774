"""Where more than one gradient is right: at kinks of gates of numbers, and where several entries are the largest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import Interval, vocabulary
from tutor.engine.graph import Use
from tutor.engine.passes import arguments_at
from tutor.engine.showing import plain
from tutor.engine.values import Value, shape_of
from tutor.judging import Carried, Kind, Verdict, remark
from tutor.language import Unreadable, read_expression
from tutor.questions.backprop.own import down_key, judge_value, local_key
from tutor.questions.backprop.worksheet import Index, Worksheet
from tutor.questions.blank import Answers


def span_at_kinks(sheet: Worksheet, position: int, given: Answers) -> Interval | None:
    """The gradients allowed for a number that goes into kinks, where no downstream was given."""
    uses = sheet.graph.uses[position]
    kinks = [sheet.kinks(use).get(()) for use in uses]
    downs = [down_key(sheet.name(use.gate), use.port) for use in uses]
    if not any(kinks) or shape_of(sheet.value(position)) or any(key in given.answers for key in downs):
        return None
    low = high = 0.0
    for use, kink in zip(uses, kinks, strict=True):
        upstream = sheet.gradient(use.gate)
        ends = [upstream * kink.low, upstream * kink.high] if kink else [sheet.share(use)]
        low, high = low + float(min(ends)), high + float(max(ends))
    return Interval(low, high, torch=float(sheet.gradient(position)))


def shares_at_kink(sheet: Worksheet, use: Use, given: Answers) -> Interval | None:
    """What may be sent down where the gate of numbers has a kink and its local derivative was not asked for first."""
    slopes = sheet.kinks(use).get(())
    if slopes is None or local_key(sheet.name(use.gate), use.port) in given.answers:
        return None
    upstream = float(sheet.gradient(use.gate))
    low, high = sorted((upstream * slopes.low, upstream * slopes.high))
    return Interval(low, high, upstream * slopes.torch)


def judge_at_kinks(
    text: str,
    truth: Value,
    at: Mapping[str, Value],
    others: Sequence[Carried],
    kinks: Mapping[Index, Interval],
) -> Verdict:
    """An array some of whose entries stand at a kink: there any slope between the two sides is right."""
    try:
        mine = np.broadcast_to(evaluate(read_expression(text, vocabulary(*at)).tree, at), shape_of(truth))
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


def judge_at_tie(sheet: Worksheet, use: Use, text: str, verdict: Verdict) -> Verdict:
    """The verdict on what a gate sends, unless it is another right way to share the upstream among its ties."""
    node, at = sheet.gate_node(use.gate), sheet.names_at(sheet.here.values)
    if verdict.kind is not Kind.WRONG or node.gate is None or node.gate.shared_in_another_way is None:
        return verdict
    try:
        mine = evaluate(read_expression(text, vocabulary(*at)).tree, at)
    except (Unreadable, ValueError):
        return verdict
    arguments = arguments_at(node, sheet.here.values)
    upstream, value = sheet.gradient(use.gate), sheet.value(use.gate)
    if not node.gate.shared_in_another_way(mine, upstream, value, *arguments, **node.options):
        return verdict
    return remark(f"{sheet.name(use.gate)} has a tie: its upstream may be shared in any way. The tutor shares equally.")
