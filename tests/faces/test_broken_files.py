"""Files as instructors get them wrong: every fault in one run, with its key, its line and what to do."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.bench.bench_mutated_files import amiss, mutants
from tests.library.mutating import mutated
from tutor.cli.reports import report_in_words
from tutor.paths import shipped_folder
from tutor.runner import Runner
from tutor.session.validation import Report, check_file, check_path

BASE = 'title = "A sum"\nfunction = "f(x, y) = x sin(y)"\nat = { x = 1.3, y = 0.7 }\n'
ONE = 'title = "One"\n[[question]]\nkind = '
CODE = ONE + '"code"\nharness = '
VALUE = ONE + '"value"\n[[question.ask]]\nformula = "x^2"\nat = { x = 3 }\n'
CHOICE = ONE + '"choice"\n[[question.ask]]\nprompt = "Which?"\noptions = [\n'
GRADIENT = (
    ONE + '"gradient"\nequations = ["O = V @ X", "L = sum(O^2)"]\nshapes = { V = [2, 3], X = [3, 2] }\n'
    '[[question.ask]]\nof = "V"\n[[question.ask]]\nof = "O"\n'
)


@pytest.fixture
def report(folder: Path, runner: Runner):  # type: ignore[no-untyped-def]
    def check(text: str) -> Report:
        (folder / "own.toml").write_text(text, encoding="utf-8")
        return check_file(folder / "own.toml", runner)

    return check


@pytest.mark.parametrize(
    ("text", "key", "line", "says"),
    [
        # keys at any depth
        (VALUE.replace("formula", "formul"), "question[1].ask[1].formul", 5, "did you mean formula?"),
        (CHOICE + '{ text = "a", rigth = true, why = "b" },\n{ text = "b", why = "a" }]\n',
         "question[1].ask[1].options[1].rigth", 7, "did you mean right?"),
        (BASE + '[descend]\nstep = 0.1\nprompt = "Go."\n', "descend.prompt", 6, "before the line [descend]"),
        (BASE + "[hints]\nlevel = 2\n", "hints.level", 5, "before the line [hints]"),
        (VALUE + "level = 2\n", "question[1].ask[1].level", 7, "to the file itself"),
        (ONE + '"value"\nformula = "1 + 1"\n[[question.ask]]\nformula = "2"\n',
         "question[1].formula", 4, "inside [[question.ask]]"),
        # choices and missing keys
        (VALUE + 'wants = "number"\n', "question[1].ask[1].wants", 7, "the choices are formula, value"),
        (CODE + '"op"\n', "question[1].op", 2, "the operations are plus, sub"),
        (CODE + '"op"\nop = "pluss"\n', "question[1].op", 5, "did you mean plus?"),
        (CODE + '"loop"\n', "question[1].harness", 4, "did you mean loops?"),
        (ONE + '"shapes"\n[[question.ask]]\noperation = "x"\nshapes = { x = [2] }\n',
         "question[1].kind", 3, "did you mean shape?"),
        (ONE + '"value"\n', "question[1].ask", 2, "[[question.ask]]"),
        ('title = "t"\n[question]\nkind = "shape"\n', "question", 2, "[[question]], with two brackets"),
        # types
        (ONE + '"trace"\n[[question.ask]]\nwalk = "sum"\ntree = "abc"\n',
         "question[1].ask[1].tree", 6, "it needs a list"),
        (ONE + '"shape"\n[[question.ask]]\noperation = "x"\nshapes = { x = [2.5, 1] }\n',
         "question[1].ask[1].shapes.x[1]", 6, "a whole number or text"),
        # numbers out of range
        (CODE + '"loops"\nhidden = 0\n', "question[1].hidden", 5, "from 1 to 8"),
        (CODE + '"loops"\nhidden = 1000000000\n', "question[1].hidden", 5, "from 1 to 8"),
        (CODE + '"loops"\ninputs = -1\n', "question[1].inputs", 5, "from 1 to 8"),
        (VALUE + "digits = 99\n", "question[1].ask[1].digits", 7, "from 1 to 10"),
        (BASE + "level = 9\n", "level", 4, "from 1 to 5"),
        (BASE.replace("A sum", "A sum " * 100), "title", 1, "too long"),
        # without effect
        (CODE + '"passes"\nname = "g"\nfunction = "f(x) = x^3"\nat = { x = 3 }\n',
         "question[1].name", 5, "[question.code]"),
        (CODE + '"engine"\nbroadcast = true\n', "question[1].broadcast", 5, "has no effect"),
        (CODE + '"unbroadcast"\nop = "plus"\n', "question[1].op", 5, "has no effect"),
        (VALUE + 'misfit = "no"\n', "question[1].ask[1].misfit", 7, "without whole = true"),
        # what was accepted in silence
        (BASE.replace("1.3", "-1.3") + 'positive = ["x"]\n', "positive", 4, "x is not positive here"),
        (ONE + '"derivative"\nequations = ["z = ln t"]\npositive = ["t"]\n[[question.ask]]\nat = { t = -1 }\n',
         "question[1].ask[1].at.t", 7, "declared positive"),
        (ONE + '"derivative"\nequations = ["z = x y"]\n[[question.ask]]\nby = "x"\nhold = ["q"]\n',
         "question[1].ask[1].hold", 7, "there is no q here"),
        (CHOICE + '{ text = "a", right = true },\n{ text = "a", why = "b" }]\n',
         "question[1].ask[1].options[2].text", 8, "option 1 has the same text"),
        (CHOICE + '{ text = "", right = true },\n{ text = "a", why = "b" }]\n',
         "question[1].ask[1].options[1].text", 7, "empty"),
        (VALUE + 'slips = { "2x" = "" }\n', "question[1].ask[1].slips.2x", 7, "the message is empty"),
        (VALUE + 'slips = { "3x" = "No." }\n', "question[1].ask[1].slips.3x", 7, "the right answer"),
        (CODE + '"unbroadcast"\nstarter = "def ("\n', "question[1].starter", 5, "Python cannot read line 1"),
        (CODE + '"unbroadcast"\nname = "f(): pass"\n', "question[1].name", 5, "is not a name in Python"),
        (GRADIENT, "question[1].ask[2].of", 9, "ask for O first or write given = []"),
    ],
)  # fmt: skip
def test_a_fault_is_named(report, text: str, key: str, line: int, says: str) -> None:  # type: ignore[no-untyped-def]
    (fault,) = report(text).problems
    assert (fault.key, fault.line) == (key, line)
    assert says in fault.reason


def test_all_faults_are_said_in_one_run(report) -> None:  # type: ignore[no-untyped-def]
    text = BASE + 'level = 9\nsteps = ["foward"]\n[code]\nreturns = ["f", "dx", "dx"]\n'
    text += 'given = "a = ("\n[descend]\nstep = -1\n'
    found = report(text)
    assert [(one.key, one.line) for one in found.problems] == [
        ("level", 4), ("steps[1]", 5), ("code.returns", 7), ("code.given", 8), ("descend.step", 10),
    ]  # fmt: skip
    assert report_in_words(found).count("own.toml, line ") == 5


def test_faults_of_several_questions_are_said_with_their_numbers(report) -> None:  # type: ignore[no-untyped-def]
    text = VALUE.replace('"x^2"', '"x^2 + ("') + '[[question.ask]]\nformul = "q"\n[[question]]\nkind = "derivative"\n'
    found = report(text + 'equations = ["z = ln t"]\n[[question.ask]]\nof = "q"\n')
    assert "own.toml, line 5: question 1, ask 1: formula: " in report_in_words(found)
    assert {one.key for one in found.problems} == {
        "question[1].ask[1].formula", "question[1].ask[2].formul", "question[1].ask[2].formula",
        "question[2].ask[1].of",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "t"\nfunction = "f(x) = relu(x) + x^3"\nat = { x = 0 }\nsteps = ["stage"]\n', "exactly at its kink"),
        ('title = "t"\nfunction = "f(x) = (x + 1)^2"\nat = { x = [1.5, 2.5] }\nsteps = ["stage"]\n', "shape (2,)"),
        (BASE + 'whole = ["cos(x)"]\n', "does not occur in the function"),
        (BASE.replace("A sum", "A \u202esum"), "hidden character U+202E"),
        (BASE + 'steps = ["stage"]\n[descend]\nstep = 0.1\n', "this step is not asked here"),
    ],
)
def test_what_is_odd_is_remarked_on(report, text: str, said: str) -> None:  # type: ignore[no-untyped-def]
    found = report(text)
    assert found.sound
    assert any(said in note.reason for note in found.notes)


def test_an_exception_of_ours_is_a_fault_of_that_file(
    report,
    folder: Path,
    runner: Runner,
    monkeypatch: pytest.MonkeyPatch,  # type: ignore[no-untyped-def]
) -> None:
    monkeypatch.setattr("tutor.questions.choice._check", lambda *_: 1 / 0)
    (folder / "other.toml").write_text(BASE, encoding="utf-8")
    (folder / "own.toml").write_text(CHOICE + '{ text = "a", right = true }, { text = "b", why = "c" }]\n')
    reports = {one.path.name: one for one in check_path(folder, runner)}
    assert reports["other.toml"].sound
    assert "cannot make an exercise of this (ZeroDivisionError" in reports["own.toml"].problems[0].reason


def test_a_pack_names_only_what_is_there(folder: Path, runner: Runner) -> None:
    (folder / "week1").mkdir()
    (folder / "week1" / "mlp.toml").write_text(BASE, encoding="utf-8")
    pack = folder / "pack.toml"
    pack.write_text('title = "P"\norder = [\n"week1/mpl",\n"week1/mlp"]\n[topics]\nweek2 = "Two"\nweek1 = "One"\n')
    (problems,) = (one.problems for one in check_path(folder, runner) if one.path == pack)
    assert [(one.key, one.line) for one in problems] == [("order[1]", 3), ("topics.week2", 6)]
    assert "did you mean week1/mlp?" in problems[0].reason and "did you mean week1?" in problems[1].reason


def test_an_id_that_ships_is_warned_of(folder: Path, runner: Runner) -> None:
    (folder / "node-way").mkdir()
    (folder / "node-way" / "a.toml").write_text(BASE, encoding="utf-8")
    (found,) = check_path(folder, runner)
    assert found.sound
    assert any("exercises/node-way/a.toml" in note.reason and "mine:node-way/a" in note.reason for note in found.notes)


def test_mutated_files_are_reported_and_raise_nothing(folder: Path, runner: Runner) -> None:
    rng, shipped = random.Random(7), sorted(shipped_folder().rglob("*/*.toml"))
    for number in range(25):
        text = mutated(rng.choice(shipped).read_text(encoding="utf-8"), rng)
        path = folder / f"m{number}.toml"
        path.write_text(text, encoding="utf-8")
        found = check_file(path, runner)
        assert not any("cannot make" in one.reason or "cannot solve" in one.reason for one in found.problems), text
        assert report_in_words(found)


def test_a_mutated_file_gets_the_same_word_from_every_verb(tmp_path: Path, runner: Runner, home: Path) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    for data in mutants(4, 2026):
        assert amiss(data, pack, runner)[1] == []


def test_a_key_that_is_missing_and_a_byte_that_is_no_text_have_a_line(folder: Path, runner: Runner) -> None:
    path = folder / "own.toml"
    path.write_text("# A file\n" + BASE.replace('title = "A sum"\n', ""))
    (problem,) = check_file(path, runner).problems
    assert (problem.key, problem.line) == ("title", 2)
    path.write_bytes(BASE.encode().replace(b"sin", b"\xff"))
    (problem,) = check_file(path, runner).problems
    assert problem.line == 2 and "UTF-8" in problem.reason
