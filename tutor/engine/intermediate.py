"""`let`: names for parts of a function, each an equation in the names before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary, vocabulary_at
from tutor.engine.values import Value
from tutor.language import Equation, Expression, Unreadable, Vocabulary, names_in, read_equation, read_expression
from tutor.language.tree import rename

Let = tuple[str, ...] | dict[str, str]
"""`["z = W x + b", "h = relu(z)"]`, or a table of the same."""


class BadEquation(ValueError):
    """An equation of `let` that does not hold: `key` is where it is, `let[2]` or `let.h`, `reason` a sentence."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key, self.reason = key, reason


def equations_of(
    let: Let,
    known: Sequence[str],
    at: Mapping[str, Value] | None = None,
    *,
    entrywise_powers: bool = False,
    constants: Collection[str] = (),
) -> tuple[Equation, ...]:
    """The equations, in order, over the `known` names and those before them.

    Raises BadEquation with the first that cannot be read or is defined twice.

    Products of arrays are read by shapes where the values of the known names are given; a sum may end at a constant.
    """
    texts = list(_texts(let))
    defined = [_name_of(text) for _, text in texts]
    found: list[Equation] = []
    for position, (key, text) in enumerate(texts):
        before = [one.target.name for one in found]
        behind = dict(zip(defined[position:], (text for _, text in texts[position:]), strict=True))
        words = vocabulary(*known, *before)
        if at is not None:
            values = {**at, **values_of(found, at)}
            arrays = vocabulary_at(values, entrywise_powers=entrywise_powers, constants=constants).arrays
            words = replace(words, arrays=arrays)
        equation = _read(key, text, words, behind)
        name = equation.target.name
        if name in known:
            raise BadEquation(key, f"{name} is an input or a constant already; choose another name")
        if name in before:
            raise BadEquation(key, f"{name} is defined twice")
        found.append(equation)
    return tuple(found)


def values_of(equations: Sequence[Equation], at: Mapping[str, Value]) -> dict[str, Value]:
    """What the equations come to there, as far as their shapes fit."""
    values = dict(at)
    for equation in equations:
        with suppress(ValueError, KeyError):
            values[equation.target.name] = evaluate(equation.expression, values)
    names = [equation.target.name for equation in equations]
    return {name: values[name] for name in names if name in values}


def substituted(expression: Expression, equations: Sequence[Equation]) -> Expression:
    """The expression with what the names of these equations stand for."""
    meanings: dict[str, Expression] = {}
    for equation in equations:
        meanings[equation.target.name] = rename(equation.expression, meanings)
    return rename(expression, meanings)


def unused(expression: Expression, equations: Sequence[Equation]) -> Iterator[str]:
    """The names that neither the function nor a later equation uses."""
    later = [expression, *(equation.expression for equation in equations)]
    for equation in equations:
        name = equation.target.name
        if not any(name in names_in(each) for each in later):
            yield name


def _texts(let: Let) -> Iterator[tuple[str, str]]:
    """Each equation with the key it is found at."""
    if isinstance(let, Mapping):
        for name, text in let.items():
            yield f"let.{name}", f"{name} = {text}"
    else:
        for number, text in enumerate(let, 1):
            yield f"let[{number}]", text


def _name_of(text: str) -> str:
    return text.partition("=")[0].rstrip(": ").partition("(")[0].strip()


def _read(key: str, text: str, words: Vocabulary, behind: Mapping[str, str]) -> Equation:
    """One equation. `behind` are those that are defined from it on, which it cannot use."""
    try:
        return read_equation(text, words).tree
    except Unreadable as error:
        name, every = _name_of(text), (*words.names, *behind)
        ahead = [one for one in _used(text, every) if one in behind]
        if name in ahead:
            raise BadEquation(key, f"{name} is used in its own definition") from None
        if ahead and name in _used(behind[ahead[0]], every):
            raise BadEquation(key, f"{name} and {ahead[0]} are defined by each other") from None
        if ahead:
            raise BadEquation(key, f"{name} uses {ahead[0]}, which is defined after it; put {ahead[0]} first") from None
        raise BadEquation(key, f"{error.message}\n{error.caret()}") from None


def _used(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """The names on the right-hand side of an equation; none where it cannot be read."""
    try:
        return tuple(names_in(read_expression(text.partition("=")[2], vocabulary(*known)).tree))
    except Unreadable:
        return ()
