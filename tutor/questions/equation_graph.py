"""Equations with several operations each as one graph, its gates named by what they stand for."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.engine.graph import Graph, GraphBuilder
from tutor.engine.operation import as_operation
from tutor.engine.staging import free_names, stage
from tutor.language import Equation, Expression, Name, show
from tutor.language.tree import rename
from tutor.library import BadFile

_LONGEST_NAME = 9
"""Characters of a part of an equation that serves as its own name in the graph."""


def graph_of_equations(equations: Sequence[Equation], inputs: tuple[str, ...]) -> tuple[Graph, dict[str, Expression]]:
    """The graph, one operation a gate, and what the names of the parts of equations stand for.

    Raises BadFile for an equation without an operation.
    """
    builder = GraphBuilder(inputs)
    parts: dict[str, Expression] = {}
    taken = {*inputs, *(equation.target.name for equation in equations)}
    letters = free_names(set(taken))
    for equation in equations:
        target = equation.target.name
        try:
            staged = stage(equation.expression, target, (*taken, *parts))
        except ValueError as error:
            raise BadFile("equations", str(error)) from None
        if not staged:
            raise BadFile("equations", f"there is no operation in {target} = {show(equation.expression)}")
        renamed: dict[str, Expression] = {}
        for one in staged:
            name, expression = one.target.name, rename(one.expression, renamed)
            if name != target:
                meant = rename(expression, parts)
                new = _name_of_part(meant, taken | set(parts)) or next(letters)
                parts[new], renamed[name] = meant, Name(new)
                name = new
            operation = as_operation(expression)
            assert operation is not None, "stage() makes single operations"
            builder.add(name, operation, expression)
    return builder.build(), parts


def _name_of_part(meant: Expression, taken: set[str]) -> str:
    text = show(meant).replace(" ", "")
    return text if len(text) <= _LONGEST_NAME and text not in taken else ""
