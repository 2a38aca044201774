"""Of a graph larger than its room the gate at hand is in sight, and the number that is asked; of any other, all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from textual import events
from textual.geometry import Offset, Region, Size
from textual.screen import Screen

from tests.tui.conftest import Open
from tutor.drawing import ASKED, AtHand, Drawing, GraphSpec
from tutor.library import Exercise
from tutor.library.format import BackpropTable, ExerciseFile
from tutor.practice.gate_request import GateRequest
from tutor.practice.generated import fit_functions
from tutor.questions.blank import NoAnswers
from tutor.questions.registry import questions_of
from tutor.runner import Runner
from tutor.tui import layout_budget
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.graph_fitting import GraphFitting, corner_that_shows, surroundings
from tutor.tui.widgets.graph_view import GraphView

ROOMS = [Size(80, 9), Size(80, 5), Size(40, 6), Size(118, 14)]


def graphs() -> Iterator[tuple[GraphSpec, tuple[AtHand, ...]]]:
    """Small graphs of a backward pass, and what each of its blanks is about."""
    for number, gates in enumerate((("mul",), ("sin",), ("div", "exp"), ("max",), ("power", "sub"), ("sigmoid",))):
        table, _ = next(
            fit_functions(GateRequest(gates, number % 2 == 0, 2 + number % 3), ("in sight", 3, number), any_)
        )
        fields = {one.name: getattr(table, one.name) for one in structs.fields(BackpropTable)}
        file = ExerciseFile(title="", **{**fields, "steps": ("backward",)})
        (question,) = questions_of(Exercise("graph", Path(), file), Runner())
        picture, answers = question.picture(NoAnswers()), NoAnswers()
        assert picture is not None
        hand = (question.at_hand(blank, answers) for blank in question.steps[-1].blanks(answers))
        yield picture, tuple(at for at in hand if at is not None)


def any_(_problem: object) -> bool:
    return True


GRAPHS = list(graphs())


def cells(drawing: Drawing, node: int, roles: tuple[str, ...]) -> set[tuple[int, int]]:
    """Where something of a node stands, read off the drawing cell by cell."""
    found = set()
    for y, line in enumerate(drawing.lines):
        x = 0
        for run in line:
            found |= {(x + at, y) for at in range(len(run.text)) if run.node == node and run.role in roles}
            x += len(run.text)
    return found


def spread(spots: set[tuple[int, int]]) -> tuple[int, int]:
    """The columns and rows over which cells are spread."""
    return tuple(max(one[axis] for one in spots) - min(one[axis] for one in spots) + 1 for axis in (0, 1))  # type: ignore[return-value]


NUMBERS = ("face", "name", "value", "gradient", "asked", "plain")


@given(st.sampled_from(GRAPHS), st.sampled_from(ROOMS), st.integers(0, 60), st.integers(0, 20))
def test_gate_and_number_are_in_sight_wherever_the_drawing_was_scrolled_to(
    graph: tuple[GraphSpec, tuple[AtHand, ...]], room: Size, x: int, y: int
) -> None:
    picture, blanks = graph
    fitting = GraphFitting(False, 3, None)
    fitting.change_room(room, 0)
    fitting.complete = True
    drawing = fitting.draw(picture, room)
    at_most = Offset(max(0, drawing.width - room.width), max(0, drawing.height - room.height))
    corner = Offset(min(x, at_most.x), min(y, at_most.y))
    for at in blanks:
        asked = at.asked(picture)
        regions = [surroundings(drawing, one) for one in (asked, at.node)]
        corner = corner_that_shows(regions, Region.from_offset(corner, room))
        window = Region.from_offset(corner, room)
        assert 0 <= corner.x <= at_most.x and 0 <= corner.y <= at_most.y, "nothing but the drawing is shown"
        gate, number = cells(drawing, at.node, NUMBERS), cells(drawing, asked, NUMBERS)
        wide, high = spread(gate)
        if wide <= room.width and high <= room.height:
            assert all(window.contains(*cell) for cell in gate)
        both = Region.from_union(regions)
        if both.width <= room.width and both.height <= room.height:
            assert all(window.contains(*cell) for cell in number)


@given(st.integers(8, 60), st.integers(1, 60), st.booleans())
def test_a_graph_has_a_few_lines_over_half_where_all_of_it_is_in_sight_then(
    body: int, wanted: int, matrices: bool
) -> None:
    lines, half = layout_budget.graph_lines(body, wanted, matrices), layout_budget.picture_lines(body, wanted, matrices)
    assert half <= lines <= wanted
    assert lines in (half, wanted)
    assert lines == half or body - lines >= 10


FUNCTION = """
title = "My own"
function = "f(x, y) = x^2 y + sin(x)"
at = { x = 1, y = 2 }
steps = ["backward"]
"""


async def test_what_is_asked_is_in_sight_at_every_blank(open_app: Open, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(FUNCTION)
    async with open_app("own", (74, 22), folders=(tmp_path,)) as driver:
        graph = driver.app.screen.query_one(GraphView)
        for _ in range(7):
            rows = driver.text().splitlines()[graph.content_region.y : graph.content_region.bottom]
            assert sum(row.count(ASKED) for row in rows) == 1, driver.text()
            await driver.press("down", "down")
        assert graph.max_scroll_y
        await driver.resize(80, 24)
        assert not graph.max_scroll_y, "all rows, where there is room"


TWELVE = ["a = ln x", "b = sin y", "c = a + b", "d = c^2", "h = 4x", "i = h + z", "j = i c", "k = j + d", "m = e^a"]
TWELVE += ["n = m k", "p = n + b", "q = p j"]


async def test_a_graph_that_outgrows_its_room_while_typed_says_so_and_lays_nothing_out_anew(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[object] = []
    lay_out = Screen._refresh_layout

    def counted(screen: Screen[object], *what: Any, **how: Any) -> None:
        laid_out.append(screen)
        lay_out(screen, *what, **how)

    async with open_app("node-way/c", (120, 40)) as driver:
        graph, editor = driver.app.screen.query_one(GraphView), driver.app.screen.query_one(EquationsEditor)
        editor.load_text("\n".join(TWELVE[:-1]) + "\n")
        editor.move_cursor(editor.document.end)
        await driver.filled()
        monkeypatch.setattr(Screen, "_refresh_layout", counted)
        for letter in TWELVE[-1]:
            editor.insert(letter)
            await driver.filled()
        assert graph.max_scroll_x and set("◂▸") & set(str(graph.border_title))
        assert driver.app.screen not in laid_out


async def test_the_wheel_moves_a_graph_without_scrollbars(open_app: Open) -> None:
    async with open_app("tensors/layer", (120, 40)) as driver:
        graph = driver.app.screen.query_one(GraphView)
        assert graph.max_scroll_x and not graph.show_horizontal_scrollbar
        for _ in range(20):
            graph.post_message(events.MouseScrollRight(graph, 5, 5, 1, 0, 0, False, False, False))
        await driver.until(lambda: graph.scroll_offset.x == graph.max_scroll_x, "the end of the graph")
        assert "◂" in str(graph.border_title) and "▸" not in str(graph.border_title)
