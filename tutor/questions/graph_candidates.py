"""The misconceptions in a graph's value and in its gradients: at every gate, what goes on from there being right.

For kinds in which the gates between what is given and what is asked are not asked about one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from tutor.engine.evaluate import evaluate, wrong_value
from tutor.engine.gates import vocabulary
from tutor.engine.gates.misconceptions import GateMisconception, begins_with_a_name, text_of
from tutor.engine.graph import Graph
from tutor.engine.operation import Fixed, Node
from tutor.engine.passes import PassError, arguments_at, compute, local_derivative
from tutor.engine.values import Value, all_finite, as_value, plain, shape_of
from tutor.judging.misconceptions import SIGN, SLOPE, Likelihood, Misconception, factor_changed
from tutor.judging.mistake_texts import in_prose
from tutor.judging.precision import roundings
from tutor.language import Apply, Expression, Name, Number, read_expression, show, walk
from tutor.questions.backward_context import GraphContext, GraphWire, carried

RARE, POSSIBLE, COMMON = Likelihood

_FORGOT = "How fast does {y} move when {own} moves?"
_CHAIN = "Along a chain the slopes multiply: which one comes before {y}?"


# In a value


def value_candidates(
    graph: Graph, values: Sequence[Value], written: Callable[[int], Expression]
) -> Iterator[Misconception]:
    """A gate's mistake at any of the gates, and the rest of the graph right upon it."""
    everywhere: dict[tuple[str, str], dict[int, Misconception]] = {}
    for position in graph.gates:
        for one in _at_gate(graph, values, written, position):
            everywhere.setdefault((one.key, one.label), {})[position] = one
            gives = _onward(graph, values, {position: one.gives})
            if gives is not None:
                yield Misconception(
                    one.key, gives, one.says, one.asks, one.likelihood, f"{position}: {one.label}",
                    opens_with_a_name=one.opens_with_a_name,
                )  # fmt: skip
    for slips in everywhere.values():
        if len(slips) > 1:
            yield from _at_all(graph, values, slips)


def rounded_values(
    graph: Graph, values: Sequence[Value], written: Callable[[int], Expression]
) -> Iterator[Misconception]:
    """The graph's value with the value of one of its gates rounded, and carried on so."""
    for position in graph.gates[:-1]:
        for number, rounded in enumerate(_rounded(values[position])):
            gives = _onward(graph, values, {position: rounded})
            if gives is not None:
                yield _rounded_early(gives, partial(_shown, written, position), rounded, f"{position} {number}")


def rounded_gradients(context: GraphContext) -> Iterator[Misconception]:
    """The gradient with the value of one gate rounded, or what arrives at one."""
    graph, values = context.graph, context.values
    for position in graph.gates:
        for number, rounded in enumerate(_rounded(values[position])):
            now = [*values[:position], rounded, *values[position + 1 :]]
            gives = carried(graph, now, context.start).get(context.position)
            if gives is not None and all_finite(gives):
                name = partial(_shown, context.written, position)
                yield _rounded_early(gives, name, rounded, f"{position} {number}")
    for wire in context.wires:
        arrived = context.upstream(wire.gate)
        for number, rounded in enumerate(_rounded(arrived) if arrived is not None else ()):
            gives = context.from_start({wire.gate: rounded})
            name = partial(_what_arrives, context.written, wire.gate)
            yield _rounded_early(gives, name, rounded, f"arrived {wire.gate} {number}")
        for number, rounded in enumerate(_rounded(wire.local) if wire.local is not None else ()):
            bent = context.bent(wire, partial(_times, rounded))
            if bent is not None:
                yield _rounded_early(bent, partial(_slope_of, wire), rounded, f"slope {wire.gate}.{wire.port} {number}")


def rounded_parts(tree: Expression, at: Mapping[str, Value]) -> Iterator[Misconception]:
    """The value of a formula with that of one of its parts rounded, and carried on so."""
    for part in dict.fromkeys(node for node in walk(tree) if isinstance(node, Apply) and node != tree):
        for number, rounded in enumerate(_rounded(evaluate(part, at))):
            gives = evaluate(_with_part(tree, part, rounded), at)
            if all_finite(gives):
                yield _rounded_early(gives, partial(show, part), rounded, f"{show(part)} {number}")


def _with_part(tree: Expression, part: Expression, value: float) -> Expression:
    if tree == part:
        return Number(Fraction(value), plain(value))
    if isinstance(tree, Apply):
        return replace(tree, arguments=tuple(_with_part(one, part, value) for one in tree.arguments))
    return tree


def _rounded(value: Value) -> list[float]:
    return [] if shape_of(value) else roundings(float(value))


def _shown(written: Callable[[int], Expression], position: int) -> str:
    return show(written(position))


def _slope_of(wire: GraphWire) -> str:
    return f"the slope of {wire.texts['y']} with respect to {wire.texts['own']}"


def _what_arrives(written: Callable[[int], Expression], gate: int) -> str:
    return f"what arrives at {show(written(gate))}"


def _rounded_early(gives: Value, name: Callable[[], str], rounded: float, label: str) -> Misconception:
    def says() -> str:
        return f"it comes out when {name()} is rounded to {plain(rounded)} on the way"

    asks = "Which digits of that does the result need?"
    return Misconception("rounded_early", gives, says, asks, RARE, f"rounded {label}", least_digits=3)


def _at_all(graph: Graph, values: Sequence[Value], slips: Mapping[int, Misconception]) -> Iterator[Misconception]:
    """The same mistake at every gate of a kind, as with a calculator that is set wrongly."""
    gives = _onward(graph, values, {position: one.gives for position, one in slips.items()})
    first = next(iter(slips.values()))
    if gives is not None:
        yield Misconception(
            first.key, gives, first.says, first.asks, RARE, f"all: {first.label}",
            opens_with_a_name=first.opens_with_a_name,
        )  # fmt: skip


def gradient_upon_slips(
    graph: Graph, values: Sequence[Value], of: int, written: Callable[[int], Expression]
) -> Iterator[Misconception]:
    """The gradient of the graph's value by one node, with a common mistake in the value of a gate."""
    for position in graph.gates:
        for one in _at_gate(graph, values, written, position):
            if one.likelihood is not COMMON:
                continue
            now = [*values[:position], one.gives, *values[position + 1 :]]
            gives = carried(graph, now, {graph.output: 1.0}).get(of)
            if gives is not None and all_finite(gives):
                yield Misconception(
                    one.key, gives, one.says, one.asks, RARE, f"upon {position}: {one.label}",
                    opens_with_a_name=one.opens_with_a_name,
                )  # fmt: skip


def _at_gate(
    graph: Graph, values: Sequence[Value], written: Callable[[int], Expression], position: int
) -> Iterator[Misconception]:
    node = graph.nodes[position]
    assert node.gate is not None
    arguments, texts = arguments_at(node, values), partial(_texts, graph, written, node, position)
    for number, mistake in enumerate(node.gate.mistakes):
        if mistake.port is None:
            wrong = wrong_value(node.gate, mistake, 1.0, values[position], arguments, node.options)
            if wrong is not None and all_finite(wrong):
                yield _of_gate(mistake, number, wrong, texts)
    for port, argument in enumerate(node.arguments):
        if isinstance(argument, int) and shape_of(arguments[port]) == shape_of(values[position]):
            says, asks = "it uses {own} instead of {y}", "What is done to {own}?"
            places = partial(_own_and_gate, written, argument, position)
            yield Misconception(
                "argument_for_value", arguments[port], _later(says, places), _later(asks, places), POSSIBLE,
                f"argument {port}",
            )  # fmt: skip


def _onward(graph: Graph, values: Sequence[Value], changed: Mapping[int, Value]) -> Value | None:
    """The graph's value with other values at some gates; None where it has none."""
    now = list(values)
    first = min(changed)
    for position in range(first, graph.output + 1):
        node = graph.nodes[position]
        if position in changed:
            now[position] = changed[position]
        elif node.gate is not None:
            try:
                now[position] = compute(node, arguments_at(node, now))
            except (PassError, ValueError):
                return None
    return now[graph.output] if all_finite(now[graph.output]) else None


def _texts(graph: Graph, written: Callable[[int], Expression], node: Node, position: int) -> dict[str, str]:
    assert node.gate is not None
    shown = [
        show(argument.written) if isinstance(argument, Fixed) else _operand(written(argument))
        for argument in node.arguments
    ]
    return {
        **dict(zip(node.gate.arguments, shown, strict=True)),
        "y": show(written(position)),
        "f": show(written(graph.output)),
    }


def _operand(part: Expression) -> str:
    is_sum = isinstance(part, Apply) and part.operation in ("add", "sub", "neg")
    return f"({show(part)})" if is_sum else show(part)


Places = Callable[[], Mapping[str, str]]
"""What stands for the places of a text: put together when it is said, and most texts never are."""


def _later(text: str, places: Places) -> Callable[[], str]:
    return lambda: in_prose(text, places())


def _own_and_gate(written: Callable[[int], Expression], own: int, gate: int) -> dict[str, str]:
    return {"own": show(written(own)), "y": show(written(gate))}


def _of_gate(mistake: GateMisconception, number: int, gives: Value, places: Places) -> Misconception:
    """A gate's mistake where no evidence is shown: what follows an expression stands alone there."""
    says = mistake.clause
    return Misconception(
        mistake.key, gives, _later(says, places), _later(mistake.asks, places), mistake.likelihood,
        f"{mistake.key} {number}", opens_with_a_name=begins_with_a_name(says),
    )  # fmt: skip


# In a gradient


def gradient_candidates(context: GraphContext, wire: GraphWire, known: Mapping[str, Value]) -> Iterator[Misconception]:
    """Those at one wire on the way down. `known` are values that may be taken for one another."""
    yield from _own(context, wire)
    yield from _slopes_at_inner(context, wire)
    yield from _other_values(context, wire, known)
    yield from _parts_of_slope(context, wire)
    yield from _common(context, wire)


def _own(context: GraphContext, wire: GraphWire) -> Iterator[Misconception]:
    assert wire.node.gate is not None
    for number, mistake in enumerate(wire.node.gate.mistakes):
        if mistake.port != wire.port:
            continue
        gives = context.bent(wire, partial(_mistaken, wire, mistake))
        if gives is not None:
            one = _of_gate(mistake, number, gives, lambda: wire.texts)
            changed = factor_changed(gives, context.truth)
            factor = changed if changed == SIGN else _slope_factor(wire)
            yield replace(
                one, label=f"{wire.gate}.{wire.port} {one.label}", lacks=_constants_among(wire, mistake.lacks),
                factor=factor if mistake.likelihood is COMMON else "",
            )  # fmt: skip


def _constants_among(wire: GraphWire, parts: Sequence[Expression]) -> tuple[Expression, ...]:
    """Of the gate's own names those that are constants here, as they are written."""
    assert wire.node.gate is not None
    own = zip(wire.node.gate.arguments, wire.node.arguments, strict=True)
    return tuple(one.written for name, one in own if isinstance(one, Fixed) and Name(name) in parts)


def _slope_factor(wire: GraphWire) -> str:
    return f"{SLOPE} {wire.gate}.{wire.port}"


def _mistaken(wire: GraphWire, mistake: GateMisconception, upstream: Value, _share: Value) -> Value | None:
    assert wire.node.gate is not None
    return wrong_value(wire.node.gate, mistake, upstream, wire.y, wire.arguments, wire.node.options)


def _other_values(context: GraphContext, wire: GraphWire, known: Mapping[str, Value]) -> Iterator[Misconception]:
    """At a product: another value of the same shape in place of the factor that belongs there."""
    assert wire.node.gate is not None
    if wire.node.gate.key not in ("mul", "matmul", "outer", "dot"):
        return
    for name, value in known.items():
        if name == wire.texts["other"] or shape_of(value) != shape_of(wire.arguments[1 - wire.port]):
            continue
        arguments = (value, wire.arguments[1]) if wire.port else (wire.arguments[0], value)
        gives = context.bent(wire, partial(_with_arguments, wire, arguments))
        if gives is not None:
            yield _made(wire, f"{name} for another", "other_value", gives, f"it uses {name} instead of {{other}}",
                        "What is {own} multiplied by in {y}?")  # fmt: skip


def _with_arguments(wire: GraphWire, arguments: tuple[Value, ...], upstream: Value, _share: Value) -> Value:
    return wire.send(upstream, arguments)


def _slopes_at_inner(context: GraphContext, wire: GraphWire) -> Iterator[Misconception]:
    """The slope at what goes into the argument, instead of at the argument: 2 y for 2 (y - t)."""
    source = wire.node.arguments[wire.port]
    if wire.local is None or not isinstance(source, int):
        return
    for inner in context.graph.nodes[source].arguments:
        if not isinstance(inner, int) or shape_of(context.values[inner]) != wire.shape:
            continue
        with suppress(PassError):
            arguments = [*wire.arguments[: wire.port], context.values[inner], *wire.arguments[wire.port + 1 :]]
            slope = local_derivative(wire.node, wire.port, compute(wire.node, arguments), arguments)
            gives = context.bent(wire, partial(_times, slope))
            if gives is not None and all_finite(gives):
                says = partial(_inner_for_own, context, inner, wire)
                yield replace(
                    _made(wire, f"inner {inner}", "slope_at_inner", gives, "it", "What goes into {y}?"), says=says
                )


def _inner_for_own(context: GraphContext, inner: int, wire: GraphWire) -> str:
    return in_prose("it uses {inner} instead of {own}", {**wire.texts, "inner": show(context.written(inner))})


def _parts_of_slope(context: GraphContext, wire: GraphWire) -> Iterator[Misconception]:
    """Where the local derivative is a product, such as h (1 - h): one factor alone."""
    gate = wire.node.gate
    if gate is None or not gate.elementwise or not gate.slopes:
        return
    slope = read_expression(gate.slopes[wire.port], vocabulary(*gate.arguments)).tree
    if not (isinstance(slope, Apply) and slope.operation == "mul"):
        return
    at = dict(zip(gate.arguments, wire.arguments, strict=True))
    for number, factor in enumerate(slope.arguments):
        part = evaluate(factor, at)
        gives = context.bent(wire, partial(_times, part))
        if gives is not None:
            others = [one for one in slope.arguments if one is not factor]
            one = _made(wire, f"factor {number}", "part_of_local", gives,
                        "only one factor of the slope of {y} is used", _FORGOT)  # fmt: skip
            yield replace(one, lacks=_constants_among(wire, others))


def _times(part: Value, upstream: Value, _share: Value) -> Value:
    return upstream * part


def _averaged(wire: GraphWire, _u: Value, share: Value) -> Value | None:
    return share * (int(np.prod(wire.shape)) / int(np.size(wire.y))) if wire.stretched else None


def _wrong_axis(wire: GraphWire, u: Value, _share: Value) -> Value | None:
    return as_value(np.sum(u, axis=1)) if wire.stretched and np.ndim(u) == 2 else None


def _one_row(wire: GraphWire, u: Value, _share: Value) -> Value | None:
    return as_value(np.asarray(u)[0]) if wire.stretched and np.ndim(u) == 2 else None


def _all_summed(wire: GraphWire, u: Value, _share: Value) -> Value | None:
    return float(np.sum(u)) if wire.stretched and wire.shape and np.ndim(u) else None


def _unchanged(_wire: GraphWire, u: Value, _share: Value) -> Value | None:
    return u


def _added(wire: GraphWire, u: Value, _share: Value) -> Value | None:
    return None if wire.local is None or wire.stretched else u + wire.local


def _local_alone(wire: GraphWire, u: Value, _share: Value) -> Value | None:
    return wire.send(np.ones(np.shape(u)) if np.ndim(u) else 1.0, wire.arguments)


def _times_value(wire: GraphWire, u: Value, _share: Value) -> Value | None:
    return None if wire.local is None or wire.stretched else u * wire.y


def _function_of_gradient(wire: GraphWire, u: Value, _share: Value) -> Value | None:
    """The gate's function, applied to what arrives at it."""
    if wire.local is None or len(wire.arguments) != 1 or wire.node.gate is None or not wire.node.gate.function_words:
        return None
    try:
        return compute(wire.node, [u])
    except PassError:
        return None


def _times_own(wire: GraphWire, _u: Value, share: Value) -> Value | None:
    return share * wire.arguments[wire.port]


_COMMON = (
    Misconception(
        "averaged_back",
        _averaged,
        "it divides by the number of copies of {own}",
        "Every copy moves {f}: are their shares averaged, or added?",
        POSSIBLE,
    ),
    Misconception(
        "wrong_axis_back", _wrong_axis, "it is summed over the wrong axis", "Along which axis was {own} copied?", COMMON
    ),
    Misconception(
        "all_summed_back", _all_summed, "it is summed over all axes", "Along which axis was {own} copied?", COMMON
    ),
    Misconception("one_row_back", _one_row, "it uses only one row", "How many rows is {own} used in?", POSSIBLE),
    Misconception("forgot_local", _unchanged, "what arrived at {y} was passed on to {own} unchanged", _FORGOT, COMMON),
    Misconception("forgot_upstream", _local_alone, "what arrives at {y} is left out", _CHAIN, COMMON),
    Misconception(
        "added_upstream",
        _added,
        "what arrives at {y} and the slope of {y} with respect to {own} were added",
        "Slopes along a chain multiply. What is the product?",
        COMMON,
    ),
    Misconception(
        "upstream_times_value",
        _times_value,
        "what arrives at {y} was multiplied by the value of {y}, not by its slope",
        _FORGOT,
        RARE,
    ),
    Misconception(
        "function_of_gradient",
        _function_of_gradient,
        "the function was applied to what arrives at {y}",
        _FORGOT,
        POSSIBLE,
    ),
    Misconception(
        "times_own_value", _times_own, "{own} itself was multiplied in", "Does the slope of {y} depend on {own}?", RARE
    ),
)
"""Those at any wire: `gives` makes what goes down of the wire, the upstream and the right share; None for nothing."""


def _common(context: GraphContext, wire: GraphWire) -> Iterator[Misconception]:
    for row in _COMMON:
        gives = context.bent(wire, partial(row.gives, wire))
        if gives is not None:
            yield _made(wire, row.key, row.key, gives, text_of(row.says), text_of(row.asks), row.likelihood)


def _made(
    wire: GraphWire, label: str, key: str, gives: Value, says: str, asks: str, likelihood: Likelihood = POSSIBLE
) -> Misconception:
    def places() -> Mapping[str, str]:
        return wire.texts

    return Misconception(
        key, gives, _later(says, places), _later(asks, places), likelihood, f"{wire.gate}.{wire.port} {label}",
        opens_with_a_name=begins_with_a_name(says),
        factor=_slope_factor(wire) if key in ("forgot_local", "part_of_local") else "",
    )  # fmt: skip
