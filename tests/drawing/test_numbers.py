"""Every number stands whole and next to its own wire: values above or left, gradients below or right."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.drawing import Drawing, GraphEdge, GraphNode, GraphSpec, Style, draw

from .graphs import pictures
from .grid import NUMBER_ROLES, Grid
from .samples import ALL, picture, squared_norm
from .tracer import Tracer, cells_of

SIDEWAYS: tuple[Style, ...] = ("boxes", "compact")
DRAWN: tuple[Style, ...] = ("boxes", "compact", "down")
COURSE_NAMES = list(ALL)


def wired(some: GraphSpec) -> set[int]:
    """The nodes a wire leaves from."""
    return {wire.source for wire in some.wires} | {
        index for index, node in enumerate(some.nodes) if node.kind == "output"
    }


def check_sideways(some: GraphSpec, drawing: Drawing) -> None:
    """Above the wire that leaves a node its value, below it its gradient, on it its shape."""
    grid, leaving = Grid(drawing), wired(some)
    for index, (node, place) in enumerate(zip(some.nodes, drawing.places, strict=True)):
        axis, edge = place.y + place.height // 2, place.x + place.width
        for text, row in ((node.value, axis - 1), (node.gradient, axis + 1)):
            if not text:
                continue
            columns = [x for x in grid.find(text, row, NUMBER_ROLES, index) if x >= edge]
            assert columns, f"{text} of {node.name} is not in row {row}:\n{drawing.text}"
            if index in leaving:
                below = {(x, axis) for x in range(columns[0], columns[0] + len(text))}
                assert all(grid.node[cell] == index and grid.role[cell] in ("wire", "plain") for cell in below), (
                    drawing.text
                )
        if node.shape:
            assert [x for x in grid.find(node.shape, axis, ("plain",), index) if x >= edge], drawing.text


def check_down(some: GraphSpec, drawing: Drawing) -> None:
    """Left of the wire below a node its value, right of it its gradient, below that its shape."""
    grid, used = Grid(drawing), {wire.source for wire in some.wires}
    for index, (node, place) in enumerate(zip(some.nodes, drawing.places, strict=True)):
        row, inside = place.y + 1, range(place.x, place.x + place.width)
        middles = list(inside)
        if node.value:
            ends = [x + len(node.value) for x in grid.find(node.value, row, NUMBER_ROLES, index)]
            middles = [x for x in middles if x in ends]
        if node.gradient:
            starts = grid.find(node.gradient, row, NUMBER_ROLES, index)
            middles = [x for x in middles if x + 1 in starts]
        if node.shape:
            numbers = any(other.value or other.gradient for other in some.nodes)
            starts = grid.find(node.shape, row + numbers, ("plain",), index)
            middles = [x for x in middles if x + 1 in starts]
        if index in used and (node.value or node.gradient):
            middles = [x for x in middles if grid.sign[x, row] in "│╵|"]
        assert middles, f"{node} is not told beside its wire:\n{drawing.text}"


def check_names(some: GraphSpec, drawing: Drawing) -> None:
    """The face stands in the node's place; the name in its border, above its brackets or before them."""
    grid = Grid(drawing)
    for index, (node, place) in enumerate(zip(some.nodes, drawing.places, strict=True)):
        middle = place.y + place.height // 2
        assert any(
            place.x < x and x + len(cells_of(node.symbol)) < place.x + place.width
            for x in grid.find(node.symbol, middle, ("face",), index)
        ), drawing.text
        if node.name != node.symbol:
            row = {"boxes": place.y, "compact": place.y - (place.height == 1), "down": place.y}[drawing.style]
            columns = grid.find(node.name, row, ("name",), index)
            if drawing.style == "down":
                assert place.x - len(cells_of(node.name)) - 1 in columns, drawing.text
            else:
                assert any(place.x < x <= place.x + 2 for x in columns), drawing.text


def check_shares(some: GraphSpec, drawing: Drawing) -> None:
    """The share of a branch is at the arrowhead of its wire: below it, at gates of many arguments before it.

    A column stands between it and the gate behind it, where the gate is in its row.
    """
    grid = Grid(drawing)
    heads = {port: cell for cell, port in Tracer(drawing, ascii_only=False).ports().items()}
    arguments = Counter(wire.target for wire in some.wires)
    for wire in some.wires:
        if not wire.share:
            continue
        x, y = heads[wire.target, wire.port]
        long = len(wire.share)
        if drawing.style == "down":
            cells = [(x - long, y), (x + 1, y)]
        elif arguments[wire.target] > 2:
            cells = [(x - long, y)]
        else:
            cells = [(at, y + 1) for at in range(x - long - 1, x + 2)]
        assert any(grid.reads(at, row, wire.share, NUMBER_ROLES, wire.source) for at, row in cells), drawing.text


def check(some: GraphSpec, style: Style) -> None:
    drawing = draw(some, style)
    (check_down if style == "down" else check_sideways)(some, drawing)
    check_names(some, drawing)
    check_shares(some, drawing)


@settings(max_examples=examples(150), deadline=None)
@given(pictures(), st.sampled_from(DRAWN))
def test_every_number_is_whole_and_beside_its_wire(some: GraphSpec, style: Style) -> None:
    check(some, style)


@pytest.mark.parametrize("style", DRAWN)
@pytest.mark.parametrize("name", COURSE_NAMES)
def test_the_numbers_of_the_samples(name: str, style: Style) -> None:
    for passes in ("none", "forward", "both"):
        check(picture(*ALL[name], passes=passes), style)


@pytest.mark.parametrize("style", DRAWN)
def test_shapes_and_ticks_stand_on_their_wires(style: Style) -> None:
    for passes in ("none", "forward", "both"):
        check(squared_norm(passes), style)


@settings(max_examples=examples(100), deadline=None)
@given(pictures())
def test_the_tape_tells_everything_in_the_row_of_its_spot(some: GraphSpec) -> None:
    drawing = draw(some, "tape")
    grid = Grid(drawing)
    assert drawing.height == len(some.nodes)
    starts: dict[str, set[int]] = {"value": set(), "gradient": set(), "plain": set()}
    for index, node in enumerate(some.nodes):
        assert grid.find(node.equation, index, ("face",), index)
        line = "".join(run.text for run in drawing.lines[index])
        shares = [wire for wire in sorted(some.wires, key=lambda w: (w.target, w.port)) if wire.source == index]
        told = " + ".join(f"{wire.share}({some.nodes[wire.target].name})" for wire in shares if wire.share)
        assert line.rstrip().endswith(f" = {told}") if told else " = " not in line.replace(node.equation, "")
        for role, text in (("value", node.value), ("gradient", node.gradient), ("plain", node.shape)):
            if text:
                columns = grid.find(text, index, (role, "asked"), index)  # type: ignore[arg-type]
                assert columns, drawing.text
                point = text.partition(".")[0] if role != "plain" else ""
                starts[role].add(columns[-1 if role == "gradient" and not told else 0] + len(point))
    assert len(starts["plain"]) <= 1, "shapes below each other"


def test_a_question_mark_is_asked_and_everything_else_keeps_its_role() -> None:
    some = GraphSpec(
        (
            GraphNode("x", "x", "x", "0.800", "?", kind="input"),
            GraphNode("a", "ln", "a = ln x", "?", "?"),
            GraphNode("f", "×", "f = a × x", "?", "1.000", kind="output"),
        ),
        (GraphEdge(0, 1, 0, "?"), GraphEdge(1, 2, 0), GraphEdge(0, 2, 1, "2.000")),
    )
    for style in (*DRAWN, "tape"):
        runs = [run for line in draw(some, style).lines for run in line]
        asked = [run for run in runs if run.role == "asked"]
        assert sorted((run.text.strip(), run.node) for run in asked) == [
            ("?", 0),
            ("?", 0),
            ("?", 1),
            ("?", 1),
            ("?", 2),
        ]
        assert [run.text.strip() for run in runs if run.role == "value"] == ["0.800"]
        assert sorted(run.text.strip() for run in runs if run.role == "gradient") == ["1.000", "2.000"]


@pytest.mark.parametrize("style", (*DRAWN, "tape"))
@pytest.mark.parametrize("name", COURSE_NAMES)
def test_an_answer_moves_nothing(name: str, style: Style) -> None:
    inputs, gates = ALL[name]
    asked = draw(picture(inputs, gates, numbers=lambda _: "?"), style)
    answered = draw(picture(inputs, gates, numbers=lambda number: f"{number:.3f}"[:6]), style)
    assert answered.places == asked.places or style == "tape"
    assert [place.x for place in answered.places] == [place.x for place in asked.places]
    assert answered.height == asked.height


def test_a_number_still_to_come_is_a_plain_dot() -> None:
    """Grey, where one that is asked now is not; in ASCII no sign that could be read as a joint."""
    some = GraphSpec((GraphNode("x", "x", value="·", gradient="?", kind="input"),))
    for style in DRAWN:
        for ascii_only, sign in ((False, "·"), (True, ".")):
            runs = [run for line in draw(some, style, ascii_only).lines for run in line]
            assert [run.role for run in runs if sign in run.text and run.role != "face"] == ["plain"], style
            assert any(run.role == "asked" for run in runs)
