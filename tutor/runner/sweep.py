"""Ending what is left of a run whose keeper could not do it: it was itself killed, or it does not answer."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tutor.runner.child.processes import Process, below, kill, living, look

MARK = "BACKPROP_TUTOR_RUN"
"""The environment variable by which a run's processes are known: it is handed down and cannot be unset from
the record the system keeps of how a process was started."""
PATIENCE = 3.0


@dataclass(frozen=True, slots=True)
class Root:
    """The keeper of a run: its process id, the run's mark, and when it was started in the system's ticks."""

    pid: int
    mark: str
    born: int


def root_of(pid: int, mark: str) -> Root:
    """Note what is needed to find the descendants of a process later. Call it before the process can end."""
    process = look(pid)
    return Root(pid, mark, process.born if process else 0)


def end_strays(root: Root) -> None:
    """Kill the descendants of the root, and return when they are gone. The root itself is the caller's to kill.

    On Linux these are found by their mark, session, group and parents, also after their parents have ended.
    Elsewhere none is found.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        processes = {pid: process for pid, process in living().items() if process.born >= root.born}
        strays = {pid for pid, process in processes.items() if _belongs(pid, process, root)}
        strays = below(strays | {root.pid}, processes) - {root.pid}
        if not strays or time.monotonic() > deadline:
            return
        kill(strays, processes)
        time.sleep(0.001)


def _belongs(pid: int, process: Process, root: Root) -> bool:
    if root.pid in (process.group, process.session):
        return True
    with suppress(OSError):
        return f"{MARK}={root.mark}".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    return False
