"""An error nobody expected: what is said, what is recorded, and how the program ends."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tutor import cli
from tutor import crash_report as mishap


@pytest.mark.parametrize(
    ("words", "broken"),
    [
        (["list"], "tutor.catalogue.listing.write_list"),
        (["list", "--exercises", "."], "tutor.cli.learning.write_list"),
        (["show", "node-way/a"], "tutor.cli.learning.statement"),
        (["start", "node-way/a", "--plain"], "tutor.plain.run"),
        (["check", "exercises/node-way/a.toml"], "tutor.session.validation.check_path"),
        (["gates"], "tutor.catalogue.gate_cards.cards"),
        (["schema"], "tutor.questions.registry.json_schema"),
        (["settings"], "tutor.settings.schema.read_settings"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_every_verb_ends_in_sentences(
    words: list[str],
    broken: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("no [red]such\x1b[31m\nthing")

    monkeypatch.setattr(broken, fail)
    monkeypatch.setattr(sys, "argv", ["backprop-tutor", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err
    assert ended.value.code == mishap.FAILED == 3
    assert "unexpected error" in said and "ValueError: no [red]such␛[31m thing" in said
    assert "answers and drafts are safe" in said and str(home / "backprop-tutor.log") in said
    assert "Traceback" not in said and "\x1b" not in said
    assert "in fail" in (home / "backprop-tutor.log").read_text(encoding="utf-8")


def test_the_log_is_the_platforms_where_no_folder_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("BACKPROP_TUTOR_HOME")
    monkeypatch.setattr(mishap, "user_state_path", lambda name, **_: tmp_path / "state" / name)
    assert mishap.log_path() == tmp_path / "state" / "backprop-tutor" / "backprop-tutor.log"


def test_the_log_does_not_grow_without_end(home: Path) -> None:
    error = ValueError("x" * 40_000)
    for _ in range(20):
        mishap.record(error)
    files = sorted(path.name for path in home.iterdir())
    assert files == ["backprop-tutor.log", "backprop-tutor.log.1", "backprop-tutor.log.2"]
    assert all(path.stat().st_size <= 200_000 for path in home.iterdir())


@pytest.mark.parametrize("kind", ["folder", "file above"])
def test_a_log_that_cannot_be_written_is_said(kind: str, home: Path) -> None:
    if kind == "folder":
        (home / "backprop-tutor.log").mkdir(parents=True)
    else:
        home.write_text("", encoding="utf-8")
    said = mishap.in_words(ValueError("x"))
    assert "could not be written" in said and "ValueError: x" in said


def test_an_error_that_cannot_be_told_is_told() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert "Mute" in mishap.in_words(Mute())
    assert len(mishap.in_words(ValueError("y" * 10_000))) < 1000
