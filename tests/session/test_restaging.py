"""Another staging: answers about gates that are gone go, the others stay and are judged again."""

from __future__ import annotations

import pytest

from tutor.judging import Kind
from tutor.learner import Store
from tutor.runner import Runner

from .working import SHIPPED, Working, remembered

FIRST, SECOND = "a = x + y\nf = a z", "a = x z\nb = y z\nf = a + b"


@pytest.fixture
def working(store: Store, runner: Runner) -> Working:
    made = Working(SHIPPED["node-way/a"], store, runner)
    made.right("staging", FIRST)
    for key, text in {"value:a": "4", "value:f": "8", "total:f": "1", "local:f.0": "z", "local:a.1": "1"}.items():
        made.right(key, text)
    return made


def test_answers_about_gates_that_are_gone_are_forgotten(working: Working):
    working.right("staging", "u = x z\nv = y z\nf = u + v")
    assert set(working.session.answers) == {"staging", "value:f", "total:f", "local:f.0"}
    assert working.session.answers["value:f"].verdict.kind is Kind.RIGHT
    assert working.session.answers["local:f.0"].verdict.kind is Kind.WRONG, "f is another gate now"
    assert remembered(working.opened_again()) == remembered(working.session)


def test_a_name_that_means_something_else_is_judged_again(working: Working):
    working.right("staging", SECOND)
    answers = working.session.answers
    assert answers["value:a"].verdict.kind is Kind.WRONG, "a is 2 now"
    assert answers["value:f"].verdict.kind is Kind.RIGHT
    assert working.session.total_tries == 0, "nothing of this is charged"
    assert remembered(working.opened_again()) == remembered(working.session)


def test_the_same_equations_again_forget_nothing(working: Working):
    before = dict(working.session.answers)
    working.right("staging", FIRST)
    assert working.session.answers.keys() == before.keys()
    working.right("staging", "a = x + y\n\nf = a*z")
    assert working.session.answers.keys() == before.keys(), "only written differently"


@pytest.mark.parametrize("text", ["a = x + y\nf = a x", "a = x +", "a = x y", "", "a = x + y + z"])
def test_a_staging_that_does_not_hold_loses_nothing(working: Working, text: str):
    before = remembered(working.session)["answers"]
    assert not working.answer("staging", text).accepted
    assert remembered(working.session)["answers"] == before
    again = working.opened_again()
    assert remembered(again)["answers"] == before
    assert again.draft(working.place("staging")[1]) == text


def test_back_and_forth(working: Working):
    working.right("staging", SECOND)
    working.right("value:a", "2")
    working.right("value:b", "6")
    working.right("staging", FIRST)
    assert "value:b" not in working.session.answers
    assert working.session.answers["value:a"].verdict.kind is Kind.WRONG
    assert working.session.answers["value:f"].verdict.kind is Kind.RIGHT
    assert remembered(working.opened_again()) == remembered(working.session)


def test_numbers_that_were_shown_do_not_outlive_their_gates(store: Store, runner: Runner):
    working = Working(SHIPPED["node-way/a"], store, runner)
    working.right("staging", FIRST)
    working.session.skip(working.step("forward"))
    assert working.session.answers["value:a"].text == "4"
    working.right("staging", SECOND)
    answer = working.session.answers.get("value:a")
    assert answer is None or answer.text == "2"
    assert remembered(working.opened_again()) == remembered(working.session)


def test_code_stays(working: Working):
    code = "def q2a(x, y, z):\n    return (x + y) * z, z, z, x + y\n"
    working.right("code", code)
    working.right("staging", SECOND)
    assert working.session.answers["code"].verdict.kind is Kind.RIGHT


def test_opened_gates_that_are_gone_are_not_asked(store: Store, runner: Runner):
    working = Working(SHIPPED["node-way/a"], store, runner)
    working.right("staging", FIRST)
    working.session.set_quick(True)
    assert working.answer("total:a", "7").kind is Kind.WRONG
    assert "local:f.0" in working.keys("backward")
    working.right("staging", "u = x z\nv = y z\nf = u + v")
    assert working.keys("backward") == [f"total:{name}" for name in ("f", "v", "u", "x", "y", "z")]
    assert remembered(working.opened_again()) == remembered(working.session)
