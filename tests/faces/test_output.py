"""Output that cannot be written: a sentence on standard error and an exit code that says so, from every verb."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import click
import pytest

from tests.sampling import one_in
from tests.terminal.terminal import Terminal
from tutor.cli.standard_output import whole_output, write, write_document

VERBS = (
    "--version",
    "--help",
    "list",
    "list --json",
    "list --exercises .",
    "show node-way/a --solution",
    "gates",
    "gates max",
    "schema",
    "settings --keys",
    "settings --init",
    "start --help",
    "check exercises/staging/f.toml",
    "start node-way/a --plain",
)
REPOSITORY = Path(__file__).parents[2]
PYTHON = shlex.quote(sys.executable)


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """Have a shell run the command, with nothing to read."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        ["sh", "-c", command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=environment,
        cwd=REPOSITORY, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("verb", one_in(2, VERBS, 1))
def test_a_full_disk(verb: str) -> None:
    done = shell(f"{PYTHON} -m tutor {verb} > /dev/full")
    assert (done.returncode, done.stderr) == (2, "The output cannot be written: no space left on device.\n")


@pytest.mark.parametrize("verb", ["--version", "--help", "list", "gates max", "start node-way/a --plain <&-"])
def test_closed_from_the_beginning(verb: str) -> None:
    done = shell(f"{PYTHON} -m tutor {verb} >&-")
    assert (done.returncode, done.stderr) == (2, "The output cannot be written: it is closed.\n")


@pytest.mark.parametrize("verb", ["list", "--version"])
@pytest.mark.parametrize("ending", ["1< /dev/null", "> /dev/full 2>&1", "> /dev/full 2>&-"])
def test_more_than_that(verb: str, ending: str) -> None:
    done = shell(f"{PYTHON} -u -m tutor {verb} {ending}")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr and "ignored" not in done.stderr


@pytest.mark.parametrize("verb", ["list", "gates", "show node-way/a", "start node-way/a --plain"])
def test_nobody_reads_on(verb: str) -> None:
    done = shell(f"({PYTHON} -m tutor {verb}; echo $? >&2) | true")
    assert done.stderr in ("0\n", "1\n")


def test_input_that_is_closed_or_cannot_be_read() -> None:
    for given in ("<&-", "0> /dev/null"):
        done = shell(f"{PYTHON} -m tutor start node-way/a --plain {given}")
        assert done.returncode == 1 and not done.stderr, done.stderr
        assert "Stage" in done.stdout
    assert "The input cannot be read: bad file descriptor." in done.stdout


def test_a_closed_place_is_taken_by_no_file(home: Path) -> None:
    answers = shell(f"printf 'a = x + y\\n' | {PYTHON} -m tutor start node-way/a --plain 2>&- | tail -3")
    assert answers.stdout
    assert (home / "progress.sqlite3").read_bytes()[:6] == b"SQLite"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize(("terminal", "document"), [(False, "σ = √y\n".encode()), (True, b"sigma = sqrt y\n")])
def test_encodings_that_lack_signs(
    monkeypatch: pytest.MonkeyPatch, encoding: str, terminal: bool, document: bytes
) -> None:
    """Text has stand-ins in ASCII; a document is in UTF-8, but on a terminal."""
    out, err = BytesIO(), BytesIO()
    out.isatty = lambda: terminal  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(out, encoding=encoding))
    monkeypatch.setattr(sys, "stderr", TextIOWrapper(err, encoding=encoding, errors="backslashreplace"))
    with whole_output():
        write("∂f → √y")
        write_document("σ = √y\n")
        click.echo("There is no gate ∂.", err=True)
    sys.stderr.flush()
    assert out.getvalue() == b"df -> sqrt y\n" + document
    assert err.getvalue() == b"There is no gate d.\n"


def test_the_app_needs_its_signs(tmp_path: Path) -> None:
    with Terminal(tmp_path, "start", "node-way/a", PYTHONIOENCODING="ascii") as terminal:
        terminal.until("start node-way/a --plain")
        assert terminal.ended() == 2
        assert "ascii" in terminal.text and "PYTHONIOENCODING=utf-8" in terminal.text
