"""Where the other process begins: the supervisor of one run. `boot` is what the parent calls.

It makes the working folder and splits in two. The new process becomes the worker; this one stays, waits, and clears
away all that there is of the run in the end. None of the learner's code runs in it, so nothing that code does to its
own process can stop the clearing. It comes to that when the worker has ended, when the parent asks for it (SIGTERM),
or when the parent is gone (the end of the jobs pipe). On Linux every descendant of the worker, also one whose own
parent has ended, is a child of the supervisor in the end, so that none is missed. On Windows, where no process can
split, there is only the worker.

It also counts the processes of a run while the learner's code runs: the system's own limit does not hold for root, and
the worker's guard sees only those that Python starts in the ordinary ways.
"""

from __future__ import annotations

import math
import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from .folder import Folder, make, remove
from .process_tree import PATIENCE, below, kill, living
from .protocol import BEGUN, BROKEN, CROWDED, SHOW, ending

LOOK_SECONDS = 0.02
COUNT_SECONDS = 0.025
COUNTING_SHARE = 0.1
"""How often processes are counted, and the share of a processor that the counting may take."""
SIGNALS = (signal.SIGTERM, signal.SIGCHLD) if sys.platform != "win32" else ()
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def boot(package_folder: str, numpy_folder: str, working_folder: str, processes: str, show_after: str) -> None:
    """Make the working folder, put standard input and output out of the learner's reach, serve one job.

    Args:
        package_folder: where this package was found; taken off the import path again.
        numpy_folder: where the parent finds NumPy, for an installation that `python -I` does not look into.
        working_folder: the folder to make. If there is something there already, nothing is done at all.
        processes: how many processes the learner's code may have at once.
        show_after: after how many seconds the learner's code is to write down its line.
    """
    jobs, results = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    try:
        folder = make(Path(working_folder))
    except (OSError, ValueError) as error:
        os.write(results, BROKEN + str(error).encode("utf-8", "replace"))
        return
    ringing = -1
    if hasattr(os, "fork"):
        ringing = split(jobs, results, folder, int(processes), float(show_after))
    os.chdir(folder.path)
    sys.path.remove(package_folder)
    sys.path.append(numpy_folder)
    try:
        from .worker import main
    except ImportError as error:
        os.write(results, BROKEN + str(error).encode("utf-8", "replace"))
        return
    sys.path.remove(numpy_folder)
    sys.argv[:] = ["your code"]
    for name in [name for name in sys.modules if name.partition(".")[0] == __package__]:
        del sys.modules[name]
    main(jobs, results, ringing)


class Bell:
    """Wakes the supervisor: for SIGTERM (`asked`), a child that has ended, and the worker (`called`).

    The worker writes BEGUN into `ringing` when the learner's code begins.
    """

    def __init__(self) -> None:
        self.asked = False
        self.called = False
        self.fd, self.ringing = os.pipe()
        os.set_blocking(self.fd, False)
        os.set_blocking(self.ringing, False)
        for number in SIGNALS:
            signal.signal(number, self._ring)
        signal.set_wakeup_fd(self.ringing, warn_on_full_buffer=False)

    def _ring(self, number: int, _frame: object) -> None:
        self.asked |= number == signal.SIGTERM

    def drain(self) -> None:
        """Note whether the worker has rung, and wait to be rung again."""
        with suppress(BlockingIOError):
            self.called |= BEGUN in os.read(self.fd, 1 << 16)

    def give_to_worker(self) -> int:
        """Leave the signals alone again; the end to ring at is what remains. Returns it."""
        signal.set_wakeup_fd(-1)
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        os.close(self.fd)
        return self.ringing


class DueChecks:
    """What is due while the learner's code runs: to count its processes, and once to have it write down its line."""

    def __init__(self, processes: int, show_after: float) -> None:
        """Begin now. No more than so many processes may run besides the worker."""
        self._most = processes + 2  # the worker and its supervisor
        self._count_at = time.monotonic() + COUNT_SECONDS
        self._show_at = time.monotonic() + show_after

    def is_crowded(self) -> bool:
        """Count if it is time to. Returns whether there are too many processes."""
        if time.monotonic() < self._count_at:
            return False
        began = time.process_time()
        found = len(below({os.getpid()}, living()))
        spent = time.process_time() - began
        self._count_at = time.monotonic() + max(COUNT_SECONDS, spent / COUNTING_SHARE)
        return found > self._most

    def is_to_show(self) -> bool:
        """Whether it is time that the line is written down; never again after that."""
        due = time.monotonic() >= self._show_at
        if due:
            self._show_at = math.inf
        return due

    def pause(self) -> float:
        """Milliseconds until something is due."""
        return 1 + 1000 * max(0.0, min(self._count_at, self._show_at) - time.monotonic())


def split(jobs: int, results: int, folder: Folder, processes: int, show_after: float) -> int:
    """Go on as the worker, in a new process with a session of its own. The process that called is the supervisor.

    Returns the file descriptor at which the worker rings for the supervisor. No more than so many processes may
    descend from the worker at once. The supervisor ends with the exit code 0 when nothing is left of the run.
    """
    bell = Bell()
    _control(PR_SET_CHILD_SUBREAPER, 1)
    supervisor = os.getpid()
    worker = os.fork()
    if worker:
        code = _watch(worker, jobs, bell, processes, show_after)
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
    if os.getppid() != supervisor:
        os._exit(1)
    return ringing


def _control(option: int, value: int) -> None:
    """The system call `prctl`, where there is one."""
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            from ctypes import CDLL

            CDLL(None).prctl(option, value, 0, 0, 0)


def _watch(worker: int, jobs: int, bell: Bell, processes: int, show_after: float) -> int:
    """Wait for the end of the worker or of the parent, or a crowd. Returns the exit code to report."""
    events = select.poll()
    events.register(bell.fd, select.POLLIN)
    # Nothing but the hang-up: what is in the pipe is for the worker to read.
    events.register(jobs, select.POLLHUP)
    schedule = None
    while True:
        code = _code_of(worker)
        if code is not None:
            return code
        # Nothing is due before the learner's code runs, so as not to keep a machine awake.
        if bell.called and schedule is None:
            schedule = DueChecks(processes, show_after)
        if schedule is not None and schedule.is_crowded():
            return CROWDED
        if schedule is not None and schedule.is_to_show() and SHOW is not None:
            with suppress(OSError):
                os.kill(worker, SHOW)
        if bell.asked or jobs in {number for number, _ in events.poll(schedule.pause() if schedule else None)}:
            return -signal.SIGKILL
        bell.drain()


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
        bell.drain()
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
