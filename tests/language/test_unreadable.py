"""How a text is shown with carets under the place that went wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.language import Span, Unreadable
from tutor.language.errors import TextEdit, columns, edited, plainly, visible


def shown(text: str, *spans: tuple[int, int]) -> list[str]:
    return Unreadable("Why.", text, tuple(Span(*span) for span in spans)).caret().split("\n")


def test_carets_stand_under_every_span() -> None:
    assert shown("5 + (1+2]", (4, 5), (8, 9)) == ["5 + (1+2]", "    ^   ^"]
    assert shown("x +", (3, 3)) == ["x +", "   ^"]
    assert shown("", (0, 0)) == ["", "^"]
    assert shown("x\ty\n", (2, 3)) == ["x␉y␊", "  ^"]
    assert shown("π² + q", (5, 6)) == ["π² + q", "     ^"]


def test_wide_characters_take_two_columns() -> None:
    assert shown("（q）", (1, 2)) == ["（q）", "  ^"]
    assert shown("💗", (0, 1)) == ["💗", "^^"]


def test_a_long_text_is_shown_around_the_place() -> None:
    text = "x + " * 100 + "q + " + "y + " * 100
    above, below = shown(text, (400, 401))
    assert above[below.index("^")] == "q"
    assert above.startswith("…") and above.endswith("…") and len(above) == 62


def test_a_place_behind_many_wide_characters_is_shown() -> None:
    text = "=" * 121 + "（x＋1\ufffdq"
    above, below = shown(text, (125, 126))
    assert below.index("^") == columns_of(above[: above.index("\ufffd")])
    above, below = shown("（" * 200 + "q", (200, 201))
    assert below.index("^") == columns_of(above) - 1


def columns_of(text: str) -> int:
    return sum(map(columns, text))


def test_what_could_disturb_a_terminal_is_replaced() -> None:
    assert shown("\x1b[31mx\u202e\x00", (0, 1))[0] == "␛[31mx�␀"
    assert visible("\u0301") == visible("ש") == visible("\ue000") == "�"
    assert visible("\u00a0") == " "
    assert plainly("a" * 50, 10) == "a" * 10 + "…"
    assert plainly("a" * 10, 10) == "a" * 10
    assert plainly("\x07") == "␇"


@given(st.characters())
def test_a_visible_character_is_one_character_that_a_terminal_shows(character: str) -> None:
    assert len(visible(character)) == 1 and visible(character).isprintable()
    assert columns(visible(character)) in (1, 2)


def test_edits_are_made_from_the_end_so_that_places_stay_true() -> None:
    edits = (TextEdit(Span(0, 1), "[["), TextEdit(Span(4, 5), "]]"), TextEdit(Span(2, 3), ""))
    assert edited("(1,2)", edits) == "[[12]]"


def test_the_error_is_a_sentence() -> None:
    with pytest.raises(Unreadable, match="Why"):
        raise Unreadable("Why.", "x", (Span(0, 1),))
    assert str(Unreadable("Why.", "x", (Span(0, 1),))) == "Why."
