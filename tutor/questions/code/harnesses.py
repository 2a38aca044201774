"""The harnesses by name. A new one is a module with these functions, and a line here."""

from __future__ import annotations

from typing import Any, Protocol

from tutor.diagnosis import Diagnosis, Subject
from tutor.judging import Verdict
from tutor.questions.code import engine, loops, op, passes, unbroadcast
from tutor.runner import Job, Outcome


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
        """What is said to what came of the job, with what the code printed below. `told` is what is known of the line."""

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
