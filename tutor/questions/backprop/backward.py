"""The step `backward`: upstream, local and downstream at every gate, sums at forks; or each gradient at once."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.engine.gates import Interval, vocabulary
from tutor.engine.graph import Use
from tutor.engine.passes import arguments_at
from tutor.engine.values import shape_of, show_shape
from tutor.judging import Verdict, wrong
from tutor.language import names_in, read_expression, show
from tutor.questions.backprop.gate_text import local_text
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

_PORTS = ("first", "second", "third", "fourth")


class BackwardStep:
    """The gates from the output back; at each the upstream, then local and downstream a wire."""

    key = "backward"
    title = "Backward"

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets

    def about(self, given: Answers) -> str:
        """What is asked."""
        if given.quick:
            return "Give each value's gradient. Where one is wrong, its gates open up and are worked piece by piece."
        return "From the output back: downstream = upstream × local at every wire, and a sum where a value forks."

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
        if isinstance(place, Use):
            return (
                _judge_local(sheet, place, text, given) if kind == "local" else _judge_down(sheet, place, text, given)
            )
        own, truth = Own(sheet, given), sheet.gradient(place)
        others = carried(own.follows_for_total(place), truth, _keys_of_uses(sheet, place, given), given)
        return judge_value(text, truth, sheet.names_at(sheet.here.values), others)

    def hints(self, blank: Blank, text: str, given: Answers) -> tuple[str, str, str]:
        """The principle; this gate's numbers; the line."""
        sheet = self._sheet(given)
        kind, place = _parsed(sheet, blank)
        if isinstance(place, Use):
            return _local_hints(sheet, place) if kind == "local" else _down_hints(sheet, place)
        return _total_hints(sheet, place)

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
    gate, source = sheet.name(use.gate), _source_name(sheet, use)
    equation, node = sheet.equation(use.gate), sheet.gate_node(use.gate)
    assert node.gate is not None
    if node.gate.elementwise:
        yield Blank(
            local_key(gate, use.port),
            f"local ∂{gate}/∂{source} =",
            f"Local: how steep is {equation} in {source}? A formula or a number.",
            group=equation,
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
    )


def _source_name(sheet: Worksheet, use: Use) -> str:
    """The source of a wire, and which argument it is where a gate takes the same value twice."""
    source = sheet.source(use)
    name = sheet.name(source)
    twice = sum(sheet.source(other) == source for other in sheet.wires(use.gate)) > 1
    return f"{name} ({_PORTS[use.port]})" if twice else name


def _total_blank(sheet: Worksheet, position: int) -> Blank:
    f, name = sheet.output_name, sheet.name(position)
    uses = sheet.graph.uses[position]
    shape = shape_of(sheet.value(position))
    shaped = f", of shape {show_shape(shape)}" if shape else ""
    if position == sheet.graph.output:
        prompt = f"Begin at the output: what is the gradient of {f} by itself?"
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
    return Blank(total_key(name), f"{kind}∂{f}/∂{name} =", prompt, group=group)


# Judging


def _keys_of_uses(sheet: Worksheet, position: int, given: Answers) -> list[str]:
    """The blanks that a sum at a fork follows from; without them (quick), the gradients above."""
    downs = [down_key(sheet.name(use.gate), use.port) for use in sheet.graph.uses[position]]
    if any(key in given.answers for key in downs):
        return downs
    return list(dict.fromkeys(total_key(sheet.name(use.gate)) for use in sheet.graph.uses[position]))


def _judge_down(sheet: Worksheet, use: Use, text: str, given: Answers) -> Verdict:
    truth, gate = sheet.share(use), sheet.name(use.gate)
    keys = [total_key(gate), local_key(gate, use.port)]
    keys += [value_key(sheet.name(sheet.source(other))) for other in sheet.wires(use.gate)]
    others = carried(Own(sheet, given).follows_for_down(use), truth, keys, given)
    return judge_value(text, truth, sheet.names_at(sheet.here.values), others)


def _judge_local(sheet: Worksheet, use: Use, text: str, given: Answers) -> Verdict:
    truth, gate = sheet.local(use), sheet.name(use.gate)
    keys = [value_key(name) for name in (gate, *(sheet.name(sheet.source(other)) for other in sheet.wires(use.gate)))]
    others = carried(Own(sheet, given).follows_for_local(use), truth, keys, given)
    at = sheet.names_at(sheet.here.values)
    verdict = judge_value(text, truth, at, others, _kink(sheet, use), may_broadcast=True)
    return _checked_nearby(sheet, use, text, verdict) if verdict.accepted else verdict


def _kink(sheet: Worksheet, use: Use) -> Interval | None:
    """The slopes allowed where this gate has a kink at the exercise's numbers."""
    node = sheet.gate_node(use.gate)
    assert node.gate is not None
    arguments = arguments_at(node, sheet.here.values)
    if node.gate.kinks is None or any(shape_of(value) for value in arguments):
        return None
    return node.gate.kinks(*arguments)[use.port]


def _checked_nearby(sheet: Worksheet, use: Use, text: str, verdict: Verdict) -> Verdict:
    """A formula must be the local derivative at other numbers too: `z` is not `y`, though both are 2 here."""
    answer = read_expression(text, vocabulary(*sheet.graph.positions)).tree
    if not names_in(answer):
        return verdict
    for near in sheet.near:
        truth = sheet.local(use, near)
        at = sheet.names_at(near.values)
        if not judge_value(text, truth, at, may_broadcast=True).accepted:
            gate, source = sheet.name(use.gate), _source_name(sheet, use)
            return wrong(
                f"{show(answer)} has the right value here, but it is not ∂{gate}/∂{source}: "
                f"with other numbers it would not be."
            )
    return verdict


# Hints


def _total_hints(sheet: Worksheet, position: int) -> tuple[str, str, str]:
    f, name, uses = sheet.output_name, sheet.name(position), sheet.graph.uses[position]
    line = f"∂{f}/∂{name} = {worked_text(sheet.gradient(position))}"
    if position == sheet.graph.output:
        return (
            "The backward pass begins with the gradient of the output by the output itself.",
            f"If {f} grows by 0.01, by how much does {f} grow?",
            line,
        )
    if not uses:
        return (
            "A gradient says how much the output moves when this value moves a little.",
            f"If {name} grows by 0.01, what happens to {f}, which never uses it?",
            line,
        )
    sends = [f"{sheet.name(use.gate)} sends {worked_text(sheet.share(use))}" for use in uses]
    if len(uses) == 1:
        return (
            "A gate's upstream is the gradient of its output: what the gate after it sent down.",
            f"{name} feeds {sheet.name(uses[0].gate)} only. What did that gate send down to {name}?",
            f"{sends[0]}, so {line}",
        )
    return (
        "A value that forks moves the output along every branch. What arrives along the branches is added.",
        f"To {name}, {listed(sends)}. What is the sum?",
        f"{' + '.join(worked_text(sheet.share(use)) for use in uses)}, so {line}",
    )


def _local_hints(sheet: Worksheet, use: Use) -> tuple[str, str, str]:
    node, source, gate = sheet.gate_node(use.gate), _source_name(sheet, use), sheet.name(use.gate)
    assert node.gate is not None
    here = worked_text(sheet.value(sheet.source(use)))
    others = [sheet.name(sheet.source(other)) for other in sheet.wires(use.gate) if other != use]
    still = f"Hold {listed(others)} still. " if others else ""
    formula, value = local_text(sheet, use), worked_text(sheet.local(use))
    worked = " = ".join(part for part in (formula, value) if part) if formula != value else value
    return (
        node.gate.pattern,
        f"{still}{sheet.equation(use.gate)}, and {source} is {here}. By how much does {gate} move, "
        f"for each little bit that {source} moves?",
        f"∂{gate}/∂{source} = {worked}",
    )


def _down_hints(sheet: Worksheet, use: Use) -> tuple[str, str, str]:
    node, source, gate = sheet.gate_node(use.gate), _source_name(sheet, use), sheet.name(use.gate)
    assert node.gate is not None
    up, share = worked_text(sheet.gradient(use.gate)), worked_text(sheet.share(use))
    if node.gate.elementwise:
        local = worked_text(sheet.local(use))
        return (
            "downstream = upstream × local. " + node.gate.pattern,
            f"{up} arrives at {gate}, and ∂{gate}/∂{source} is {local}. What is the product?",
            f"{up} × {local} = {share}",
        )
    own, upstream = show_shape(shape_of(sheet.value(sheet.source(use)))), show_shape(shape_of(sheet.gradient(use.gate)))
    return (
        node.gate.pattern,
        f"The upstream of {gate} has shape {upstream}: {up}. What you give must have the shape of {source}, {own}. "
        f"Which product of what you have does?",
        f"{gate} sends {source} {share}",
    )
