"""What is said of an answer while it is typed: its shape beside the one needed, in every usual reading; no verdict."""

from __future__ import annotations

import numpy as np
import pytest

from tutor.engine.gates import arrays_of, vocabulary
from tutor.engine.values import shape_of
from tutor.language import Expression, Reading, read_expression
from tutor.questions import Blank
from tutor.questions.typed_reading import TypedReading, reading_of

AT = {"W": np.arange(6.0).reshape(3, 2), "x": np.array([[1.0], [2.0]]), "v": np.array([1.0, 2.0]), "c": 3.0}
BLANK = Blank("g", "g =", "?", shape=(3, 2))


def read(text: str) -> Reading[Expression]:
    known = vocabulary(*AT)
    arrays = arrays_of({name: shape_of(value) for name, value in AT.items()})
    return read_expression(text, type(known)(known.functions, known.names, arrays=arrays))


@pytest.mark.parametrize(
    ("text", "shape", "clashes"),
    [
        ("W", (3, 2), False),
        ("W @ x", (3, 1), True),
        ("(W @ x) @ x.T", (3, 2), False),
        ("c W", (3, 2), False),
        ("W.T", (2, 3), True),
        ("g = W v", (3,), True),
        ("x @ W", None, True),
        ("3", (), True),
        ("[[1, 2], [3, 4], [5, 6]]", (3, 2), False),
        ("W @", None, False),
        ("", None, False),
        ("h = W.T", None, False),
    ],
)
def test_the_shape_of_what_is_typed_is_held_against_the_one_needed(
    text: str, shape: tuple[int, ...] | None, clashes: bool
) -> None:
    found = reading_of(BLANK, text, read, AT)
    assert (found.shape, found.clashes) == (shape, clashes)
    assert bool(found.misfit) == (text == "x @ W"), "parts that do not fit are named"


def test_no_shape_is_said_where_none_is_needed() -> None:
    assert reading_of(Blank("g", "g =", "?"), "W @ x", read, AT) == TypedReading()
    assert reading_of(Blank("g", "g =", "?"), "2c", read, AT) == TypedReading("2·c")
