"""One module a kind of question: what it asks, how it judges, hints, worked answers."""

from __future__ import annotations

from tutor.questions.blank import CODE, Answer, Answers, Blank, InputKind, Step

__all__ = ["CODE", "Answer", "Answers", "Blank", "InputKind", "Step"]
