"""The style follows the room: boxes, compact, and the tape when neither fits; always from left to right."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.drawing import STYLES, GraphSpec, choose, draw

from .graphs import of_size, pictures
from .samples import COURSE, FORKED, LOGISTIC, PERCEPTRON, POWERS, PRODUCT, SQUARE, Graph, picture


@settings(max_examples=examples(60), deadline=None)
@given(pictures(), st.integers(1, 120), st.integers(1, 40), st.booleans())
def test_the_first_style_that_fits(some: GraphSpec, width: int, height: int, ascii_only: bool) -> None:
    drawings = [draw(some, style, ascii_only) for style in STYLES if style != "down"]
    rooms = [(width, height), *((drawing.width, drawing.height) for drawing in drawings)]
    for wide, high in rooms:
        fitting = [drawing.style for drawing in drawings if drawing.width <= wide and drawing.height <= high]
        assert choose(some, wide, high, ascii_only) == (fitting[0] if fitting else "tape")


@pytest.mark.parametrize("graph", [PRODUCT, POWERS, FORKED, LOGISTIC, SQUARE])
@pytest.mark.parametrize("passes", ["none", "forward", "both"])
def test_the_functions_of_the_course_are_drawn_as_graphs_in_a_low_panel(graph: Graph, passes: str) -> None:
    """78 x 9: what an 80 x 24 terminal leaves above the blanks."""
    assert choose(picture(*graph, passes=passes), 78, 9) in ("boxes", "compact")


def test_nine_gates_by_room() -> None:
    some = picture(*COURSE)
    assert choose(some, 120, 40) == "boxes"
    assert choose(some, 80, 24) == "compact"
    assert choose(some, 60, 34) == "tape"
    assert choose(some, 60, 12) == "tape"
    assert choose(some, 10, 3) == "tape"


def test_many_gates_are_taped_however_much_room_there_is() -> None:
    assert choose(picture(*PERCEPTRON), 1000, 1000) == "tape"
    assert choose(of_size(300), 10_000, 10_000) == "tape"
    assert choose(of_size(20), 10_000, 10_000) == "boxes"
    assert choose(of_size(21), 10_000, 10_000) == "tape"


def test_nothing_to_draw_fits_anywhere() -> None:
    assert choose(GraphSpec(()), 0, 0) == "boxes"
