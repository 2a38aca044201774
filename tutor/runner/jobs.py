"""What goes to the runner and what comes back, and how values cross: as plain Python data, no NumPy on this side."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tutor.runner.text import harmless

if TYPE_CHECKING:
    import numpy

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
class Array:
    """An array of numbers: `data` is flat, row by row, and as long as the shape says.

    `dtype` is NumPy's name: `float64`, `int64`, `bool`, ... A 0-dimensional array has the shape `()`.
    """

    shape: tuple[int, ...]
    dtype: str
    data: list[float]

    @classmethod
    def of(cls, array: Any) -> Array:
        """From a NumPy array of numbers."""
        return cls(tuple(array.shape), str(array.dtype), array.reshape(-1).tolist())

    def numpy(self) -> numpy.ndarray[Any, Any]:
        """As a NumPy array (which loads NumPy)."""
        from numpy import array

        return array(self.data, dtype=self.dtype).reshape(self.shape)


@dataclass(frozen=True, slots=True)
class Opaque:
    """What cannot cross: the name of its type, and a few words on it for the learner."""

    type_name: str
    text: str


Value: TypeAlias = (
    "float | int | bool | str | Array | Opaque | list[Value] | tuple[Value, ...] | dict[Any, Value] | None"
)
"""What a call can take and return. Text comes back with its control characters made harmless."""


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
    holds the positional arguments of one call, and each call gets fresh copies of them.

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
    harness: str | None = None
    seconds: float | None = None
    """Wall time for this job, where it is not that of the runner's limits."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that returned.

    `changed` holds the indices of the positional arguments that were changed in place. `seconds` is wall time.
    """

    returned: Value
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


# --- values as they cross ---------------------------------------------------------------------------------------------

INTEGER = re.compile(r"(u?)int(8|16|32|64)")
FLOATS = ("float16", "float32", "float64")
"""NumPy's names for the types of numbers that come back."""


def encode(value: Value) -> Any:
    """The value for the other process. Raises TypeError for an Opaque: it has no value to send."""
    if isinstance(value, Array):
        return {"array": [list(value.shape), value.dtype, value.data]}
    if isinstance(value, Opaque):
        raise TypeError(f"an opaque {value.type_name} cannot be an argument")
    if isinstance(value, dict):
        return {"dict": [[key, encode(item)] for key, item in value.items()]}
    if isinstance(value, list):
        return {"list": [encode(item) for item in value]}
    if isinstance(value, tuple):
        return {"tuple": [encode(item) for item in value]}
    return value


def decode(data: Any) -> Value:
    """A value from the other process. Raises ValueError, TypeError or KeyError if it makes no sense."""
    if isinstance(data, str):
        return harmless(data)
    if data is None or isinstance(data, (bool, int, float)):
        return data
    ((tag, content),) = data.items()
    return _DECODERS[tag](content)


def _array(content: Any) -> Array:
    shape, dtype, flat = content
    if not all(type(size) is int and size >= 0 for size in shape) or math.prod(shape) != len(flat):
        raise ValueError("an array of another length than its shape says")
    if not _holds(dtype, flat):
        raise ValueError("an array of something else than its numbers")
    return Array(tuple(shape), dtype, flat)


def _holds(dtype: str, flat: list[Any]) -> bool:
    """Whether an array of that type can hold exactly these entries."""
    if dtype == "bool" or dtype in FLOATS:
        kind = bool if dtype == "bool" else float
        return all(type(item) is kind for item in flat)
    integer = INTEGER.fullmatch(dtype)
    if integer is None or not all(type(item) is int for item in flat):
        return False
    unsigned, bits = integer[1] == "u", int(integer[2])
    least, most = (0, 2**bits) if unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1))
    return not flat or (least <= min(flat) and max(flat) < most)


_DECODERS: dict[str, Callable[[Any], Value]] = {
    "array": _array,
    "opaque": lambda content: Opaque(harmless(content[0]), harmless(content[1])),
    "list": lambda content: [decode(item) for item in content],
    "tuple": lambda content: tuple(decode(item) for item in content),
    "dict": lambda content: {decode(key): decode(item) for key, item in content},
}
