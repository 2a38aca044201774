"""A step of which only some blanks are asked: those before them are given, and nothing comes after the last.

A review asks single blanks of a pass. They are blanks of a session like any others; only what is not asked is filled in
as soon as it is its turn.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tutor.questions import Answers, Blank, Step


class AskedStep:
    """A step up to the last blank that is asked in it. Satisfies `Step`."""

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
