"""NumPy functions of learners as exercises: what NumPy computes; what is no plain operation is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tutor.cli.commands import verbs
from tutor.library import load
from tutor.library.problem import problem_in
from tutor.paths import VARIABLE, own_folder
from tutor.practice.own_code import NoFunctionInCode, function_in
from tutor.practice.own_file import OwnProblem, keep
from tutor.practice.own_function import read_program
from tutor.runner import Runner
from tutor.session.validation import check_exercise

PROGRAMS = [
    ("def f(x, y):\n    return -x**2 * y / 3 - 2**-x", "f", "x = 3, y = -2"),
    (
        'def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n\ndef loss(w, x, y=0.5):\n    """Squared."""\n'
        "    p = sigmoid(w * x)\n    return (p - y) ** 2",
        "loss",
        "w = 0.5, x = 2",
    ),
    (
        "def f(x, W, b):\n    h = W @ x\n    h += b\n    h = np.maximum(h, 0)\n    return np.sum(h ** 2)",
        "f",
        "x = [1, 2], W = [[1, 2], [3, -4]], b = [1, -1]",
    ),
    (
        "EPS = 1e-2\ndef norm(v, eps=EPS):\n    m = v.mean()\n    return (v - m) / np.sqrt("
        "np.mean((v - m) ** 2) + eps)\ndef f(x, g):\n    n = norm(x)\n    n, unused = n * g, g + 1\n"
        "    return np.dot(n, n) + np.tanh(x).sum()",
        "f",
        "x = [1, 2, 4], g = [2, 3, -1]",
    ),
    (
        "def f(W, X):\n    s = X.T @ W\n    m = np.where(s > 1, s, 0.1 * s)\n    return np.log("
        "np.sum(np.exp(m), axis=0))[0] + np.max(W) * np.pi",
        "f",
        "W = [[1, 2], [3, 5]], X = [[0.5, 1], [2, -1]]",
    ),
    (
        "def double(a):\n    return a + a\ndef f(x):\n    a: float = double(double(x * 2))\n"
        "    out = a * x\n    return out * out",
        "f",
        "x = 1.5",
    ),
]


@pytest.mark.parametrize(("program", "name", "at"), PROGRAMS)
def test_it_is_the_function_that_numpy_computes(program: str, name: str, at: str) -> None:
    own = read_program(program, "f.py", at)
    problem = problem_in(own.table)
    namespace: dict = {"np": np}
    exec(program, namespace)  # the oracle: these programs are ours
    computed = namespace[name](**problem.inputs)
    assert np.allclose(problem.output, computed, rtol=1e-12)
    assert np.allclose(_forward(own.forward, problem.inputs), computed, rtol=1e-12)


def _forward(lines: str, inputs: dict) -> float:
    namespace = {"np": np, **inputs}
    exec(lines, namespace)
    return namespace["out"]


REFUSED = [
    ("", "no function in f.py"),
    ("x = 3\nprint(x)", "no function in f.py"),
    ("def f(x):\n    return x +* 2", "f.py, line 2: Python cannot read this"),
    ("def f(x):\n    for i in range(3):\n        x = x * 2\n    return x", "f.py, line 2: A loop"),
    ("def f(x):\n    return np.sum([a for a in x])", "f.py, line 2: A loop"),
    ("def f(x):\n    if x > 0:\n        return x\n    return -x", "f.py, line 2: A branch"),
    ("def f(x):\n    return x if x > 0 else -x", "f.py, line 2: A branch"),
    ("def f(x):\n    return x ^ 2", "write **"),
    ("def f(x):\n    return x // 2", "write /"),
    ("def f(x):\n    return 3", "no operation"),
    ("def f(x):\n    return x", "no operation"),
    ("def f(x):\n    y = x * 2", "returns nothing"),
    ("def f(x):\n    return x * y", "f.py, line 2: y is not known here"),
    ("def f(x):\n    return np.fft.fft(x)", "np.fft.fft is not known"),
    ("def f(x):\n    return np.expp(x)", "f.py, line 2: "),
    ("def f(x):\n    return x * 2, x", "Several values"),
    ("def f(x):\n    return x * f(x)", "calls itself"),
    ("def g(x):\n    return h(x) * x\ndef h(x):\n    return g(x) * x", "has several functions"),
    ("def f(x):\n    return x * 2\ndef g(x):\n    return x * 3", "try f --code f.py"),
    ("def f(*x):\n    return x * 2", "any number of arguments"),
    ("def g(a, b):\n    return a * b\ndef f(x):\n    return g(x) * 2", "g needs b too"),
    ("def g(a):\n    return a * a\ndef f(x):\n    return g(x, 2) * 2", "g takes a"),
    ("class F:\n    def f(self, x):\n        return x * 2", "no function in f.py"),
    ("def f(x):\n    x[0] = 2\n    return x * 2", "plain names"),
    ("import os\ndef f(x):\n    return os.getpid() * x", "os is not known"),
    ("def f(x):\n    return __import__('os').getpid() * x", "__import__ is not known"),
    ("def f(x):\n    return np.sign(x)", "does not move with x"),
    ("def f():\n    return np.exp(2)", "f has no input"),
    ("def f(x):\n    return " + "(" * 300 + "x" + ")" * 300, "f.py"),
    ("def f(x):\n    return " + "-" * 5000 + "x", "f.py"),
]


@pytest.mark.parametrize(("program", "said"), REFUSED)
def test_what_is_no_plain_operation_is_refused_where_it_is(program: str, said: str) -> None:
    with pytest.raises(OwnProblem) as refused:
        read_program(program, "f.py")
    assert said in str(refused.value)


def test_a_caret_is_below_the_place() -> None:
    with pytest.raises(NoFunctionInCode) as refused:
        function_in("def f(x):\n    é = x * 2\n    return é * y + 1", "f.py")
    _, line, caret = str(refused.value).split("\n")
    assert line == "return é * y + 1"
    assert caret.index("^") == line.index("y")


def test_it_is_kept_as_an_exercise_that_can_be_solved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    own = read_program(PROGRAMS[1][0], "loss.py")
    assert own.drawn == ("w", "x")
    assert own.let == ("z = w*x", "p = 1/(1 + exp(-z))")
    id, _ = keep(own)
    assert (id, keep(own)[0]) == ("mine/loss", "mine/loss")
    exercise = load([own_folder()]).exercises[id]
    assert "p = 1 / (1 + np.exp(-z))" in exercise.file.code.given
    assert check_exercise(exercise, Runner()).sound


def test_the_verb_never_runs_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "home"))
    ran, program = tmp_path / "ran", tmp_path / "f.py"
    program.write_text(f"open({str(ran)!r}, 'w')\ndef f(x, y):\n    return x * y + x\n")
    result = CliRunner().invoke(verbs, ["try", "--code", str(program), "--at", "x = 2", "--plain"], input=":quit\n")
    assert result.exit_code == 1
    assert "Drawn: y = " in result.output
    assert not ran.exists()
    for words in (["--code", str(tmp_path / "none.py")], ["--code", str(tmp_path)], ["g", "--code", str(program)]):
        assert CliRunner().invoke(verbs, ["try", *words, "--plain"]).exit_code == 2
