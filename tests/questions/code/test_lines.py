"""Which line is wrong, for the harnesses beside `passes`: a few of each; all of them are in tests/bench."""

from __future__ import annotations

import pytest

from tutor.judging import Kind
from tutor.questions.code.lines.reading import reading_of
from tutor.questions.code.lines.slicing import slice_of
from tutor.questions.code.question import HARNESSES
from tutor.runner import Runner

from .corpus import LOOPS, OP, UNBROADCASTS, WrongProgram, engines
from .judging import judged, line_told

CHOSEN = [*OP[1:29:3], *LOOPS[3:28:3], *UNBROADCASTS[0:18:3], *engines()[0:26:4]]


@pytest.mark.parametrize("wrong", CHOSEN, ids=lambda wrong: f"{wrong.harness}-{min(wrong.lines, default=0)}")
def test_the_line_is_told(runner: Runner, wrong: WrongProgram):
    verdict = judged(runner, wrong.harness, HARNESSES[wrong.harness].Spec(**wrong.spec), wrong.source)
    assert verdict.kind is Kind.WRONG
    told = line_told(verdict)
    assert told in wrong.lines if wrong.lines else told is None, verdict.message
    if wrong.mistakes:
        assert verdict.mistake in wrong.mistakes, verdict.message


BOTH_MIGHT = """
class Mul:
    @staticmethod
    def forward(context, a, b):
        context["a"], context["b"] = a, b
        return a * b

    @staticmethod
    def backward(context, goutput):
        first = goutput + context["b"]
        second = first + 1.0
        return second, goutput * context["a"]
"""


def test_where_it_is_not_certain_no_line_is_accused(runner: Runner):
    verdict = judged(runner, "op", HARNESSES["op"].Spec(op="mul"), BOTH_MIGHT)
    assert line_told(verdict) is None
    assert "ga is not. It is computed on lines 10 and 11." in verdict.message


def test_a_slice_holds_all_that_a_value_is_made_of_and_nothing_else():
    lines = ["def f(x):", " a = 2", " a = x", " b = 0", " c = 5", " for i in range(3):", "  b += a * i", " return b"]
    reading = reading_of("\n".join(lines), "f")
    assert reading is not None
    statement, order, controls = reading.returns[0]
    assert statement.value is not None
    found = slice_of(reading, statement.value, order, controls)
    assert sorted(each.line for each in found.definitions) == [3, 4, 6, 7]


@pytest.mark.parametrize(
    "text", ["", "def (", "def f(x): return x\n" * 3, "f = 1", "class f: pass", "(" * 500 + ")" * 500]
)
def test_any_text_can_be_asked_for(text: str):
    assert reading_of(text, "g") is None
