"""Where nothing can be kept, the learner is told, and nothing is taken in that is not on the disk."""

from __future__ import annotations

import pytest

from tutor.judging import Kind
from tutor.learner import Store, StoreProblem
from tutor.runner import Runner
from tutor.session.session import Session

from .working import SHIPPED, Working, remembered

STAGING = "a = x + y\nf = a z"


class Failing:
    """A store that fails at the next writes, as a full disk does."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.works_for = 10**6

    def __getattr__(self, name: str):
        method = getattr(self._store, name)
        if name not in ("append", "keep_draft", "drop_drafts", "set_progress", "mark_opened"):
            return method

        def write(*arguments: object):
            if self.works_for == 0:
                raise StoreProblem("The disk is full.")
            self.works_for -= 1
            return method(*arguments)

        return write


@pytest.fixture
def failing(store: Store) -> Failing:
    return Failing(store)


@pytest.fixture
def working(failing: Failing, runner: Runner) -> Working:
    made = Working(SHIPPED["node-way/a"], failing, runner)  # type: ignore[arg-type]
    made.right("staging", STAGING)
    return made


ACTS = {
    "answer": lambda working: working.answer("value:a", "4"),
    "wrong answer": lambda working: working.answer("value:a", "5"),
    "restaging": lambda working: working.answer("staging", "u = x z\nv = y z\nf = u + v"),
    "skip": lambda working: working.session.skip(working.step("forward")),
    "show": lambda working: working.session.show(*working.place("value:a")),
    "hint": lambda working: working.session.hint(*working.place("value:a")),
    "quick": lambda working: working.session.set_quick(True),
    "reset": lambda working: working.session.reset(),
    "draft": lambda working: working.session.keep_draft(working.place("value:a")[1], "4."),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_cannot_be_written_is_not_taken_in(working: Working, failing: Failing, act: str):
    before = remembered(working.session)
    failing.works_for = 0
    with pytest.raises(StoreProblem, match="The disk is full"):
        ACTS[act](working)
    assert remembered(working.session) == before
    failing.works_for = 10**6
    ACTS[act](working)
    assert remembered(working.opened_again()) == remembered(working.session)


@pytest.mark.parametrize("writes", [1, 2, 3])
@pytest.mark.parametrize("act", ACTS)
def test_a_disk_that_fails_half_way_leaves_what_is_in_the_journal(
    working: Working, failing: Failing, act: str, writes: int
):
    failing.works_for = writes
    try:
        ACTS[act](working)
    except StoreProblem:
        failing.works_for = 10**6
        again, here = remembered(working.opened_again()), remembered(working.session)
        for part in ("answers", "quick", "opened", "hints", "tries"):
            assert again[part] == here[part], part


def test_a_session_that_cannot_be_noted_is_not_opened(failing: Failing, runner: Runner):
    failing.works_for = 0
    with pytest.raises(StoreProblem):
        Session(SHIPPED["node-way/a"], failing, runner)  # type: ignore[arg-type]


def test_judging_writes_nothing(working: Working, failing: Failing):
    failing.works_for = 0
    judged = working.session.judge(*working.place("value:a"), "5")
    assert judged.verdict.kind is Kind.WRONG
    assert working.tries("value:a") == 0
    failing.works_for = 10**6
    assert working.session.record(judged).kind is Kind.WRONG
    assert working.tries("value:a") == 1
