"""What the characters of a text are, while it is being typed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.language import Unreadable, Vocabulary, read_expression
from tutor.language.highlighting import Mark, marks

from .test_readings import MEANINGS
from .trees import anything, shaped
from .words import USUAL, known

LETTERS = {
    "number": "n",
    "name": "v",
    "unknown": "?",
    "function": "f",
    "operator": "o",
    "bracket": "b",
    "matched_bracket": "M",
    "unmatched_bracket": "U",
    "error": "E",
}

MARKED = {
    "x + 2.5*sin(y)": "v o nnnofffbvb",
    "q*xy - foo(3)": "?o?? o ???bnb",
    "e^x + pi": "nov o nn",
    "np.exp(x)": "ffofffbvb",
    "x² − ½√y": "vo o nov",
    "Wᵀx": "vov",
    "W.T @ x": "voo o v",
    "x₁": "??",
    "αβ": "??",
    "X + x_1": "? o ???",
    "sum(x, axis=0, keepdims=True)": "fffbvo ffffono ffffffffonnnnb",
    "\\frac{x}{y}": "ooooobvbbvb",
    "\\sin x \\cdot y": "ffff v ooooo v",
    "σ(x)": "fbvb",
    "sigma(x)": "fffffbvb",
    "８ + 𝟗": "n o n",
    "x & y": "v o v",
    "x > y if y != z else x": "v o v oo v oo v oooo v",
    "x # y": "v E v",
    "é": "E",
    "12.5.1": "nnnnnn",
    "a_new = x": "vvvvv o v",
    "a_new": "?????",
    "2 = x": "n o v",
    "x = a_new": "v o ?????",
    # brackets
    "(x + (y]": "Uv o UvU",
    "(x + (y)": "Uv o bvb",
    "x))": "vUU",
    "[[1, 2], [3, 4]]": "bbno nbo bno nbb",
    "|x| + ||v||^2": "bvb o bbvbbon",
    "||x| - 1|": "bbvb o nb",
    "||x| - |y||": "bbvb o bvbb",
    "x|": "vU",
    "|x": "Uv",
    "‖v||": "bvbb",
    "{x}": "bvb",
}


def line_of(text: str, found: list[Mark]) -> str:
    line = [" "] * len(text)
    for mark in found:
        line[mark.start : mark.end] = LETTERS[mark.kind] * (mark.end - mark.start)
    return "".join(line)


@pytest.mark.parametrize("text", MARKED)
def test_every_character_is_marked_for_what_it_is(text: str) -> None:
    assert line_of(text, marks(text, USUAL)) == MARKED[text]


@pytest.mark.parametrize(
    ("cursor", "line"),
    [
        (0, "Mv o bvbM"),
        (1, "Mv o bvbM"),
        (5, "bv o MvMb"),
        (8, "Mv o bvbM"),
        (7, "bv o MvMb"),
        (9, "Mv o bvbM"),
        (3, "bv o bvbb"),
        (None, "bv o bvbb"),
    ],
)
def test_the_bracket_at_the_cursor_is_shown_with_its_partner(cursor: int | None, line: str) -> None:
    assert line_of("(x + (y))", marks("(x + (y))", USUAL, cursor)) == line


def test_a_bar_at_the_cursor_is_shown_with_its_partner() -> None:
    assert line_of("2||v||", marks("2||v||", USUAL, 2)) == "nMMvMM"


def test_declared_names_that_are_no_words_are_one_name() -> None:
    vocabulary = known("dL/dw", "x̂", "T")
    assert line_of("dL/dw*x̂ + T", marks("dL/dw*x̂ + T", vocabulary)) == "vvvvvovv o v"
    assert line_of("dL/dw", marks("dL/dw", USUAL)) == "??o??"


def test_another_spelling_of_a_name_is_a_name() -> None:
    assert line_of("x1 + beta", marks("x1 + beta", known("x_1", "β"))) == "vv o vvvv"


def test_an_open_vocabulary_knows_every_name() -> None:
    assert line_of("q + X", marks("q + X", known(open_names=True))) == "v o v"


@pytest.mark.parametrize("text", MEANINGS)
def test_what_is_read_has_nothing_unknown_in_it(text: str) -> None:
    assert not set(line_of(text, marks(text, USUAL))) & set("?EU")


@given(shaped.filter(lambda text: "\\" not in text))
def test_no_text_that_reads_is_marked_as_wrong(text: str) -> None:
    try:
        read_expression(text, USUAL)
    except Unreadable:
        return
    wrong = [mark for mark in marks(text, USUAL) if mark.kind in ("unknown", "error", "unmatched_bracket")]
    # Bars inside bars inside bars are paired by a simpler rule while typing than when reading.
    assert not [mark for mark in wrong if text[mark.start] not in "|‖"]


@given(anything, st.integers(0, 60), st.booleans())
def test_marks_stand_in_order_and_leave_out_only_what_is_invisible(text: str, cursor: int, few: bool) -> None:
    vocabulary: Vocabulary = known() if few else USUAL
    found = marks(text, vocabulary, cursor)
    assert all(mark.kind in LETTERS and mark.start < mark.end for mark in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    left_out = [sign for sign, letter in zip(text, line_of(text, found), strict=True) if letter == " "]
    assert all(sign.isspace() or not sign.isprintable() for sign in left_out)


def test_a_long_text_is_marked_as_wrong_where_it_is_too_long() -> None:
    found = marks("x" + " + x" * 3000, USUAL)
    assert found[-1] == Mark("error", 4000, 12001)
