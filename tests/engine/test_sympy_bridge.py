"""Expressions and derivatives in symbols: there, back, and against the backward pass."""

from __future__ import annotations

import math

import pytest
import sympy
from hypothesis import assume, given, settings

from tests.sampling import examples
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES
from tutor.engine.passes import NoValue, backward, forward
from tutor.engine.staging import graph_of
from tutor.engine.sympy_bridge import derivative, from_sympy, local_derivative, to_sympy
from tutor.language import Expression, names_in, typed

from .expressions import SMOOTH, is_tame, trees
from .making import read

X, Y = (sympy.Symbol(name, real=True) for name in "xy")
_POINTS = ({"x": 1.3, "y": 0.4}, {"x": 0.6, "y": 2.3}, {"x": 2.7, "y": 1.1})


def _agree(first: float, second: float, size: float = 1.0) -> bool:
    return math.isclose(first, second, rel_tol=1e-7, abs_tol=1e-9 * size)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + y", X + Y), ("2 x y", 2 * X * Y), ("x/y", X / Y), ("x^2", X**2), ("sqrt x", sympy.sqrt(X)),
        ("0.1", sympy.Rational(1, 10)),
        ("e^x", sympy.exp(X)), ("exp x", sympy.exp(X)), ("e", sympy.E), ("pi x", sympy.pi * X), ("ln x", sympy.log(X)),
        ("tan x", sympy.tan(X)), ("sigmoid x", 1 / (1 + sympy.exp(-X))), ("|x|", sympy.Abs(X)),
        ("max(x, y)", sympy.Max(X, Y)),
        ("relu x", sympy.Max(X, 0)), ("x^y", X**Y), ("-x", -X), ("x^(1/3)", X ** sympy.Rational(1, 3)),
        ("1e-3", sympy.Rational(1, 1000)),
    ],
)  # fmt: skip
def test_to_sympy(text, expected):
    assert to_sympy(read(text, "x", "y")) == expected


@pytest.mark.parametrize("text", ["x @ y", "sum(x)", "[x, y]", "x + [1, 2]", "||x||", "x.T"])
def test_what_has_no_symbolic_form(text):
    with pytest.raises(ValueError, match="only numbers and elementwise gates have a symbolic form"):
        to_sympy(read(text, "x", "y"))


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (X + Y, "x + y"), (X - Y, "x - y"), (Y - X, "y - x"), (-X - Y, "-x - y"), (-X, "-x"), (2 * X, "2*x"),
        (X / 2, "x/2"),
        (-X / Y, "-(x/y)"), (1 / X, "1/x"), (X**-2, "1/x^2"), (sympy.sqrt(X), "sqrt(x)"),
        (1 / sympy.sqrt(X), "1/sqrt(x)"),
        (X ** sympy.Rational(3, 2), "x^(3/2)"), (sympy.exp(X), "exp(x)"), (sympy.exp(-X), "exp(-x)"),
        (sympy.log(X), "ln(x)"),
        (sympy.E, "e"), (sympy.pi * X, "pi*x"), (sympy.Max(X, Y, 1), None), (sympy.Rational(-2, 3) * X, None),
        (sympy.Integer(-3), "-3"),
        (2 * X * Y, "2*x*y"), (X**2 + 2 * Y, "x^2 + 2*y"), (sympy.cos(X) / 2, "cos(x)/2"), (sympy.Abs(X), "abs(x)"),
        (3 * (X + Y) ** 2, "3*(x + y)^2"), (X * sympy.exp(-X), None), (sympy.tanh(X) ** 2, "tanh(x)^2"),
    ],
)  # fmt: skip
def test_from_sympy(made, text):
    tree = from_sympy(made)
    if text is not None:
        assert typed(tree) == text
    for at in _POINTS:
        truth = made.subs({X: sympy.Rational(str(at["x"])), Y: sympy.Rational(str(at["y"]))})
        assert _agree(evaluate(tree, at), float(truth))


@pytest.mark.parametrize(
    "made", [sympy.Piecewise((X, X > 0)), sympy.I, sympy.oo, sympy.nan, sympy.gamma(X), sympy.Float(0.5)]
)
def test_what_the_language_has_no_word_for(made):
    with pytest.raises(ValueError, match="the language has no"):
        from_sympy(made)


@settings(max_examples=examples(60), deadline=None)
@given(trees(leaves=6))
def test_there_and_back_has_the_same_value(tree: Expression):
    points = [at for at in _POINTS if is_tame(tree, at, 1e3, 1e-9)]
    assume(points)
    try:
        back = from_sympy(to_sympy(tree))
    except ValueError as error:
        assume("atan2" not in str(error))  # SymPy's way to write |e^√x| where x may be negative
        raise
    assert set(names_in(back)) <= set(names_in(tree))
    for at in points:
        # SymPy cancels: what it leaves may have a value where floats lose digits, never a different one.
        value = evaluate(back, at)
        assert _agree(value, evaluate(tree, at), 1e3), (typed(tree), typed(back))


@settings(max_examples=examples(60), deadline=None)
@given(trees(keys=(*SMOOTH, "pow"), leaves=5))
def test_the_backward_pass_is_the_derivative_in_symbols(tree: Expression):
    names = names_in(tree)
    assume(names)
    graph = graph_of(tree, names)
    for at in _POINTS:
        if not is_tame(tree, at, 1e3, 1e-9):
            continue
        used = {name: at[name] for name in names}
        try:
            totals = backward(graph, forward(graph, used)).totals
        except NoValue:
            continue
        for name, here in zip(names, totals, strict=False):
            subs = {sympy.Symbol(key, real=True): sympy.Rational(str(value)) for key, value in used.items()}
            truth = derivative(tree, name).subs(subs).evalf(25)
            assert _agree(here, float(truth), 1 + abs(here)), (typed(tree), name)


def test_derivatives():
    assert derivative(read("(x + y) x", "x", "y"), "x") == 2 * X + Y
    assert derivative(read("ln x + y", "x", "y"), "y") == 1
    assert derivative(read("ln x", "x"), "q") == 0


def test_local_derivatives_are_in_the_gates_own_names():
    a, b = (sympy.Symbol(name, real=True) for name in "ab")
    assert local_derivative(GATES["mul"], 0) == b
    assert local_derivative(GATES["div"], 1) == -a / b**2
    with pytest.raises(ValueError, match="matrix product has no local derivative entry by entry"):
        local_derivative(GATES["matmul"], 0)
