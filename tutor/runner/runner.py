"""Runs the learner's Python in another process, one process for each job."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, replace
from types import TracebackType
from typing import TYPE_CHECKING

from tutor.runner.jobs import Job, Limits, Outcome, encode
from tutor.runner.outcomes import cancelled_fault, not_started, outcome_of

if TYPE_CHECKING:
    from tutor.runner.process import Worker

FLOOD_BYTES = 2 << 20
"""Code that prints more than this, and four bytes for each character that is shown, is stopped."""


class Runner:
    """Runs jobs. All methods may be called from any thread; jobs given at the same time run side by side.

    One process with NumPy loaded waits for the next job (after `warm`, or after the first run); it serves
    that one job and is replaced, so nothing leaks from run to run. When `run` returns, everything that the
    job started has ended and its files are gone; a great many are about to be.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._spare: Worker | None = None
        self._running: set[Worker] = set()
        self._closed = False

    def __enter__(self) -> Runner:
        self.warm()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Start the process for the next job, if none is waiting. Returns at once."""
        with self._lock:
            if self._spare is None and not self._closed:
                # If it cannot be started now, `run` will try again and say why.
                try:
                    self._spare = self._new_worker()
                except (OSError, RuntimeError):
                    self._spare = None

    def run(self, job: Job) -> Outcome:
        """Run the job and wait for what comes of it: about two seconds at most, as the limits stand by default.

        Whatever the learner's code does becomes an Outcome. Raises TypeError only for an argument that cannot
        be sent.
        """
        limits = self.limits
        if job.seconds is not None:
            limits = replace(limits, seconds=job.seconds, cpu_seconds=job.seconds)
        message = {
            "source": job.source,
            "entry": job.entry,
            "calls": [[encode(value) for value in call] for call in job.calls],
            "observe": job.observe,
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
            spare, self._spare = self._spare, None
        if spare is not None:
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
            worker, self._spare = self._spare, None
            if worker is not None and not worker.alive():
                worker.end()
                worker = None
            worker = worker or self._new_worker()
            self._running.add(worker)
            return worker
