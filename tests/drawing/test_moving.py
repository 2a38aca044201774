"""Moving by arrow keys, and what is under the mouse."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.drawing import STYLES, Direction, Drawing, GraphSpec, Style, draw, neighbour

from .graphs import pictures
from .grid import NUMBER_ROLES, Grid
from .samples import ALL, COURSE, PRODUCT, picture

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
X, Y, A, B, C, D, G, H, I, J, F = range(11)  # noqa: E741


def walk(drawing: Drawing, start: int, steps: str) -> int:
    names: dict[str, Direction] = {"l": "left", "r": "right", "u": "up", "d": "down"}
    for step in steps:
        start = neighbour(drawing, start, names[step])
    return start


@pytest.mark.parametrize("style", ["boxes", "compact"])
def test_moving_through_a_drawing_from_left_to_right(style: Style) -> None:
    drawing = draw(picture(*COURSE), style)
    assert [walk(drawing, X, steps) for steps in ("r", "rr", "rrr", "rrrr")] == [A, D, F, F]
    assert [walk(drawing, F, steps) for steps in ("l", "ll", "lll", "llll")] == [J, I, H, G]
    assert [walk(drawing, A, steps) for steps in ("d", "dd", "ddd", "u")] == [B, G, G, A]
    assert walk(drawing, D, "l") == C
    assert walk(drawing, B, "l") == Y


def test_moving_through_a_drawing_from_top_to_bottom() -> None:
    drawing = draw(picture(*COURSE), "down")
    assert [walk(drawing, Y, steps) for steps in ("d", "dd", "ddd")] == [G, H, I]
    assert [walk(drawing, X, steps) for steps in ("d", "dd", "ddd")] == [A, D, F]
    assert [walk(drawing, F, steps) for steps in ("u", "uu")] == [J, I]
    assert [walk(drawing, A, steps) for steps in ("r", "rr", "rrr", "l")] == [B, G, G, A]


def test_moving_along_the_tape() -> None:
    drawing = draw(picture(*PRODUCT), "tape")
    x, y, z, a, f = range(5)
    assert [walk(drawing, x, steps) for steps in ("u", "d", "dd", "dddd", "ddddd")] == [x, y, z, f, f]
    assert [walk(drawing, f, steps) for steps in ("l", "ll", "lll")] == [a, y, y]
    assert [walk(drawing, z, steps) for steps in ("r", "rr")] == [f, f]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", ALL)
def test_every_spot_can_be_reached_from_every_other(name: str, style: Style) -> None:
    some = picture(*ALL[name])
    drawing = draw(some, style)
    for start in range(len(some.nodes)):
        reached, waiting = {start}, [start]
        while waiting:
            node = waiting.pop()
            for direction in DIRECTIONS:
                other = neighbour(drawing, node, direction)
                if other not in reached:
                    reached.add(other)
                    waiting.append(other)
        assert reached == set(range(len(some.nodes)))


@settings(max_examples=examples(60), deadline=None)
@given(pictures(), st.sampled_from(STYLES), st.data())
def test_an_arrow_never_leads_out_of_the_picture(some: GraphSpec, style: Style, data: st.DataObject) -> None:
    drawing = draw(some, style)
    node = data.draw(st.integers(0, len(some.nodes) - 1))
    for direction in DIRECTIONS:
        other = neighbour(drawing, node, direction)
        assert 0 <= other < len(some.nodes)
        joined = (node, other) in {(wire.source, wire.target) for wire in some.wires}
        used = (other, node) in {(wire.source, wire.target) for wire in some.wires}
        if direction in (("up",) if style == "down" else ("left",)):
            assert used or other == node
        elif direction in (("down",) if style == "down" else ("right",)):
            assert joined or other == node


@settings(max_examples=examples(60), deadline=None)
@given(pictures(), st.sampled_from(STYLES), st.booleans())
def test_a_click_finds_the_spot_and_what_is_written_of_it(some: GraphSpec, style: Style, ascii_only: bool) -> None:
    drawing = draw(some, style, ascii_only)
    grid = Grid(drawing)
    inside = {
        (x, y): index
        for index, place in enumerate(drawing.places)
        for x in range(place.x, place.x + place.width)
        for y in range(place.y, place.y + place.height)
    }
    for cell, role in grid.role.items():
        found = drawing.node_at(*cell)
        if cell in inside:
            assert found == inside[cell]
        elif role in (*NUMBER_ROLES, "name"):
            assert found == grid.node[cell]
        elif role == "wire":
            assert found is None


def test_a_click_beside_the_drawing_finds_nothing() -> None:
    for style in STYLES:
        drawing = draw(picture(*COURSE), style)
        assert drawing.node_at(-1, 0) is None
        assert drawing.node_at(0, -1) is None
        assert drawing.node_at(drawing.width, 0) is None
        assert drawing.node_at(0, drawing.height) is None


def test_a_click_finds_the_spot_behind_wide_characters() -> None:
    drawing = draw(picture({"加": 1.0, "減": 2.0}, [("f", "add", "加 減")]), "boxes")
    second = drawing.places[1]
    assert drawing.node_at(second.x + second.width - 1, second.y) == 1
