"""Where things are kept, and folders in which they cannot be."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tutor.learner import Entry, Store, StoreProblem
from tutor.paths import home

SENTENCE = r"^Your progress cannot be kept in .*: .*\. Set BACKPROP_TUTOR_HOME to a folder that can be written to\.$"
READ_ONLY = """
import os
if os.geteuid() == 0:
    os.setuid(65534)
try:
    with Store(Path(sys.argv[1])) as store:
        store.append("a", Entry())
except StoreProblem as problem:
    print(problem)
"""
FULL = """
import resource
with Store(Path(sys.argv[1])) as store:
    store.append("a", Entry(text="before"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, resource.RLIM_INFINITY))
    kept = 1
    try:
        while True:
            store.append("a", Entry(text="x" * 1000))
            kept += 1
    except StoreProblem as problem:
        print(problem)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.append("a", Entry(text="after"))
    print(kept, len(store.entries("a")))
"""


def test_the_variable_moves_everything(monkeypatch, tmp_path):
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", f" {tmp_path / 'mine'} ")
    assert home() == tmp_path / "mine"
    with Store() as store:
        store.append("a", Entry(text="x"))
    assert (tmp_path / "mine" / "progress.sqlite3").exists()


def test_a_relative_folder_and_a_tilde_are_understood(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for text, expected in (("here", "here"), ("~/there", "there"), ("~no such person/x", "~no such person/x")):
        monkeypatch.setenv("BACKPROP_TUTOR_HOME", text)
        assert home() == tmp_path / expected


@pytest.mark.parametrize("value", ["", "  "])
def test_without_it_the_platforms_folder_is_used(monkeypatch, tmp_path, value):
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", value)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert home().name == "backprop-tutor"
    assert not home().exists()


@pytest.mark.parametrize("inside", ["", "deeper/still"])
def test_a_home_that_is_a_file_is_explained(tmp_path, inside):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreProblem, match=SENTENCE):
        Store(tmp_path / "file" / inside)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_where_the_file_should_be_is_explained(tmp_path):
    (tmp_path / "progress.sqlite3").mkdir()
    with pytest.raises(StoreProblem, match=SENTENCE):
        Store(tmp_path)


def test_a_name_with_control_characters_does_not_reach_the_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreProblem, match=SENTENCE) as caught:
        Store(tmp_path / "file" / "\x1b[2J\udcff")
    assert "\x1b" not in str(caught.value)
    str(caught.value).encode()


@pytest.mark.parametrize("begun", [False, True])
def test_a_folder_that_may_only_be_read_is_explained(start, begun):
    with TemporaryDirectory() as name:
        folder = Path(name)
        if begun:
            Store(folder).close()
        folder.chmod(0o555)
        program = start(READ_ONLY, folder)
        said = program.stdout.read()
        folder.chmod(0o755)
    assert said.startswith(f"Your progress cannot be kept in {folder}: ")


def test_a_full_disk_is_explained_and_costs_no_earlier_answer(start):
    program = start(FULL)
    problem, counts = program.stdout.read().splitlines()
    assert problem.startswith("Your progress cannot be kept in ")
    kept, found = map(int, counts.split())
    assert found == kept + 1


def test_a_file_that_another_program_keeps_locked_is_explained(open_store, monkeypatch):
    monkeypatch.setattr("tutor.learner.database.BUSY_SECONDS", 0.0)
    one, two = open_store(), open_store()
    one._connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreProblem, match="locked"):
        two.append("a", Entry())
    one._connection.execute("ROLLBACK")
    two.append("a", Entry(text="x"))
    assert [entry.text for entry in one.entries("a")] == ["x"]
