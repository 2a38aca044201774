"""New functions from a grammar of gates: the same everywhere, with what was asked for, fit to be worked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from msgspec import structs

from tests.bench.bench_variants import faults, made_functions
from tests.practice.test_variants import slopes
from tests.shipped import LIBRARY
from tutor.cli.commands import verbs
from tutor.engine.gates import GATES
from tutor.engine.values import Value
from tutor.library import BadFile
from tutor.library.format import BackpropTable, Given
from tutor.library.problem import problem_in
from tutor.paths import VARIABLE
from tutor.practice.gate_request import NoSuchFunction, drawable_gates, read_request
from tutor.practice.generated import generated
from tutor.practice.variants import find, next_variant
from tutor.questions.backprop.code import far_draws
from tutor.questions.backprop.reference import Reference
from tutor.questions.backprop.spurious_match import _hidden_at, _hidden_here, _passes, _wires
from tutor.runner import Runner

NAMED = [
    ("mul,exp,fork", "practice/exp-fork-mul-2"),
    ("* e^x forks", "practice/exp-fork-mul-2"),
    ("Times; SIGMA, plus", "practice/add-mul-sigmoid-2"),
    ("np.log, square root", "practice/ln-sqrt-2"),
    ("×,×,σ", "practice/mul-mul-sigmoid-2"),
    ("fork", "practice/fork-2"),
    ("matmul relu", "practice/matmul-relu-2"),
    ("squared, logistic", "practice/power-sigmoid-2"),
]
REFUSED = [
    ("", "2", "Name the gates"),
    ("mul,exq", "2", "There is no gate called exq. Did you mean exp?"),
    ("x,y", "2", "There is no gate called x. `backprop-tutor gates`"),
    ("softsign", "2", "Name those you want: div, add and abs."),
    ("sign", "2", "it sends nothing back"),
    ("argmax", "2", "it sends nothing back"),
    ("where", "2", "it needs a condition"),
    ("index", "2", "shapes or positions"),
    ("mul", "9", "A level is a whole number from 1 to 5; this one is 9."),
    ("mul", "hard", "this one is hard"),
    (",".join(["mul"] * 12), "2", "at most 8"),
]
PINNED = {
    ("mul,exp,fork", "3", 7): "f(x, y, z) = exp(x·y)·(z + x)",
    ("mul", "2", 5): "f(x, y, z, w) = x·y·z·w",
}


@pytest.mark.parametrize(("typed", "id"), NAMED)
def test_gates_are_called_as_learners_call_them(typed: str, id: str) -> None:
    request = read_request(typed)
    assert request.id == id
    assert read_request(id.partition("/")[2][:-2].replace("-", ","), "2") == request


@pytest.mark.parametrize(("typed", "level", "said"), REFUSED)
def test_what_no_function_is_made_of_is_said(typed: str, level: str, said: str) -> None:
    with pytest.raises(NoSuchFunction) as refused:
        read_request(typed, level)
    assert said in str(refused.value)


def test_a_seed_is_one_function_everywhere() -> None:
    """These stand in learners' notes and on sheets by now."""
    for (gates, level, seed), function in PINNED.items():
        request = read_request(gates, level)
        made = generated(request, seed)
        assert made.file.function == function
        assert made.id == f"{request.id}@{seed}"
        assert find(LIBRARY, made.id) == made
        assert next_variant(made, [made.id, f"{request.id}@{seed + 3}"]).id == f"{request.id}@{seed + 4}"


@pytest.mark.parametrize("first", [1, 68, 202])
def test_functions_are_solved_through_the_session_and_tell_mistakes_apart(first: int) -> None:
    """A few of what `tests/bench/bench_variants.py` counts in hundreds."""
    for name, draw in [*made_functions(first + 2, first)][first - 1 :]:
        assert faults(draw(), Runner(), with_code=False) == [], name


@pytest.mark.parametrize(
    ("gates", "level"), [("mul,exp", 1), ("mul,exp,fork", 3), ("tanh,div,fork", 5), ("matmul,relu", 2), ("max,ln", 4)]
)
def test_what_was_asked_for_is_there(gates: str, level: int) -> None:
    """Gates and forks, counted in the graph; gradients against central differences of the function alone."""
    request = read_request(gates, str(level))
    for seed in (11, 12):
        problem = problem_in(generated(request, seed).file)
        nodes = [problem.graph.nodes[gate].gate for gate in problem.graph.gates]
        keys = Counter(gate.specialises or gate.key for gate in nodes if gate is not None)
        assert not Counter(request.gates) - keys
        assert len(nodes) >= request.size
        assert any(len(uses) > 1 for uses in problem.graph.uses) == request.forks
        for name, value in problem.inputs.items():
            assert np.allclose(problem.gradient(name), slopes(problem, name, value), rtol=1e-4, atol=1e-5)


def test_every_gate_that_sends_something_back_can_be_asked_for_or_says_why() -> None:
    drawable = set(drawable_gates())
    assert {"add", "mul", "div", "exp", "ln", "relu", "max", "matmul", "softmax", "mean"} <= drawable
    for key in GATES.keys() - drawable:
        with pytest.raises(NoSuchFunction, match=f"No function can be made for {key}: "):
            read_request(key)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return tmp_path


def run(words: list[str], typed: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(verbs, words, input=typed)
    return result.exit_code, " ".join(result.output.split())


@pytest.mark.usefixtures("home")
def test_the_verb_gives_another_function_each_time() -> None:
    code, told = run(["practice", "--gates", "exp, *, fork", "--plain"], "a = exp(x)\n:quit\n")
    assert code == 1
    assert "practice/exp-fork-mul-2@1" in told
    assert "practice/exp-fork-mul-2@2" in run(["practice", "--gates", "mul exp fork", "--plain"], ":quit\n")[1]
    assert "Picking up" in run(["start", "practice/exp-fork-mul-2@1", "--plain"], ":quit\n")[1]
    assert "(seed 2)" in run(["start", "practice/exp-fork-mul-2@1", "--plain"], ":new\nyes\n:quit\n")[1]
    assert "practice/exp-fork-mul-2@1" in run(["list"])[1]
    assert "∂f/∂x" in run(["sheet", "practice/exp-fork-mul-2@1"])[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["practice"], "Name the gates"),
        (["practice", "--gates", "mul", "--seed", "seven"], "A seed is a whole number"),
        (["start", "practice/exq-mul-2@5"], "Did you mean exp?"),
        (["start", "practice/mul-9@5"], "A level is a whole number"),
        (["start", "practice/mul-2"], "a seed"),
    ],
)
def test_what_cannot_be_made_ends_in_a_sentence(home: Path, words: list[str], said: str) -> None:
    code, told = run(words)
    assert code == 2
    assert said in told
    assert not list(home.iterdir())


@pytest.mark.parametrize(("gates", "level"), [("relu", "3"), ("max,fork", "3")])
def test_the_mistakes_that_numbers_hide_are_those_that_show_at_most_others(gates: str, level: str) -> None:
    """Counted as it is defined, every mistake at every number; the program stops looking where it is decided."""
    hides = 0
    for seed in range(3):
        problem = problem_in(generated(read_request(gates, level), seed).file)
        moved = problem.at({name: _doubled(given) for name, given in problem.inputs.items()})
        for one in (problem, moved):
            reference = Reference(one, one.graph)
            here = _hidden_at(reference, reference.here, _wires(reference))
            far = [_hidden_at(reference, on, _wires(reference)) for on in _passes(reference, far_draws(one))]
            shown = {label: sum(label not in there for there in far) for label in here}
            wanted = {label for label, many in shown.items() if far and many >= 2 / 3 * len(far)}
            assert set(_hidden_here(reference)) == wanted
            hides += bool(wanted)
    assert hides


def _doubled(value: Value) -> Given:
    return (2 * np.asarray(value)).tolist()


def test_other_numbers_and_shapes_are_not_mistaken_for_those_read_before() -> None:
    file = BackpropTable(function="f(A, x) = sum(A x)", at={"A": [[1, 2], [3, 4]], "x": [1.5, 2]})
    first = problem_in(file)
    assert (
        first.at({"A": [[2, 2], [3, 5]], "x": [1, -2]}).output
        == problem_in(structs.replace(file, at={"A": [[2, 2], [3, 5]], "x": [1, -2]})).output
        == pytest.approx(-9)
    )
    entrywise = problem_in(structs.replace(file, at={"A": [1.5, 2], "x": [3, 4]}))
    assert entrywise.output == pytest.approx(12.5)
    assert problem_in(structs.replace(file, at={"A": 3, "x": [3, 4]})).output == 21
    assert first.output == pytest.approx(18)
    with pytest.raises(BadFile, match="ln needs a positive number"):
        problem_in(BackpropTable(function="f(x) = ln(x)", at={"x": 2})).at({"x": -1})
