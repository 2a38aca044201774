"""What is said of a line that Python cannot read."""

from __future__ import annotations

import pytest

from tutor.questions.code.faults import unreadable_line
from tutor.questions.code.outcomes import Told, of_fault
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


@pytest.mark.parametrize("line", [None, 3])
def test_what_helps_comes_before_what_python_says_at_length(line: int | None):
    said = (
        "ufunc 'bitwise_xor' not supported for the input types, and the inputs could not be safely coerced to any type"
    )
    fault = RunFault("raised", f"Your code raised TypeError: {said}.", line, "", "TypeError", said, ())
    verdict = of_fault(fault, told=Told("def f(x):\n    a = x\n    return a^2"))
    assert "None" not in verdict.message and verdict.stopped_at == line
    assert verdict.message.startswith("Line 3: In Python ^ is not a power.") == (line == 3)
