"""An exercise's steps as they are asked: up to the blanks that a review wants, and without code where none is run."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tutor.judging import Verdict, undecided
from tutor.questions import CODE, Answers, Blank, Step

_BESIDE_OTHERS = "Code is not run here, so this step does not count: the exercise is finished without it."
_ALONE = "Code is not run here, so this exercise can only be read. Where the tutor is installed, it can be done."


class AskedStep:
    """A step up to the last blank that is asked in it. Satisfies `Step`.

    A review asks single blanks of a pass. They are blanks of a session like any others; only what is not asked is
    filled in as soon as it is its turn.
    """

    def __init__(self, step: Step, asked: Collection[str]) -> None:
        self.key, self.title = step.key, step.title
        self.about, self.judge, self.hints, self.worked = step.about, step.judge, step.hints, step.worked
        self._step, self._asked = step, asked

    def blanks(self, answers: Answers) -> tuple[Blank, ...]:
        """The step's blanks, but for those after the last one asked."""
        blanks = self._step.blanks(answers)
        last = max((number for number, blank in enumerate(blanks) if blank.key in self._asked), default=-1)
        return blanks[: last + 1]


def asked_steps(steps: Sequence[Step], asked: Collection[str] | None) -> tuple[Step, ...]:
    """The steps, each up to the last blank that is asked; all as they are where everything is."""
    return tuple(steps) if asked is None else tuple(AskedStep(step, asked) for step in steps)


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
