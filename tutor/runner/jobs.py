"""What goes to the runner and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tutor.runner.values import Value

Kind = Literal[
    "syntax",
    "missing",
    "import",
    "raised",
    "unknown",
    "timeout",
    "memory",
    "output",
    "exited",
    "killed",
    "cancelled",
    "start",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use. Where the platform cannot hold a limit, the wall clock still does.

    `seconds` is wall time for the whole job; ending it and clearing up come on top, and the learner is not to wait more
    than two seconds in all. `memory_bytes` come on top of what Python and NumPy take; a
    program that gathers without end is to meet this limit well before that of time, so it is no larger than it must be.
    `processes` counts all that the job starts, forks of forks too. `file_bytes` is the size of one file.
    """

    seconds: float = 1.8
    cpu_seconds: float = 4.0
    memory_bytes: int = 256 << 20
    output_chars: int = 20_000
    processes: int = 16
    open_files: int = 64
    file_bytes: int = 16 << 20


@dataclass(frozen=True, slots=True)
class Job:
    """The learner's source, the name of what it must define, and the calls to make.

    `source` runs as a module with `np` defined. `entry` names a function or class in it. Each of `calls`
    holds the positional arguments of one call, and each call gets fresh copies of them. With `observe`, local
    variables are reported.

    `harness` is source of OURS (never a learner's or a file's) that makes the calls instead. It defines
    `drive(namespace, calls)`, where `namespace` is the learner's module as a dict, and finds `np` and
    `call(function, *args, **kwargs)` defined. `call` calls, records one Call, and gives back the raw result:

        def drive(namespace, calls):
            operation = namespace["Mul"]
            for a, b, upstream in calls:
                context = Context()
                call(operation.forward, context, a, b)
                call(operation.backward, context, upstream)
    """

    source: str
    entry: str
    calls: tuple[tuple[Value, ...], ...] = ()
    observe: bool = True
    harness: str | None = None
    seconds: float | None = None
    """Wall time for this job, where it is not that of the runner's limits."""


@dataclass(frozen=True, slots=True)
class Local:
    """A local variable when its function returned.

    `line` is where it, or an element of it, was last assigned; None for a parameter left as it came.
    """

    value: Value
    line: int | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment on the way: `value` is as it was just after that line."""

    name: str
    line: int
    value: Value


@dataclass(frozen=True, slots=True)
class Call:
    """One call that returned.

    `changed` holds the indices of the positional arguments that were changed in place. `assignments` are in
    the order they happened, the first 300 of them; assignments to elements (`d[i] = ...`) are not among them.
    """

    returned: Value
    locals: dict[str, Local] = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()
    changed: tuple[int, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RunFault:
    """Why the job ended early. `start` and `cancelled` are not the learner's doing.

    `message` is a sentence for the learner. `line` is the learner's own line number, where one is known; for
    a timeout, the line that was running. `traceback` shows the learner's frames only. `error` is the name of what
    Python raised, `detail` Python's own words for it.
    """

    kind: Kind
    message: str
    line: int | None = None
    traceback: str = ""
    error: str = ""
    detail: str = ""
    lines: tuple[int, ...] = ()
    """The learner's lines that led there, innermost first, where it was raised."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: the calls that returned, the fault if one ended it, and what was printed.

    After a timeout, an exit or a kill there are no calls. `output` is standard output and error as one text,
    harmless to show. `seconds` is wall time from handing the job over to the verdict.
    """

    calls: tuple[Call, ...] = ()
    fault: RunFault | None = None
    output: str = ""
    output_cut: bool = False
    seconds: float = 0.0
