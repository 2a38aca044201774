"""The sentences about mistakes, filled in with the names and numbers of the gate at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from tutor.engine.constant_folding import fold_constants
from tutor.engine.format_value import plain
from tutor.engine.gates.mistakes import Mistake, begins_with_a_name
from tutor.engine.graph import Use
from tutor.engine.values import Value, shape_of, show_shape
from tutor.engine.wrong_ways import formula_of
from tutor.judging.precision import written_number
from tutor.language import Apply, Expression, Name, Number, show
from tutor.language.tree import rename
from tutor.questions.backprop.carried_forward import worked_text
from tutor.questions.backprop.gate_arithmetic import in_numbers, source_name
from tutor.questions.backprop.misconceptions import NodeMisconception, WrongWay
from tutor.questions.backprop.reference import Reference, value_key
from tutor.questions.backprop.value_source import GatePlace
from tutor.questions.blank import Answers
from tutor.questions.inflect import listed, sentence


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


_LONGEST = 40
"""A formula with its numbers put in is shown up to this length."""

_ADDED = "What arrives at {y} along its branches adds up: {parts}. What is the sum?"

SEED = NodeMisconception("seed_not_one", "is the value of {y}", "If {y} grows by 0.01, how much does {y} grow?")
ONE_BRANCH = NodeMisconception("one_branch_only", "is only what {branch} sends", _ADDED)
OVERWROTE = NodeMisconception(
    "overwrote_branch", "is only what {branch} sends, as if the last branch had overwritten the others", _ADDED
)
MISSED_BRANCH = NodeMisconception("missed_branch", "leaves out what {branch} sends", _ADDED)
MULTIPLIED = NodeMisconception(
    "multiplied_branches",
    "multiplies what the branches send",
    "{parts}. Slopes multiply along a chain. What do side-by-side branches do?",
)
AVERAGED = NodeMisconception(
    "averaged_branches",
    "averages what the branches send",
    "{parts}. Does each branch's effect on {f} count in part, or in full?",
)
TOTAL_SIGN = NodeMisconception(
    "sign_flipped", "has the right size and the wrong sign", "Nudge {y} up a little: does {f} rise or fall?"
)
TOTAL_SUBTRACTED = NodeMisconception("subtracted_branches", "subtracts one branch from the other", _ADDED)
TOTAL_VALUE = NodeMisconception(
    "value_for_gradient",
    "is the forward value of {y}",
    "Green is the value, red is the gradient. How fast does {f} move when {y} moves?",
)
VALUE_SIGN = NodeMisconception(
    "sign_lost", "has the right size and the wrong sign", "Which sign comes out of this gate, and why?"
)
BRANCHES = (ONE_BRANCH, OVERWROTE, MISSED_BRANCH, MULTIPLIED, AVERAGED, TOTAL_SIGN, TOTAL_SUBTRACTED, TOTAL_VALUE)


def way_at(
    reference: Reference, position: int, row: NodeMisconception, value: Value, branch: int | None = None
) -> WrongWay:
    """A wrong way at a value; at one of its branches."""
    # The numbers of the branches are the learner's to find where they were not asked before: names do here.
    parts = listed([_sender(reference, position, number) for number in sending(reference, position)])
    names = {
        "y": reference.name(position),
        "f": reference.output_name,
        "parts": f"{parts} each send something" if parts else "",
        "branch": "" if branch is None else _sender(reference, position, branch),
    }
    return WrongWay(f"{row.key} {branch}", row.key, value, row, names=tuple(names.items()))


def sending(reference: Reference, position: int) -> list[int]:
    """The branches of a value that send something back: those into a comparison do not."""
    nodes = reference.graph.nodes
    uses = enumerate(reference.graph.uses[position])
    return [branch for branch, use in uses if (gate := nodes[use.gate].gate) is not None and not gate.is_flat(use.port)]


def _sender(reference: Reference, position: int, branch: int) -> str:
    use = reference.graph.uses[position][branch]
    gate = reference.name(use.gate)
    twice = sum(other.gate == use.gate for other in reference.graph.uses[position]) > 1
    return f"{gate} ({('first', 'second', 'third')[min(use.port, 2)]} wire)" if twice else gate


def message(answer: Expression, matches: Sequence[WrongWay]) -> str:
    """What was done and the question that leads on; of two that are possible, both."""
    written = written_number(answer)
    this = written.text if written else "this"
    if len(matches) == 1 and _only_repeats(matches[0], answer):
        return f"{_filled(matches[0].what.says, matches[0])}. {_filled(matches[0].what.asks, matches[0])}"
    clauses = [_says(way, this) for way in matches]
    if len(matches) == 1:
        return f"{sentence(f'{this} {clauses[0]}')} {_filled(matches[0].what.asks, matches[0])}"
    return sentence(f"two mistakes give {this}: it {clauses[0]}; or it {clauses[1]}") + " Which was it?"


def _only_repeats(way: WrongWay, answer: Expression) -> bool:
    """Whether the formula that would be said is what was typed."""
    return not way.slip_in and _is_clause(way) and _evidence(way, "this") == f"is {show(answer)}"


def scaled_by_two(answer: Expression, asks: str) -> str:
    """What is said of half the right answer, or twice it."""
    written = written_number(answer)
    this = written.text if written else "this"
    return f"{sentence(f'{this} is off by a factor of 2')} {asks}"


def alone(way: WrongWay) -> str:
    """What was done, as a clause of its own: `it is the local derivative alone, without the upstream`."""
    return _in_a_branch(way) if way.slip_in else _clause(way)


def asked(way: WrongWay) -> str:
    """The question that leads on."""
    return _filled(way.what.asks, way)


def about_formula(matches: Sequence[WrongWay]) -> str:
    """The same of a formula that has been shown, and that has the right value here."""
    clauses = [_clause(way) for way in matches]
    if len(matches) == 1:
        # A name keeps its small letter.
        opens = (
            f"here {clauses[0]}" if _is_clause(matches[0]) and begins_with_a_name(matches[0].what.says) else clauses[0]
        )
        return f"{sentence(opens)} {_filled(matches[0].what.asks, matches[0])}"
    return sentence(f"either {clauses[0]}; or {clauses[1]}") + " Which was it?"


def _clause(way: WrongWay) -> str:
    """What was done, in a clause that stands alone."""
    says = _filled(way.what.says, way)
    return says if _is_clause(way) else f"it {says}"


def _is_clause(way: WrongWay) -> bool:
    """Whether its text is a whole clause. A slip's text, and a few of a gate's, follow the answer."""
    return isinstance(way.what, Mistake) and way.what.is_clause


def _in_a_branch(way: WrongWay) -> str:
    """What was done in one of the branches of a sum."""
    assert way.place is not None
    gate, says = way.place.reference.name(way.place.use.gate), _filled(way.what.says, way)
    return f"in what {gate} sends, {says}" if _is_clause(way) else f"what {gate} sends {says}"


def _says(way: WrongWay, this: str) -> str:
    says = _filled(way.what.says, way)
    if _is_clause(way):
        says = f"{_evidence(way, this)}: {says}"
    if way.slip_in:
        assert way.place is not None
        gate = way.place.reference.name(way.place.use.gate)
        if way.slip_in == "one":
            says = f"is right except for what {gate} sends, which {says}"
        else:
            says = f"has the same mistake in every branch: what {gate} sends {says}"
    return says


def _evidence(way: WrongWay, this: str) -> str:
    """How the answer comes about: `is upstream·x = 2·3`."""
    assert isinstance(way.what, Mistake) and isinstance(way.what.wrong, str) and way.place is not None
    place, node = way.place, way.place.node
    assert node.gate is not None
    formula = formula_of(way.what.wrong, node.gate.arguments)
    upstream: Expression = Name("upstream") if way.upstream is None else _number(1.0)
    reference, gate = place.reference, place.use.gate
    own = reference.in_own_names(gate, formula, u=upstream, y=Name(reference.name(gate)))
    shown = reference.shown(fold_constants(own), upstream=shape_of(place.u))
    if isinstance(fold_constants(own), Number):
        times = {"1": "exactly", "−1": "in the opposite direction, exactly"}.get(shown, f"{shown} times")
        return f"says that {reference.name(gate)} moves {times} as fast as {source_name(reference, place.use)}"
    if shown == "upstream":
        return "is the upstream as it arrived"
    numbers = _with_numbers(way, fold_constants(own))
    return f"is {shown} = {numbers}" if numbers not in ("", shown, this) else f"is {shown}"


def _with_numbers(way: WrongWay, own: Expression) -> str:
    """A formula in own names with the numbers put in; "" where they are arrays, or make it long."""
    place = way.place
    assert place is not None
    parts = zip(place.reference.own_arguments(place.use.gate).values(), place.arguments, strict=True)
    values = {part.name: value for part, value in parts if isinstance(part, Name)}
    values |= {place.reference.name(place.use.gate): place.y, "upstream": place.u}
    if any(shape_of(value) for value in values.values()):
        return ""
    put_in = _signed(rename(own, {name: _number(float(value)) for name, value in values.items()}))
    if not isinstance(put_in, Apply):
        return ""
    text = show(put_in)
    return text if len(text) <= _LONGEST else ""


def _signed(tree: Expression) -> Expression:
    """The opposite of a number as a negative number: -0.7 for -(0.7)."""
    if not isinstance(tree, Apply):
        return tree
    arguments = tuple(_signed(part) for part in tree.arguments)
    first = arguments[0]
    if tree.operation == "neg" and isinstance(first, Number) and first.value > 0:
        return Number(-first.value, f"-{first.text}")
    return replace(tree, arguments=arguments)


def _number(value: float) -> Number:
    text = plain(value)
    return Number(Fraction(text), text)


def _filled(text: str, way: WrongWay) -> str:
    return text.format(**(_places(way.place, way) if way.place is not None else dict(way.names)))


def _places(place: GatePlace, way: WrongWay) -> dict[str, str]:
    reference, use, node = place.reference, place.use, place.node
    assert node.gate is not None
    arguments = {name: show(part) for name, part in reference.own_arguments(use.gate).items()}
    names = list(arguments.values())
    upstream = place.u if way.upstream is None else way.upstream
    places = {
        **arguments,
        "y": reference.name(use.gate),
        "f": reference.output_name,
        "u": "" if shape_of(upstream) else f" {worked_text(upstream)}",  # an array has no number to put in
        "shape": show_shape(place.shape) if place.shape else "a number",
        "wide": show_shape(shape_of(place.y)),
        "other": names[1 - use.port] if len(names) == 2 else "",
    }
    if isinstance(node.arguments[use.port], int):  # the wire that is asked about; a value has none
        places["own"] = source_name(reference, use)
    return places
