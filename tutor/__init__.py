"""backprop-tutor: learn backpropagation by doing it.

From Python: `tutor.backprop` differentiates an expression, `tutor.judge` compares an answer with the truth,
`tutor.graph` draws a computation graph. They are loaded when first asked for: importing the package costs little.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # type checkers take it for true; `typing` itself takes as long to load as Python does
    from tutor.api import Backprop, Graph, backprop, graph, judge

    __version__: str

__all__ = ["Backprop", "Graph", "__version__", "backprop", "graph", "judge"]


def __getattr__(name: str) -> object:
    """Load what is asked for. Raises AttributeError for anything else."""
    if name in ("Backprop", "Graph", "backprop", "graph", "judge"):
        from tutor import api

        return getattr(api, name)
    if name == "__version__":
        return _version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("backprop-tutor")
    except PackageNotFoundError:
        return "not installed"
