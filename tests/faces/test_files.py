"""What a file's name may lead to: pipes, devices, folders and files that are no text keep nobody waiting."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer

import pytest

from tutor.catalogue.listing import KEPT, listed
from tutor.files import NotText, bytes_of, text_of
from tutor.library import load
from tutor.paths import home as home_of
from tutor.runner import Runner
from tutor.session.validation import check_path
from tutor.settings.file import SettingsProblem, keep
from tutor.settings.schema import read_settings
from tutor.tui.widgets import code_editor as outside

MOST = 1000


def fifo(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


def folder_instead(path: Path) -> None:
    path.mkdir()


def too_large(path: Path) -> None:
    path.write_bytes(b"#" * 300_000)


def no_text(path: Path) -> None:
    path.write_bytes(b"x = \xff\xfe\x00")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


ODD = (fifo, device, terminal, folder_instead, too_large, no_text, link_to_itself)
Make = Callable[[Path], None]


@pytest.fixture(autouse=True)
def not_for_ever() -> Iterator[None]:
    """A program that waits is ended with the word why, for nothing else would end it."""
    timer = Timer(60.0, lambda: os._exit(99))
    timer.start()
    yield
    timer.cancel()


@pytest.mark.parametrize("make", ODD)
def test_a_reason_for_all_that_is_no_text_file(tmp_path: Path, make: Make) -> None:
    make(tmp_path / "odd")
    with pytest.raises(NotText) as raised:
        text_of(tmp_path / "odd", MOST)
    assert str(raised.value).startswith("it ")


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        text_of(tmp_path / "nothing", MOST)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"x" * MOST, "x" * MOST),
        (b"\xef\xbb\xbf\xcf\x83\n", "σ\n"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
    ],
)
def test_text_up_to_the_limit(tmp_path: Path, data: bytes, text: str) -> None:
    (tmp_path / "file").write_bytes(data)
    assert text_of(tmp_path / "file", MOST) == text


def test_one_byte_too_many_and_line_ends_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * (MOST + 1))
    with pytest.raises(NotText, match="larger than 1 kB"):
        bytes_of(tmp_path / "file", MOST)
    (tmp_path / "file").write_bytes(b"a\r\nb")
    assert text_of(tmp_path / "file", MOST, own_line_ends=True) == "a\r\nb"


@pytest.mark.parametrize("make", ODD)
def test_settings(tmp_path: Path, make: Make) -> None:
    path = tmp_path / "settings.toml"
    make(path)
    [fault] = read_settings(path=path).faults
    assert fault.startswith("settings.toml: it ")
    with pytest.raises(SettingsProblem):
        keep({"digits": 4}, path)


@pytest.mark.parametrize("make", ODD)
def test_exercises_and_packs(tmp_path: Path, make: Make) -> None:
    make(tmp_path / "one.toml")
    make(tmp_path / "pack.toml")
    found = load([tmp_path])
    reasons = {broken.path.name: broken.reason for broken in found.broken}
    assert reasons["one.toml"].startswith("it ")
    assert make is link_to_itself or reasons["pack.toml"].startswith("it ")


@pytest.mark.parametrize("make", [fifo, device])
def test_check(tmp_path: Path, make: Make) -> None:
    make(tmp_path / "one.toml")
    with Runner() as runner:
        [report] = check_path(tmp_path / "one.toml", runner)
    assert not report.sound


@pytest.mark.parametrize("make", ODD)
def test_the_listing_that_was_kept(home: Path, make: Make) -> None:
    home.mkdir(parents=True, exist_ok=True)
    make(home_of() / KEPT)
    assert listed([])["exercises"] == []


class Aside:
    """An app that steps aside."""

    def suspend(self) -> Aside:
        return self

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize("make", ODD)
def test_what_an_editor_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Make) -> None:
    def edit(command: list[str], check: bool) -> object:
        Path(command[-1]).unlink()
        make(Path(command[-1]))
        return type("Done", (), {"returncode": 0})

    monkeypatch.setenv("EDITOR", "ed")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setattr(outside.subprocess, "run", edit)
    with pytest.raises(outside.NoEditor, match=r"cannot be used: it .*\. The code stays as it was\."):
        outside.edit_outside(Aside(), "x = 1\n", "code.py")  # type: ignore[arg-type]


@pytest.mark.parametrize(("code", "taken"), [(0, True), (-1, True), (1, False)])
def test_what_an_editor_saved_is_taken_back_though_a_signal_ended_it(
    monkeypatch: pytest.MonkeyPatch, code: int, taken: bool
) -> None:
    def edit(command: list[str], check: bool) -> object:
        Path(command[-1]).write_text("x = 2\n", encoding="utf-8")
        return type("Done", (), {"returncode": code})

    monkeypatch.setenv("EDITOR", "ed")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setattr(outside.subprocess, "run", edit)
    with contextlib.nullcontext() if taken else pytest.raises(outside.NoEditor, match="ended with an error"):
        assert outside.edit_outside(Aside(), "x = 1\n", "code.py") == "x = 2\n"  # type: ignore[arg-type]


@pytest.mark.parametrize("make", ODD)
def test_a_program_of_one_s_own(tmp_path: Path, cli, make: Make) -> None:
    make(tmp_path / "mine.py")
    done = cli("start", "node-way/a", "--plain", "--code", str(tmp_path / "mine.py"))
    assert done.returncode == 2 and "mine.py" in done.stderr and "Traceback" not in done.stderr
