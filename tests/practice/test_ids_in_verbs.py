"""Functions made for practice, functions of one's own, and seeds, given to every verb that takes an id."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.practice.test_practice_verbs import run
from tutor.cli.commands import verbs
from tutor.paths import CODE, VARIABLE

MADE, SMALL, OWN, SHIPPED = "practice/exp-fork-mul-3", "practice/mul-1", "mine/f", "node-way/a"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A learner's folder, with a function of their own: one for all, so that the exercises are read once."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(home))
        code, told = run(["try", "f(x, y) = x y + sin(x)", "--at", "x = 1.5, y = 2", "--plain"], ":quit\n")
    assert (code, f"Kept as {OWN}" in told) == (1, True), told
    return home


@pytest.fixture
def place(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in."""
    monkeypatch.setenv(VARIABLE, str(home))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def done(*words: str, typed: str = "", code: int = 0) -> str:
    result = CliRunner().invoke(verbs, list(words), input=typed)
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize("words", [[MADE, "--seed", "7"], [OWN], [f"{OWN}@7"]])
@pytest.mark.usefixtures("place")
def test_each_verb_works_with_such_an_id(words: list[str]) -> None:
    id = words[0] if len(words) == 1 else f"{words[0]}@{words[2]}"
    assert id in done("show", *words)
    done("start", *words, "--plain", typed="a = x y\nf = a y\n:quit\n", code=1)
    done("submit", *words, "--student", "s1", "-o", "work.submission")
    done("sheet", *words, "-o", "sheet.toml")
    done("worksheet", *words, "--key", "-o", "key.md")
    paper = done("exam", *words, "--plain", typed=":done\nyes\n")
    assert "1 question, " in paper and paper.count("(seed 7)") >= 2 * ("@" in id)
    assert "0 of" in done("exam", *words, "--result")
    assert "begun again" in done("reset", id, "--yes")


@pytest.mark.usefixtures("place")
def test_what_was_made_for_practice_is_handed_out_graded_and_converted() -> None:
    done("sheet", f"{SMALL}@7", OWN, "-o", "sheet.toml")
    assert f"{SMALL}@7, {OWN}" in done("grade", "sheet.toml")
    assert "questions are in" in done("convert", f"{SMALL}@7", "--to", "qti", "-o", "questions.zip")
    assert done("exam", f"{SMALL}@7", "--print", "-o", "paper.md").count("paper") >= 2


VERBS = (["show"], ["start", "--plain"], ["sheet"], ["worksheet"], ["exam", "--plain"], ["submit", "--student", "s1"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([MADE], "Which function? It is named by a seed, such as"),
        ([f"{MADE}@7", "--seed", "8"], f"{MADE}@7 says its numbers already"),
        ([f"{SHIPPED}@7", "--seed", "8"], f"{SHIPPED}@7 says its numbers already"),
        ([f"{MADE}@seven"], "this one is seven"),
        ([f"{SHIPPED}@9999999999"], "this one is 9999999999"),
        ([SHIPPED, "--seed", "1_0"], "this one is 1_0"),
        ([SHIPPED, "--seed", ""], "this one is empty"),
        (["practice/expo-3@7"], "There is no gate called expo. Did you mean exp?"),
        (["practice/exp-9@7"], "A level is a whole number from 1 to 5; this one is 9."),
        (["practice/exp"], "practice/exp is not a function made for practice"),
        (["mine/none"], "mine/none"),
    ],
)
@pytest.mark.usefixtures("place")
def test_what_is_no_such_id_is_one_sentence_everywhere(words: list[str], said: str) -> None:
    for verb, *options in VERBS if words[0].startswith(MADE) else VERBS[:1]:
        code, told = run([verb, *words, *options], ":quit\n")
        assert code == 2, f"{verb}: {told}"
        assert said in " ".join(told.split()), f"{verb}: {told}"
        assert "Traceback" not in told


def test_check_says_which_file_an_id_is(home: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(home))
        assert "is proven as it is drawn" in " ".join(done("check", f"{MADE}@7", code=2).split())
        told = done("check", f"{OWN}@7", code=2)
    assert "f.toml" in told and "files are checked" in " ".join(told.split())


@pytest.mark.usefixtures("place")
def test_variants_of_what_is_made_are_handed_out_and_those_of_a_seed_are_not() -> None:
    for options in (["convert", "--to", "moodle", "-o", "questions.xml"], ["worksheet", "-o", "sheets"]):
        told = done(*options, f"{SMALL}@7", "--seeds", "3", code=2)
        assert "says its numbers already" in " ".join(told.split())
        done(*options, SMALL, "--seeds", "2")


@pytest.mark.usefixtures("place")
def test_a_paper_holds_a_function_made_for_practice() -> None:
    text = f'title = "Mixed"\n[[exercise]]\nid = "{MADE}"\nseed = 7\n[[exercise]]\nid = "{SHIPPED}@3"\n'
    Path("mixed.paper.toml").write_text(text, encoding="utf-8")
    assert run(["check", "mixed.paper.toml"])[0] == 0
    code, told = run(["exam", "mixed.paper.toml", "--plain"], ":list\n:done\nyes\n")
    assert code == 0, told
    assert "1. exp, fork, mul, level 3 (seed 7): open" in told
    Path("wrong.paper.toml").write_text(text.replace("seed = 7", ""), encoding="utf-8")
    code, told = run(["check", "wrong.paper.toml"])
    assert (code, "Which function?" in told) == (1, True), told


# Code that is not run


@pytest.mark.usefixtures("place")
def test_neither_a_review_nor_a_paper_runs_code_where_it_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CODE, "off")
    code, told = run(["review", "--skill", "code", "--plain"], ":quit\n")
    assert (code, "Code is not run here" in told) == (0, True), told
    program = "out = (x + y) * z\ndz = x + y\ndx = z\ndy = z\n.\n"
    typed = f"a = x + y\nf = a z\n.\n4\n8\n1\n2\n2\n2\n4\n{program}:done\nyes\n"
    code, told = run(["exam", SHIPPED, "--plain"], typed)
    assert code == 0, told
    assert "Code is not run here, so it earns nothing." in " ".join(told.split())
    assert "not run" in told.partition("marks, ")[2]


@pytest.mark.usefixtures("place")
def test_code_that_is_handed_in_is_not_run_where_it_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CODE, "off")
    for verb in ("grade", "report"):
        assert "leave out one of them" in " ".join(done(verb, ".", "--run-code", code=2).split())


# Notebooks


def notebook(*cells: tuple[str, str]) -> str:
    made = [{"cell_type": kind, "source": text.splitlines(keepends=True), "metadata": {}} for kind, text in cells]
    return json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})


def test_a_notebook_is_read_by_its_code_cells(place: Path) -> None:
    cells = [
        ("markdown", "# A layer"),
        ("code", "%matplotlib inline\nimport numpy as np\n!pip list"),
        ("code", "%%bash\nls -l"),
        ("code", "%%time\ndef layer(x, w):\n    a = x * w\n    return np.sin(a)"),
    ]
    (place / "work.ipynb").write_text(notebook(*cells), encoding="utf-8")
    code, told = run(["try", "--code", "work.ipynb", "--at", "x = 1.5, w = 2", "--plain"], ":quit\n")
    assert (code, "layer(x, w) = sin(a)" in told) == (1, True), told
    steps = "a = x + y\nf = a z\n4\n8\n" + ":show\n" * 9
    code, told = run(["start", SHIPPED, "--code", "work.ipynb", "--plain"], f"{steps}:quit\n")
    assert "import numpy as np" in told and "cell_type" not in told, told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("{", "it is not a Jupyter notebook"),
        ('{"cells": 3}', "it is not a Jupyter notebook"),
        ("[" * 100_000, "it is not a Jupyter notebook"),
        (notebook(("markdown", "no code")), "it is a notebook without code cells"),
        (notebook(("code", "x = 1\n" * 20_000)), "the code in it is larger than 100 kB"),
    ],
    ids=range(6),
)
def test_a_notebook_that_cannot_be_used_is_a_sentence(text: str, said: str, place: Path) -> None:
    (place / "work.ipynb").write_text(text, encoding="utf-8")
    code, told = run(["try", "--code", "work.ipynb", "--plain"])
    assert (code, f"work.ipynb cannot be used: {said}" in " ".join(told.split())) == (2, True), told


# Bad input


def with_ranges(ranges: str, more: str = "") -> str:
    return f'title = "A"\nfunction = "f(x, y) = x y + x"\nat = {{ x = 1, y = 2 }}\nvary = {{ x = {ranges} }}\n{more}'


@pytest.mark.parametrize(
    ("ranges", "more", "said"),
    [
        ("{ from = 5, to = 1 }", "", "from is 5 and to is 1"),
        ("{ from = 1 }", "", "to is missing, or 0"),
        ("{}", "", "it says no numbers"),
        ("{ choices = [] }", "", "it says no numbers"),
        ("{ choices = [1], from = 1, to = 3 }", "", "choices take the place of from and to"),
        ("{ from = -inf, to = nan }", "", "its numbers must be finite"),
        ("{ from = -3, to = 3 }", 'positive = ["x"]', "x is declared positive, and -3 is not"),
        ("{ low = 1, to = 3 }", "", "the keys known here are from, to, whole, choices"),
    ],
)
def test_a_range_from_which_nothing_can_be_drawn(ranges: str, more: str, said: str, place: Path) -> None:
    (place / "a.toml").write_text(with_ranges(ranges, more), encoding="utf-8")
    code, told = run(["check", str(place / "a.toml")])
    assert (code, said in " ".join(told.split())) == (1, True), told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["try", "f(x) = 3", "--plain"], "f is a constant: nothing in it moves with x"),
        (["try", "x y", "--at", "x = ", "--plain"], "The value of x is missing: write such as x = 2."),
        (["plan", "--exam", ""], "this one is empty"),
        (["review", "--skill", "foo", "--plain"], "There is no gate called foo"),
        (["review", "--skill", "", "--plain"], "Name a gate, such as exp, or an idea: forks, staging"),
        (["export", str(Path("no/such/file.json"))], "There is no folder no"),
        (["exam", "exam/nine", "--plain"], "Did you mean exam/one or exam/three?"),
        (["submit", "node-way/b", "--student", "s1"], "backprop-tutor start node-way/b"),
    ],
)
@pytest.mark.usefixtures("place")
def test_bad_input_is_told_with_what_to_do(words: list[str], said: str) -> None:
    if words[0] == "export":
        run(["start", SHIPPED, "--plain"], "a = x + y\n:quit\n")
    code, told = run(words, ":quit\n")
    assert (code, said in " ".join(told.split())) == (2, True), told


@pytest.mark.usefixtures("place")
def test_a_date_that_was_never_given_is_not_forgotten() -> None:
    run(["start", SHIPPED, "--plain"], "a = x + y\n:quit\n")
    assert run(["plan", "--forget"]) == (0, "There was no date to forget.\n")


@pytest.mark.usefixtures("place")
def test_parts_of_gates_and_ideas_are_drilled_by_their_names() -> None:
    for name, first in (("× local", "× local"), ("mul.local", "× local"), ("fork", "forks"), ("x^2", "^ ")):
        code, told = run(["review", "--skill", name, "--plain"], ":quit\n")
        assert code == 1, told
        assert f"Blank 1 of {'12' if name == 'x^2' else '4'}. {first}" in told, told
