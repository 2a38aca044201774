"""backprop-tutor: learn backpropagation by doing it.

From Python: `tutor.backprop` differentiates an expression, `tutor.judge` compares an answer with the truth,
`tutor.graph` draws a computation graph; `tutor.exercise`, `tutor.check`, `tutor.hint` and `tutor.solution` are about
the exercises. All are loaded when they are first asked for: importing the package costs little.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # type checkers take it for true; `typing` itself takes as long to load as Python does
    from tutor.api import Backprop, ComputationGraph, backprop, check, exercise, graph, hint, judge, solution

    __version__: str

__all__ = [
    "Backprop",
    "ComputationGraph",
    "__version__",
    "backprop",
    "check",
    "exercise",
    "graph",
    "hint",
    "judge",
    "solution",
]


def __getattr__(name: str) -> object:
    """Load what is asked for. Raises AttributeError for anything else."""
    if name != "__version__" and name in __all__:
        from tutor import api

        return getattr(api, name)
    if name == "__version__":
        return _version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """What there is to call, for those who ask a notebook to complete a name."""
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("backprop-tutor")
    except PackageNotFoundError:
        return "not installed"
