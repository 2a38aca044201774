"""What a blank wants, as a question in the gate's own terms: for wrong answers in which no mistake is recognised."""

from __future__ import annotations

from tutor.engine.graph import Use
from tutor.engine.values import shape_of
from tutor.questions.backprop.gate_text import source_name
from tutor.questions.backprop.own import value_key, worked_text
from tutor.questions.backprop.telling import in_numbers
from tutor.questions.backprop.worksheet import Worksheet
from tutor.questions.blank import Answers
from tutor.questions.words import listed


def of_value(sheet: Worksheet, gate: int, given: Answers) -> str:
    """Of a gate's value, with the numbers that go in, as far as the learner has them: no answer is given away."""
    sources = list(dict.fromkeys(sheet.source(use) for use in sheet.wires(gate)))
    if shape_of(sheet.value(gate)):
        return f"{sheet.equation(gate)}: which numbers go into each entry?"
    if any(shape_of(sheet.value(source)) for source in sources):
        return f"{sheet.equation(gate)}: what is done to the entries, and in which order?"
    known = [source for source in sources if _is_known(sheet, source, given)]
    numbers = listed([f"{sheet.name(source)} = {worked_text(sheet.value(source))}" for source in known])
    put_in = f" with {numbers}" if numbers else ""
    if len(known) == len(sources):
        return f"{sheet.equation(gate)}{put_in}: what is {in_numbers(sheet, gate)}?"
    names = listed([sheet.name(source) for source in sources])
    asks = f"what does the gate do with {names}?" if len(sources) == 1 else f"which operation joins {names}?"
    return f"{sheet.equation(gate)}{put_in}: {asks}"


def _is_known(sheet: Worksheet, position: int, given: Answers) -> bool:
    if sheet.gate_node(position).gate is None:
        return True
    answer = given.answers.get(value_key(sheet.name(position)))
    return answer is not None and answer.verdict.accepted


def of_local(sheet: Worksheet, use: Use) -> str:
    """Of a local derivative."""
    gate, own = sheet.name(use.gate), source_name(sheet, use)
    return f"{sheet.equation(use.gate)}: how fast does {gate} move when only {own} moves?"


def of_down(sheet: Worksheet, use: Use) -> str:
    """Of what a gate sends down."""
    gate, own, node = sheet.name(use.gate), source_name(sheet, use), sheet.gate_node(use.gate)
    assert node.gate is not None
    if node.gate.elementwise:
        return f"What arrived at {gate}, and how fast does {gate} move with {own}?"
    return f"What arrived at {gate}, and how is {own} used in {sheet.equation(use.gate)}?"


def of_total(sheet: Worksheet, position: int) -> str:
    """Of a value's gradient."""
    uses, name = sheet.graph.uses[position], sheet.name(position)
    if position == sheet.graph.output:
        return f"If {name} grows by 0.01, how much does {name} grow?"
    if not uses:
        return f"Does {sheet.output_name} move at all when {name} moves?"
    if len(uses) == 1:
        return of_down(sheet, uses[0])
    gates = list(dict.fromkeys(sheet.name(use.gate) for use in uses))
    if len(gates) == 1:
        return f"{gates[0]} uses {name} on several wires. What does it send down each, and how do you combine them?"
    return f"What does each of {listed(gates)} send to {name}, and how do you combine them?"
