"""A staging made by the program: one operation an equation, equal parts computed once; and several operations as one.

A fused gate's gradients come from the backward pass over its own small graph, so they need no rule of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import count
from string import ascii_lowercase
from typing import Any

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, Gate, gate_for
from tutor.engine.graph import Graph, GraphBuilder
from tutor.engine.operation import Fixed, Operation, as_operation, fold_minus
from tutor.engine.passes import PassError, backward, forward, forward_unchecked
from tutor.engine.sympy_bridge import substitute_forms
from tutor.engine.values import Value, shape_of
from tutor.language import Apply, Equation, Expression, Matrix, Name, Number, names_in, show, walk

# Letters that read as something else: Euler's number, and what is easily taken for 1 or 0.
_UNUSED_LETTERS = frozenset("elo")


def stage(expression: Expression, output: str, inputs: Sequence[str]) -> list[Equation]:
    """Staged equations for an expression, ending in `output`; empty for a bare name or a constant.

    Raises ValueError for a matrix literal that holds names: there is no gate that makes a matrix of numbers.
    """
    _refuse_named_entries(expression)
    names = free_names({output, *inputs})
    equations: list[Equation] = []
    known: dict[Expression, Name] = {}

    def reduced(part: Expression) -> Expression:
        if not isinstance(part, Apply) or not names_in(part):
            return part
        if part not in known:
            single = part
            if as_operation(part) is None:
                whole = fold_minus(part)
                assert isinstance(whole, Apply), "a folded minus leaves a product or quotient"
                single = Apply(whole.operation, tuple(map(reduced, whole.arguments)), whole.options, sign=whole.sign)
            known[part] = Name(output if part is expression else next(names))
            equations.append(Equation(known[part], single))
        return known[part]

    reduced(expression)
    return equations


def graph_of(expression: Expression, inputs: Sequence[str], output: str = "out") -> Graph:
    """The graph of an expression, staged by the program. Raises ValueError as `stage` does.

    An expression without an operation (a name, a constant) has 0 added, so that its graph has an output.
    """
    while output in inputs:
        output += "_"
    builder = GraphBuilder(inputs)
    equations = stage(expression, output, inputs)
    for equation in equations:
        operation = as_operation(equation.expression)
        assert operation is not None, "stage() makes single operations"
        builder.add(equation.target.name, operation, equation.expression)
    if not equations:
        builder.add(output, _plus_nothing(expression), expression)
    return builder.build()


def free_names(taken: set[str]) -> Iterator[str]:
    """Names for gates: letters first, then t1, t2, ..."""
    for name in ascii_lowercase:
        if name not in taken and name not in _UNUSED_LETTERS:
            yield name
    for number in count(1):
        if f"t{number}" not in taken:
            yield f"t{number}"


def _plus_nothing(expression: Expression) -> Operation:
    argument = expression.name if isinstance(expression, Name) else Fixed(evaluate(expression, {}), expression)
    return Operation(gate_for("add", (None, 0.0)), (argument, Fixed(0.0, Number(Fraction(0), "0"))))


def _refuse_named_entries(expression: Expression) -> None:
    for part in walk(expression):
        if isinstance(part, Matrix) and len(part.rows) == len(part.rows[0]) == 1 and names_in(part):
            raise ValueError("square brackets make a vector here: for a group, write round brackets ( )")
        if isinstance(part, Matrix) and (names := names_in(part)):
            raise ValueError(
                f"a matrix in a function holds numbers only, and one here holds {names[0]}: "
                "concatenate([a, b]) joins arrays, stack(a, b) numbers"
            )


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
        shape_rule="Entry by entry: counted from the right, sizes must be equal, or one of them 1."
        if elementwise
        else "They must fit each operation in it.",
        code="",
        pattern="Several operations taken as one gate: its local derivative is that of the whole expression.",
    )
    return Operation(gate, names)


def _is_elementwise(expression: Expression) -> bool:
    return all(
        GATES[part.operation].elementwise if isinstance(part, Apply) else not isinstance(part, Matrix)
        for part in walk(expression)
    )
