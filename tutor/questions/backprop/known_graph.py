"""The computation graph as the learner knows it so far, ready to be drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tutor.drawing import (
    ASKED,
    CloseUp,
    CloseUpArgument,
    EquationStrip,
    GraphEdge,
    GraphNode,
    GraphSpec,
    StripTerm,
)
from tutor.drawing import Kind as NodeKind
from tutor.drawing.close_up import Slot
from tutor.engine.graph import Graph, Use
from tutor.engine.values import Value, bracket_size, in_brackets, plain, shape_of, short, show_shape
from tutor.judging import right
from tutor.library.problem import Problem
from tutor.questions.backprop.carried_forward import worked_text
from tutor.questions.backprop.gate_arithmetic import local_text, source_name
from tutor.questions.backprop.reference import Reference, down_key, key_parts, local_key, total_key, value_key
from tutor.questions.backprop.staging import Staging
from tutor.questions.blank import Answer
from tutor.questions.inflect import listed

_NORM = "‖·‖ "
"""Before the norm of an array that is known, where its numbers do not fit on a wire."""


class LearnerWork(Protocol):
    """What a picture needs to know of what was answered."""

    @property
    def answers(self) -> Mapping[str, Answer]:
        """Blank key -> its last answer."""

    @property
    def asks_values(self) -> bool:
        """Whether forward values are asked in this exercise."""

    @property
    def asks_gradients(self) -> bool:
        """Whether gradients are asked by now."""

    @property
    def digits(self) -> int | None:
        """Digits after the point of the numbers; None for as many as they have, up to five."""


@dataclass(frozen=True)
class KnownValues:
    """What is known of a graph; satisfies `LearnerWork`."""

    answers: Mapping[str, Answer]
    asks_gradients: bool
    asks_values: bool = True
    digits: int | None = 3


def all_known(reference: Reference, gradients: bool, digits: int | None = 3) -> KnownValues:
    """As if every value had been answered, and every gradient where they are wanted."""
    names = [node.name for node in reference.graph.nodes]
    keys = [value_key(name) for name in names]
    if gradients:
        keys += [total_key(name) for name in names]
        keys += [down_key(reference.name(use.gate), use.port) for uses in reference.graph.uses for use in uses]
    return KnownValues(dict.fromkeys(keys, Answer("", right())), gradients, digits=digits)


def picture_of_staging(staging: Staging, problem: Problem) -> GraphSpec:
    """The graph of the equations that hold so far, with shapes where there are arrays, and no numbers."""
    graph = staging.graph
    shapes = {name: shape for name, shape in problem.shapes.items() if shape}
    nodes = [
        GraphNode(
            node.name,
            node.symbol,
            shape=show_shape(shapes[node.name]) if node.name in shapes else "",
            brackets=bracket_size(shapes.get(node.name, ())),
            kind=_kind(graph, position, complete=staging.complete),
        )
        for position, node in enumerate(graph.nodes)
    ]
    return GraphSpec(tuple(nodes), _wires(graph, {}))


def picture_of_work(reference: Reference, work: LearnerWork) -> GraphSpec:
    """The staged graph with the values and gradients the learner has found; `?` for what is still asked."""
    graph = reference.graph
    needed = {*graph.inputs, *graph.gates}
    nodes = []
    for position, node in enumerate(graph.nodes):
        value, gradient = reference.value(position), reference.gradient(position)
        shape = shape_of(value)
        is_input, asked = node.gate is None, position in needed
        shows_gradient = asked and work.asks_gradients and position not in reference.still
        knows_gradient = gradient_known(reference, position, work)
        known_value = is_input or not work.asks_values or accepted(work, value_key(node.name))
        nodes.append(
            GraphNode(
                node.name,
                node.symbol,
                equation="" if is_input else reference.equation(position),
                value=_shown(value, known_value, work.digits) if asked and not (is_input and shape) else "",
                gradient=_shown(gradient, knows_gradient, work.digits) if shows_gradient else "",
                shape=show_shape(shape) if shape else "",
                kind=_kind(graph, position, complete=True),
                brackets=bracket_size(shape),
                value_in_brackets=in_brackets(value) if known_value else "",
                gradient_in_brackets=in_brackets(gradient) if shows_gradient and knows_gradient else "",
            )
        )
    return GraphSpec(tuple(nodes), _wires(graph, _shares(reference, work)))


def _kind(graph: Graph, position: int, complete: bool) -> NodeKind:
    if graph.nodes[position].gate is None:
        return "input"
    return "output" if complete and position == graph.output else "gate"


def _wires(graph: Graph, shares: dict[Use, str]) -> tuple[GraphEdge, ...]:
    return tuple(
        GraphEdge(source, gate, port, shares.get(Use(gate, port), ""))
        for gate, node in enumerate(graph.nodes)
        for port, source in enumerate(node.arguments)
        if isinstance(source, int)
    )


def _shares(reference: Reference, work: LearnerWork) -> dict[Use, str]:
    """What is known of the branches at forks; elsewhere the gradient says it."""
    return {
        use: _shown(reference.share(use), True, work.digits)
        for uses in reference.graph.uses
        if len(uses) > 1
        for use in uses
        if accepted(work, down_key(reference.name(use.gate), use.port))
    }


def gradient_known(reference: Reference, position: int, work: LearnerWork) -> bool:
    """Whether the learner has found a node's gradient."""
    uses = reference.graph.uses[position]
    one_branch = len(uses) == 1 and accepted(work, down_key(reference.name(uses[0].gate), uses[0].port))
    return one_branch or accepted(work, total_key(reference.name(position)))


def accepted(work: LearnerWork, key: str) -> bool:
    """Whether a blank is done."""
    answer = work.answers.get(key)
    return answer is not None and answer.verdict.accepted


def _shown(value: Value, known: bool, digits: int | None) -> str:
    if not known:
        return ASKED
    number = value if isinstance(value, float) else float(np.linalg.norm(value))
    return f"{'' if number is value else _NORM}{_written(number, digits)}"


def _written(number: float, digits: int | None) -> str:
    return plain(number) if digits is None else short(number, digits)


def _near(value: Value, known: bool, digits: int | None) -> str:
    """A number as it stands beside its gate; of an array its shape, which is what has to fit there."""
    if not known:
        return ASKED
    return _written(value, digits) if isinstance(value, float) else show_shape(shape_of(value))


def numbers_found(reference: Reference, work: KnownValues) -> dict[str, str]:
    """Blank key -> the number found there, as it stands in the picture; and of each upstream that fills itself in.

    Not of arrays, of formulas, and of what follows from a mistake: there the learner's own answer says more.
    """
    found = {}
    for key, answer in work.answers.items():
        value = _number_at(reference, key) if _is_plain(answer) else None
        if isinstance(value, float):
            found[key] = _written(value, work.digits)
    for gate in reference.backward_gates:
        found |= _filled_in_number(reference, gate, work)
    return found


def _is_plain(answer: Answer) -> bool:
    """Whether it is a right number, written as one or as arithmetic; a fraction alone says more than its decimals."""
    return answer.verdict.accepted and not answer.verdict.carried and _is_number(answer.text.strip())


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) or (
        bool(_ARITHMETIC.fullmatch(text)) and any(map(str.isdigit, text)) and not _FRACTION.fullmatch(text)
    )


_NUMBER = re.compile(r"[-−+]?[\d.,]+(e[-+]?\d+)?")
_ARITHMETIC = re.compile(r"[-−+*/·×^().\d\s]+")
_FRACTION = re.compile(r"[-−+]?\d+\s*/\s*\d+")


def _number_at(reference: Reference, key: str) -> Value | None:
    """What is asked for in the blank of this key; None where it asks for no value of the graph."""
    at = key_parts(key)
    position = reference.graph.positions.get(at.name)
    if position is None:
        return None
    use = Use(position, at.port or 0)
    numbers: dict[str, Callable[[], Value]] = {
        "value": lambda: reference.value(position),
        "total": lambda: reference.gradient(position),
        "local": lambda: reference.local(use),
        "down": lambda: reference.share(use),
    }
    return numbers[at.kind]() if at.kind in numbers else None


def _filled_in_number(reference: Reference, gate: int, work: KnownValues) -> dict[str, str]:
    """The upstream of a gate, where it is what one other sent down; of an array the name it may be written by."""
    uses = reference.graph.uses[gate]
    if len(uses) != 1 or not gradient_known(reference, gate, work):
        return {}
    sent = work.answers.get(down_key(reference.name(uses[0].gate), uses[0].port))
    if sent is None or sent.verdict.carried:
        return {}
    value, name = reference.gradient(gate), reference.name(gate)
    text = _written(value, work.digits) if isinstance(value, float) else f"d{name}"
    return {total_key(name): text}


_TO_FIND = "still to be found"


def about_value(reference: Reference, position: int, work: KnownValues) -> tuple[str, ...]:
    """The card of a value: equation, value, gradient, and what its gate sends down each wire, as far as known."""
    node, f = reference.graph.nodes[position], reference.output_name
    known = value_known(reference, position, work)
    lines = [reference.equation(position) if node.gate is not None else f"{node.name}, an input"]
    if node.gate is not None:
        lines[0] += f"   ({node.gate.title})"
    lines.append(f"value: {worked_text(reference.value(position)) if known else _TO_FIND}")
    if work.asks_gradients:
        gradient = gradient_known(reference, position, work)
        lines.append(
            f"upstream ∂{f}/∂{node.name}: {worked_text(reference.gradient(position)) if gradient else _TO_FIND}"
        )
        lines += [_about_wire(reference, use, work) for use in reference.branches(position)]
    return tuple(lines)


def _about_wire(reference: Reference, use: Use, work: KnownValues) -> str:
    gate, source = reference.name(use.gate), source_name(reference, use)
    node = reference.gate_node(use.gate).gate
    assert node is not None
    parts = []
    if node.elementwise:
        formula, local = local_text(reference, use), worked_text(reference.local(use))
        told = f"{formula} = {local}" if formula and formula.replace("−", "-") != local else local
        parts.append(f"local ∂{gate}/∂{source}: {told if accepted(work, local_key(gate, use.port)) else _TO_FIND}")
    done = accepted(work, down_key(gate, use.port)) or gradient_known(reference, reference.source(use), work)
    parts.append(f"downstream: {worked_text(reference.share(use)) if done else _TO_FIND}")
    return f"to {source}:  {';  '.join(parts)}"


def close_up(reference: Reference, gate: int, at_hand: tuple[Slot, int], work: KnownValues) -> CloseUp | None:
    """A gate with what is known of its arguments, its value and both its gradients.

    `at_hand` names the number that is asked, and the port of the argument where it is one of an argument.
    """
    node, f = reference.graph.nodes[gate], reference.output_name
    wires = reference.wires(gate)
    if node.gate is None or not wires:
        return None
    ports = [use.port for use in wires]
    slot, port = at_hand
    upstream = _near(reference.gradient(gate), gradient_known(reference, gate, work), work.digits)
    senders = listed(list(dict.fromkeys(reference.name(use.gate) for use in reference.graph.uses[gate])))
    asks = work.asks_gradients
    return CloseUp(
        node.name,
        node.symbol,
        tuple(_argument(reference, use, work) for use in wires),
        _near(reference.value(gate), value_known(reference, gate, work), work.digits),
        upstream_label=f"∂{f}/∂{node.name}" if asks else "",
        upstream=upstream if asks else "",
        sender=senders if asks else "",
        at_hand=(slot, ports.index(port) if slot in ("local", "down") and port in ports else 0),
    )


def _argument(reference: Reference, use: Use, work: KnownValues) -> CloseUpArgument:
    source, gate, node = reference.source(use), reference.name(use.gate), reference.gate_node(use.gate).gate
    assert node is not None
    value = _near(reference.value(source), value_known(reference, source, work), work.digits)
    name = source_name(reference, use)
    if not work.asks_gradients or use not in reference.branches(use.gate):
        return CloseUpArgument(name, value)
    sent = _near(reference.share(use), sent_known(reference, use, work), work.digits)
    if not node.elementwise:  # it mixes entries, and no local derivative is asked
        return CloseUpArgument(name, value, sent=sent)
    local = _near(reference.local(use), accepted(work, local_key(gate, use.port)), work.digits)
    return CloseUpArgument(name, value, f"local ∂{gate}/∂{name}", local, sent)


def equation_of_downstream(reference: Reference, use: Use, work: KnownValues) -> EquationStrip | None:
    """Upstream × local = downstream at a wire; None where more than numbers are multiplied."""
    gate, node = use.gate, reference.gate_node(use.gate).gate
    upstream, share = reference.gradient(gate), reference.share(use)
    if node is None or not node.elementwise or shape_of(upstream) or shape_of(share):
        return None
    known = accepted(work, local_key(reference.name(gate), use.port))
    terms = (
        StripTerm("upstream", _shown(upstream, gradient_known(reference, gate, work), work.digits)),
        StripTerm("local", _shown(reference.local(use), known, work.digits)),
    )
    sent = _shown(share, accepted(work, down_key(reference.name(gate), use.port)), work.digits)
    return EquationStrip(terms, "×", StripTerm("downstream", sent))


def equation_of_sum(reference: Reference, position: int, work: KnownValues) -> EquationStrip | None:
    """What the gates of a fork send, added up; None where a value does not fork, or has more than a number."""
    uses, total = reference.graph.uses[position], reference.gradient(position)
    if len(uses) < 2 or shape_of(total):
        return None
    terms = tuple(
        StripTerm(
            f"from {reference.name(use.gate)}",
            _shown(reference.share(use), accepted(work, down_key(reference.name(use.gate), use.port)), work.digits),
        )
        for use in uses
    )
    name = f"∂{reference.output_name}/∂{reference.name(position)}"
    return EquationStrip(
        terms, "+", StripTerm(name, _shown(total, gradient_known(reference, position, work), work.digits))
    )


def value_known(reference: Reference, position: int, work: KnownValues) -> bool:
    """Whether a forward value is given, or found."""
    is_input = reference.graph.nodes[position].gate is None
    return is_input or not work.asks_values or accepted(work, value_key(reference.name(position)))


def sent_known(reference: Reference, use: Use, work: KnownValues) -> bool:
    """A quick learner gives totals only: where the source's is known, so is each share."""
    done = accepted(work, down_key(reference.name(use.gate), use.port))
    return done or gradient_known(reference, reference.source(use), work)
