from __future__ import annotations

import os
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import pytest

from tutor.runner import Job, Limits, Outcome, Runner, Value
from tutor.runner.child.folder import PREFIX
from tutor.runner.sweep import MARK

Run = Callable[..., Outcome]


def runs_on(runner: Runner) -> Run:
    def run(source: str, *calls: tuple[Value, ...], entry: str = "f", **fields: object) -> Outcome:
        return runner.run(Job(textwrap.dedent(source), entry, calls, **fields))  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def patient() -> Iterator[Runner]:
    """For code that ends by itself: a limit that no busy machine reaches."""
    with Runner(Limits(seconds=20.0, cpu_seconds=20.0, output_chars=2_000)) as runner:
        yield runner


@pytest.fixture(scope="session")
def hasty() -> Iterator[Runner]:
    """For code that has to be ended."""
    with Runner(Limits(seconds=0.3, output_chars=2_000)) as runner:
        yield runner


@pytest.fixture(scope="session")
def turns(patient: Runner) -> Iterator[Iterator[Runner]]:
    """Two patient runners in turn: one warms up while the other is used."""
    with Runner(patient.limits) as other:
        yield cycle([patient, other])


@pytest.fixture
def run(turns: Iterator[Runner]) -> Run:
    return runs_on(next(turns))


@pytest.fixture
def run_briefly(hasty: Runner) -> Run:
    return runs_on(hasty)


@pytest.fixture
def limited() -> Iterator[Callable[..., Run]]:
    """`limited(seconds=1.0, ...)` is a `run` with limits of its own."""
    with ExitStack() as stack:
        yield lambda **limits: runs_on(stack.enter_context(Runner(Limits(**limits))))


@pytest.fixture
def working_folders() -> Callable[[], set[str]]:
    """Asks for the names of the working folders of this test session that exist now."""

    def ask() -> set[str]:
        return {path.name for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}{os.getpid()}-*")}

    return ask


@pytest.fixture
def marked_processes() -> Callable[[], set[int]]:
    """Asks for every living process on this machine that descends from a worker of this test session."""

    def ask() -> set[int]:
        return {int(process.name) for process in Path("/proc").iterdir() if _marked(process)}

    return ask


def _marked(process: Path) -> bool:
    if not process.name.isdigit():
        return False
    try:
        environ = (process / "environ").read_bytes()
        state = (process / "stat").read_bytes().rpartition(b") ")[2][:1]
    except OSError:
        return False
    return f"{MARK}={os.getpid()}-".encode() in environ and state not in b"ZX"


@pytest.fixture
def nothing_runs(
    turns: Iterator[Runner], hasty: Runner, marked_processes: Callable[[], set[int]]
) -> Callable[[], bool]:
    """Asks whether no process descends from a run. (The three warm ones of this session only wait.)"""
    return lambda: len(marked_processes()) <= 3
