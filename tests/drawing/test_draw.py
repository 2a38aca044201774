"""What holds for every drawing: the same each time, nothing over anything else, any graph, plain ASCII if asked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.drawing import STYLES, GraphEdge, GraphNode, GraphSpec, Style, draw
from tutor.drawing.layout import layout

from .graphs import of_size, pictures
from .grid import Grid
from .samples import ALL, COURSE, SQUARE, picture, squared_norm
from .tracer import Tracer

TESTS = Path(__file__).parents[1]
DRAW_ALL = """
from drawing.samples import ALL, picture
from tutor.drawing import STYLES, draw
print("\\n".join(draw(picture(*graph), style).text for graph in ALL.values() for style in STYLES))
"""


def test_the_same_picture_is_drawn_the_same_in_every_process() -> None:
    here = "\n".join(draw(picture(*graph), style).text for graph in ALL.values() for style in STYLES)
    for seed in ("1", "2"):
        path = os.pathsep.join((str(TESTS), str(TESTS.parent)))
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
        ran = subprocess.run([sys.executable, "-c", DRAW_ALL], env=environment, capture_output=True, check=True)
        assert ran.stdout.decode().split() == here.split()


@settings(max_examples=examples(100), deadline=None)
@given(pictures(), st.sampled_from(STYLES), st.booleans())
def test_the_lines_fill_the_drawing_and_spots_keep_apart(some: GraphSpec, style: Style, ascii_only: bool) -> None:
    drawing = draw(some, style, ascii_only)
    grid = Grid(drawing)
    assert set(grid.sign) == {(x, y) for x in range(drawing.width) for y in range(drawing.height)}
    taken: set[tuple[int, int]] = set()
    for place in drawing.places:
        cells = {(x, y) for x in range(place.x, place.x + place.width) for y in range(place.y, place.y + place.height)}
        assert cells and cells <= set(grid.sign)
        assert not cells & taken
        taken |= cells
    assert len(drawing.places) == len(some.nodes)
    assert drawing.wires == some.wires
    assert drawing.style == style


@settings(max_examples=examples(100), deadline=None)
@given(pictures(), st.sampled_from(STYLES))
def test_ascii_is_ascii(some: GraphSpec, style: Style) -> None:
    assert draw(some, style, ascii=True).text.isascii()


@pytest.mark.parametrize("style", STYLES)
def test_the_shipped_functions_in_ascii(style: Style) -> None:
    for some in (squared_norm(), *(picture(*graph) for graph in ALL.values())):
        text = draw(some, style, ascii=True).text
        assert text.isascii() and text.isprintable() is False  # printable but for the ends of lines
        assert all(line.isprintable() for line in text.split("\n"))


def test_no_minus_runs_into_a_wire_in_ascii() -> None:
    for style in ("boxes", "compact"):
        assert "--3.500" not in draw(picture(*SQUARE), style, ascii=True).text


@pytest.mark.parametrize("style", STYLES)
def test_nothing_to_draw(style: Style) -> None:
    drawing = draw(GraphSpec(()), style)
    assert (drawing.width, drawing.height, drawing.lines, drawing.text) == (0, 0, (), "")


@pytest.mark.parametrize("style", STYLES)
def test_a_single_input(style: Style) -> None:
    bare = draw(GraphSpec((GraphNode("x", "x", "x", kind="input"),)), style)
    assert "x" in bare.text and "─" not in bare.text.replace("╭───╮", "").replace("╰───╯", "")
    assert "0.800" in draw(GraphSpec((GraphNode("x", "x", "x", "0.800", kind="input"),)), style).text


def test_unused_and_disconnected_spots_have_no_wire() -> None:
    some = GraphSpec(
        (
            GraphNode("x", "x", value="1", kind="input"),
            GraphNode("unused", "unused", value="2", kind="input"),
            GraphNode("a", "exp", value="3"),
            GraphNode("alone", "one", value="4"),
            GraphNode("f", "ln", value="5", kind="output"),
        ),
        (GraphEdge(0, 2, 0), GraphEdge(2, 4, 0)),
    )
    for style in ("boxes", "compact", "down"):
        drawing = draw(some, style)
        assert Tracer(drawing, ascii_only=False).wires() == {(0, 2, 0), (2, 4, 0)}
        assert {run.node for line in drawing.lines for run in line if run.role == "wire"} == {0, 2, 4}
    assert draw(some, "tape").text == "\n".join(
        f"{rails}   {text:26} {value}"
        for rails, text, value in (
            ("●  ", "x (input)", 1),
            ("│ ●", "unused (input, no path)", 2),
            ("●  ", "a", 3),
            ("│ ●", "alone", 4),
            ("●  ", "f", 5),
        )
    )


def test_x_times_x_has_two_wires() -> None:
    some = picture(*SQUARE, passes="none")
    for style in ("boxes", "compact", "down"):
        drawing = draw(some, style)
        assert len(Tracer(drawing, ascii_only=False).ports()) == 2
        assert Tracer(drawing, ascii_only=False).wires() == {(0, 1, 0), (0, 1, 1)}
    assert draw(picture(*SQUARE), "tape").text.endswith("f = x × x   12.250    1.000")


@settings(max_examples=examples(60), deadline=None)
@given(pictures(), st.sampled_from(STYLES), st.data())
def test_a_constant_takes_no_port(some: GraphSpec, style: Style, data: st.DataObject) -> None:
    """An argument folded into the face leaves its port unwired: drawn as if it had never been."""
    gaps = {target: data.draw(st.integers(0, 2)) for target in sorted({wire.target for wire in some.wires})}
    shifted = tuple(replace(wire, port=2 * wire.port + gaps[wire.target]) for wire in some.wires)
    drawing = draw(GraphSpec(some.nodes, shifted), style)
    assert drawing.text == draw(some, style).text
    assert drawing.wires == shifted


@pytest.mark.parametrize("style", ["boxes", "compact", "down"])
def test_three_hundred_gates(style: Style) -> None:
    some = of_size(300)
    drawing = draw(some, style)
    assert Tracer(drawing, ascii_only=False).wires() == {(wire.source, wire.target, wire.port) for wire in some.wires}


def test_three_hundred_gates_on_a_tape() -> None:
    some = of_size(300)
    drawing = draw(some, "tape")
    assert drawing.height == len(some.nodes)
    assert all(node.equation in line for node, line in zip(some.nodes, drawing.text.split("\n"), strict=True))


def test_a_chain_of_thousands_is_no_trouble() -> None:
    nodes = tuple(GraphNode(f"g{index}", "exp") for index in range(3000))
    chain = GraphSpec(nodes, tuple(GraphEdge(index, index + 1, 0) for index in range(2999)))
    assert draw(chain, "tape").height == 3000
    assert draw(chain, "compact").height == 2


@pytest.mark.parametrize(
    "wires",
    [
        (GraphEdge(1, 0, 0),),
        (GraphEdge(0, 0, 0),),
        (GraphEdge(0, 2, 0),),
        (GraphEdge(-1, 1, 0),),
        (GraphEdge(0, 1, -1),),
        (GraphEdge(0, 1, 0), GraphEdge(0, 1, 0)),
    ],
)
def test_wires_that_cannot_be_are_refused(wires: tuple[GraphEdge, ...]) -> None:
    some = GraphSpec((GraphNode("x", "x"), GraphNode("a", "exp")), wires)
    for style in STYLES:
        with pytest.raises(ValueError, match=r"wire|port"):
            draw(some, style)


@pytest.mark.parametrize("style", ["boxes", "compact", "down"])
def test_new_numbers_do_not_lay_out_again(style: Style) -> None:
    draw(picture(*COURSE, numbers=lambda _: "?"), style)
    before = layout.cache_info().misses
    for digits in range(10):
        draw(picture(*COURSE, numbers=lambda _, digit=digits: f"-0.{digit}00"), style)  # type: ignore[misc]
    assert layout.cache_info().misses == before


def test_control_characters_never_reach_the_terminal() -> None:
    bad = "a\x1b[31m\u202eb\x07\n"
    some = GraphSpec(
        (GraphNode(bad, bad, bad, bad, bad, bad, "input"), GraphNode(bad, "+", bad)), (GraphEdge(0, 1, 0, bad),)
    )
    for style in STYLES:
        for ascii_only in (False, True):
            drawing = draw(some, style, ascii_only)
            assert all(run.text.isprintable() for line in drawing.lines for run in line)
            assert "\u202e" not in drawing.text


@pytest.mark.parametrize("style", ["boxes", "compact"])
def test_no_number_is_glued_to_the_gate_behind_it(style: Style) -> None:
    for name, graph in ALL.items():
        text = draw(picture(*graph), style).text
        assert not re.findall(r"\d[(│╭╰]", text), f"{name}:\n{text}"
