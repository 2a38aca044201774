"""The working folder: only what a run has itself made is ever removed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.runner.child.folder import PREFIX, Folder, made, make, remove
from tutor.runner.process import BOOT, PACKAGE_FOLDER


def _everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A folder of the learner's own, with something in it."""
    folder = tmp_path / "precious"
    (folder / "deep").mkdir(parents=True)
    (folder / "kept").write_text("x")
    (folder / "deep" / "kept").write_text("y")
    return folder


KEPT = ["deep", "deep/kept", "kept"]


def test_a_folder_is_made_for_this_user_alone(tmp_path):
    folder = make(tmp_path / f"{PREFIX}1")
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert made(folder.path) == folder
    remove(folder)
    assert not folder.path.exists()
    remove(folder)


def test_a_folder_with_everything_in_it_is_removed_and_links_are_not_followed(tmp_path, precious):
    folder = make(tmp_path / f"{PREFIX}1")
    top = folder.path
    (top / "a" / "b" / "c").mkdir(parents=True)
    (top / "a" / "b" / "file").write_text("x")
    (top / "a" / "link").symlink_to(precious)
    (top / "link").symlink_to(precious, target_is_directory=True)
    (top / "hard").hardlink_to(precious / "kept")
    (top / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(top / "fifo")
    (top / os.fsdecode(b"\xff\n\x1b")).touch()
    for number in range(200):
        (top / "a" / str(number)).touch()
    (top / "a" / "b").chmod(0)
    (top / "a").chmod(0)
    top.chmod(0)
    remove(folder)
    assert not top.exists()
    assert _everything(precious) == KEPT
    assert (precious / "kept").read_text() == "x"


@pytest.mark.parametrize("name", ["precious", "backprop-tutor", "run-1", ""])
def test_a_folder_of_another_name_is_refused(tmp_path, precious, name):
    path = tmp_path / name
    status = path.stat() if path.exists() else tmp_path.stat()
    for refused in (make, made, lambda path: remove(Folder(path, (status.st_dev, status.st_ino)))):
        with pytest.raises(ValueError, match="not a working folder"):
            refused(path)
    assert _everything(precious) == KEPT


def test_a_relative_path_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in (Path(f"{PREFIX}1"), Path(), Path("..") / f"{PREFIX}1"):
        with pytest.raises(ValueError, match="not a working folder"):
            make(path)
    assert _everything(tmp_path) == []


def test_what_is_there_already_is_not_taken_over(tmp_path, precious):
    path = precious.rename(tmp_path / f"{PREFIX}1")
    with pytest.raises(FileExistsError):
        make(path)
    link = tmp_path / f"{PREFIX}2"
    link.symlink_to(path)
    with pytest.raises(FileExistsError):
        make(link)
    with pytest.raises(NotADirectoryError):
        made(link)
    assert _everything(path) == KEPT


@pytest.mark.parametrize("put", ["link", "folder", "file"])
def test_what_has_been_put_in_the_place_of_a_folder_stays(tmp_path, precious, put):
    folder = make(tmp_path / f"{PREFIX}1")
    folder.path.rename(tmp_path / "moved")
    if put == "link":
        folder.path.symlink_to(precious, target_is_directory=True)
    elif put == "folder":
        precious.rename(folder.path)
        precious = folder.path
    else:
        folder.path.write_text("mine")
    remove(folder)
    assert folder.path.exists()
    assert _everything(precious) == KEPT


@pytest.mark.parametrize("kind", ["its own", "full", "link", "relative", "empty"])
def test_a_worker_started_by_hand_removes_nothing(tmp_path, precious, kind):
    """With nothing to read and in a folder of the learner's own: as by a slip of the one who works on it."""
    full = tmp_path / f"{PREFIX}full"
    (full / "kept").mkdir(parents=True)
    link = tmp_path / f"{PREFIX}link"
    link.symlink_to(precious, target_is_directory=True)
    empty = tmp_path / f"{PREFIX}empty"
    empty.mkdir()
    folder = {"its own": precious, "full": full, "link": link, "relative": ".", "empty": empty}[kind]
    before = _everything(tmp_path)
    done = _start_by_hand(folder, precious)
    assert done.stdout.startswith("broken\n")
    assert _everything(tmp_path) == before


def test_a_worker_started_by_hand_removes_the_folder_it_has_made(tmp_path, precious):
    done = _start_by_hand(precious / f"{PREFIX}new", precious)
    assert done.stdout.startswith("ready\n")
    assert _everything(precious) == KEPT


def test_a_worker_that_does_not_find_numpy_says_so_and_removes_the_folder_it_has_made(tmp_path, precious):
    boot = BOOT.replace("from child.supervisor", "sys.modules['numpy'] = None; from child.supervisor")
    done = _start_by_hand(precious / f"{PREFIX}new", precious, boot)
    assert done.stdout.startswith("broken\n")
    assert "numpy" in done.stdout
    assert _everything(precious) == KEPT


def _start_by_hand(folder: Path | str, here: Path, boot: str = BOOT) -> subprocess.CompletedProcess[str]:
    numpy_folder = next(path for path in map(Path, sys.path) if (path / "numpy").is_dir())
    command = [sys.executable, "-I", "-c", boot, PACKAGE_FOLDER, numpy_folder, folder, "16", "1.0"]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=here)
