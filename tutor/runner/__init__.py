"""Runs the learner's Python in another process, with limits.

The modules are loaded when one of their names is first asked for: a screen that only wants `harmless` waits for
nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tutor.runner.text import harmless

if TYPE_CHECKING:
    from tutor.runner.jobs import Assignment, Call, Job, Kind, Limits, Local, Outcome, RunFault
    from tutor.runner.runner import Runner
    from tutor.runner.values import Array, Opaque, Value

__all__ = [
    "Array",
    "Assignment",
    "Call",
    "Job",
    "Kind",
    "Limits",
    "Local",
    "Opaque",
    "Outcome",
    "RunFault",
    "Runner",
    "Value",
    "harmless",
]

MODULES = {"Array": "values", "Opaque": "values", "Value": "values", "Runner": "runner"}
"""Where the names are that are not in `jobs`."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f".{MODULES.get(name, 'jobs')}", __name__), name)
    globals()[name] = found
    return found
