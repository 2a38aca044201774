"""What stands beside the blank at hand: the gate from near by, figures, earlier tries, marks, the finished graph."""

from __future__ import annotations

import pytest

from tests.faces.by_hand import WORKED
from tests.tui.conftest import Open
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.widgets.blank_list import BlankList
from tutor.tui.widgets.close_up_view import FigureView
from tutor.tui.widgets.finished_graph import FinishedGraph
from tutor.tui.widgets.graph_view import GraphView

PRODUCT = WORKED["node-way/a"][0]
COMPLEX = WORKED["layers/complex"][0]


async def test_the_gate_at_hand_is_near_by_and_its_wire_heavy(open_app: Open) -> None:
    async with open_app("layers/complex", (120, 40), begun=COMPLEX[:24]) as driver:
        text = driver.text()
        assert "to t  ?" in text and "◀━━" in text and "↳ upstream" not in text.split("Blanks")[0]
    async with open_app("layers/complex", (60, 20)) as driver:
        assert "to t  ?" in driver.text(), "where the screen is small it takes the place of the graph"
        await driver.press("f7")
        assert driver.app.screen.query_one(GraphView).display


async def test_a_matrix_stands_on_its_wire_and_in_the_statement(open_app: Open) -> None:
    async with open_app("vectors/squared-norm", (80, 24), begun=WORKED["vectors/squared-norm"][0][:4]) as driver:
        text = driver.text()
        assert text.count("⎣-0.3") == 2 and "⎡0.22⎤" in text and "✓" not in text.split("Blanks")[0].split("Graph")[1]


async def test_the_finished_graph_comes_before_the_code(open_app: Open) -> None:
    async with open_app("node-way/a", (80, 24), begun=PRODUCT[:-1]) as driver:
        await driver.enter(PRODUCT[-1])
        assert isinstance(driver.app.focused, FinishedGraph)
        assert "Backward is done: 9 blanks." in driver.text() and "∂f/∂z = 4" in driver.text()
        await driver.press("f8")
        assert isinstance(driver.app.focused, FinishedGraph) and "fewer" not in driver.text()
        await driver.press("enter")
        assert "def q2a" in driver.text() and not driver.app.screen.has_class("-finished")


async def test_what_is_typed_on_at_the_finished_graph_is_not_lost(open_app: Open) -> None:
    async with open_app("node-way/a", (80, 24), begun=PRODUCT[:-1]) as driver:
        await driver.enter(PRODUCT[-1])
        await driver.enter("# mine")
        screen = driver.app.screen
        assert isinstance(screen, ExerciseScreen)
        assert not screen.has_class("-finished") and "# mine" in driver.text()


@pytest.mark.parametrize(
    ("id", "holds"),
    [
        ("convolution/sizes", "position 2"),
        ("shapes/add", "↕"),
        ("shapes/memory", "row by row"),
        ("autograd/recursion", ""),
    ],
)
async def test_questions_without_a_graph_have_their_figure(open_app: Open, id: str, holds: str) -> None:
    for size in ((120, 40), (80, 24)):
        async with open_app(id, size) as driver:
            figure = driver.app.screen.query_one(FigureView)
            assert figure.display == bool(holds), "counting down has none"
            assert holds in driver.text()


async def test_all_questions_stand_in_one_list_with_earlier_tries(open_app: Open) -> None:
    async with open_app("convolution/sizes", (120, 40)) as driver:
        for heading in ("1  Formulas", "2  32 x 32 x 3", "3  AlexNet"):
            assert heading in driver.text()
        await driver.enter("W")
        assert "position 3, at the edge" in driver.text(), "after a try the figure shows all"
        await driver.enter("F")
        assert "tried  W" in driver.text() and "tried  F" not in driver.text()
        await driver.click(BlankList, offset=(6, 10))
        assert "AlexNet" in driver.text() and driver.app.screen.query_one(BlankList).highlighted is not None


async def test_lines_of_equations_have_their_marks_until_they_are_edited(open_app: Open) -> None:
    async with open_app("node-way/a", (80, 24)) as driver:
        await driver.enter("a = x + y")
        await driver.enter("f = a z + 1")
        assert "1✓ a = x + y" in driver.text() and "2✗ f = a z + 1" in driver.text()
        await driver.press("backspace")
        assert "1✓ a = x + y" in driver.text() and "2✗" not in driver.text()


async def test_the_wrong_line_of_a_program_says_why(open_app: Open) -> None:
    program = (
        "def q2a(x, y, z):\n    a = x + y\n    out = a * z\n    da = z\n    dy = da + x\n    return out, da, dy, a\n"
    )
    async with open_app("node-way/a", (80, 24), begun=PRODUCT) as driver:
        editor = driver.app.focused
        assert editor is not None
        editor.load_text(program)  # type: ignore[attr-defined]
        await driver.press("f8")
        await driver.shows("Not yet")
        rows = driver.text().splitlines()
        assert any("5✗     dy = da + x" in row for row in rows)
        assert any("2✓     a = x + y" in row for row in rows)
        assert "← " not in driver.text(), "what is wrong with it is a hint"
        await driver.press("f8")
        await driver.until(lambda: "5✗     dy = da + x    ← " in driver.text(), "the reason, after a second run")


async def test_a_graph_that_was_staged_here_is_all_in_sight(open_app: Open) -> None:
    """The order in which its gates came may take more lines than there are; then they are ordered anew."""
    async with open_app("layers/complex", size=(80, 24)) as driver:
        for line in ("a = ln x", "b = sqrt y", "c = sigmoid b", "d = a c", "g = x + y", "h = g^2", "i = sigmoid h"):
            await driver.enter(line)
        await driver.enter("f = d/i")
        graph = driver.app.screen.query_one(GraphView)
        await driver.until(lambda: "value of a" in driver.text(), "the forward step")
        assert graph.max_scroll_y == 0
