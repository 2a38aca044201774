"""Quick and full, and steps in other orders than the usual one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tutor.judging import Kind
from tutor.learner import Store
from tutor.library import Exercise, read_exercise
from tutor.runner import Runner

from .working import SHIPPED, Working, remembered

G = "a = ln x\nb = sin y\nc = a + b\nd = c^2\nk = 4x\ng = d + k"


@pytest.fixture
def quick(store: Store, runner: Runner) -> Working:
    working = Working(SHIPPED["node-way/c"], store, runner)
    working.right("staging", G)
    working.session.set_quick(True)
    return working


def test_a_wrong_gradient_opens_its_gates_and_is_remembered(quick: Working):
    assert quick.keys("backward") == [f"total:{name}" for name in "gkdcbaxyz"]
    assert quick.answer("total:x", "7").kind is Kind.WRONG
    assert quick.session.opened == {"x"}
    assert "down:k.1" in quick.keys("backward")
    again = quick.opened_again()
    assert again.quick and again.opened == {"x"}
    assert remembered(again) == remembered(quick.session)


@pytest.mark.parametrize("text", ["(", "[1, 2]", "", "q"])
def test_what_is_not_wrong_opens_nothing(quick: Working, text: str):
    assert not quick.answer("total:x", text).charged
    assert quick.session.opened == set()
    quick.right("total:x", "4 + 4/e")
    assert quick.session.opened == set()


def test_a_gate_is_opened_once(quick: Working):
    quick.answer("total:x", "7")
    quick.answer("total:x", "8")
    opened = [entry for entry in quick.store.entries("node-way/c") if entry.action == "open"]
    assert [entry.blank for entry in opened] == ["x"]


def test_a_wrong_gradient_in_full_opens_nothing(store: Store, runner: Runner):
    working = Working(SHIPPED["node-way/c"], store, runner)
    working.right("staging", G)
    assert working.answer("total:x", "7").kind is Kind.WRONG
    assert working.session.opened == set()


def test_the_way_can_be_changed_at_any_time(quick: Working):
    quick.right("total:g", "1")
    quick.right("total:d", "1")
    quick.session.set_quick(False)
    full = quick.session.state(quick.step("backward"))
    assert full.done == 2, "the gradient of d fills itself in, and g is known to send it"
    assert full.total == len(quick.keys("backward")) > 9
    quick.session.set_quick(True)
    assert quick.session.state(quick.step("backward")).total == 9
    assert remembered(quick.opened_again()) == remembered(quick.session)


def test_the_slip_is_found_piece_by_piece(quick: Working):
    for key, text in {
        "total:g": "1",
        "total:d": "1",
        "total:k": "1",
        "total:c": "4",
        "total:a": "4",
        "total:b": "4",
    }.items():
        quick.right(key, text)
    assert quick.answer("total:x", "4").kind is Kind.WRONG, "one branch is forgotten"
    quick.right("local:a.0", "1/x")  # what k sends was given
    quick.right("down:a.0", "4/x")
    assert "local:k.1" not in quick.keys("backward")
    quick.right("total:x", "4/x + 4")
    assert quick.session.total_tries == 1


def test_the_whole_given_at_a_piece_is_taken_for_the_whole(quick: Working):
    for key, text in zip((f"total:{name}" for name in "gkdcba"), "111444", strict=True):
        quick.answer(key, {"total:c": "4"}.get(key, text))
    assert quick.answer("total:x", "17").charged
    quick.session.keep_draft(quick.place("local:a.0")[1], "4/x + 4")
    assert quick.answer("local:a.0", "4/x + 4").accepted
    assert quick.session.answers["total:x"].verdict.accepted and "local:a.0" not in quick.session.answers
    assert not [key for key in quick.keys("backward") if not key.startswith("total:")], "its pieces are closed"
    assert not quick.store.drafts("node-way/c")
    assert remembered(quick.opened_again()) == remembered(quick.session)
    assert quick.session.total_tries == 1


def _exercise(folder: Path, steps: str) -> Exercise:
    path = folder / "some.toml"
    three = 'title = "t"\nfunction = "f(x, y) = x y + 1"\nat = { x = 2, y = 3 }\n'
    path.write_text(f"{three}steps = {steps}\n[descend]\nstep = 0.5\n")
    made = read_exercise(path)
    assert isinstance(made, Exercise)
    return made


def test_without_staging_the_programs_own_graph_is_worked_on(tmp_path: Path, store: Store, runner: Runner):
    working = Working(_exercise(tmp_path, '["forward", "backward"]'), store, runner)
    assert [step.key for step in working.session.steps] == ["forward", "backward"]
    assert working.keys("forward") == ["value:a", "value:f"]
    for step in working.session.steps:
        while (blank := working.session.current_blank(step)) is not None:
            working.right(blank.key, working.session.worked(step, blank))
    assert working.session.solved
    assert remembered(working.opened_again()) == remembered(working.session)


@pytest.mark.parametrize("steps", ['["descend"]', '["code", "backward"]', '["stage", "descend"]', '["stage"]'])
def test_any_choice_of_steps_can_be_worked(tmp_path: Path, store: Store, runner: Runner, steps: str):
    working = Working(_exercise(tmp_path, steps), store, runner)
    for step in working.session.steps:
        assert step.about(working.session)
        while (blank := working.session.current_blank(step)) is not None:
            working.right(blank.key, working.session.worked(step, blank))
    assert working.session.solved
    assert not working.question.asks_values
    assert working.question.asks_gradients(working.session) == ("backward" in steps)


def test_gradients_are_asked_when_the_values_are_done(store: Store, runner: Runner):
    working = Working(SHIPPED["node-way/a"], store, runner)
    assert working.question.asks_values and not working.question.asks_gradients(working.session)
    working.right("staging", "a = x + y\nf = a z")
    assert not working.question.asks_gradients(working.session)
    working.right("value:a", "4")
    working.right("value:f", "8")
    assert working.question.asks_gradients(working.session)


def test_gradients_are_asked_when_one_was_given(store: Store, runner: Runner):
    working = Working(SHIPPED["node-way/a"], store, runner)
    working.right("staging", "a = x + y\nf = a z")
    working.right("total:f", "1")
    assert working.question.asks_gradients(working.session)


def _solve(exercise: Exercise, store: Store, runner: Runner, quick: bool = False) -> None:
    working = Working(exercise, store, runner)
    if quick:
        working.session.set_quick(True)
    for step in working.session.steps:
        while (blank := working.session.current_blank(step)) is not None:
            working.right(blank.key, working.session.worked(step, blank))
    assert working.session.solved


def _without_code(folder: Path, name: str) -> Exercise:
    made = _exercise(folder, '["forward", "backward"]')
    return replace(made, id=name)


def test_fewer_blanks_are_asked_first_after_two_exercises_in_full(tmp_path: Path, store: Store, runner: Runner):
    for name in ("one", "two"):
        assert not Working(_without_code(tmp_path, name), store, runner).session.quick
        _solve(_without_code(tmp_path, name), store, runner)
    third = Working(_without_code(tmp_path, "three"), store, runner)
    assert third.session.quick and third.session.fewer_first
    third.right("value:a", "6")
    again = third.opened_again()
    assert again.quick and not again.fewer_first, "it was begun so, and stays so"
    third.session.set_quick(False)
    assert not third.opened_again().quick
    third.session.reset()
    assert third.session.quick and third.session.fewer_first


def test_exercises_worked_in_quick_mode_do_not_count(tmp_path: Path, store: Store, runner: Runner):
    for name in ("one", "two"):
        _solve(_without_code(tmp_path, name), store, runner, quick=name == "two")
    third = Working(_without_code(tmp_path, "three"), store, runner)
    assert third.session.fewer_remembered
    third.session.set_quick(False)
    assert not Working(_without_code(tmp_path, "four"), store, runner).session.quick


def test_fewer_blanks_are_asked_in_the_next_exercise_too(tmp_path: Path, store: Store, runner: Runner):
    begun = Working(_without_code(tmp_path, "begun"), store, runner)
    begun.right("value:a", "6")
    one = Working(_without_code(tmp_path, "one"), store, runner)
    assert not one.session.quick
    one.session.set_quick(True)
    two = Working(_without_code(tmp_path, "two"), store, runner)
    assert two.session.quick and two.session.fewer_first and two.session.fewer_remembered
    assert not begun.opened_again().quick, "what is begun goes on as it was"
    two.session.set_quick(False)
    assert not Working(_without_code(tmp_path, "three"), store, runner).session.quick
    assert one.opened_again().quick


def test_a_number_given_right_is_not_asked_again_when_fewer_or_all_are_asked(quick: Working):
    for key, text in zip((f"total:{name}" for name in "gkdcba"), ("1", "1", "1", "4", "4", "4"), strict=True):
        quick.right(key, text)
    quick.session.set_quick(False)
    given = ["down:g.0", "down:g.1", "down:d.0", "down:c.0", "down:c.1"]
    assert [quick.session.answers[key].text for key in given] == ["1", "1", "4", "4", "4"]
    quick.right("local:b.0", "cos y")
    quick.right("down:b.0", "0")
    assert remembered(quick.opened_again()) == remembered(quick.session)
    quick.session.set_quick(True)
    step = quick.place("total:y")[0]
    assert quick.session.state(step).done == 7, "six, and what b sends down"
    assert remembered(quick.opened_again()) == remembered(quick.session)


def test_a_piece_that_is_the_whole_gradient_closes_its_pieces(quick: Working):
    """Where 1 arrives the local derivative is the whole."""
    quick.right("total:g", "1")
    quick.right("total:d", "1")
    assert quick.answer("total:c", "7").kind is Kind.WRONG
    quick.right("local:d.0", "2c")
    assert quick.session.answers["total:c"].text == "2c"
    assert "local:d.0" not in quick.keys("backward")


def test_wrong_answers_to_pieces_count_when_these_are_closed(quick: Working):
    quick.answer("total:c", "7")
    quick.answer("local:d.0", "9")
    quick.right("total:c", "4")
    assert "local:d.0" not in quick.keys("backward")
    assert quick.session.tries_in(quick.step("backward")) == quick.session.total_tries == 2
    again = quick.opened_again()
    assert again.tries_in(quick.step("backward")) == 2
