"""Wrong values that leave nothing to work out in what follows from them: 0, 1, one number everywhere.

Who follows rightly from a mistake shows that they know the next step, and earns its marks; not who wrote 0, with which
every product is 0. Values are compared with the right ones: what is 0 or 1 in truth is no easier for being so.
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
_TINY, _HUGE = 1e-3, 1e6
"""As many times the right value, a number is as good as 0, or has the next function at its end."""
_MOST_EASY = 0.5
"""Of an array's entries."""
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


def is_easy(text: str, correct: str) -> bool:
    """Whether a wrong answer is a value that makes what follows trivial, where the right one does not."""
    mine, truth = values_of(text), values_of(correct)
    if not mine:
        return False
    if len(truth) != len(mine):
        truth = (np.asarray(np.nan),) * len(mine)
    return all(_easy(one, other) for one, other in zip(mine, truth, strict=True))


def _easy(mine: Array, truth: Array) -> bool:
    fits = mine.shape == truth.shape
    beside = truth if fits else np.full(mine.shape, truth.flat[0] if truth.size == 1 else np.nan)
    with np.errstate(all="ignore"):
        easy = [_easy_number(float(one), float(other)) for one, other in zip(mine.flat, beside.flat, strict=True)]
        constant = mine.size > 1 and bool(np.ptp(mine) <= _NEAR * np.max(np.abs(mine)))
        constant_too = fits and bool(np.ptp(truth) <= _NEAR * np.max(np.abs(truth)))
    return (bool(easy) and sum(easy) >= _MOST_EASY * len(easy)) or (constant and not constant_too)


def _easy_number(mine: float, truth: float) -> bool:
    size, right = abs(mine), abs(truth) if truth == truth else None
    if size < 1e-9 or (right is not None and size < _TINY * right):
        return right != 0.0
    if abs(size - 1) <= _NEAR:
        return right is None or abs(right - 1) > _NEAR
    return size > _HUGE * max(1.0, right or 0.0)


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


def is_degenerate(answer: GivenAnswer, roots: Iterable[tuple[str, GivenAnswer]], filled: frozenset[str]) -> bool:
    """Whether following from these mistakes, by key, took no work."""
    return is_easy(answer.text, answer.correct) or any(
        key in filled or is_easy(root.text, root.correct) or copies(answer, root) for key, root in roots
    )


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
