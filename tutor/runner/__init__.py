"""Runs the learner's Python in another process, with limits.

In comes a `Job` (source, the name to call, the arguments of each call), out comes an `Outcome` (what the calls
returned, or the one fault that ended it, and what was printed). Open `runner`
first: it takes a process that waits, `process` hands it the job and ends it, `outcomes` says what came of it. What
runs in that process is in `child`.

The modules are loaded when one of their names is first asked for: a screen that only wants `harmless` waits for
nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from tutor.runner.text import harmless

if TYPE_CHECKING:
    from tutor.runner.jobs import (
        Array,
        Call,
        Job,
        Kind,
        Limits,
        Opaque,
        Outcome,
        RunFault,
        Value,
    )
    from tutor.runner.runner import Runner

__all__ = [
    "Array",
    "Call",
    "Job",
    "Kind",
    "Limits",
    "Opaque",
    "Outcome",
    "RunFault",
    "Runner",
    "Value",
    "harmless",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(".runner" if name == "Runner" else ".jobs", __name__), name)
    globals()[name] = found
    return found
