"""The harnesses by name. A new one is a module with these functions, and a line here."""

from __future__ import annotations

from typing import Any, Protocol

from tutor.diagnosis import Diagnosis, Subject, diagnose
from tutor.judging import Kind, Verdict
from tutor.questions.code import engine, loops, op, passes, unbroadcast
from tutor.questions.code.outcomes import may_be_examined, with_fault
from tutor.runner import Job, Outcome, Runner


class Harness(Protocol):
    """What every harness module has. Its `Spec` is a frozen dataclass that says what is asked, exactly.

    `Spec` raises ValueError for what cannot be asked.
    """

    @property
    def Spec(self) -> Any:
        """The class of the specs."""

    def starter(self, spec: Any) -> str:
        """What the editor holds at first."""

    def job(self, text: str, spec: Any) -> Job:
        """What the runner is to do with the learner's text."""

    def verdict(self, outcome: Outcome, spec: Any, text: str = "", told: Diagnosis | None = None) -> Verdict:
        """What is said to what came of the job, with what it printed below. `told`: what is known of the line."""

    def subject(self, text: str, spec: Any) -> Subject:
        """The program for who looks for the wrong line: how it is called, and what should come out."""

    def worked(self, spec: Any) -> str:
        """A right program."""

    def hints(self, spec: Any) -> tuple[str, str, str]:
        """The principle; a question; the worked lines."""


HARNESSES: dict[str, Harness] = {
    "passes": passes,
    "loops": loops,
    "op": op,
    "unbroadcast": unbroadcast,
    "engine": engine,
}


def verdict_on(text: str, harness: Harness, spec: Any, entry: str, runner: Runner) -> Verdict:
    """The verdict on a program, with its wrong line. `entry` is the class or function asked for.

    Takes as long as the runner allows, and again where the line is looked for.
    """
    outcome = runner.run(harness.job(text, spec))
    verdict = harness.verdict(outcome, spec, text)
    if verdict.kind is Kind.WRONG and may_be_examined(outcome):
        told = diagnose(runner, harness.subject(text, spec), entry)
        verdict = with_fault(harness.verdict(outcome, spec, text, told), outcome, told)
    return verdict
