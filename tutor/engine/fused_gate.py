"""Several operations counted as one gate, where an exercise allows it.

The compound's gradients come from the backward pass over its own small graph, so they need no rule of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tutor.engine.gates import GATES, Gate
from tutor.engine.operation import Operation
from tutor.engine.passes import PassError, backward, forward, forward_unchecked
from tutor.engine.staging import graph_of
from tutor.engine.sympy_bridge import substitute_forms
from tutor.engine.values import Value, shape_of
from tutor.language import Apply, Expression, Matrix, names_in, show, walk

_LONGEST_FACE = 8


def fused_gate(expression: Expression) -> Operation:
    """The expression as one gate over the names it uses. Raises ValueError where it cannot be staged.

    Its value and what it sends to each name are of the shapes that a graph of its operations would give them.
    """
    names = names_in(expression)
    graph = graph_of(expression, names)
    elementwise = _is_elementwise(expression)

    def compute(*arguments: Value) -> Value:
        return forward_unchecked(graph, dict(zip(names, arguments, strict=True)))[graph.output]

    def vjp_at(position: int) -> Callable[..., Value]:
        def vjp(upstream: Value, output: Value, *arguments: Value) -> Value:
            if elementwise and shape_of(output):
                # Stretched first, so that the result is entry by entry, as for any elementwise gate.
                arguments = tuple(np.broadcast_to(argument, shape_of(output)) for argument in arguments)
            values = forward_unchecked(graph, dict(zip(names, arguments, strict=True)))
            # Unchecked: a gate without a slope would be named, and the learner does not see it.
            return backward(graph, values, upstream, checked=False).totals[position]

        return vjp

    def domain(*arguments: Value) -> str | None:
        try:
            forward(graph, dict(zip(names, arguments, strict=True)))
        except PassError as error:
            return error.why
        return None

    def form(m: Any, *arguments: Any) -> Any:
        return substitute_forms(expression, m, dict(zip(names, arguments, strict=True)))

    text = show(expression)
    gate = Gate(
        key="compound",
        title=text,
        symbol=text if len(text) <= _LONGEST_FACE else "ƒ",
        arguments=names,
        forward=compute,
        vjps=tuple(vjp_at(position) for position in range(len(names))),
        form=form if elementwise else None,
        elementwise=elementwise,
        domain=domain,
        shape_rule="Entry by entry; shapes broadcast." if elementwise else "They must fit each operation in it.",
        code="",
        pattern="Several operations taken as one gate: its local derivative is that of the whole expression.",
    )
    return Operation(gate, names)


def _is_elementwise(expression: Expression) -> bool:
    return all(
        GATES[part.operation].elementwise if isinstance(part, Apply) else not isinstance(part, Matrix)
        for part in walk(expression)
    )
