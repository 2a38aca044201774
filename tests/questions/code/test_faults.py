"""What is said of a line that Python cannot read."""

from __future__ import annotations

import pytest

from tutor.questions.code.faults import unreadable_line
from tutor.runner import RunFault


def said(line: str) -> str:
    return unreadable_line(
        RunFault("syntax", "", 2, "", "", "invalid syntax", ()), f"def g():\n    {line}\n    return 1\n"
    )


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        ("out = a z", "a", "z"),
        ("out = np.sin(a) b", "np.sin(a)", "b"),
        ("dx = dz (a)b", "(a)", "b"),
        ("dx += 2 a", "2", "a"),
        ("return a b + c", "a", "b"),
        ("y = dx[0] z", "dx[0]", "z"),
    ],
)
def test_a_product_written_side_by_side_is_told(line: str, before: str, after: str):
    assert said(line) == f" Python wants a * between {before} and {after}."


@pytest.mark.parametrize(
    "line",
    ["x = a and", "if a b: pass", "for i in range(3) x", "print a", "x == = 3", "x = (a", "x = a ** ", "def h(x) y"],
)
def test_other_lines_are_not(line: str):
    assert said(line) == ""
