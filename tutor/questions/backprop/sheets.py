"""Which worksheet the steps after staging work on: the learner's own, or the program's where none is asked."""

from __future__ import annotations

from tutor.library.problem import Problem
from tutor.questions.backprop.staging import Staging, follow
from tutor.questions.backprop.worksheet import Worksheet
from tutor.questions.blank import Answers

STAGING = "staging"
"""The key of the one blank of the stage step."""


class Sheets:
    """Worksheets by staging; each is made once."""

    def __init__(self, problem: Problem, staged: bool) -> None:
        self._problem = problem
        self._staged = staged
        self._own = Worksheet(problem, problem.graph)
        self._last: tuple[str, Worksheet] | None = None
        self._followed: tuple[str, Staging] | None = None

    @property
    def own(self) -> Worksheet:
        """The program's own worksheet."""
        return self._own

    def of(self, given: Answers) -> Worksheet | None:
        """The worksheet to work on; None until the staging is right."""
        if not self._staged:
            return self._own
        answer = given.answers.get(STAGING)
        if answer is None or not answer.verdict.accepted:
            return None
        if self._last is None or self._last[0] != answer.text:
            graph = self.follow(answer.text).graph
            assert graph is not None, "an accepted staging has a graph"
            self._last = (answer.text, Worksheet(self._problem, graph))
        return self._last[1]

    def follow(self, text: str) -> Staging:
        """What the equations typed so far amount to. The last text is remembered."""
        if self._followed is None or self._followed[0] != text:
            self._followed = (text, follow(self._problem, text))
        return self._followed[1]
