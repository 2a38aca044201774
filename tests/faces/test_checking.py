from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tutor.cli.reports import SaysReading
from tutor.questions.backprop.steps import ForwardStep
from tutor.runner import Runner
from tutor.session.session import Session
from tutor.session.validation import Report, check_file, check_path

from .conftest import Cli

HEAD = 'title = "Mine"\n'
GENERIC = HEAD + 'function = "f(x, y) = x sin(y)"\nat = { x = 1.3, y = 0.7 }\n'


@pytest.fixture
def checked(folder: Path, runner: Runner):  # type: ignore[no-untyped-def]
    def check(text: str) -> Report:
        path = folder / "own.toml"
        path.write_text(text, encoding="utf-8")
        return check_file(path, runner)

    return check


def notes(report: Report) -> list[str]:
    assert report.sound, report.problems
    return [f"{note.key}: {note.reason}" for note in report.notes]


def test_three_lines_are_enough(checked) -> None:  # type: ignore[no-untyped-def]
    report = checked(GENERIC)
    assert report.sound and report.notes == []
    assert report.blanks == 1 + 2 + 7 + 1  # staging, values, the way back, code


def test_every_step_is_worked(checked) -> None:  # type: ignore[no-untyped-def]
    report = checked(GENERIC + "[descend]\nstep = 0.1\n")
    assert report.sound and report.blanks == 11 + 2


@pytest.mark.parametrize(
    ("text", "key", "line", "said"),
    [
        ("title = [", "title", 1, "never closed"),
        (HEAD, "function", 1, "is missing"),
        (GENERIC.replace("sin(y)", "sin(y"), "function", 2, "never closed"),
        (GENERIC.replace("x = 1.3", "q = 1.3"), "at.q", 3, "f takes x, y, not q"),
        (GENERIC.replace("sin(y)", "ln(-y)"), "at", 3, "ln needs a positive number"),
        (GENERIC + '[code]\nname = "1f"\n', "code.name", 5, "not a name in Python"),
    ],
)
def test_what_keeps_a_file_from_being_worked(checked, text: str, key: str, line: int | None, said: str) -> None:  # type: ignore[no-untyped-def]
    report = checked(text)
    assert not report.sound
    assert (report.problems[0].key, report.problems[0].line) == (key, line)
    assert said in report.problems[0].reason


def test_an_answer_of_the_programs_own_that_fails(checked, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(ForwardStep, "worked", lambda *_: "999")
    report = checked(GENERIC)
    assert [problem.key for problem in report.problems] == ["forward"]
    assert (
        "the program's own answer is not accepted (a = 999): 999 is not the right value." in report.problems[0].reason
    )


@pytest.mark.parametrize(
    ("function", "at", "said"),
    [
        (
            "f(x, y) = x + y",
            "x = 0, y = 3.5",
            ["at.x: 0 hides what it is multiplied by, so some mistakes will look right"],
        ),
        (
            "f(x, y) = x y",
            "x = 2.5, y = 2.5",
            ["at: x and y are equal, so an answer that confuses them will look right"],
        ),
        (
            "f(x, y) = x y",
            "x = 1.5, y = 2",
            ["at.y: 2 has the same square and double, so some mistakes will look right"],
        ),
        ("f(x, y) = x", "x = 1.5, y = 1", None),
        (
            "f(x) = (x - 1.5)^2",
            "x = 1.5",
            ["at: every gradient is 0 here, so the backward pass teaches nothing"],
        ),
        ("f(x, y) = x + (y - 1.5)^2", "x = 3.5, y = 1.5", ["at.y: the gradient of y is 0 here"]),
        ("f(x, y) = x + sin(y)", "x = 3.5, y = 0.5", []),
        ("f(x, y) = sum(x^2 y)", "x = [1, 2], y = 0.34", []),
        ("f(x, v) = dot(v, relu(x))", "x = [0.7, -1.3], v = [-0.6, -0.4]", []),
    ],
)
def test_notes_on_inputs(checked, function: str, at: str, said: list[str] | None) -> None:  # type: ignore[no-untyped-def]
    report = checked(f'{HEAD}function = "{function}"\nat = {{ {at} }}\nsteps = ["stage", "forward", "backward"]\n')
    assert not report.sound if said is None else [note.partition("; better: ")[0] for note in notes(report)] == said


@pytest.mark.parametrize(
    ("function", "at"),
    [
        ("f(x, y) = x + y", {"x": "0", "y": "3.5"}),
        ("f(x, y) = x y", {"x": "2.5", "y": "2.5"}),
        ("f(x, y, z) = (x + y) z", {"x": "1", "y": "3", "z": "2"}),
        ("f(x, y, z) = (x^2 + 2y) z^3", {"x": "3", "y": "1", "z": "2"}),
        ("f(x) = 1/(1 + e^-x)", {"x": "2"}),
        ("f(x, y) = (ln x + sin y)^2 + 4x", {"x": '"e"', "y": '"pi/2"'}),
    ],
)
def test_better_numbers_are_proposed(checked, function: str, at: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    def text(values: dict[str, str]) -> str:
        at = ", ".join(f"{name} = {value}" for name, value in values.items())
        return f'{HEAD}function = "{function}"\nat = {{ {at} }}\nsteps = ["stage", "forward", "backward"]\n'

    *_, note = notes(checked(text(at)))
    better = dict(one.split(" = ") for one in re.split(", | and ", note.partition("; better: ")[2]))
    assert better and better.keys() <= at.keys()
    assert all(len(value) <= 4 for value in better.values()), "by hand"
    assert notes(checked(text({**at, **better}))) == []
    assert notes(checked(text(at)))[-1] == note, "the same each time"


def test_numbers_that_hide_a_mistake_are_told_with_better_ones(checked) -> None:  # type: ignore[no-untyped-def]
    """The gate is open exactly where the upstream is positive: a mask of the gradient's sign looks right."""
    text = HEAD + 'function = "f(x, v) = dot(v, relu(x))"\nat = { x = [0.7, -1.3], v = [0.6, -0.4] }\n'
    (note,) = notes(checked(text))
    assert note.startswith(
        "at: two mistakes (one: at a = relu(x), it goes by the sign of the upstream) will look right at these numbers; "
        "with x ="
    )
    better = note.partition("with x = ")[2].partition(" they will not")[0]
    assert notes(checked(text.replace("[0.7, -1.3]", better))) == []


def test_shapes_that_hide_a_mistake_are_told_with_better_ones(checked) -> None:  # type: ignore[no-untyped-def]
    """With one example in the batch a sum over the batch is its mean."""
    text = HEAD + 'function = "f(X, w) = sum(mean(X * w, axis=0)^2)"\nat = { X = [[0.7, -1.3]], w = [0.6, 1.4] }\n'
    (note,) = notes(checked(text))
    assert "it divides by the number of copies of w) will look right whatever the numbers" in note
    assert note.endswith("where X has shape (2, 2) they will not")
    assert notes(checked(text.replace("[[0.7, -1.3]]", "[[0.7, -1.3], [1.6, 0.3]]"))) == []


def test_where_no_numbers_are_asked_for_they_do_not_matter(checked) -> None:  # type: ignore[no-untyped-def]
    assert notes(checked(HEAD + 'function = "f(x, y) = x y"\nat = { x = 1, y = 1 }\nsteps = ["stage"]\n')) == []


def test_hints_for_a_step_that_is_not_asked(checked) -> None:  # type: ignore[no-untyped-def]
    report = checked(GENERIC + 'steps = ["stage"]\n[hints]\ncode = ["think"]\nstage = ["begin"]\n')
    assert notes(report) == ["hints.code: this step is not asked here; the steps are stage"]


def test_a_folder_with_its_pack(folder: Path, runner: Runner) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "a.toml").write_text(GENERIC)
    (folder / "b.toml").write_text(HEAD)
    (folder / "pack.toml").write_text("titel = 3")
    reports = {report.path.name: report for report in check_path(folder, runner)}
    assert {name: report.sound for name, report in reports.items()} == {
        "a.toml": True,
        "b.toml": False,
        "pack.toml": False,
    }
    assert reports["pack.toml"].problems[0].key == "titel"
    assert not check_file(folder / "pack.toml", runner).sound
    (folder / "pack.toml").write_text('title = "Pack"')
    assert check_file(folder / "pack.toml", runner).sound


def test_nothing_is_kept_of_it(checked, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    checked(GENERIC)
    assert not home.exists()


def test_it_is_a_session_that_is_worked(checked, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    asked: list[str] = []
    answer = Session.answer
    monkeypatch.setattr(Session, "answer", lambda *a: asked.append(a[2].key) or answer(*a))
    checked(GENERIC)
    assert asked[0] == "staging" and asked[-1] == "code" and len(asked) == 11


def test_files_come_by_name_whether_they_are_sound_or_not(folder: Path, runner: Runner) -> None:
    for name, text in {"c": GENERIC, "a": HEAD, "d": HEAD, "b": GENERIC, "pack": 'title = "Mine"'}.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    said: list[Path] = []
    reports = list(check_path(folder, runner, said.append))
    assert [report.path.stem for report in reports] == ["a", "b", "c", "d", "pack"]
    assert {report.path for report in reports} <= set(said)


@pytest.mark.parametrize("terminal", [True, False])
def test_what_is_read_is_said_in_a_terminal_when_it_takes_long(
    terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    times = iter([0.0, 1.0, 3.5, 3.5, 4.0])
    reading = SaysReading(clock=lambda: next(times))
    for name in ("a.toml", "b.toml", "c.toml"):
        reading(Path(name))
    assert capsys.readouterr() == ("", "Reading b.toml\n" if terminal else "")


def test_an_empty_path_is_refused(verb: Cli) -> None:
    done = verb("check", "")
    assert done.returncode == 2 and done.stderr.startswith("There is nothing between the quotes.")
