"""Whatever is typed: a tree or the language's own error, the same every time, and harmless to show."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.language import Unreadable, read_equation, read_expression, read_function, show, typed
from tutor.language.errors import columns

from .test_readings import MEANINGS
from .trees import anything, shaped, trees
from .words import USUAL, known

Read = Callable[..., object]
READERS = (read_expression, read_equation, read_function)
OPEN = known("x", "y", open_names=True)


def is_harmless(text: str) -> bool:
    return not any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for each in text)


def check(read: Read, text: str, *, open_names: bool = False) -> None:
    """Read the text twice; an error must point into the text and a repair must read."""
    vocabulary = OPEN if open_names else USUAL
    try:
        first = read(text, vocabulary)
    except Unreadable as unreadable:
        above, below = unreadable.caret().split("\n")
        assert is_harmless(above) and set(below) <= {" ", "^"} and "^" in below
        assert len(below) <= sum(map(columns, above)) + 1
        assert unreadable.message and is_harmless(unreadable.message)
        assert all(0 <= span.start <= span.end <= len(text) for span in unreadable.spans)
        assert unreadable.text == text
        if unreadable.repair is not None:
            read(unreadable.repair, vocabulary)
        with pytest.raises(Unreadable) as again:
            read(text, vocabulary)
        assert (again.value.message, again.value.spans) == (unreadable.message, unreadable.spans)
    else:
        assert read(text, vocabulary) == first


@settings(max_examples=examples(150))
@given(anything, st.sampled_from(READERS), st.booleans())
def test_any_text_is_read_or_unreadable(text: str, read: Read, open_names: bool) -> None:
    check(read, text, open_names=open_names)


@settings(max_examples=examples(150))
@given(shaped)
def test_a_text_in_the_languages_own_pieces_is_read_or_unreadable(text: str) -> None:
    check(read_expression, text)
    check(read_equation, f"q = {text}")
    check(read_function, f"f(x, y) = {text}")


@settings(max_examples=examples(150))
@given(st.sampled_from(tuple(MEANINGS)), st.data())
def test_a_slip_in_a_good_text_is_read_or_unreadable(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 2)))
    put = data.draw(
        st.sampled_from(("", " ", "(", ")", "[", "]", "|", ",", ".", "-", "*", "^", "²", "x", "2", "=", "\\"))
    )
    check(read_expression, text[:start] + put + text[end:])


@given(shaped)
def test_what_reads_can_be_printed_and_read_again(text: str) -> None:
    try:
        tree = read_expression(text, USUAL).tree
    except Unreadable:
        return
    assert read_expression(show(tree), USUAL).tree == tree
    assert read_expression(typed(tree), USUAL).tree == tree


@given(trees, st.data())
def test_the_span_of_every_part_holds_its_text(tree: object, data: st.DataObject) -> None:
    text = typed(tree)  # type: ignore[arg-type]
    reading = read_expression(text, USUAL)
    span = reading.tree.span
    assert read_expression(text[span.start : span.end], USUAL).tree == reading.tree
