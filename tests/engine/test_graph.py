"""Graphs: order, forks, what is used, names, faces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.engine.graph import Graph, GraphBuilder, Use

from .making import graph, operation, run
from .random_graphs import Recipe, scalar_recipes


def test_positions_inputs_and_output():
    made = graph("x y z", "a = x + y", "f = a z")
    assert made.positions == {"x": 0, "y": 1, "z": 2, "a": 3, "f": 4}
    assert (made.inputs, made.gates, made.unused, made.output) == ((0, 1, 2), (3, 4), (), 4)
    assert made.nodes[3].arguments == (0, 1)
    assert made.nodes[3].gate is not None and made.nodes[3].gate.key == "add"


def test_uses_are_in_order_and_a_fork_has_several():
    made = graph("x y", "a = x x", "b = a y", "f = a / b")
    assert made.uses == ((Use(2, 0), Use(2, 1)), (Use(3, 1),), (Use(3, 0), Use(4, 0)), (Use(4, 1),), ())


def test_what_is_not_used_makes_no_fork():
    made = graph("x y", "a = x y", "b = a + 1", "c = 2 x", "f = a y")
    assert made.unused == (3, 4)
    assert made.gates == (2, 5)
    assert made.uses[0] == (Use(2, 0),)
    assert made.uses[2] == (Use(5, 0),)


@given(scalar_recipes(), st.data())
def test_another_output_keeps_what_it_needs(recipe: Recipe, data: st.DataObject):
    whole = recipe.graph()
    chosen = data.draw(st.sampled_from([node.name for node in whole.nodes[len(recipe.inputs) :]]))
    builder = GraphBuilder(recipe.names)
    for node in whole.nodes[len(recipe.inputs) :]:
        assert node.gate is not None
        builder.apply(node.name, node.gate.key, *(whole.nodes[a].name for a in node.arguments))
    assert builder.build().nodes == whole.nodes
    part = builder.build(chosen)
    assert part.nodes[-1].name == chosen
    assert not part.unused or chosen == whole.nodes[-1].name
    assert [part.nodes[p].name for p in part.inputs] == recipe.names
    for position, node in enumerate(part.nodes):
        assert all(argument < position for argument in node.arguments)
        old = whole.nodes[whole.positions[node.name]]
        assert [part.nodes[a].name for a in node.arguments] == [whole.nodes[a].name for a in old.arguments]


def test_an_input_as_the_output_stands_last():
    builder = GraphBuilder(["x", "y"])
    builder.apply("a", "mul", "x", "y")
    assert [node.name for node in builder.build("x").nodes] == ["y", "x"]


def test_the_builder_refuses_names_that_are_there_and_names_that_are_not():
    builder = GraphBuilder(["x"])
    builder.apply("a", "exp", "x")
    for name in ("a", "x"):
        with pytest.raises(ValueError, match=f"{name} is already in the graph"):
            builder.apply(name, "exp", "x")
    with pytest.raises(KeyError):
        builder.apply("b", "exp", "q")
    assert [node.name for node in builder.build().nodes] == ["x", "a"]


_FACES = [
    ("x + y", "+"), ("x y", "×"), ("-x", "−"), ("x / y", "/"), ("x^y", "^"), ("ln x", "ln"), ("exp x", "exp"),
    ("x + 3", "+3"), ("3 + x", "3+"), ("x - 1", "−1"), ("1 - x", "1−"), ("2 x", "2×"), ("x 2", "×2"),
    ("-2 x", "−2×"), ("-(2 x)", "−2×"), ("x / 4", "/4"), ("1 / x", "1/"), ("x^2", "^2"), ("x^-1", "^−1"),
    ("x^0.5", "^0.5"), ("2^x", "2^"), ("pi x", "π×"), ("x (1/3)", "×(1/3)"), ("x + ln(2)", "+(ln(2))"),
    ("max(x, y)", "max"), ("max(x, 2)", "max 2"), ("min(0, x)", "0 min"), ("x @ [1, 2]", "@[1, 2]"),
    ("x + [1.25, 0.5, 2]", "+[1.25, 0.5, 2]"), ("[1.25, 0, 1.25, 1.25] x", "[…]×"),
    ("gather(x, [2, 0, 2])", "rows [2, 0, 2]"),
    ("sum(x)", "Σ"), ("sum(x, axis=0)", "Σ"), ("|x|", "|·|"), ("||x||^2", "‖·‖²"), ("x.T", "ᵀ"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "face"), _FACES)
def test_faces_fold_constants_in(text: str, face: str):
    names = [name for name in "xy" if name in text.replace("exp", "").replace("max", "").replace("axis", "")]
    assert GraphBuilder(names).node("out", operation(text, *names)).symbol == face


def test_an_input_shows_its_name():
    assert graph("x", "f = ln x").nodes[0].symbol == "x"


def test_a_graph_may_be_made_of_nodes_in_any_valid_order():
    made = graph("x y", "a = 2 x", "f = a y")
    x, y, a, f = made.nodes
    other = Graph((x, a, y, type(f)(f.name, f.gate, (1, 2))))
    assert run(other, x=3.0, y=5.0) == run(made, x=3.0, y=5.0)
