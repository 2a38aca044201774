"""Exercises made for a test, and a learner who fills in their blanks without a session."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.shipped import FUNCTIONS
from tutor.judging import Kind, Verdict
from tutor.library import Exercise, ExerciseFile
from tutor.library.decoding import decode
from tutor.library.problem import Problem, problem_of
from tutor.library.validation import check
from tutor.questions import Answer, Answers, Blank, Step
from tutor.questions.backprop.question import steps_in
from tutor.questions.blank import AnswersBeside
from tutor.questions.question import AnyReadingStep
from tutor.runner import Runner

SHIPPED = FUNCTIONS


def made(function: str, at: str, more: str = "") -> Exercise:
    """An exercise from the three things that matter, and further lines."""
    text = f"title = 'made'\nfunction = '{function}'\nat = {{ {at} }}\n{more}\n"
    file = decode(text, ExerciseFile)
    check(file, text)
    return Exercise("made/for-a-test", Path("nowhere.toml"), file)


class Learner:
    """Answers blanks by key. Satisfies `questions.Answers`."""

    def __init__(self, exercise: Exercise, staging: str = "", runner: Runner | None = None) -> None:
        self.problem: Problem = problem_of(exercise)
        self.sheets, steps = steps_in(exercise.file, self.problem, runner or Runner())
        self.steps: list[Step] = [step if step.key == "code" else AnyReadingStep(step) for step in steps]
        self.answers: dict[str, Answer] = {}
        self.quick = False
        self.opened: set[str] = set()
        if staging:
            verdict = self.answer("staging", staging)
            assert verdict.accepted, verdict.message
        elif "stage" in exercise.steps:
            self.answer("staging", self.worked("staging"))

    def place(self, key: str) -> tuple[Step, Blank]:
        """The step and blank of a key."""
        found = self._asked(key, self)
        if not found and key.startswith("total:"):  # it fills itself in; where each gradient is asked it is a blank
            found = self._asked(key, AnswersBeside(self.answers, quick=True, opened=self.opened))
        assert len(found) == 1, f"{key} is asked {len(found)} times"
        return found[0]

    def _asked(self, key: str, answers: Answers) -> list[tuple[Step, Blank]]:
        return [(step, blank) for step in self.steps for blank in step.blanks(answers) if blank.key == key]

    def keys(self, step: str) -> list[str]:
        """The keys of a step's blanks, in order."""
        return [blank.key for one in self.steps if one.key == step for blank in one.blanks(self)]

    def judge(self, key: str, text: str) -> Verdict:
        """The verdict on an answer, which is not kept."""
        step, blank = self.place(key)
        return step.judge(blank, text, self)

    def answer(self, key: str, text: str) -> Verdict:
        """The verdict on an answer, which is kept if it could be judged."""
        verdict = self.judge(key, text)
        if verdict.accepted or verdict.charged:
            self.answers[key] = Answer(text, verdict)
        return verdict

    def all_right(self, answers: dict[str, str]) -> None:
        """Give answers that are plainly right."""
        for key, text in answers.items():
            verdict = self.answer(key, text)
            assert verdict.kind is Kind.RIGHT, f"{key} = {text}: {verdict.message}"

    def worked(self, key: str) -> str:
        """A right answer by the program."""
        step, blank = self.place(key)
        return step.worked(blank, self)

    def work(self, *steps: str) -> None:
        """Fill in these steps with the program's own answers."""
        for step in steps:
            while missing := [key for key in self.keys(step) if key not in self.answers]:
                verdict = self.answer(missing[0], self.worked(missing[0]))
                assert verdict.accepted, f"{missing[0]}: {verdict.message}"

    def hints(self, key: str, text: str = "") -> Sequence[str]:
        """The three rungs at a blank."""
        step, blank = self.place(key)
        return step.hints(blank, text, self)


def learner(function: str, at: str, more: str = "", staging: str = "") -> Learner:
    """A learner at a made exercise, with its graph staged."""
    return Learner(made(function, at, more), staging)


def shipped(id: str, staging: str = "", runner: Runner | None = None) -> Learner:
    """A learner at an exercise that ships, with its graph staged."""
    return Learner(SHIPPED[id], staging, runner)
