"""What the system knows of its processes, and ending many of them at once."""

from __future__ import annotations

import mmap
import os
import signal
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """What /proc says of a process. `born` is when it was started, in the system's ticks.

    It is `stopped` by a signal, or `dead` and only waiting to be laid to rest.
    """

    parent: int
    group: int
    session: int
    stopped: bool
    dead: bool
    born: int


def look(pid: int) -> Process | None:
    """The process with that id; None if there is none, or no /proc."""
    if sys.platform != "linux":
        return None
    try:
        text = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    # The name, in brackets, may hold anything: the fields are counted from the last bracket.
    fields = text[text.rindex(b")") + 2 :].split()
    parent, group, session = (int(part) for part in fields[1:4])
    state = fields[0]
    return Process(parent, group, session, state in (b"T", b"t"), state in (b"Z", b"X"), int(fields[19]))


def living() -> dict[int, Process]:
    """All processes that have not ended. Empty where the system has no /proc."""
    found = {}
    with suppress(OSError):
        with os.scandir("/proc") as entries:
            pids = [int(entry.name) for entry in entries if entry.name.isdigit()]
        for pid in pids:
            process = look(pid)
            if process is not None and not process.dead:
                found[pid] = process
    return found


def memory_of(pids: Iterable[int]) -> int:
    """Bytes of memory these processes have in use together; 0 where the system does not tell."""
    total = 0
    for pid in pids:
        with suppress(OSError, ValueError, IndexError):
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * mmap.PAGESIZE
    return total


def below(roots: Iterable[int], processes: Mapping[int, Process]) -> set[int]:
    """The roots and all that descends from them."""
    found = set(roots)
    size = 0
    while size != len(found):
        size = len(found)
        found |= {pid for pid, process in processes.items() if process.parent in found}
    return found


def kill(pids: Iterable[int], processes: Mapping[int, Process]) -> None:
    """Kill the processes, and the groups they are in: no member of a group can fork its way out of that.

    Our own group is spared.
    """
    if sys.platform == "win32":
        return
    pids = set(pids)
    for group in {processes[pid].group for pid in pids if pid in processes} - {os.getpgrp()}:
        with suppress(OSError):
            os.killpg(group, signal.SIGKILL)
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
