"""From Python: the gradients of an expression (`gradients.py`), and the verdict on an answer (`answers.py`).

Numbers, arrays and texts come in from other programs, by way of `tutor.backprop` and `tutor.judge`; `Backprop` and
`Verdict` go out. Either loads only what it needs: judging has no use for graphs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.api.answers import judge
    from tutor.api.gradients import Backprop, backprop

__all__ = ["Backprop", "backprop", "judge"]


def __getattr__(name: str) -> object:
    """Load what is asked for. Raises AttributeError for anything else."""
    if name == "judge":
        from tutor.api import answers

        return answers.judge
    if name in ("Backprop", "backprop"):
        from tutor.api import gradients

        return getattr(gradients, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
