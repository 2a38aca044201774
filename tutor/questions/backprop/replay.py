"""What is known of a value in the graph, and both passes in single steps. Nothing here tells what is still asked."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.engine.graph import Use
from tutor.judging import right
from tutor.questions.backprop.gate_text import local_text, source_name
from tutor.questions.backprop.own import down_key, local_key, total_key, value_key, worked_text
from tutor.questions.backprop.picture import Known, accepted, gradient_known, picture_of_work
from tutor.questions.backprop.telling import arrival, computed, gathered, sent
from tutor.questions.backprop.worksheet import Worksheet
from tutor.questions.blank import Answer
from tutor.questions.question import Frame

_TO_FIND = "still to be found"


def about_value(sheet: Worksheet, position: int, work: Known) -> tuple[str, ...]:
    """The card of a value: equation, value, gradient, and what its gate sends down each wire, as far as known."""
    node, f = sheet.graph.nodes[position], sheet.output_name
    known = _value_known(sheet, position, work)
    lines = [sheet.equation(position) if node.gate is not None else f"{node.name}, an input"]
    if node.gate is not None:
        lines[0] += f"   ({node.gate.title})"
    lines.append(f"value: {worked_text(sheet.value(position)) if known else _TO_FIND}")
    if work.asks_gradients:
        found = gradient_known(sheet, position, work)
        lines.append(f"upstream ∂{f}/∂{node.name}: {worked_text(sheet.gradient(position)) if found else _TO_FIND}")
        lines += [_about_wire(sheet, use, work) for use in sheet.wires(position)]
    return tuple(lines)


def _about_wire(sheet: Worksheet, use: Use, work: Known) -> str:
    gate, source = sheet.name(use.gate), source_name(sheet, use)
    node = sheet.gate_node(use.gate).gate
    assert node is not None
    parts = []
    if node.elementwise:
        formula, local = local_text(sheet, use), worked_text(sheet.local(use))
        told = f"{formula} = {local}" if formula and formula.replace("−", "-") != local else local
        parts.append(f"local ∂{gate}/∂{source}: {told if accepted(work, local_key(gate, use.port)) else _TO_FIND}")
    done = accepted(work, down_key(gate, use.port)) or gradient_known(sheet, sheet.source(use), work)
    parts.append(f"downstream: {worked_text(sheet.share(use)) if done else _TO_FIND}")
    return f"to {source}:  {';  '.join(parts)}"


def replay(sheet: Worksheet, work: Known) -> tuple[Frame, ...]:
    """The forward pass and then the backward pass, gate by gate, up to the first number that is still asked."""
    return tuple(_frames(sheet, work))


def _frames(sheet: Worksheet, work: Known) -> Iterator[Frame]:
    shown: set[str] = set()

    def frame(position: int, text: str, backward: bool) -> Frame:
        answers = dict.fromkeys(shown, Answer("", right()))
        return Frame(picture_of_work(sheet, Known(answers, backward, digits=work.digits)), sheet.name(position), text)

    for gate in sheet.graph.gates:
        if not _value_known(sheet, gate, work):
            yield frame(gate, f"{sheet.equation(gate)}: from here on it is yours to find.", backward=False)
            return
        shown.add(value_key(sheet.name(gate)))
        yield frame(gate, computed(sheet, gate), backward=False)
    if not work.asks_gradients:
        return
    for gate in reversed(sheet.graph.gates):
        if not gradient_known(sheet, gate, work):
            yield frame(gate, f"What arrives at {sheet.name(gate)} is yours to find.", backward=True)
            return
        shown.add(total_key(sheet.name(gate)))
        yield frame(gate, f"{sheet.equation(gate)}: {arrival(sheet, gate)}", backward=True)
        for use in sheet.wires(gate):
            if not _sent_known(sheet, use, work):
                yield frame(gate, f"What {sheet.name(gate)} sends on is yours to find.", backward=True)
                return
            shown.add(down_key(sheet.name(gate), use.port))
            yield frame(gate, sent(sheet, use), backward=True)
    for position in sheet.graph.inputs:
        shown.add(total_key(sheet.name(position)))
        text = f"∂{sheet.output_name}/∂{sheet.name(position)} {gathered(sheet, position)}"
        if gradient_known(sheet, position, work):
            yield frame(position, text, backward=True)


def _value_known(sheet: Worksheet, position: int, work: Known) -> bool:
    is_input = sheet.graph.nodes[position].gate is None
    return is_input or not work.asks_values or accepted(work, value_key(sheet.name(position)))


def _sent_known(sheet: Worksheet, use: Use, work: Known) -> bool:
    """A quick learner gives totals only: where the source's is known, so is each share."""
    done = accepted(work, down_key(sheet.name(use.gate), use.port))
    return done or gradient_known(sheet, sheet.source(use), work)
