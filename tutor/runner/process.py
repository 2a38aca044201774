"""One worker: started ahead of its job, given it, listened to, and ended with all it started.

The process that is started here is the worker's supervisor; see the package `child`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from tutor.runner.child import folder as folders
from tutor.runner.child.process_tree import MARK, below, living, look, memory_of, reap_orphans
from tutor.runner.child.protocol import BROKEN, READY, SHOW_AT, ended, pack, unframe


class PipeReader:
    """What a pipe has brought so far, up to `limit` bytes.

    At the limit, or at the end of the pipe, it is `closed`; at the limit it is `full` too, and the writer
    finds the pipe broken. The reading thread closes the pipe itself, so a pipe that a stray process holds
    open is never closed while it is being read.
    """

    def __init__(self, pipe: IO[bytes], limit: int, changed: threading.Condition) -> None:
        """Begin to read. `changed` guards `data` and is notified of everything new."""
        self.data = bytearray()
        self.closed = False
        self.full = False
        self._pipe = pipe
        self._limit = limit
        self._changed = changed
        self._thread = threading.Thread(target=self._read, name="runner-pipe-reader", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with self._pipe, suppress(OSError):
            while len(self.data) < self._limit:
                part = os.read(self._pipe.fileno(), 1 << 16)
                if not part:
                    break
                with self._changed:
                    self.data += part
                    self._changed.notify_all()
        with self._changed:
            self.full = len(self.data) >= self._limit
            self.closed = True
            self._changed.notify_all()

    def finish(self) -> None:
        """Wait until the pipe is read to its end, but not long. Call it when its writers have been ended."""
        self._thread.join(1.0)


BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from child.supervisor import boot; boot(*sys.argv[1:])"
FLAGS = ("-I", "-u", "-X", "utf8")
PACKAGE_FOLDER = Path(__file__).parent
RESULT_BYTES = 32 << 20
STARTING_SECONDS = 60.0
ENDING_SECONDS = 3.0
FILES_SECONDS = 0.4
"""How long to wait until the supervisor has deleted the files of a run, when all its processes have ended."""
FLOODED_SECONDS = 1.0
"""How long code that prints without end may go on when nobody reads it any more, before it is stopped."""
LOOK_SECONDS = 0.02
KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL", "LC_CTYPE", "TZ")
SINGLE = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job came out.

    `result` is the framed result, None if none came. Without one, `code` is the exit code of a process that
    ended by itself; None says that it was ended, out of time or cancelled. `noise` is all that came by the
    results pipe, faulthandler's reports among it. `flooded` says that more was printed than anyone reads. `memory` is
    what a process that was ended had in use, in bytes, where the system tells.
    """

    result: bytes | None
    code: int | None
    noise: bytes
    output: bytes
    flooded: bool
    memory: int = 0


class Worker:
    """A process that has NumPy loaded, or is loading it, and waits for its one job."""

    def __init__(self, flood: int, processes: int, seconds: float) -> None:
        """Start the process; does not wait for it. Raises OSError, or RuntimeError, if the system does not start it
        or the threads that listen to it.

        Args:
            flood: how many bytes of output are taken.
            processes: how many processes the job may have at once.
            seconds: how long a job may take, if it says nothing itself.
        """
        self.cancelled = False
        self._changed = threading.Condition()
        self._ended = False
        self._sender: threading.Thread | None = None
        self.mark = f"{os.getpid()}-{os.urandom(8).hex()}"
        self._path = Path(tempfile.gettempdir()).absolute() / f"{folders.PREFIX}{self.mark}"
        self._folder: folders.Folder | None = None
        self._seconds = seconds
        self._process = _spawn(self._path, self.mark, processes, seconds * SHOW_AT)
        self._results = PipeReader(_pipe(self._process.stdout), RESULT_BYTES, self._changed)
        self._output = PipeReader(_pipe(self._process.stderr), flood, self._changed)

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def cancel(self) -> None:
        """Make whoever waits for this worker stop waiting. May be called from another thread."""
        with self._changed:
            self.cancelled = True
            self._changed.notify_all()

    def await_ready(self) -> str | None:
        """Wait until NumPy is loaded. Returns None then, or why it will not be."""
        deadline = time.monotonic() + STARTING_SECONDS
        said = b""
        with self._changed:
            while not self.cancelled and time.monotonic() < deadline:
                said = bytes(self._results.data)
                if said.startswith(READY):
                    with suppress(OSError):
                        self._folder = folders.made(self._path)
                    return None
                if self._results.closed:
                    break
                self._changed.wait(LOOK_SECONDS)
        if said.startswith(BROKEN):
            return said.removeprefix(BROKEN).decode("utf-8", "replace")
        return "it ended at once" if self._results.closed else "it took too long"

    def perform(self, job: Mapping[str, Any], seconds: float | None = None) -> Ending:
        """Hand the job over, wait for its result as long as it may take, end the process. Never raises."""
        self._seconds = self._seconds if seconds is None else seconds
        token = os.urandom(16).hex()
        self._send(pack({**job, "token": token}))
        code = self._listen(token)
        memory = memory_of(below({self._process.pid}, living())) if code is None and not self._has(token) else 0
        self.end()
        noise = bytes(self._results.data)
        result = None if self.cancelled else unframe(noise, token)
        return Ending(result, code, noise, bytes(self._output.data), self._output.full, memory)

    def _has(self, token: str) -> bool:
        return self.cancelled or unframe(self._results.data, token) is not None

    def _send(self, data: bytes) -> None:
        """Write the job in a thread of its own, so that the caller's clock runs whatever ails the process."""
        pipe = _pipe(self._process.stdin)

        def write() -> None:
            rest = memoryview(data)
            with suppress(OSError):
                while rest:
                    rest = rest[os.write(pipe.fileno(), rest) :]

        self._sender = threading.Thread(target=write, name="runner-sender", daemon=True)
        self._sender.start()

    def _listen(self, token: str) -> int | None:
        """Wait for the result, the end of the worker (its code is returned), the end of the time or a cancel."""
        deadline = time.monotonic() + self._seconds
        flooded = False
        with self._changed:
            while not self._has(token):
                code = ended(self._results.data)
                if self._output.full and not flooded:
                    flooded = True
                    deadline = min(deadline, time.monotonic() + FLOODED_SECONDS)
                left = deadline - time.monotonic()
                if code is not None or left <= 0:
                    return code
                if not self.alive():
                    break
                # In short waits: a stray child may hold the pipes open when the process has ended.
                self._changed.wait(min(left, LOOK_SECONDS))
            else:
                return None
        # It has ended without a word: killed from outside, or on a system on which there is no supervisor.
        self._results.finish()
        code = ended(self._results.data)
        return self._process.returncode if code is None else code

    def end(self) -> None:
        """End the process with all it started, read what is left in its pipes, see that its folder is gone."""
        if self._ended:
            return
        self._ended = True
        # The supervisor does it all.
        self._process.terminate()
        if sys.platform != "win32":
            self._process.send_signal(signal.SIGCONT)
        if not self._has_ended_well(time.monotonic() + ENDING_SECONDS):
            reap_orphans(self._process.pid, self.mark)
            self._process.kill()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(ENDING_SECONDS)
            reap_orphans(self._process.pid, self.mark)
        self._results.finish()
        self._output.finish()
        if self._sender is not None:
            self._sender.join(ENDING_SECONDS)
        _pipe(self._process.stdin).close()
        if self.alive():
            # A great many files are still being deleted.
            threading.Thread(target=self._process.wait, name="runner-clearing", daemon=True).start()
        elif self._folder is not None:
            folders.remove(self._folder)
        else:
            # Nothing has run in it, so it is empty.
            with suppress(OSError):
                self._path.rmdir()

    def _has_ended_well(self, deadline: float) -> bool:
        """Whether the supervisor has ended all processes of the run in time. It may still be deleting files then."""
        with self._changed:
            while self.alive() and not self._has_hung_up():
                if time.monotonic() > deadline or self._is_stopped():
                    return False
                self._changed.wait(LOOK_SECONDS)
        try:
            return self._process.wait(FILES_SECONDS) == 0
        except subprocess.TimeoutExpired:
            return True

    def _has_hung_up(self) -> bool:
        """Whether nobody is left who could write to either pipe."""
        return all(reader.closed and not reader.full for reader in (self._results, self._output))

    def _is_stopped(self) -> bool:
        """Whether someone has stopped the supervisor again. One of the run's own processes must have done so."""
        process = look(self._process.pid)
        return process is not None and process.state in "Tt"


def _spawn(path: Path, mark: str, processes: int, show_after: float) -> subprocess.Popen[bytes]:
    numpy = find_spec("numpy")
    numpy_folder = str(Path(numpy.origin).parent.parent) if numpy and numpy.origin else ""
    windows = sys.platform == "win32"
    return subprocess.Popen(
        [sys.executable, *FLAGS, "-c", BOOT, *map(str, (PACKAGE_FOLDER, numpy_folder, path, processes, show_after))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        close_fds=True,
        cwd=path.parent,
        env=_environment(path, mark),
        start_new_session=not windows,
        creationflags=0x200 | 0x08000000 if windows else 0,  # a process group of its own, no console window
    )


def _environment(path: Path, mark: str) -> dict[str, str]:
    """What the process needs and no more. Home and temporary files are its own folder."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    places = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP"), str(path))
    return {**kept, **places, **dict.fromkeys(SINGLE, "1"), MARK: mark}


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None, "every stream of a worker is a pipe"
    return pipe
