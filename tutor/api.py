"""From Python: the gradients of an expression, and the verdict on an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from reprlib import repr as shortly
from typing import Any
from unicodedata import category

import numpy as np

from tutor.engine.gates import GATES, vocabulary, vocabulary_at
from tutor.engine.passes import NoValue, ShapesDoNotFit, TooLarge, backward, forward
from tutor.engine.staging import graph_of
from tutor.engine.values import Value, all_finite, as_value
from tutor.judging import Verdict, from_language, in_any_reading, judge_expression, unreadable
from tutor.language import (
    Apply,
    Equation,
    Expression,
    Matrix,
    Name,
    Reading,
    Unreadable,
    Vocabulary,
    names_in,
    read_expression,
    show,
    walk,
)
from tutor.library.faults import BadFile
from tutor.library.intermediate import equations_of, substituted, values_of

__all__ = ["Backprop", "backprop", "judge"]

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

    `constants` are given in the same way, and get no gradient. `let` names parts of the expression, in order:

        >>> backprop("(h - t)^2", {"w": 0.5, "x": 2}, constants={"t": 3}, let=["h = w x"]).gradients
        {'w': -8.0, 'x': -2.0}

    Raises ValueError with a sentence where the text cannot be read (carets show where), where shapes do not fit,
    where the expression has no value or no slope, where the gates would work on more than MOST_NUMBERS together, and
    where a name is given twice;
    TypeError where an argument is of the wrong type.
    """
    _check_text("expression", expression)
    if not isinstance(at, Mapping):
        raise TypeError(f'at gives each name a value, such as {{"x": 1, "y": 3}}; this is {_kind(at)}.')
    if constants is not None and not isinstance(constants, Mapping):
        raise TypeError(f'constants gives each name a value, such as {{"t": 3}}; this is {_kind(constants)}.')
    variables = {_checked(name): _input(name, data) for name, data in at.items()}
    fixed = {_checked(name): _input(name, data) for name, data in (constants or {}).items()}
    if twice := variables.keys() & fixed.keys():
        raise ValueError(f"{min(twice)} is in at and in constants.")
    inputs = {**variables, **fixed}
    equations = _equations(let, inputs)
    reading = _read(expression, vocabulary_at({**inputs, **values_of(equations, inputs)}))
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
    own = {name: _own(gradients[graph.positions[name]]) for name in variables}
    return Backprop(_own(values[graph.output]), own, reading.echo or "")


def judge(answer: str, truth: str, names: Iterable[str] | None = None, positive: Iterable[str] = ()) -> Verdict:
    """The verdict on an answer: are the two the same wherever the truth has a value?

    Names stand for numbers. `names` are those that may be used, the truth's own unless given; those in `positive`
    only take positive values. The verdict's `kind` is right, remark, wrong, unreadable or undecided; `message`
    says why, and `caret` shows where a text could not be read.

        >>> judge("2(x+1)", "2x + 2").kind
        <Kind.RIGHT: 'right'>

    Raises ValueError where the truth itself cannot be read, or is made of more than numbers; TypeError where an
    argument is of the wrong type.
    """
    _check_text("answer", answer)
    _check_text("truth", truth)
    known = None if names is None else _names("names", names)
    right = _read(truth, vocabulary(*known) if known is not None else _any_names()).tree
    if reason := _mixes_entries(right):
        raise ValueError(reason)
    known = names_in(right) if known is None else known
    chosen = _names("positive", positive)
    if strangers := [name for name in chosen if name not in known]:
        raise ValueError(f"{strangers[0]} is listed as positive, but it is not one of the names.")

    def verdict_on(text: str) -> Verdict:
        try:
            reading = read_expression(text, vocabulary(*known))
        except Unreadable as error:
            return from_language(error)
        if reason := _mixes_entries(reading.tree):
            return unreadable(reason)
        return judge_expression(reading.tree, right, known, chosen).with_echo(reading.echo)

    return in_any_reading(answer, verdict_on)


def _equations(let: Iterable[str] | Mapping[str, str], inputs: Mapping[str, Value]) -> tuple[Equation, ...]:
    """What is let. Raises ValueError with the equation that does not hold."""
    if isinstance(let, str | bytes) or not isinstance(let, Iterable):
        raise TypeError(f'let should be a list of equations, such as ["z = w x"]; this is {_kind(let)}.')
    texts: tuple[str, ...] | dict[str, str] = dict(let) if isinstance(let, Mapping) else tuple(let)
    for text in texts.values() if isinstance(texts, dict) else texts:
        _check_text("let", text)
    try:
        return equations_of(texts, list(inputs), inputs)
    except BadFile as bad:
        fault = bad.faults[0]
        raise ValueError(f"{fault.key}: {fault.reason}") from None


def _check_text(argument: str, value: object) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{argument} should be text; this is {_kind(value)}.")


def _kind(value: object) -> str:
    return "None" if value is None else f"of the type {type(value).__name__}"


def _names(argument: str, given: Iterable[str]) -> tuple[str, ...]:
    """The names in an argument, each once. Raises TypeError for what holds no names, ValueError for a bad one."""
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise TypeError(f'{argument} should be a list of names, such as ["x", "y"]; this is {_kind(given)}.')
    return tuple(dict.fromkeys(_checked(name) for name in given))


def _any_names() -> Vocabulary:
    return Vocabulary(vocabulary().functions, open_names=True)


def _read(text: str, words: Vocabulary) -> Reading[Expression]:
    try:
        return read_expression(text, words)
    except Unreadable as error:
        raise ValueError(f"{error.message}\n{error.caret()}") from None


def _checked(name: object) -> str:
    """A name that the language can read. Raises ValueError for others."""
    try:
        if isinstance(name, str) and _is_word(name) and read_expression(name, vocabulary(name)).tree == Name(name):
            return name
    except Unreadable:
        pass
    raise ValueError(f"{shortly(name)} cannot be a name here.")


def _is_word(name: str) -> bool:
    """Whether it is made of letters, marks and digits, so that it cannot be taken for a sum or a method."""
    return bool(name) and all(category(each)[0] in "LMN" or each in "_'′" for each in name)


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


def _mixes_entries(expression: Expression) -> str:
    """Why an expression cannot be compared number by number; "" where it can."""
    for part in walk(expression):
        if isinstance(part, Matrix) or (isinstance(part, Apply) and not GATES[part.operation].elementwise):
            return f"Names stand for numbers here, and {show(part)} is for arrays."
    return ""
