"""Both passes over plain numbers, following a plan: one short loop each.

Nothing is checked here: a gate without a value or slope leaves NaN or infinity, and `passes` looks for those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tutor.engine.plan import Plan
from tutor.engine.values import Value


def scalar_values(plan: Plan, inputs: Mapping[str, Value]) -> list[float] | None:
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
    plan: Plan, values: Sequence[float], seed: float
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
