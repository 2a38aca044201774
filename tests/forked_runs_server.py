"""The other side of forked_runs.py: a process with NumPy loaded that splits off a supervisor for each run.

It is started as `python -I` and knows nothing of tutor but the package `child`.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
from contextlib import suppress

import numpy as np
from child import supervisor, worker

assert ctypes and np and worker  # loaded, so that no run has to
_status_of: dict[int, int] = {}


def serve(number: int) -> None:
    """Take one request a run from the socket of this number, until the other side closes it."""
    requests = socket.socket(fileno=number)
    signal.signal(signal.SIGCHLD, _reap)
    while True:
        message, given, _, _ = socket.recv_fds(requests, 1 << 16, 4)
        if not message:
            return
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        pid = os.fork()
        if not pid:
            requests.close()
            _begin(json.loads(message), given)
        *streams, status = given
        for stream in streams:
            os.close(stream)
        _status_of[pid] = status
        os.write(status, b"%d" % pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])


def _begin(request: dict[str, object], given: list[int]) -> None:
    """Be what `python -c BOOT` is in the program."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        os.setsid()
        for standard, stream in enumerate(given[:3]):
            os.dup2(stream, standard)
        for stream in (*given, *_status_of.values()):
            os.close(stream)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        supervisor.boot(*request["boot"])
        code = 0
    finally:
        os._exit(code)


def _reap(_number: int, _frame: object) -> None:
    """Say how those that have ended did."""
    while _status_of:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        to = _status_of.pop(pid)
        with suppress(BrokenPipeError):  # nobody waits any more
            os.write(to, b"%d" % os.waitstatus_to_exitcode(status))
        os.close(to)
