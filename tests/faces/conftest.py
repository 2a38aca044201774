from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.shipped import FUNCTIONS
from tutor.cli.commands import verbs
from tutor.learner import Store
from tutor.library import Exercise, read_exercise
from tutor.plain import run
from tutor.runner import Limits, Runner
from tutor.session.session import Session

Cli = Callable[..., "subprocess.CompletedProcess[str]"]
Work = Callable[..., tuple[str, bool]]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the learner's things go: never to the real place."""
    home = tmp_path / "home"
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(home))
    for name in ("BACKPROP_TUTOR_EXERCISES", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def cli() -> Cli:
    """Run the program as a shell does, with no terminal."""

    def run(*words: str, given: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "tutor", *words],
            input=given.encode() if isinstance(given, str) else given,
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
            timeout=60,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def verb() -> Cli:
    """Run a verb in this process: what it says is the same, and Python need not start for it."""

    def run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        done = CliRunner().invoke(verbs, words, given, catch_exceptions=False)
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for exercise files."""
    folder = tmp_path / "mine"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    with Runner(Limits(seconds=20.0, cpu_seconds=20.0)) as runner:
        yield runner


@pytest.fixture(scope="session")
def shipped() -> dict[str, Exercise]:
    return FUNCTIONS


@pytest.fixture
def work(home: Path, runner: Runner, shipped: dict[str, Exercise], folder: Path) -> Work:
    """Work on an exercise line by line in this process: an id, or the text of a file. The transcript, and solved."""

    def work(exercise: str, *lines: str) -> tuple[str, bool]:
        if exercise not in shipped:
            path = folder / "own.toml"
            path.write_text(exercise, encoding="utf-8")
            found = read_exercise(path)
            assert isinstance(found, Exercise), found
        else:
            found = shipped[exercise]
        writer = StringIO()
        with Store(home) as store:
            solved = run(Session(found, store, runner), StringIO("".join(f"{line}\n" for line in lines)), writer)
        return writer.getvalue(), solved

    return work
