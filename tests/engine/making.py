"""Graphs and trees from text, for tests."""

from __future__ import annotations

from tutor.engine.gates import vocabulary
from tutor.engine.graph import Graph, GraphBuilder
from tutor.engine.operation import Operation, as_operation
from tutor.engine.passes import backward, forward
from tutor.engine.values import Value
from tutor.language import Expression, read_equation, read_expression


def read(text: str, *names: str) -> Expression:
    """The tree of a text over these names."""
    return read_expression(text, vocabulary(*names)).tree


def operation(text: str, *names: str) -> Operation:
    """The one operation that a text holds."""
    found = as_operation(read(text, *names))
    assert found is not None, text
    return found


def graph(inputs: str, *equations: str) -> Graph:
    """A graph from equations such as `a = x + y`."""
    names = inputs.split()
    builder = GraphBuilder(names)
    for text in equations:
        equation = read_equation(text, vocabulary(*names)).tree
        found = as_operation(equation.expression)
        assert found is not None, text
        builder.add(equation.target.name, found, equation.expression)
        names.append(equation.target.name)
    return builder.build()


def run(made: Graph, **at: Value) -> tuple[dict[str, Value], dict[str, Value]]:
    """Values and gradients by name."""
    values = forward(made, at)
    totals = backward(made, values).totals
    names = [node.name for node in made.nodes]
    return dict(zip(names, values, strict=True)), dict(zip(names, totals, strict=True))
