from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.faces.by_hand import PRODUCT_PROGRAM, WORKED
from tests.shipped import LIBRARY
from tutor.cli.commands import verbs
from tutor.learner import StoreProblem
from tutor.library import BadFile
from tutor.paths import shipped_folder

from .conftest import Cli

GOOD = 'title = "Mine"\nfunction = "f(x) = x^2"\nat = { x = 3 }\n'
HOSTILE = """
title = "Evil [red]title[/red] \\u202e end"
function = "f(x, y) = x y"
at = { x = 1.5, y = 3 }
prompt = "Hello [bold]x[/bold]\\u2066\\u200bthere"
remark = "[blink]done[/blink]\\u2069"
steps = ["stage"]
[hints]
stage = ["[/] \\u202d one", "{two}", "%s"]
"""
SNEAKY = "\u202e\u202d\u2066\u2069\u200b\x1b\x07\x9b"


@pytest.fixture
def mine(folder: Path) -> Path:
    (folder / "good.toml").write_text(GOOD, encoding="utf-8")
    (folder / "hostile.toml").write_text(HOSTILE, encoding="utf-8")
    (folder / "broken.toml").write_text(GOOD + 'functoin = "x"\n', encoding="utf-8")
    (folder / "math.toml").write_text(GOOD.replace("x^2", "ln(x - 5)"), encoding="utf-8")
    (folder / "caret.toml").write_text(GOOD.replace("x^2", "(x"), encoding="utf-8")
    (folder / "code.toml").write_text(GOOD + '[code]\nreturns = ["a"]\n', encoding="utf-8")
    (folder / "escape.toml").write_text(GOOD.replace("Mine", "\\u001b[31m"), encoding="utf-8")
    return folder


def test_code_from_a_file_waits_for_its_step_and_is_run_where_it_is_open(verb: Cli, folder: Path) -> None:
    answers, _ = WORKED["node-way/a"]
    program = folder / "mine.py"
    program.write_text(PRODUCT_PROGRAM, encoding="utf-8")
    words = ("start", "node-way/a", "--plain", "--code", str(program))
    first = verb(*words, given="\n".join(answers))
    assert "Your program is in the step Code, which opens when those before it are done." in first.stdout
    assert "def q2a" in first.stdout and first.returncode == 1
    second = verb(*words)
    assert "Your program in the step Code:\nRight." in second.stdout
    assert second.returncode == 0


def test_code_where_it_does_not_belong(verb: Cli, folder: Path) -> None:
    program = folder / "mine.py"
    program.write_bytes(b"\xff\xfe")
    assert "asks for no code" in verb("start", "staging/f", "--plain", "--code", str(program)).stderr
    assert (
        "cannot be used: it is not UTF-8 text" in verb("start", "node-way/a", "--plain", "--code", str(program)).stderr
    )
    program.write_bytes(b"#" * 200_000)
    assert "larger than 100 kB" in verb("start", "node-way/a", "--plain", "--code", str(program)).stderr
    assert verb("start", "node-way/a", "--plain", "--code", str(folder / "none.py")).returncode == 2


def test_version(cli: Cli) -> None:
    assert cli("--version").stdout == cli("--exercises", ".", "--version").stdout
    assert cli("--version").stdout.startswith("backprop-tutor ")


def test_help_has_examples() -> None:
    for words in ([], ["start"], ["list"], ["show"], ["check"], ["schema"]):
        text = CliRunner().invoke(verbs, [*words, "--help"]).output
        assert "Example" in text and "backprop-tutor " in text
        assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("words", [("list",), ("list", "--exercises"), ("--exercises", "", "list")])
def test_list(cli: Cli, mine: Path, words: tuple[str, ...]) -> None:
    words = tuple(word or str(mine) for word in words)
    done = cli(*words, *([str(mine)] if words[-1] == "--exercises" else []))
    assert done.returncode == 0
    assert re.search(r"\n  ○ node-way/a +\(x \+ y\) z: the smallest graph +level 1\n", done.stdout)
    assert ("good" in done.stdout) is (len(words) > 1)


def test_list_says_what_is_broken(cli: Cli, mine: Path) -> None:
    done = cli("list", BACKPROP_TUTOR_EXERCISES=str(mine))
    below = done.stdout.partition("Files that cannot be used")[2]
    assert "broken.toml, line 4: functoin: there is no such key; did you mean function?" in below
    assert "escape.toml, line 1: title: it holds a control character" in below
    assert "good" in done.stdout and "Evil [red]title[/red]" in done.stdout
    assert not set(SNEAKY) & set(done.stdout)
    assert "\\u202e" in done.stdout
    shown = json.loads(cli("list", "--json", BACKPROP_TUTOR_EXERCISES=str(mine)).stdout)
    assert {one["id"]: one["key"] for one in shown["broken"]} == {
        "broken": "functoin", "escape": "title", "caret": "function", "code": "code.returns", "math": "at",
    }  # fmt: skip


@pytest.mark.parametrize("named", ["start", "show"])
def test_an_unknown_id_names_the_nearest(verb: Cli, named: str) -> None:
    done = verb(named, "node-wya/a")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("There is no exercise node-wya/a. Did you mean node-way/a")
    assert "Traceback" not in done.stderr
    nothing = verb(named, "zzzzzzzz\x1b[31m")
    assert nothing.returncode == 2 and "\x1b" not in nothing.stderr


@pytest.mark.parametrize("verb", [("start", "--plain"), ("show",)])
@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("broken", "broken cannot be used. broken.toml, line 4: functoin: there is no such key"),
        ("math", "math cannot be used. math.toml, line 3: at: the function has no value"),
        ("caret", "never closed"),
        ("code", "code cannot be used. code.toml, line 5: code.returns"),
    ],
)
def test_a_broken_file_asked_for_by_id(mine: Path, verb: tuple[str, ...], id: str, said: str) -> None:
    done = CliRunner().invoke(verbs, ["--exercises", str(mine), *verb, id])
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split()) or said in done.stderr


@pytest.mark.parametrize("words", [(), ("start", "node-way/a")])
def test_without_a_terminal(cli: Cli, words: tuple[str, ...]) -> None:
    done = cli(*words)
    assert done.returncode == 2 and done.stdout == ""
    id = words[1] if words else "ID"
    assert "The app needs a terminal" in done.stderr
    assert f"backprop-tutor start {id} --plain" in done.stderr


def test_without_any_input_at_all(home: Path) -> None:
    for words, code in (([], 2), (["start", "staging/f", "--plain"], 1)):
        shell = ["sh", "-c", '"$@" <&-', "sh", sys.executable, "-m", "tutor", *words]
        done = subprocess.run(shell, capture_output=True, text=True)
        assert done.returncode == code and "Traceback" not in done.stderr


def test_in_a_terminal_the_app_is_given_folders_and_id(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[list[Path], str | None]] = []
    app = types.ModuleType("tutor.tui.app")
    app.run = lambda folders, start, *_more: ran.append((folders, start))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tutor.tui.app", app)
    monkeypatch.setattr("tutor.cli.opening._missing_of_terminal", lambda: "")
    for words in (["--exercises", str(mine)], ["start", "good.toml", "--exercises", str(mine)], []):
        assert CliRunner().invoke(verbs, words).exit_code == 0
    assert ran == [([mine, shipped_folder()], None), ([mine, shipped_folder()], "good"), ([shipped_folder()], None)]


@pytest.mark.parametrize("problem", [StoreProblem("Nothing can be kept."), BadFile("at", "Nothing can be kept.")])
def test_what_the_app_cannot_do_is_a_sentence(problem: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object) -> None:
        raise problem

    app = types.ModuleType("tutor.tui.app")
    app.run = run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tutor.tui.app", app)
    monkeypatch.setattr("tutor.cli.opening._missing_of_terminal", lambda: "")
    done = CliRunner().invoke(verbs, ["start", "node-way/a"])
    assert done.exit_code == 2 and "Nothing can be kept." in done.stderr


@pytest.mark.parametrize("words", [("start", "node-way/a", "--plain"), ("list",), ("list", "--exercises", ".")])
def test_a_store_that_cannot_be_used(cli: Cli, home: Path, words: tuple[str, ...]) -> None:
    (home / "progress.sqlite3").mkdir(parents=True)
    done = cli(*words)
    assert done.returncode == 2
    assert "Your progress cannot be kept" in " ".join(done.stderr.split()) and "Traceback" not in done.stderr


def test_a_damaged_store_is_mentioned(verb: Cli, home: Path) -> None:
    home.mkdir()
    (home / "progress.sqlite3").write_bytes(b"no database" * 1000)
    done = verb("start", "staging/f", "--plain", given="a = x + y\nf = a z\n")
    assert "damaged" in done.stdout and done.returncode == 0


def test_hostile_text_is_shown_harmless(mine: Path) -> None:
    for words in (["show", "hostile", "--solution"], ["start", "hostile", "--plain"], ["check", str(mine)]):
        extra = [] if words[0] == "check" else ["--exercises", str(mine)]
        done = CliRunner().invoke(verbs, [*words, *extra], input=":hint\n:hint\n:hint\nf = x \x1b[31m y\nf = x y\n")
        assert not set(SNEAKY) & set(done.output), words
        assert "\\u202e" in done.output or words[0] == "check"
        if words[0] == "start":
            assert "[bold]x[/bold]" in done.output and "[blink]done[/blink]" in done.output
            assert done.exit_code == 0


def test_show_does_not_give_the_staging_away() -> None:
    text = CliRunner().invoke(verbs, ["show", "node-way/b"]).output
    assert "h(x, y, z) = (x^2 + 2y) z^3\nx = 3, y = 1, z = 2\n" in text
    assert "Steps: Stage, Forward, Backward, Code" in text
    assert "╭" not in text and "a =" not in text


def test_show_leaves_no_trace(home: Path) -> None:
    CliRunner().invoke(verbs, ["show", "node-way/b", "--solution"])
    assert not list(home.glob("*.sqlite3*"))


def test_the_solution_is_for_ones_own_staging(verb: Cli) -> None:
    verb("start", "staging/f", "--plain", given="mysum = y + x\nf = z mysum\n")
    assert "Staging (your staging)\n  mysum = y + x\n  f = z·mysum\n" in verb("show", "staging/f", "--solution").stdout


def test_check_is_content_with_what_ships() -> None:
    done = CliRunner().invoke(verbs, ["check", str(shipped_folder() / "node-way"), str(shipped_folder() / "shapes")])
    assert done.exit_code == 0, done.output
    many = sum(exercise.topic in ("node-way", "shapes") for exercise in LIBRARY.exercises.values())
    assert f"{many} checked, none broken." in done.output
    assert done.output.count(": all fine (") == many


def test_check_names_what_is_broken(mine: Path) -> None:
    done = CliRunner().invoke(verbs, ["check", str(mine / "good.toml"), str(mine), str(mine / "none.toml")])
    assert done.exit_code == 1
    assert "none.toml: it is not there" in done.output
    assert "math.toml, line 3: at: the function has no value" in done.output
    assert "\n    f(x) = (x\n           ^" in done.output
    assert "good.toml: all fine (" in done.output and "9 checked, 6 broken." in done.output


def test_check_of_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert CliRunner().invoke(verbs, ["check", str(empty)]).exit_code == 2
    assert CliRunner().invoke(verbs, ["check"]).exit_code == 2


def test_schema() -> None:
    schema = json.loads(CliRunner().invoke(verbs, ["schema"]).output)
    properties = schema["$defs"]["ExerciseFile"]["properties"]
    assert {"title", "function", "at", "steps", "code", "descend"} <= set(properties)


def test_shells_complete_ids() -> None:
    environment = {
        "_BACKPROP_TUTOR_COMPLETE": "bash_complete",
        "COMP_WORDS": "backprop-tutor start node",
        "COMP_CWORD": "2",
    }
    done = CliRunner().invoke(verbs, [], env=environment, prog_name="backprop-tutor")
    assert done.output.split() == ["plain,node-way/a", "plain,node-way/b", "plain,node-way/c"]


@pytest.mark.parametrize(
    "words", [("list",), ("list", "--json"), ("schema",), ("show", "layers/complex", "--solution")]
)
def test_a_reader_that_leaves_is_no_matter(words: tuple[str, ...]) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "tutor", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)
    )
    assert program.stdout is not None and program.stderr is not None
    program.stdout.close()
    assert program.stderr.read() == b""
    program.stderr.close()
    assert program.wait(60) == 1


def test_progress_is_not_shared_by_two_packs(tmp_path: Path) -> None:
    text = 'title = "{}"\nfunction = "f(x, y) = x sin(y)"\nat = {{ x = 1.3, y = 0.7 }}\nsteps = ["stage"]\n'
    for name in ("one", "two"):
        (tmp_path / name / "week1").mkdir(parents=True)
        (tmp_path / name / "week1" / "mlp.toml").write_text(text.format(name), encoding="utf-8")

    def state(id: str, *packs: str) -> str:
        words = [word for pack in packs for word in ("--exercises", str(tmp_path / pack))]
        shown = json.loads(CliRunner().invoke(verbs, ["list", "--json", *words]).output)
        return next(one["state"] for one in shown["exercises"] if one["id"] == id)

    words = ["start", "week1/mlp", "--plain", "--exercises", str(tmp_path / "one")]
    assert CliRunner().invoke(verbs, words, input="a = sin y\nf = x a\n").exit_code == 0
    assert state("week1/mlp", "one") == "solved"
    assert state("two:week1/mlp", "two") == "new"
    assert state("two:week1/mlp", "two", "one") == "new"
    assert state("week1/mlp", "two", "one") == "solved"
    said = CliRunner().invoke(
        verbs, ["list", "--exercises", str(tmp_path / "one"), "--exercises", str(tmp_path / "two")]
    )
    assert "Ids that two files have" in said.output and "two:week1/mlp" in said.output
    words = ["start", "two:week1/mlp", "--plain", "--exercises", str(tmp_path / "two")]
    assert CliRunner().invoke(verbs, words, input="a = sin y\nf = x a\n").exit_code == 0
    assert state("two:week1/mlp", "two") == "solved"
