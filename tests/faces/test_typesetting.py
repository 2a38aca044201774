"""Mathematics in two dimensions, drawn here by hand."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.shipped import LIBRARY
from tutor.typesetting import typeset_function, typeset_statement

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


DRAWN |= {
    "f(x) = (x/2)/(x/3)": """\
        x
        ─
        2
f(x) = ───
        x
        ─
        3""",
    "f(x, y) = sum(x * (y @ (x/y)))": """\
             ⎛  ⎛    x⎞⎞
f(x, y) = sum⎜x·⎜y @ ─⎟⎟
             ⎝  ⎝    y⎠⎠""",
    "f(x) = (x > 0) x/2 + (x ≥ 2)": """\
       (x > 0)·x
f(x) = ───────── + (x ≥ 2)
           2""",
    "f(x) = |x/√x| - -x": """\
       │x │
f(x) = │──│ − (−x)
       │√x│""",
}

IN_ASCII = {
    "f(x) = (x - 1)^2 / √x": """\
              2
       (x - 1)
f(x) = --------
       sqrt(x)""",
    "f(x) = x^2 σ(x)": "f(x) = x^2 σ(x)",
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


@pytest.mark.parametrize("text", IN_ASCII)
def test_in_ascii(text: str) -> None:
    assert typeset_function(text, ascii_only=True) == IN_ASCII[text]


def test_what_is_given_stands_beside_its_function_or_below_it() -> None:
    text = "Two questions.\nf(x) = 1/x,   x = 2"
    beside = """\
Two questions.
       1
f(x) = ─,   x = 2
       x"""
    below = """\
Two questions.
       1
f(x) = ─
       x
x = 2"""
    assert typeset_statement(text, 20, 4) == beside
    assert typeset_statement(text, 16, 5) == below
    assert typeset_statement(text, 16, 4) == ""
    assert typeset_statement(text, 12, 9) == ""


def test_sympy_is_not_waited_for() -> None:
    script = "import sys, tutor.typesetting; print('sympy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_small_matrices_stand_in_brackets() -> None:
    given = "f(W, x) = sum(W @ x),   W = [[0.1, 0.5], [-0.3, 0.8]], x = [[2], [4]]"
    assert typeset_statement(given, 80, 2).split("\n") == [
        "                            ⎡ 0.1   0.5⎤      ⎡2⎤",
        "f(W, x) = sum(W @ x),   W = ⎣-0.3   0.8⎦, x = ⎣4⎦",
    ]
    assert typeset_statement(given, 80, 1) == "", "it needs two lines"
    assert "[[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]" in typeset_statement(
        "f(x) = sum(x),   x = [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]", 90, 2
    )
    assert typeset_statement(given, 80, 2, ascii_only=True).isascii()
