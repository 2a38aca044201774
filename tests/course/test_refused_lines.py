"""Command lines of the course whose words do not go together are refused with a sentence, and nothing is written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from tutor.cli.commands import verbs

REFUSED = {
    # two forms of one thing
    "grade d --csv --json": "--csv and --json",
    "grade d --detail --gradescope": "--detail and --gradescope",
    "report d --csv --html": "--csv and --html",
    "check --json --watch d": "--watch",
    "exam exam/one --print --plain": "--plain and --print",
    "exam --list --result": "--list and --result",
    "worksheet node-way/a --seed 3 --seeds 4": "--seed and --seeds",
    "worksheet node-way/a --class r.csv --seed 3": "--seed and --class",
    "sheet node-way/a --class r.csv --seed 3": "--seed and --class",
    # a form and the ending of another
    "grade d --json -o g.csv": ".csv",
    "grade d --csv -o g.json": ".json",
    "grade d -o g.xlsx": "the endings are .csv, .json",
    "report d --html -o r.csv": ".csv",
    "report d -o r.pdf": ".html",
    "convert node-way/a --to qti -o q.xml": "q.zip",
    "convert node-way/a --to moodle -o q.zip": "q.xml",
    "worksheet node-way/a --format pdf -o a.html": ".html",
    "exam exam/one --print --format pdf -o x.html": ".html",
    "sheet node-way/a -o a.csv": "a.toml",
    "submit node-way/a -o a.toml": ".submission",
    # a word that would do nothing
    "grade d --json --columns canvas": "--columns",
    "grade d --part 1/2 --gradescope": "--part",
    "exam exam/one --format pdf": "--print",
    "exam exam/one -o x.pdf": "--print",
    "exam exam/one --json": "--list or --result",
    "exam exam/one --list": "leave out exam/one",
    "new week1/a --kind shape --from 'f(x) = x'": "--from",
    # what is out of range, or named twice
    "grade d --pass 200": "200",
    "grade d --pass nan": "nan",
    "grade d --part 9/8": "9/8",
    "grade d --part 1/2 --class r.csv": "--class",
    "grade r.json": "r.json is not what grade --json wrote",
    "report nosuch": "nosuch is not there",
    "grade d --gradescope": "one student at a time",
    "convert node-way/a node-way/a --to moodle -o q.xml": "twice",
    "worksheet node-way/a node-way/a": "twice",
    "sheet node-way/a node-way/a": "twice",
    # numbers that are said twice
    "convert node-way/a@3 --seeds 4 --to moodle -o q.xml": "seed 3",
    "worksheet node-way/a@3 --seed 4": "seed 3",
    "sheet node-way/a@3 --class r.csv": "seed 3",
    # files and folders
    "grade ''": "between the quotes",
    "grade missing": "missing is not there",
    "grade empty": "at empty",
    "grade d -o d": "a folder",
    "grade d --json -o nosuch/g.json": "nosuch is not there",
    "worksheet node-way/a --seeds 2 -o a.pdf": "name a folder",
    "sheet node-way/a --class r.csv -o a.toml": "name a folder",
    "sheet node-way/a --class typo.csv": "did you mean student where it says studnet?",
    "worksheet node-way/a --class name.csv": "did you mean name where it says nmae?",
    "check dd": "did you mean d?",
    "check a.txt": "end in .toml",
    "check empty": "in empty",
    "new week1": "week1/NAME",
    "convert node-way/z --to moodle -o q.xml": "did you mean",
}


def test_words_that_do_not_go_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(tmp_path / "home"))
    for name in ("d", "empty"):
        (tmp_path / name).mkdir()
    for name in ("a", "b"):
        (tmp_path / "d" / f"{name}.toml").write_text(f'student = "{name}"\nexercises = ["node-way/a"]\n')
    (tmp_path / "r.csv").write_text("student,name\ns1,Ann\n")
    (tmp_path / "typo.csv").write_text("studnet,name\ns1,Ann\n")
    (tmp_path / "name.csv").write_text("student,nmae\ns1,Ann\n")
    (tmp_path / "r.json").write_text('[{"file": 3}]')
    (tmp_path / "a.txt").write_text("hello\n")
    before = sorted(tmp_path.rglob("*"))
    for line, why in REFUSED.items():
        done = CliRunner().invoke(verbs, shlex.split(line))
        said = " ".join(done.output.split())
        assert done.exit_code == 2, (line, said)
        assert why in said, (line, said)
        assert not re.search(r"[?.]\.(\s|$)", said), (line, said)
        assert sorted(tmp_path.rglob("*")) == before, line
