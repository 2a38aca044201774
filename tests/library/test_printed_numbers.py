"""What is printed with an equals sign in an exercise that ships is equal, to the digits it is printed with."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.shipped import LIBRARY
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.engine.values import Value, shape_of
from tutor.language import Expression, Matrix, Unreadable, read_expression, walk

_BEFORE = re.compile(r"[0-9A-Za-z.+\-−·*/()\[\],² ^√e]*$")
_NUMBER = re.compile(r"^ *(?:-?[0-9][0-9,]*(?:\.[0-9]+)?(?!\.?[0-9])|\[[-0-9., \[\]]*\])")
_FAR = 0.5 * (1 + 1e-9)


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)


def _read(text: str) -> Expression | None:
    try:
        return read_expression(text, vocabulary()).tree
    except Unreadable:
        return None


def _left(text: str) -> Expression | None:
    """The longest arithmetic that ends a text; None where that is a bare number, or nothing."""
    found = _BEFORE.search(text)
    assert found is not None
    words = found[0]
    for start in range(len(words)):
        # A number is not cut in two, nor is what stands behind a sign taken for all of it.
        behind = words[start - 1] if start else " "
        if words[start] == " " or behind not in " (":
            continue
        tree = _read(words[start:])
        if isinstance(tree, Matrix) and words[start] != "[":
            continue  # several claims in one sentence, with commas in between
        if tree is not None:
            return tree if len(list(walk(tree))) > 1 else None
    return None


def _claims(text: str) -> Iterator[tuple[str, Value, Value, float]]:
    """Each equation of numbers in a text: the text, both sides, and how far they may be apart."""
    for found in re.finditer("=", text):
        right, left = _NUMBER.match(text[found.end() :]), _left(text[: found.start()])
        if right is None or left is None:
            continue
        shown = right[0].replace(",", "") if "[" not in right[0] else right[0]
        tree = _read(shown.strip())
        if tree is None:
            continue
        places = max((len(one) for one in re.findall(r"\.([0-9]+)", shown)), default=0)
        yield (
            f"{text[max(0, found.start() - 40) : found.end() + 30]}",
            evaluate(left, {}),
            evaluate(tree, {}),
            0.1**places,
        )


@cache
def _claimed(id: str) -> list[tuple[str, Value, Value, float]]:
    """What an exercise that ships claims."""
    data = tomllib.loads(LIBRARY.exercises[id].path.read_text(encoding="utf-8"))
    return [claim for text in _texts(data) for claim in _claims(text)]


def test_there_are_many():
    assert sum(len(_claimed(id)) for id in LIBRARY.exercises) > 75


@pytest.mark.parametrize("id", LIBRARY.exercises)
def test_both_sides_are_equal(id: str):
    for text, left, right, step in _claimed(id):
        assert shape_of(left) == shape_of(right), text
        assert np.all(np.abs(np.subtract(left, right)) <= _FAR * step), f"{text}: {left} is not {right}"
