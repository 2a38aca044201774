"""Characters that are pasted or typed on other keyboards."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.language import Unreadable, read_expression

from .words import USUAL, known

SAME = {
    "2×x": "2*x",
    "2·x": "2*x",
    "2⋅x": "2*x",
    "2∙x": "2*x",
    "2∗x": "2*x",
    "x ⊙ y": "x*y",
    "6÷2": "6/2",
    "1⁄2": "1/2",
    "x − y": "x - y",
    "x – y": "x - y",
    "x — y": "x - y",
    "x²": "x^2",
    "x⁻¹": "x^-1",
    "x¹²": "x^12",
    "x⁵⁺³": "x^(5+3)",
    "x⁵+3": "x^5 + 3",
    "x²y³": "x^2*y^3",
    "xʸ": "x^y",
    "(x + y)²": "(x + y)^2",
    "e⁻ˣ": "e^-x",
    "√x": "sqrt(x)",
    "π": "pi",
    "ℼ": "pi",
    "ℯ^x": "e^x",
    "½": "1/2",
    "½x": "(1/2)*x",
    "x½": "x*(1/2)",
    "x/½": "x/(1/2)",
    "(x½)": "x*(1/2)",
    "（x＋1）": "(x + 1)",
    "［1，2］": "[1, 2]",
    "𝑥+1": "x + 1",
    "𝐖 @ 𝐱": "W @ x",
    "x\u200b+1": "x + 1",
    "\ufeffx": "x",
    "x\u00a0y": "x y",
    "\u2003x\u2009+\u202f1": "x + 1",
    "∣x∣": "|x|",
    "∥v∥²": "||v||^2",
    "‖v‖^2": "||v||^2",
    "Wᵀx": "W.T x",
    "W⊤@x": "W.T @ x",
    "x​²": "x^2",
}


@pytest.mark.parametrize("text", SAME)
def test_pasted_characters_read_as_plain_ones(text: str) -> None:
    assert read_expression(text, USUAL).tree == read_expression(SAME[text], USUAL).tree


def test_an_error_behind_pasted_characters_points_at_the_right_place() -> None:
    with pytest.raises(Unreadable) as caught:
        read_expression("½ x² − q", USUAL)
    assert caught.value.caret() == "½ x² − q\n       ^"


def test_wide_characters_move_the_caret() -> None:
    with pytest.raises(Unreadable) as caught:
        read_expression("（x＋q）", USUAL)
    assert caught.value.caret() == "（x＋q）\n     ^"


def test_spoofed_texts_never_mean_what_they_look_like() -> None:
    for text in ("x\u202e+1", "\u202dx", "x\u2066+1\u2069", "а", "е^x", "х", "ѕin(x)", "x\u0301", "x\u0338=y"):
        with pytest.raises(Unreadable):
            read_expression(text, USUAL)


def test_the_full_width_underscore_does_not_make_a_python_name() -> None:
    with pytest.raises(Unreadable, match="There is no function __import__ here"):
        read_expression("＿＿import＿＿(x)", USUAL)


@given(st.characters())
def test_a_character_is_read_as_itself_or_refused_with_its_code_point_or_a_sentence(character: str) -> None:
    try:
        read_expression(f"x + {character}", known("x"))
    except Unreadable as unreadable:
        shown = unreadable.caret()
        assert len(shown.split("\n")) == 2
        assert not any(unicodedata.category(each) in ("Cc", "Cf") for each in shown.replace("\n", ""))
        assert not any(unicodedata.category(each) in ("Cc", "Cf") for each in unreadable.message)
