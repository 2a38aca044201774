"""The five kinds of verdict: which finish a blank, which are charged."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tutor
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


READS = frozenset(
    {"startswith", "endswith", "partition", "rpartition", "split", "removeprefix", "removesuffix", "replace"}
)
SAID = frozenset({"message", "says", "said", "remark"})


def _read_from(tree: ast.Module) -> list[int]:
    """The lines on which something is read out of what is said: a method that searches it, or `"..." in` it."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=told), attr=method)):
                if told in SAID and method in READS:
                    found.append(node.lineno)
            case ast.Compare(ops=[ast.In() | ast.NotIn() | ast.Eq() | ast.NotEq()], left=left, comparators=[right]):
                sides = {side.attr for side in (left, right) if isinstance(side, ast.Attribute)}
                if sides & SAID and any(isinstance(side, ast.Constant) and side.value for side in (left, right)):
                    found.append(node.lineno)
    return found


def test_nothing_is_read_out_of_a_sentence() -> None:
    room = Path(tutor.__file__).parent
    found = [
        f"{path.relative_to(room)}:{line}"
        for path in room.rglob("*.py")
        for line in _read_from(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found
    assert _read_from(ast.parse("verdict.message.startswith('Right')")) == [1]
    assert _read_from(ast.parse("'not known' in error.message")) == [1]
