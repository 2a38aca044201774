"""What people get wrong in a gradient: at the wires that it comes down, in its formula, in the values on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial

import numpy as np

from tutor.engine.passes import PassError, forward
from tutor.engine.values import Value, as_value, shape_of
from tutor.judging.misconceptions import Likelihood, Misconception
from tutor.language import Apply, Expression, Name, Number, names_in, walk
from tutor.questions.backward_context import GraphWire
from tutor.questions.graph_candidates import gradient_candidates, gradient_upon_slips
from tutor.questions.inflect import listed
from tutor.questions.value.asked_formula import AskedFormula, OwnNumbers, inputs_of
from tutor.questions.value.of_value import wrong_sign
from tutor.questions.value.reference import ReferenceValues

RARE, POSSIBLE, COMMON = Likelihood


def of_gradient(asked: AskedFormula, reference: ReferenceValues) -> Iterator[Misconception]:
    """Those at some numbers. Raises ValueError, PassError where there is no gradient."""
    tree, by = asked.tree, asked.by
    truth = reference.gradient(tree, by)
    yield wrong_sign(asked, truth)
    with suppress(ValueError):
        says = f"it is the value of {asked.shown or 'the formula'} itself"
        asks = f"A gradient says how fast that changes. How fast does it change with {listed(by)}?"
        yield Misconception("value_for_gradient", reference.value(tree), says, asks, POSSIBLE)
    if len(by) > 1:
        says, asks = "these are the right numbers in reverse order", "Which gradient comes first?"
        yield Misconception("wrong_order", as_value(np.flip(truth)), says, asks)
        yield from _of_several(asked, reference)
        return
    yield from _misshapen(truth, by[0])
    if not shape_of(truth):
        says = f"that says that {by[0]} has no effect"
        yield Misconception("no_effect", 0.0, says, f"If {by[0]} moves a little, what moves with it?", POSSIBLE)
    yield from _of_steps(asked, reference, by[0])
    yield from _of_wires(asked, reference, by[0])
    for number, edit in enumerate(asked.edits):
        if edit.likelihood is COMMON and set(by) <= set(names_in(reference.expanded(edit.gives, by))):
            with suppress(ValueError, PassError):
                gives = reference.gradient(edit.gives, by)
                yield Misconception(edit.key, gives, partial(asked.told, edit), likelihood=RARE, label=f"edit {number}")
    yield from _from_wrong_values(asked, reference, by[0])
    for name in names_in(reference.expanded(tree, by)):
        if name not in by:
            yield _by_another(name, by[0], reference.gradient(tree, (name,)))
    if any(isinstance(part, Apply) and _squares(part) for part in walk(reference.expanded(tree, by))):
        for number, factor in enumerate((0.5, 2.0)):
            says = "it is half the right answer" if number == 0 else "it is twice the right answer"
            asks = "Where does the factor 2 of the square go?"
            yield Misconception(
                "missing_factor_2" if number == 0 else "factor_2", truth * factor, says, asks, RARE,
                f"factor {number}",
            )  # fmt: skip


def _of_steps(asked: AskedFormula, reference: ReferenceValues, by: str) -> Iterator[Misconception]:
    """What arrives at a named formula on the way, alone; and its own slope, alone."""
    for name in reference.lets:
        if name == by or not _on_the_way(reference, asked.tree, name, by) or Name(name) == asked.tree:
            continue
        with suppress(ValueError, PassError):
            yield _slope_alone(name, by, reference.gradient(Name(name), (by,)))
            yield _arrived(name, by, reference.gradient(asked.tree, (name,)))


def _of_several(asked: AskedFormula, reference: ReferenceValues) -> Iterator[Misconception]:
    """The same mistake at each of several numbers."""
    # Of several wires the nearest: a later one does not take its place.
    each = [
        {one.label.partition(" ")[2]: one for one in reversed(list(_of_wires(asked, reference, name)))}
        for name in asked.by
    ]
    for label, one in each[0].items():
        if all(label in others for others in each) and not any(shape_of(part[label].gives) for part in each):
            gives = as_value([float(part[label].gives) for part in each])
            yield replace(one, gives=gives, label=f"each {label}")


def _of_wires(asked: AskedFormula, reference: ReferenceValues, by: str) -> Iterator[Misconception]:
    context = asked.context(reference, by)
    if context is None:
        return
    for wire in context.wires:
        yield from gradient_candidates(context, wire, {})
        if not shape_of(wire.y):
            says, asks = partial(_value_of, wire), "How fast does that change?"
            yield Misconception("value_for_gradient", wire.y, says, asks, RARE, f"value {wire.gate}", least_digits=3)


def _from_wrong_values(asked: AskedFormula, reference: ReferenceValues, by: str) -> Iterator[Misconception]:
    """A slip in a value on the way, and the gradient right upon it: u + v for the slope u v of u v h."""
    made = asked.graph((by,))
    if made is None:
        return
    graph, parts = made
    with suppress(PassError, ValueError):
        values = forward(graph, {name: reference.values[name] for name in inputs_of(graph)})
        written = asked.written(graph, parts, asked.tree, reference)
        yield from gradient_upon_slips(graph, values, graph.positions[by], written)


def of_gradient_upon(asked: AskedFormula, own: OwnNumbers) -> Iterator[Misconception]:
    """Those of the way to a gradient upon the learner's own numbers; none of several gradients at once."""
    reference = asked.reference.with_values(own.values)
    if len(asked.by) != 1:
        return
    by = asked.by[0]
    for name, value in own.arrived.items():
        if name != by and _on_the_way(reference, asked.tree, name, by):
            yield _arrived(name, by, value)
    for (name, under), value in own.slopes.items():
        if under == by:
            yield _slope_alone(name, by, value)
    context = asked.context(asked.reference, by, own)
    if context is not None:
        for wire in context.wires:
            yield from gradient_candidates(context, wire, {})
        for position in context.graph.inputs:
            other = context.upstream(position)
            if position != context.position and other is not None:
                yield _by_another(context.graph.nodes[position].name, by, other)


def _slope_alone(name: str, by: str, gives: Value) -> Misconception:
    says, asks = f"it is only the local slope of {name} with respect to {by}", f"What arrives at {name} from the loss?"
    return Misconception("forgot_upstream", gives, says, asks, COMMON, f"slope of {name}")


def _arrived(name: str, by: str, gives: Value) -> Misconception:
    says, asks = f"it is what arrives at {name}", f"How does {name} itself change with {by}?"
    return Misconception("forgot_local", gives, says, asks, COMMON, f"arrives at {name}")


def _by_another(name: str, by: str, gives: Value) -> Misconception:
    says, asks = f"it is the gradient with respect to {name}, not {by}", f"What is it with respect to {by}?"
    return Misconception("other_variable", gives, says, asks, POSSIBLE, f"by {name}")


def _value_of(wire: GraphWire) -> str:
    return f"it is the value of {wire.texts['y']}"


def _misshapen(truth: Value, name: str) -> Iterator[Misconception]:
    """The right numbers in a wrong shape: added up, or with an axis too many."""
    shape = shape_of(truth)
    if not shape:
        return
    asks = f"A gradient has the shape of its value: what is that of {name}?"
    yield Misconception("summed_up", float(np.sum(truth)), "it is the sum of all entries", asks)
    kept = np.reshape(truth, (1, *shape))
    yield Misconception("kept_axis_back", kept, "it has the right numbers but one axis too many", asks)
    if 1 in shape:
        lost = np.reshape(truth, tuple(size for size in shape if size != 1))
        yield Misconception("lost_axis_back", as_value(lost), "it has the right numbers, but one axis is missing", asks)
    if len(shape) == 2:
        yield Misconception("grad_transposed", np.transpose(truth), "it is the right answer, transposed", asks)


def _on_the_way(reference: ReferenceValues, tree: Expression, let: str, by: str) -> bool:
    """Whether the formula uses this named formula, and that the name."""
    return let in names_in(reference.expanded(tree, (let, by))) and by in names_in(reference.expanded(Name(let), (by,)))


def _squares(part: Apply) -> bool:
    if part.operation == "squared_norm":
        return True
    return part.operation == "pow" and isinstance(part.arguments[1], Number) and part.arguments[1].value == 2
