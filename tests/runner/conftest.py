from __future__ import annotations

import os
import re
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import pytest

from tests.forked_runs import PLAIN_SPAWN
from tutor.runner import Job, Limits, Outcome, Runner, Value
from tutor.runner.child.folder import PREFIX
from tutor.runner.child.process_tree import MARK

Run = Callable[..., Outcome]
Open = Callable[..., Runner]


def runs_on(runner: Runner) -> Run:
    def run(source: str, *calls: tuple[Value, ...], entry: str = "f", **fields: object) -> Outcome:
        return runner.run(Job(textwrap.dedent(source), entry, calls, **fields))  # type: ignore[arg-type]

    return run


@pytest.fixture(autouse=True)
def plain_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here they are started as in the program."""
    monkeypatch.setattr("tutor.runner.process._spawn", PLAIN_SPAWN)


@pytest.fixture(scope="session", autouse=True)
def all_files_gone() -> Iterator[None]:
    """However busy the machine is, wait until the files of a run are deleted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tutor.runner.process.FILES_SECONDS", 60.0)
        yield


@pytest.fixture(scope="session")
def runners() -> Iterator[list[Runner]]:
    """All runners that the tests have opened; closed at the end."""
    opened: list[Runner] = []
    yield opened
    for runner in opened:
        runner.close()


@pytest.fixture(scope="session")
def open_runner(runners: list[Runner]) -> Open:
    """`open_runner(seconds=1.0, ...)` is a runner with those limits."""

    def begin(**limits: float) -> Runner:
        runner = Runner(Limits(**limits))  # type: ignore[arg-type]
        runners.append(runner)
        return runner

    return begin


@pytest.fixture(scope="session")
def patient(open_runner: Open) -> Runner:
    """For code that ends by itself: a limit that no busy machine reaches."""
    return open_runner(seconds=60.0, cpu_seconds=60.0, output_chars=2_000)


@pytest.fixture(scope="session")
def turns(patient: Runner, open_runner: Open) -> Iterator[Runner]:
    """Two patient runners in turn: one warms up while the other is used."""
    return cycle([patient, open_runner(seconds=60.0, cpu_seconds=60.0, output_chars=2_000)])


@pytest.fixture(scope="session")
def hasty(open_runner: Open) -> Runner:
    """For code that has to be ended, whatever it has come to by then."""
    return open_runner(seconds=0.3, output_chars=2_000)


@pytest.fixture
def run(turns: Iterator[Runner]) -> Run:
    return runs_on(next(turns))


@pytest.fixture
def run_briefly(hasty: Runner) -> Run:
    return runs_on(hasty)


@pytest.fixture
def limited(open_runner: Open) -> Iterator[Callable[..., Run]]:
    """`limited(seconds=1.0, ...)` is a `run` with limits of its own."""
    with ExitStack() as stack:
        yield lambda **limits: runs_on(stack.enter_context(open_runner(**limits)))


@pytest.fixture
def run_until(limited: Callable[..., Run]) -> Callable[..., Outcome]:
    """`run_until(enough, source)` runs endless code, for longer and longer until `enough(outcome)`.

    How far code comes within a time is a matter of how busy the machine is.
    """

    def repeat(enough: Callable[[Outcome], object], source: str, *calls: tuple[Value, ...]) -> Outcome:
        seconds = 0.3
        while True:
            outcome = limited(seconds=seconds, cpu_seconds=60.0, output_chars=2_000)(source, *calls)
            if enough(outcome) or seconds > 20:
                return outcome
            seconds *= 3

    return repeat


@pytest.fixture
def left_behind(runners: list[Runner]) -> Callable[[], set[str]]:
    """Asks for the marks of all runs of this test session of which a process or a folder is left.

    The runs that wait for a job are none of them, nor what other tests' runners had waiting before.
    """

    def ask() -> set[str]:
        processes = {mark for process in Path("/proc").iterdir() if (mark := _mark_of(process))}
        folders = Path(tempfile.gettempdir()).glob(f"{PREFIX}{os.getpid()}-*")
        spares = {spare.mark for runner in runners for spare in runner._spares}
        return (processes | {folder.name.removeprefix(PREFIX) for folder in folders}) - spares

    before = ask()
    return lambda: ask() - before


def _mark_of(process: Path) -> str:
    if not process.name.isdigit():
        return ""
    try:
        environ = (process / "environ").read_bytes()
        state = (process / "stat").read_bytes().rpartition(b") ")[2][:1]
    except OSError:
        return ""
    found = re.search(rf"\b{MARK}=({os.getpid()}-\w+)".encode(), environ)
    return found[1].decode() if found and state not in b"ZX" else ""
