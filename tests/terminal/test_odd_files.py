"""Files that are not what they should be, in a real terminal: the program says so and goes on."""

from __future__ import annotations

from pathlib import Path

from tests.faces.by_hand import WORKED
from tests.terminal.terminal import Terminal
from tests.terminal.test_terminal import answer_all

LEAVES_A_PIPE = """sh -c 'rm "$1"; mkfifo "$1"' sh"""


def test_an_editor_that_leaves_a_pipe_behind(tmp_path: Path) -> None:
    answers, _ = WORKED["node-way/a"]
    with Terminal(tmp_path, "start", "node-way/a", EDITOR=LEAVES_A_PIPE) as terminal:
        terminal.until("1 Stage")
        answer_all(terminal, answers)
        terminal.until("Enter on to Code")
        terminal.press("enter")
        terminal.until("def q2a(x, y, z):")
        terminal.press("f10")
        terminal.until("it is not a file")
        terminal.until("def q2a(x, y, z):")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0


def test_one_long_title_and_one_in_emoji(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    text = 'title = "{}"\nfunction = "f(x) = x^2"\nat = {{ x = 3 }}\n'
    (folder / "a.toml").write_text(text.format("long " * 19), encoding="utf-8")
    (folder / "b.toml").write_text(text.format("👩‍🔬 نامه‌ها"), encoding="utf-8")
    (folder / "c.toml").symlink_to("/dev/zero")
    with Terminal(tmp_path / "home", "list", "--exercises", str(folder), columns=120, lines=140) as terminal:
        terminal.until("c.toml: it is not a file")
        assert terminal.ended() == 0
        rows = [line for line in terminal.text.split("\n") if "level" in line]
        assert sum("…" in row for row in rows) == 1 and "long long" in next(row for row in rows if "…" in row)
        assert "\\u200" not in terminal.text
