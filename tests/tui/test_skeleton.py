"""The parts of the exercise screen stand where they stand in every exercise, and do not move while one works."""

from __future__ import annotations

import pytest

from tests.faces.by_hand import WORKED
from tests.sampling import one_in
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.tui.widgets.blank_list import BlankList
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.text_panels import FeedbackPanel
from tutor.tui.widgets.work_pane import AnswerField

BACKWARD = WORKED["layers/complex"][0][:24]


def picture(driver: Driver) -> list[str]:
    graph = driver.app.screen.query_one(GraphView).region
    return driver.text().splitlines()[graph.y + 1 : graph.bottom]


async def test_ten_rows_of_blanks_stand_in_a_small_terminal(open_app: Open) -> None:
    async with open_app("layers/complex", (80, 24), begun=BACKWARD) as driver:
        assert driver.app.screen.query_one(BlankList).size.height >= 10
        assert driver.app.screen.query_one(GraphView).style_now == "compact"


async def test_the_graph_has_the_whole_width_of_a_large_terminal(open_app: Open) -> None:
    async with open_app("layers/complex", (120, 40), begun=BACKWARD) as driver:
        graph = driver.app.screen.query_one(GraphView)
        assert graph.region.width == 120 and graph.style_now == "boxes"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_what_is_said_stands_right_below_the_field(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app("layers/complex", size, begun=BACKWARD) as driver:
        await driver.enter("1/t^2")
        field, said = driver.app.screen.query_one(AnswerField), driver.app.screen.query_one(FeedbackPanel)
        assert said.region.y == field.region.bottom
        assert "✗ Not yet" in driver.text().splitlines()[said.region.y]


@pytest.mark.parametrize("size", one_in(2, [(80, 24), (120, 40)], 1))
async def test_one_style_from_the_first_number_to_the_replay(open_app: Open, size: tuple[int, int]) -> None:
    answers = WORKED["layers/complex"][0]
    async with open_app("layers/complex", size, begun=answers[:11]) as driver:
        graph = driver.app.screen.query_one(GraphView)
        style, frame = graph.style_now, graph.region
        for answer in answers[11:26]:
            await driver.enter(answer)
            assert (graph.style_now, graph.region) == (style, frame), answer
        await driver.press("f7")
        assert graph.style_now == style
        await driver.press("f7", "ctrl+r")
        assert driver.app.screen.query_one(GraphView).style_now == style


async def test_gates_stay_where_they_are_while_equations_are_typed(open_app: Open) -> None:
    async with open_app("layers/complex", (120, 40)) as driver:
        at = set()
        for line in WORKED["layers/complex"][0][:9]:
            await driver.enter(line)
            row = next(number for number, text in enumerate(picture(driver)) if "│ x │" in text or "│ x ├" in text)
            at.add((row, picture(driver)[row].index("x")))
        assert len({column for _, column in at}) == 1


async def test_only_the_blank_at_hand_has_a_question_mark(open_app: Open) -> None:
    async with open_app("layers/complex", (80, 24), begun=BACKWARD) as driver:
        assert "·" in "".join(picture(driver))
        listed = driver.app.screen.query_one(BlankList).region
        rows = [line[: listed.width] for line in driver.text().splitlines()[listed.y : listed.bottom]]
        assert [row for row in rows if "?" in row] == [row for row in rows if row.startswith("▸")]
        await driver.press("ctrl+r", "end")
        assert "".join(picture(driver)).count("?") <= 2


async def test_a_fork_is_a_dot_and_a_crossing_is_none(open_app: Open) -> None:
    async with open_app("layers/complex", (80, 24), begun=BACKWARD) as driver:
        drawn = "".join(picture(driver))
        assert drawn.count("●") == 2 and "┼" in drawn and not set("├┤┬┴╋") & set(drawn)


async def test_what_is_asked_is_in_sight_in_a_graph_wider_than_the_terminal(open_app: Open) -> None:
    begun = [answer.replace("√y", "y^0.5") for answer in BACKWARD[:18]]
    async with open_app("layers/complex", (80, 24), begun=begun) as driver:
        for answer in WORKED["layers/complex"][0][18:27]:
            rows, title = picture(driver), driver.text().splitlines()[2]
            local = any(row.startswith("▸ · local") for row in driver.text().splitlines())  # no wire bears one
            assert local or sum("?" in row for row in rows) == 1, answer
            assert any("╰─" in row and "▲" in row for row in rows), "the lowest gate's second argument"
            assert ("◂" in title) != ("▸" in title), title
            assert "F7: all of it" in title
            await driver.enter(answer)
