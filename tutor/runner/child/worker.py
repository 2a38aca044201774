"""The other process: wait for one job, run it, send what came of it, end.

At the start the real standard input and output are put out of reach: jobs come and results go by private
duplicates, standard input is empty, and standard output joins standard error, which the parent reads as the
learner's output.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` is Python code, which may have been rebound
import _thread
import builtins
import faulthandler
import linecache
import os
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, TextIO

import numpy as np

from . import limits
from .encode import Encoder, decode, fingerprint, name_of
from .original_builtins import BEFORE, replaced, restore
from .protocol import BEGUN, READY, SHOW, SHOW_AT, YOUR_CODE, frame, unpack

globals()["__builtins__"] = dict(BEFORE)  # see encode.py

RESULTS = (50_000, 400_000, 200_000)
"""How much of what is returned is reported: see Encoder."""
RECURSION = 2_000
FRAMES = 40
"""How many frames of a traceback are looked at."""
TEXT = 4_000
"""How many characters of it are reported."""
WARNINGS = 100
"""How many different ones are shown."""

SIGNALS = sorted(_signal.valid_signals())

_warned: set[str] = set()
_write, _leave, _pid, _clock, _settrace = os.write, os._exit, os.getpid, time.perf_counter, sys.settrace


def main(jobs: int, results: int, ringing: int) -> None:
    """Serve one job and end the process.

    The job is read from one file descriptor and answered on another; the third wakes the supervisor, -1 if there
    is none.
    """
    own = _pid()
    if SHOW is not None:
        # In the thread that runs, not by a thread of its own: one that looks on while frames change may crash.
        faulthandler.register(SHOW, file=results, all_threads=False)
    _send(results, READY)
    job = unpack(open(jobs, "rb", closefd=False))  # noqa: SIM115
    if job is None:
        _leave(0)
    _thread.start_new_thread(_end_with_parent, (jobs,))
    token = job.pop("token")
    faulthandler.enable(file=results)
    if SHOW is None:
        faulthandler.dump_traceback_later(job["limits"]["seconds"] * SHOW_AT, file=results)
    sys.addaudithook(limits.guard(int(job["limits"]["processes"])))
    limits.apply(job["limits"])
    with suppress(OSError):
        _write(ringing, BEGUN)
    run = Run(job)
    # If the learner's code has broken so much that even this fails, the exit code is all there is to say.
    try:
        try:
            problem = run.perform()
        except BaseException as error:  # noqa: BLE001 - a signal handler of the learner's may raise amid our own code
            _silence()
            problem = _described(error, None)
        _silence()
        if _pid() != own:
            _leave(0)  # A copy made by the learner's own fork: it has nothing to report.
        _make_whole()
        _send(results, frame(token, {"calls": run.calls, "fault": problem}))
    finally:
        _leave(0 if sys.exc_info()[0] is None else 70)


class Run:
    """One job being run. `calls` grows by one for each call that came back."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.calls: list[dict[str, Any]] = []
        self._job = job
        self._arguments = [tuple(decode(item) for item in call) for call in job["calls"]]
        self._results = Encoder(*RESULTS)

    def perform(self) -> dict[str, Any] | None:
        """Run the learner's code and the calls. Returns the fault, if there was one."""
        source: str = self._job["source"]
        module = ModuleType("your_code")
        sys.modules["your_code"] = module
        namespace = vars(module)
        namespace["np"] = np
        namespace["__builtins__"] = builtins  # the real ones; what is ours has copies
        warnings.showwarning = _show_warning
        warnings.simplefilter("default")
        try:
            lines = source.splitlines(keepends=True)
            linecache.cache[YOUR_CODE] = (len(source), None, lines, YOUR_CODE)
            code = compile(source, YOUR_CODE, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
            return _unreadable(error)
        entry: Any = None
        # Whatever the learner's code raises is a result to report, an exit or an interrupt included.
        try:
            exec(code, namespace)  # noqa: S102 - the learner's own code, in the process made for it
            entry = namespace.get(self._job["entry"])
            if not callable(entry):
                return _missing(namespace, self._job["entry"])
            self._drive(namespace, entry)
        except BaseException as error:  # noqa: BLE001
            _silence()
            _settrace(None)
            sys.setrecursionlimit(RECURSION)
            limits.relax()
            others = replaced()
            restore()
            return {**_described(error, entry), "replaced": others}
        return None

    def _drive(self, namespace: dict[str, Any], entry: Callable[..., Any]) -> None:
        if self._job["harness"] is None:
            for arguments in self._arguments:
                self._call(entry, *arguments)
            return
        own = {"__name__": "harness", "__builtins__": dict(BEFORE)}
        harness: dict[str, Any] = {**own, "np": np, "call": self._call}
        exec(compile(self._job["harness"], "harness", "exec", dont_inherit=True), harness)  # noqa: S102
        harness["drive"](namespace, self._arguments)

    def _call(self, function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        """Call a function, note all that is to be known of the call, and give back what it returned."""
        before = [fingerprint(item) for item in arguments]
        started = _clock()
        returned = function(*arguments, **keywords)
        _settrace(None)  # a tracer of the learner's own is not to follow what is ours
        seconds = _clock() - started
        changed = [at for at, item in enumerate(arguments) if fingerprint(item) != before[at]]
        self.calls.append(
            {
                "returned": self._results.encode(returned),
                "changed": changed,
                "seconds": seconds,
            }
        )
        return returned


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001 - called by these names
    line: str | None = None,  # noqa: ARG001
) -> None:
    """Takes the place of `warnings.showwarning`: each warning once, on one line, with the learner's own line number."""
    where = f"line {lineno}: " if filename == YOUR_CODE else ""
    shown = f"{where}{category.__name__}: {' '.join(str(message).split())[:300]}\n"
    # Python shows one again when a filter has changed meanwhile.
    if shown not in _warned and len(_warned) <= WARNINGS:
        _warned.add(shown)
        with suppress(OSError):
            _write(2, shown.encode("utf-8", "replace"))


def _silence() -> None:
    """Take the learner's signal handlers away. One of them may run, and raise, in the middle of this."""
    for _ in range(1_000):
        try:
            for number in SIGNALS:
                if callable(_signal.getsignal(number)):
                    _signal.signal(number, _signal.SIG_IGN)
            return
        except BaseException:  # noqa: BLE001
            continue


def _make_whole() -> None:
    """Undo what the learner's code may have done to Python itself: what follows is ours again."""
    limits.relax()
    restore()
    faulthandler.cancel_dump_traceback_later()
    if SHOW is not None:
        _signal.signal(SHOW, _signal.SIG_IGN)  # what it writes is not to stand amid the result
    _settrace(None)
    sys.setprofile(None)
    sys.setrecursionlimit(RECURSION)


def _send(results: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[_write(results, view) :]


def _end_with_parent(jobs: int) -> None:
    """Wait until the parent's side of the pipe closes; the parent is gone then, and this ends.

    The supervisor sees to that as well, where there is one and it has not itself been killed.
    """
    with suppress(OSError):
        while os.read(jobs, 4096):
            pass
        _leave(1)


# --- what went wrong, as plain data -----------------------------------------------------------------------------------


def _described(error: BaseException, entry: object) -> dict[str, Any]:
    try:
        return _raised(error, entry)
    except BaseException:  # noqa: BLE001 - an exception class of the learner's may fail in any way when asked
        return _fault(_kind_of(error), type=name_of(type(error)))


def _missing(namespace: dict[str, Any], entry: str) -> dict[str, Any]:
    names = [name for name, value in namespace.items() if type(name) is str and callable(value)]
    found = name_of(type(namespace[entry])) if entry in namespace else ""
    return _fault("missing", type=found, names=names[:50])


def _fault(kind: str, **facts: Any) -> dict[str, Any]:
    """A fault as the parent reads it. `type` and `text` are the exception's, `names` what is defined.

    `replaced` are those of Python's own names that the learner's code has put something else in the place of.
    """
    said: dict[str, Any] = {"type": "", "text": "", "line": None, "traceback": "", "lines": []}
    return {"kind": kind, **said, "names": [], "replaced": [], **facts}


def _kind_of(error: BaseException) -> str:
    """The kind of fault that an exception raised while the learner's code ran stands for."""
    kind = type(error)
    for kinds, name in ((MemoryError, "memory"), (SystemExit, "exited"), (ImportError, "import")):
        if issubclass(kind, kinds):
            return name
    return "raised"


def _unreadable(error: BaseException) -> dict[str, Any]:
    """The fault of a source that does not compile."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    shown = "".join(traceback.format_exception_only(error))
    text = error.msg if isinstance(error, SyntaxError) else str(error) or "it is too long or nested too deep"
    return _fault("syntax", type=name_of(type(error)), text=text, line=line, traceback=shown[:TEXT])


def _raised(error: BaseException, entry: object) -> dict[str, Any]:
    """The fault of an exception. Where no frame of the learner's took part, the line is that of the entry."""
    line = _last_line(error)
    if line is None:
        code = own_code(entry)
        line = code.co_firstlineno if code is not None and code.co_filename == YOUR_CODE else None
    shown = traceback.TracebackException(type(error), error, error.__traceback__, limit=-FRAMES)
    _only_learners(shown)
    whole = "".join(shown.format())
    text = "".join(traceback.TracebackException(type(error), error, None).format_exception_only())
    name = name_of(type(error))
    return _fault(
        _kind_of(error),
        type=name,
        text=_after_name(text, name),
        line=line,
        traceback=_shorten(whole),
        lines=learners_lines(error)[:FRAMES],
    )


def own_code(function: object) -> CodeType | None:
    """The code of a plain function or method, of the innermost one if decorators wrap it; else None."""
    for _ in range(20):
        if type(function) is MethodType:
            function = function.__func__
        if type(function) is not FunctionType:
            return None
        wrapped = function.__dict__.get("__wrapped__")
        if wrapped is None:
            return function.__code__
        function = wrapped
    return None


def _last_line(error: BaseException) -> int | None:
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
