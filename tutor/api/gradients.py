"""The gradients of an expression, for `tutor.backprop`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.api.arguments import check_text, checked_name, formula_of, kind_of
from tutor.engine.gates import vocabulary_at
from tutor.engine.intermediate import BadEquation, equations_of, substituted, values_of
from tutor.engine.passes import NoValue, ShapesDoNotFit, TooLarge, backward, forward
from tutor.engine.staging import graph_of
from tutor.engine.values import Value, all_finite, as_value
from tutor.language import Equation

__all__ = ["Backprop", "backprop"]

MOST_NUMBERS = 20_000_000
"""In one input, and in what all gates work on together: it is done in seconds, in less than a gigabyte."""

_MOST_AXES = 16


@dataclass(frozen=True)
class Backprop:
    """An expression's value, and its gradient by each name, in the shape of that name's value.

    Where the value is an array, the gradients are those of the sum of its entries.
    """

    value: Value
    gradients: dict[str, Value]
    echo: str = ""
    """How the expression was read, where it was not typed literally."""


def backprop(
    expression: str,
    at: Mapping[str, Any],
    *,
    constants: Mapping[str, Any] | None = None,
    let: Iterable[str] | Mapping[str, str] = (),
) -> Backprop:
    """Run an expression of the tutor's language forward and backward.

    `at` gives each name a number, an array or nested lists:

        >>> backprop("(x + y) z", {"x": 1, "y": 3, "z": 2}).gradients
        {'x': 2.0, 'y': 2.0, 'z': 4.0}

    What stands before a `=` only names the value, as in `L = (x + y) z`.

    `constants` are given in the same way, and get no gradient. `let` names parts of the expression, in order:

        >>> backprop("(h - t)^2", {"w": 0.5, "x": 2}, constants={"t": 3}, let=["h = w x"]).gradients
        {'w': -8.0, 'x': -2.0}

    Raises ValueError with a sentence where the text cannot be read (carets show where), where shapes do not fit,
    where the expression has no value or no slope, where the gates would work on more than MOST_NUMBERS together, and
    where a name is given twice;
    TypeError where an argument is of the wrong type.
    """
    check_text("expression", expression)
    if not isinstance(at, Mapping):
        raise TypeError(f'at gives each name a value, such as {{"x": 1, "y": 3}}; this is {kind_of(at)}.')
    if constants is not None and not isinstance(constants, Mapping):
        raise TypeError(f'constants gives each name a value, such as {{"t": 3}}; this is {kind_of(constants)}.')
    typed = _names_typed(at)
    variables = {name: _input(each, at[each]) for name, each in typed.items()}
    fixed = {name: _input(each, (constants or {})[each]) for name, each in _names_typed(constants or {}).items()}
    if twice := variables.keys() & fixed.keys():
        raise ValueError(f"{min(twice)} is in at and in constants.")
    inputs = {**variables, **fixed}
    equations = _equations(let, inputs, tuple(fixed))
    reading = formula_of(expression, vocabulary_at({**inputs, **values_of(equations, inputs)}, constants=tuple(fixed)))
    tree = substituted(reading.tree, equations)
    try:
        graph = graph_of(tree, list(inputs))
    except ValueError as error:
        raise ValueError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    try:
        values = forward(graph, inputs, MOST_NUMBERS)
        gradients = backward(graph, values).totals
    except TooLarge as error:
        raise ValueError(f"This is too large: {error.why}; at most {MOST_NUMBERS:,} are allowed.") from None
    except ShapesDoNotFit as error:
        raise ValueError(f"The shapes do not fit: {error.why}") from None
    except NoValue as error:
        raise ValueError(f"There is no value or no gradient here: {error.why}.") from None
    own = {typed[name]: _own(gradients[graph.positions[name]]) for name in variables}
    return Backprop(_own(values[graph.output]), own, reading.echo or "")


def _names_typed(given: Mapping[str, Any]) -> dict[str, str]:
    """Each name as the language spells it, and as it was given: `w_1` for `w₁`. Raises ValueError for one twice."""
    typed: dict[str, str] = {}
    for each in given:
        name = checked_name(each)
        if name in typed:
            raise ValueError(f"{typed[name]} and {each} are the same name here.")
        typed[name] = each
    return typed


def _equations(
    let: Iterable[str] | Mapping[str, str], inputs: Mapping[str, Value], constants: tuple[str, ...]
) -> tuple[Equation, ...]:
    """What is let. Raises ValueError with the equation that does not hold."""
    if isinstance(let, str | bytes) or not isinstance(let, Iterable):
        raise TypeError(f'let should be a list of equations, such as ["z = w x"]; this is {kind_of(let)}.')
    texts: tuple[str, ...] | dict[str, str] = dict(let) if isinstance(let, Mapping) else tuple(let)
    for text in texts.values() if isinstance(texts, dict) else texts:
        check_text("let", text)
    try:
        return equations_of(texts, list(inputs), inputs, constants=constants)
    except BadEquation as bad:
        raise ValueError(str(bad)) from None


def _input(name: str, data: object) -> Value:
    try:
        value = as_value(data)
    except ValueError as error:
        raise ValueError(f"{name} cannot be taken: {error}.") from None
    if np.ndim(value) > _MOST_AXES:
        raise ValueError(f"{name} cannot be taken: it has more than {_MOST_AXES} axes.")
    if np.size(value) > MOST_NUMBERS:
        raise ValueError(f"{name} cannot be taken: it holds more than {MOST_NUMBERS:,} numbers.")
    if not all_finite(value):
        raise ValueError(f"{name} cannot be taken: it is not finite.")
    return value


def _own(value: Value) -> Value:
    """The value as one the caller may keep and change."""
    return float(value) if np.ndim(value) == 0 else np.array(value)
