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
    "nearly NumPy's": ("p = np.zeroes(3)", "Did you mean np.zeros?"),
    "nearly a name": ("summ = x + y\n    p = sum * z", "Did you mean summ?"),
    "a letter that is there twice": ("p = x + y\n    fz = pp", "Did you mean p?"),
    "a name that is not there": ("p = outt * 2", "Did you mean out?"),
    "another power": ("p = x ^ 2", "In Python ^ is not a power."),
    "a name of ours": ("p = np.ln(x)", "In NumPy ln is np.log."),
    "a function of one number": ("import math\n    p = math.exp(x)", "those of NumPy go entry by entry"),
    "a size that is not there": ("n = x.shape[4]", "x has shape (3,) here."),
    "a method not called": ("p = x @ z.copy", "z.copy is a function that is not called."),
    "a function without return": ("def twice(v):\n        v + v\n    p = twice(x) * 2", "twice returns nothing"),
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


def test_what_raises_is_not_mended_by_changes_that_do_away_with_it(runner: Runner):
    for line in ("m = (q > 0) and (z > 0)", "p = (x + y)(z)", "p = max(x, 0)"):
        verdict = told(runner, Program("node-way/a", line, A.format(line)))
        assert verdict.message.startswith("Your code raised"), verdict.message


def test_a_missing_star_is_asked_for_where_python_cannot_read(runner: Runner):
    verdict = told(runner, Program("node-way/a", "2y", A.format("p = x + 2y")))
    assert verdict.kind is Kind.UNREADABLE
    assert "Is a * missing in 2y?" in verdict.message


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
    "superscripts": PLAIN.replace("pass", "m = x\u00b2 + \u03c0"),
    "a listing": "\n".join(f"{at:2}  {line}" for at, line in enumerate(PLAIN.splitlines(), 1)),
    "a mail": "\n".join(f"> {line}" for line in PLAIN.splitlines()),
    "a difference": "\n".join(f"+{line}" for line in PLAIN.splitlines()),
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


TWO = {
    "apart": ("hx = ds * x", "hy = ds", "That is not all: line 9 is not right either."),
    "one after the other": ("hx = ds * x", "hy = 2 * ds * y", "That is not all: line 9 is not right either."),
}
B = """def q2b(x, y, z):
    a = x**2
    s = a + 2 * y
    c = z**3
    out = s * c
    ds = c
    dc = s
    {}
    {}
    hz = dc * 3 * z**2
    return out, hx, hy, hz
"""


@pytest.mark.parametrize("name", TWO)
def test_after_the_first_wrong_line_the_next_is_said(name: str, runner: Runner):
    first, second, says = TWO[name]
    verdict = told(runner, Program("node-way/b", name, B.format(first, second)))
    assert verdict.lines == (8,)
    assert says in verdict.message, verdict.message
    once = told(runner, Program("node-way/b", name, B.format(first, "hy = 2 * ds")))
    assert once.lines == (8,)
    assert "not all" not in once.message
