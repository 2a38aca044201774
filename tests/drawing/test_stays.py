"""A drawing stays where it is while its graph grows and its numbers are found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.drawing import Drawing, DrawingFrame, GraphSpec, Style, draw, with_all_numbers

from .graphs import pictures
from .samples import COURSE, picture

SIDEWAYS: tuple[Style, ...] = ("boxes", "compact")


def places(drawing: Drawing) -> list[tuple[int, int]]:
    return [(place.x, place.y) for place in drawing.places]


@settings(max_examples=examples(60), deadline=None)
@given(pictures(), st.sampled_from(SIDEWAYS), st.integers(0, 200), st.data())
def test_no_number_that_is_found_moves_anything(some: GraphSpec, style: Style, width: int, data: st.DataObject) -> None:
    full = with_all_numbers(some, 3, brackets=False)
    frame = DrawingFrame(full, width)
    known = data.draw(st.sets(st.integers(0, len(some.nodes) - 1)))
    found = [node if index in known else replace(node, value="", gradient="") for index, node in enumerate(full.nodes)]
    some_found = draw(GraphSpec(tuple(found), some.wires), style, frame=frame)
    assert places(some_found) == places(draw(full, style, frame=frame))


@settings(max_examples=40, deadline=None)
@given(pictures(), st.sampled_from(SIDEWAYS), st.integers(0, 200))
def test_air_makes_wires_longer_and_nothing_wider_than_its_room(some: GraphSpec, style: Style, width: int) -> None:
    tight, airy = draw(some, style), draw(some, style, frame=DrawingFrame(width=width))
    assert airy.height == tight.height and airy.width >= tight.width
    assert airy.width <= max(width, tight.width)
    assert [y for _, y in places(airy)] == [y for _, y in places(tight)]


@pytest.mark.parametrize("style", SIDEWAYS)
def test_gates_keep_their_order_as_others_are_added(style: Style) -> None:
    whole = picture(*COURSE, passes="none")
    rows: dict[str, int] = {}
    for count in range(3, len(whole.nodes) + 1):
        wires = tuple(wire for wire in whole.wires if wire.target < count)
        some = GraphSpec(whole.nodes[:count], wires)
        before = tuple(rows.get(node.name, -1) for node in some.nodes)
        drawing = draw(some, style, frame=DrawingFrame(rows=before if rows else ()))
        now = {node.name: place for node, place in zip(some.nodes, drawing.places, strict=True)}
        columns: dict[int, list[str]] = {}
        for name in sorted(rows, key=rows.__getitem__):
            columns.setdefault(now[name].x, []).append(name)
        for names in columns.values():
            assert names == sorted(names, key=lambda name: now[name].y), drawing.text
        rows = {name: place.y for name, place in now.items()}
