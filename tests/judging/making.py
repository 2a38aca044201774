"""Short ways to say what a test is about: read an expression, judge two texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tutor.engine.gates import vocabulary
from tutor.engine.values import Value
from tutor.judging import Verdict, judge_expression, judge_number
from tutor.judging.tensors import judge_tensor_expression
from tutor.language import Expression, read_expression

NAMES = ("x", "y", "z", "a", "b", "c", "t")


def read(text: str, *names: str) -> Expression:
    return read_expression(text, vocabulary(*(names or NAMES))).tree


def judged(answer: str, truth: str, positive: Sequence[str] = (), **at: float) -> Verdict:
    """The verdict on one expression of x, y, z, ... against another."""
    return judge_expression(read(answer), read(truth), NAMES, positive, at or None)


def numbered(text: str, truth: object, at: Mapping[str, object] | None = None, **options: object) -> Verdict:
    """The verdict on a number or an array; `at` and the truth may be plain lists."""
    values = {name: value_of(data) for name, data in (at or {}).items()}
    return judge_number(read(text, *values, "unknown"), value_of(truth), values, **options)


def tensored(answer: str, truth: str, positive: Sequence[str] = (), **shapes: tuple[int, ...]) -> Verdict:
    return judge_tensor_expression(read(answer, *shapes), read(truth, *shapes), shapes, positive)


def value_of(data: object) -> Value:
    return float(data) if np.ndim(data) == 0 else np.array(data, float)
