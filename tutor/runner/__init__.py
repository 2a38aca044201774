"""Runs the learner's Python in another process, with limits."""

from __future__ import annotations

from .jobs import Assignment, Call, Fault, Job, Kind, Limits, Local, Outcome
from .runner import Runner
from .text import harmless
from .values import Array, Opaque, Value

__all__ = [
    "Array",
    "Assignment",
    "Call",
    "Fault",
    "Job",
    "Kind",
    "Limits",
    "Local",
    "Opaque",
    "Outcome",
    "Runner",
    "Value",
    "harmless",
]
