"""The forward and the backward pass: one loop each over the graph, no recursion.

The backward pass is reverse-mode differentiation as in any course: start with 1 at the output, visit gates
last to first, send upstream x local down every wire, and add where a value forks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, prod
from typing import Any

import numpy as np

from tutor.engine.gates import Gate
from tutor.engine.graph import Graph, Node, scalar_gradients, scalar_values
from tutor.engine.operation import Fixed
from tutor.engine.values import Shape, Value, all_finite, all_floats, shape_of, show_shape, unbroadcast

_QUICKER = 1000
"""So many multiplications within a matrix product take about as long as one number elsewhere."""


def numbers_at(gate: Gate, shapes: Sequence[Shape], options: Mapping[str, Any]) -> int:
    """About how many numbers the gate works on with arguments of these shapes; 0 where they do not fit."""
    sizes = [prod(shape) for shape in shapes]
    try:
        if gate.work is not None:
            return gate.work(shapes, options)
        if gate.elementwise:
            return prod(np.broadcast_shapes(*shapes))
        if gate.key == "matmul":
            return _of_matmul(*shapes)
    except (ValueError, IndexError):
        return 0
    # A convolution makes fewer, but it has to multiply as many.
    return prod(sizes) if gate.key in ("outer", "conv1d", "gather") else sum(sizes)


def _of_matmul(left: Shape, right: Shape) -> int:
    if not (left and right):
        return 0
    rows, columns = left[-2:-1], right[-1:] if right[1:] else ()
    made = prod(np.broadcast_shapes(left[:-2], right[:-2])) * prod(rows) * prod(columns)
    return max(made, made * left[-1] // _QUICKER)


class PassError(Exception):
    """A pass that cannot be run: which node, and why in words."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        self.why = why


class NoValue(PassError):
    """A gate has no value (or no slope) at these numbers."""


class ShapesDoNotFit(PassError):
    """A gate cannot take arguments of these shapes."""


class TooLarge(PassError):
    """Up to a gate, more numbers are worked on than are allowed."""


@dataclass(frozen=True, slots=True)
class Gradients:
    """What the backward pass leaves: at each node its gradient, at each gate what it sends to its arguments.

    Each is of the shape of the value that it is the gradient of.
    """

    totals: tuple[Value, ...]
    shares: tuple[tuple[Value | None, ...], ...]
    """shares[gate][port] is the downstream; None for a constant argument, `()` for an input."""


def arguments_at(node: Node, values: Sequence[Value]) -> list[Value]:
    """The values a node's gate is applied to, each in its own shape: no argument is broadcast yet."""
    return [values[a] if isinstance(a, int) else a.value for a in node.arguments]


def forward(graph: Graph, inputs: Mapping[str, Value], most: float = inf) -> list[Value]:
    """The value of every node, in the graph's order: a float, or a float64 array of the shape its gate makes.

    Raises KeyError for an input without a value, ShapesDoNotFit and NoValue for a gate that cannot be computed, and
    TooLarge where the gates would work on more than `most` numbers together.
    """
    with np.errstate(all="ignore"):
        numbers = scalar_values(graph.plan, inputs) if graph.plan else None
        if numbers is not None and all(map(isfinite, numbers)):
            return [*numbers]
        values: list[Value] = []
        total = 0
        for node in graph.nodes:
            if node.gate is None:
                values.append(inputs[node.name])
                continue
            arguments = arguments_at(node, values)
            if most < inf:
                total += numbers_at(node.gate, [shape_of(argument) for argument in arguments], node.options)
                if total > most:
                    raise TooLarge(node.name, f"up to its {node.gate.title} gate it works on about {total:,} numbers")
            values.append(compute(node, arguments))
    return values


def forward_unchecked(graph: Graph, inputs: Mapping[str, Value]) -> list[Value]:
    """The value of every node with NaN or infinity where one has none.

    Inputs may hold arrays of sample points as long as every gate is elementwise. Raises ValueError for shapes that do
    not fit, KeyError for an input without a value.
    """
    with np.errstate(all="ignore"):
        numbers = scalar_values(graph.plan, inputs) if graph.plan else None
        if numbers is not None:
            return [*numbers]
        values: list[Value] = []
        for node in graph.nodes:
            if node.gate is None:
                values.append(inputs[node.name])
            else:
                values.append(node.gate.forward(*arguments_at(node, values), **node.options))
    return values


def compute(node: Node, arguments: Sequence[Value]) -> Value:
    """One gate's value, in the shape that it makes of the arguments' shapes.

    Raises ShapesDoNotFit where they do not fit the gate, NoValue where it has no finite value.
    """
    gate = node.gate
    assert gate is not None
    for argument in node.arguments:
        if isinstance(argument, Fixed) and not all_finite(argument.value):
            raise NoValue(node.name, f"{argument.text} has no value")
    try:
        value = gate.forward(*arguments, **node.options) if node.options else gate.forward(*arguments)
    except ValueError as error:
        raise ShapesDoNotFit(node.name, _misfit(node, arguments)) from error
    if isfinite(value) if isinstance(value, float) else all_finite(value):
        return value
    raise NoValue(node.name, gate.domain(*arguments, **node.options) or "the value is too large")


def _misfit(node: Node, arguments: Sequence[Value]) -> str:
    assert node.gate is not None
    shapes = [shape_of(value) for value in arguments]
    axis = node.options.get("axis")
    if axis is not None and not _has_axes(shapes[0], axis, one_more=node.gate.key in ("stack", "expand_dims")):
        return f"{node.gate.title} with axis={axis} does not fit {_with_axes(shapes[0])}."
    written = " and ".join(map(show_shape, shapes))
    return f"{node.gate.title} cannot take {'shapes' if len(shapes) > 1 else 'shape'} {written}. {node.gate.shape_rule}"


def _has_axes(shape: Shape, axis: int | tuple[int, ...], *, one_more: bool) -> bool:
    many = len(shape) + one_more
    return all(-many <= each < many for each in (axis if isinstance(axis, tuple) else (axis,)))


def _with_axes(shape: Shape) -> str:
    """A shape and which axes it has, in words."""
    if not shape:
        return "a scalar: it has no axes"
    axes = "its only axis is 0" if len(shape) == 1 else f"its axes are 0 to {len(shape) - 1}"
    return f"shape {show_shape(shape)}: {axes}"


def backward(graph: Graph, values: Sequence[Value], seed: Value = 1.0, *, checked: bool = True) -> Gradients:
    """Every gradient, given the values of a forward pass. `seed` is the gradient of the output, in its shape.

    Reverse accumulation (Linnainmaa 1970; Griewank and Walther, "Evaluating Derivatives", 2008, chapter 3): one loop
    from the last node to the first; a node's gradient is the sum of what the gates that use it send.

    Raises NoValue where a gate has no slope (the square root at 0); unchecked, leaves NaN or infinity there.
    """
    with np.errstate(all="ignore"):
        if graph.plan and isinstance(seed, float) and all_floats(values):
            numbers, sent = scalar_gradients(graph.plan, values, seed)
            if not checked or all(map(isfinite, numbers)):
                return Gradients(tuple(numbers), tuple(sent))
        return _backward(graph, values, seed, checked=checked)


def _backward(graph: Graph, values: Sequence[Value], seed: Value, *, checked: bool) -> Gradients:
    totals: list[Value | None] = [None] * len(graph.nodes)
    shares: list[tuple[Value | None, ...]] = [()] * len(graph.nodes)
    totals[graph.output] = _filled(seed, shape_of(values[graph.output]))
    for position in range(graph.output, -1, -1):
        node, upstream = graph.nodes[position], totals[position]
        if node.gate is None:
            continue
        if upstream is None:
            shares[position] = tuple(_zeros(values[a]) if isinstance(a, int) else None for a in node.arguments)
            continue
        sent = downstreams(node, values[position], arguments_at(node, values), upstream, checked=checked)
        shares[position] = sent
        for argument, share in zip(node.arguments, sent, strict=True):
            if share is not None:
                assert isinstance(argument, int)
                before = totals[argument]
                totals[argument] = share if before is None else before + share
    done = tuple(_zeros(value) if total is None else total for total, value in zip(totals, values, strict=True))
    return Gradients(done, tuple(shares))


def downstreams(
    node: Node, value: Value, arguments: Sequence[Value], upstream: Value, *, checked: bool = True
) -> tuple[Value | None, ...]:
    """What one gate sends to each argument: upstream x local, summed back to the argument's shape.

    None for a constant argument. Raises NoValue where the gate has no slope, if `checked`.
    """
    gate = node.gate
    assert gate is not None
    sent: list[Value | None] = []
    for vjp, wire, argument in zip(gate.vjps, node.arguments, arguments, strict=True):
        if isinstance(wire, Fixed):
            sent.append(None)
            continue
        share = vjp(upstream, value, *arguments, **node.options) if node.options else vjp(upstream, value, *arguments)
        if not (isinstance(share, float) and isinstance(argument, float)):
            share = unbroadcast(share, shape_of(argument))
        if checked and not (isfinite(share) if isinstance(share, float) else all_finite(share)):
            which = gate.title if gate.title.startswith(("a ", "an ")) else f"the {gate.title} gate"
            raise NoValue(node.name, f"{which} has no finite slope there")
        sent.append(share)
    return tuple(sent)


def local_derivative(node: Node, port: int, value: Value, arguments: Sequence[Value]) -> Value:
    """d(gate)/d(argument) at these values, entry by entry, in the shape of the gate's value; elementwise gates only.

    NaN or infinite where there is no slope.
    """
    gate = node.gate
    assert gate is not None and gate.elementwise
    shape = shape_of(value)
    with np.errstate(all="ignore"):
        slope: Value = gate.vjps[port](_filled(1.0, shape), value, *arguments, **node.options)
    return slope if shape_of(slope) == shape else np.broadcast_to(slope, shape)


def _zeros(value: Value) -> Value:
    return 0.0 if isinstance(value, float) else np.zeros(value.shape)


def _filled(seed: Value, shape: Shape) -> Value:
    return np.broadcast_to(seed, shape) if shape else seed
