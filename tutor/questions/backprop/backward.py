"""The step `backward`: upstream, local and downstream at every gate, sums at forks; or each gradient at once."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.engine.gates import vocabulary
from tutor.engine.graph import Use
from tutor.engine.values import shape_of, show_shape
from tutor.judging import Verdict
from tutor.judging.shaping import asked_for
from tutor.language import names_in, read_expression
from tutor.questions.backprop.backward_hints import down_hints, local_hints, total_hints
from tutor.questions.backprop.coincidences import coincidence
from tutor.questions.backprop.gate_text import source_name
from tutor.questions.backprop.kinks import judge_at_kinks, judge_at_tie, shares_at_kink, span_at_kinks
from tutor.questions.backprop.mistaken import explain_down, explain_local, explain_total
from tutor.questions.backprop.own import (
    Own,
    carried,
    down_key,
    judge_value,
    local_key,
    total_key,
    value_key,
    worked_text,
)
from tutor.questions.backprop.sheets import Sheets
from tutor.questions.backprop.worksheet import Worksheet
from tutor.questions.blank import Answers, Blank
from tutor.questions.words import listed


class BackwardStep:
    """The gates from the output back; at each the upstream, then local and downstream a wire."""

    key = "backward"
    title = "Backward"

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets

    def about(self, given: Answers) -> str:
        """What is asked."""
        if given.quick:
            return "Give each value's gradient. A wrong one opens into its pieces."
        return "From the output back: downstream = upstream × local; at a fork, add."

    def blanks(self, given: Answers) -> tuple[Blank, ...]:
        """The blanks, from the output back to the inputs."""
        sheet = self._sheets.of(given)
        if sheet is None:
            return ()
        return tuple(_quick_blanks(sheet, given) if given.quick else _full_blanks(sheet))

    def judge(self, blank: Blank, text: str, given: Answers) -> Verdict:
        """Against the truth, and against what follows from the learner's own earlier numbers."""
        sheet = self._sheet(given)
        kind, place = _parsed(sheet, blank)
        if not isinstance(place, Use):
            return explain_total(sheet, place, text, _judge_total(sheet, place, text, given), given)
        if kind == "local":
            return explain_local(sheet, place, text, _judge_local(sheet, place, text, given), given)
        return explain_down(sheet, place, text, _judge_down(sheet, place, text, given), given)

    def hints(self, blank: Blank, text: str, given: Answers) -> tuple[str, str, str]:
        """The principle; this gate's numbers; the line."""
        sheet = self._sheet(given)
        kind, place = _parsed(sheet, blank)
        if isinstance(place, Use):
            return local_hints(sheet, place) if kind == "local" else down_hints(sheet, place)
        return total_hints(sheet, place)

    def worked(self, blank: Blank, given: Answers) -> str:
        """The true number."""
        sheet = self._sheet(given)
        kind, place = _parsed(sheet, blank)
        if isinstance(place, Use):
            return worked_text(sheet.local(place) if kind == "local" else sheet.share(place))
        return worked_text(sheet.gradient(place))

    def _sheet(self, given: Answers) -> Worksheet:
        sheet = self._sheets.of(given)
        assert sheet is not None, "this step has blanks only when there is a graph"
        return sheet


def _parsed(sheet: Worksheet, blank: Blank) -> tuple[str, Use | int]:
    """What kind of number a blank asks for, and where: a wire into a gate, or a value."""
    kind, _, name = blank.key.partition(":")
    if kind == "total":
        return kind, sheet.graph.positions[name]
    gate, _, port = name.rpartition(".")
    return kind, Use(sheet.graph.positions[gate], int(port))


# Blanks


def _full_blanks(sheet: Worksheet) -> Iterator[Blank]:
    for gate in reversed(sheet.graph.gates):
        yield _total_blank(sheet, gate)
        for use in sheet.wires(gate):
            yield from _wire_blanks(sheet, use)
    for position in sheet.graph.inputs:
        if len(sheet.graph.uses[position]) != 1:
            yield _total_blank(sheet, position)


def _quick_blanks(sheet: Worksheet, given: Answers) -> Iterator[Blank]:
    for position in (*reversed(sheet.graph.gates), *sheet.graph.inputs):
        if sheet.name(position) in given.opened:
            for use in sheet.graph.uses[position]:
                yield from _wire_blanks(sheet, use)
        yield _total_blank(sheet, position)


def _wire_blanks(sheet: Worksheet, use: Use) -> Iterator[Blank]:
    gate, source = sheet.name(use.gate), source_name(sheet, use)
    equation, node = sheet.equation(use.gate), sheet.gate_node(use.gate)
    assert node.gate is not None
    if node.gate.elementwise:
        yield Blank(
            local_key(gate, use.port),
            f"local ∂{gate}/∂{source} =",
            f"Local: how fast does {equation} move with {source}? A formula or a number.",
            group=equation,
            example=asked_for(shape_of(sheet.local(use))),
        )
    f, bare = sheet.output_name, sheet.name(sheet.source(use))
    single = len(sheet.graph.uses[sheet.source(use)]) == 1
    what = f"Downstream to {source}, upstream × local" if node.gate.elementwise else f"Downstream to {source}"
    shape = shape_of(sheet.value(sheet.source(use)))
    shaped = f", of shape {show_shape(shape)}" if shape else ""
    yield Blank(
        down_key(gate, use.port),
        f"downstream ∂{f}/∂{bare} =" if single else f"downstream {gate} → {source} =",
        f"{what}{shaped}: what does {gate} send down?",
        group=equation,
        example=asked_for(shape),
    )


def _total_blank(sheet: Worksheet, position: int) -> Blank:
    f, name = sheet.output_name, sheet.name(position)
    uses = sheet.graph.uses[position]
    shape = shape_of(sheet.value(position))
    shaped = f", of shape {show_shape(shape)}" if shape else ""
    if position == sheet.graph.output:
        prompt = f"Begin at the output: what is the gradient of {f} with respect to itself?"
    elif not uses:
        prompt = f"{name} reaches no gate. What is its gradient{shaped}?"
    elif len(uses) == 1:
        prompt = f"Upstream: what arrives at {name} from {sheet.name(uses[0].gate)}{shaped}?"
    else:
        gates = listed(list(dict.fromkeys(sheet.name(use.gate) for use in uses)))
        prompt = f"{name} forks to {gates}: what is the sum of what they send{shaped}?"
    is_gate = sheet.gate_node(position).gate is not None
    group = sheet.equation(position) if is_gate else "inputs"
    kind = "sum " if len(uses) > 1 else "upstream " if is_gate else ""
    return Blank(total_key(name), f"{kind}∂{f}/∂{name} =", prompt, group=group, example=asked_for(shape))


# Judging


def _keys_of_uses(sheet: Worksheet, position: int, given: Answers) -> list[str]:
    """The blanks that a sum at a fork follows from; without them (quick), the gradients above."""
    downs = [down_key(sheet.name(use.gate), use.port) for use in sheet.graph.uses[position]]
    if any(key in given.answers for key in downs):
        return downs
    return list(dict.fromkeys(total_key(sheet.name(use.gate)) for use in sheet.graph.uses[position]))


def _judge_total(sheet: Worksheet, position: int, text: str, given: Answers) -> Verdict:
    truth, at = sheet.gradient(position), sheet.names_at(sheet.here.values)
    others = carried(Own(sheet, given).follows_for_total(position), truth, _keys_of_uses(sheet, position, given), given)
    verdict = judge_value(text, truth, at, others)
    if not verdict.accepted and (span := span_at_kinks(sheet, position, given)) is not None:
        at_kink = judge_value(text, truth, at, interval=span)
        return at_kink if at_kink.accepted else verdict
    uses = sheet.graph.uses[position]
    return judge_at_tie(sheet, uses[0], text, verdict) if len(uses) == 1 else verdict


def _judge_down(sheet: Worksheet, use: Use, text: str, given: Answers) -> Verdict:
    truth, gate = sheet.share(use), sheet.name(use.gate)
    keys = [total_key(gate), local_key(gate, use.port)]
    keys += [value_key(sheet.name(sheet.source(other))) for other in sheet.wires(use.gate)]
    others = carried(Own(sheet, given).follows_for_down(use), truth, keys, given)
    at = sheet.names_at(sheet.here.values)
    return judge_at_tie(sheet, use, text, judge_value(text, truth, at, others, shares_at_kink(sheet, use, given)))


def _judge_local(sheet: Worksheet, use: Use, text: str, given: Answers) -> Verdict:
    truth, gate = sheet.local(use), sheet.name(use.gate)
    keys = [value_key(name) for name in (gate, *(sheet.name(sheet.source(other)) for other in sheet.wires(use.gate)))]
    others = carried(Own(sheet, given).follows_for_local(use), truth, keys, given)
    at, kinks = sheet.names_at(sheet.here.values), sheet.kinks(use)
    if kinks and shape_of(truth):
        verdict = judge_at_kinks(text, truth, at, others, kinks)
    else:
        verdict = judge_value(text, truth, at, others, kinks.get(()), may_broadcast=True)
    return _checked_nearby(sheet, use, text, verdict) if verdict.accepted else verdict


def _checked_nearby(sheet: Worksheet, use: Use, text: str, verdict: Verdict) -> Verdict:
    """A formula must be the local derivative at other numbers too: `z` is not `y`, though both are 2 here."""
    answer = read_expression(text, vocabulary(*sheet.graph.positions)).tree
    if not names_in(answer):
        return verdict
    for near in sheet.near:
        truth = sheet.local(use, near)
        at = sheet.names_at(near.values)
        if judge_value(text, truth, at, may_broadcast=True).charged:
            return coincidence(sheet, use, answer)
    return verdict
