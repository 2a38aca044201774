"""The verbs that practice: what they print, and how they end."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tutor.cli.commands import verbs
from tutor.paths import VARIABLE


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return tmp_path


def run(words: list[str], typed: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(verbs, words, input=typed)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["node-way/a", "--seed", "seven"], "A seed is a whole number from 0"),
        (["node-way/a", "--seed", "-3"], "this one is -3"),
        (["node-way/zz", "--seed", "7"], "There is no exercise node-way/zz"),
        (["autograd/modes", "--seed", "7"], "None of its answers depends on a number"),
        (["autograd/modes@7"], "None of its answers depends on a number"),
        (["node-way/a@7", "--seed", "8"], "node-way/a@7 says its numbers already"),
    ],
)
@pytest.mark.usefixtures("home")
def test_what_has_no_such_seed_is_a_sentence(words: list[str], said: str) -> None:
    for verb in ("start", "show"):
        code, told = run([verb, *words])
        assert code == 2
        assert said in " ".join(told.split())
        assert "Traceback" not in told


@pytest.mark.usefixtures("home")
def test_a_variant_is_shown_with_its_solution() -> None:
    code, told = run(["show", "node-way/a", "--seed", "7", "--solution"])
    assert code == 0
    assert "node-way/a@7" in told
    assert "x = 4, y = 6, z = 5" in told
    assert "50" in told


@pytest.mark.usefixtures("home")
def test_a_variant_is_worked_resumed_and_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    code, told = run(["start", "node-way/a", "--seed", "7", "--plain"], "a = x + y\nf = a z\n10\n:quit\n")
    assert code == 1
    assert "x = 4, y = 6, z = 5" in told
    _, told = run(["start", "node-way/a@7", "--plain"], "50\n:quit\n")
    assert "Picking up where you left off" in told
    assert "Forward is done." in told
    _, listed = run(["list"])
    assert "◐ node-way/a@7" in listed
    assert "○ node-way/a " in listed
    (exercise,) = (one for one in json.loads(run(["list", "--json"])[1])["exercises"] if one["id"] == "node-way/a")
    assert [(one["seed"], one["state"]) for one in exercise["variants"]] == [(7, "started")]
    assert run(["reset", "node-way/a@7", "--yes"])[0] == 0


@pytest.mark.usefixtures("home")
def test_new_numbers_are_asked_for_in_the_middle() -> None:
    _, told = run(["start", "node-way/a", "--plain"], "a = x + y\n:new\nno\n:new\nyes\n:quit\n")
    assert "Nothing is changed." in told
    assert "(seed 1)" in told
    _, told = run(["start", "autograd/modes", "--plain"], ":new\n:quit\n")
    assert "None of its answers depends on a number" in " ".join(told.split())


def test_a_function_of_ones_own_is_worked_and_kept(home: Path) -> None:
    code, told = run(["try", "f(x) = x^2 + 3x", "--at", "x = 4", "--plain"], "a = x^2\n:quit\n")
    assert code == 1
    assert "Kept as mine/f, in" in told
    assert (home / "own" / "mine" / "f.toml").is_file()
    _, told = run(["try", "f(x) = x^2 + 3x", "--at", "x = 4", "--plain"], ":quit\n")
    assert "Picking up where you left off" in told
    assert "mine/f " in run(["list"])[1]
    code, told = run(["try", "ln(x)", "--at", "x = -1", "--plain"])
    assert code == 2
    assert '--at "x = 1"' in told


def test_a_folder_that_cannot_be_written(home: Path) -> None:
    (home / "own").write_text("in the way")
    code, told = run(["try", "x^2", "--plain"])
    assert code == 2
    assert "cannot be kept" in told


@pytest.mark.usefixtures("home")
def test_a_review_needs_something_to_review() -> None:
    code, told = run(["review", "--plain"])
    assert code == 2
    assert "nothing to review yet" in " ".join(told.split())
    assert run(["review", "--minutes", "0", "--plain"])[0] == 2
    assert run(["review", "--minutes", "soon", "--plain"])[0] == 2


@pytest.mark.usefixtures("home")
def test_a_review_line_by_line() -> None:
    run(["start", "node-way/a", "--plain"], "a = x + y\nf = a z\n4\n8\n1\n:show\n:quit\n")
    code, told = run(["review", "--plain"], ":show\n" * 60)
    assert code == 0
    assert "Nothing is due. What comes next is practised ahead. :quit ends the round." in told
    assert "Blank 1, ahead." in told
    assert "shaky." in told
    assert "0 right at once." in told
    assert "Back tomorrow: " in told
    code, told = run(["review", "--minutes", "5", "--plain"], "7\n:hint\n:quit\n")
    assert code == 1
    assert "Nothing was asked." in told
    assert "review" not in run(["list"])[1]


@pytest.mark.usefixtures("home")
def test_a_plan_line_by_line() -> None:
    code, told = run(["plan"])
    assert (code, "There is no exam yet." in told) == (2, True)
    assert run(["plan", "--exam", "2020-01-01"])[0] == 2
    assert "is over" in run(["plan", "--exam", "2020-01-01"])[1]
    assert run(["plan", "--exam", "2020-01-01", "--forget"])[0] == 2
    exam = (date.today() + timedelta(days=5)).isoformat()
    code, told = run(["plan", "--exam", exam])
    assert code == 0
    assert "in 5 days." in told
    assert len([line for line in told.splitlines() if " min" in line or line.endswith("-")]) == 5
    assert run(["plan"])[1] == told
    assert json.loads(run(["progress", "--json"])[1])["exam"] == exam
    assert run(["plan", "--forget"])[0] == 0
    assert run(["plan"])[0] == 2


@pytest.mark.usefixtures("home")
def test_a_placement_line_by_line() -> None:
    code, told = run(["place", "--plain"], ":show\n" * 20)
    assert code == 0
    assert "0 of 10 right at once." in told
    assert "Begin at staging/f." in told
    skills = json.loads(run(["progress", "--json"])[1])["skills"]
    assert sum(one["opportunities"] for one in skills) == 10
