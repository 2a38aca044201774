"""The process that keeps a run: it starts the worker, and clears away all that there is of it in the end.

None of the learner's code runs in it, so nothing that code does to its own process can stop the clearing. It comes
to that when the worker has ended, when the parent asks for it (SIGTERM), or when the parent is gone (the end of the
jobs pipe). On Linux every descendant of the worker, also one whose own parent has ended, is a child of the keeper in
the end, so that none is missed.

It also counts the processes of a run while the learner's code runs: the system's own limit does not hold for root, and
the worker's guard sees only those that Python starts in the ordinary ways.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from .folder import Folder, remove
from .processes import below, kill, living
from .protocol import BEGUN, CROWDED, SHOW, ending

PATIENCE = 3.0
LOOK_SECONDS = 0.02
FIRST = -20
COUNT_SECONDS = 0.025
COUNTING_SHARE = 0.1
"""How often processes are counted, and the share of a processor that the counting may take."""
SIGNALS = (signal.SIGTERM, signal.SIGCHLD, signal.SIGUSR2) if sys.platform != "win32" else ()
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


class Bell:
    """Wakes the keeper: for SIGTERM (`asked`), SHOW (`to_show`), a child that has ended, and the worker (`called`).

    The worker writes BEGUN into `ringing` when the learner's code begins.
    """

    def __init__(self) -> None:
        self.asked = False
        self.called = False
        self.to_show = False
        self.fd, self.ringing = os.pipe()
        os.set_blocking(self.fd, False)
        os.set_blocking(self.ringing, False)
        for number in SIGNALS:
            signal.signal(number, self._ring)
        signal.set_wakeup_fd(self.ringing, warn_on_full_buffer=False)

    def _ring(self, number: int, _frame: object) -> None:
        if number == signal.SIGTERM:
            self.asked = True
        elif number == SHOW:
            self.to_show = True

    def hush(self) -> None:
        """Note who has rung, and wait to be rung again."""
        with suppress(BlockingIOError):
            self.called |= BEGUN in os.read(self.fd, 1 << 16)

    def give_to_worker(self) -> int:
        """Leave the signals alone again; the end to ring at is what remains. Returns it."""
        signal.set_wakeup_fd(-1)
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        os.close(self.fd)
        return self.ringing


class Count:
    """Counts the learner's processes from time to time: no more than so many may run at once."""

    def __init__(self, most: int) -> None:
        self._most = most + 2  # the worker and its keeper
        self._due = time.monotonic() + COUNT_SECONDS

    def is_too_many(self) -> bool:
        """Count if it is time to. Returns whether there are too many."""
        if time.monotonic() < self._due:
            return False
        began = time.process_time()
        found = len(below({os.getpid()}, living()))
        spent = time.process_time() - began
        self._due = time.monotonic() + max(COUNT_SECONDS, spent / COUNTING_SHARE)
        return found > self._most

    def pause(self) -> float:
        """Milliseconds until it is time to count again."""
        return 1 + 1000 * max(0.0, self._due - time.monotonic())


def split(jobs: int, results: int, folder: Folder, processes: int) -> int:
    """Go on as the worker, in a new process with a session of its own. The process that called becomes the keeper.

    Returns the file descriptor at which the worker rings for the keeper. No more than so many processes may descend
    from the worker at once. The keeper ends with the exit code 0 when nothing is left of the run.
    """
    bell = Bell()
    _control(PR_SET_CHILD_SUBREAPER, 1)
    keeper = os.getpid()
    worker = os.fork()
    if worker:
        with _ahead():
            code = _watch(worker, jobs, bell, processes)
            clear = _end_all(worker, bell)
        with suppress(OSError):
            os.write(results, ending(code))
        if clear:
            # The parent reads the end of both pipes, and need not wait until a great many files are deleted.
            for number in (results, 1, 2):
                os.close(number)
        remove(folder)
        os._exit(0 if clear else 1)
    ringing = bell.give_to_worker()
    os.setsid()
    _control(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != keeper:
        os._exit(1)
    return ringing


def _control(option: int, value: int) -> None:
    """The system call `prctl`, where there is one."""
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            from ctypes import CDLL

            CDLL(None).prctl(option, value, 0, 0, 0)


@contextmanager
def _ahead() -> Iterator[None]:
    """Come before the learner's processes for a while. The system allows it to root, whom its limits do not stop."""
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, FIRST)
    yield
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, usual)


def _watch(worker: int, jobs: int, bell: Bell, processes: int) -> int:
    """Wait for the end of the worker, of the parent, or of its patience. Returns the exit code to report."""
    events = select.poll()
    events.register(bell.fd, select.POLLIN)
    # Nothing but the hang-up: what is in the pipe is for the worker to read.
    events.register(jobs, select.POLLHUP)
    count = None
    while True:
        code = _code_of(worker)
        if code is not None:
            return code
        # Processes are counted once the learner's code runs: not before, so as not to keep a machine awake.
        if bell.called and count is None:
            count = Count(processes)
        if count is not None and count.is_too_many():
            return CROWDED
        if bell.asked or jobs in {number for number, _ in events.poll(count.pause() if count else None)}:
            return -signal.SIGKILL
        bell.hush()
        if bell.to_show and SHOW is not None:
            bell.to_show = False
            with suppress(OSError):
                os.kill(worker, SHOW)


def _code_of(worker: int) -> int | None:
    """The exit code of the worker, negative for a signal; None while it runs.

    Where the system lets us, the worker is not laid to rest yet: until then no other process can get its number.
    """
    if not hasattr(os, "waitid"):
        pid, status = os.waitpid(worker, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None
    while True:
        seen = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if seen is None:
            return None
        if seen.si_pid == worker:
            return seen.si_status if seen.si_code == os.CLD_EXITED else -seen.si_status
        os.waitpid(seen.si_pid, 0)


def _end_all(worker: int, bell: Bell) -> bool:
    """Kill the worker and everything below this process. Returns whether all of it is gone, after a while."""
    deadline = time.monotonic() + PATIENCE
    with suppress(OSError):
        os.kill(worker, signal.SIGKILL)
    with suppress(OSError):
        os.killpg(worker, signal.SIGKILL)
    wait = LOOK_SECONDS
    while _has_children():
        # Most often the worker is all there is, and it is about to end: only what is left then is looked for.
        select.select([bell.fd], [], [], wait)
        bell.hush()
        wait = 0.0
        if not _has_children():
            return True
        if time.monotonic() > deadline:
            return False
        processes = living()
        kill(below({os.getpid()}, processes) - {os.getpid()}, processes)
    return True


def _has_children() -> bool:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True
