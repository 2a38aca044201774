"""The question at the end of a lesson: made like those of exercises, and judged like them; nothing is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tutor.judging import Verdict
from tutor.lessons.texts import Lesson
from tutor.library import Exercise
from tutor.library.format import ExerciseFile
from tutor.questions import Blank, Step
from tutor.questions.blank import NoAnswers
from tutor.questions.registry import questions_of
from tutor.runner import Runner


@dataclass(frozen=True)
class LessonTrial:
    """One blank that costs nothing."""

    step: Step
    blank: Blank

    def judge(self, text: str) -> Verdict:
        """The verdict on an answer. Raises nothing."""
        return self.step.judge(self.blank, text, NoAnswers())

    @property
    def worked(self) -> str:
        """A right answer, as it can be typed."""
        return self.step.worked(self.blank, NoAnswers())


def trial_of(lesson: Lesson) -> LessonTrial:
    """The question of a lesson. It loads NumPy and the grammar, and takes a moment the first time."""
    return _trial_of(lesson.number, lesson.id)


@cache
def _trial_of(number: int, id: str) -> LessonTrial:
    from tutor.lessons.texts import lessons

    lesson = lessons()[number - 1]
    file = ExerciseFile(title=lesson.title, question=(lesson.question,))
    (question,) = questions_of(Exercise(f"lesson/{id}", Path(), file), Runner())
    (step,) = question.steps
    (blank,) = step.blanks(NoAnswers())
    return LessonTrial(step, blank)
