"""The step `backward`: upstream, local and downstream at every gate, sums at forks; or each gradient at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tutor.engine.format_value import plain
from tutor.engine.graph import Use
from tutor.engine.values import shape_of, show_shape
from tutor.judging import Verdict
from tutor.judging.shapes import asked_for
from tutor.language import names_in, read_expression
from tutor.questions.backprop.carried_forward import (
    Own,
    carried,
    down_key,
    judge_at_kinks,
    judge_at_tie,
    judge_value,
    local_key,
    shares_at_kink,
    span_at_kinks,
    total_key,
    value_key,
    worked_text,
)
from tutor.questions.backprop.explain import explain_down, explain_local, explain_total
from tutor.questions.backprop.gate_arithmetic import down_text, local_text, source_name
from tutor.questions.backprop.reference import Sheets, Worksheet
from tutor.questions.backprop.spurious_match import coincidence
from tutor.questions.blank import Answers, Blank
from tutor.questions.inflect import listed

Hints = tuple[str, str, str]


def total_hints(sheet: Worksheet, position: int) -> Hints:
    """For a value's gradient."""
    f, name, uses = sheet.output_name, sheet.name(position), sheet.graph.uses[position]
    line = f"∂{f}/∂{name} = {worked_text(sheet.gradient(position))}"
    if position == sheet.graph.output:
        return (
            "The backward pass begins with the gradient of the output with respect to itself.",
            f"If {f} grows by 0.01, how much does {f} grow?",
            line,
        )
    if not uses:
        return (
            "A gradient says how much the output moves when this value moves a little.",
            f"If {name} grows by 0.01, what happens to {f}, which never uses it?",
            line,
        )
    shares = [worked_text(sheet.share(use)) for use in uses]
    sends = [f"{sheet.name(use.gate)} sends {share}" for use, share in zip(uses, shares, strict=True)]
    if len(uses) == 1:
        return (
            "A gate's upstream is the gradient of its output: what the gate after it sent down.",
            f"{name} feeds {sheet.name(uses[0].gate)} only. What did that gate send down to {name}?",
            f"{sends[0]}, so {line}",
        )
    return (
        "A value that forks moves the output along every branch. Add what arrives along the branches.",
        f"To {name}, {listed(sends)}. What is the sum?",
        f"{' + '.join([shares[0], *map(_bracketed, shares[1:])])}, so {line}",
    )


def local_hints(sheet: Worksheet, use: Use) -> Hints:
    """For the local derivative at a wire."""
    node, source, gate = sheet.gate_node(use.gate), source_name(sheet, use), sheet.name(use.gate)
    assert node.gate is not None
    here = worked_text(sheet.value(sheet.source(use)))
    others = [source_name(sheet, other) for other in sheet.wires(use.gate) if other != use]
    still = f"Hold {listed(others)} fixed. " if others else ""
    return (
        node.gate.pattern,
        f"{still}{sheet.equation(use.gate)}, and {source} is {here}. If {source} moves by a tiny "
        f"amount, how many times that does {gate} move?",
        _local_line(sheet, use, f"∂{gate}/∂{source}"),
    )


def _local_line(sheet: Worksheet, use: Use, slope: str) -> str:
    formula, value = local_text(sheet, use), worked_text(sheet.local(use))
    kink = sheet.kinks(use).get(())
    if kink is not None:
        low, high = plain(kink.low), plain(kink.high)
        return f"This is a kink: any slope from {low} to {high} is right, such as {slope} = {value}"
    gate = sheet.gate_node(use.gate).gate
    assert gate is not None
    if gate.cases:
        return f"{slope} is {formula}; here {slope} = {value}"
    return " = ".join(dict.fromkeys(part for part in (slope, formula, value) if part))


def down_hints(sheet: Worksheet, use: Use) -> Hints:
    """For what a gate sends down a wire."""
    gate = sheet.gate_node(use.gate).gate
    assert gate is not None
    return _product_hints(sheet, use) if gate.elementwise else _tensor_hints(sheet, use)


def _product_hints(sheet: Worksheet, use: Use) -> Hints:
    """Upstream times local, summed back where the gate stretched its argument."""
    node, source, gate = sheet.gate_node(use.gate), source_name(sheet, use), sheet.name(use.gate)
    assert node.gate is not None
    local, upstream, share = sheet.local(use), sheet.gradient(use.gate), sheet.share(use)
    product = f"{worked_text(upstream)} × {_bracketed(worked_text(local))}"
    question, line = "What is the product?", f"{product} = {worked_text(share)}"
    if shape_of(share) != shape_of(upstream):
        back = f"summed back to {show_shape(shape_of(share))}" if shape_of(share) else "summed up"
        question = f"{source} was stretched to {show_shape(shape_of(upstream))}. What is the product, {back}?"
        line = f"{product}, {back}, = {worked_text(share)}"
    return (
        "downstream = upstream × local. " + node.gate.pattern,
        f"{worked_text(upstream)} arrives at {gate}, and ∂{gate}/∂{source} is {worked_text(local)}. {question}",
        line,
    )


def _tensor_hints(sheet: Worksheet, use: Use) -> Hints:
    """For gates that mix entries: by their rule, and by the shape that is wanted."""
    node, source, gate = sheet.gate_node(use.gate), source_name(sheet, use), sheet.name(use.gate)
    assert node.gate is not None
    upstream, share = sheet.gradient(use.gate), worked_text(sheet.share(use))
    own, above = show_shape(shape_of(sheet.share(use))), show_shape(shape_of(upstream))
    arrives = f"The upstream of {gate} is {worked_text(upstream)}"
    if np.ndim(upstream):
        arrives += f", of shape {above}"
    formula = down_text(sheet, use)
    return (
        node.gate.pattern,
        f"{arrives}. The answer must have the shape of {source}, {own}. How do you get there?",
        f"{gate} sends {source} {f'{formula} = ' if formula not in ('', 'upstream') else ''}{share}",
    )


def _bracketed(number: str) -> str:
    """A negative number in brackets, as it stands after a sign."""
    return f"({number})" if number.startswith(("-", "−")) else number


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
    powers = sheet.problem.entrywise_powers
    verdict = judge_value(text, truth, at, others, entrywise_powers=powers)
    if not verdict.accepted and (span := span_at_kinks(sheet, position, given)) is not None:
        at_kink = judge_value(text, truth, at, interval=span, entrywise_powers=powers)
        return at_kink if at_kink.accepted else verdict
    uses = sheet.graph.uses[position]
    return judge_at_tie(sheet, uses[0], text, verdict) if len(uses) == 1 else verdict


def _judge_down(sheet: Worksheet, use: Use, text: str, given: Answers) -> Verdict:
    truth, gate = sheet.share(use), sheet.name(use.gate)
    keys = [total_key(gate), local_key(gate, use.port)]
    keys += [value_key(sheet.name(sheet.source(other))) for other in sheet.wires(use.gate)]
    others = carried(Own(sheet, given).follows_for_down(use), truth, keys, given)
    at = sheet.names_at(sheet.here.values)
    kink, powers = shares_at_kink(sheet, use, given), sheet.problem.entrywise_powers
    return judge_at_tie(sheet, use, text, judge_value(text, truth, at, others, kink, entrywise_powers=powers))


def _judge_local(sheet: Worksheet, use: Use, text: str, given: Answers) -> Verdict:
    truth, gate = sheet.local(use), sheet.name(use.gate)
    keys = [value_key(name) for name in (gate, *(sheet.name(sheet.source(other)) for other in sheet.wires(use.gate)))]
    others = carried(Own(sheet, given).follows_for_local(use), truth, keys, given)
    at, kinks, powers = sheet.names_at(sheet.here.values), sheet.kinks(use), sheet.problem.entrywise_powers
    if kinks and shape_of(truth):
        verdict = judge_at_kinks(text, truth, at, others, kinks, powers)
    else:
        verdict = judge_value(text, truth, at, others, kinks.get(()), may_broadcast=True, entrywise_powers=powers)
    return _checked_nearby(sheet, use, text, verdict) if verdict.accepted else verdict


def _checked_nearby(sheet: Worksheet, use: Use, text: str, verdict: Verdict) -> Verdict:
    """A formula must be the local derivative at other numbers too: `z` is not `y`, though both are 2 here."""
    answer = read_expression(text, sheet.vocabulary).tree
    if not names_in(answer):
        return verdict
    for near in sheet.near:
        truth = sheet.local(use, near)
        at = sheet.names_at(near.values)
        powers = sheet.problem.entrywise_powers
        if judge_value(text, truth, at, may_broadcast=True, entrywise_powers=powers).charged:
            return coincidence(sheet, use, answer)
    return verdict
