"""One blank of a question made of a table, for tests of the kinds."""

from __future__ import annotations

from typing import Any

from tutor.judging import Verdict
from tutor.library.decoding import convert
from tutor.questions.blank import NoAnswers
from tutor.questions.question import Question, QuestionPlace
from tutor.questions.registry import KINDS
from tutor.runner import Runner

NOBODY = NoAnswers()


def question(kind: str, *asks: dict[str, Any], **table: Any) -> Question:
    """The question. Raises BadFile."""
    made = convert({"kind": kind, "ask": list(asks), **table}, KINDS[kind].table, "")
    return KINDS[kind].make(made, QuestionPlace("test", Runner()))


class One:
    """The first blank of a question."""

    def __init__(self, kind: str, ask: dict[str, Any], **table: Any) -> None:
        self.question = question(kind, ask, **table)
        (self.step,) = self.question.steps
        (self.blank,) = self.step.blanks(NOBODY)

    def judge(self, text: str) -> Verdict:
        return self.step.judge(self.blank, text, NOBODY)

    @property
    def worked(self) -> str:
        return self.step.worked(self.blank, NOBODY)

    @property
    def hints(self) -> tuple[str, str, str]:
        return self.step.hints(self.blank, "", NOBODY)
