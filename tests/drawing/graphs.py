"""Random pictures: any graph for the property tests, and one of as many gates as asked for."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from tutor.drawing import GraphEdge, GraphNode, GraphSpec

NUMBERS = ("", "?", "0.800", "-0.223", "-0.0001234", "12", "1.2e-05")
FACES = ("+", "×", "ln", "^2", "1/", "exp", "softmax")
NAMES = ("a", "b2", "加", "hidden_layer", "β")


@st.composite
def pictures(draw: st.DrawFn, most: int = 14) -> GraphSpec:
    """1 to `most` gates on 0 to 5 inputs, wired at random; some nodes unused, some used many times."""
    inputs = draw(st.integers(0, 5))
    gates = draw(st.integers(1, most))
    wires: list[GraphEdge] = []
    for target in range(max(inputs, 1), inputs + gates):
        for port in range(draw(st.sampled_from((0, 1, 1, 1, 2, 2, 2, 2, 3, 4, 5)))):
            reach = draw(st.sampled_from((3, 3, target)))
            wires.append(GraphEdge(draw(st.integers(max(0, target - reach), target - 1)), target, port))
    uses = [sum(wire.source == node for wire in wires) for node in range(inputs + gates)]
    if draw(st.booleans()):
        wires = [
            GraphEdge(wire.source, wire.target, wire.port, draw(st.sampled_from(NUMBERS[1:])))
            if uses[wire.source] > 1
            else wire
            for wire in wires
        ]
    values, gradients, shapes = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    nodes = []
    for index in range(inputs + gates):
        name = draw(st.sampled_from(NAMES))
        nodes.append(
            GraphNode(
                name=name,
                symbol=name if index < inputs else draw(st.sampled_from(FACES)),
                equation=f"{name} = something",
                value=draw(st.sampled_from(NUMBERS)) if values else "",
                gradient=draw(st.sampled_from(NUMBERS)) if gradients else "",
                shape=draw(st.sampled_from(("", "(3,)", "(3, 2)", "(128, 1024)"))) if shapes else "",
                kind="input" if index < inputs else "output" if uses[index] == 0 else "gate",
            )
        )
    return GraphSpec(tuple(nodes), tuple(wires))


def of_size(gates: int, seed: int = 1) -> GraphSpec:
    """A graph of so many gates in which each uses one or two of the eight nodes before it."""
    chance = Random(seed)
    inputs = max(2, gates // 6)
    wires = [
        GraphEdge(chance.randrange(max(0, target - 8), target), target, port)
        for target in range(inputs, inputs + gates)
        for port in range(chance.choice((1, 1, 2, 2, 2)))
    ]
    nodes = [GraphNode(f"x{index}", f"x{index}", value="0.500", gradient="?", kind="input") for index in range(inputs)]
    nodes += [
        GraphNode(f"g{index}", "+", f"g{index} = ...", value="-0.250", gradient="?")
        for index in range(inputs, inputs + gates)
    ]
    return GraphSpec(tuple(nodes), tuple(wires))
