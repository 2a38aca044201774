"""Several operations as one gate: the same value and the same gradients as one by one."""

from __future__ import annotations

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings

from tests.sampling import examples
from tutor.engine.graph import Graph, GraphBuilder
from tutor.engine.passes import NoValue, ShapesDoNotFit, backward, forward, forward_unchecked, local_derivative
from tutor.engine.staging import fused_gate, graph_of
from tutor.engine.sympy_bridge import local_derivative as symbolic_derivative
from tutor.engine.values import Value, shape_of
from tutor.language import Expression, names_in

from . import oracle
from .expressions import is_tame, trees
from .making import read


def alone(text: str, *names: str) -> Graph:
    """A graph of the compound and nothing else."""
    operation = fused_gate(read(text, *names))
    builder = GraphBuilder(operation.gate.arguments)
    builder.add("out", operation)
    return builder.build()


_AGAINST_NUMPY = [
    ("(x + y) z", lambda m, x, y, z: (x + y) * z, [1.0, 3.0, 2.0]),
    ("(x + y) z", lambda m, x, y, z: (x + y) * z, [(3,), (2, 3), (2, 1)]),
    ("1/(1 + e^(-x))", lambda m, x: 1 / (1 + m.exp(-x)), [(2, 3)]),
    ("x ln x + x", lambda m, x: x * m.log(x) + x, [(3,)]),
    ("2 x y - y^2", lambda m, x, y: 2 * x * y - y**2, [(2, 1), ()]),
    ("2 x y - y^2", lambda m, x, y: 2 * x * y - y**2, [(), (3,)]),
    ("sqrt(x^2 + y^2)", lambda m, x, y: m.sqrt(x**2 + y**2), [(), ()]),
    ("W @ x + b", lambda m, W, x, b: m.matmul(W, x) + b, [(2, 3), (3,), (2,)]),
    ("W @ x + b", lambda m, W, x, b: m.matmul(W, x) + b, [(2, 3), (3, 4), (2, 1)]),
    ("||W @ x||^2", lambda m, W, x: m.sum(m.matmul(W, x) ** 2), [(2, 3), (3, 1)]),
    ("mean((x - mean(x))^2)", lambda m, x: m.mean((x - m.mean(x)) ** 2), [(2, 3)]),
    ("x - sum(x, axis=1, keepdims=True)", lambda m, x: x - m.sum(x, axis=1, keepdims=True), [(2, 3)]),
]


@pytest.mark.parametrize(("text", "formula", "given_"), _AGAINST_NUMPY)
def test_value_and_gradients_are_those_of_numpy(text, formula, given_):
    rng = np.random.default_rng(4)
    arguments: list[Value] = []
    for one in given_:
        made = rng.uniform(0.3, 2.0, one) if isinstance(one, tuple) else np.float64(one)
        arguments.append(made if np.ndim(made) else float(made))
    names = names_in(read(text, *"xyzWb"))
    graph = alone(text, *names)
    values = forward(graph, dict(zip(names, arguments, strict=True)))
    np.testing.assert_allclose(values[-1], formula(np, *arguments), rtol=1e-12)
    upstream = rng.uniform(-2, 2, shape_of(values[-1]))
    totals = backward(graph, values, upstream if upstream.ndim else float(upstream)).totals
    by_autograd = oracle.vjps(formula, arguments, upstream)
    by_differences = oracle.slopes(formula, arguments, upstream)
    for here, argument, exact, near in zip(totals, arguments, by_autograd, by_differences, strict=False):
        assert shape_of(here) == shape_of(argument)
        np.testing.assert_allclose(here, exact, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(here, near, rtol=1e-5, atol=1e-7)


@settings(max_examples=examples(100), deadline=None)
@given(trees(leaves=8))
def test_one_gate_or_many_is_the_same(tree: Expression):
    names = names_in(tree)
    assume(names)
    operation = fused_gate(tree)
    builder = GraphBuilder(names)
    builder.add("out", operation)
    for x, y in ((1.3, 0.4), (np.array([1.5, 2.5]), np.array([[0.7], [-1.9]]))):
        at = {name: value for name, value in (("x", x), ("y", y)) if name in names}
        if not is_tame(tree, at):
            continue
        one, many = builder.build(), graph_of(tree, names)
        values, parts = forward(one, at), forward(many, at)
        np.testing.assert_array_equal(values[-1], parts[-1])
        try:
            expected = backward(many, parts).totals
        except NoValue:
            with pytest.raises(NoValue):
                backward(one, values)
            continue
        # Zip ends with the inputs: the rest of `expected` are gates.
        for here, there in zip(backward(one, values).totals[: len(names)], expected, strict=False):
            assert shape_of(here) == shape_of(there)
            np.testing.assert_allclose(here, there, rtol=1e-9, atol=1e-12 * (1 + np.max(np.abs(there))))


def test_what_it_is():
    operation = fused_gate(read("ln(x y) + x", "x", "y"))
    assert operation.arguments == operation.gate.arguments == ("x", "y")
    assert operation.gate.title == "ln(x·y) + x"
    assert operation.gate.symbol == "ƒ"
    assert fused_gate(read("x + 2 y", "x", "y")).gate.symbol == "x + 2·y"
    assert operation.gate.elementwise
    assert not fused_gate(read("W @ x + b", "W", "x", "b")).gate.elementwise
    assert not fused_gate(read("x [1, 2] + 1", "x")).gate.elementwise


def test_it_stands_in_a_graph_like_any_gate():
    builder = GraphBuilder(["x", "y"])
    builder.add("q", fused_gate(read("x y + x", "x", "y")))
    builder.apply("f", "mul", "q", "x")
    graph = builder.build()
    totals = backward(graph, forward(graph, {"x": 2.0, "y": 3.0})).totals
    assert totals == (4 * 2 + 8, 2 * 2, 2.0, 1.0)  # f = x²(y + 1)


def test_its_local_derivative_in_symbols():
    gate = fused_gate(read("1/(1 + e^(-x))", "x")).gate
    x = sympy.Symbol("x", real=True)
    assert float(symbolic_derivative(gate, 0).subs(x, 2)) == pytest.approx(0.1049935854)


def test_its_local_derivative_is_entry_by_entry_where_shapes_broadcast():
    x, y = 2.0, np.array([[1.0], [3.0]])
    graph = alone("x y + x^2", "x", "y")
    value = forward(graph, {"x": x, "y": y})[-1]
    node = graph.nodes[-1]
    np.testing.assert_allclose(local_derivative(node, 0, value, [x, y]), y + 2 * x)
    np.testing.assert_allclose(local_derivative(node, 1, value, [x, y]), [[2.0], [2.0]])
    assert backward(graph, [x, y, value]).totals[0] == np.sum(y + 2 * x)


def test_a_bad_sample_point_spoils_no_other():
    graph = alone("sqrt(x) + ln(x)", "x")
    points = np.array([4.0, -1.0, 0.0, 1.0])
    value = forward_unchecked(graph, {"x": points})[-1]
    slope = local_derivative(graph.nodes[-1], 0, value, [points])
    np.testing.assert_allclose(np.asarray(slope)[[0, 3]], [0.25 + 0.25, 0.5 + 1])
    assert not np.isfinite(np.asarray(slope)[[1, 2]]).any()


@pytest.mark.parametrize(
    ("text", "x", "why"),
    [
        ("ln(x) + x", -1.0, "ln needs a positive number"),
        ("1/(x - 1)", 1.0, "the denominator is 0"),
        ("e^(x x)", 100.0, "the value is too large"),
    ],
)
def test_why_it_has_no_value(text, x, why):
    for at in (x, np.array([2.0, x])):
        with pytest.raises(NoValue) as caught:
            forward(alone(text, "x"), {"x": at})
        assert (caught.value.name, caught.value.why) == ("out", why)


def test_why_it_has_no_slope():
    for x in (1.0, np.array([2.0, 1.0])):
        graph = alone("sqrt(x - 1)", "x")
        with pytest.raises(NoValue) as caught:
            backward(graph, forward(graph, {"x": x}))
        assert str(caught.value) == "out: the √(x − 1) gate has no finite slope there"


def test_why_shapes_do_not_fit():
    for text, sentence in (
        (
            "x y + x",
            "x·y + x cannot take shapes (2,) and (3,). "
            "Entry by entry: counted from the right, sizes must be equal, or one of them 1.",
        ),
        ("x @ y + 1", "x @ y + 1 cannot take shapes (2,) and (3,). They must fit each operation in it."),
    ):
        with pytest.raises(ShapesDoNotFit) as caught:
            forward(alone(text, "x", "y"), {"x": np.ones(2), "y": np.ones(3)})
        assert caught.value.why == sentence


def test_a_matrix_of_names_is_refused():
    with pytest.raises(ValueError, match="a matrix in a function holds numbers only"):
        fused_gate(read("[x, 1] @ y", "x", "y"))
