"""Programs that misbehave, each judged as the app judges it: a verdict in time, nothing left, the next one runs.

Run `python -m tests.bench.bench_hostile`, with words to choose classes and programs by (`... processes`,
`... "a daemon"`). Run it as a user with nothing to lose, best in a namespace of its own: the programs have your rights,
and one may yet find a way that is not foreseen. As root the system's limit of processes does not hold: the programs
that start processes are left out then, unless the namespace holds few.
"""

from __future__ import annotations

import ctypes
import gc
import os
import statistics
import sys
import tempfile
import textwrap
import threading
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.questions.making import Learner, shipped
from tutor.judging import Verdict
from tutor.runner import Runner
from tutor.runner.child.process_tree import below, living
from tutor.runner.process import Worker

_READ = tomllib.loads(Path(__file__).with_name("hostile.toml").read_text(encoding="utf-8"))
PRELUDE: str = _READ["prelude"]
HOSTILE: dict[str, dict[str, str]] = _READ["programs"]
"""Class -> name -> program."""

IN_TIME = 2.5
FEW = 4096
CLEARING = 60.0
"""How long the deleting of files may go on after the verdict."""
PR_SET_CHILD_SUBREAPER = 36
ORDINARY = "def q2a(x, y, z):\n    a = x + y\n    return a * z, z, z, a\n"


def main(words: list[str]) -> int:
    """Judge the programs and print a table. Returns how many failed."""
    if sys.platform == "linux":
        # Orphans come to us, and so none is overlooked.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    failures: list[str] = []
    with tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as own:
        for name in ("tmp", "elsewhere"):
            (Path(own) / name).mkdir()
        tempfile.tempdir = str(Path(own) / "tmp")
        with Runner() as runner:
            bench = Bench(runner, Path(own))
            for kind, programs in HOSTILE.items():
                chosen = {name: text for name, text in programs.items() if _wanted(words, kind, name)}
                if kind == "processes" and not _bounded():
                    print(f"{kind:16} left out: nothing bounds the number of processes of root here")
                elif chosen:
                    failures += bench.judge_all(kind, chosen)
            print(*failures, sep="\n")
    print(f"{bench.many} programs, {len(failures)} failures; the slowest verdict {bench.slowest:.2f} s")
    return len(failures)


class Bench:
    """One runner, one exercise, and what there was before the first program."""

    def __init__(self, runner: Runner, own: Path) -> None:
        self.many = 0
        self.slowest = 0.0
        self._runner = runner
        self._own = own
        self._known: set[str] = set()
        self._learner: Learner = shipped("node-way/a", "a = x + y\nf = a z", runner)
        self._learner.judge("code", ORDINARY)
        self._wait()
        self._before = self._held()

    def judge_all(self, kind: str, programs: dict[str, str]) -> list[str]:
        """Judge the programs of a class and print its line. Returns what went wrong."""
        times, after, failures = [], [], []
        for name, text in programs.items():
            self._wait()
            said, seconds = self._timed(_whole(text).replace("ELSEWHERE", str(self._own / "elsewhere")))
            right, next_seconds = self._timed(ORDINARY)
            self._wait()
            problems = [*_problems(said, seconds, right), *self._left()]
            failures += [f"  {kind}: {name}: {problem}" for problem in problems]
            if "-v" in sys.argv:
                print(f"    {seconds:5.2f} s  {name}: {_first_line(said)}")
            times.append(seconds)
            after.append(next_seconds)
        self.many += len(times)
        self.slowest = max(self.slowest, *times)
        print(
            f"{kind:16} {len(times):3} programs   median {statistics.median(times):5.2f} s   "
            f"slowest {max(times):5.2f} s   the next one {max(after):5.2f} s at most   failures {len(failures)}",
            flush=True,
        )
        return failures

    def _timed(self, text: str) -> tuple[Verdict | BaseException, float]:
        started = time.perf_counter()
        try:
            said: Verdict | BaseException = self._learner.judge("code", text)
        except Exception as error:  # noqa: BLE001 - that nothing is raised is what is measured
            said = error
        return said, time.perf_counter() - started

    def _wait(self) -> None:
        assert self._spare().await_ready() is None

    def _left(self) -> Iterator[str]:
        """What there is now and was not before the first program."""
        deadline = time.monotonic() + CLEARING
        # A great many files are still being deleted by one process: nothing else may be there for a moment longer.
        while len(self._strays()) == len(self._folders()) == 1 and time.monotonic() < deadline:
            time.sleep(0.1)
        strays, folders, held = self._strays(), self._folders(), self._held()
        if strays:
            yield f"processes left: {sorted(strays)}"
            for pid in strays:
                os.kill(pid, 9)
        if folders - self._known:
            yield f"files left: {sorted(folders - self._known)}"
            self._known |= folders
        if held != self._before:
            yield f"threads and descriptors: {self._before} before, {held} now"
            self._before = held

    def _strays(self) -> set[int]:
        """All processes below this one but the warm worker's."""
        processes, own = living(), os.getpid()
        return below({own}, processes) - below({self._spare()._process.pid}, processes) - {own}

    def _folders(self) -> set[str]:
        return {path.name for path in (self._own / "tmp").iterdir()} - {self._spare()._path.name}

    def _held(self) -> tuple[int, int]:
        """How many threads and open descriptors this process has."""
        gc.collect()
        return threading.active_count(), sum(1 for _ in Path("/dev/fd").iterdir())

    def _spare(self) -> Worker:
        spare = self._runner._spares[0]
        assert spare is not None
        return spare


def _whole(text: str) -> str:
    if "def q2a(" not in text:
        text = "def q2a(x, y, z):\n" + textwrap.indent(text, "    ")
    return f"{PRELUDE}\n{text}\n"


def _problems(said: Verdict | BaseException, seconds: float, right: Verdict | BaseException) -> Iterator[str]:
    if isinstance(said, BaseException):
        yield f"raised {said!r}"[:300]
    elif said.accepted:
        yield f"accepted: {_first_line(said)}"
    elif any(not (character.isprintable() or character in "\n\t") for character in said.message):
        yield f"control characters in {said.message!r}"
    if seconds > IN_TIME:
        yield f"{seconds:.2f} s"
    if isinstance(right, BaseException) or not right.accepted:
        yield f"the next program: {_first_line(right)}"


def _first_line(said: Verdict | BaseException) -> str:
    return repr(said) if isinstance(said, BaseException) else f"{said.kind.name} {said.message}".split("\n")[0][:150]


def _wanted(words: list[str], kind: str, name: str) -> bool:
    return not words or kind in words or name in words


def _bounded() -> bool:
    """Whether the system bounds how many processes we may have, whatever the programs do."""
    if not hasattr(os, "getuid") or os.getuid() != 0:
        return True
    most = Path("/proc/sys/kernel/pid_max")
    return most.exists() and int(most.read_text()) <= FEW


if __name__ == "__main__":
    sys.exit(1 if main([word for word in sys.argv[1:] if word != "-v"]) else 0)
