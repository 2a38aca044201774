"""Closed forms of the gradients: there, short, and right by autograd, which knows nothing of the engine."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, given, settings

from tests.sampling import examples
from tutor.engine import sympy_bridge as rewriting
from tutor.language import Apply, Constant, Expression, Matrix, Name, Number, read_expression, show, typed
from tutor.library import BadFile
from tutor.library.problem import Problem, problem_of
from tutor.questions.backprop import worked_solution as module
from tutor.questions.backprop.worked_solution import closed_forms

from ..engine.expressions import is_tame, trees
from ..engine.oracle import FORMULAS
from ..engine.random_graphs import Recipe, tensor_recipes
from .making import SHIPPED, made

_EACH = pytest.mark.parametrize("id", SHIPPED)

LINES = {
    "staging/f": "z | z | x + y",
    "staging/h": "2·x·z³ | 2·z³ | 3·z²·(x² + 2·y)",
    "staging/g": "4 + 2·(ln(x) + sin(y))/x | 2·(ln(x) + sin(y))·cos(y)",
    "node-way/a": "z | z | x + y",
    "node-way/b": "2·x·z³ | 2·z³ | 3·z²·(x² + 2·y)",
    "node-way/c": "4 + 2·(ln(x) + sin(y))/x | 2·(ln(x) + sin(y))·cos(y) | 0",
    "sigmoid/gates": "e^(−x)/(1 + e^(−x))²",
    "layers/two-over-sine": "2·cos(e^(−x))·e^(−x)/sin(e^(−x))²",
    "vectors/squared-norm": "2·(W @ x) @ xᵀ | 2·Wᵀ @ (W @ x)",
}


def _problem(function: str, at: str, more: str = "") -> Problem:
    return problem_of(made(function, at, more))


def _forms(problem: Problem, seconds: float = 20.0) -> dict[str, str]:
    """Input -> the text of its gradient."""
    found = {}
    for line in closed_forms(problem, seconds):
        left, _, text = line.partition(" = ")
        f, name = left.removeprefix("∂").split("/∂")
        assert f == problem.function.name
        found[name] = text
    return found


def _value(m: Any, tree: Expression, at: dict[str, Any]) -> Any:
    """The value by NumPy or autograd's copy of it."""
    match tree:
        case Name(name):
            return at[name]
        case Number(value):
            return float(value)
        case Constant(name):
            return {"pi": np.pi, "e": np.e}[name]
        case Matrix(rows):
            entries = m.array([[_value(m, entry, at) for entry in row] for row in rows])
            return entries[0] if tree.is_vector else entries
        case Apply(operation, arguments, options):
            return FORMULAS[operation](m, *(_value(m, argument, at) for argument in arguments), **dict(options))


def _gradient(problem: Problem, name: str, at: Mapping[str, Any]) -> Any:
    def total(value: Any) -> Any:
        # The idle part keeps autograd from warning of an input that is not used.
        return anp.sum(_value(anp, problem.function.expression, {**at, name: value})) + 0.0 * anp.sum(value)

    return grad(total)(at[name])


def _check(problem: Problem, forms: dict[str, str]) -> None:
    """Every form, computed by NumPy, is what autograd finds: at the inputs and near them."""
    for name, text in forms.items():
        tree = read_expression(text, problem.vocabulary).tree
        for at in (problem.inputs, *problem.draws[:3]):
            with np.errstate(all="ignore"):
                truth, mine = _gradient(problem, name, at), _value(np, tree, dict(at))
            assert np.shape(mine) == np.shape(truth), (name, text)
            np.testing.assert_allclose(mine, truth, rtol=1e-7, atol=1e-9, err_msg=f"{name}: {text}")


@_EACH
def test_every_input_of_a_shipped_exercise_has_its_line(id: str):
    problem = problem_of(SHIPPED[id])
    forms = _forms(problem)
    assert tuple(forms) == problem.function.parameters
    _check(problem, forms)
    longest = 3.2 * len(show(problem.function.expression))
    assert all(len(text) <= longest for text in forms.values())


@pytest.mark.parametrize("id", LINES)
def test_the_lines_of_shipped_exercises(id: str):
    assert " | ".join(_forms(problem_of(SHIPPED[id])).values()) == LINES[id]


@pytest.mark.parametrize(
    ("function", "at", "expected"),
    [
        ("x^y", "x=2, y=3", "y·x^(y − 1) | x^y·ln(x)"),
        ("|x| y x", "x=-2, y=1", "2·y·|x| | x·|x|"),
        ("tanh(x)^2 + y", "x=2, y=1", "2·tanh(x)·(1 − tanh(x)²) | 1"),
        ("0.3 sin(x y) + 0.5 x^2", "x=1, y=2", "x + 0.3·y·cos(x·y) | 0.3·x·cos(x·y)"),
        ("sin(x)^2 + cos(x)^2 - y", "x=1, y=1", "0 | −1"),
        ("(σ(x) - y)^2/2", "x=1, y=2", "(σ(x) − y)·σ(x)·(1 − σ(x)) | y − σ(x)"),
        ("-(y ln(σ(x)) + (1 - y) ln(1 - σ(x)))", "x=1, y=0.5", "σ(x) − y | ln(1 − σ(x)) − ln(σ(x))"),
        ("ln(e^x + e^y)", "x=1, y=2", "e^x/(e^x + e^y) | e^y/(e^x + e^y)"),
        ("ln(exp(x) + exp(y))", "x=1, y=2", "exp(x)/(exp(x) + exp(y)) | exp(y)/(exp(x) + exp(y))"),
        ("sqrt(x^2 + y^2)", "x=3, y=4", "x/√(x² + y²) | y/√(x² + y²)"),
        ("x^(2/3) y^-0.5", "x=1, y=2", "2/(3·x^(1/3)·y^0.5) | −0.5·x^(2/3)/y^1.5"),
        ("relu(x) y", "x=1, y=2", "y·(x > 0) | relu(x)"),
        ("max(x, y)", "x=1, y=2", "x > y | y > x"),
        ("|x|^3 + y", "x=-2, y=1", "3·x·|x| | 1"),
        ("where(x > y, x^2, y)", "x=2, y=1", "2·x·(x > y) | x ≤ y"),
        ("sum([1, 2] * x) y", "x=1, y=2", "y·sum([1, 2]) | x·sum([1, 2])"),
        ("||x - y||^2", "x=[1, 2], y=[3, 1]", "2·(x − y) | 2·(y − x)"),
        ("dot(x, y @ x)", "x=[1, 2], y=[[1, 2], [3, 4]]", "y @ x + yᵀ @ x | outer(x, x)"),
        ("x.T @ y @ x", "x=[[1], [2]], y=[[1, 2], [3, 4]]", "yᵀ @ x + y @ x | x @ xᵀ"),
        ("mean((y @ x)^2)", "x=[1, 2], y=[[1, 2], [3, 4]]", "yᵀ @ (y @ x) | outer(y @ x, x)"),
        ("sum((y @ x) - 0.3 x)", "x=[1, 2], y=[[1, 2], [3, 4]]", "yᵀ @ [1, 1] − 0.3 | outer([1, 1], x)"),
        ("sum(relu(x)) + sum(y)", "x=[1, 2], y=[1, 2]", "x > 0 | [1, 1]"),
        ("sum(x/sum(x)) + norm(y)", "x=[1, 2], y=[1, 2]", "[0, 0] | y/‖y‖"),
        ("sum(tanh(x @ y))", "x=[[1, 2], [3, 4]], y=[[0.1, 0.2], [0.3, 0.4]]",
         "(1 − tanh(x @ y)²) @ yᵀ | xᵀ @ (1 − tanh(x @ y)²)"),
        ("sum((x + y)^2)", "x=[[1, 2, 3], [4, 5, 6]], y=[1, 2, 3]", "2·(x + y) | 2·sum(x + y, axis=0)"),
    ],
)  # fmt: skip
def test_lines(function: str, at: str, expected: str):
    problem = _problem(f"f(x, y) = {function}", at, "positive = ['x']" if function == "x^y" else "")
    forms = _forms(problem)
    assert " | ".join(forms.values()) == expected
    _check(problem, forms)


@pytest.mark.parametrize(
    ("function", "at"),
    [
        ("f(X, w, b, y) = mean((X @ w + b - y)^2)", "X=[[1, 2], [3, 4], [5, 6]], w=[1, 2], b=0.5, y=[1, 1, 1]"),
        ("f(A, B, x) = ||B @ tanh(A @ x)||^2", "A=[[1, 2], [3, 4]], B=[[1, 0.5]], x=[1, 0.2]"),
        ("f(x, y) = dot(x, y)/(norm(x) norm(y))", "x=[1, 2], y=[3, 1]"),
        ("f(x, y) = ||outer(x, y)||^2", "x=[1, 2, 3], y=[3, 1]"),
        ("f(X, b) = sum(σ(X * b))", "X=[[1, 2], [3, 4], [5, 6]], b=[[1], [2], [3]]"),
        ("f(X, b) = sum(e^X/b)^2", "X=[[1, 2], [3, 4]], b=[[1, 2]]"),
        ("f(X, Y) = sum(X @ Y.T @ X)", "X=[[1, 2], [3, 4]], Y=[[1, 0], [2, 1]]"),
        ("f(x, k) = k^2 sum(x^3)", "x=[1, -2, 3], k=2"),
        ("f(x, k) = sum(k - |x|)", "x=[1, -2, 3], k=2"),
        ("f(X) = sum(mean(X, axis=1, keepdims=True)^2)", "X=[[1, 2], [3, 4]]"),
        ("f(x) = sin(x)", "x=[1, 2]"),
        ("f(W, x) = W @ x", "W=[[1, 2], [3, 4]], x=[1, 2]"),
        ("f(W, x) = 2 W.T @ x / 3", "W=[[1, 2], [3, 4]], x=[1, 2]"),
        ("f(v, W) = v @ W @ v", "W=[[1, 2], [3, 4]], v=[1, 2]"),
        ("f(v, s) = outer(v, [1, 2]) @ [3, 4] * s", "v=[1, 2], s=0.5"),
    ],
)
def test_tensors(function: str, at: str):
    problem = _problem(function, at)
    forms = _forms(problem)
    assert tuple(forms) == problem.function.parameters
    _check(problem, forms)


@settings(max_examples=25)
@given(trees(leaves=6))
def test_random_functions(tree: Expression):
    assume(is_tame(tree, {"x": 1.3, "y": 0.4}, 1e3, 1e-6))
    try:
        problem = _problem(f"f(x, y) = {typed(tree)}", "x = 1.3, y = 0.4")
    except BadFile:
        assume(False)
    _check(problem, _forms(problem))


@settings(max_examples=examples(60))
@given(tensor_recipes(most=5))
def test_random_tensors(recipe: Recipe):
    parts: list[Expression] = [Name(name) for name in recipe.names]
    for key, arguments, options in recipe.gates:
        given = tuple((name, value) for name, value in options.items() if value not in (None, False))
        parts.append(Apply(key, tuple(parts[a] for a in arguments), given))
    at = ", ".join(f"{name} = {np.asarray(value).tolist()}" for name, value in recipe.at.items())
    try:
        problem = _problem(f"f({', '.join(recipe.names)}) = {typed(parts[-1])}", at)
    except BadFile:
        assume(False)
    _check(problem, _forms(problem))


def test_the_same_lines_every_time():
    problem = problem_of(SHIPPED["layers/complex"])
    assert closed_forms(problem, 60.0) == closed_forms(problem, 60.0)


@pytest.mark.parametrize(
    "function",
    [
        "0.7^(9^9) + x y", "((x + y)^300 + 1)^300 y", "(x + y)^0.001 x^0.999", "x^0.123456789 + y",
        "+".join(f"sin(x^{n} y)/(1 + x y^{n})" for n in range(2, 9)), "(((((x^9 + y)^9 + x)^9 + y)^9 + x)^9 + y)^9",
    ],
)  # fmt: skip
def test_what_would_keep_sympy_busy_for_long(function: str):
    problem = _problem(f"f(x, y) = {function}", "x = 0.3, y = 0.4")
    _check(problem, _forms(problem, 1.0))


@_EACH
def test_without_time_the_chain_rule_alone_speaks(id: str):
    problem = problem_of(SHIPPED[id])
    forms = _forms(problem, 0.0)
    assert tuple(forms) == problem.function.parameters
    _check(problem, forms)


def _closed() -> None:
    any(letter for letter in "xy")


class _Deleted:
    def __del__(self) -> None:
        show(Name("x"))


@pytest.mark.parametrize("swallows", [_closed, _Deleted], ids=["a generator closed half-way", "an object deleted"])
def test_endless_work_is_stopped_though_what_is_raised_may_be_swallowed(swallows: Callable[[], object]):
    def endless() -> Any:
        while True:
            for _ in range(1_000):
                swallows()
            show(Name("x"))
        yield Name("x")

    before = sys.gettrace()
    assert rewriting._next_before(0.0, endless()) is None
    assert sys.gettrace() is before


@pytest.mark.parametrize("id", ["node-way/b", "vectors/squared-norm"])
def test_a_wrong_form_is_never_shown(id: str, monkeypatch: pytest.MonkeyPatch):
    problem = problem_of(SHIPPED[id])
    right = module.gradients_in_symbols

    def wrong(*given: Any) -> dict[str, Expression | None]:
        factors = itertools.cycle([Fraction(1000001, 1000000), Fraction(-1)])
        return {name: tree and Apply("mul", (Number(next(factors), ""), tree)) for name, tree in right(*given).items()}

    monkeypatch.setattr(module, "gradients_in_symbols", wrong)
    assert closed_forms(problem) == ()
