"""Wrong values that leave nothing to work out in what follows from them: 0, ones, one number everywhere.

Who follows rightly from a mistake shows that they know the next step, and earns its marks; not who wrote 0, with which
every product is 0, nor who hands a 1 on as it is. Where following takes any work, `1·4 + 1`, it earns its marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.engine.values import Array
from tutor.language import Unreadable, Vocabulary, names_in, read_expression
from tutor.questions.labels import without_left_side

_NEAR = 0.01
"""Numbers that differ by less, as a part of the larger, are the same to an examiner."""
_FILLED = 3
"""Equal answers that are a habit, not a result."""

_NUMBERS = (0.61, 1.37, -0.83, 2.19, -1.71, 0.47, 3.13, -2.41)
"""What names stand for where a formula is looked at for being constant."""


@dataclass(frozen=True)
class GivenAnswer:
    """An answer beside the right one, as texts; `accepted` by the judge, perhaps as what follows from others."""

    text: str
    correct: str
    accepted: bool


def is_zero(text: str, correct: str) -> bool:
    """Whether an answer is 0 throughout, where the right one is not."""
    return _is_throughout(0.0, text) and not _is_throughout(0.0, correct)


def is_one(text: str, correct: str) -> bool:
    """Whether an answer is 1 throughout, or -1, where the right one is not."""
    return any(_is_throughout(one, text) for one in (1.0, -1.0)) and not any(
        _is_throughout(one, correct) for one in (1.0, -1.0)
    )


def _is_throughout(number: float, text: str) -> bool:
    """Whether a value is this number, in all its entries."""
    values = values_of(text)
    return bool(values) and all(bool(np.all(np.abs(one - number) <= _NEAR * abs(number) + 1e-9)) for one in values)


def same_value(text: str, other: str) -> bool:
    """Whether two answers have one value, to the precision of an examiner."""
    mine, theirs = values_of(text), values_of(other)
    return bool(mine) and len(mine) == len(theirs) and all(map(_same, mine, theirs))


def _same(one: Array, other: Array) -> bool:
    if one.shape != other.shape and 1 not in (one.size, other.size):
        return False
    return bool(np.all(np.abs(one - other) <= _NEAR * np.maximum(np.abs(one), np.abs(other)) + 1e-12))


def fillers(answers: Mapping[str, GivenAnswer]) -> frozenset[str]:
    """The keys of wrong answers that are one number put everywhere, whatever was asked."""
    wrong = {key: one for key, one in answers.items() if not one.accepted and values_of(one.text)}
    numbers = [one for one in answers.values() if values_of(one.text)]
    found = []
    for key, one in wrong.items():
        equal = [other for at, other in wrong.items() if at != key and same_value(one.text, other.text)]
        everywhere = len(numbers) >= _FILLED and all(same_value(one.text, other.text) for other in numbers)
        if everywhere or any(not same_value(one.correct, other.correct) for other in equal):
            found.append(key)
    return frozenset(found)


def copies(answer: GivenAnswer, root: GivenAnswer) -> bool:
    """Whether an answer is just its root again, where the right ones differ."""
    return same_value(answer.text, root.text) and not same_value(answer.correct, root.correct)


def nothing_left(answer: GivenAnswer, roots: Iterable[tuple[str, GivenAnswer]], filled: frozenset[str]) -> str:
    """Why following from these mistakes, by key, took no work: a clause on the first such; "" where it did."""
    if is_zero(answer.text, answer.correct):
        return "0 comes of it"
    for key, root in roots:
        if is_zero(root.text, root.correct):
            return "that is 0"
        if is_one(root.text, root.correct) and is_one(answer.text, answer.correct):
            return "that is 1 and so is this"
        if key in filled:
            return "that is the same number in several places"
        if copies(answer, root):
            return "this is the same number again"
    return ""


@lru_cache(maxsize=4096)
def values_of(text: str) -> tuple[Array, ...]:
    """A number or formula in numbers: its names stand for numbers, then for matrices; () where it cannot be read."""
    try:
        tree = read_expression(without_left_side(text), Vocabulary(vocabulary().functions, open_names=True)).tree
    except Unreadable:
        return ()
    names = sorted(names_in(tree))
    return _at(tree, _scalars(names)) or (_at(tree, _matrices(names)) if names else ())


def _at(tree: object, draws: Sequence[Mapping[str, object]]) -> tuple[Array, ...]:
    try:
        found = tuple(np.asarray(evaluate(tree, draw), dtype=np.float64) for draw in draws)  # type: ignore[arg-type]
    except (ValueError, KeyError, TypeError, IndexError):  # shapes that do not fit, names of no value
        return ()
    return found if all(np.all(np.isfinite(one)) for one in found) else ()


_DRAWS = 3


def _scalars(names: Sequence[str]) -> list[Mapping[str, object]]:
    return [{name: _number(at, draw) for at, name in enumerate(names)} for draw in range(_DRAWS)]


def _matrices(names: Sequence[str]) -> list[Mapping[str, object]]:
    return [
        {name: np.array([[_number(4 * at + 2 * row + column, draw) for column in (0, 1)] for row in (0, 1)])
         for at, name in enumerate(names)}
        for draw in range(_DRAWS)
    ]  # fmt: skip


def _number(at: int, draw: int) -> float:
    return _NUMBERS[(3 * at + 5 * draw) % len(_NUMBERS)] + 0.173 * (at // len(_NUMBERS))
