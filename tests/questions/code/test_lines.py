"""Which line is wrong, for the harnesses beside `passes`: a few of each; all of them are in tests/bench."""

from __future__ import annotations

import pytest

from tutor.judging import Kind
from tutor.questions.code.question import HARNESSES
from tutor.runner import Runner

from .corpus import LOOPS, OP, UNBROADCASTS, WrongProgram, engines
from .judging import judged_with_line

CHOSEN = [*OP[1:29:6], *LOOPS[3:28:6], *UNBROADCASTS[0:18:6], *engines()[0:26:8]]


@pytest.mark.parametrize("wrong", CHOSEN, ids=lambda wrong: f"{wrong.harness}-{min(wrong.lines, default=0)}")
def test_the_line_is_told(runner: Runner, wrong: WrongProgram):
    verdict = judged_with_line(runner, wrong.harness, HARNESSES[wrong.harness].Spec(**wrong.spec), wrong.source)
    assert verdict.kind is Kind.WRONG
    assert set(verdict.lines) <= wrong.lines if wrong.lines else len(verdict.lines) != 1, verdict.message
    if wrong.mistakes:
        assert set(verdict.mistake.split("|")) & wrong.mistakes, verdict.message


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
    verdict = judged_with_line(runner, "op", HARNESSES["op"].Spec(op="mul"), BOTH_MIGHT)
    assert verdict.lines == (10, 11)
    assert "ga is not. The mistake is on line 10 or line 11." in verdict.message
