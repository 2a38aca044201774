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
import warnings
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any, TextIO

import numpy as np

from . import limits
from .encode import Encoder, decode, fingerprint, name_of
from .protocol import BEGUN, READY, SHOW, SHOW_AT, YOUR_CODE, frame, unpack
from .report import fault, kind_of, raised, unreadable
from .tracer import Observer
from .whole import BEFORE, replaced, restore

globals()["__builtins__"] = dict(BEFORE)  # see encode.py

RESULTS = (50_000, 400_000, 200_000)
LOCALS = (20_000, 100_000, 4_096)
"""How much of what is returned and of local variables is reported: see Encoder."""
RECURSION = 2_000

SIGNALS = sorted(_signal.valid_signals())

_write, _leave, _pid, _clock = os.write, os._exit, os.getpid, time.perf_counter


def main(jobs: int, results: int, ringing: int) -> None:
    """Serve one job and end the process.

    The job is read from one file descriptor and answered on another; the third wakes the keeper, -1 if there is none.
    """
    own = _pid()
    if SHOW is not None:
        # In the thread that runs, not by a thread of its own: one that looks on while frames change may crash.
        faulthandler.register(SHOW, file=results, all_threads=False)
    _send(results, READY)
    job = unpack(lambda size: os.read(jobs, size))
    if job is None:
        _leave(0)
    _thread.start_new_thread(_end_with_parent, (jobs,))
    token = job.pop("token")
    faulthandler.enable(file=results)
    if SHOW is None:
        faulthandler.dump_traceback_later(job["limits"]["seconds"] * SHOW_AT, file=results)
    limits.install_guard(int(job["limits"]["processes"]))
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
        self._locals = Encoder(*LOCALS)
        self._observer = Observer(job["source"], YOUR_CODE, self._locals) if job["observe"] else None

    def perform(self) -> dict[str, Any] | None:
        """Run the learner's code and the calls. Returns the fault, if there was one."""
        source: str = self._job["source"]
        module = ModuleType("your_code")
        sys.modules["your_code"] = module
        namespace = vars(module)
        namespace["np"] = np
        namespace["__builtins__"] = builtins  # the real ones; what is ours has copies
        warnings.showwarning = Warnings().show
        warnings.simplefilter("default")
        try:
            lines = source.splitlines(keepends=True)
            linecache.cache[YOUR_CODE] = (len(source), None, lines, YOUR_CODE)
            code = compile(source, YOUR_CODE, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
            return unreadable(error)
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
            sys.settrace(None)
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
        watch = None
        if self._observer is None:
            returned = function(*arguments, **keywords)
        else:
            returned, watch = self._observer.call(function, *arguments, **keywords)
        seconds = _clock() - started
        changed = [at for at, item in enumerate(arguments) if fingerprint(item) != before[at]]
        self.calls.append(
            {
                "returned": self._results.encode(returned),
                "locals": watch.local if watch else {},
                "history": watch.history if watch else [],
                "changed": changed,
                "seconds": seconds,
            }
        )
        return returned


class Warnings:
    """Shows each warning once, on one line, with the learner's own line number."""

    def __init__(self) -> None:
        self._shown: set[tuple[str, str, int | None]] = set()

    def show(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,  # noqa: ARG002 - called by these names
        line: str | None = None,  # noqa: ARG002
    ) -> None:
        """Takes the place of `warnings.showwarning`."""
        text = " ".join(str(message).split())[:300]
        own_line = lineno if filename == YOUR_CODE else None
        key = (text, category.__name__, own_line)
        if key in self._shown or len(self._shown) > 100:
            return
        self._shown.add(key)
        where = f"line {own_line}: " if own_line else ""
        with suppress(OSError):
            _write(2, f"{where}{category.__name__}: {text}\n".encode("utf-8", "replace"))


def _described(error: BaseException, entry: object) -> dict[str, Any]:
    try:
        return raised(error, entry)
    except BaseException:  # noqa: BLE001 - an exception class of the learner's may fail in any way when asked
        return fault(kind_of(error), type=name_of(type(error)))


def _missing(namespace: dict[str, Any], entry: str) -> dict[str, Any]:
    names = [name for name, value in namespace.items() if type(name) is str and callable(value)]
    found = name_of(type(namespace[entry])) if entry in namespace else ""
    return fault("missing", type=found, names=names[:50])


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
    sys.settrace(None)
    sys.setprofile(None)
    sys.setrecursionlimit(RECURSION)


def _send(results: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[_write(results, view) :]


def _end_with_parent(jobs: int) -> None:
    """Wait until the parent's side of the pipe closes; the parent is gone then, and this ends.

    The keeper sees to that as well, where there is one and it has not itself been killed.
    """
    with suppress(OSError):
        while os.read(jobs, 4096):
            pass
        _leave(1)
