"""A graph made ready for plain numbers: everything that the passes would look up at each gate, looked up once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any, NamedTuple

from tutor.engine.node import Node
from tutor.engine.operation import Fixed

_Function = Callable[..., Any]


class Step(NamedTuple):
    """One gate of one or two arguments. Places are in a list of the values of all nodes, then the constants."""

    place: int
    forward: _Function
    first: int
    second: int | None
    first_vjp: _Function | None
    """None where the argument is a constant."""
    second_vjp: _Function | None


class Plan(NamedTuple):
    """The inputs, the gates in order, and the constants that follow the values of the nodes."""

    inputs: tuple[tuple[int, str], ...]
    steps: tuple[Step, ...]
    constants: tuple[float, ...]


def plan_of(nodes: Sequence[Node]) -> Plan | None:
    """The nodes made ready; None where a gate mixes entries, has options, or a constant that is no finite number."""
    inputs: list[tuple[int, str]] = []
    steps: list[Step] = []
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
        steps.append(Step(place, node.gate.forward, first, second, vjps[0], vjps[1] if second is not None else None))
    return Plan(tuple(inputs), tuple(steps), tuple(constants))
