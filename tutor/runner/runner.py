"""Runs the learner's Python in another process, one process for each job."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import asdict, replace
from types import TracebackType
from typing import TYPE_CHECKING

from tutor.runner.jobs import Job, Limits, Outcome, encode

if TYPE_CHECKING:
    from tutor.runner.process import Worker
import difflib
import json
import re
import signal
from typing import TYPE_CHECKING, Any

from tutor.runner.child.protocol import CROWDED, NOISE, SHOW, YOUR_CODE
from tutor.runner.jobs import Call, Kind, RunFault, decode
from tutor.runner.text import harmless, shown_output

if TYPE_CHECKING:
    from tutor.runner.process import Ending


FLOOD_BYTES = 2 << 20
"""Code that prints more than this, and four bytes for each character that is shown, is stopped."""


class Runner:
    """Runs jobs. All methods may be called from any thread; jobs given at the same time run side by side.

    A process with NumPy loaded waits for the next job (after `warm`, or after the first run); it serves
    that one job and is replaced, so nothing leaks from run to run. Where a program that was wrong is examined
    in a second job, two may wait. When `run` returns, everything that the
    job started has ended and its files are gone; a great many are about to be.
    """

    def __init__(self, limits: Limits | None = None, allowed: bool = True) -> None:
        """One that is not `allowed` to run anything starts no process: each job comes back as not started."""
        self.limits = limits or Limits()
        self.allowed = allowed
        self._lock = threading.Lock()
        self._spares: list[Worker] = []
        self._waiting = 1
        self._running: set[Worker] = set()
        self._closed = False

    def __enter__(self) -> Runner:
        self.warm()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm(self, jobs: int = 1) -> None:
        """See that processes wait for the next jobs, from now on so many at least. Returns at once."""
        with self._lock:
            self._waiting = max(self._waiting, jobs)
            # If one cannot be started now, `run` will try again and say why.
            with suppress(OSError, RuntimeError):
                while len(self._spares) < self._waiting and not self._closed and self.allowed:
                    self._spares.append(self._new_worker())

    def run(self, job: Job) -> Outcome:
        """Run the job and wait for what comes of it: about two seconds at most, as the limits stand by default.

        Whatever the learner's code does becomes an Outcome. Raises TypeError only for an argument that cannot
        be sent.
        """
        if not self.allowed:
            return Outcome(fault=not_started("code is not run here"))
        limits = self.limits
        if job.seconds is not None:
            limits = replace(limits, seconds=job.seconds, cpu_seconds=job.seconds)
        message = {
            "source": job.source,
            "entry": job.entry,
            "calls": [[encode(value) for value in call] for call in job.calls],
            "harness": job.harness,
            "limits": asdict(limits),
        }
        try:
            worker = self._take()
        except (OSError, RuntimeError) as error:
            return Outcome(fault=not_started(str(error)))
        if worker is None:
            return Outcome(fault=cancelled_fault())
        try:
            reason = worker.await_ready()
            if worker.cancelled:
                return Outcome(fault=cancelled_fault())
            if reason is not None:
                return Outcome(fault=not_started(reason))
            started = time.perf_counter()
            ending = worker.perform(message, job.seconds)
        finally:
            worker.end()
            with self._lock:
                self._running.discard(worker)
            self.warm()
        return outcome_of(job, ending, self.limits, worker.cancelled, time.perf_counter() - started)

    def cancel(self) -> None:
        """Stop the jobs that are running; their `run` returns soon with the fault `cancelled`."""
        with self._lock:
            for worker in self._running:
                worker.cancel()

    def close(self) -> None:
        """Stop everything. A `run` after this is cancelled from the start."""
        self.cancel()
        with self._lock:
            self._closed = True
            spares, self._spares = self._spares, []
        for spare in spares:
            spare.end()

    def _new_worker(self) -> Worker:
        # Loaded with the first process: a program that only makes a runner need not wait for it.
        from tutor.runner.process import Worker

        return Worker(FLOOD_BYTES + 4 * self.limits.output_chars, self.limits.processes, self.limits.seconds)

    def _take(self) -> Worker | None:
        """The waiting process, or a new one; None after `close`. Raises as Worker does if none can be started."""
        with self._lock:
            if self._closed:
                return None
            while self._spares and not self._spares[0].alive():
                self._spares.pop(0).end()
            worker = self._spares.pop(0) if self._spares else self._new_worker()
            self._running.add(worker)
            return worker


KINDS: dict[str, Kind] = {
    "syntax": "syntax",
    "missing": "missing",
    "import": "import",
    "raised": "raised",
    "memory": "memory",
    "exited": "exited",
}
LISTS = 1_000_000
"""No result that the other process makes has as many brackets; one that the learner's code has forged may."""
_MOST_NAMED = 5
DUMPED = re.compile(rf'File "{YOUR_CODE}", line (\d+) in (.+)')


def outcome_of(job: Job, ending: Ending, limits: Limits, cancelled: bool, seconds: float) -> Outcome:
    """The outcome of a job whose process has ended so; `seconds` is wall time. Never raises, whatever was sent."""
    calls: tuple[Call, ...] = ()
    fault: RunFault | None
    if cancelled:
        fault = cancelled_fault()
    elif ending.result is not None:
        calls, fault = read_result(ending.result, job)
        if fault is not None and ending.flooded and fault.kind == "raised":
            fault = flooded(fault)
    elif ending.code is None:
        fault = out_of_time(limits, ending.noise, ending.flooded, ending.memory)
    else:
        fault = ended(ending.code, ending.noise, limits)
    output, cut = shown_output(ending.output, ending.flooded, limits.output_chars)
    return Outcome(calls, fault, output, cut, seconds)


def read_result(body: bytes, job: Job) -> tuple[tuple[Call, ...], RunFault | None]:
    """The calls and the fault in a result. One that makes no sense is itself a fault."""
    if body.count(b"[") > LISTS:
        return (), garbled()
    try:
        result = json.loads(body)
        calls = tuple(_call(each) for each in result["calls"])
        if job.harness is None:
            _check(calls, job)
        fault = None if result["fault"] is None else reported(result["fault"], job.entry)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return (), garbled()
    return calls, fault


def _check(calls: tuple[Call, ...], job: Job) -> None:
    """Raise ValueError for calls that the job did not ask for, or arguments that they did not have."""
    if len(calls) > len(job.calls):
        raise ValueError("more calls than were asked for")
    for call, arguments in zip(calls, job.calls, strict=False):
        if not all(type(at) is int and 0 <= at < len(arguments) for at in call.changed):
            raise ValueError("an argument that there is not was changed")


def _call(facts: dict[str, Any]) -> Call:
    return Call(
        returned=decode(facts["returned"]),
        changed=tuple(facts["changed"]),
        seconds=float(facts["seconds"]),
    )


def reported(facts: dict[str, Any], entry: str) -> RunFault:
    """The fault that the other process has reported. Raises KeyError or TypeError if it makes no sense."""
    kind = KINDS[facts["kind"]]
    line = facts["line"] if isinstance(facts["line"], int) and facts["line"] > 0 else None
    name, text = harmless(facts["type"]), harmless(facts["text"]).rstrip(".")
    where = f" on line {line}" if line else ""
    if kind == "missing":
        message = _missing(entry, name, [str(each) for each in facts["names"]])
    elif kind == "syntax":
        message = f"Python cannot read your code{where}: {text}."
    elif kind == "memory":
        message = f"Your code needed more memory than it may use here{where}."
    elif kind == "exited":
        message = f"Your code asked Python to stop{where}. Return the result instead."
    elif name == "EOFError":
        message = f"Your code waited for keyboard input{where}; there is none here."
    elif name == "RecursionError":
        message = f"Your code called itself too many times{where}."
    else:
        message = f"Your code raised {name}{where}" + (f": {text}." if text else ".")
        if kind == "raised" and _is_unknown_name(name, text):
            kind = "unknown"
    error = name if kind in ("raised", "unknown", "import") else ""
    if others := [harmless(str(each)) for each in facts["replaced"]]:
        more = " and others" if others[_MOST_NAMED:] else ""
        message += f" It also gives a new meaning to Python's own {', '.join(others[:_MOST_NAMED])}{more}."
    detail = text if error or kind == "syntax" else ""
    lines = tuple(each for each in facts["lines"] if type(each) is int)
    return RunFault(kind, message, line, harmless(facts["traceback"]), error, detail, lines)


def _is_unknown_name(name: str, text: str) -> bool:
    """Whether an exception says no more than that a name, or a function of a module, is not there."""
    return name in ("NameError", "UnboundLocalError") or (name == "AttributeError" and text.startswith("module "))


def _missing(entry: str, found: str, names: list[str]) -> str:
    if found:
        return f"`{entry}` is a value of type {found} in your code; it should be a function or a class."
    near = difflib.get_close_matches(entry, names, n=1)
    hint = f" It does define `{harmless(near[0])}`." if near else ""
    return f"Your code does not define `{entry}`.{hint}"


def out_of_time(limits: Limits, dump: bytes, flooded: bool, memory: int = 0) -> RunFault:
    """The fault of code that was still running, or still printing, at the end of its time.

    `memory` is what it had in use by then, in bytes: on a slow machine time runs out before memory does.
    """
    frames = dumped_frames(dump)
    line = frames[-1][0] if frames else None
    where = f", on line {line}" if line else ""
    if flooded:
        return RunFault("output", f"Your code printed without end{where}.", line, _traceback(frames))
    message = f"Your code was still running after {limits.seconds:g} seconds{where}."
    if memory > limits.memory_bytes / 3:
        taken = f"{memory / 1e6:,.0f} MB of memory"
        message = f"{message[:-1]}, and had taken {taken} by then. Does something in it grow without end?"
    return RunFault("timeout", message, line, _traceback(frames))


def flooded(fault: RunFault) -> RunFault:
    """The fault of code that raised because nobody reads its output any longer."""
    where = f", on line {fault.line}" if fault.line else ""
    return RunFault("output", f"Your code printed far too much{where}.", fault.line, fault.traceback)


def ended(code: int, dump: bytes, limits: Limits) -> RunFault:
    """The fault of a process that ended without a result, from its exit code (negative for a signal)."""
    frames = dumped_frames(dump)
    line = frames[-1][0] if frames else None
    shown = _traceback(frames)
    if code >= 0:
        return RunFault("exited", f"Your code ended Python itself (exit code {code}) before it returned.")
    if code == CROWDED:
        return RunFault("killed", f"Your code had more than {limits.processes} other processes running.", line, shown)
    if -code == SHOW:
        return out_of_time(limits, dump, flooded=False)  # it has put another program in its place
    name = _signal_name(-code)
    if name in ("SIGXCPU", "SIGVTALRM"):
        message = f"Your code used more than {limits.cpu_seconds:g} seconds of processor time."
        return RunFault("timeout", message, line, shown)
    message = f"Your code was stopped by the system ({name})."
    if name in ("SIGSEGV", "SIGBUS"):
        message += " Calls nested too deep can do that."
    if name == "SIGKILL":
        message += " It may have used up the memory."
    return RunFault("killed", message, line, shown)


def cancelled_fault() -> RunFault:
    """The fault of a run that was called off."""
    return RunFault("cancelled", "The run was stopped before it had finished.")


def not_started(reason: str) -> RunFault:
    """The fault of a process that could not be set up."""
    return RunFault("start", f"Python could not be started to run your code: {harmless(reason)}.")


def garbled() -> RunFault:
    """The fault of a process that has sent something that is no result."""
    return RunFault("exited", "Your code ended without a result.")


def dumped_frames(dump: bytes) -> list[tuple[int, str]]:
    """The learner's frames, outermost first, in what faulthandler wrote: (line, function).

    Of several threads the last that was in the learner's code is taken: the main thread comes last.
    """
    text = dump[:NOISE].decode("utf-8", "replace")
    threads = re.split(r"^(?:Current t|T)hread .*$", text, flags=re.MULTILINE)
    for thread in reversed(threads):
        frames = [(int(line), harmless(name)) for line, name in DUMPED.findall(thread)]
        if frames:
            return frames[::-1]
    return []


def _traceback(frames: list[tuple[int, str]]) -> str:
    if not frames:
        return ""
    rows = [f'  File "{YOUR_CODE}", line {line}, in {name}\n' for line, name in frames[-20:]]
    return "Traceback (most recent call last):\n" + "".join(rows)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
