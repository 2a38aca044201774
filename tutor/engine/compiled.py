"""A graph made ready for plain numbers: everything that the passes would look up at each gate, looked up once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any, NamedTuple

from tutor.engine.operation import Fixed, Node
from tutor.engine.values import Value

_Function = Callable[..., Any]


class CompiledStep(NamedTuple):
    """One gate of one or two arguments. Places are in a list of the values of all nodes, then the constants."""

    place: int
    forward: _Function
    first: int
    second: int | None
    first_vjp: _Function | None
    """None where the argument is a constant."""
    second_vjp: _Function | None


class CompiledGraph(NamedTuple):
    """The inputs, the gates in order, and the constants that follow the values of the nodes."""

    inputs: tuple[tuple[int, str], ...]
    steps: tuple[CompiledStep, ...]
    constants: tuple[float, ...]


def plan_of(nodes: Sequence[Node]) -> CompiledGraph | None:
    """The nodes made ready; None where a gate mixes entries, has options, or a constant that is no finite number."""
    inputs: list[tuple[int, str]] = []
    steps: list[CompiledStep] = []
    constants: list[float] = []
    for place, node in enumerate(nodes):
        if node.gate is None:
            inputs.append((place, node.name))
            continue
        if not node.gate.elementwise or node.options or len(node.arguments) not in (1, 2):
            return None
        places: list[int] = []
        vjps: list[_Function | None] = []
        for argument, vjp in zip(node.arguments, node.gate.vjps, strict=True):
            if not isinstance(argument, Fixed):
                places.append(argument)
                vjps.append(vjp)
            elif isinstance(argument.value, float) and isfinite(argument.value):
                places.append(len(nodes) + len(constants))
                vjps.append(None)
                constants.append(argument.value)
            else:
                return None
        first, second = places if len(places) == 2 else (places[0], None)
        steps.append(
            CompiledStep(place, node.gate.forward, first, second, vjps[0], vjps[1] if second is not None else None)
        )
    return CompiledGraph(tuple(inputs), tuple(steps), tuple(constants))


def scalar_values(plan: CompiledGraph, inputs: Mapping[str, Value]) -> list[float] | None:
    """The value of every node; None where an input is not a float. Raises KeyError for an input without a value."""
    size = len(plan.inputs) + len(plan.steps)
    values = [0.0] * size
    values += plan.constants
    for place, name in plan.inputs:
        value = inputs[name]
        if not isinstance(value, float):
            return None
        values[place] = value
    for place, forward, first, second, _, _ in plan.steps:
        values[place] = forward(values[first]) if second is None else forward(values[first], values[second])
    del values[size:]
    return values


def scalar_gradients(
    plan: CompiledGraph, values: Sequence[float], seed: float
) -> tuple[list[float], list[tuple[float | None, ...]]]:
    """The gradient of every node, and what every gate sends to its arguments: None to a constant."""
    size = len(values)
    values = [*values, *plan.constants]
    totals = [0.0] * size
    shares: list[tuple[float | None, ...]] = [()] * size
    totals[-1] = seed
    for place, _, first, second, first_vjp, second_vjp in reversed(plan.steps):
        upstream = totals[place]
        a, b = values[first], None
        left = right = None
        if second is None:
            if first_vjp is not None:
                left = first_vjp(upstream, values[place], a)
                totals[first] += left
            shares[place] = (left,)
            continue
        b = values[second]
        if first_vjp is not None:
            left = first_vjp(upstream, values[place], a, b)
            totals[first] += left
        if second_vjp is not None:
            right = second_vjp(upstream, values[place], a, b)
            totals[second] += right
        shares[place] = (left, right)
    return totals, shares
