from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.text import (
    caret_in_ascii,
    clipped,
    clipped_at_word,
    columns,
    harmless,
    in_ascii,
    needs_ascii,
    one_line,
    padded,
    wrapped,
)

DANGEROUS = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
ANY = st.text(st.characters(), max_size=60)


@given(ANY)
def test_nothing_dangerous_is_left(text: str) -> None:
    shown = harmless(text).replace("\u200c", "").replace("\u200d", "")
    assert not [sign for sign in shown if sign not in "\n\t" and unicodedata.category(sign) in DANGEROUS]
    assert harmless(harmless(text)) == harmless(text)


JOINED = (
    *("👩‍🔬", "👨‍👩‍👧‍👦", "🏳️‍🌈", "❤️‍🔥", "👩🏽‍🚀", "🙂‍↔️", "🧑‍🤝‍🧑", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "🇳🇴"),
    *("می‌خواهم", "نامه‌ها", "क्‍ष", "क्‌ष", "ක්‍ය", "র‍্য", "ന്‍"),
)
NOT_JOINED = (
    *("a\u200db", "a\u200cb", "\u200d👩", "👩\u200d", "👩\u200d\u200d👩", "\u200cم", "م\u200c\u200c"),
    *(
        "م\u202e",
        "\u061cم",
        "م\u200fم",
        "x\U000e0067\U000e007f",
        "🏴\U000e0067x",
        "🏴\U000e007f",
        "a\u00adb",
        "👩\u2060👩",
    ),
)


@pytest.mark.parametrize("text", JOINED)
def test_joiners_stay_where_writing_needs_them(text: str) -> None:
    assert harmless(f"A {text} b") == f"A {text} b"


@pytest.mark.parametrize("text", NOT_JOINED)
def test_elsewhere_they_are_seen(text: str) -> None:
    assert "\\" in harmless(text)


@given(
    st.lists(
        st.sampled_from([*"a👩❤م क‍", "\u200c", "\u200d", "\ufe0f", "🏽", "🏴", "\U000e0067", "\U000e007f", "\u202e"])
    )
)
def test_any_mixture_is_shown_once_and_for_all(signs: list[str]) -> None:
    shown = harmless("".join(signs))
    assert harmless(shown) == shown and "\u202e" not in shown and "\u200d\u200d" not in shown


def test_columns_and_clipping() -> None:
    assert [columns(text) for text in ("", "abc", "σ²", "é", "e\u0301", "漢字", "👩")] == [0, 3, 2, 1, 1, 4, 2]
    assert clipped("abc", 3) == "abc" and clipped("abcd", 3) == "ab…" and clipped("漢字漢", 4) == "漢…"
    assert clipped("e\u0301" * 3, 3) == "e\u0301" * 3
    assert clipped("👩‍🔬👩‍🔬", 6) == "👩‍🔬…" and clipped("👩‍🔬👩‍🔬", 4) == "👩…"
    assert padded("漢", 4) == "漢  "


@given(ANY, st.integers(1, 20))
def test_nothing_clipped_is_wider_than_it_may_be(text: str, most: int) -> None:
    text = one_line(text)
    assert columns(clipped(text, most)) <= most
    assert columns(text) > most or clipped(text, most) == text or len(text) > 4 * most


@given(st.text(st.characters(categories=("L", "N", "P", "Sm")), max_size=40))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(f"{text} \n\t{text}") == f"{text} \n\t{text}"


@pytest.mark.parametrize("sign", ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\ufeff", "\udc80", "\r", "\x00", "\x7f"])
def test_signs_that_a_terminal_obeys_are_seen(sign: str) -> None:
    shown = harmless(f"a{sign}b")
    assert sign not in shown and len(shown) > 2


@given(ANY)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1 and "\t" not in one_line(text)


@given(ANY)
def test_ascii_is_ascii(text: str) -> None:
    assert in_ascii(harmless(text)).isascii()


def test_signs_in_ascii() -> None:
    assert in_ascii("∂f/∂σ ← √y · 2² − “x” → π") == 'df/dsigma <- sqrt y * 2^2 - "x" -> pi'


def test_carets_stay_under_what_they_mean() -> None:
    assert caret_in_ascii("σ + β ?\n    ^ ^") == "sigma + beta ?\n        ^^^^ ^"
    assert caret_in_ascii("σ(\n   ^") == "sigma(\n       ^"
    assert caret_in_ascii("x + y\n^") == "x + y\n^"


def test_wrapped_at_blanks_and_no_more() -> None:
    text = "one two three four\n    a line that is indented stays as it is\nfive"
    assert wrapped(text, 9) == "one two\nthree\nfour\n    a line that is indented stays as it is\nfive"
    assert wrapped("one two three", 11, indent="  ") == "  one two\n  three"
    assert max(map(len, wrapped("word " * 100).split("\n"))) <= 78


@pytest.mark.parametrize(("encoding", "needed"), [("utf-8", False), ("UTF8", False), ("ascii", True), ("cp1252", True)])
def test_which_streams_need_ascii(encoding: str, needed: bool) -> None:
    assert needs_ascii(io.TextIOWrapper(io.BytesIO(), encoding=encoding)) is needed


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("a number, a fraction or a formula", 29, "a number, a fraction…"),
        ("a number, a fraction or a formula", 12, "a number…"),
        ("a matrix (2, 1), such as [[1], [2]]", 33, "a matrix (2, 1)…"),
        ("stage, forward, backward, code", 29, "stage, forward, backward…"),
        ("g(x, y) = 2x + 3y,   x = e, y = pi/2", 33, "g(x, y) = 2x + 3y,   x = e…"),
        ("x^2 + y^2", 7, "x^2…"),
        ("p: 4.12345678901234567890", 20, "p…"),
        ("yours (4, 1, 12, 1345, 5, 6, 7, 8)", 26, "yours…"),
        ("f(2, 13) + 1", 5, "f…"),
        ("4.12345678901234567890", 10, "4.1234567…"),
        ("all of it", 9, "all of it"),
    ],
)
def test_what_does_not_fit_ends_with_a_whole_word(text: str, room: int, shown: str) -> None:
    assert clipped_at_word(text, room) == shown


@given(st.text(st.characters(), max_size=80), st.integers(1, 40))
def test_whatever_is_clipped_at_a_word_fits(text: str, room: int) -> None:
    assert columns(clipped_at_word(text, room)) <= max(room, 1)
