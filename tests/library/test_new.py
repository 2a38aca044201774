"""`new` writes files that hold as they are; `check --watch` sees what is saved; `check --json` says it to scripts."""

from __future__ import annotations

import json
import os
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner

from tutor.authoring.new import NewProblem, kinds, new_file
from tutor.authoring.watching import saved_files
from tutor.cli.commands import verbs
from tutor.library import read_exercise
from tutor.library.exercise import Exercise


def said(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(verbs, list(words))
    assert done.exit_code == code, done.output
    return done.output if "--json" in words else " ".join(done.output.split())


def test_a_file_of_every_kind_holds_as_it_is(tmp_path: Path):
    for kind in kinds():
        said("new", f"week1/{kind}", "--kind", kind, "--in", str(tmp_path))
    report = json.loads(said("check", "--json", str(tmp_path)))
    assert [Path(one["path"]).stem for one in report] == sorted(kinds())
    assert not [one for one in report if not one["sound"] or one["notes"]]
    for kind in kinds():
        exercise = read_exercise(tmp_path / "week1" / f"{kind}.toml")
        assert isinstance(exercise, Exercise)
        assert exercise.steps[-1] == ("code" if kind == "backprop" else kind)
    assert (tmp_path / "exercise.schema.json").is_file()


@pytest.mark.parametrize("function", ["x y + sin(x)", "g(W, x) = sum((W x)^2)", "ln(λ)/y"])
def test_a_function_is_taken_with_inputs_drawn(tmp_path: Path, function: str):
    said("new", "mine/own", "--from", function, "--in", str(tmp_path))
    (report,) = json.loads(said("check", "--json", str(tmp_path)))
    assert report["sound"]
    assert function.split("= ")[-1] in (tmp_path / "mine" / "own.toml").read_text()


@pytest.mark.parametrize("id", ["", "Week1/a", "../a", "/a", "a//b", "a b", "week1/.a", "a/", "a:b", "a"])
def test_ids_that_are_none(tmp_path: Path, id: str):
    with pytest.raises(NewProblem, match=r"not an id|An id is a topic and a name"):
        new_file(id, tmp_path)


def test_what_is_there_stays(tmp_path: Path):
    path, _ = new_file("w/a", tmp_path)
    path.parent.mkdir()
    path.write_text("mine")
    assert "exists already" in said("new", "w/a", "--in", str(tmp_path), code=2)
    assert path.read_text() == "mine"


def test_what_cannot_be_begun_says_why(tmp_path: Path):
    assert "There is no kind nix. The kinds are" in said("new", "w/a", "--kind", "nix", "--in", str(tmp_path), code=2)
    assert "a ) is missing" in said("new", "w/a", "--from", "x + sin(", "--in", str(tmp_path), code=2)
    assert "leave out --kind shape" in said(
        "new", "w/a", "--from", "x y", "--kind", "shape", "--in", str(tmp_path), code=2
    )
    (tmp_path / "file").write_text("")
    assert "cannot be written" in said("new", "file/a", "--in", str(tmp_path), code=2)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_inputs_are_taken_as_given_and_the_rest_is_drawn(tmp_path: Path):
    said("new", "week1/a", "--from", "x y", "--at", "x = 2.5", "--in", str(tmp_path))
    assert "at = { x = 2.5, y = " in (tmp_path / "week1" / "a.toml").read_text()
    assert "name that with --from" in said("new", "week1/b", "--at", "x = 1", "--in", str(tmp_path), code=2)
    assert "There is no function there" in said("new", "week1/b", "--from", "", "--in", str(tmp_path), code=2)
    file = str(tmp_path / "week1" / "a.toml")
    assert "is a file: name the pack's folder" in said("new", "week1/b", "--in", file, code=2)


def test_what_is_saved_is_seen(tmp_path: Path):
    one, two = tmp_path / "a.toml", tmp_path / "b.toml"
    one.write_text("1")
    steps = iter([lambda: None, lambda: two.write_text("2"), lambda: os.utime(one, (1, 1)), two.unlink, one.unlink])
    seen = saved_files([tmp_path], wait=lambda _seconds: next(steps)())
    assert list(islice(seen, 2)) == [two, one]


def test_a_gradient_that_does_not_follow_from_an_array_is_said(tmp_path: Path):
    (tmp_path / "a.toml").write_text(
        'title = "A"\n[[question]]\nkind = "gradient"\nequations = ["Y = X @ W + b"]\n'
        'shapes = { X = [5, 3], W = [3, 2], b = [2] }\n[[question.ask]]\nof = "W"\n[[question.ask]]\nof = "b"\n'
    )
    assert "ValueError" not in said("check", str(tmp_path), code=1)
