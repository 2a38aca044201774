"""Ending a process and everything it started, also what has moved to a session of its own."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MARK = "BACKPROP_TUTOR_RUN"
"""The environment variable by which a run's processes are known: it is handed down and cannot be unset from
the record the system keeps of how a process was started."""
PATIENCE = 3.0


@dataclass(frozen=True, slots=True)
class Root:
    """The process that a run began with: its id, its mark, and when it was started in the system's ticks."""

    pid: int
    mark: str
    born: int


@dataclass(frozen=True, slots=True)
class _Seen:
    parent: int
    group: int
    session: int
    dead: bool
    born: int


def root_of(pid: int, mark: str) -> Root:
    """Note what is needed to find the descendants of a process later. Call it before the process can end."""
    seen = _look(Path(f"/proc/{pid}")) if sys.platform == "linux" else None
    return Root(pid, mark, seen.born if seen else 0)


def end_group(root: Root) -> None:
    """Kill the process and its descendants, and return when the descendants are gone.

    On Linux these are found by their mark, session, group and parents, also after their parents have ended.
    Elsewhere the process group is killed, on Windows the process alone.
    """
    # Strays are looked for before the root dies as well: some are known by their parents only.
    strays = _strays(root)
    deadline = time.monotonic() + PATIENCE
    while True:
        _kill_group(root.pid)
        for pid in strays:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        strays = _strays(root)
        if not strays or time.monotonic() > deadline:
            return
        time.sleep(0.001)


def _kill_group(pid: int) -> None:
    with suppress(OSError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)


def _strays(root: Root) -> set[int]:
    """The living descendants of the root, not the root itself. Empty where the system has no /proc."""
    if sys.platform != "linux":
        return set()
    young: dict[int, _Seen] = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            seen = _look(process)
            if seen is not None and not seen.dead and seen.born >= root.born:
                young[int(process.name)] = seen
    ours = {pid for pid, seen in young.items() if _belongs(pid, seen, root)} | {root.pid}
    size = 0
    while size != len(ours):
        size = len(ours)
        ours |= {pid for pid, seen in young.items() if seen.parent in ours}
    return ours - {root.pid}


def _belongs(pid: int, seen: _Seen, root: Root) -> bool:
    if root.pid in (seen.group, seen.session, seen.parent):
        return True
    with suppress(OSError):
        return f"{MARK}={root.mark}".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    return False


def _look(process: Path) -> _Seen | None:
    """What /proc says of a process; None if it has gone."""
    try:
        text = (process / "stat").read_bytes()
    except OSError:
        return None
    # The name, in brackets, may hold anything: the fields are counted from the last bracket.
    fields = text[text.rindex(b")") + 2 :].split()
    parent, group, session = (int(part) for part in fields[1:4])
    return _Seen(parent, group, session, fields[0] in (b"Z", b"X"), int(fields[19]))
