"""The steps for code where code is not run: they can be read, and the exercise is finished without them."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.judging import Verdict, undecided
from tutor.questions import CODE, Answers, Blank, Step

_BESIDE_OTHERS = "Code is not run here, so this step does not count: the exercise is finished without it."
_ALONE = "Code is not run here, so this exercise can only be read. Where the tutor is installed, it can be done."


class UnrunStep:
    """A step for code that is not judged. Satisfies `Step`."""

    def __init__(self, step: Step, alone: bool) -> None:
        """`alone` says that nothing else is asked."""
        self.key, self.title = step.key, step.title
        self.blanks, self.hints, self.worked = step.blanks, step.hints, step.worked
        self._step, self._why = step, _ALONE if alone else _BESIDE_OTHERS

    def about(self, answers: Answers) -> str:
        """That it does not count, and what is asked."""
        return f"{self._why} {self._step.about(answers)}"

    def judge(self, blank: Blank, text: str, answers: Answers) -> Verdict:  # noqa: ARG002 - the protocol's
        """The same for any program; it costs nothing."""
        return undecided(self._why)


def without_running(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps, those for code as they are where code is not run."""
    asks_code = [_asks_code(step) for step in steps]
    return tuple(UnrunStep(step, all(asks_code)) if code else step for step, code in zip(steps, asks_code, strict=True))


def _asks_code(step: Step) -> bool:
    return step.key.rpartition("/")[2] == CODE
