from __future__ import annotations

import io
import json
import os
import time
from pathlib import Path

import pytest

import tutor.library
from tutor.catalogue.listing import KEPT, listed, write_list
from tutor.learner import Entry, Rating, Schedule, Store
from tutor.library import read_exercise
from tutor.paths import exercise_folders, shipped_folder
from tutor.text import columns

GOOD = 'title = "Mine"\nfunction = "f(x) = x^2"\nat = { x = 3 }\n'


def put(folder: Path, name: str, text: str, age: float = 3600.0) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (time.time() - age,) * 2)
    return path


def forbid_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_folders: list[Path]) -> None:
        raise AssertionError("the files were read again")

    monkeypatch.setattr(tutor.library, "load", load)


def ids(folders: list[Path]) -> list[str]:
    return [one["id"] for one in listed(folders)["exercises"]]


def as_text(folders: list[Path], encoding: str = "utf-8") -> str:
    writer = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    write_list(folders, writer)
    writer.flush()
    return writer.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]


def test_folders_of_the_environment(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("BACKPROP_TUTOR_EXERCISES", os.pathsep.join([str(folder), "", str(folder), "/other"]))
    assert exercise_folders([folder, Path("/third")]) == [folder, Path("/third"), Path("/other"), shipped_folder()]


def test_signs_for_states(home: Path, folder: Path) -> None:
    for name in ("a", "b", "c"):
        put(folder, f"{name}.toml", GOOD)
    with Store(home) as store:
        store.set_progress("b", "started", 1, 4)
        store.set_progress("c", "solved", 4, 4)
    lines = as_text([folder]).splitlines()
    assert [line[:5] for line in lines if "Mine" in line] == ["  ○ a", "  ◐ b", "  ✓ c"]
    assert [line[:5] for line in as_text([folder], "ascii").splitlines() if "Mine" in line] == [
        "  - a",
        "  ~ b",
        "  * c",
    ]


def test_one_long_title_widens_no_other_line(folder: Path) -> None:
    put(folder, "a.toml", GOOD)
    put(folder, "b.toml", GOOD.replace("Mine", "漢" * 90))
    put(folder, "c.toml", GOOD.replace("Mine", "A " + "very " * 16 + "long one"))
    put(folder, f"{'x' * 200}.toml", GOOD.replace("Mine", "👩‍🔬 Mine"))
    lines = as_text([folder]).splitlines()
    assert max(columns(line) for line in lines if "x" * 200 not in line) < 120
    own = [line for line in lines if "level 1" in line and "x" * 200 not in line]
    assert len(own) == 3 and len({columns(line) for line in own}) == 1 and sum("…" in line for line in own) == 2


def test_words_for_states(home: Path, folder: Path) -> None:
    put(folder, "a.toml", GOOD)
    put(folder, "bad.toml", 'title = "x"\nat = 3\n')
    with Store(home) as store:
        store.set_progress("a", "started", 1, 4)
    writer = io.StringIO()
    write_list([folder], writer, as_json=True)
    shown = json.loads(writer.getvalue())
    assert shown["exercises"] == [
        {
            "id": "a",
            "title": "Mine",
            "topic": "",
            "pack": "mine",
            "level": 1,
            "steps": ["stage", "forward", "backward", "code"],
            "state": "started",
            "done": 1,
            "due": None,
            "solved_before": False,
            "changed": False,
            "variants": [],
        }
    ]
    assert [one["id"] for one in shown["broken"]] == ["bad"]
    assert set(shown["broken"][0]) == {"id", "path", "line", "key", "reason", "faults"}


def test_shown_is_told_from_solved_and_begun(home: Path, folder: Path) -> None:
    put(folder, "a.toml", GOOD)
    with Store(home) as store:
        store.set_progress("a", "started", 4, 4)
    assert "  ◎ a" in as_text([folder]) and "  @ a" in as_text([folder], "ascii")
    assert "◎ shown" in as_text([folder])


def test_what_was_solved_before_and_what_has_changed_since(home: Path, folder: Path) -> None:
    for name in ("again", "changed", "same", "old"):
        put(folder, f"{name}.toml", GOOD)
    digest = read_exercise(folder / "same.toml").digest  # type: ignore[union-attr]
    with Store(home) as store:
        for id, text in (("again", digest), ("changed", "another"), ("same", digest), ("old", "")):
            store.append(id, Entry(action="solved", text=text))
        store.append("again", Entry(action="reset"))
    marked = {line.split()[1]: line for line in as_text([folder]).splitlines() if "Mine" in line}
    assert marked["again"].endswith("○ again    Mine  level 1  solved before")
    assert marked["changed"].endswith("✓ changed  Mine  level 1  changed since you solved it")
    assert all(marked[name].endswith("level 1") for name in ("same", "old"))
    put(folder, "same.toml", GOOD.replace("x^2", "x^3"))
    assert "✓ same     Mine  level 1  changed since you solved it" in as_text([folder])


def with_reviews(home: Path, folder: Path) -> None:
    """`soon` falls due after a day, `later` after eight; `never` has not been finished."""
    with Store(home) as store:
        for name, went in (("soon", Rating.AGAIN), ("later", Rating.EASY), ("never", None)):
            put(folder, f"{name}.toml", GOOD)
            store.set_progress(name, "started", 1, 4)
            if went:
                Schedule(store).review(name, went, 1_700_000_000.0)


@pytest.mark.parametrize(
    ("days", "due"), [(0.99, set()), (1, {"soon"}), (7.99, {"soon"}), (8, {"soon", "later"}), (900, {"soon", "later"})]
)
def test_what_is_due_is_worth_another_look(home: Path, folder: Path, days: float, due: set[str]) -> None:
    with_reviews(home, folder)
    writer = io.StringIO()
    write_list([folder], writer, clock=lambda: 1_700_000_000.0 + days * 86400)
    marked = [line.split() for line in writer.getvalue().splitlines() if "another look" in line]
    assert {words[1] for words in marked} == due
    assert all(words[2:] == ["Mine", "level", "1", "worth", "another", "look"] for words in marked)


def test_when_each_is_due_in_json(home: Path, folder: Path) -> None:
    with_reviews(home, folder)
    writer = io.StringIO()
    write_list([folder], writer, as_json=True)
    assert {one["id"]: one["due"] for one in json.loads(writer.getvalue())["exercises"]} == {
        "soon": "2023-11-15T22:13:20Z",
        "later": "2023-11-22T22:13:20Z",
        "never": None,
    }


def test_looking_makes_no_store(home: Path, folder: Path) -> None:
    put(folder, "a.toml", GOOD)
    as_text([folder])
    assert not list(home.glob("*.sqlite3*"))


def test_not_read_again_while_nothing_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "a.toml", GOOD)
    first = listed([folder])
    forbid_reading(monkeypatch)
    assert listed([folder]) == first


@pytest.mark.parametrize("change", ["text", "new", "gone", "pack", "broken", "folder"])
def test_read_again_after_a_change(folder: Path, change: str) -> None:
    path = put(folder, "a.toml", GOOD)
    other = folder / "not-yet"
    folders = [folder, other]
    before = as_text(folders)
    match change:
        case "text":
            put(folder, "a.toml", GOOD.replace("Mine", "Ours"))  # as long as before, and as old
        case "new":
            put(folder, "topic/b.toml", GOOD)
        case "gone":
            path.unlink()
        case "pack":
            put(folder, "pack.toml", 'title = "Pack"\n[topics]\n"" = "Ground floor"\n')
        case "broken":
            put(folder, "a.toml", GOOD + "x = 1\n")
        case "folder":
            other.mkdir()
    assert as_text(folders) != before


def test_young_files_are_not_trusted(folder: Path, home: Path) -> None:
    put(folder, "a.toml", GOOD, age=0)
    assert ids([folder]) == ["a"]
    assert not (home / KEPT).exists()


def test_several_lists_of_folders_are_kept(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "a.toml", GOOD)
    put(tmp_path / "other", "b.toml", GOOD)
    both = [folder, tmp_path / "other"]
    assert ids([folder]) == ["a"] and ids(both) == ["a", "b"]
    forbid_reading(monkeypatch)
    assert ids([folder]) == ["a"] and ids(both) == ["a", "b"]


def test_only_so_many_are_kept(folder: Path, tmp_path: Path, home: Path) -> None:
    for number in range(12):
        put(tmp_path / f"{number}", "a.toml", GOOD)
        listed([tmp_path / f"{number}"])
    assert len(json.loads((home / KEPT).read_text())) == 8


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"a": 3}', '{"a": {"files": []}}', "\udc80"])
def test_a_spoilt_file_is_no_matter(folder: Path, home: Path, text: str) -> None:
    put(folder, "a.toml", GOOD)
    home.mkdir()
    (home / KEPT).write_bytes(text.encode("utf-8", "surrogatepass"))
    assert ids([folder]) == ["a"]


def test_where_nothing_can_be_kept(folder: Path, home: Path) -> None:
    put(folder, "a.toml", GOOD)
    home.write_text("a file stands where the folder should be")
    assert "Mine" in as_text([folder])


def test_an_empty_folder(folder: Path) -> None:
    assert "There are no exercises here." in as_text([folder])
