"""What all harnesses have in common."""

from __future__ import annotations

import dataclasses

import pytest

from tutor.judging import Kind
from tutor.questions.code.operations import OPERATIONS
from tutor.questions.code.question import HARNESSES
from tutor.runner import Outcome, RunFault, Runner

from .judging import accepted, judged

SPECS = {
    **{f"op {key}": ("op", {"op": key}) for key in OPERATIONS},
    **{
        f"op {key} broadcast": ("op", {"op": key, "broadcast": True}) for key in ("plus", "sub", "mul", "div", "matmul")
    },
    "op named": ("op", {"op": "mul", "class_name": "Times"}),
    "loops": ("loops", {}),
    "loops of other sizes": ("loops", {"inputs": 5, "hidden": 1, "name": "back"}),
    "unbroadcast": ("unbroadcast", {}),
    "engine": ("engine", {}),
    "engine without functions": ("engine", {"name": "Number", "functions": ()}),
}


@pytest.fixture(params=SPECS)
def asked(request: pytest.FixtureRequest):
    name, fields = SPECS[request.param]
    return name, HARNESSES[name].Spec(**fields)


def test_the_worked_program_is_right_and_its_verdict_says_what_was_checked(runner: Runner, asked):
    name, spec = asked
    verdict = accepted(runner, name, spec, HARNESSES[name].worked(spec))
    assert " right" in verdict.message
    assert len(verdict.message) > 80


def test_the_starter_can_be_read_and_is_not_accepted(runner: Runner, asked):
    name, spec = asked
    verdict = judged(runner, name, spec, HARNESSES[name].starter(spec))
    assert not verdict.accepted and "cannot read" not in verdict.message, verdict.message


def test_three_hints(asked):
    name, spec = asked
    hints = HARNESSES[name].hints(spec)
    assert len(hints) == 3 and all(len(hint) > 20 for hint in hints)


def test_specs_are_frozen(asked):
    _, spec = asked
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.name = "other"


@pytest.mark.parametrize("kind", ["start", "cancelled"])
def test_what_is_not_the_learners_doing_costs_nothing(asked, kind):
    name, spec = asked
    verdict = HARNESSES[name].verdict(Outcome(fault=RunFault(kind, "It did not start.")), spec)
    assert verdict.kind is Kind.UNDECIDED


def test_a_result_that_is_not_whole_is_not_right(asked):
    name, spec = asked
    assert HARNESSES[name].verdict(Outcome(), spec).kind is Kind.WRONG


def test_a_text_that_cannot_be_read_and_a_missing_name_cost_nothing(runner: Runner):
    for name, fields in (("op", {"op": "mul"}), ("loops", {}), ("unbroadcast", {}), ("engine", {})):
        spec = HARNESSES[name].Spec(**fields)
        assert judged(runner, name, spec, "def (").kind is Kind.UNREADABLE
        verdict = judged(runner, name, spec, "x = 1")
        assert verdict.kind is Kind.UNREADABLE and "does not define" in verdict.message


@pytest.mark.parametrize(
    ("name", "fields", "says"),
    [
        ("op", {"op": "pluss"}, "there is no operation pluss"),
        ("op", {"op": "sigmoid", "broadcast": True}, "nothing is broadcast"),
        ("engine", {"functions": ("sinh",)}, "there is no function sinh"),
    ],
)
def test_what_cannot_be_asked_is_refused(name, fields, says):
    with pytest.raises(ValueError, match=says):
        HARNESSES[name].Spec(**fields)
