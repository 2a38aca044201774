"""The five kinds of verdict: which finish a blank, which are charged."""

from __future__ import annotations

import pytest

from tutor.engine.gates import vocabulary
from tutor.judging import Kind, Verdict, from_language, remark, right, undecided, unreadable, wrong
from tutor.language import Unreadable, read_expression


@pytest.mark.parametrize(
    ("verdict", "kind", "accepted", "charged"),
    [
        (right(), "right", True, False),
        (remark("Cut off."), "remark", True, False),
        (wrong("No.", "forgot_upstream"), "wrong", False, True),
        (unreadable("What?"), "unreadable", False, False),
        (undecided("Give two digits."), "undecided", False, False),
    ],
)
def test_only_wrong_is_charged(verdict: Verdict, kind: str, accepted: bool, charged: bool) -> None:
    assert (verdict.kind, verdict.accepted, verdict.charged) == (Kind(kind), accepted, charged)


def test_a_text_that_cannot_be_read_keeps_its_caret() -> None:
    with pytest.raises(Unreadable) as caught:
        read_expression("2 * (x + 1", vocabulary("x"))
    verdict = from_language(caught.value)
    assert verdict.kind is Kind.UNREADABLE
    assert verdict.message == caught.value.message
    assert "^" in verdict.caret


def test_an_echo_says_how_it_was_read() -> None:
    assert right().with_echo("(1/2)·x").echo == "(1/2)·x"
    assert right().with_echo(None).echo == ""
