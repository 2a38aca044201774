"""Folders of exercises: order, titles, packs, nearest ids, and broken files among good ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.library import Library, load

from .making import THREE_LINES, written

PACK = """\
title = "A pack"
about = "For a test."
order = ["two/second", "two/first", "one/c"]

[topics]
two = "The second comes first"
one = "One"
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    for id in ("one/a", "one/b", "one/c", "two/first", "two/second", "two/third", "zero/last", "top"):
        written(folder, id, THREE_LINES.replace("A sum", id))
    written(folder, "pack", PACK)
    return folder


def test_ids_are_paths_and_order_is_the_packs(pack: Path):
    library = load([pack])
    assert not library.broken
    assert list(library.exercises) == [
        "two/second", "two/first", "two/third", "one/c", "one/a", "one/b", "top", "zero/last",
    ]  # fmt: skip
    assert list(library.topics) == ["two", "one", "", "zero"]
    assert [one.id for one in library.topics["one"]] == ["one/c", "one/a", "one/b"]
    assert library.exercises["two/first"].file.title == "two/first, then a product"


def test_topics_have_titles(pack: Path):
    library = load([pack])
    assert library.title_of("two") == "The second comes first"
    assert library.title_of("zero") == "Zero"
    assert library.title_of("node-way") == "Node way"
    assert library.title_of("") == "Exercises"


def test_the_topics_have_the_order_of_the_exercises(pack: Path):
    library = load([pack])
    assert [one.id for topic in library.topics.values() for one in topic] == list(library.exercises)


def test_broken_files_are_listed_and_the_others_open(pack: Path):
    written(pack, "one/bad", "levle = 3")
    written(pack, "two/worse", b"\xff")
    os.mkfifo(pack / "one" / "pipe.toml")
    library = load([pack])
    assert {fault.id for fault in library.broken} == {"one/bad", "two/worse", "one/pipe"}
    assert len(library.exercises) == 8
    assert all(fault.sentence for fault in library.broken)


@pytest.mark.parametrize("text", ["titel = 'x'", "title = 3", "title =", "order = 'one/a'\ntitle = 'x'"])
def test_a_broken_pack_file_leaves_its_exercises(pack: Path, text: str):
    written(pack, "pack", text)
    library = load([pack])
    assert [fault.path.name for fault in library.broken] == ["pack.toml"]
    assert library.broken[0].sentence.startswith("pack.toml, line 1: ")
    assert len(library.exercises) == 8


def test_a_folder_without_a_pack_file_is_in_alphabetical_order(pack: Path):
    (pack / "pack.toml").unlink()
    library = load([pack])
    assert list(library.exercises) == [
        "one/a", "one/b", "one/c", "top", "two/first", "two/second", "two/third", "zero/last",
    ]  # fmt: skip


@pytest.fixture
def other(tmp_path: Path) -> Path:
    folder = tmp_path / "other"
    written(folder, "one/a", THREE_LINES.replace("A sum", "Another"))
    written(folder, "one/new")
    written(folder, "pack", 'title = "Other course"\n[topics]\none = "Also one"\n')
    return folder


def test_two_packs_with_one_id_stay_apart(pack: Path, other: Path):
    library = load([pack, other])
    assert not library.broken
    assert library.exercises["one/a"].file.title.startswith("one/a")
    assert library.exercises["other:one/a"].file.title.startswith("Another")
    assert [clash.sentence for clash in library.clashes] == [
        f"{other / 'one' / 'a.toml'} has the id of {pack / 'one' / 'a.toml'}, one/a: here its id is other:one/a"
    ]
    assert library.find("other:one/new") is library.find("one/new") is library.exercises["one/new"]
    assert library.find("pack:one/new") is None


def test_topics_of_two_packs_stay_apart(pack: Path, other: Path):
    library = load([pack, other])
    assert [one.id for one in library.topics["one"]] == ["one/c", "one/a", "one/b"]
    assert [one.id for one in library.topics["other:one"]] == ["other:one/a", "one/new"]
    assert (library.title_of("one"), library.title_of("other:one")) == ("One", "Also one (Other course)")


def test_a_file_keeps_the_id_it_had(pack: Path, other: Path):
    owners = {"one/a": str((pack / "one" / "a.toml").resolve())}
    alone = load([other], owners=owners)
    assert list(alone.exercises) == ["other:one/a", "one/new"], "one/a is the other file's progress"
    owners["other:one/a"] = str((other / "one" / "a.toml").resolve())
    assert "other:one/a" in load([other, pack], owners=owners).exercises
    (pack / "one" / "a.toml").unlink()
    del owners["other:one/a"]
    assert "one/a" in load([other], owners=owners).exercises, "that file is gone"


def test_a_pack_of_the_same_name_has_a_number(pack: Path, tmp_path: Path):
    third = tmp_path / "elsewhere" / "pack"
    written(third, "one/a")
    assert "pack-2:one/a" in load([pack, third]).exercises


def test_the_name_of_a_pack_is_its_files_or_its_folders(pack: Path, other: Path):
    written(other, "pack", 'title = "Other"\nname = "Deep Learning: 2"\n')
    assert "deep-learning-2:one/a" in load([pack, other]).exercises


def test_an_id_that_ships_is_never_a_packs(tmp_path: Path):
    written(tmp_path / "mine", "node-way/a")
    assert list(load([tmp_path / "mine"]).exercises) == ["mine:node-way/a"]


def test_hidden_files_and_other_files_are_no_exercises(pack: Path):
    written(pack, ".git/a", "broken")
    written(pack, ".hidden", "broken")
    (pack / "one" / "notes.txt").write_text("x")
    (pack / "one" / "a.toml~").write_text("x")
    library = load([pack])
    assert not library.broken
    assert len(library.exercises) == 8


def test_a_hidden_folder_above_does_not_hide_its_exercises(tmp_path: Path):
    written(tmp_path / ".config" / "pack", "one/a")
    assert list(load([tmp_path / ".config" / "pack"]).exercises) == ["one/a"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path):
    library = load([tmp_path / "nowhere"])
    assert not library.exercises
    assert "no such folder" in library.broken[0].reason
    file = written(tmp_path, "file")
    assert "no such folder" in load([file]).broken[0].reason


def test_no_folders_make_an_empty_library():
    library = load([])
    assert (library.exercises, library.broken, library.topics) == ({}, (), {})
    assert library.nearest("x") == []


@pytest.mark.parametrize(
    ("id", "nearest"),
    [
        ("two/frist", "two/first"),
        ("first", "two/first"),
        ("tow/first", "two/first"),
        ("one-c", "one/c"),
        ("TWO/SECOND", "two/second"),
        ("scond", "two/second"),
        ("zero/lats", "zero/last"),
    ],
)
def test_the_nearest_ids_are_found(pack: Path, id: str, nearest: str):
    assert load([pack]).nearest(id)[0] == nearest


@pytest.mark.parametrize("id", ["qqqqqqqqqqqqqqqqqqqqqqqqq", "nosuch", "x", "onward", ""])
def test_nothing_is_near_to_nonsense(pack: Path, id: str):
    assert load([pack]).nearest(id) == []


def test_a_topic_alone_is_near_to_its_exercises(pack: Path):
    assert load([pack]).nearest("two") == ["two/second", "two/first", "two/third"]


def test_folders_that_programs_make_are_passed_over(tmp_path: Path):
    for id in ("a", "topic/b", ".git/c", "node_modules/d/e", "topic/build/f", "env/g", "cache/deep/h"):
        written(tmp_path, id)
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "cache" / "CACHEDIR.TAG").touch()
    assert list(load([tmp_path]).exercises) == ["a", "topic/b"]


@given(st.text(max_size=60))
def test_any_id_has_at_most_three_near_ones(id: str):
    library = Library(dict.fromkeys(("a/b", "a/c", "d/e")))  # type: ignore[dict-item]
    near = library.nearest(id)
    assert len(near) <= 3
    assert set(near) <= {"a/b", "a/c", "d/e"}
