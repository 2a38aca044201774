"""The steps of a question as they are for a learner: on their own equations, be these the function or not.

Where the equations are right, the steps after the staging are about their gates. Where they are wrong, but each line is
one operation, the steps are about the function that they do make: so a wrong staging can be carried forward, and what
is asked next does not tell whether it was right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tutor.judging import Kind, Verdict
from tutor.questions import CODE, Answer, Blank, InputKind, Step
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.backprop.reference import STAGING
from tutor.questions.blank import NoAnswers
from tutor.questions.question import Question

_MOST_REMEMBERED = 64
"""Equations of which the steps are remembered."""
_LEAST_SHARE = Fraction(1, 2)
"""Of the function's gates: equations that have fewer of them are not followed."""


@dataclass(frozen=True)
class OpenStep:
    """A step whose blanks can be filled in, the question it is asked in, and what has to be answered for that."""

    question: Question
    step: Step
    staged: Mapping[str, Answer]
    share: Fraction = Fraction(1)
    """How much of the function there is in what it asks for; less than 1 where it is about the learner's own."""
    own: bool = False
    """Whether it is about a function that is not the one asked for."""
    quick: bool = True
    added: frozenset[str] = frozenset()
    """Values that the learner's equations, which make no graph, do not name."""
    blanks: tuple[Blank, ...] = field(default=())

    def answers(self, more: Mapping[str, Answer]) -> NoAnswers:
        """What the step is told of the answers so far."""
        return NoAnswers({**more, **self.staged}, self.quick)


class QuestionAtWork:
    """A question, opened step by step to a learner's equations. What was made of equations is remembered."""

    def __init__(self, question: Question, quick: bool = True) -> None:
        """`quick` asks for each value's gradient alone in the backward step."""
        self.question = question
        self._quick = quick
        self._opened: dict[str, tuple[OpenStep, ...]] = {}
        self._mended: dict[str, tuple[OpenStep, ...]] = {}
        self._worked = self._worked_staging()

    def _worked_staging(self) -> dict[str, Answer]:
        """The program's own equations as an answer; nothing where none are asked."""
        for step in self.question.steps:
            for blank in step.blanks(NoAnswers()):
                if blank.wants is InputKind.EQUATIONS:
                    return {blank.key: _accepted(step.worked(blank, NoAnswers()))}
        return {}

    @property
    def stages(self) -> bool:
        """Whether equations are asked."""
        return bool(self._worked)

    def steps(self, equations: str | None = None) -> tuple[OpenStep, ...]:
        """The steps as they are for these equations; for the program's own where there are None."""
        if equations is None:
            return self._on(self._worked)
        key = equations.strip()
        if key not in self._opened:
            while len(self._opened) >= _MOST_REMEMBERED:
                self._opened.pop(next(iter(self._opened)))
            self._opened[key] = self._on_equations(key)
        return self._opened[key]

    def _on_equations(self, equations: str) -> tuple[OpenStep, ...]:
        if not self.stages:
            return self._on({})
        verdict = self.judged(equations)
        if verdict.accepted:
            return self._on({STAGING: Answer(equations, verdict)})
        first = tuple(one for one in self._on({}) if one.blanks)
        followed = self._followed(equations)
        if followed is None:
            return first
        own, staged, share = followed
        later = [
            self._open(own, step, staged, share, own=True)
            for step in own.steps
            if step.key not in (CODE, *(one.step.key for one in first))
        ]
        code = [one for one in self._on(self._worked) if one.step.key == CODE]
        order = [step.key for step in self.question.steps]
        return tuple(sorted((*first, *later, *code), key=lambda one: order.index(one.step.key)))

    def makes_graph(self, equations: str | None) -> bool:
        """Whether the steps after these equations are open; always where none are asked."""
        return not self.stages or any(one.staged for one in self.steps(equations))

    def steps_to_mark(self, equations: str | None = None) -> tuple[OpenStep, ...]:
        """The steps for what was handed in: on equations that make no graph too, mended as far as that goes."""
        opened = self.steps(equations)
        if equations is None or self.makes_graph(equations):
            return opened
        key = equations.strip()
        if key not in self._mended:
            while len(self._mended) >= _MOST_REMEMBERED:
                self._mended.pop(next(iter(self._mended)))
            self._mended[key] = self._on_mended(key, opened)
        return self._mended[key]

    def _on_mended(self, equations: str, first: tuple[OpenStep, ...]) -> tuple[OpenStep, ...]:
        if not isinstance(self.question, BackpropQuestion):
            return first
        for text in dict.fromkeys((equations, "")):  # of equations whose function has no values, nothing is left
            mended = self.question.mended(text)
            opened = self._on_equations(mended.equations)
            if any(one.staged for one in opened):
                return tuple(replace(one, added=mended.added) if one.staged else one for one in opened)
        return first

    def judged(self, equations: str) -> Verdict:
        """The verdict on equations, as those of the function that is asked for."""
        (step, blank) = next((step, step.blanks(NoAnswers())[0]) for step in self.question.steps)
        return step.judge(blank, equations, NoAnswers())

    def _on(self, staged: Mapping[str, Answer]) -> tuple[OpenStep, ...]:
        return tuple(self._open(self.question, step, staged) for step in self.question.steps)

    def _open(
        self,
        question: Question,
        step: Step,
        staged: Mapping[str, Answer],
        share: Fraction = Fraction(1),
        *,
        own: bool = False,
    ) -> OpenStep:
        opened = OpenStep(question, step, staged, share, own, self._quick)
        return replace(opened, blanks=step.blanks(opened.answers({})))

    def _followed(self, equations: str) -> tuple[BackpropQuestion, dict[str, Answer], Fraction] | None:
        """The question that asks for the function which wrong equations make; None where they make none."""
        if not isinstance(self.question, BackpropQuestion):
            return None
        own = self.question.on_learners_function(equations)
        if own is None:
            return None
        return own, {STAGING: _accepted(equations)}, _share(self.question, own)


def _share(question: BackpropQuestion, own: BackpropQuestion) -> Fraction:
    """How many of the function's gates are in the learner's own, of the more of the two; 0 where these are too few."""
    asked, made = (
        Counter(node.gate.key for node in one.problem.graph.nodes if node.gate is not None) for one in (question, own)
    )
    share = Fraction((asked & made).total(), max(asked.total(), made.total()))
    return share if share >= _LEAST_SHARE else Fraction(0)


def _accepted(text: str) -> Answer:
    return Answer(text, Verdict(Kind.RIGHT))


def worked(opened: OpenStep) -> Iterator[tuple[Blank, str]]:
    """Each blank of a step with a right answer."""
    answers = opened.answers({})
    for blank in opened.blanks:
        yield blank, opened.step.worked(blank, answers)
