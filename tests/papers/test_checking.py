"""`check` looks at papers beside the exercises."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from tutor.cli.commands import verbs

EXERCISE = 'title = "Mine"\nfunction = "f(x, y) = x y"\nat = { x = 2.5, y = 3 }\nsteps = ["backward"]\n'


def test_the_papers_of_a_pack_are_checked_with_its_exercises(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text('title = "Mine"', encoding="utf-8")
    (tmp_path / "a.toml").write_text(EXERCISE, encoding="utf-8")
    good, bad = tmp_path / "good.paper.toml", tmp_path / "bad.paper.toml"
    good.write_text('title = "Good"\n[[exercise]]\nid = "a"\n', encoding="utf-8")
    bad.write_text('title = "Bad"\n\n[[exercise]]\nid = "aa"\n', encoding="utf-8")
    whole = CliRunner().invoke(verbs, ["check", str(tmp_path)])
    assert whole.exit_code == 1 and "4 checked, 1 broken" in whole.output
    assert "bad.paper.toml, line 4" in whole.output and "good.paper.toml: all fine" in whole.output
    assert CliRunner().invoke(verbs, ["check", str(good)]).exit_code == 0
    assert CliRunner().invoke(verbs, ["check", str(bad)]).exit_code == 1
