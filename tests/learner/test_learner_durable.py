"""Nothing written is lost: not to a kill, not to another program, not to a file taken away."""

from __future__ import annotations

import shutil

from tutor.learner import Entry

WRITE_FOR_EVER = """
with Store(Path(sys.argv[1])) as store:
    number = 0
    while True:
        store.append("a", Entry("s", "b", "answer", str(number), "right"))
        store.keep_draft("a", "b", str(number))
        print(number, flush=True)
        number += 1
"""
WRITE_FIFTY = """
sys.stdin.read()
with Store(Path(sys.argv[1])) as store:
    for number in range(50):
        store.append("shared", Entry(sys.argv[2], text=str(number)))
        store.keep_draft(sys.argv[2], "b", str(number))
    print(store.notice)
"""


def test_what_was_written_before_a_kill_is_there(start, open_store):
    """The program says each number when `append` has returned; we kill it in the middle of its work."""
    program = start(WRITE_FOR_EVER)
    said = [int(program.stdout.readline()) for _ in range(50)]
    program.kill()
    said += [int(line) for line in program.stdout.read().split("\n")[:-1]]
    program.wait()
    store = open_store()
    kept = [int(entry.text) for entry in store.entries("a")]
    assert said == list(range(len(said)))
    # The kill may have come between a write and its being said.
    assert kept == list(range(len(kept)))
    assert len(kept) - len(said) in (0, 1)
    assert int(store.draft("a", "b")) in (kept[-1], kept[-1] - 1)
    assert store.notice is None
    store.append("a", Entry(text="after"))
    assert store.entries("a")[-1].text == "after"


def test_several_programs_begin_and_write_at_once(start, tmp_path, open_store):
    programs = [start(WRITE_FIFTY.replace("sys.argv[2]", repr(name))) for name in ("one", "two", "three")]
    for program in programs:
        program.stdin.close()
    assert [program.stdout.read() for program in programs] == ["None\n"] * 3
    entries = open_store().entries("shared")
    for name in ("one", "two", "three"):
        assert [entry.text for entry in entries if entry.step == name] == [str(n) for n in range(50)]
        assert open_store().draft(name, "b") == "49"


def test_programs_that_find_a_damaged_file_at_once_lose_nothing_of_each_other(start, tmp_path, open_store):
    (tmp_path / "progress.sqlite3").write_bytes(b"junk" * 1000)
    programs = [start(WRITE_FIFTY.replace("sys.argv[2]", repr(name))) for name in ("one", "two")]
    for program in programs:
        program.stdin.close()
    notices = [program.stdout.read() for program in programs]
    assert any("was damaged" in notice for notice in notices)
    entries = open_store().entries("shared")
    assert sorted((entry.step, int(entry.text)) for entry in entries) == [
        (name, number) for name in ("one", "two") for number in range(50)
    ]


def test_one_program_sees_at_once_what_another_has_written(open_store):
    one, two = open_store(), open_store()
    one.append("a", Entry(text="1"))
    assert [entry.text for entry in two.entries("a")] == ["1"]
    two.append("a", Entry(action="reset"))
    assert one.entries("a") == []


def test_a_file_that_is_deleted_while_it_is_open_is_made_again(open_store, tmp_path):
    store = open_store(tmp_path / "home")
    store.append("a", Entry(text="gone"))
    shutil.rmtree(tmp_path / "home")
    store.append("a", Entry(text="kept"))
    assert [entry.text for entry in open_store(tmp_path / "home").entries("a")] == ["kept"]


def test_a_file_that_another_program_has_put_in_its_place_is_used(open_store, tmp_path):
    old = open_store()
    old.append("a", Entry(text="old"))
    (tmp_path / "progress.sqlite3").rename(tmp_path / "moved")
    for companion in ("-wal", "-shm"):
        (tmp_path / f"progress.sqlite3{companion}").rename(tmp_path / f"moved{companion}")
    new = open_store()
    new.append("a", Entry(text="new"))
    old.append("a", Entry(text="from the old"))
    new.append("a", Entry(text="last"))
    expected = ["new", "from the old", "last"]
    assert [entry.text for entry in old.entries("a")] == expected
    assert [entry.text for entry in new.entries("a")] == expected
    assert [entry.text for entry in open_store().entries("a")] == expected
