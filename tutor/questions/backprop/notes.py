"""What the author of a function may want to know: inputs at which slips look right, hints that are never given."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tutor.engine.showing import exactly
from tutor.engine.templates import occurs
from tutor.engine.values import Value, shape_of, show_shape
from tutor.library.format import BackpropTable, CodeTable
from tutor.library.problem import Problem
from tutor.questions.backprop.hidden import Hidden, hidden_by_numbers, hidden_by_shapes
from tutor.questions.backprop.worksheet import Worksheet
from tutor.questions.words import counted

_STEPS = ("stage", "forward", "backward", "code", "descend")


def notes(table: BackpropTable, problem: Problem) -> Iterator[tuple[str, str]]:
    """Keys of the table, and what about them."""
    asked = set(table.asked)
    plain = list(_about_inputs(problem)) if {"forward", "backward", "descend"} & asked else []
    yield from plain
    # Numbers such as 0, 1 and 2 hide mistakes of which that note tells already.
    if "backward" in asked and (problem.has_arrays or not plain):
        yield from _about_mistakes(hidden_by_numbers(Worksheet(problem, problem.graph)))
    if {"backward", "code"} & asked and problem.has_arrays:
        yield from _about_shapes(hidden_by_shapes(Worksheet(problem, problem.graph)))
    yield from _about_kinks(problem)
    for text, template in zip(table.whole, problem.whole, strict=True):
        if not occurs(template, problem.function.expression):
            yield "whole", f"{text} does not occur in the function as it is written, so it may have no effect"
    if shape_of(problem.output):
        yield (
            "function",
            (
                f"its value is an array of shape {show_shape(shape_of(problem.output))}, so the gradients are those "
                "of the sum of its entries; write sum(...) or mean(...) around it to make that plain"
            ),
        )
    for key, there in (("code", table.code != CodeTable()), ("descend", table.descend is not None)):
        if there and key not in table.asked:
            yield key, f"this step is not asked here; the steps are {', '.join(table.asked)}"
    for key in table.hints:
        if key in _STEPS and key not in table.asked:
            yield f"hints.{key}", f"this step is not asked here; the steps are {', '.join(table.asked)}"


def _about_kinks(problem: Problem) -> Iterator[tuple[str, str]]:
    """Gates whose slope jumps exactly at the inputs: there more than one gradient is right."""
    sheet = Worksheet(problem, problem.graph)
    for gate in problem.graph.gates:
        if any(sheet.kinks(use) for use in sheet.wires(gate)):
            yield (
                "at",
                f"{sheet.equation(gate)} is exactly at its kink here: any slope between its two sides is right",
            )


def _about_inputs(problem: Problem) -> Iterator[tuple[str, str]]:
    """Inputs at which mistakes cannot be told from right answers."""
    used = [problem.graph.nodes[p].name for p in problem.graph.inputs if problem.graph.uses[p]]
    numbers = {name: value for name in used if isinstance(value := problem.inputs[name], float)}
    for name, value in numbers.items():
        if value in _TELLS_LITTLE:
            yield f"at.{name}", f"{value:g} {_TELLS_LITTLE[value]}, so some mistakes will look right"
    for value in dict.fromkeys(numbers.values()):
        equal = [name for name in numbers if numbers[name] == value]
        if len(equal) > 1:
            yield "at", f"{' and '.join(equal)} are equal, so an answer that confuses them will look right"
    yield from _about_gradients(problem, used)


def _about_mistakes(hidden: Hidden) -> Iterator[tuple[str, str]]:
    """Mistakes that the exercise's numbers hide, and an input that shows them."""
    if hidden.said:
        better = "".join(f"; with {name} = {exactly(value)} {_show(hidden)}" for name, value in hidden.instead.items())
        yield "at", f"{_mistakes(hidden)} will look right at these numbers{better}"


def _about_shapes(hidden: Hidden) -> Iterator[tuple[str, str]]:
    """Mistakes that the exercise's shapes hide, and which inputs to make longer."""
    for name, value in [*hidden.instead.items()][:1] if hidden.said else []:
        shape = show_shape(shape_of(value))
        said = f"{_mistakes(hidden)} will look right whatever the numbers"
        yield f"at.{name}", f"{said}; where {name} has shape {shape} {_show(hidden)}"


def _mistakes(hidden: Hidden) -> str:
    """As in: a mistake (at e = relu(d), it goes by the sign of the upstream)."""
    first, *others = hidden.said
    return f"{counted(len(hidden.said), 'mistake')} (one: {first})" if others else f"a mistake ({first})"


def _show(hidden: Hidden) -> str:
    return "it will not" if len(hidden.said) == 1 else "they will not"


def _about_gradients(problem: Problem, used: list[str]) -> Iterator[tuple[str, str]]:
    flat = [name for name in used if _is_zero(problem.gradient(name))]
    if flat and len(flat) == len(used):
        yield "at", "every gradient is 0 here, so the backward pass teaches nothing"
        return
    for name in flat:
        yield f"at.{name}", f"the gradient of {name} is 0 here"


_TELLS_LITTLE = {
    0.0: "hides what it is multiplied by",
    1.0: "is its own square, and changes nothing as a factor",
    2.0: "has the same square and double",
}


def _is_zero(value: Value) -> bool:
    return bool(np.all(np.abs(value) < 1e-12))
