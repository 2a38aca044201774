"""Files that are not what they should be, in a real terminal: the program says so and goes on."""

from __future__ import annotations

from pathlib import Path

from tests.terminal.terminal import Terminal


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
