"""An exercise that is done a second time."""

from __future__ import annotations

import json
from dataclasses import replace

import msgspec
import pytest

from tests.shipped import LIBRARY
from tutor.learner import Entry, Rating, Schedule, Store
from tutor.library import Exercise
from tutor.runner import Runner
from tutor.session.session import Session

from .working import SHIPPED, Working

DAY = 86400.0
RIGHT = "a = x + y\nf = a z"


class Clock:
    """A clock that is set by hand."""

    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def working(store: Store, runner: Runner, clock: Clock) -> Working:
    made = Working(SHIPPED["staging/f"], store, runner, clock)
    made.right("staging", RIGHT)
    return made


def asked(exercise: Exercise, **keys: object) -> Exercise:
    """The exercise, with these keys of its file changed."""
    return Exercise(exercise.id, exercise.path, msgspec.structs.replace(exercise.file, **keys))


def test_it_falls_due_and_is_rated_a_second_time(working: Working, store: Store, clock: Clock) -> None:
    first = json.loads(store.review_card("staging/f") or "")
    assert not working.session.due
    clock.now += 100 * DAY
    assert working.opened_again().due
    working.session = working.opened_again()
    working.session.reset()
    assert working.session.due and not working.session.finished
    assert json.loads(store.review_card("staging/f") or "") == first
    working.right("staging", RIGHT)
    second = json.loads(store.review_card("staging/f") or "")
    assert second["last_review"] > first["last_review"] and second["stability"] > first["stability"]
    assert not working.session.due and store.summary()["staging/f"].due > clock.now


def test_slips_of_the_second_time_count_alone(working: Working, store: Store, clock: Clock) -> None:
    clock.now += 100 * DAY
    working.session.skip(working.session.steps[0])
    working.session.reset()
    assert (working.session.total_tries, working.session.total_hints, working.session.slips_met) == (0, 0, ())
    working.session.skip(working.session.steps[0])
    due = store.summary()["staging/f"].due
    assert due is not None and due - clock.now < 10 * DAY  # it was shown: again, and soon


def test_it_stays_known_as_solved_while_it_is_begun_again(working: Working, store: Store) -> None:
    def told() -> tuple[str, bool]:
        return store.summary()["staging/f"].standing, "staging/f" in store.solved()

    assert told() == ("solved", True)
    working.session.reset()
    assert told() == ("new", True)
    working.answer("staging", "a = x + y z")
    assert told() == ("started", True)
    working.session.skip(working.session.steps[0])
    assert told() == ("shown", True)
    working.session.reset()
    working.right("staging", RIGHT)
    assert told() == ("solved", True)


def test_what_was_answered_the_first_time_is_not_there(working: Working) -> None:
    working.session.reset()
    again = working.opened_again()
    assert not again.answers and again.draft(again.steps[0].blanks(again)[0]) == ""


def test_a_change_since_it_was_solved_is_told_until_it_is_solved_again(working: Working) -> None:
    assert not working.opened_again().changed
    working.exercise = asked(working.exercise, function="f(x, y, z) = (x + y) z + x")
    working.session = working.opened_again()
    assert working.session.changed and not working.session.finished
    working.session.reset()
    assert not working.session.changed
    working.right("staging", "a = x + y\nb = a z\nf = b + x")
    assert working.session.solved and not working.session.changed and not working.opened_again().changed


def test_a_change_is_told_until_what_no_longer_holds_is_answered(working: Working) -> None:
    working.exercise = asked(working.exercise, function="f(x, y, z) = (x + y) z + x")
    working.session = working.opened_again()
    working.right("staging", "a = x + y\nb = a z\nf = b + x")
    assert not working.session.changed and not working.opened_again().changed


@pytest.mark.parametrize("keys", [{"title": "Other"}, {"prompt": "Other words."}, {"remark": "Done."}, {"level": 5}])
def test_other_wording_is_no_change(working: Working, keys: dict[str, object]) -> None:
    working.exercise = asked(working.exercise, **keys)
    assert not working.opened_again().changed


def test_progress_without_a_digest_claims_no_change(store: Store, runner: Runner) -> None:
    exercise = SHIPPED["staging/f"]
    store.append(exercise.id, Entry("stage", "staging", "answer", RIGHT, "right"))
    store.append(exercise.id, Entry(action="solved"))
    session = Session(asked(exercise, at={"x": 9, "y": 9, "z": 9}), store, runner)
    assert session.finished and not session.changed


def test_the_worked_solution_of_one_question_fills_in_that_question_alone(store: Store, runner: Runner) -> None:
    session = Session(LIBRARY.exercises["exam/one"], store, runner)
    graph = next(step for step in session.steps if step.title == "Stage")
    together = session.view.together(graph)
    assert session.several_questions and len(together) > 1
    session.skip_question(graph)
    for step in session.steps:
        state = session.state(step)
        assert (state.finished, state.shown) == ((True, True) if step in together else (False, False)), step.title
    assert session.question_finished(graph) and not session.question_finished(session.steps[0])
    again = Session(session.exercise, store, runner)
    assert [again.state(step) for step in again.steps] == [session.state(step) for step in session.steps]


def test_one_question_is_filled_in_whole_as_before(store: Store, runner: Runner) -> None:
    session = Session(SHIPPED["node-way/a"], store, runner)
    session.skip_question(session.steps[0])
    assert session.finished and not session.solved


def test_a_review_that_is_due_now_is_due(store: Store, runner: Runner, clock: Clock) -> None:
    exercise = SHIPPED["staging/f"]
    due = Schedule(store).review(exercise.id, Rating.GOOD, clock.now)
    clock.now = due
    assert Session(exercise, store, runner, clock).due
    clock.now = due - 1
    assert not Session(replace(exercise), store, runner, clock).due
