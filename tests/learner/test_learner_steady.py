"""Work goes on where nothing can be written, and all of it is written as soon as that is possible."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tutor.learner import Entry, SteadyStore, Store, StoreProblem

LOOK = """
import os
os.environ["BACKPROP_TUTOR_HOME"] = sys.argv[1]
if os.geteuid() == 0:
    os.setuid(65534)
with looking() as store:
    print([entry.text for entry in store.entries("a")], store.notice)
"""


class Steady:
    """A store and all that it said."""

    def __init__(self, folder: Path) -> None:
        self.said: list[str] = []
        self.store = SteadyStore(self.said.append, folder)

    def texts(self) -> list[str]:
        return [entry.text for entry in self.store.entries("a")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "parent" / "home"


@pytest.fixture
def steady(folder: Path) -> Iterator[Steady]:
    steady = Steady(folder)
    steady.store.append("a", Entry(text="1"))
    yield steady
    steady.store.close()


def on_disk(folder: Path) -> list[str]:
    with Store(folder) as store:
        return [entry.text for entry in store.entries("a")]


def fill(steady: Steady) -> None:
    (pages,) = steady.store._connection.execute("PRAGMA page_count").fetchone()
    steady.store._connection.execute(f"PRAGMA max_page_count = {pages}")


def make_room(steady: Steady) -> None:
    steady.store._connection.execute("PRAGMA max_page_count = 100000")


LONG = "x" * 20_000


def test_a_full_disk_is_said_once_and_nothing_is_lost(steady: Steady, folder: Path) -> None:
    fill(steady)
    for _ in range(3):
        steady.store.append("a", Entry(text=LONG))
    steady.store.keep_draft("a", "b", "typed")
    assert steady.texts() == ["1", LONG, LONG, LONG] and steady.store.draft("a", "b") == "typed"
    assert steady.store.summary()["a"].state == "started"
    (said,) = steady.said
    assert "disk is full" in said and "kept in memory" in said and steady.store.trouble == said
    make_room(steady)
    steady.store.keep_note("add", "mine")
    assert steady.said[1:] == ["Your progress has been written again, all of it."]
    assert not steady.store.unwritten and not steady.store.trouble
    assert on_disk(folder) == ["1", LONG, LONG, LONG]
    with Store(folder) as store:
        assert store.draft("a", "b") == "typed" and store.note("add") == "mine"


def test_what_is_unwritten_is_tried_once_more_at_the_end(steady: Steady, folder: Path) -> None:
    fill(steady)
    steady.store.append("a", Entry(text=LONG))
    assert steady.store.unwritten
    make_room(steady)
    steady.store.close()
    assert not steady.store.unwritten
    assert on_disk(folder) == ["1", LONG]


def test_what_stays_unwritten_at_the_end_is_known(steady: Steady, folder: Path) -> None:
    fill(steady)
    steady.store.append("a", Entry(text=LONG))
    steady.store.close()
    assert steady.store.unwritten
    assert on_disk(folder) == ["1"]


def test_a_folder_that_is_removed_is_written_again(steady: Steady, folder: Path) -> None:
    steady.store.keep_note("add", "mine")
    shutil.rmtree(folder)
    steady.store.append("a", Entry(text="2"))
    assert steady.texts() == ["1", "2"] == on_disk(folder)
    assert steady.store.note("add") == "mine"
    (said,) = steady.said
    assert f"was removed from {folder}" in said


def test_a_folder_that_cannot_be_made_again_is_waited_for(steady: Steady, folder: Path) -> None:
    shutil.rmtree(folder.parent)
    folder.parent.touch()
    steady.store.append("a", Entry(text="2"))
    assert steady.texts() == ["1", "2"] and steady.store.trouble
    folder.parent.unlink()
    steady.store.append("a", Entry(text="3"))
    assert steady.texts() == ["1", "2", "3"] == on_disk(folder)
    assert not steady.store.trouble


def test_a_file_that_another_program_has_put_there_is_left_as_it_is(steady: Steady, folder: Path) -> None:
    shutil.rmtree(folder)
    with Store(folder) as other:
        other.append("a", Entry(text="theirs"))
    steady.store.append("a", Entry(text="2"))
    assert on_disk(folder) == ["theirs", "2"] == steady.texts()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_folder_that_can_only_be_read_can_be_looked_at(start, elsewhere: bool) -> None:
    """Also where another program has the store open, and the answer is only in the log beside it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        store = Store(folder)
        store.append("a", Entry(text="1"))
        if not elsewhere:
            store.close()
        for path in folder.iterdir():
            path.chmod(0o444)
        folder.chmod(0o555)
        said = start(LOOK, folder).stdout.read()
        folder.chmod(0o755)
        store.close()
    assert said.startswith("['1'] ")
    assert elsewhere or "as it was written last. Your progress cannot be kept in" in said


def test_what_cannot_be_read_either_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tutor.learner import looking

    (tmp_path / "file").touch()
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(tmp_path / "file"))
    with pytest.raises(StoreProblem, match="cannot be kept"), looking():
        pass
