"""The inputs of a function of the learner's own: read, drawn where they are left out, moved to where it has a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product
from typing import Any

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, vocabulary_at
from tutor.engine.passes import PassError, backward, forward
from tutor.engine.values import Value, as_value, shape_of
from tutor.language import Apply, Expression, Function, Matrix, Unreadable, read_expression, read_function, walk
from tutor.library import BadFile
from tutor.library.format import Given
from tutor.library.problem import Problem, problem_in
from tutor.practice.draws import Draws
from tutor.practice.own_file import OwnFunction, OwnProblem, in_words
from tutor.practice.proof import is_manageable, many_still, mistakes_hidden, near_kink
from tutor.questions.inflect import listed

_TRIES = 60
_ENOUGH = 6
"""Usable draws after which the best one is taken, though mistakes still hide at it."""
_PLENTY = 20
"""The same where a value still gets no gradient, such as one before a closed ReLU."""
_LARGEST = 20
"""Whole numbers up to this are tried where small ones lead to nothing."""
_MOST_SHAPES = 250
_MATRICES: Sequence[tuple[int, ...]] = ((2, 3), (3, 2), (2, 2), (3, 3))
_VECTORS: Sequence[tuple[int, ...]] = ((3,), (2,), (), (3, 1), (2, 1))
_STEPS = (0.5, -0.5, 1, -1, 2, -2, 3, -3)
_FACTORS = (-1, 0.5, 0.25, 0.1)
_FAR = (3, 6, 12, 25, 50, 100, 1000)
"""How far numbers are moved, and how much they are scaled, in search of a place where a function has a value."""
_VALUE = re.compile(r"(?:^|[,;])\s*([^\W\d]\w*)\s*=(?!=)")


def inputs_in(text: str) -> dict[str, Given]:
    """`x = 1, W = [[1, 2], [3, 4]]` as values; exact forms such as pi/2 stay as they are. Raises OwnProblem."""
    if not text.strip():
        return {}
    heads = list(_VALUE.finditer(text))
    if not heads or text[: heads[0].start()].strip():
        raise OwnProblem(f'Give the inputs as "x = 1, y = 2"; this cannot be read: {text.strip()}')
    ends = [*(head.start() for head in heads[1:]), len(text)]
    given: dict[str, Given] = {}
    for head, end in zip(heads, ends, strict=True):
        if head[1] in given:
            raise OwnProblem(f"{head[1]} is given two values.")
        given[head[1]] = _given(head[1], text[head.end() : end].strip())
    return given


def _given(name: str, text: str) -> Given:
    if not text:
        raise OwnProblem(f"The value of {name} is missing: write such as {name} = 2.")
    try:
        value = evaluate(read_expression(text, vocabulary_at({})).tree, {})
    except Unreadable as error:
        raise OwnProblem(f"The value of {name} cannot be read. {error.message}\n{error.caret()}") from None
    except ValueError as error:
        raise OwnProblem(f"The value of {name} cannot be used: {error}.") from None
    if not np.all(np.isfinite(value)):
        raise OwnProblem(f"The value of {name} is not finite: {text}.")
    is_numeral = re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?", text) is not None
    given: Given = _plain(value) if shape_of(value) or is_numeral else text
    return given


def _plain(value: Value) -> Any:
    """A value as a file holds it: whole numbers without a point."""
    if np.ndim(value):
        return [_plain(part) for part in np.asarray(value)]
    return int(value) if float(value).is_integer() else float(value)


def draw_missing(
    draft: OwnFunction, text: str, function: Function, given: Mapping[str, Given], missing: tuple[str, ...]
) -> OwnFunction:
    """The function with its missing inputs drawn.

    It is the usable draw at which the most values get a gradient, and of these the one at which the fewest mistakes
    hide.
    """
    best: tuple[tuple[int, int], OwnFunction] | None = None
    usable = 0
    failure: OwnProblem | None = None
    flat: Problem | None = None
    for shapes in _shapes(text, function, given, missing):
        for attempt in range(_TRIES):
            draws = Draws("own", text, attempt)
            at = {**given, **{name: _number_or_array(draws, shapes[name], attempt) for name in missing}}
            own = replace(draft, at={name: at[name] for name in function.parameters}, drawn=missing)
            try:
                problem = problem_of(own, propose=False)
            except OwnProblem as error:
                failure = failure or error
                if not isinstance(error, _NoValue):
                    break  # shapes that do not fit: other numbers would not help
                continue
            if is_flat(problem):
                flat = flat or problem
                continue
            numbers = [given for given in own.at.values() if isinstance(given, int | float)]
            if near_kink(problem) or not is_manageable(problem) or len(set(numbers)) < len(numbers):
                continue
            usable += 1
            still = many_still(problem)
            if best is None or still <= best[0][0]:
                key = still, mistakes_hidden(problem)
                best = min(best or (key, own), (key, own), key=lambda one: one[0])
            if best[0] == (0, 0) or usable >= (_PLENTY if best[0][0] else _ENOUGH):
                break
        if best is not None:
            return best[1]
    if flat is not None:
        raise does_not_move(function, flat, "at all numbers that were tried")
    if failure is None or isinstance(failure, _NoValue):
        such = ", ".join(f"{name} = {number}" for number, name in enumerate(missing, 1))
        raise OwnProblem(
            f"No numbers were found at which {function.name} has a value and gradients. If you know some, give them, "
            f"such as {such}."
        )
    raise failure


def _shapes(
    text: str, function: Function, given: Mapping[str, Given], missing: Sequence[str]
) -> Iterator[dict[str, tuple[int, ...]]]:
    """Shapes that the missing inputs may have, the likeliest first: numbers, unless something in it is for arrays.

    Those at which the function is a number come before all others.
    """
    if not _is_for_arrays(function.expression):
        yield dict.fromkeys(missing, ())
    if _is_for_arrays(function.expression) or any(isinstance(value, list) for value in given.values()):
        choices = [_MATRICES if name[:1].isupper() else _VECTORS for name in missing]
        known = {name: shape_of(_value(value)) for name, value in given.items()}
        every = [dict(zip(missing, shapes, strict=True)) for shapes in islice(product(*choices), _MOST_SHAPES)]
        yield from sorted(every, key=lambda shapes: _result(text, known | shapes) != ())


def _result(text: str, shapes: Mapping[str, tuple[int, ...]]) -> tuple[int, ...] | None:
    """The shape of the function's value where its inputs have these; None where they do not fit."""
    ones: dict[str, Value] = {name: np.ones(shape) if shape else 1.0 for name, shape in shapes.items()}
    try:
        read = read_function(text, vocabulary_at(ones)).tree
        return shape_of(evaluate(read.expression, ones))
    except (Unreadable, ValueError):
        return None


def _is_for_arrays(expression: Expression) -> bool:
    return any(
        isinstance(part, Matrix) or (isinstance(part, Apply) and not GATES[part.operation].elementwise)
        for part in walk(expression)
    )


def _number_or_array(draws: Draws, shape: tuple[int, ...], attempt: int) -> Given:
    """Small whole numbers first, then decimals below 2, then positive ones, larger ones last; arrays hold decimals."""
    if shape:
        if shape[1:]:
            return draws.apart(lambda: _number_or_array(draws, shape[1:], attempt), shape[0])
        return draws.apart(lambda: _decimal(draws, positive=attempt >= _TRIES // 2), shape[0])
    if attempt < _TRIES // 3:
        size = draws.between(3, 6)
        return -size if attempt % 2 and draws.below(3) == 0 else size
    if attempt >= _TRIES * 5 // 6:
        return draws.between(2, _LARGEST) * (-1 if draws.below(3) == 0 else 1)
    return _decimal(draws, positive=attempt >= _TRIES // 2)


def _decimal(draws: Draws, *, positive: bool) -> float:
    tenth = draws.choice([one for one in range(2, 20) if one not in (10, 20)])
    return tenth / 10 if positive or draws.below(2) else -tenth / 10


class _NoValue(OwnProblem):
    """The function has no value, or no gradient, at these inputs."""


def problem_of(own: OwnFunction, *, propose: bool = True) -> Problem:
    """The mathematics. Raises OwnProblem; where there is no value, with inputs nearby at which there is."""
    try:
        return problem_in(own.table)
    except BadFile as error:
        reason = f"{error.reason[:1].upper()}{error.reason[1:]}"
        if error.key != "at" or "no value" not in reason:
            raise OwnProblem(reason if "\n" in reason else f"{reason.rstrip('.')}.") from None
    instead = worked_nearby(own) if propose else None
    there = "\nNone was found nearby either: look at the function itself." if propose else ""
    if instead is not None:
        there = f'\nIt has at {in_words(instead.at)}: --at "{in_words(instead.at)}"'
    raise _NoValue(f"{reason}.{there}")


def worked_nearby(own: OwnFunction) -> OwnFunction | None:
    """Inputs as near as can be at which it can be worked, away from kinks; None where none were found."""
    for moved in _moved(own.at):
        other = replace(own, at=moved, drawn=())
        try:
            problem = problem_in(other.table)
        except (BadFile, ValueError):
            continue
        if not near_kink(problem):
            return other
    return None


def _moved(at: Mapping[str, Given]) -> Iterator[dict[str, Given]]:
    """The inputs with one of them moved, or its sign changed; all of them moved together; then one moved far."""
    values = {name: _value(given) for name, given in at.items()}
    for name, value in values.items():
        for other in (
            *(value + step for step in _STEPS),
            *(value * factor for factor in _FACTORS),
            np.abs(value) + 0.5,
        ):
            yield {**at, name: _plain(as_value(other))}
    for step in (0.5, 1, 2, 3):
        yield {name: _plain(as_value(np.abs(value) + step)) for name, value in values.items()}
    for name, value in values.items():
        yield {**at, name: _plain(as_value(0 * value + 0.5))}
    for far, (name, value) in product(_FAR, values.items()):
        for other in (value + far, value - far):
            yield {**at, name: _plain(as_value(other))}


def _value(given: Given) -> Value:
    return evaluate(read_expression(given, vocabulary_at({})).tree, {}) if isinstance(given, str) else as_value(given)


def is_flat(problem: Problem) -> bool:
    """Whether it moves with none of its inputs, at its own numbers and at those nearby."""
    for inputs in (problem.inputs, *problem.draws):
        try:
            totals = backward(problem.graph, forward(problem.graph, inputs)).totals
        except PassError:
            continue
        if any(np.any(np.abs(totals[position]) > 1e-12) for position in problem.graph.inputs):
            return False
    return True


def does_not_move(function: Function, problem: Problem, where: str) -> OwnProblem:
    """What is said of such a function; `where` is as in "here and nearby"."""
    inputs_named = listed(function.parameters, "or")
    what = f"The sum of {function.name}'s entries" if shape_of(problem.output) else function.name
    return OwnProblem(
        f"{what} does not move with {inputs_named}: its gradient is 0 {where}. There is nothing to carry back."
    )
