"""What a folder of a class is found to hold: files of all sorts, doubles, parts; nothing that can be read is lost."""

from __future__ import annotations

import csv
import json
import os
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.course.making import correct, grader, sheet
from tutor.cli.commands import verbs
from tutor.course.gradebooks import as_csv, as_gradescope
from tutor.course.graded import counting
from tutor.course.graded_json import as_json, grades_in, put_together
from tutor.course.handed_in import handed_in, part_of


def said(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(verbs, list(words))
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.course.grading._FEW", 100)


def right(student: str, id: str = "node-way/a") -> str:
    return sheet(id, correct(grader().marker(id)), student)


def test_every_file_is_graded_or_named(tmp_path: Path):
    """The file's name -> whether it is graded, and what is said otherwise."""
    text = right("s1")
    (tmp_path / "good.toml").write_text(text)
    (tmp_path / "CAPITAL.TOML").write_text(right("s2"))
    (tmp_path / "notepad.toml.txt").write_bytes(right("s3").encode("utf-16"))
    (tmp_path / "old-mac.toml").write_text(right("s4").replace("\n", "\r"))
    (tmp_path / "no-signs.toml").write_text(right("s5").replace("∂", "?"))
    (tmp_path / "west.toml").write_bytes(right("s8").replace("∂", "?").replace('"s8"', '"Jürgen"').encode("cp1252"))
    (tmp_path / "newer.toml").write_text(right("s6").replace("sheet = 1", "sheet = 9"))
    for name, data in {
        "nothing.toml": b"",
        "space.toml": b" \n\t",
        "nothing.submission": b"",
        "archive.toml": b"PK\x03\x04",
        "many.toml": text.replace('"node-way/a"', ", ".join(['"node-way/a"'] * 101)).encode(),
    }.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling.toml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "same.toml").symlink_to(tmp_path / "good.toml")
    (tmp_path / "index.csv").write_text("ours")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("s7.toml", text)
    found = handed_in([tmp_path, tmp_path / "good.toml"])
    assert [path.name for path in found.passed_over] == ["all.zip"]
    graded = {path.name: grader().grade(path) for path in found.files}
    why = {name: " ".join(one.problems) for name, one in graded.items() if one.marks is None}
    whole = [name for name, one in graded.items() if one.share == 8 / 12]
    assert sorted(whole) == [
        "CAPITAL.TOML", "good.toml", "newer.toml", "no-signs.toml", "notepad.toml.txt", "old-mac.toml", "west.toml"
    ]  # fmt: skip
    assert graded["west.toml"].student == "Jürgen"
    assert "reads up to sheet = 1" in graded["newer.toml"].problems[0]
    assert set(graded) == {*whole, *why}
    for name, reason in {
        "nothing.toml": "it is empty", "space.toml": "it is empty", "nothing.submission": "it is empty",
        "archive.toml": "a zip archive, not a sheet: unpack it",
        "many.toml": "names 101 exercises", "dangling.toml": "it is not there",
    }.items():  # fmt: skip
        assert reason in why[name], why[name]


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As any user but root would find it."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "good.toml").write_text("")
    listed = os.scandir

    def scandir(path: str):
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert [path.name for path in handed_in([tmp_path]).files] == ["good.toml", "sub"]


def test_a_path_that_is_not_there_stops_no_other(tmp_path: Path):
    (tmp_path / "good.toml").write_text(right("s1"))
    told = said("grade", str(tmp_path / "good.toml"), str(tmp_path / "nosuch.toml"), code=1)
    assert "8 of 12" in told and "nosuch not graded" in told and "It cannot be graded: it is not there." in told


def test_a_folder_or_a_system_that_is_misnamed_gets_the_nearest(tmp_path: Path):
    (tmp_path / "handed-in").mkdir()
    assert "did you mean" in (told := said("grade", str(tmp_path / "handedin"), code=2)) and "handed-in?" in told
    assert "did you mean" not in said("grade", str(tmp_path / "zzz"), code=2)
    words = ("convert", "node-way/a", "-o", str(tmp_path / "q.zip"), "--to")
    assert "QTI" in said(*words, "canvas", code=2) and "moodle" in said(*words, "excel", code=2)
    assert said("help", "grade") == said("grade", "--help")
    assert "Commands:" in said("help") and "--only" in said("--only", "tutor", "help")


def test_of_several_files_of_a_student_the_best_counts(tmp_path: Path):
    (tmp_path / "a.toml").write_text(sheet("node-way/a", {}, "s1"))
    (tmp_path / "b.toml").write_text(right("s1"))
    (tmp_path / "c.toml").write_text(right("s1", "shapes/add"))
    (tmp_path / "d.toml").write_text(sheet("shapes/add", {}, "=s2"))
    told = said("grade", str(tmp_path))
    assert "more than once, and the best counts: s1 (a.toml, b.toml)." in told
    grades = [grader().grade(path) for path in sorted(tmp_path.iterdir())]
    assert [Path(one.file).name for one in counting(grades)] == ["b.toml", "c.toml", "d.toml"]
    canvas = list(csv.reader(StringIO(as_csv(grades, "canvas"))))
    assert canvas == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "node-way/a", "shapes/add"],
        ["    Points Possible", "", "", "", "", "12.0", "5.0"],
        ["", "", "s1", "s1", "", "8.0", "5.0"],
        ["", "", "'=s2", "'=s2", "", "", "0.0"],
    ]
    assert list(csv.reader(StringIO(as_csv(grades, "moodle"))))[1:] == [
        ["s1", "", "8.0", "5.0"],
        ["'=s2", "", "", "0.0"],
    ]
    result = json.loads(as_gradescope(grades[:3]))
    assert (result["score"], len(result["tests"])) == (13, 5)
    assert "the best counts" in result["output"]
    assert "one student at a time" in said("grade", str(tmp_path), "--gradescope", code=2)


def test_parts_of_a_job_array_put_together_are_the_whole(tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(7):
        id = ("node-way/a", "exam/one@2")[number % 2]
        (folder / f"s{number}.toml").write_text(right(f"s{number}", id))
    (folder / "x.toml").write_text("??")
    files = handed_in([folder]).files
    whole = [grader().grade(path) for path in files]
    for number in (1, 2, 3):
        part = as_json([grader().grade(path) for path in part_of(files, number, 3)])
        (tmp_path / f"part-{number}.json").write_text(part)
    parts = sorted(tmp_path.glob("part-*.json"))
    assert put_together([grades_in(path) for path in parts]) == whole
    for form in ("plain", "canvas", "moodle"):
        done = CliRunner().invoke(verbs, ["grade", *map(str, parts[::-1]), "--csv", "--columns", form])
        assert done.stdout == as_csv(whole, form)
    assert said("report", *map(str, parts[:1])).startswith("part-1.json: 3 graded")
    assert "choose one" in said("grade", str(parts[0]), "--part", "1/2", code=2)
