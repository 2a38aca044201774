"""What went wrong, as plain data: the exception, the learner's own line and frames."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from typing import Any

from .encode import name_of
from .protocol import YOUR_CODE
from .tracer import own_code

FRAMES = 40
TEXT = 4_000


def fault(kind: str, **facts: Any) -> dict[str, Any]:
    """A fault as the parent reads it. `type` and `text` are the exception's, `names` what is defined.

    `replaced` are those of Python's own names that the learner's code has put something else in the place of.
    """
    said: dict[str, Any] = {"type": "", "text": "", "line": None, "traceback": "", "lines": []}
    return {"kind": kind, **said, "names": [], "replaced": [], **facts}


def kind_of(error: BaseException) -> str:
    """The kind of fault that an exception raised while the learner's code ran stands for."""
    kind = type(error)
    for kinds, name in ((MemoryError, "memory"), (SystemExit, "exited"), (ImportError, "import")):
        if issubclass(kind, kinds):
            return name
    return "raised"


def unreadable(error: BaseException) -> dict[str, Any]:
    """The fault of a source that does not compile."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    shown = "".join(traceback.format_exception_only(error))
    text = error.msg if isinstance(error, SyntaxError) else str(error) or "it is too long or nested too deep"
    return fault("syntax", type=name_of(type(error)), text=text, line=line, traceback=shown[:TEXT])


def raised(error: BaseException, entry: object) -> dict[str, Any]:
    """The fault of an exception. Where no frame of the learner's took part, the line is that of the entry."""
    line = last_line(error)
    if line is None:
        code = own_code(entry)
        line = code.co_firstlineno if code is not None and code.co_filename == YOUR_CODE else None
    shown = traceback.TracebackException(type(error), error, error.__traceback__, limit=-FRAMES)
    _only_learners(shown)
    whole = "".join(shown.format())
    text = "".join(traceback.TracebackException(type(error), error, None).format_exception_only())
    name = name_of(type(error))
    return fault(
        kind_of(error),
        type=name,
        text=_after_name(text, name),
        line=line,
        traceback=_shorten(whole),
        lines=learners_lines(error)[:FRAMES],
    )


def last_line(error: BaseException) -> int | None:
    """The innermost line of the learner's in the traceback; of a function that calls itself, the line of that call."""
    lines = learners_lines(error)
    if isinstance(error, RecursionError) and lines:
        return max(lines, key=lines.count)
    return lines[0] if lines else None


def learners_lines(error: BaseException) -> list[int]:
    """The learner's lines in the exception's traceback, innermost first."""
    lines: list[int] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        # The call that was one too many is the line to show, not the `def` it did not get beyond.
        refused = isinstance(error, RecursionError) and trace.tb_lineno == code.co_firstlineno and lines
        if code.co_filename == YOUR_CODE and not refused:
            lines.insert(0, trace.tb_lineno)
        trace = trace.tb_next
    return lines


def _only_learners(shown: traceback.TracebackException) -> None:
    """Take all frames but the learner's out, in the exceptions that led here as well."""
    for one in _chain(shown):
        kept = [frame for frame in one.stack if frame.filename == YOUR_CODE]
        one.stack = traceback.StackSummary.from_list(kept)


def _chain(shown: traceback.TracebackException) -> Iterator[traceback.TracebackException]:
    pending = [shown]
    while pending:
        one = pending.pop()
        yield one
        pending.extend(other for other in (one.__cause__, one.__context__) if other is not None)
        pending.extend(one.exceptions or ())


def _after_name(text: str, name: str) -> str:
    """`division by zero` of `ZeroDivisionError: division by zero`; notes and further lines are dropped."""
    first = text.strip().split("\n")[0]
    head, colon, rest = first.partition(": ")
    return rest[:500] if colon and head.endswith(name) else ""


def _shorten(text: str) -> str:
    if len(text) <= TEXT:
        return text
    return text[: TEXT // 2] + "\n  ...\n" + text[-TEXT // 2 :]
