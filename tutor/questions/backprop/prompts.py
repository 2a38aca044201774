"""What a blank asks for, with the names and numbers of the gate at hand: said where no mistake is recognised."""

from __future__ import annotations

from tutor.engine.graph import Use
from tutor.engine.values import shape_of
from tutor.questions.backprop.carried_forward import worked_text
from tutor.questions.backprop.gate_arithmetic import in_numbers, source_name
from tutor.questions.backprop.reference import Reference, value_key
from tutor.questions.blank import Answers
from tutor.questions.inflect import listed


def of_value(reference: Reference, gate: int, answers: Answers) -> str:
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


def of_local(reference: Reference, use: Use) -> str:
    """Of a local derivative."""
    gate, own = reference.name(use.gate), source_name(reference, use)
    return f"{reference.equation(use.gate)}: how fast does {gate} move when only {own} moves?"


def of_down(reference: Reference, use: Use) -> str:
    """Of what a gate sends down."""
    gate, own, node = reference.name(use.gate), source_name(reference, use), reference.gate_node(use.gate)
    assert node.gate is not None
    if node.gate.elementwise:
        return f"What arrived at {gate}, and how fast does {gate} move with {own}?"
    return f"What arrived at {gate}, and how is {own} used in {reference.equation(use.gate)}?"


def of_total(reference: Reference, position: int) -> str:
    """Of a value's gradient."""
    uses, name = reference.graph.uses[position], reference.name(position)
    if position == reference.graph.output:
        return f"If {name} grows by 0.01, how much does {name} grow?"
    if not uses:
        return f"Does {reference.output_name} move at all when {name} moves?"
    if len(uses) == 1:
        return of_down(reference, uses[0])
    gates = list(dict.fromkeys(reference.name(use.gate) for use in uses))
    if len(gates) == 1:
        return f"{gates[0]} uses {name} on several wires. What does it send down each, and how do you combine them?"
    return f"What does each of {listed(gates)} send to {name}, and how do you combine them?"
