"""`exam`, `export` and `import` from the command line: papers line by line, and what cannot be done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tutor.cli.commands import verbs
from tutor.learner import Store
from tutor.papers.sitting import sittings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(home))
    return home


def cli(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(verbs, list(words), input=typed)


def said(result: Result) -> str:
    return " ".join((result.output + (result.stderr if result.stderr_bytes else "")).split())


def test_a_paper_line_by_line_is_left_gone_on_with_and_handed_in(home: Path) -> None:
    first = cli("exam", "shapes/add", "--plain", typed="(2, 2)\n\n:flag\n:time\n:go 9\n:list\n:hint\n:quit\n")
    assert first.exit_code == 1
    text = said(first)
    assert "Flagged." in text and "left of" in text and "The questions are 1 to 1" in text
    assert "There is no command :hint on a paper" in text and "Your answers and the time are kept" in text
    for word in ("Right.", "Not yet", "Not counted"):
        assert word not in first.output
    second = cli("exam", "shapes/add", "--plain", typed=":go 1\n\nerror\n:done\nno\n:done\nyes\n")
    assert second.exit_code == 0
    assert "Your answer is (2, 2)" in said(second) and "of 5 marks" in said(second)
    with Store(home) as store:
        (record,) = sittings(store)
    assert record.marks is not None and record.marks.answered == 2
    assert "of 5 marks" in said(cli("exam", "shapes/add", "--result"))
    assert json.loads(cli("exam", "shapes/add", "--result", "--json").output)["full"] == 5
    listed = json.loads(cli("exam", "--list", "--json").output)
    assert len(listed["papers"]) >= 3 and listed["sittings"][0]["paper"] == "shapes/add"
    assert "of 5," in said(cli("exam", "--list"))


def test_equations_and_code_are_typed_line_by_line(home: Path) -> None:
    typed = "p = x + y\nf = p z\n.\n4\n8\n:done\nyes\n"
    done = cli("exam", "node-way/a", "--plain", typed=typed)
    assert done.exit_code == 0, done.output
    assert "4 of 12 marks" in said(done) or "3 of 12 marks" in said(done), done.output
    code = "def q2a(x, y, z):\n    p = x + y\n\n    return p * z, z, z, p\n.\n"
    typed = f"p = x + y\nf = p z\n.{8 * chr(10)}{code}:done\nyes\n"
    again = cli("exam", "node-way/a", "--plain", typed=typed)
    assert "5 of 12 marks" in said(again), again.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("exam", "exam/won", "--plain"), "There is no paper exam/won. Did you mean exam/"),
        (("exam", "--topic", "shaeps", "--plain"), "Did you mean shapes?"),
        (("exam", "--minutes", "1", "--plain"), "5 to 240 minutes"),
        (("exam", "exam/one", "--seed", "x", "--plain"), "A seed is a whole number"),
        (("exam", "exam/one", "--topic", "shapes", "--plain"), "are for drawn papers"),
        (("exam", "gone.paper.toml", "--plain"), "There is no file gone.paper.toml"),
        (("exam", "exam/one", "--result"), "was never handed in"),
        (("exam", "exam/one"), "exam exam/one --plain"),
        (("export", "x.json"), "nothing to export"),
        (("import", "gone.json"), "gone.json cannot be read"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    result = cli(*words)
    assert result.exit_code == 2 and sentence in said(result), result.output


def test_progress_goes_from_one_machine_to_another(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("start", "shapes/add", "--plain", typed="(2, 2)\n")
    cli("try", "x y", "--plain", typed="")
    file = tmp_path / "progress.json"
    assert cli("export", str(file)).exit_code == 0
    assert cli("export", str(file)).exit_code == 2 and cli("export", str(file), "--force").exit_code == 0
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(tmp_path / "other"))
    assert "added" in said(cli("import", str(file)))
    assert "0 lines" in said(cli("import", str(file))) and "here already" in said(cli("import", str(file)))
    assert list((tmp_path / "other" / "own").rglob("*.toml"))
    assert (tmp_path / "other" / "backups").is_dir()
    file.write_text(file.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    assert "damaged" in said(cli("import", str(file)))
