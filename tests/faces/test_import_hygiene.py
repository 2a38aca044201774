"""What the program must not load, and when: loading takes longer than anything else it does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCREEN = {"textual", "rich"}
MATHEMATICS = {"numpy", "sympy", "flint", "mpmath", "lark"}


def loaded(code: str) -> set[str]:
    """The top-level modules that are there after the code has run in a new Python."""
    report = "\nimport sys\nsys.stderr.write('|'.join({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code + report], capture_output=True, text=True, check=True)
    return set(done.stderr.split("|"))


def verb(*words: str) -> str:
    """Code that runs a verb as the command does, and goes on afterwards."""
    return f"""
import sys
sys.argv = {["backprop-tutor", *words]!r}
from tutor.cli import main
try:
    main()
except SystemExit:
    pass
"""


def test_importing_the_package_loads_nothing() -> None:
    assert loaded("import tutor") - loaded("import __future__") == {"tutor"}


@pytest.mark.parametrize("words", [("--version",), ("list",), ("list", "--json")])
def test_the_quick_verbs(words: tuple[str, ...]) -> None:
    assert not loaded(verb(*words)) & (SCREEN | MATHEMATICS | {"click"})


def test_a_list_of_what_has_not_changed_reads_no_files(home: Path) -> None:
    loaded(verb("list"))
    assert (home / "listing.json").exists(), "the shipped files are older than two seconds"
    assert not loaded(verb("list")) & (SCREEN | MATHEMATICS | {"click", "msgspec", "tomllib"})


def test_files_of_ones_own_are_built_once(home: Path, tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    path = tmp_path / "w" / "a.toml"
    path.write_text('title = "A"\nfunction = "f(x) = x^2"\nat = { x = 3 }\n')
    os.utime(path, (1, 1))
    words = ("list", "--exercises", str(tmp_path / "w"))
    assert not loaded(verb(*words)) & (SCREEN | {"sympy"})
    assert not loaded(verb(*words)) & (SCREEN | MATHEMATICS)


@pytest.mark.parametrize("words", [("--help",), ("start", "--help"), ("show", "zz")])
def test_other_verbs_without_mathematics(words: tuple[str, ...]) -> None:
    assert not loaded(verb(*words)) & (SCREEN | MATHEMATICS)


def test_nothing_below_the_app_loads_a_screen() -> None:
    below = ("session.session", "session.exercise_view", "plain", "api", "session.validation", "catalogue.search")
    found = loaded("\n".join(f"import tutor.{module}" for module in below))
    assert not found & SCREEN
    assert "sympy" not in found


def test_a_plain_session_loads_neither_screen_nor_sympy() -> None:
    found = loaded(verb("start", "staging/f", "--plain"))
    assert "numpy" in found and not found & (SCREEN | {"sympy"})
