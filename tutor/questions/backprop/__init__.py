"""The kind `backprop`: stage, forward, backward, code, descend, all on the learner's own graph."""

from __future__ import annotations

from tutor.library import BadFile, Exercise
from tutor.library.problem import Problem
from tutor.questions.backprop.backward import BackwardStep
from tutor.questions.backprop.code import CodeStep
from tutor.questions.backprop.descend import DescendStep
from tutor.questions.backprop.forward import ForwardStep
from tutor.questions.backprop.sheets import Sheets
from tutor.questions.backprop.stage import StageStep
from tutor.questions.blank import Step
from tutor.runner import Runner

__all__ = ["Sheets", "steps_of"]


def steps_of(exercise: Exercise, problem: Problem, runner: Runner) -> tuple[Sheets, tuple[Step, ...]]:
    """The exercise's steps, and the sheets they share. Raises BadFile for a `[code]` table that does not fit."""
    sheets = Sheets(problem, staged="stage" in exercise.steps)
    try:
        code = CodeStep(problem, sheets, exercise.file.code, runner)
    except BadFile as error:
        raise BadFile(error.key, error.reason, exercise.line_of(error.key)) from None
    steps: dict[str, Step] = {
        "stage": StageStep(problem, sheets),
        "forward": ForwardStep(sheets),
        "backward": BackwardStep(sheets),
        "code": code,
    }
    if exercise.file.descend is not None:
        steps["descend"] = DescendStep(problem, sheets, exercise.file.descend)
    return sheets, tuple(steps[name] for name in exercise.steps if name in steps)
