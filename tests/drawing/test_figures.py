"""Figures of questions without a graph, and a gate from near by: they say what is true, and fit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.drawing import (
    CloseUp,
    CloseUpArgument,
    FilterFigure,
    ShapesFigure,
    StripFigure,
    draw_close_up,
    draw_figure,
)


@settings(max_examples=examples(80), deadline=None)
@given(st.integers(1, 14), st.integers(1, 6), st.integers(1, 4), st.integers(0, 3), st.booleans())
def test_every_position_of_a_filter_is_where_it_belongs(
    width: int, size: int, stride: int, padding: int, ascii_only: bool
) -> None:
    if size > width + 2 * padding:
        with pytest.raises(ValueError, match="wider"):
            FilterFigure(width, size, stride, padding)
        return
    figure = FilterFigure(width, size, stride, padding)
    # counted by sliding, not by the formula
    places = [at for at in range(0, 100, stride) if at + size <= width + 2 * padding]
    assert list(figure.starts) == places
    drawing = draw_figure(figure, 200, 200, revealed=True, ascii=ascii_only)
    assert drawing is not None and drawing.text.isascii() == ascii_only
    rows = [line for line in drawing.text.split("\n") if "position" in line]
    assert len(rows) == len(places)
    for at, row in zip(places, rows, strict=True):
        drawn = row.split("position")[0].rstrip()
        assert len(drawn) - len(drawn.lstrip()) == 4 * at and len(drawn.strip()) == 4 * size + 1


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 60), st.integers(1, 9), st.integers(1, 3), st.integers(0, 3), st.integers(10, 90), st.integers(3, 20)
)
def test_a_figure_is_never_larger_than_its_room(
    width: int, size: int, stride: int, padding: int, columns: int, lines: int
) -> None:
    if size > width + 2 * padding:
        return
    for revealed in (False, True):
        drawing = draw_figure(FilterFigure(width, size, stride, padding), columns, lines, revealed)
        assert drawing is None or (drawing.width <= columns and drawing.height <= lines)


def test_before_a_try_the_count_is_not_given_away() -> None:
    hidden, shown = (draw_figure(FilterFigure(7, 3, 2), 66, 14, revealed) for revealed in (False, True))
    assert hidden is not None and shown is not None
    assert "position 2" in hidden.text and "position 3" not in hidden.text and "output" not in hidden.text
    assert "position 3, at the edge" in shown.text and "output" in shown.text
    short = draw_figure(FilterFigure(8, 3, 2), 66, 14, revealed=True)
    assert short is not None and "position 3, 1 short of it" in short.text


@pytest.mark.parametrize(
    ("shapes", "columns"),
    [(((7, 1, 4), (3, 4)), ["147", "43"]), (((2,), (2, 1)), ["2", "12"]), (((5, 3), (5, 3)), ["35", "35"])],
)
def test_shapes_are_aligned_at_their_right_ends(shapes: tuple[tuple[int, ...], ...], columns: list[str]) -> None:
    drawing = draw_figure(ShapesFigure(("x", "y"), (shapes[0], shapes[1])), 60, 9)
    assert drawing is not None
    first, _, second = drawing.text.split("\n")
    for shape, line in zip(shapes, (first, second), strict=True):
        assert [part.strip() for part in line.split("│")[1:-1]] == list(map(str, shape))
    assert first.rindex("│") == second.rindex("│")


def test_the_sizes_that_meet_in_a_product_are_joined() -> None:
    drawing = draw_figure(ShapesFigure(("A", "B"), ((2, 5, 3), (14, 6)), inner=True), 60, 9)
    assert drawing is not None
    first, joint, _ = drawing.text.split("\n")
    assert first[joint.index("╰")] == "3" and first[joint.index("╯")] in "14"


def test_memory_is_a_strip_with_positions_and_rows() -> None:
    drawing = draw_figure(StripFigure("a", tuple("pqrstu"), (2, 3)), 66, 9)
    assert drawing is not None
    lines = drawing.text.split("\n")
    for position, entry in enumerate("pqrstu"):
        assert lines[4][lines[2].index(entry)] == str(position)
    assert lines[5].count("╰") == 2
    assert draw_figure(StripFigure("a", tuple(map(str, range(40))), (40,)), 66, 9) is None


NAMES = st.sampled_from(["x", "hidden", "β"])
NUMBERS = st.sampled_from(["?", "0.800", "-0.223", "‖·‖ 1.234", "1.2e-5"])


@st.composite
def gates(draw: st.DrawFn) -> CloseUp:
    arguments = tuple(
        CloseUpArgument(
            draw(NAMES), draw(NUMBERS), draw(st.sampled_from(["", "local ∂j/∂x"])), draw(NUMBERS), draw(NUMBERS)
        )
        for _ in range(draw(st.integers(1, 3)))
    )
    slot = draw(st.sampled_from(["value", "upstream", "local", "down"]))
    place = draw(st.integers(0, len(arguments) - 1)) if slot in ("local", "down") else 0
    return CloseUp(
        draw(NAMES),
        draw(st.sampled_from(["×", "softmax"])),
        arguments,
        draw(NUMBERS),
        "∂f/∂j",
        draw(NUMBERS),
        "f",
        (slot, place),
    )


@settings(max_examples=examples(60), deadline=None)
@given(gates(), st.integers(20, 90), st.booleans())
def test_a_gate_from_near_by_fits_and_asks_for_one_number(gate: CloseUp, columns: int, ascii_only: bool) -> None:
    drawing = draw_close_up(gate, columns, ascii_only)
    if drawing is None:
        assert columns < 80
        return
    assert drawing.width <= columns and (drawing.text.isascii() or not ascii_only)
    slot, place = gate.at_hand
    part = gate.arguments[place]
    asked = {
        "value": gate.value,
        "upstream": gate.upstream,
        "local": part.local if part.local_label else "",
        "down": part.sent,
    }
    assert drawing.text.count("?") == (asked[slot] == "?")
    assert gate.symbol in drawing.text or ascii_only


def test_the_rule_of_one_gate() -> None:
    gate = CloseUp(
        "j",
        "1/",
        (CloseUpArgument("i", "0.844", "local ∂j/∂i", "-1.404", "?"),),
        "1.185",
        "∂f/∂j",
        "-0.149",
        "f",
        ("down", 0),
    )
    drawing = draw_close_up(gate, 74)
    assert drawing is not None
    assert drawing.text.split("\n") == [
        "             local = -1.404",
        "i     0.844  ─────────────────▶ ┏━j━━┓ ─────────────────▶ j     1.185",
        "to i  ?      ◀━━━━━━━━━━━━━━━━━ ┃ 1/ ┃ ◀───────────────── ∂f/∂j -0.149",
        "                                ┗━━━━┛                    from f",
    ]
