"""Around the steps of every kind: a blank's own label may stand before an answer, and other readings are tried."""

from __future__ import annotations

from dataclasses import replace

from tutor.judging import Kind, Verdict, in_any_reading
from tutor.questions.blank import Answers, Blank, InputKind, Step
from tutor.questions.labels import label_in, left_side, own_label, without_left_side, without_this


class AnyReadingStep:
    """A step whose values and formulas are judged in each of their usual readings. Satisfies `Step`."""

    def __init__(self, step: Step) -> None:
        self.key = step.key
        self.title = step.title
        self._step = step

    def about(self, answers: Answers) -> str:
        """What is asked."""
        return self._step.about(answers)

    def blanks(self, answers: Answers) -> tuple[Blank, ...]:
        """The step's."""
        return self._step.blanks(answers)

    def judge(self, blank: Blank, text: str, answers: Answers) -> Verdict:
        """The step's verdict on what was typed, or on what it says without the blank's own label."""
        if blank.wants is not InputKind.VALUE:
            return self._step.judge(blank, text, answers)
        own, local = own_label(blank.label)
        text = without_this(text, blank.label)
        left = left_side(text)
        typed = label_in(left.rstrip("=←").strip()) if left else None
        if own is not None and typed is not None and own.is_same(typed, local=local):
            text, typed = without_left_side(text), None
        verdict = in_any_reading(text, lambda other: self._step.judge(blank, other, answers))
        if verdict.kind is Kind.UNREADABLE and own is not None and typed is not None:
            return replace(verdict, message=f"This blank asks for {own.text}, not {typed.text}.", repair="")
        return verdict

    def hints(self, blank: Blank, text: str, answers: Answers) -> tuple[str, str, str]:
        """The step's."""
        return self._step.hints(blank, text, answers)

    def worked(self, blank: Blank, answers: Answers) -> str:
        """The step's."""
        return self._step.worked(blank, answers)
