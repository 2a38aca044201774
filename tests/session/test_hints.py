"""Hints in a session: three at a blank, recorded, the file's own before the generated ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.judging import Kind
from tutor.learner import Store
from tutor.library import Exercise, read_exercise
from tutor.runner import Runner
from tutor.session.hint_policy import PAUSE, hint_waits

from .working import SHIPPED, Working, remembered

FILE = """\
title = "With hints of its own"
function = "f(x) = (x + 1)^2"
at = { x = 2 }
prompt = ""

[hints]
stage = ["Begin inside.", "", "Two lines will do."]
forward = ["", "Put 2 in."]
"value:f" = ["Square it."]
"local:f.0" = ["", "", "It is six."]
"""


@pytest.fixture
def own(tmp_path: Path, store: Store, runner: Runner) -> Working:
    path = tmp_path / "own.toml"
    path.write_text(FILE)
    exercise = read_exercise(path, "own/hints")
    assert isinstance(exercise, Exercise), exercise.sentence
    return Working(exercise, store, runner)


def _all(working: Working, key: str, text: str = "") -> list[str]:
    step, blank = working.place(key)
    hints = [working.session.hint(step, blank, text) for _ in range(3)]
    assert working.session.hint(step, blank, text) is None, "there are three"
    assert working.session.hints_seen(blank) == tuple(hints)
    return [hint or "" for hint in hints]


SAID = """\
title = "A hint like its verdict"
prompt = ""
[[question]]
kind = "value"
at = { x = 2 }
[[question.ask]]
formula = "(x + 1)^2"
slips = { "x + 1" = "The square is missing. Where is it?" }
hints = ["The square is missing.", "What is 3 times 3?", "It is 9."]
"""


def test_a_hint_that_the_verdict_has_given_is_left_out(tmp_path: Path, store: Store, runner: Runner):
    path = tmp_path / "said.toml"
    path.write_text(SAID)
    exercise = read_exercise(path, "own/said")
    assert isinstance(exercise, Exercise), exercise.sentence
    session = Working(exercise, store, runner).session
    step = session.steps[0]
    (blank,) = session.blanks(step)
    assert session.answer(step, blank, "3").message.startswith("The square is missing.")
    assert session.hint(step, blank) == "What is 3 times 3?"


def test_a_files_own_hints_come_first_and_an_empty_one_keeps_the_generated(own: Working):
    first, second, third = _all(own, "staging")
    assert (first, third) == ("Begin inside.", "Two lines will do.")
    assert second.startswith("What is left to compute")
    own.right("staging", "a = x + 1\nf = a^2")
    first, second, third = _all(own, "value:a")
    assert "operation applied to the values" in first
    assert second == "Put 2 in."
    assert third == "a = x + 1 = 3"
    first, second, third = _all(own, "value:f")
    assert first == "Square it.", "a blank's own come before its step's"
    assert second != "Put 2 in."
    assert _all(own, "local:f.0")[2] == "It is six."


def test_hints_are_remembered(own: Working):
    own.right("staging", "a = x + 1\nf = a^2")
    step, blank = own.place("value:a")
    own.session.hint(step, blank)
    own.session.hint(step, blank)
    again = own.opened_again()
    assert again.hints_seen(blank) == own.session.hints_seen(blank)
    assert again.total_hints == 2
    assert again.hint(step, blank) == "a = x + 1 = 3"
    assert own.store.entries("own/hints")[-1].action == "hint"


def test_hints_cost_no_try(own: Working):
    _all(own, "staging")
    own.right("staging", "a = x + 1\nf = a^2")
    assert own.tries("staging") == 0
    assert own.session.answers["staging"].verdict.kind is Kind.RIGHT


def test_the_next_hint_waits_for_a_try_or_a_pause(tmp_path: Path, store: Store, runner: Runner, own: Working):
    now = [5000.0]
    hasty = Working(own.exercise, store, runner, clock=lambda: now[0])
    step, blank = hasty.place("staging")
    assert hasty.session.hint_waits(blank) == 0
    assert hasty.session.hint(step, blank) == "Begin inside."
    assert hasty.session.hint(step, blank) is None, "it was given this very second"
    assert 0 < hasty.session.hint_waits(blank) <= PAUSE
    assert hint_waits(0.2).endswith("or in 1 s.")
    again = hasty.opened_again()
    assert again.hint_waits(blank) == hasty.session.hint_waits(blank), "leaving and coming back does not help"
    hasty.answer("staging", "f = x + 2")
    assert hasty.session.hint(step, blank), "after a try there is the next one"
    now[0] += PAUSE / 2
    assert hasty.session.hint(step, blank) is None
    now[0] += PAUSE / 2
    assert hasty.session.hint(step, blank), "after a pause too"
    assert hasty.session.hint_waits(blank) == 0, "there is none left to wait for"
    assert len(hasty.session.hints_seen(blank)) == 3


def test_a_clock_set_back_keeps_nobody_waiting(store: Store, runner: Runner, own: Working):
    now = [5000.0]
    hasty = Working(own.exercise, store, runner, clock=lambda: now[0])
    step, blank = hasty.place("staging")
    hasty.session.hint(step, blank)
    now[0] -= 100_000
    assert hasty.session.hint(step, blank)


def test_what_cannot_be_read_is_a_try_too(store: Store, runner: Runner, own: Working):
    hasty = Working(own.exercise, store, runner, clock=lambda: 5000.0)
    step, blank = hasty.place("staging")
    hasty.session.hint(step, blank)
    hasty.answer("staging", "f = )")
    assert hasty.opened_again().hint_waits(blank) == hasty.session.hint_waits(blank) == 0


def test_hints_go_on_from_what_is_typed(own: Working):
    step, blank = own.place("staging")
    own.session.hint(step, blank)
    second = own.session.hint(step, blank, "a = x + 1")
    assert second is not None and "a²" in second


@pytest.mark.parametrize("id", SHIPPED)
def test_every_blank_has_its_three(store: Store, runner: Runner, id: str):
    working = Working(SHIPPED[id], store, runner)
    step, blank = working.place("staging")
    working.right("staging", working.session.worked(step, blank))
    for step in working.session.steps:
        for blank in working.session.blanks(step):
            for _ in range(3):
                assert working.session.hint(step, blank, working.session.draft(blank))
            assert working.session.hint(step, blank) is None
    assert working.session.total_hints == 3 * sum(len(working.session.blanks(step)) for step in working.session.steps)
    assert remembered(working.opened_again()) == remembered(working.session)


def test_an_exercise_finished_with_hints_comes_back_sooner(store: Store, runner: Runner):
    alone = Working(SHIPPED["staging/f"], store, runner)
    alone.right("staging", "a = x + y\nf = a z")
    shown = Working(SHIPPED["staging/h"], store, runner)
    step, blank = shown.place("staging")
    shown.session.show(step, blank)
    due = {id: progress.due for id, progress in store.summary().items()}
    assert due["staging/f"] is not None and due["staging/h"] is not None
    day = 24 * 3600
    assert due["staging/h"] <= 1_000_000 + 60 * 100 + day < 1_000_000 + 2 * day < due["staging/f"]
    again = shown.opened_again()
    assert again.finished
    again.set_quick(True)
    assert store.summary()["staging/h"].due == due["staging/h"], "coming back is no review"
