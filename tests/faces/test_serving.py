"""Serving to browsers, without one: who a visitor is, what their app is started with, and what the verb says.

`bench_serve` does it with a browser.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from tutor.cli.commands import verbs
from tutor.paths import code_is_run
from tutor.serving.visitors import environment_of, folder_of, is_from_here, is_token, new_token


def test_each_visitor_has_a_folder_that_does_not_tell_their_token(tmp_path: Path) -> None:
    tokens = {new_token() for _ in range(100)}
    folders = {folder_of(tmp_path, token) for token in tokens}
    assert len(folders) == 100 and all(is_token(token) for token in tokens)
    assert all(folder.parent == tmp_path for folder in folders)
    assert not any(token in str(folder) for token in tokens for folder in folders)
    for forged in ("", "..", "../../etc", "a" * 31, "a" * 33, "a" * 31 + "/", "a" * 31 + "\n"):
        with pytest.raises(ValueError):
            folder_of(tmp_path, forged)


def test_the_app_of_a_visitor_is_started_with_their_folder_and_without_code(tmp_path, monkeypatch) -> None:
    server = {"PATH": "/bin", "EDITOR": "vi", "VISUAL": "vi", "BACKPROP_TUTOR_HOME": "/teacher"}
    own = environment_of(server, tmp_path / "one", [tmp_path, tmp_path / "b"], None, runs_code=False)
    assert own["BACKPROP_TUTOR_HOME"] == str(tmp_path / "one") and own["PATH"] == "/bin"
    assert not {"EDITOR", "VISUAL", "BACKPROP_TUTOR_ONLY"} & own.keys()
    monkeypatch.setenv("BACKPROP_TUTOR_CODE", own["BACKPROP_TUTOR_CODE"])
    assert not code_is_run()
    allowed = environment_of(server, tmp_path, [], tmp_path, runs_code=True)
    assert allowed["BACKPROP_TUTOR_ONLY"] == str(tmp_path)
    monkeypatch.setenv("BACKPROP_TUTOR_CODE", allowed["BACKPROP_TUTOR_CODE"])
    assert code_is_run()


@pytest.mark.parametrize(
    ("host", "origin", "loopback", "let_in"),
    [
        ("localhost:8000", "http://localhost:8000", True, True),
        ("127.0.0.1:8000", None, True, True),
        ("[::1]:8000", "http://[::1]:8000", True, True),
        ("evil.example:8000", "http://evil.example:8000", True, False),
        ("localhost:8000", "http://evil.example", True, False),
        ("localhost:8000", "null", True, False),
        ("class.example:8000", "http://class.example:8000", False, True),
        ("class.example:8000", "http://evil.example:8000", False, False),
    ],
)
def test_only_pages_of_this_server_are_let_in(host: str, origin: str | None, loopback: bool, let_in: bool) -> None:
    assert is_from_here(host, origin, loopback) is let_in


def test_a_place_that_is_taken_is_said_before_it_is_said_to_be_served(monkeypatch: pytest.MonkeyPatch) -> None:
    class Served:
        def __init__(self, *_: object) -> None:
            self.is_local = True

    stand_in = ModuleType("tutor.serving.server")
    stand_in.ServedApp = stand_in.TutorServer = Served  # the extra may be absent
    monkeypatch.setitem(sys.modules, "tutor.serving.server", stand_in)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(verbs, ["serve", "--port", port])
    assert done.exit_code == 2
    assert done.output.split() == f"Something is served at 127.0.0.1:{port} already: --port names another.".split()
    nowhere = CliRunner().invoke(verbs, ["serve", "--host", "no such host"])
    assert nowhere.exit_code == 2 and "served at no such host:8000" in " ".join(nowhere.output.split())


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tutor.serving.server", None)
    done = CliRunner().invoke(verbs, ["serve"])
    assert done.exit_code == 2 and 'pip install ".[serve]"' in " ".join(done.output.split())
    assert "--allow-code" in CliRunner().invoke(verbs, ["serve", "--help"]).output
