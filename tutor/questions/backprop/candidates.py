"""The misconceptions at one blank of a graph: what they give there, and what is said, in the learner's own names.

`value_candidates`, `local_candidates`, `down_candidates` and `total_candidates` make those of one set of numbers;
`at_all_passes` makes them at the exercise's numbers with what they give at the numbers nearby.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from tutor.engine.evaluate import fold_constants, formula_of, wrong_value
from tutor.engine.gates.misconceptions import GateMisconception, Text, begins_with_a_name, text_of
from tutor.engine.graph import Use
from tutor.engine.passes import PassError, compute
from tutor.engine.values import Value, all_finite, as_value, plain, shape_of, show_shape
from tutor.judging.misconceptions import Likelihood, Misconception, across, factor_changed
from tutor.judging.mistake_texts import clause
from tutor.language import Apply, Expression, Name, Number, show
from tutor.language.tree import rename
from tutor.questions.backprop import misconceptions as rows
from tutor.questions.backprop.carried_forward import worked_text
from tutor.questions.backprop.gate_arithmetic import averaged, source_name
from tutor.questions.backprop.reference import Pass, Reference
from tutor.questions.backprop.substitutions import (
    slopes_at_inner,
    slopes_nearby,
    upstreams_of_others,
    with_other_value,
    without_a_step,
)
from tutor.questions.backprop.value_source import GatePlace, ValueSource
from tutor.questions.inflect import listed

Maker = Callable[[ValueSource], Iterable[Misconception]]
"""Makes the candidates of a blank from a value and a gradient for every node."""


def at_all_passes(make: Maker, passes: Sequence[Pass]) -> list[Misconception]:
    """The candidates at the first of some passes, with what they give at the others."""
    return across(make, ValueSource.of_pass(passes[0]), [ValueSource.of_pass(on) for on in passes[1:]])


# Which there are at a blank


def local_candidates(reference: Reference, use: Use, numbers: ValueSource) -> Iterator[Misconception]:
    """Those of a local derivative."""
    place = GatePlace(reference, use, numbers)
    yield from of_gate(place, upstream=1.0)
    yield from of_wire(place, rows.LOCAL)
    yield from slopes_at_inner(place, 1.0)
    yield from slopes_nearby(place)


def down_candidates(
    reference: Reference, use: Use, numbers: ValueSource, labels: Iterable[str] | None = None
) -> Iterator[Misconception]:
    """Those at one wire: this gate's own, then those of any gate.

    Where only some `labels` are wanted, hardly any others are worked out.
    """
    place, heads = GatePlace(reference, use, numbers), None if labels is None else set(map(_head, labels))
    yield from of_gate(place, heads=heads)
    yield from of_wire(place, rows.DOWNSTREAM, heads=heads)
    yield from slopes_at_inner(place, place.u)
    yield from upstreams_of_others(place)
    if place.stretched:
        yield from of_wire(place, rows.STRETCHED, heads=heads)
    yield from with_other_value(place, heads)
    yield from _by_a_count(place)


def _head(label: str) -> str:
    """A label as far as it is known before anything is worked out: a row may give several values."""
    return label.partition(".")[0]


def total_candidates(
    reference: Reference, position: int, numbers: ValueSource, *, with_gates: bool
) -> Iterator[Misconception]:
    """Those of a value's gradient: at a fork those of its branches; then, where asked, those at a gate."""
    uses = reference.graph.uses[position]
    value = numbers.value(position)
    if position == reference.graph.output:
        yield _at_node(reference, position, rows.SEED, value)
        yield _at_node(reference, position, rows.NO_SEED, value * 0.0)
    if not uses:
        yield _at_node(reference, position, rows.UNUSED_VALUE, value)
        yield _at_node(reference, position, rows.UNUSED_ONE, value * 0.0 + 1.0)
        return
    if len(uses) == 1:
        yield from down_candidates(reference, uses[0], numbers)
        return
    shares = [numbers.down(use) for use in uses]
    yield from _of_branches(reference, position, shares, value)
    if with_gates:
        yield from _in_a_branch(reference, uses, shares, numbers)


def value_candidates(reference: Reference, gate: int, numbers: ValueSource) -> Iterator[Misconception]:
    """Those of a gate's own value."""
    place = GatePlace(reference, Use(gate, 0), numbers)
    yield from of_gate(place, value=True)
    for row in rows.VALUE:
        for use in reference.wires(gate):
            yield from of_wire(GatePlace(reference, use, numbers), (row,), f" {use.port}")
    with suppress(PassError):
        # From the arguments: the gate's own value may be a wrong answer already.
        yield _at_node(reference, gate, rows.VALUE_SIGN, -compute(place.node, place.arguments))
    if wires := reference.wires(gate):
        yield from of_wire(GatePlace(reference, wires[0], numbers), rows.WHOLE_VALUE)
    yield from without_a_step(place)
    if np.ndim(place.y) == 2 and 1 in np.shape(place.y):
        says, asks = "it has the right numbers, in another shape", "Is it a vector, a row or a column?"
        for number, gives in enumerate((np.ravel(place.y), np.transpose(place.y))):
            yield Misconception("kept_shape", as_value(gives), says, asks, label=f"reshaped {number}")
    yield from _from_slip_before(reference, gate, numbers)


def _by_a_count(place: GatePlace) -> Iterator[Misconception]:
    """Times or over the number of entries that a mean further on is of."""

    reference = place.reference
    counts = {
        reference.name(position): averaged(reference, position)
        for position in reference.graph.gates
        if (gate := reference.gate_node(position).gate) is not None and gate.averages
    }
    for name, count in counts.items():
        if count > 1:
            says, asks = f"it is {count} times too large", f"Where does {name} divide by {count}?"
            yield Misconception("mean_no_n", place.share * count, says, asks, label=f"times {name}")
            says, asks = f"it is too small by a factor of {count}", f"How many times does {name} divide by {count}?"
            yield Misconception("averaged_twice", place.share / count, says, asks, label=f"over {name}")


def _from_slip_before(reference: Reference, gate: int, numbers: ValueSource) -> Iterator[Misconception]:
    """A slip in the value of an argument, and this gate right upon it."""
    for use in reference.wires(gate):
        before, place = reference.source(use), GatePlace(reference, use, numbers)
        if reference.gate_node(before).gate is None or shape_of(place.own):
            continue
        for one in of_gate(GatePlace(reference, Use(before, 0), numbers), value=True):
            if one.likelihood < Likelihood.COMMON:
                continue
            arguments = [
                one.gives if a == before else v for a, v in zip(place.node.arguments, place.arguments, strict=True)
            ]
            try:
                gives = compute(place.node, arguments)
            except PassError:
                continue
            name = reference.name(before)
            says = partial(_slip_before, one, name, reference.name(gate))
            yield Misconception(
                one.key, gives, says, f"What is {name}?", Likelihood.RARE, f"{name}: {one.label}",
                least_digits=3,
            )  # fmt: skip


def _slip_before(one: Misconception, name: str, gate: str) -> str:
    return f"it is {gate} with a wrong {name}, one for which {clause(one)}"


def of_gate(
    place: GatePlace, upstream: float | None = None, value: bool = False, heads: Container[str] | None = None
) -> Iterator[Misconception]:
    """This gate's own at a wire; those in its value if `value`. With `heads` only those whose labels begin so."""
    node = place.node
    assert node.gate is not None
    port = None if value else place.use.port
    arguments = place.reference.own_arguments(place.use.gate)
    for number, mistake in enumerate(node.gate.mistakes):
        if mistake.port != port or (heads is not None and _head(f"{mistake.key} {number}") not in heads):
            continue
        u: Value = 1.0 if value else place.u if upstream is None else _ones(place)
        wrong = wrong_value(node.gate, mistake, u, place.y, place.arguments, node.options)
        if wrong is None:
            continue
        # A local derivative is asked entry by entry; what goes down is summed back.
        gives = wrong if value or upstream is not None else place.back(wrong)
        if not all_finite(gives):
            continue
        filled = partial(_filled, place=place, upstream=upstream)
        pairs = not value and mistake.likelihood > Likelihood.RARE and mistake.is_formula
        yield Misconception(
            mistake.key, gives, partial(filled, mistake.clause), partial(filled, mistake.asks), mistake.likelihood,
            f"{mistake.key} {number}",
            evidence=partial(_evidence, mistake, place, upstream) if mistake.is_formula else "",
            lacks=tuple(arguments[part.name] for part in mistake.lacks if isinstance(part, Name)),
            opens_with_a_name=begins_with_a_name(mistake.clause),
            divisor=mistake.divisor,
            factor=factor_changed(gives, place.share if upstream is None else place.sent(u)) if pairs else "",
        )  # fmt: skip


def _ones(place: GatePlace) -> Value:
    shape = np.shape(place.y)
    return np.ones(shape) if shape else 1.0


def of_wire(
    place: GatePlace, table: Sequence[Misconception], mark: str = "", heads: Container[str] | None = None
) -> Iterator[Misconception]:
    """Those that any gate can have, at a wire; with `heads` only those whose labels begin so.

    `mark` tells labels of several wires apart.
    """
    for number, row in enumerate(table):
        if heads is not None and _head(f"{row.key} {number}") not in heads:
            continue
        filled = partial(_filled, place=place, upstream=None)
        for which, value in enumerate(row.gives(place)):
            if value is not None and all_finite(value):
                yield Misconception(
                    row.key, as_value(value), partial(filled, row.says), partial(filled, row.asks),
                    row.likelihood, f"{row.key} {number}.{which}{mark}", factor=row.factor,
                    least_digits=row.least_digits, divisor=_copies(place) if row.divisor else 0,
                )  # fmt: skip


def _copies(place: GatePlace) -> int:
    """How many copies of each entry of the argument the gate made."""
    return np.size(place.y) // max(1, np.size(place.own))


def _at_node(
    reference: Reference, position: int, row: Misconception, value: Value, branch: int | None = None
) -> Misconception:
    """One at a value; at one of its branches."""
    # The numbers of the branches are the learner's to find where they were not asked before: names do here.
    parts = listed([_sender(reference, position, number) for number in _sending(reference, position)])
    names = {
        "y": reference.name(position),
        "f": reference.output_name,
        "parts": f"{parts} each send something" if parts else "",
        "branch": "" if branch is None else _sender(reference, position, branch),
    }
    says, asks = (text_of(text).format(**names) for text in (row.says, row.asks))
    return Misconception(row.key, value, says, asks, row.likelihood, f"{row.key} {branch}")


def _sending(reference: Reference, position: int) -> list[int]:
    """The branches of a value that send something back: those into a comparison do not."""
    nodes = reference.graph.nodes
    uses = enumerate(reference.graph.uses[position])
    return [branch for branch, use in uses if (gate := nodes[use.gate].gate) is not None and not gate.is_flat(use.port)]


def _sender(reference: Reference, position: int, branch: int) -> str:
    use = reference.graph.uses[position][branch]
    gate = reference.name(use.gate)
    twice = sum(other.gate == use.gate for other in reference.graph.uses[position]) > 1
    return f"{gate} ({('first', 'second', 'third')[min(use.port, 2)]} wire)" if twice else gate


def _of_branches(reference: Reference, position: int, shares: Sequence[Value], value: Value) -> Iterator[Misconception]:
    """What becomes of the branches at a fork. The first wire of the graph is the last to send its share back.

    Branches into a comparison never send anything, so nobody averages or subtracts what they send.
    """
    total = sum(shares[1:], start=shares[0])
    sending = {branch: shares[branch] for branch in _sending(reference, position)}
    at, last = partial(_at_node, reference, position), len(sending) - 1
    for branch, share in sending.items():
        yield at(rows.OVERWROTE if branch == 0 else rows.ONE_BRANCH, share, branch)
    if last > 1:
        for branch, share in sending.items():
            yield at(rows.MISSED_BRANCH, total - share, branch)
    yield at(rows.TOTAL_SIGN, -total)
    if last > 0:
        yield at(rows.MULTIPLIED, as_value(np.prod(np.stack([*sending.values()]), axis=0)))
        yield at(rows.AVERAGED, total / len(sending))
        for branch, share in sending.items():
            yield at(rows.TOTAL_SUBTRACTED, total - 2 * share, branch)
    yield at(rows.TOTAL_VALUE, value)


def _in_a_branch(
    reference: Reference, uses: Sequence[Use], shares: Sequence[Value], numbers: ValueSource
) -> Iterator[Misconception]:
    """One branch gone wrong and the others added rightly; or the same slip in each of them."""
    total = sum(shares[1:], start=shares[0])
    everywhere: dict[str, list[Misconception]] = {}
    for branch, (use, share) in enumerate(zip(uses, shares, strict=True)):
        for one in down_candidates(reference, use, numbers):
            if shape_of(one.gives) != shape_of(share):
                continue
            gate = reference.name(use.gate)
            alone = partial(_sends, one, f"it is right except for what {gate} sends")
            yield replace(
                one, label=f"{branch}: {one.label}", gives=total - share + one.gives, says=alone, evidence="",
                opens_with_a_name=False,
            )  # fmt: skip
            if one.likelihood > Likelihood.RARE:
                everywhere.setdefault(one.label, []).append(one)
    for label, slips in everywhere.items():
        if len(slips) == len(uses):
            summed = sum((one.gives for one in slips[1:]), start=slips[0].gives)
            gate = reference.name(uses[0].gate)
            yield replace(
                slips[0], label=f"all: {label}", gives=summed, evidence="", opens_with_a_name=False,
                says=partial(_sends, slips[0], f"it has the same mistake in every branch: what {gate} sends", ""),
            )  # fmt: skip


def _sends(one: Misconception, opening: str, joined: str = ", which") -> str:
    """What was done in a branch, after an opening that ends in what the branch sends."""
    says = clause(one)
    evidence = one.evidence if isinstance(one.evidence, str) else one.evidence()
    return f"{opening}{joined} {evidence}: {says}" if evidence else f"{opening}{joined}{says.removeprefix('it')}"


# In the learner's names


_LONGEST = 40
"""A formula with its numbers put in is shown up to this length."""


def _evidence(mistake: GateMisconception, place: GatePlace, upstream: float | None) -> str:
    """How the answer comes about: `is upstream·x = 2·3`."""
    node, reference, gate = place.node, place.reference, place.use.gate
    assert node.gate is not None and isinstance(mistake.gives, str)
    formula = formula_of(mistake.gives, node.gate.arguments)
    arrived: Expression = Name("upstream") if upstream is None else _number(1.0)
    own = fold_constants(reference.in_own_names(gate, formula, u=arrived, y=Name(reference.name(gate))))
    shown = reference.shown(own, upstream=shape_of(place.u))
    if isinstance(own, Number):
        times = {"0": "not at all, not", "1": "exactly", "−1": "in the opposite direction, exactly"}.get(
            shown, f"{shown} times"
        )
        return f"says that {reference.name(gate)} moves {times} as fast as {source_name(reference, place.use)}"
    if shown == "upstream":
        return "is the upstream as it arrived"
    if isinstance(own, Name):
        return f"is the value of {shown}"
    numbers = _with_numbers(place, own)
    return f"is {shown} = {numbers}" if numbers not in ("", shown) else f"is {shown}"


def _with_numbers(place: GatePlace, own: Expression) -> str:
    """A formula in own names with the numbers put in; "" where they are arrays, or make it long."""
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


def _filled(text: Text, place: GatePlace, upstream: float | None) -> str:
    return text_of(text).format(**_places(place, upstream))


def _places(place: GatePlace, upstream: float | None) -> Mapping[str, str]:
    reference, use, node = place.reference, place.use, place.node
    assert node.gate is not None
    arguments = {name: show(part) for name, part in reference.own_arguments(use.gate).items()}
    names = list(arguments.values())
    arrived = place.u if upstream is None else upstream
    places = {
        **arguments,
        "y": reference.name(use.gate),
        "f": reference.output_name,
        "u": "" if shape_of(arrived) else f" {worked_text(arrived)}",  # an array has no number to put in
        "shape": show_shape(place.shape) if place.shape else "a number",
        "wide": show_shape(shape_of(place.y)),
        "other": names[1 - use.port] if len(names) == 2 else "",
    }
    source = node.arguments[use.port]
    if isinstance(source, int):  # the wire that is asked about; a value has none
        places["own"] = source_name(reference, use)
        # Where it is used elsewhere too, the output may move the other way.
        places["alone"] = f", in {places['y']} alone" if len(reference.graph.uses[source]) > 1 else ""
    return places
