"""Every exercise that ships, worked from end to end with answers computed here, and one wrong answer at every blank."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sampling import one_in, one_of_each
from tutor.judging import Kind
from tutor.learner import Store
from tutor.library.problem import problem_of
from tutor.runner import Runner

from .stagings import CODE, STAGED, STEPS
from .truth import Truth, spoilt, typed
from .working import SHIPPED, Working, remembered

EACH = [(id, number) for id, truths in STAGED.items() for number in range(len(truths))]
BACKWARD = [(id, number) for id, number in EACH if "backward" in SHIPPED[id].steps]


def test_every_exercise_that_ships_is_worked_here():
    assert set(STAGED) == set(SHIPPED)
    assert set(CODE) == {id for id, exercise in SHIPPED.items() if "code" in exercise.steps}


def _truth(id: str, number: int) -> Truth:
    return STAGED[id][number]


def _work(working: Working, truth: Truth, id: str) -> int:
    """Answer everything, each blank wrongly first. Returns how many wrong answers were given."""
    right = {key: typed(value) for key, value in truth.answers().items()} | {
        key: typed(value) for key, value in STEPS.get(id, {}).items()
    }
    wrong = {key: spoilt(value) for key, value in truth.answers().items()} | {
        key: spoilt(value) for key, value in STEPS.get(id, {}).items()
    }
    right |= {"staging": truth.staging, "code": CODE.get(id, "")}
    wrong["staging"] = _wrong_staging(truth, working.question.problem.function.name)
    wrong["code"] = CODE.get(id, "").replace("return ", "return 1.5 + ")
    count = 0
    for step in working.session.steps:
        while (blank := working.session.current_blank(step)) is not None:
            key = blank.key
            before = working.session.tries(blank)
            verdict = working.answer(key, wrong[key])
            assert verdict.kind is Kind.WRONG, f"{key} = {wrong[key]}: {verdict.message}"
            assert verdict.message
            assert working.session.tries(blank) == before + 1
            assert not working.session.accepted(blank)
            count += 1
            verdict = working.answer(key, right[key])
            assert verdict.kind is Kind.RIGHT, f"{key} = {right[key]}: {verdict.message}"
            assert working.session.accepted(blank)
    return count


def _wrong_staging(truth: Truth, f: str) -> str:
    """The same equations, and one more at the end that spoils the function."""
    return "\n".join([*truth.staging.splitlines()[:-1], f"kept = {truth.lines[-1].text}", f"{f} = kept + 1"])


@pytest.mark.parametrize(("id", "number"), one_in(2, EACH))
def test_from_staging_to_the_end(store: Store, runner: Runner, id: str, number: int):
    working = Working(SHIPPED[id], store, runner)
    session = working.session
    wrong = _work(working, _truth(id, number), id)
    assert session.finished and session.solved
    assert session.total_tries == wrong
    assert wrong == sum(len(session.blanks(step)) for step in session.steps)
    assert all(session.state(step).finished and not session.state(step).shown for step in session.steps)
    assert store.summary()[id].state == "solved"
    assert [entry.action for entry in store.entries(id)].count("solved") == 1
    again = working.opened_again()
    assert remembered(again) == remembered(session)


@pytest.mark.parametrize(("id", "number"), one_of_each(BACKWARD, lambda one: one[0]))
def test_the_quick_way(store: Store, runner: Runner, id: str, number: int):
    working = Working(SHIPPED[id], store, runner)
    truth = _truth(id, number)
    right = {key: typed(value) for key, value in truth.answers().items()}
    working.right("staging", truth.staging)
    working.session.set_quick(True)
    names = [line.name for line in reversed(truth.lines)] + list(truth.at)
    assert working.keys("backward") == [f"total:{name}" for name in names]
    for name in names:
        key = f"total:{name}"
        assert working.answer(key, spoilt(truth.answers()[key])).kind is Kind.WRONG
        assert name in working.session.opened
        pieces = [one for one in working.keys("backward") if not one.startswith("total:")]
        for piece in pieces:
            if piece not in working.session.answers:
                assert working.answer(piece, right[piece]).kind is Kind.RIGHT, piece
        assert working.answer(key, right[key]).kind is Kind.RIGHT
    assert working.session.state(working.step("backward")).finished
    assert remembered(working.opened_again()) == remembered(working.session)


@pytest.mark.parametrize("id", STAGED)
def test_the_programs_passes_are_those_of_autograd(id: str):
    truth = _truth(id, 0)
    answers = truth.answers()
    problem = problem_of(SHIPPED[id])
    assert set(truth.at) == set(problem.inputs)
    for name in truth.at:
        assert np.allclose(problem.inputs[name], truth.at[name], rtol=1e-15)
        assert np.allclose(problem.gradient(name), answers[f"total:{name}"], rtol=1e-12, atol=1e-15)
    assert np.allclose(problem.output, answers[f"value:{truth.lines[-1].name}"], rtol=1e-12)


def test_the_published_figures_of_the_sigmoid(store: Store, runner: Runner):
    working = Working(SHIPPED["sigmoid/gates"], store, runner)
    working.right("staging", _truth("sigmoid/gates", 0).staging)
    for key, text in {"value:a": "-2", "value:b": "0.14", "value:c": "1.14", "value:d": "0.88"}.items():
        working.right(key, text)
    for key, text in {"down:a.0": "0.105", "step:x": "1.98"}.items():
        assert working.answer(key, text).kind is Kind.RIGHT


def test_the_published_figures_of_the_squared_norm(store: Store, runner: Runner):
    working = Working(SHIPPED["vectors/squared-norm"], store, runner)
    working.right("staging", _truth("vectors/squared-norm", 0).staging)
    published = {
        "value:q": "[[0.22], [0.26]]",
        "value:f": "0.116",
        "down:q.0": "[[0.088, 0.176], [0.104, 0.208]]",
        "down:q.1": "[[-0.112], [0.636]]",
    }
    for key, text in published.items():
        assert working.answer(key, text).kind is Kind.RIGHT
