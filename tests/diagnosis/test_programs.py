"""Programs as students write them: the wrong line is told, no right line is accused, right programs are accepted.

Every fourth wrong one is tried here, all of them in tests/bench/bench_diagnosis.py.
"""

from __future__ import annotations

import pytest

from tutor.judging import Kind
from tutor.runner import Runner

from .programs import RIGHT, WRONG, Program, told


@pytest.mark.parametrize("program", WRONG[::4], ids=lambda program: f"{program.exercise}: {program.what}")
def test_the_wrong_line_is_told(program: Program, runner: Runner):
    verdict = told(runner, program)
    assert verdict.kind is Kind.WRONG
    assert set(verdict.lines) & set(program.lines), verdict.message
    assert len(verdict.lines) == 1, verdict.message
    assert program.is_named(verdict), verdict.message


@pytest.mark.parametrize("program", RIGHT[::2], ids=lambda program: f"{program.exercise}: {program.what}")
def test_a_right_program_is_accepted_in_any_style(program: Program, runner: Runner):
    verdict = told(runner, program)
    assert verdict.accepted, verdict.message


def test_an_array_of_the_returns_is_accepted_with_a_remark(runner: Runner):
    verdict = told(runner, RIGHT[0])
    assert verdict.kind is Kind.REMARK
    assert "one array" in verdict.message


A = "def q2a(x, y, z):\n    q = x + y\n    out = q * z\n    {}\n    return out, z, z, q\n"
SAID = {
    "if": ("if x > 0:\n        q = q + 0", "np.where(condition, this, that)"),
    "assert": ("assert out > 8", "x" and ".all()"),
    "a missing *": ("p = (x + y)(z)", "Is a * missing in (x + y)(z)?"),
    "nearly NumPy's": ("p = np.zeroes(3)", "Is np.zeros meant?"),
    "nearly a name": ("summ = x + y\n    p = sum * z", "Is summ meant?"),
    "a name that is not there": ("p = outt * 2", "Is out meant?"),
    "another power": ("p = x ^ 2", "In Python ^ is not a power."),
}
NOT_COUNTED = {
    "torch": ("import torch", "NumPy only"),
    "to be written": ("raise NotImplementedError()", "still to be written"),
    "the keyboard": ("x = input()", "arguments of the function"),
}


@pytest.mark.parametrize("name", SAID)
def test_what_raises_is_read_as_a_teacher_would(name: str, runner: Runner):
    line, says = SAID[name]
    verdict = told(runner, Program("node-way/a", name, A.format(line)))
    assert not verdict.accepted
    assert says in verdict.message, verdict.message


@pytest.mark.parametrize("name", NOT_COUNTED)
def test_what_is_no_answer_yet_is_not_counted(name: str, runner: Runner):
    line, says = NOT_COUNTED[name]
    verdict = told(runner, Program("node-way/a", name, A.format(line)))
    assert verdict.kind is Kind.UNREADABLE, verdict.message
    assert says in verdict.message


PLAIN = A.format("pass")
ODD = {
    "a generator": ("    return out", "    yield out", "yield on line 5"),
    "async": ("def q2a", "async def q2a", "q2a is async"),
    "inside a class": ("def q2a", "class Solution:\n  def q2a", "inside the class Solution"),
}


@pytest.mark.parametrize("name", ODD)
def test_a_function_that_is_not_called_as_one_is_told_why(name: str, runner: Runner):
    old, new, says = ODD[name]
    verdict = told(runner, Program("node-way/a", name, PLAIN.replace(old, new)))
    assert not verdict.accepted
    assert says in verdict.message, verdict.message


PASTED = {
    "a byte order mark": "\ufeff" + PLAIN,
    "no-break spaces": PLAIN.replace("    ", "\u00a0 \u00a0 "),
    "signs": PLAIN.replace("*", "\u00d7").replace("pass", "m = \u22121"),
    "quotes": PLAIN.replace("pass", "names = {\u201cq\u201d: q, \u2018z\u2019: z}"),
    "fences": f"Here it is:\n```python\n{PLAIN}```\n",
    "prompts": "\n".join(f"{'>>> ' if line.startswith('def') else '... '}{line}" for line in PLAIN.splitlines()),
    "a notebook": f"%matplotlib inline\n!pip install numpy\n{PLAIN}",
}


@pytest.mark.parametrize("name", PASTED)
def test_what_is_pasted_is_read_as_it_is_meant(name: str, runner: Runner):
    verdict = told(runner, Program("node-way/a", name, PASTED[name]))
    assert verdict.accepted, verdict.message


def test_three_thousand_lines_run_in_time(runner: Runner):
    lines = "\n    ".join(f"t{at} = x + {at}" for at in range(3_000))
    assert told(runner, Program("node-way/a", "long", A.format(lines))).accepted
    wrong = A.format(lines).replace("z, z, q", "z, z, x")
    assert told(runner, Program("node-way/a", "long and wrong", wrong)).kind is Kind.WRONG
