"""The graph on paper: every wire leads where it should, nothing lies on anything else, nothing says anything to XML."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

import tutor
from tests.drawing.graphs import of_size, pictures
from tutor.drawing import GraphEdge, GraphNode, GraphSpec
from tutor.drawing.svg import graph_svg
from tutor.drawing.vector import ArrowHead, Dot, Outline, Segment, TextMark, WritingField, vector_drawing

SVG = "{http://www.w3.org/2000/svg}"
NEAR = 0.01


def between(value: float, one: float, other: float) -> bool:
    return min(one, other) - NEAR <= value <= max(one, other) + NEAR


def lies_on(x: float, y: float, line: Segment) -> bool:
    return between(x, line.x1, line.x2) and between(y, line.y1, line.y2)


def joined(one: Segment, other: Segment) -> bool:
    """Whether an end of one lies on the other; two wires that cross are not joined."""
    ends = ((one, other), (other, one))
    return any(lies_on(x, y, line) for own, line in ends for x, y in ((own.x1, own.y1), (own.x2, own.y2)))


def reached(start: Outline, lines: list[Segment]) -> list[Segment]:
    """All lines that hang together with what leaves a node at its right side."""
    right, middle = start.x + start.width, start.y + start.height / 2
    found = [line for line in lines if line.x1 < right < line.x2 and abs(line.y1 - middle) < NEAR]
    for line in found:
        found += [other for other in lines if other not in found and joined(line, other)]
    return found


def arrivals(picture: GraphSpec) -> Iterator[tuple[int, list[int]]]:
    drawing = vector_drawing(picture)
    lines = [mark for mark in drawing.marks if isinstance(mark, Segment)]
    nodes = [mark for mark in drawing.marks if isinstance(mark, Outline)]
    heads = [mark for mark in drawing.marks if isinstance(mark, ArrowHead)]
    assert len(nodes) == len(picture.nodes)
    assert len(heads) == len(picture.wires)
    for source, node in enumerate(nodes):
        net = reached(node, lines)
        tips = [head for head in heads if any(lies_on(head.x - head.size / 2, head.y, line) for line in net)]
        yield source, sorted(at(tip, nodes) for tip in tips)


def at(tip: ArrowHead, nodes: list[Outline]) -> int:
    (node,) = [
        index
        for index, one in enumerate(nodes)
        if abs(one.x - tip.x) < NEAR and between(tip.y, one.y, one.y + one.height)
    ]
    return node


@settings(max_examples=40)
@given(pictures())
def test_a_wire_leads_from_its_value_to_its_gates_and_nowhere_else(picture: GraphSpec):
    for source, found in arrivals(picture):
        assert found == sorted(wire.target for wire in picture.wires if wire.source == source)


@pytest.mark.parametrize("gates", [12, 60])
def test_a_large_one(gates: int):
    picture = of_size(gates)
    for source, found in arrivals(picture):
        assert found == sorted(wire.target for wire in picture.wires if wire.source == source)


@settings(max_examples=40)
@given(pictures())
def test_it_is_xml_that_says_what_the_graph_does(picture: GraphSpec):
    drawing, root = vector_drawing(picture), ElementTree.fromstring(graph_svg(picture, 'A "graph" <&>'))
    assert root.find(f"{SVG}title").text == 'A "graph" <&>'
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "rect", "line", "polygon", "circle", "text",
    }  # fmt: skip
    said = [element.text for element in root.iter(f"{SVG}text")]
    fields = sum(isinstance(mark, WritingField) for mark in drawing.marks)
    asked = 0
    for node in picture.nodes:
        assert node.symbol in said
        for number in (node.value, node.gradient):
            asked += number == "?"
            assert number in ("", "?") or number in said
    assert fields == asked + sum(wire.share == "?" for wire in picture.wires)
    for mark in drawing.marks:
        if isinstance(mark, (TextMark, Outline)):
            assert -NEAR <= mark.x <= drawing.width
            assert 0 <= mark.y <= drawing.height


def test_signs_of_xml_and_control_characters_are_shown():
    nodes = (
        GraphNode("x", "x", value='<script>&"', kind="input"),
        GraphNode("]]>", "a\x00b\x1b", gradient="]]>", kind="output"),
    )
    root = ElementTree.fromstring(graph_svg(GraphSpec(nodes, (GraphEdge(0, 1, 0),))))
    said = [element.text for element in root.iter(f"{SVG}text")]
    assert '<script>&"' in said
    assert "a·b·" in said
    assert "]]>" in said


def test_a_fork_has_a_dot_and_a_crossing_has_none():
    forked = tutor.graph("f(x) = x exp(x)").spec
    assert any(isinstance(mark, Dot) for mark in vector_drawing(forked).marks)
    plain = tutor.graph("f(x, y) = exp(x) sin(y)").spec
    assert not any(isinstance(mark, Dot) for mark in vector_drawing(plain).marks)


def test_texts_have_room():
    """Of no two labels does one lie on the other."""
    rng = Random("labels")
    for gates in (4, 9, 15):
        picture = of_size(gates, rng.randrange(99))
        labels = [mark for mark in vector_drawing(picture).marks if isinstance(mark, TextMark)]
        boxes = [(one.x - one.width / 2 if one.middle else one.x, one.y, one.width, one.text) for one in labels]
        for place, (x, y, wide, text) in enumerate(boxes):
            for other_x, other_y, other_wide, other in boxes[place + 1 :]:
                apart = x + wide <= other_x + 1 or other_x + other_wide <= x + 1 or abs(y - other_y) >= 9
                assert apart, (text, other)
