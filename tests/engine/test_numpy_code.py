"""The NumPy that is written out: it runs, and computes what the engine and autograd compute."""

from __future__ import annotations

from textwrap import indent
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings

from tests.sampling import examples
from tutor.engine.evaluate import evaluate
from tutor.engine.graph import Graph, GraphBuilder
from tutor.engine.numpy_code import numpy_code, passes_code
from tutor.engine.passes import NoValue, backward, forward
from tutor.engine.staging import fused_gate, graph_of
from tutor.engine.values import Value, shape_of
from tutor.language import Expression, names_in

from . import oracle
from .expressions import is_tame, trees
from .making import graph, read
from .random_graphs import Recipe, tensor_recipes

_CODE = [
    ("x + y z", "x + y * z"), ("(x + y) z", "(x + y) * z"), ("x - (y - z)", "x - (y - z)"), ("x - y - z", "x - y - z"),
    ("x/(y z)", "x / (y * z)"), ("x/y z", "x / y * z"), ("x (y/z)", "x * (y / z)"), ("x^2", "x**2"), ("x^-1", "x**-1"),
    ("(-x)^2", "(-x)**2"), ("-x^2", "-x**2"), ("(-2)^x", "(-2)**x"), ("2^-x", "2**-x"), ("x^y^z", "x**y**z"),
    ("(x^y)^z", "(x**y)**z"),
    ("x^(y + 1)", "x**(y + 1)"), ("-(x y)", "-(x * y)"), ("-x y", "-x * y"), ("x (-y)", "x * -y"),
    ("x - (-y)", "x - -y"),
    ("e^x", "np.exp(x)"), ("ln(x + 1)", "np.log(x + 1)"), ("sin x", "np.sin(x)"), ("sqrt(x)/2", "np.sqrt(x) / 2"),
    ("|x|", "np.abs(x)"),
    ("sigmoid(x)", "1 / (1 + np.exp(-x))"), ("sigmoid(x + y)", "1 / (1 + np.exp(-(x + y)))"),
    ("x/sigmoid(y)", "x / (1 / (1 + np.exp(-y)))"),
    ("sigmoid(x) y", "1 / (1 + np.exp(-x)) * y"), ("sigmoid(x)^2", "(1 / (1 + np.exp(-x)))**2"),
    ("relu(x y)", "np.maximum(x * y, 0)"),
    ("max(x, y + 1)", "np.maximum(x, y + 1)"), ("W @ x + y", "W @ x + y"), ("W @ (x + y)", "W @ (x + y)"),
    ("(W @ x) @ y", "W @ x @ y"),
    ("W @ (x @ y)", "W @ (x @ y)"), ("2 (W @ x)", "2 * (W @ x)"), ("W.T @ x", "W.T @ x"), ("(W x).T", "(W * x).T"),
    ("sum(x)", "np.sum(x)"),
    ("sum(x, axis=0)", "np.sum(x, axis=0)"),
    ("mean(x, axis=(0, 1), keepdims=True)", "np.mean(x, axis=(0, 1), keepdims=True)"),
    ("||W @ x||^2", "np.sum((W @ x)**2)"), ("||x||", "np.linalg.norm(x)"), ("dot(x, y)", "np.dot(x, y)"),
    ("outer(x, y)", "np.outer(x, y)"),
    ("[[1, 2], [3, 4]] @ x", "np.array([[1, 2], [3, 4]]) @ x"), ("x + [1.5, -2]", "x + np.array([1.5, -2])"),
    ("softmax(x + y)", "np.exp(x + y - np.logaddexp.reduce(x + y, axis=-1, keepdims=True))"),
    ("softmax(x, axis=0)", "np.exp(x - np.logaddexp.reduce(x, axis=0, keepdims=True))"),
    ("logsumexp(x, axis=1)", "np.logaddexp.reduce(x, axis=1)"), ("max(x, axis=1)", "np.max(x, axis=1)"),
    ("max(x + y)", "np.max(x + y)"), ("var(x, axis=0, keepdims=True)", "np.var(x, axis=0, keepdims=True)"),
    ("gather(W + x, [2, 0])", "(W + x)[np.array([2, 0])]"), ("slice(x y, 1, 3)", "(x * y)[1:3]"),
    ("slice(W, 0, -1, axis=1) z", "W[:, 0:-1] * z"), ("slice(W, 0, 2, axis=-1)", "W[..., 0:2]"),
    ("reshape(x + y, 2, 3)", "np.reshape(x + y, (2, 3))"), ("concat(x, y + 1)", "np.concatenate([x, y + 1])"),
    ("stack(x, y, axis=1)", "np.stack([x, y], axis=1)"), ("softplus(x) y", "np.logaddexp(0, x) * y"),
    ("y/gelu(x + 1)", "y / ((x + 1) * (1 + np.vectorize(erf)((x + 1) / np.sqrt(2))) / 2)"),
    ("pi x", "np.pi * x"), ("e", "np.e"),
    ("0.1 x", "0.1 * x"), ("2.0 x", "2.0 * x"), ("1e-3 x", "0.001 * x"), ("1e20 x", "1e+20 * x"),
    ("1e15", "1000000000000000.0"),
    ("123456789012345 x", "123456789012345 * x"), ("(1/3) x", "1 / 3 * x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), _CODE)
def test_expressions(text, code):
    assert numpy_code(read(text, "x", "y", "z", "W")) == code


_NEGATIVE_POWERS = ["relu(2)^-1", "max(1, 2)^(1 - 2) x", "(1 + 1)^-1", "x [1, 2]^-1", "(-2)^-1", "sum([2, 2])^-1"]


@pytest.mark.parametrize("text", _NEGATIVE_POWERS)
def test_whole_numbers_to_a_negative_power(text):
    tree = read(text, "x")
    np.testing.assert_allclose(eval(numpy_code(tree), {"np": np, "x": 1.5}), evaluate(tree, {"x": 1.5}), rtol=1e-15)


@settings(max_examples=examples(300), deadline=None)
@given(trees(leaves=14))
def test_the_code_has_the_value(tree: Expression):
    for at in ({"x": 1.3, "y": 0.4}, {"x": np.array([-0.7, 0.9]), "y": np.array([[2.0], [-1.5]])}):
        if is_tame(tree, at):
            value = eval(numpy_code(tree), {"np": np, **at})
            np.testing.assert_allclose(value, evaluate(tree, at), rtol=1e-9, atol=1e-12)


def _written(made: Graph, values: list[Value]) -> str:
    """Both passes, the gradient of x in dx."""
    names = {position: node.name for position, node in enumerate(made.nodes)}
    return passes_code(made, values, names, {position: f"d{name}" for position, name in names.items()})


def _run(made: Graph, values: list[Value], at: dict[str, Any]) -> tuple[Any, list[Any]]:
    """What the written function returns: its value, and the gradient of each input."""
    inputs = [made.nodes[position].name for position in made.inputs]
    last = f"return {made.nodes[-1].name}, [{', '.join(f'd{name}' for name in inputs)}]"
    body = indent(_written(made, values), "    ")
    source = f"def function({', '.join(inputs)}):\n{body}\n    {last}\n"
    space: dict[str, Any] = {"np": np}
    exec(source, space)
    return space["function"](**at)


_FUNCTIONS = [
    ("(x + y) z", lambda m, x, y, z: (x + y) * z, [(), (), ()]),
    ("(x + y) z", lambda m, x, y, z: (x + y) * z, [(3,), (2, 3), (2, 1)]),
    ("(x^2 + 2 y) z^3", lambda m, x, y, z: (x**2 + 2 * y) * z**3, [(2, 3), (), (3,)]),
    ("(ln x + sin y)^2 + 4 x", lambda m, x, y: (m.log(x) + m.sin(y)) ** 2 + 4 * x, [(), ()]),
    ("1/(1 + e^(-x))", lambda m, x: 1 / (1 + m.exp(-x)), [(4,)]),
    ("2/sin(e^(-x))", lambda m, x: 2 / m.sin(m.exp(-x)), [()]),
    (
        "ln x sigmoid(sqrt(y))/sigmoid((x + y)^2)",
        lambda m, x, y: m.log(x) / (1 + m.exp(-m.sqrt(y))) * (1 + m.exp(-((x + y) ** 2))),
        [(2, 1), (3,)],
    ),
    ("||W @ x||^2", lambda m, W, x: m.sum(m.matmul(W, x) ** 2), [(2, 2), (2, 1)]),
    ("||W @ x||^2", lambda m, W, x: m.sum(m.matmul(W, x) ** 2), [(2, 3), (3,)]),
    ("W @ x + b", lambda m, W, x, b: m.matmul(W, x) + b, [(2, 3), (3, 4), (2, 1)]),
    ("x @ W.T + b", lambda m, x, W, b: m.matmul(x, m.transpose(W)) + b, [(5, 3), (2, 3), (2,)]),
    ("mean((y - x)^2)", lambda m, y, x: m.mean((y - x) ** 2), [(2, 3), (3,)]),
    ("x - mean(x, axis=0)", lambda m, x: x - m.mean(x, axis=0), [(4, 3)]),
    ("sum(x, axis=1) y", lambda m, x, y: m.sum(x, axis=1) * y, [(4, 3), (4,)]),
    ("x/sum(x, axis=(0, 1), keepdims=True)", lambda m, x: x / m.sum(x), [(4, 3)]),
    ("dot(x, y)^2/norm(x)", lambda m, x, y: m.sum(x * y) ** 2 / m.sqrt(m.sum(x**2)), [(3,), (3,)]),
    ("sum(outer(x, y), axis=0)", lambda m, x, y: m.sum(x) * y, [(2,), (3,)]),
    ("max(x, y) + min(x, 1) + relu(y - 1) + |x - 1|", lambda m, x, y: (
        m.maximum(x, y) + m.minimum(x, 1) + m.maximum(y - 1, 0) + m.abs(x - 1)
    ), [(5,), (5,)]),
    ("x^y + y^0.5 + 3^x + tan(x) + tanh(y) + cos(x)", lambda m, x, y: (
        x**y + y**0.5 + 3**x + m.tan(x) + m.tanh(y) + m.cos(x)
    ), [(3,), (3,)]),
    ("x/3 - x^-2 - y", lambda m, x, y: x / 3 - x**-2 - y, [(3,), ()]),
    ("x [[1, 2], [3, 4]] + [[1, 2], [3, 4]] @ x", lambda m, x: (
        x * np.array([[1.0, 2], [3, 4]]) + m.matmul(np.array([[1.0, 2], [3, 4]]), x)
    ), [(2, 2)]),
    ("x y x", lambda m, x, y: x * y * x, [(2, 3), (3,)]),
    ("cross_entropy(relu(x @ W) @ y, [1, 0, 2])", lambda m, x, W, y: (
        oracle.FORMULAS["cross_entropy"](m, m.matmul(m.maximum(m.matmul(x, W), 0), y), [1, 0, 2])
    ), [(3, 4), (4, 2), (2, 3)]),
    ("softmax(x @ y.T) @ z", lambda m, x, y, z: (
        m.matmul(oracle.FORMULAS["softmax"](m, m.matmul(x, m.transpose(y))), z)
    ), [(2, 3), (4, 3), (4, 2)]),
    ("(x - mean(x, axis=1, keepdims=True))/sqrt(var(x, axis=1, keepdims=True) + 0.1)", lambda m, x: (
        (x - m.mean(x, axis=1, keepdims=True))
        / m.sqrt(oracle.FORMULAS["var"](m, x, axis=1, keepdims=True) + 0.1)
    ), [(2, 4)]),
    ("gelu(x) + erf(y) softplus(x)", lambda m, x, y: (
        oracle.FORMULAS["gelu"](m, x) + oracle.FORMULAS["erf"](m, y) * m.log(1 + m.exp(x))
    ), [(3,), ()]),
    ("max(conv1d(x, y)) logsumexp(y)", lambda m, x, y: (
        m.max(oracle.FORMULAS["conv1d"](m, x, y)) * m.log(m.sum(m.exp(y)))
    ), [(5,), (2,)]),
    ("gather(x, [2, 0, 2]) @ y", lambda m, x, y: m.matmul(x[np.array([2, 0, 2])], y), [(4, 3), (3,)]),
    ("sum(concat(x, y)) stack(x, y) reshape(slice(x, 0, 2), 2, 1)", lambda m, x, y: (
        m.sum(m.concatenate([x, y])) * m.stack([x, y]) * m.reshape(x[0:2], (2, 1))
    ), [(3,), (3,)]),
    ("std(x, axis=0) max(x, axis=0) min(x, axis=0)", lambda m, x: (
        oracle.FORMULAS["std"](m, x, axis=0) * m.max(x, axis=0) * m.min(x, axis=0)
    ), [(4, 3)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "formula", "shapes"), _FUNCTIONS, ids=[f"{t}-{s}" for t, _, s in _FUNCTIONS])
def test_functions(text, formula, shapes):
    rng = np.random.default_rng(6)
    tree = read(text, *"xyzWb")
    names = names_in(tree)
    arguments = [rng.uniform(0.3, 1.4, shape) for shape in shapes]
    at = {n: (a if a.ndim else float(a)) for n, a in zip(names, arguments, strict=True)}
    made = graph_of(tree, names, "f")
    values = forward(made, at)
    out, gradients = _run(made, values, at)
    np.testing.assert_allclose(out, formula(np, *arguments), rtol=1e-12)
    truth = oracle.vjps(formula, arguments, np.ones(np.shape(out)))
    for here, there in zip(gradients, truth, strict=True):
        assert np.shape(here) == np.shape(there)
        np.testing.assert_allclose(here, there, rtol=1e-9, atol=1e-12)


@settings(max_examples=examples(200), deadline=None)
@given(tensor_recipes())
def test_random_tensor_graphs(recipe: Recipe):
    made = recipe.graph()
    try:
        values = forward(made, recipe.at)
        totals = backward(made, values).totals
    except NoValue:
        assume(False)
    at = {name: np.asarray(value)[()] for name, value in recipe.at.items()}
    with np.errstate(all="ignore"):
        out, gradients = _run(made, values, at)
    assert np.shape(out) == shape_of(values[-1])
    np.testing.assert_allclose(out, values[-1], rtol=1e-9)
    largest = max(float(np.max(np.abs(total))) for total in totals)
    for here, there in zip(gradients, totals, strict=False):
        assert np.shape(here) == np.shape(there)
        np.testing.assert_allclose(here, there, rtol=1e-6, atol=1e-10 * (1 + largest))


def test_the_course_function_reads_as_a_course_writes_it():
    made = graph("x y z", "a = x + y", "f = a z")
    code = _written(made, forward(made, {"x": 1.0, "y": 3.0, "z": 2.0}))
    assert code.splitlines() == [
        "# forward pass", "a = x + y", "f = a * z",
        "",
        "# backward pass", "df = np.ones_like(f)", "da = df * z", "dz = df * a", "dy = da", "dx = da",
    ]  # fmt: skip


_LINES = [
    ("e^x", (), "dx = df * f"),
    ("-x", (), "dx = -df"),
    ("1/x", (), "dx = df * (-1 / x**2)"),
    ("x^3", (), "dx = df * (3 * x**2)"),
    ("x^2", (), "dx = df * (2 * x)"),
    ("x/4", (), "dx = df * 0.25"),
    ("x/3", (), "dx = df * (1 / 3)"),
    ("sigmoid(x)", (), "dx = df * (f * (1 - f))"),
    ("tanh(x)", (), "dx = df * (1 - f**2)"),
    ("sqrt(x)", (), "dx = df * (1 / (2 * f))"),
    ("relu(x)", (), "dx = df * (x > 0)"),
    ("x - y", (), "dy = -df"),
    ("x x - y", (), "dx = da * x + da * x"),
    ("x - x", (), "dx = df - df"),
    ("2 x", (), "dy = np.zeros_like(y)"),
    ("x + y", ((2, 3), (3,)), "dy = np.sum(df, axis=0)"),
    ("x + y", ((2, 3), (2, 1)), "dy = np.sum(df, axis=1, keepdims=True)"),
    ("x y", ((2, 3), ()), "dy = np.sum(df * x)"),
    ("x y", ((4, 2, 3), (2, 1)), "dy = np.sum(df * x, axis=(0, 2), keepdims=True).reshape((2, 1))"),
    ("x @ y", ((2, 3), (3, 4)), "dx = df @ y.T"),
    ("x @ y", ((2, 3), (3, 4)), "dy = x.T @ df"),
    ("x @ y", ((2, 3), (3,)), "dx = np.outer(df, y)"),
    ("x @ y", ((2, 3), (3,)), "dy = x.T @ df"),
    ("x @ y", ((3,), (3, 2)), "dx = y @ df"),
    ("x @ y", ((3,), (3,)), "dx = df * y"),
    ("sum(x)", ((2, 3), ()), "dx = df * np.ones_like(x)"),
    ("sum(x, axis=0)", ((2, 3), ()), "dx = np.expand_dims(df, 0) * np.ones_like(x)"),
    ("mean(x)", ((2, 3), ()), "dx = df * np.ones_like(x) / np.size(x)"),
    ("||x||^2", ((2, 3), ()), "dx = 2 * df * x"),
    ("x.T", ((2, 3), ()), "dx = df.T"),
    ("softmax(x)", ((2, 3), ()), "dx = f * (df - np.sum(df * f, axis=-1, keepdims=True))"),
    ("gather(x, [1, 0, 1])", ((2, 3), ()), "dx = np.eye(len(x))[np.array([1, 0, 1])].T @ df"),
    ("concat(x, y)", ((2,), (3,)), "dx = df[:len(x)]"),
    ("concat(x, y)", ((2,), (3,)), "dy = df[len(x):]"),
    ("concat(x, y, axis=1)", ((2, 1), (2, 3)), "dy = df[:, x.shape[1]:]"),
    ("slice(x, 1, 3)", ((5,), ()), "dx = np.pad(df, (1, 2))"),
    ("slice(x, 1, 3, axis=1)", ((2, 5), ()), "dx = np.pad(df, ((0, 0), (1, 2)))"),
    ("reshape(x, 3, 2)", ((2, 3), ()), "dx = np.reshape(df, np.shape(x))"),
    ("stack(x, y)", ((3,), (3,)), "dy = df[1]"),
    ("conv1d(x, y)", ((5,), (2,)), 'dx = np.convolve(df, y, "full")'),
    ("var(x)", ((3,), ()), "dx = df * 2 * (x - np.mean(x)) / np.size(x)"),
    ("softplus(x)", (), "dx = df * (1 / (1 + np.exp(-x)))"),
]


@pytest.mark.parametrize(("text", "shapes", "line"), _LINES)
def test_backward_lines(text, shapes, line):
    names = ("x", "y")
    at = {name: np.full(shape, 1.5) if shape else 1.5 for name, shape in zip(names, shapes or ((), ()), strict=True)}
    made = graph_of(read(text, *names), names, "f")
    code = _written(made, forward(made, at))
    assert line in code.splitlines(), code


def test_what_numpy_lacks_is_imported_once():
    made = graph("x", "a = gelu(x)", "b = erf(a)", "f = b + x")
    code = _written(made, forward(made, {"x": 1.5}))
    assert code.count("from math import erf") == 1
    assert code.startswith("from math import erf\n\n# forward pass")


def test_what_is_not_used_is_not_written():
    made = graph("x", "a = ln x", "f = 2 x")
    code = _written(made, forward(made, {"x": 1.5}))
    assert "log" not in code and "da" not in code


@pytest.mark.parametrize("word", ["max", "min"])
def test_the_maximum_of_a_value_and_itself(word):
    for x in (1.5, np.array([1.0, 2.0])):
        made = graph("x", f"f = {word}(x, x)")
        _, (gradient,) = _run(made, forward(made, {"x": x}), {"x": x})
        np.testing.assert_array_equal(gradient, np.ones(np.shape(x)))


def test_a_compound_has_no_numpy_of_its_own():
    builder = GraphBuilder(["x"])
    builder.add("f", fused_gate(read("x ln x", "x")))
    made = builder.build()
    with pytest.raises(ValueError, match="a gate made of several operations has no single line of NumPy"):
        _written(made, forward(made, {"x": 1.5}))
