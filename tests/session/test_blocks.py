"""The blocks of real networks, worked through the session: the right numbers by HIPS autograd, the code by hand."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import numpy as np
import pytest
from autograd import elementwise_grad

from tests.sampling import one_in
from tests.shipped import LIBRARY
from tutor.judging import Kind
from tutor.learner import Store
from tutor.runner import Runner

from .blocks import CODE, LINES, SLIPS
from .truth import Truth, spoilt, typed
from .working import Working, remembered

BLOCKS = {
    exercise.id.partition("/")[2]: exercise for exercise in LIBRARY.exercises.values() if exercise.topic == "blocks"
}


def truth_of(block: str) -> Truth:
    return Truth(LINES[block], {name: np.array(value, dtype=float) for name, value in BLOCKS[block].file.at.items()})


def right_answers(block: str) -> dict[str, Any]:
    """Blank key -> what is right; local derivatives in the shape of their gate, one an entry."""
    truth = truth_of(block)
    right, values = truth.answers(), truth.values()
    for line in truth.lines:
        if line.elementwise:
            wires = [wire for wire in line.wires if wire is not None]
            ports = [port for port, wire in enumerate(line.wires) if wire is not None]
            entries = [np.broadcast_to(values[wire], np.shape(values[line.name])) + 0.0 for wire in wires]
            for number, port in enumerate(ports):
                right[f"local:{line.name}.{port}"] = elementwise_grad(line.does, number)(*entries)
    if block == "l2-penalty":
        right |= {f"step:{name}": truth.at[name] - 0.2 * right[f"total:{name}"] for name in truth.at}
    return right


def wrong_of(key: str, right: Any) -> str:
    """Gradients with the sign of the other way, values that are off."""
    return spoilt(right) if key.startswith(("value", "step")) else typed(-np.asarray(right))


def texts(block: str) -> dict[str, tuple[str, str]]:
    """Blank key -> a right answer and a wrong one."""
    found = {key: (typed(right), wrong_of(key, right)) for key, right in right_answers(block).items()}
    lines, code = truth_of(block).staging, dedent(CODE[block]).lstrip("\n")
    name = LINES[block][-1].name
    assert code.count(SLIPS[block][0]) == 1
    found["staging"] = lines, lines.replace(f"\n{name} = ", "\nlast = ") + f"\n{name} = 2 last"
    return found | {"code": (code, code.replace(*SLIPS[block]))}


def test_every_block_is_worked_here():
    assert set(LINES) == set(CODE) == set(SLIPS) == set(BLOCKS)


@pytest.mark.parametrize("block", one_in(2, list(BLOCKS)))
def test_wrong_and_then_right_at_every_blank(store: Store, runner: Runner, block: str):
    working = Working(BLOCKS[block], store, runner)
    session, answers, named = working.session, texts(block), 0
    for step in session.steps:
        while (blank := session.current_blank(step)) is not None:
            right, wrong = answers[blank.key]
            verdict = session.answer(step, blank, wrong)
            assert verdict.kind is Kind.WRONG, f"{blank.key} = {wrong}: {verdict.message}"
            assert len(verdict.message) > (20 if verdict.mistake else 0), f"{blank.key} = {wrong}: {verdict.message}"
            named += bool(verdict.mistake)
            verdict = session.answer(step, blank, right)
            assert verdict.accepted, f"{blank.key} = {right}: {verdict.message}"
    assert session.solved and named
    assert session.total_tries == sum(len(session.blanks(step)) for step in session.steps)
    assert remembered(working.opened_again()) == remembered(session)


@pytest.mark.parametrize("block", one_in(3, list(BLOCKS), 1))
def test_the_quick_way(store: Store, runner: Runner, block: str):
    working = Working(BLOCKS[block], store, runner)
    right = right_answers(block)
    working.right("staging", truth_of(block).staging)
    working.session.set_quick(True)
    keys = working.keys("backward")
    assert keys == [f"total:{name}" for name in (*(line.name for line in reversed(LINES[block])), *truth_of(block).at)]
    for key in keys:
        assert working.answer(key, typed(right[key])).kind is Kind.RIGHT, key


@pytest.mark.parametrize("block", one_in(2, list(BLOCKS), 1))
def test_hints_and_worked_answers_of_the_programs_own(store: Store, runner: Runner, block: str):
    session = Working(BLOCKS[block], store, runner).session
    for step in session.steps:
        assert step.about(session).strip()
        while (blank := session.current_blank(step)) is not None:
            hints = step.hints(blank, "", session)
            assert len(set(hints)) == 3 and all(hint.strip() for hint in hints), f"{blank.key}: {hints}"
            worked = session.worked(step, blank)
            verdict = session.answer(step, blank, worked)
            assert verdict.accepted, f"{blank.key} = {worked}: {verdict.message}"
    assert session.solved


@pytest.mark.parametrize("block", one_in(2, list(BLOCKS), 1))
def test_the_gradients_of_inputs_whatever_the_staging(store: Store, runner: Runner, block: str):
    """At the program's own staging they are those of autograd at ours."""
    working = Working(BLOCKS[block], store, runner)
    step = working.session.steps[0]
    working.right("staging", working.session.worked(step, working.session.blanks(step)[0]))
    working.session.set_quick(True)
    for name in truth_of(block).at:
        assert working.answer(f"total:{name}", typed(right_answers(block)[f"total:{name}"])).kind is Kind.RIGHT, name
