"""The gate and wire at hand in heavy lines: nothing moves, and the wire is the one that is meant."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.drawing import AtHand, Drawing, GraphSpec, Style, draw, emphasise, wire_cells

from .graphs import pictures
from .samples import COURSE, PRODUCT, SQUARE, picture

HEAVY = {**dict(zip("┏┓┗┛━┃┠[]", "╭╮╰╯─│├()", strict=True)), "┿": "┼", "╂": "┼"}
SIDEWAYS: tuple[Style, ...] = ("boxes", "compact")


def plain(drawing: Drawing) -> list[str]:
    return ["".join(HEAVY.get(sign, sign) for sign in line) for line in drawing.text.split("\n")]


@settings(max_examples=examples(60), deadline=None)
@given(pictures(), st.sampled_from(SIDEWAYS), st.data())
def test_only_lines_and_heads_change(some: GraphSpec, style: Style, data: st.DataObject) -> None:
    node = data.draw(st.integers(0, len(some.nodes) - 1))
    ports = sorted(wire.port for wire in some.wires if wire.target == node)
    port = data.draw(st.sampled_from([None, *range(len(ports))]))
    back = data.draw(st.booleans())
    light = draw(some, style)
    heavy = emphasise(light, AtHand(node, ports[port] if port is not None else None, back))
    assert (heavy.width, heavy.height, heavy.places) == (light.width, light.height, light.places)
    before, after = light.text.split("\n"), plain(heavy)
    assert [len(line) for line in before] == [len(line) for line in after]
    changed = [(one, two) for old, new in zip(before, after, strict=True) for one, two in zip(old, new, strict=True)]
    assert {one for one, two in changed if one != two} <= set("▶▼▲─╴╶")
    assert sum(two == "◀" for _, two in changed) <= (port is not None and back)


@settings(max_examples=examples(60), deadline=None)
@given(pictures(), st.sampled_from(SIDEWAYS), st.data())
def test_a_wire_runs_without_a_gap_from_the_gate_to_its_source(
    some: GraphSpec, style: Style, data: st.DataObject
) -> None:
    drawing = draw(some, style)
    for wire in drawing.wires[: data.draw(st.integers(0, len(drawing.wires)))]:
        cells = wire_cells(drawing, AtHand(wire.target, wire.port))
        assert cells, drawing.text
        for (x, y), (right, below) in pairwise(cells):
            assert abs(x - right) + abs(y - below) == 1
        place, (x, y) = drawing.places[wire.source], cells[-1]
        assert place.holds(x - 1, y), "it ends where it leaves its source"
        gate, (x, y) = drawing.places[wire.target], cells[0]
        assert gate.holds(x + 1, y) or gate.holds(x, y + 1) or gate.holds(x, y - 1)


@pytest.mark.parametrize("style", SIDEWAYS)
def test_two_wires_of_one_value_are_told_apart(style: Style) -> None:
    drawing = draw(picture(*SQUARE), style)
    first, second = (wire_cells(drawing, AtHand(1, port)) for port in (0, 1))
    assert first[0][1] < second[0][1] and first[-1] == second[-1]


def test_the_head_points_where_the_number_goes() -> None:
    some = picture(*PRODUCT)
    assert "╭─a─╮" in draw(some, "boxes").text
    forward = emphasise(draw(some, "boxes"), AtHand(3, 1)).text
    assert "│ y ├━━" in forward and "━▶┗━━━┛" in forward
    back = emphasise(draw(some, "boxes"), AtHand(3, 1, back=True)).text
    assert "│ y ├◀━━" in back and "━━┗━━━┛" in back
    assert "◀" not in forward


def test_in_ascii_and_without_a_wire() -> None:
    some = picture(*PRODUCT)
    drawn = emphasise(draw(some, "compact", ascii=True), AtHand(3, 1, back=True), ascii=True).text
    assert drawn.isascii() and "(y)<==" in drawn and "[+]" in drawn
    for style in ("down", "tape"):
        assert emphasise(draw(some, style), AtHand(3, 1)).height == draw(some, style).height
    assert emphasise(draw(some, "boxes"), AtHand(99)).text == draw(some, "boxes").text


def test_many_gates_keep_their_numbers() -> None:
    some = picture(*COURSE)
    for node in range(len(some.nodes)):
        text = emphasise(draw(some, "boxes"), AtHand(node, 0, back=True)).text
        for number in (one.value for one in some.nodes):
            assert number in text
