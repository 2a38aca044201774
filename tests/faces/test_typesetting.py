"""Mathematics in two dimensions, drawn here by hand."""

from __future__ import annotations

import pytest

from tests.shipped import LIBRARY
from tutor.typesetting import typeset_function

DRAWN = {
    "f(x) = 1/(1 + e^-x)": """\
          1
f(x) = ───────
            −x
       1 + e""",
    "f(x, y) = x/2 - (x - y)": """\
          x
f(x, y) = ─ − (x − y)
          2""",
    "f(x) = 2^x": "f(x) = 2^x",
    "f(x) = 3 (x/2)^2": """\
            2
         ⎛x⎞
f(x) = 3·⎜─⎟
         ⎝2⎠""",
    "f(x, y) = (x + y)^2 / sin(x)": """\
          (x + y)²
f(x, y) = ────────
           sin(x)""",
}


@pytest.mark.parametrize("text", DRAWN)
def test_by_hand(text: str) -> None:
    assert typeset_function(text) == DRAWN[text]


def test_what_cannot_be_read_is_nothing() -> None:
    assert typeset_function("f(x = 1/") == ""


def test_all_that_ships_fits() -> None:
    for exercise in LIBRARY.exercises.values():
        if exercise.file.function:
            lines = typeset_function(exercise.file.function).split("\n")
            assert lines != [""] and (len(lines) == 1 or max(map(len, lines)) <= 76)


def test_what_is_too_tall_stays_in_a_line() -> None:
    text = "x"
    for _ in range(8):
        text = f"1/(1 + {text})"
    assert "\n" not in typeset_function(f"f(x) = {text}")
