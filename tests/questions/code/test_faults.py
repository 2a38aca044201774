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


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("def f(x):\n    # a\na = x\nb = a\n    return b\n", "Lines 3 to 4 begin at the margin, so they are not"),
        ("def f(x):\nreturn x\n", "Line 2 begins at the margin, so it is not in the function."),
        ("def f(x):\n    a = x\n\nb = a\n    return b\n", "Line 4 begins at the margin"),
        ("def f(x):\n    a = x\n      b = a\n    return b\n", ""),
        ("def f(x):\n    for i in x:\n    a = i\n    return a\n", ""),
    ],
)
def test_lines_that_are_not_in_the_function_are_told(program: str, told: str):
    with pytest.raises(SyntaxError) as caught:
        compile(program, "your code", "exec")
    error = caught.value
    said = unreadable_line(RunFault("syntax", "", error.lineno, "", "", error.msg, ()), program)
    assert told in said and bool(told) == bool(said)


@pytest.mark.parametrize("line", [None, 3])
def test_what_helps_comes_before_what_python_says_at_length(line: int | None):
    said = (
        "ufunc 'bitwise_xor' not supported for the input types, and the inputs could not be safely coerced to any type"
    )
    fault = RunFault("raised", f"Your code raised TypeError: {said}.", line, "", "TypeError", said, ())
    verdict = of_fault(fault, told=Told("def f(x):\n    a = x\n    return a^2"))
    assert "None" not in verdict.message and verdict.stopped_at == line
    assert verdict.message.startswith("Line 3: In Python ^ is not a power.") == (line == 3)
