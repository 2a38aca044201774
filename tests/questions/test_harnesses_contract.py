"""What holds for every harness of the kind `code`, tried on its sample: `contract/harnesses/HARNESS.toml`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import get_args, get_type_hints

import pytest

from tests.session.working import new_folder
from tutor.judging import Kind, Verdict
from tutor.learner import Store
from tutor.questions import Blank
from tutor.questions.code.question import _OF, HARNESSES, CodeQuestionTable
from tutor.runner import Limits, Runner
from tutor.session.session import Session

from .samples import HarnessSample, harness_sample, harnesses_with_samples

_IN_QUESTION = "tutor/questions/code/question.py"


class Trial:
    """The one blank of a harness's sample."""

    def __init__(self, sample: HarnessSample, session: Session) -> None:
        self.sample = sample
        self.session = session
        (self.step,) = session.steps
        self.blank: Blank = self.step.blanks(session)[0]

    @property
    def worked(self) -> str:
        return self.session.worked(self.step, self.blank)

    def answer(self, text: str) -> Verdict:
        return self.session.answer(self.step, self.blank, text)


@pytest.fixture(params=sorted(HARNESSES))
def harness(request: pytest.FixtureRequest) -> str:
    name = str(request.param)
    known = get_args(get_type_hints(CodeQuestionTable)["harness"])
    assert name in known, f"a new harness needs its name in CodeQuestionTable.harness, in {_IN_QUESTION}"
    assert name in _OF, f"a new harness needs the keys that it knows in _OF, in {_IN_QUESTION}"
    return name


@pytest.fixture
def trial(harness: str, runner: Runner) -> Iterator[Trial]:
    sample = harness_sample(harness)
    with new_folder() as folder, Store(folder) as store:
        yield Trial(sample, Session(sample.exercise, store, runner))


def test_no_sample_is_left_over():
    over = (harnesses_with_samples() | set(_OF)) - set(HARNESSES)
    assert not over, f"there is no such harness any more: remove the samples and keys of {sorted(over)}"


def test_a_harness_without_a_sample_is_told_what_to_add():
    with pytest.raises(AssertionError, match=r"a new harness needs tests/questions/contract/harnesses/juggle\.toml"):
        harness_sample("juggle")


def test_its_own_program_is_accepted(trial: Trial):
    assert trial.answer(trial.worked).accepted
    assert trial.session.solved


def test_its_starter_is_not_accepted_and_costs_a_try_once(trial: Trial):
    verdict = trial.answer(trial.blank.starter)
    _is_told(verdict)
    assert not verdict.accepted
    trial.answer(trial.blank.starter)
    assert trial.session.tries(trial.blank) == verdict.charged


def test_one_wrong_change_is_wrong(trial: Trial):
    before, after = trial.sample.before, trial.sample.after
    assert trial.worked.count(before) == 1, f"`before` is to be once in the worked program:\n{trial.worked}"
    verdict = trial.answer(trial.worked.replace(before, after))
    assert verdict.kind is Kind.WRONG, verdict.message
    _is_told(verdict)


def test_a_syntax_error_is_not_charged(trial: Trial):
    for broken in (f"{trial.worked}\ndef (", trial.worked.replace(":", "", 1), trial.worked.replace("(", "", 1)):
        verdict = trial.answer(broken)
        assert verdict.kind is Kind.UNREADABLE, verdict.message
        _is_told(verdict)
    assert trial.session.tries(trial.blank) == 0


def test_a_program_without_the_wanted_name_is_told_the_name(trial: Trial):
    verdict = trial.answer("x = 1\n")
    assert not verdict.accepted and trial.blank.label in verdict.message, verdict.message
    _is_told(verdict)
    assert trial.session.tries(trial.blank) == 0


BODIES = {
    "a raise": "raise RuntimeError('of its own')",
    "an exit": "raise SystemExit(3)",
    "a returned None": "return None",
    "nothing": "pass",
    "a wrong type": "return 'a text'",
    "a strange object": "return object()",
    "an empty tuple": "return ()",
}


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_does_something_else_is_wrong(trial: Trial, body: str):
    verdict = trial.answer(_with_bodies(trial.worked, BODIES[body]))
    assert verdict.kind is Kind.WRONG, verdict.message
    _is_told(verdict)


def test_an_endless_loop_is_ended(harness: str):
    with new_folder() as folder, Store(folder) as store, Runner(Limits(seconds=0.4, cpu_seconds=2.0)) as hasty:
        sample = harness_sample(harness)
        trial = Trial(sample, Session(sample.exercise, store, hasty))
        verdict = trial.answer(_with_bodies(trial.worked, "while True: pass"))
    assert verdict.kind is Kind.WRONG, verdict.message
    assert "still running after 0.4 seconds" in verdict.message
    _is_told(verdict)


def _with_bodies(program: str, body: str) -> str:
    """The program with another body in every function; what makes an object stays, so that there is one to ask."""
    tree = ast.parse(program)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name != "__init__":
            node.body = ast.parse(f"def f():\n    {body}").body[0].body
    return ast.unparse(tree) + "\n"


def _is_told(verdict: Verdict) -> None:
    """It begins with a sentence, and shows nothing of our own program."""
    first = verdict.message.partition("\n")[0]
    assert first.count(" ") > 2 and not first.startswith("Traceback"), verdict.message
    assert verdict.message.count('File "') == verdict.message.count('File "your code"'), verdict.message
