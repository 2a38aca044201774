"""Cells on a terminal, and mathematics in ASCII."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.drawing.characters import cells, in_ascii, width


@pytest.mark.parametrize(
    ("text", "cells_taken"),
    [
        ("", 0),
        ("abc", 3),
        ("加", 2),
        ("σ(√y)", 5),
        ("é", 1),
        ("e\u0301", 1),
        ("加\u0301x", 3),
        ("‖·‖²", 4),
        ("\x1b", 1),
    ],
)
def test_width(text: str, cells_taken: int) -> None:
    assert width(text) == cells_taken


@given(st.text(max_size=30))
def test_cells_hold_all_of_a_text_and_nothing_that_moves_the_cursor(text: str) -> None:
    split = cells(text)
    assert len(split) == width(text)
    assert all(not part or part[0].isprintable() or part == "\u3000" or part.isspace() for part in split)
    assert not any(character in part for part in split for character in "\n\r\t\x1b\x07\u2028\u202e")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("x + y", "x + y"),
        ("a × b", "a * b"),
        ("√y", "sqrt y"),
        ("√(y)", "sqrt(y)"),
        ("√", "sqrt"),
        ("σ", "sigma"),
        ("Σ", "sum"),
        ("Δ", "Delta"),
        ("x²", "x^2"),
        ("Wᵀ", "W.T"),
        ("‖·‖²", "||*||^2"),
        ("é", "e"),
        ("加", "?"),
        ("✓", "ok"),
        ("−1", "-1"),
    ],
)
def test_in_ascii(text: str, plain: str) -> None:
    assert in_ascii(text) == plain


@given(st.text(max_size=30))
def test_in_ascii_is_always_ascii(text: str) -> None:
    assert in_ascii(text).isascii()
