"""Damaged files are set aside and what is sound in them is carried over; newer ones are refused."""

from __future__ import annotations

import random
import sqlite3
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.learner import Entry, Progress, Store, StoreProblem
from tutor.learner.database import VERSION

FILE = "progress.sqlite3"
ASIDE = "progress.damaged-1.sqlite3"


@cache
def _filled() -> bytes:
    """The bytes of a closed store with 400 answers, a draft, some progress and a review."""
    with TemporaryDirectory() as folder, Store(Path(folder)) as store:
        store._connection.execute("BEGIN")
        rows = [("a", "s", "b", "answer", f"answer {n:04d} " + "x" * 60, "right", 1.0) for n in range(400)]
        insert = "INSERT INTO journal (exercise, step, blank, action, text, verdict, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        store._connection.executemany(insert, rows)
        store._connection.execute("COMMIT")
        store.keep_draft("a", "b", "half an answer")
        store.set_progress("a", "started", 3, 9)
        store.keep_review("a", "{}", 5.0)
        store.close()
        return (Path(folder) / FILE).read_bytes()


@pytest.fixture
def filled() -> bytes:
    return _filled()


@pytest.mark.parametrize("junk", [b"junk", b"junk" * 5000, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_set_aside_as_it_was(open_store, tmp_path, junk):
    (tmp_path / FILE).write_bytes(junk)
    store = open_store()
    assert store.notice == (
        f"The file with your progress was damaged. It is kept as {ASIDE} in {tmp_path}; a new one was begun."
    )
    assert (tmp_path / ASIDE).read_bytes() == junk
    store.append("a", Entry(text="new"))
    again = open_store()
    assert (again.notice, [entry.text for entry in again.entries("a")]) == (None, ["new"])


def test_an_empty_file_is_a_new_store(open_store, tmp_path):
    (tmp_path / FILE).touch()
    assert open_store().notice is None


@pytest.mark.parametrize("tables", ["CREATE TABLE other (x)", "CREATE TABLE journal (id, text)"])
def test_a_database_of_another_program_is_set_aside_whole(open_store, tmp_path, tables):
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute(tables)
    other.close()
    assert ASIDE in open_store().notice
    with sqlite3.connect(tmp_path / ASIDE) as other:
        assert other.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)
    other.close()


def test_each_damaged_file_gets_a_number_of_its_own(open_store, tmp_path):
    for number in (1, 2, 3):
        (tmp_path / FILE).write_bytes(b"junk %d" % number)
        open_store().close()
    assert [(tmp_path / f"progress.damaged-{n}.sqlite3").read_bytes() for n in (1, 2, 3)] == [
        b"junk 1",
        b"junk 2",
        b"junk 3",
    ]


def test_what_is_sound_in_a_damaged_file_is_carried_over(open_store, tmp_path, filled):
    """Cut off at three quarters: the answers before that, and the tables that stand before it, are saved."""
    (tmp_path / FILE).write_bytes(filled[: len(filled) // 4096 * 3 // 4 * 4096])
    store = open_store()
    saved = [entry.text for entry in store.entries("a")]
    assert 100 < len(saved) < 400
    assert all(text.startswith(f"answer {number:04d} ") for number, text in enumerate(saved))
    assert f"; {len(saved)} answers could be read from it and carried over." in store.notice
    assert store.drafts("a") == {"b": "half an answer"}
    assert store.last_opened() == "a"
    assert store.summary()["a"] == Progress("started", 3, 9, store.summary()["a"].last, 5.0)
    assert (store.review_card("a"), store.due(5.0)) == ("{}", ["a"])
    store.append("a", Entry(text="new"))
    assert [entry.text for entry in open_store().entries("a")] == [*saved, "new"]


def test_a_page_lost_in_the_middle_does_not_take_the_later_answers_along(open_store, tmp_path, filled):
    lost = filled.index(b"answer 0200 ") // 4096 * 4096
    (tmp_path / FILE).write_bytes(filled[:lost] + b"\xaa" * 4096 + filled[lost + 4096 :])
    store = open_store()
    saved = [int(entry.text.split()[1]) for entry in store.entries("a")]
    assert saved == sorted(saved)
    assert {0, 100, 300, 399} <= set(saved)
    assert 200 not in saved
    assert f"; {len(saved)} answers" in store.notice


def test_rows_that_make_no_sense_are_left_behind(open_store, tmp_path):
    with open_store() as store:
        store.append("a", Entry(text="sound"))
        store._connection.execute("PRAGMA ignore_check_constraints = ON")
        store._connection.execute("INSERT INTO journal VALUES (NULL, 'a', 's', 'b', 'jump', 'x', '', 1.0)")
        store._connection.execute("INSERT INTO journal VALUES (NULL, 'a', 's', 'b', 'answer', x'ff00', '', 1.0)")
        store._connection.execute("INSERT INTO journal VALUES (NULL, 'a', 's', 'b', 'answer', 'x', '', 'noon')")
        store._connection.execute("INSERT INTO progress VALUES ('b', 'flown', 1, 2, 3)")
        store._connection.execute("INSERT INTO review VALUES ('a', '{}', 'noon')")
        store._connection.execute("INSERT INTO review VALUES ('b', x'ff00', 3)")
        store._connection.execute("INSERT INTO review VALUES ('c', '{}', 3)")
        store._connection.execute("DROP TABLE opened")
    store = open_store()
    assert "; 1 answer could be read from it and carried over." in store.notice
    assert [entry.text for entry in store.entries("a")] == ["sound"]
    assert list(store.summary()) == ["a"]
    assert [store.review_card(exercise) for exercise in "abc"] == [None, None, "{}"]


def test_answers_that_are_only_in_the_log_beside_the_file_are_carried_over(start, open_store, tmp_path):
    """A program that was killed leaves its last answers in the write-ahead log; then the file loses its end."""
    source = """
with Store(Path(sys.argv[1])) as store:
    store._connection.execute("PRAGMA wal_autocheckpoint = 0")
    for number in range(3):
        store.append("a", Entry(text=str(number)))
    store._connection.execute("DROP TABLE opened")
    print("done", flush=True)
    sys.stdin.read()
"""
    program = start(source)
    program.stdout.readline()
    program.kill()
    program.wait()
    assert (tmp_path / f"{FILE}-wal").stat().st_size > 0
    store = open_store()
    assert [entry.text for entry in store.entries("a")] == ["0", "1", "2"]
    assert "3 answers" in store.notice


def test_damage_while_the_store_is_open_loses_no_new_answer(open_store, tmp_path, filled):
    (tmp_path / FILE).write_bytes(filled)
    store = open_store()
    with (tmp_path / FILE).open("r+b") as file:
        file.seek(4096)
        file.write(random.Random(1).randbytes(len(filled) - 4096))
    # What SQLite has read already it does not read again.
    store._connection.execute("PRAGMA shrink_memory")
    store.append("a", Entry(text="new"))
    assert ASIDE in store.notice
    assert store.entries("a")[-1].text == "new"
    assert open_store().entries("a")[-1].text == "new"


def test_a_damaged_byte_within_a_text_costs_that_character_only(open_store, tmp_path, filled):
    (tmp_path / FILE).write_bytes(filled.replace(b"answer 0007", b"answer \xff007").replace(b"half", b"h\xfflf"))
    store = open_store()
    assert store.entries("a")[7].text.startswith("answer \ufffd007 ")
    assert store.draft("a", "b") == "h\ufffdlf an answer"
    assert len(store.entries("a")) == 400


@st.composite
def damages(draw: st.DrawFn, length: int = 20 * 4096) -> list[tuple[int, bytes]]:
    """Some bytes at some places; often in the head of the file, where most depends on each."""
    places = st.integers(0, length - 1) | st.integers(0, 200)
    return draw(st.lists(st.tuples(places, st.binary(min_size=1, max_size=16)), min_size=1, max_size=6))


@settings(max_examples=examples(60), deadline=None)
@given(damages())
def test_whatever_happens_to_the_bytes_a_store_opens_or_says_why_not(damage):
    with TemporaryDirectory() as name:
        folder = Path(name)
        damaged = bytearray(_filled())
        for place, junk in damage:
            damaged[place : place + len(junk)] = junk
        (folder / FILE).write_bytes(damaged)
        try:
            with Store(folder) as store:
                store.append("new", Entry(text="kept"))
                store.keep_draft("new", "b", "draft")
                for read in (store.drafts, store.entries):
                    assert len(read("a")) <= 400
                assert "new" in store.summary()
                assert len(store.due(1e12)) <= 1
                assert store.last_opened() == "new"
                assert [entry.text for entry in store.entries("new")] == ["kept"]
                assert (folder / ASIDE).exists() == (store.notice is not None)
        except StoreProblem as problem:
            # Bytes that say "newer" or "only to be read".
            assert "newer" in str(problem) or "cannot be kept" in str(problem)
            assert (folder / FILE).read_bytes()[100:] == damaged[100:]


def test_the_file_of_a_newer_program_is_refused_and_left_alone(open_store, tmp_path, filled):
    (tmp_path / FILE).write_bytes(filled)
    with sqlite3.connect(tmp_path / FILE) as newer:
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    newer.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StoreProblem, match=r"written by a newer backprop-tutor .* set BACKPROP_TUTOR_HOME"):
        open_store()
    assert (tmp_path / FILE).read_bytes() == before
    assert not (tmp_path / ASIDE).exists()
