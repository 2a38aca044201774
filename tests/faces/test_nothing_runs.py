"""No file makes anything run: not by being checked, listed, shown or opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.faces.nasty import OPENED, files
from tutor.cli.commands import verbs
from tutor.library import Exercise, read_exercise
from tutor.runner import Runner


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "mark"


def test_nothing_runs(folder: Path, mark: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(mark.parent)
    written = files(folder, mark)
    for words in (["check", str(folder)], ["list", "--exercises", str(folder)], ["check", *map(str, written)]):
        assert CliRunner().invoke(verbs, words).output
    for id in (one.stem for one in written):
        for words in (["show", id], ["show", id, "--solution"], ["start", id, "--plain"]):
            done = CliRunner().invoke(verbs, [*words, "--exercises", str(folder)], input=":hint\n:solution\n:quit\n")
            assert (done.exit_code == 2) is (id not in OPENED), done.output
    assert not mark.exists()


def test_the_learners_own_run_is_where_it_runs(folder: Path, mark: Path, runner: Runner) -> None:
    """What stands in the editor is the learner's when it is run: the mark shows that this test could fail."""
    files(folder, mark)
    read = read_exercise(folder / "given.toml")
    assert isinstance(read, Exercise)
    from tutor.learner import Store
    from tutor.session.session import Session

    with Store(folder / "home") as store:
        session = Session(read, store, runner)
        for step in session.steps[:-1]:
            session.skip(step)
        (blank,) = session.blanks(session.steps[-1])
        assert not mark.exists()
        session.answer(session.steps[-1], blank, blank.starter)
    assert "touch" in blank.starter
    assert mark.exists()


@pytest.mark.parametrize(
    ("code", "key", "line", "says"),
    [
        ('helpers = """\ndef g(x):\n    return x\n"""', "code.helpers", 5, 'helpers = ["sigmoid(x) = 1/(1 + e^-x)"]'),
        ('helpers = ["def g(x): return x"]', "code.helpers[1]", 5, "helpers are formulas, not Python"),
        ('helpers = ["g(x) = 1/(1 + x"]', "code.helpers[1]", 5, "never closed"),
        ('helpers = ["g(x) = x",\n"h(x) = y"]', "code.helpers[2]", 6, "The name y is not known"),
        ('helpers = ["f(x) = x"]', "code.helpers", 5, "already means something else"),
        ('given = """\na = x\nb = (\n"""', "code.given", 5, "Python cannot read line 2 of it"),
    ],
)
def test_what_cannot_be_read_is_named(folder: Path, runner: Runner, code: str, key: str, line: int, says: str) -> None:
    from tutor.session.validation import check_file

    text = f'title = "t"\nfunction = "f(x, y) = x sin(y)"\nat = {{ x = 1.3, y = 0.7 }}\n[code]\n{code}\n'
    (folder / "own.toml").write_text(text, encoding="utf-8")
    (fault,) = check_file(folder / "own.toml", runner).problems
    assert (fault.key, fault.line) == (key, line)
    assert says in fault.reason


def test_helpers_are_written_in_numpy(folder: Path, runner: Runner) -> None:
    from tutor.library.problem import problem_of
    from tutor.questions.backprop.code import signature_of
    from tutor.session.validation import check_file

    text = 'title = "t"\nfunction = "f(x, y) = x sin(y)"\nat = { x = 1.3, y = 0.7 }\n[code]\n'
    text += 'helpers = ["sigmoid(x) = 1/(1 + e^-x)", "lerp(lambda, a, b) = a + lambda (b - a)", "erf(x) = erf(x)"]\n'
    (folder / "own.toml").write_text(text, encoding="utf-8")
    read = read_exercise(folder / "own.toml")
    assert isinstance(read, Exercise)
    starter = signature_of(problem_of(read), read.file.code).starter
    assert "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n" in starter
    assert "def lerp(lambda_, a, b):\n    return a + lambda_ * (b - a)\n" in starter
    assert "def erf(x):\n    from math import erf\n    return np.vectorize(erf)(x)\n" in starter
    assert check_file(folder / "own.toml", runner).sound
