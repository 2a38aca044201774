"""The kind `backprop`: stage, forward, backward, code, descend, all on the learner's own graph."""

from __future__ import annotations

from tutor.library import BadFile, Exercise
from tutor.library.format import BackpropTable
from tutor.library.problem import Problem
from tutor.questions.backprop.backward import BackwardStep
from tutor.questions.backprop.code import FunctionStep
from tutor.questions.backprop.descend import DescendStep
from tutor.questions.backprop.forward import ForwardStep
from tutor.questions.backprop.reference import Sheets
from tutor.questions.backprop.stage import StageStep
from tutor.questions.blank import Step
from tutor.runner import Runner

__all__ = ["Sheets", "steps_in", "steps_of"]


def steps_of(exercise: Exercise, problem: Problem, runner: Runner) -> tuple[Sheets, tuple[Step, ...]]:
    """The exercise's steps, and the sheets they share. Raises BadFile for a `[code]` table that does not fit."""
    try:
        return steps_in(exercise.file, problem, runner)
    except BadFile as error:
        raise BadFile(error.key, error.reason, exercise.line_of(error.key)) from None


def steps_in(table: BackpropTable, problem: Problem, runner: Runner) -> tuple[Sheets, tuple[Step, ...]]:
    """The same for a table, wherever it stands."""
    sheets = Sheets(problem, staged="stage" in table.asked)
    steps: dict[str, Step] = {
        "stage": StageStep(problem, sheets),
        "forward": ForwardStep(sheets),
        "backward": BackwardStep(sheets),
        "code": FunctionStep(problem, sheets, table.code, runner),
    }
    if table.descend is not None:
        steps["descend"] = DescendStep(problem, sheets, table.descend)
    return sheets, tuple(steps[name] for name in table.asked if name in steps)
