"""`tutor.graph`: the picture of a function or an exercise, in notebooks and as text."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

import tutor


def numbers(graph: tutor.ComputationGraph) -> dict[str, tuple[str, str]]:
    return {node.name: (node.value, node.gradient) for node in graph.spec.nodes}


def test_both_passes_of_a_function():
    graph = tutor.graph("f(x, y, z) = (x + y) z", {"x": 1, "y": 3, "z": 2})
    assert numbers(graph) == {"x": ("1", "2"), "y": ("3", "2"), "z": ("2", "4"), "a": ("4", "2"), "f": ("8", "1")}
    assert ElementTree.fromstring(graph._repr_svg_()).tag.endswith("svg")
    assert "╭" in str(graph)
    assert graph.text(ascii=True).isascii()


def test_an_expression_alone_arrays_constants_and_names_for_parts():
    assert numbers(tutor.graph("x y + sin(x)", {"x": 0, "y": 5}))["y"] == ("5", "0")
    graph = tutor.graph("sum(h^2)", {"W": np.eye(2), "x": [1.0, 2.0]}, let=["h = W @ x"])
    assert {node.shape for node in graph.spec.nodes} >= {"(2, 2)", "(2,)"}
    assert numbers(tutor.graph("(x - t)^2", {"x": 1}, constants={"t": 3}))["x"][1] == "-4"


def test_without_numbers_only_the_wiring():
    graph = tutor.graph("f(x, y) = x y + x")
    assert set(numbers(graph).values()) == {("", "")}


def test_an_exercise_by_its_id():
    assert tutor.graph("node-way/a").title == tutor.graph("node-way/a@7").title.partition(" (seed")[0]
    assert numbers(tutor.graph("node-way/a"))["f"][1] == "1"
    assert tutor.graph("tensors/layer").spec.nodes
    assert tutor.graph(tutor.exercise("node-way/a", seed=7)) == tutor.graph("node-way/a@7")
    assert set(numbers(tutor.graph("a/b", {"a": 1, "b": 2}))) >= {"a", "b"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("f(x) = x +",), "\n"),
        (("f(x, y) = x y", {"x": 1}), "y"),
        (("ln(x)", {"x": -1}), "."),
        (("shapes/add",), "asks about no graph"),
        (("node-wa/a",), "There is no exercise node-wa/a. Did you mean node-way/a"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(arguments, said: str):
    with pytest.raises(ValueError, match=r".") as why:
        tutor.graph(*arguments)
    assert said in str(why.value)


def test_a_wrong_type():
    with pytest.raises(TypeError, match="at gives each name"):
        tutor.graph("x", [1])
    with pytest.raises(TypeError, match="function should be text"):
        tutor.graph(3)
