"""Which of several wrong ways an answer went: one, either of two, or none that can be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.values import Value, all_finite, shape_of
from tutor.judging.numbers import agrees
from tutor.language import Expression

Ways = Mapping[str, Value]
"""A wrong way's label -> the number it leads to, the likeliest first."""

MOST_TOLD = 2
"""With more explanations than this, nothing is told."""

_FAR = 0.25
"""An answer so far from a value, relative to the larger, is not that value at any precision that counts."""

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Recognised:
    """The labels of the wrong ways that explain an answer; none where too many do (`many`), or no one does."""

    labels: tuple[str, ...] = ()
    many: bool = False


def recognise(
    answer: Expression,
    at: Mapping[str, Value],
    truth: Value,
    ways: Sequence[Ways],
    elsewhere: Callable[[], Sequence[Ways]],
) -> Recognised:
    """Which ways lead to this answer, to the precision it is written in.

    `ways` are what they lead to from the true numbers, and from the learner's own; `elsewhere` the same at other
    inputs. Ways that agree there too are one and the same: the first stands for them. A way that leads to the truth,
    or to no number, does not count.
    """
    try:
        mine = evaluate(answer, at)
    except (KeyError, ValueError):
        return Recognised()
    order = dict.fromkeys(label for each in ways for label in each)
    matching = [label for label in order if any(_leads(answer, mine, at, truth, each.get(label)) for each in ways)]
    if len(matching) > 1:
        matching = _distinct(matching, elsewhere())
    return Recognised(many=True) if len(matching) > MOST_TOLD else Recognised(tuple(matching))


def _leads(answer: Expression, mine: Value, at: Mapping[str, Value], truth: Value, value: Value | None) -> bool:
    if value is None or shape_of(value) != shape_of(mine) or not all_finite(value) or _equal(value, truth):
        return False
    gap, size = np.abs(np.subtract(mine, value)), np.maximum(np.abs(mine), np.abs(value))
    return bool(np.all(gap <= _FAR * size + 1e-12)) and agrees(answer, value, at)


def _distinct(labels: Sequence[str], elsewhere: Sequence[Ways]) -> list[str]:
    kept: list[str] = []
    for label in labels:
        if not any(same_way(label, other, elsewhere) for other in kept):
            kept.append(label)
    return kept


def same_way(label: str, other: str, elsewhere: Sequence[Ways]) -> bool:
    """Whether two ways lead to the same numbers wherever both can be gone."""
    pairs = [(ways[label], ways[other]) for ways in elsewhere if label in ways and other in ways]
    return bool(pairs) and all(_equal(one, two) for one, two in pairs)


def _equal(one: Value, two: Value) -> bool:
    if shape_of(one) != shape_of(two):
        return False
    gap, size = np.abs(np.subtract(one, two)), np.maximum(np.abs(one), np.abs(two))
    return bool(np.all((gap <= _SAME * size) | (gap < 1e-13)))
