"""From Python: gradients of an expression (`gradients.py`), verdicts (`answers.py`), the graph, and exercises.

Numbers, arrays and texts come in from other programs, by way of `tutor.backprop`, `tutor.judge`, `tutor.check` and the
like; `Backprop`, `Verdict` and `CheckedAnswers` go out. `exercises.py` marks answers as `grade` does. Each loads only
what it needs: judging has no use for graphs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.api.answers import judge
    from tutor.api.exercises import check, exercise, hint, solution
    from tutor.api.gradients import Backprop, backprop
    from tutor.api.graphs import ComputationGraph, graph

__all__ = ["Backprop", "ComputationGraph", "backprop", "check", "exercise", "graph", "hint", "judge", "solution"]

_OF_EXERCISES = ("check", "exercise", "hint", "solution")


def __getattr__(name: str) -> object:
    """Load what is asked for. Raises AttributeError for anything else."""
    if name == "judge":
        from tutor.api import answers

        return answers.judge
    if name in ("Backprop", "backprop"):
        from tutor.api import gradients

        return getattr(gradients, name)
    if name in ("ComputationGraph", "graph"):
        from tutor.api import graphs

        return getattr(graphs, name)
    if name in _OF_EXERCISES:
        from tutor.api import exercises

        return getattr(exercises, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
