"""Processes for the learner's code that are split off one in which NumPy is loaded, where only the code matters.

Loading NumPy takes most of the time of a run. What runs is the supervisor and the worker all the same, with their
limits; how a process of its own is started, listened to and ended is tested in tests/runner, without this.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from tutor.runner import process

PLAIN_SPAWN = process._spawn
"""As it is in the program."""

_SERVE = """
import sys
sys.path[:0] = [sys.argv[3], sys.argv[1]]
sys.path.append(sys.argv[2])
from forked_runs_server import serve
sys.path.remove(sys.argv[3])
sys.path.remove(sys.argv[2])
serve(int(sys.argv[4]))
"""


class SplitOff:
    """A process that the server has split off: as much of `subprocess.Popen` as a `Worker` uses."""

    def __init__(self, server: socket.socket, request: dict[str, object]) -> None:
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        ours_error, theirs_error = os.pipe()
        self._status, theirs_status = os.pipe()
        given = (theirs_in, theirs_out, theirs_error, theirs_status)
        socket.send_fds(server, [json.dumps(request).encode()], given)
        for number in given:
            os.close(number)
        self.stdin = open(ours_in, "wb", 0)  # noqa: PTH123, SIM115
        self.stdout = open(ours_out, "rb", 0)  # noqa: PTH123, SIM115
        self.stderr = open(ours_error, "rb", 0)  # noqa: PTH123, SIM115
        self.pid = int(os.read(self._status, 16))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code. Raises TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("split off", timeout or 0)
            self.returncode = int(os.read(self._status, 16) or b"-9")
            os.close(self._status)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal it, if it still runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Server:
    """Starts with the first process that is wanted of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: socket.socket | None = None

    def spawn(self, path: Path, mark: str, processes: int, show_after: float) -> SplitOff:
        """Take the place of the function of this name in tutor.runner.process."""
        with self._lock:
            self._requests = self._requests or self._started()
        arguments = (str(process.PACKAGE_FOLDER), _numpy_folder(), str(path), str(processes), str(show_after))
        environment = process._environment(path, mark)
        return SplitOff(self._requests, {"boot": arguments, "environment": environment, "folder": str(path.parent)})

    def _started(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        places = (str(process.PACKAGE_FOLDER), _numpy_folder(), str(Path(__file__).parent), str(theirs.fileno()))
        self._process = subprocess.Popen(
            [sys.executable, *process.FLAGS, "-c", _SERVE, *places],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env={**os.environ, **dict.fromkeys(process.SINGLE, "1")},
            start_new_session=True,
        )
        theirs.close()
        return ours

    def close(self) -> None:
        """End it. What it has split off ends with the pipes it reads from."""
        if self._requests is not None:
            self._requests.close()
            self._process.wait()


def _numpy_folder() -> str:
    return str(Path(np.__file__).parent.parent)


@contextmanager
def forked_runs() -> Iterator[None]:
    """While this is entered, runners split their processes off a server; on other systems than Linux they do not."""
    server = Server()
    with pytest.MonkeyPatch.context() as patch:
        if sys.platform == "linux":
            patch.setattr(process, "_spawn", server.spawn)
        yield
    server.close()
