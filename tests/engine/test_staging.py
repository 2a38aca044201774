"""Stagings made by the program."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings

from tests.sampling import examples
from tutor.engine.evaluate import evaluate
from tutor.engine.operation import as_operation, count_operations, fold_minus
from tutor.engine.passes import forward, forward_unchecked
from tutor.engine.staging import free_names, graph_of, stage
from tutor.language import Apply, Expression, names_in, typed, walk

from .expressions import trees
from .making import read

_NAMES = ("x", "y", "z", "W")

_STAGINGS = [
    ("(x + y) z", ["a = x + y", "f = a*z"]),
    ("(x^2 + 2 y) z^3", ["a = x^2", "b = 2*y", "c = a + b", "d = z^3", "f = c*d"]),
    ("(ln x + sin y)^2 + 4 x", ["a = ln(x)", "b = sin(y)", "c = a + b", "d = c^2", "g = 4*x", "f = d + g"]),
    ("2/sin(e^(-x))", ["a = -x", "b = e^a", "c = sin(b)", "f = 2/c"]),
    ("||W @ x||^2", ["a = W @ x", "f = ||a||^2"]),
    ("(x + y)(x + y)", ["a = x + y", "f = a*a"]),
    ("sin(x y) + cos(x y) + x y", ["a = x*y", "b = sin(a)", "c = cos(a)", "d = b + c", "f = d + a"]),
    ("x", []),
    ("3", []),
    ("ln(2)", []),
    ("x + 1/3", ["f = x + 1/3"]),
    ("-(2 (x + y))", ["a = x + y", "f = -2*a"]),
    ("-(2 x)", ["f = -(2*x)"]),
    ("-(x y)", ["a = x*y", "f = -a"]),
    ("mean((x - mean(x))^2, axis=0)", ["a = mean(x)", "b = x - a", "c = b^2", "f = mean(c, axis=0)"]),
    ("sum(x, axis=0) + sum(x, axis=1)", ["a = sum(x, axis=0)", "b = sum(x, axis=1)", "f = a + b"]),
]


@pytest.mark.parametrize(("text", "lines"), _STAGINGS)
def test_stagings(text, lines):
    equations = stage(read(text, *_NAMES), "f", _NAMES)
    assert [f"{equation.target.name} = {typed(equation.expression)}" for equation in equations] == lines


def _parts(tree: Expression) -> set[Expression]:
    """The different operations of a tree, a minus folded into a constant."""
    whole = fold_minus(tree)
    if not isinstance(whole, Apply) or not names_in(whole):
        return set()
    return {tree}.union(*(_parts(part) for part in whole.arguments))


@settings(max_examples=examples(200), deadline=None)
@given(trees(leaves=14))
def test_a_staging_computes_the_function_one_operation_at_a_time(tree: Expression):
    equations = stage(tree, "f", ("x", "y"))
    assert len(equations) == len(_parts(tree)) <= count_operations(tree)
    known = {"x", "y"}
    at = {"x": np.array([1.3, -0.7, 2.9]), "y": np.array([0.4, 1.9, -2.3])}
    for equation in equations:
        assert as_operation(equation.expression) is not None
        assert set(names_in(equation.expression)) <= known
        assert equation.target.name not in known
        known.add(equation.target.name)
        at[equation.target.name] = evaluate(equation.expression, at)
    if equations:
        assert equations[-1].target.name == "f"
        np.testing.assert_array_equal(at["f"], evaluate(tree, at))
    assert len({equation.expression for equation in equations}) == len(equations)


@settings(max_examples=examples(100), deadline=None)
@given(trees(leaves=14))
def test_the_graph_of_an_expression_has_its_value(tree: Expression):
    graph = graph_of(tree, ("x", "y"))
    for x, y in ((1.3, 0.4), (-0.7, 1.9), (np.array([1.0, 2.0]), 0.5)):
        at = {"x": x, "y": y}
        value = forward_unchecked(graph, at)[graph.output]
        np.testing.assert_array_equal(value, evaluate(tree, at))


@pytest.mark.parametrize(("text", "value"), [("x", 3.0), ("7", 7.0), ("pi", np.pi), ("[1, 2]", [1.0, 2.0])])
def test_an_expression_without_an_operation_has_a_graph_too(text, value):
    graph = graph_of(read(text, "x"), ("x",))
    np.testing.assert_array_equal(forward(graph, {"x": 3.0})[-1], value)
    assert len(graph.gates) == 1


def test_the_output_gets_a_name_of_its_own():
    graph = graph_of(read("out + out_", "out", "out_"), ("out", "out_"))
    assert [node.name for node in graph.nodes] == ["out", "out_", "out__"]
    graph = graph_of(read("x + 1", "x"), ("x",), "y")
    assert graph.nodes[-1].name == "y"


def test_letters_that_are_free():
    names = list(islice(free_names({"a", "d", "f", "t2"}), 23))
    assert names[:8] == ["b", "c", "g", "h", "i", "j", "k", "m"]
    assert not {"a", "d", "f", "e", "l", "o"} & set(names)
    assert names[-4:] == ["z", "t1", "t3", "t4"]


def test_matrices_of_numbers_only():
    assert len(stage(read("[[1, 2], [3, 4]] @ x", "x"), "f", ("x",))) == 1
    with pytest.raises(ValueError, match="a matrix in a function holds numbers only, and one here holds y"):
        stage(read("[1, y] @ x", "x", "y"), "f", ("x", "y"))


def test_a_deep_expression_is_staged():
    tree = read("x" + " + x" * 90, "x")
    equations = stage(tree, "f", ("x",))
    assert len(equations) == 90 == sum(isinstance(part, Apply) for part in walk(tree))
