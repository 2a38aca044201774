"""Files that cannot be used are named with their key, line and reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tutor.library import BrokenExercise, read_exercise
from tutor.library.faults import BadFile, Fault, spoken

from .making import THREE_LINES, bad, broken, with_line, written


@pytest.mark.parametrize(
    ("line", "key", "says"),
    [
        ("levle = 2", "levle", "did you mean level?"),
        ("difficulty = 2", "difficulty", "did you mean level?"),
        ("poistive = ['x']", "poistive", "did you mean positive?"),
        ("Title = 'x'", "Title", "did you mean title?"),
        ("xyzzy = 2", "xyzzy", "the keys known here are function, at, constants, let, vary, steps, "),
        ("foo.bar = 1", "foo", "there is no such key"),
        ("level = 7", "level", "a number from 1 to 5, not 7"),
        ("level = 0", "level", "a number from 1 to 5, not 0"),
        ("level = '2'", "level", "it needs a whole number, not text: write it without quotes, level = 2"),
        ("level = 2.5", "level", "it needs a whole number, not 2.5"),
        ("prompt = 3", "prompt", 'it needs text, not a number: write it in quotes, prompt = "3"'),
        ("prompt = ['a']", "prompt", "it needs text, not a list"),
        ("steps = 'stage'", "steps", 'it needs a list, not text: write steps = ["stage"]'),
        ("steps = ['stag']", "steps[1]", "did you mean stage?"),
        ("steps = [1]", "steps[1]", "the choices are backward, code, descend, forward, stage"),
        ("steps = ['stage', 'stage']", "steps", "stage is here twice"),
        ("steps = ['forward', 'stage']", "steps", "stage comes first"),
        ("steps = ['stage', 'descend']", "steps", "[descend]"),
        ("granularity = 'all'", "granularity", "the choices are any, one"),
        ("whole = 'x y'", "whole", 'it needs a list of texts, not text: write whole = ["x y"]'),
        ("avoid = [1]", "avoid[1]", "it needs text, not a number"),
        ("positive = ['x', 'x']", "positive", "x is here twice"),
        ("hints = { stage = 'x' }", "hints.stage", 'write stage = ["x"]'),
        ("hints = { stage = ['a', 'b', 'c', 'd'] }", "hints.stage", "at most three"),
        ("hints = { stagy = ['a'] }", "hints.stagy", "did you mean stage?"),
        ("hints = { 'totl:x' = ['a'] }", "hints.totl:x", "did you mean total?"),
        ("code = 'x'", "code", "it needs a table, not text"),
        ("descend = 3", "descend", "it needs a table, not a number"),
        ("remark = '\\u001b[31mred'".replace("'", '"'), "remark", "control character"),
        ("hints = { stage = ['\\u0007'] }".replace("'", '"'), "hints.stage[1]", "control character"),
    ],
)
def test_a_wrong_key_is_named_with_its_line(tmp_path: Path, line: str, key: str, says: str):
    fault = broken(tmp_path, with_line(line))
    assert (fault.key, fault.line) == (key, 4)
    assert says in fault.reason
    assert fault.sentence.startswith(f"made.toml, line 4: {spoken(key)}")
    assert "`" not in fault.reason, "no Python or msgspec words"


@pytest.mark.parametrize(
    ("table", "key", "line", "says"),
    [
        ("[code]\nnmae = 'x'", "code.nmae", 5, "did you mean name?"),
        ("[code]\n\nname = 3", "code.name", 6, "it needs text, not a number"),
        ("[code]\nreturns = 'a'", "code.returns", 5, "it needs a list of texts, not text"),
        ("[descend]\nstep = 'a'", "descend.step", 5, "it needs a number, not text"),
        ("[descend]\nstep = 0", "descend.step", 5, "larger than 0"),
        ("[descend]\nstep = -0.1", "descend.step", 5, "larger than 0"),
        ("[descend]\nstep = nan", "descend.step", 5, "larger than 0"),
        ("[descend]\nstep = inf", "descend.step", 5, "larger than 0"),
        ("[descend]\nstep = 0.1\nvaribles = ['x']", "descend.varibles", 6, "did you mean variables?"),
        ("[descend]\nstep = 0.1\nvariables = ['x', 'x']", "descend.variables", 6, "twice"),
        ("[hints]\nstage = 'x'", "hints.stage", 5, "it needs a list"),
        ("[descent]\nstep = 0.1", "descent", 4, "did you mean descend?"),
    ],
)
def test_a_wrong_key_of_a_table_is_named_with_its_line(tmp_path: Path, table: str, key: str, line: int, says: str):
    fault = broken(tmp_path, with_line(table))
    assert (fault.key, fault.line) == (key, line)
    assert says in fault.reason


def test_a_step_size_must_be_there(tmp_path: Path):
    fault = broken(tmp_path, with_line("[descend]"))
    assert (fault.key, fault.reason) == ("descend.step", "is missing: write step = 0.1")


@pytest.mark.parametrize("key", ["title", "function", "at"])
def test_missing_keys_are_named(tmp_path: Path, key: str):
    kept = [line for line in THREE_LINES.splitlines() if not line.startswith(key)]
    fault = broken(tmp_path, "\n".join(kept))
    assert fault.key == key and fault.reason.startswith(f"is missing: write {key} = ")


@pytest.mark.parametrize("key", ["title", "function"])
def test_an_empty_text_is_not_enough(tmp_path: Path, key: str):
    lines = [f"{key} = '  '" if line.startswith(key) else line for line in THREE_LINES.splitlines()]
    assert broken(tmp_path, "\n".join(lines)).key == key


@pytest.mark.parametrize(
    ("text", "key", "line", "says"),
    [
        (THREE_LINES.replace('title = "A', "title = A"), "title", 1, 'write title = "A sum'),
        (THREE_LINES.replace('z"', "z"), "function", 2, "never closed: end it with a quotation mark"),
        (THREE_LINES + "level 3\n", "level", 4, "write level = ..."),
        (THREE_LINES + "level: 3\n", "level", 4, "not by a colon: write level = 3"),
        (THREE_LINES + 'title = "again"\n', "title", 4, "this key has a value already"),
        (THREE_LINES + "[code\nname = 'x'", "code", 4, "write [code]"),
        (THREE_LINES + 'prompt = """\nno end\n', "prompt", 4, 'never closed: end it with """'),
        (THREE_LINES + 'steps = ["stage",\n"forward"\nlevel = 2\n', "steps", 4, "never closed: end it with ]"),
        (THREE_LINES.replace(" }", ""), "at", 3, "never closed: end it with }"),
        (THREE_LINES.replace("x = 1, y", "x = 1,\n y"), "at", 3, "on one line; or use a table, [at]"),
        (THREE_LINES.replace("x = 1", "λ = 1"), "λ", 3, 'write "λ" = ...'),
        (THREE_LINES + 'prompt = "Use \\sigma"\n', "prompt", 4, "put the text in single quotes"),
        (THREE_LINES + "[descend]\nstep = 0,1\n", "step", 5, "with a point: step = 0.1"),
        (THREE_LINES + "prompt = “x”\n", "prompt", 4, "use straight quotes"),
        (THREE_LINES + 'granularity = True\n', "granularity", 4, "write true in small letters"),
        ("x" * 10, "xxxxxxxxxx", 1, "after a key there must be ="),
    ],
)  # fmt: skip
def test_what_is_not_toml_is_said_in_words(tmp_path: Path, text: str, key: str, line: int, says: str):
    fault = broken(tmp_path, text)
    assert (fault.key, fault.line) == (key, line)
    assert says in fault.reason
    assert "at line" not in fault.reason, "the line is said once"


def test_deep_nesting_is_refused(tmp_path: Path):
    assert "deep" in broken(tmp_path, THREE_LINES + "x = " + "[" * 50_000).reason
    assert "deep" in broken(tmp_path, THREE_LINES + "x = " + "{a=" * 50_000).reason


def test_a_huge_file_is_refused_unread(tmp_path: Path):
    assert "200 kB" in broken(tmp_path, THREE_LINES + "# " + "x" * 200_000).reason


@pytest.mark.parametrize("text", [b"\xff\xfet\x00i\x00", b'title = "caf\xe9"\n'])
def test_what_is_not_utf8_is_refused(tmp_path: Path, text: bytes):
    assert broken(tmp_path, text).reason == "it is not UTF-8 text"


def test_what_is_no_file_is_refused(tmp_path: Path):
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    gone = tmp_path / "gone.toml"
    gone.symlink_to(tmp_path / "nowhere")
    for path, says in ((folder, "not a file"), (pipe, "not a file"), (gone, "cannot be read")):
        fault = read_exercise(path)
        assert isinstance(fault, BrokenExercise)
        assert says in fault.reason


def test_a_reason_never_holds_a_line_of_the_machine(tmp_path: Path):
    fault = read_exercise(tmp_path / "nothing.toml")
    assert isinstance(fault, BrokenExercise)
    assert str(tmp_path) not in fault.sentence


def _about(function: str, at: str, more: str = "") -> str:
    return f'title = "t"\nfunction = "{function}"\nat = {at}\n{more}\n'


_MATRICES = "{ W = [[1, 2], [3, 4]], x = [[1], [2]] }"
_DESCEND_Y = "[descend]\nstep = 1\nvariables = ['y']"


@pytest.mark.parametrize(
    ("text", "key", "line", "says"),
    [
        # inputs
        (_about("f(x, y) = x y", "{ x = 1 }"), "at", 3, "a value for y is missing"),
        (_about("f(x) = x + 1", "{ x = 1, w = 2 }"), "at.w", 3, "f takes x, not w"),
        (_about("f(x) = x + 1", "{ x = 'q' }"), "at.x", 3, "The name q is not known here"),
        (_about("f(x) = x + 1", "{ x = '1 +' }"), "at.x", 3, "missing after the +"),
        (_about("f(x) = x + 1", "{ x = nan }"), "at.x", 3, "finite"),
        (_about("f(x) = x + 1", "{ x = 1e400 }"), "at.x", 3, "finite"),
        (_about("f(x) = x + 1", "{ x = '1/0' }"), "at.x", 3, "finite"),
        (_about("f(x) = x + 1", "{ x = [[1], [1, 2]] }"), "at.x", 3, "different lengths"),
        (_about("f(x) = x + 1", "{ x = [] }"), "at.x", 3, "no numbers"),
        (_about("f(x) = x + 1", "{ x = ['pi'] }"), "at.x", 3, "not a real number"),
        (_about("f(x) = x + 1", "{ x = [true] }"), "at.x", 3, "not a real number"),
        (_about("f(x) = sum(x)", "{ x = [[[[[[[[[1]]]]]]]]] }"), "at.x", 3, "9 axes; at most 8 can be typed"),
        (_about("f(x) = x_1 + x_0", "{ x = [1] }"), "function", 2, "because one of them is 0"),
        (_about("f(x) = x[2]^2", "{ x = [1, 2] }"), "function", 2, "x has 2 entries: positions go from 0 to 1"),
        # the function
        (_about("x + y", "{ x = 1 }"), "function", 2, "f(x, y) = x + y"),
        (_about("f(x) = x +", "{ x = 1 }"), "function", 2, "missing after the +"),
        (_about("f(x) = x + y", "{ x = 1 }"), "function", 2, "The name y is not known"),
        (_about("f(x, x) = x + 1", "{ x = 1 }"), "function", 2, "listed twice"),
        (_about("f(f) = f + 1", "{ f = 1 }"), "function", 2, "both the function and an input"),
        (_about("f(x) = x", "{ x = 1 }"), "function", 2, "no operation"),
        (_about("f(x) = 3", "{ x = 1 }"), "function", 2, "no operation"),
        (_about("f(x) = x [[1, x]]", "{ x = 1 }"), "function", 2, "numbers only"),
        (_about("f(W, x) = W ⊗ x", _MATRICES), "function", 2, "outer product of two vectors"),
        (_about("f(W, x) = sum(W x)", "{ W = [[1, 2]], x = [1, 2, 3] }"), "at", 3, "(1, 2) and (3,)"),
        # its value
        (_about("f(x) = ln x", "{ x = -1 }"), "at", 3, "ln needs a positive number"),
        (_about("f(x, y) = x/y", "{ x = 1, y = 0 }"), "at", 3, "the denominator is 0"),
        (_about("f(x) = sqrt x", "{ x = 0 }"), "at", 3, "no finite slope"),
        (_about("f(x) = e^e^e^x", "{ x = 9 }"), "at", 3, "too large"),
        (_about("f(W, x) = sum(W @ x)", "{ W = [[1, 2]], x = [1, 2, 3] }"), "at", 3, "(1, 2) and (3,)"),
        (_about("f(x, y) = sum(x + y)", "{ x = [1, 2], y = [1, 2, 3] }"), "at", 3, "(2,) and (3,)"),
        # the rest
        (_about("f(x) = x + 1", "{ x = 1 }", "positive = ['y']"), "positive", 4, "y is not an input"),
        (_about("f(x) = x + 1", "{ x = 1 }", "whole = ['1/(1 +']"), "whole[1]", 4, "never closed"),
        (_about("f(x) = x + 1", "{ x = 1 }", "avoid = ['sigmod']"), "avoid[1]", 4, "did you mean sigmoid?"),
        (_about("f(x) = σ(x)", "{ x = 1 }", "avoid = ['sigmoid']"), "avoid", 4, "written with sigmoid"),
        (_about("f(x) = x + 1", "{ x = 1 }", _DESCEND_Y), "descend.variables", 6, "not an input"),
    ],
)  # fmt: skip
def test_mathematics_that_does_not_hold_is_named_with_its_line(
    tmp_path: Path, text: str, key: str, line: int, says: str
):
    fault = bad(tmp_path, text)
    assert (fault.key, fault.line) == (key, line)
    assert says in fault.reason


def test_a_fault_in_the_function_points_at_its_place(tmp_path: Path):
    reason = bad(tmp_path, _about("f(x) = 2 x + y", "{ x = 1 }")).reason
    text, marks = reason.splitlines()[-2:]
    assert text[marks.index("^")] == "y"


def test_a_line_is_not_made_up(tmp_path: Path):
    path = written(tmp_path, "made", _about("f(x) = ln x", "{ x = -1 }"))
    read = read_exercise(path)
    path.unlink()
    assert not isinstance(read, BrokenExercise)
    assert read.line_of("at") is None
    assert read.line_of("") is None


def test_words_of_others_for_our_keys_are_understood(tmp_path: Path):
    path = tmp_path / "own.toml"
    path.write_text('name = "A sum"\nexpression = "f(x) = x + 1"\n\n[inputs]\nx = 1\n', encoding="utf-8")
    broken = read_exercise(path)
    assert isinstance(broken, BrokenExercise)
    assert [(one.line, one.key, one.reason) for one in broken.faults] == [
        (1, "name", "there is no such key; did you mean title?"),
        (2, "expression", "there is no such key; did you mean function?"),
        (4, "inputs", "there is no such key; did you mean at?"),
    ]


def test_faults_without_a_line_come_last():
    faults = (Fault("at", "is missing"), Fault("title", "two"), Fault("level", "one"))
    placed = BadFile.of(faults).placed({"title": 2, "level": 1}.get)
    assert [fault.key for fault in placed.faults] == ["level", "title", "at"]


def test_a_question_without_its_function_is_broken_before_it_is_opened(tmp_path: Path):
    path = tmp_path / "own.toml"
    path.write_text('title = "One"\n[[question]]\nkind = "backprop"\nat = { x = 1 }\n', encoding="utf-8")
    read = read_exercise(path)
    assert isinstance(read, BrokenExercise)
    assert [(one.line, one.key) for one in read.faults] == [(2, "question[1].function")]
