"""Exercises of questions, worked line by line from a pipe, with one wrong answer first at every blank."""

from __future__ import annotations

from io import StringIO

import pytest

from tests.sampling import one_in
from tests.session.test_catalogue import ANSWERS, QUESTIONS
from tests.shipped import LIBRARY
from tutor.learner import Store
from tutor.plain import run
from tutor.runner import Runner
from tutor.session.session import Session


def lines_of(id: str) -> list[str]:
    """What is typed: each wrong answer and then the right one; code ends with a dot, equations are whole."""
    typed: list[str] = []
    for right, wrong in ANSWERS[id]:
        if "def " in right:
            typed += [*wrong.rstrip("\n").split("\n"), ".", ":clear", *right.rstrip("\n").split("\n"), "."]
        elif "\n" in right or " = " in right:
            typed += right.split("\n")
        else:
            typed += [wrong, right]
    return typed


@pytest.mark.parametrize("id", one_in(2, QUESTIONS, 1))
def test_solved_line_by_line(id: str, runner: Runner) -> None:
    written = StringIO()
    with Store() as store:
        session = Session(LIBRARY.exercises[id], store, runner)
        solved = run(session, StringIO("\n".join(lines_of(id)) + "\n"), written)
    assert solved, written.getvalue()[-1500:]
    assert "Solved: every answer is your own." in written.getvalue()
    assert "Not yet." in written.getvalue()
