"""What the learner's code may use up, as far as the system lets us say so."""

from __future__ import annotations

import builtins
import errno
import mmap
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

try:
    import resource
except ImportError:  # Windows has none.
    resource = None  # type: ignore[assignment]

globals()["__builtins__"] = dict(vars(builtins))  # see encode.py

SLACK = 256 << 20
"""Bytes beyond the learner's limit that remain for saying what happened."""
MEMORY = ("RLIMIT_DATA", "RLIMIT_AS")
"""What may be written to, and all addresses. The system counts shared memory among the addresses alone."""
RESERVED = 3
"""How many times as many addresses as bytes are allowed: each thread reserves many that it never uses."""
STARTS = ("os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "subprocess.Popen")


def apply(limits: Mapping[str, float]) -> None:
    """Set the limits for this process and all it starts. Limits that the system lacks are left out."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime + limits["cpu_seconds"]) + 1
    _limit("RLIMIT_CPU", cpu, cpu + 1)
    _limit("RLIMIT_CORE", 0, 0)
    _limit("RLIMIT_NOFILE", int(limits["open_files"]))
    _limit("RLIMIT_FSIZE", int(limits["file_bytes"]))
    tasks = _tasks_of_this_user()
    if tasks:
        # Twice what is allowed: the user's other programs start some meanwhile. The supervisor
        # counts those of this run.
        _limit("RLIMIT_NPROC", tasks + 2 * int(limits["processes"]))
    memory = int(limits["memory_bytes"])
    for name, taken in zip(MEMORY, _memory_in_use(), strict=False):
        top = taken + memory * (RESERVED if name == "RLIMIT_AS" else 1)
        _limit(name, top, top + SLACK)


def relax() -> None:
    """Let this process use the slack: the learner's code is done and may have left no memory at all."""
    if resource is not None:
        for name in MEMORY:
            with suppress(ValueError, OSError, AttributeError):
                which = getattr(resource, name)
                hard = resource.getrlimit(which)[1]
                resource.setrlimit(which, (hard, hard))


def _limit(name: str, soft: int, hard: int | None = None) -> None:
    """Lower a limit; where the system's own is lower already, that one stays."""
    which = getattr(resource, name, None)
    if which is None:
        return
    with suppress(ValueError, OSError):
        ceiling = resource.getrlimit(which)[1]
        top = soft if hard is None else hard
        if ceiling != resource.RLIM_INFINITY:
            top = min(top, ceiling)
        resource.setrlimit(which, (min(soft, top), top))


def _memory_in_use() -> tuple[int, ...]:
    """Bytes that count towards each of MEMORY now; none where the system does not tell (no limit is set there)."""
    with suppress(OSError, ValueError, IndexError):
        pages = Path("/proc/self/statm").read_text().split()
        return int(pages[5]) * mmap.PAGESIZE, int(pages[0]) * mmap.PAGESIZE
    return ()


def _tasks_of_this_user() -> int:
    """How many processes and threads the user has: the system's limit counts them all, not ours alone."""
    own = os.getuid()
    total = 0
    with suppress(OSError):
        for process in Path("/proc").iterdir():
            with suppress(OSError):
                if process.name.isdigit() and process.stat().st_uid == own:
                    total += (process / "task").stat().st_nlink - 2
    return total


def guard(processes: int) -> Callable[[str, tuple[Any, ...]], None]:
    """A hook against accidents that no limit of the system catches.

    It refuses to signal processes outside this run (`os.kill(-1, 9)` would end the learner's own session),
    and counts the processes started, forks of forks too: root has no process limit, and others share theirs
    with all their programs. The supervisor counts those that are started past this guard. It is no sandbox, and needs
    to be none: the code is the learner's own.
    """
    count = mmap.mmap(-1, 8)
    session = os.getsid(0) if hasattr(os, "getsid") else 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in STARTS:
            started = int.from_bytes(count[:8], "little") + 1
            count[:8] = started.to_bytes(8, "little")
            if started > processes:
                raise OSError(errno.EAGAIN, f"no more than {processes} processes may be started here")
        elif event in ("os.kill", "os.killpg") and not _ours(event, arguments[0], session):
            raise PermissionError(errno.EPERM, "only processes of this run may be signalled")

    return hook


def _ours(event: str, target: int, session: int) -> bool:
    if not session:
        return target == os.getpid()
    if target == 0:
        return True
    if target < 0 and event == "os.kill":
        target = -target
        if target == 1:
            return False
    try:
        return os.getsid(target) == session
    except OSError:
        return target == session
