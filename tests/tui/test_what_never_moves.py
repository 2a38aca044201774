"""Within a step title, statement, picture, field and footer keep their rows, whatever is typed, said or looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from tests.faces.by_hand import WORKED
from tests.sampling import one_in
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.tui.widgets.bars import BottomBar
from tutor.tui.widgets.choice_row import Options
from tutor.tui.widgets.close_up_view import CloseUpView, LessonRow
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.statement import Statement
from tutor.tui.widgets.steps_bar import StepsBar
from tutor.tui.widgets.work_pane import AnswerField

SIZES = [(80, 24), (120, 40)]

LOOK_AROUND = ("f2", "f7", "f7", "tab", "shift+tab")
VALUE = ("1", "enter", "2", *LOOK_AROUND, *["down"] * 6, "up")
KINDS = [
    ("node-way/c", WORKED["node-way/c"][0][:12], VALUE),
    ("vectors/squared-norm", WORKED["vectors/squared-norm"][0][:5], VALUE),
    ("shapes/rules", [], VALUE),
    ("convolution/sizes", [], VALUE),
    ("network/composed-linear", [], ("b", "enter", *LOOK_AROUND, "a", "enter", "b", "enter")),
    ("autograd/order", [], ("a", "enter", *LOOK_AROUND, "b", "enter", "c", "enter")),
    ("node-way/a", [], ("a", "space", "=", "x", "enter", *LOOK_AROUND, "b", "enter")),
    ("node-way/a", WORKED["node-way/a"][0], ("a", "enter", "down", "b", "f7", "f7")),
]
CASES = [(kind, size) for kind in KINDS for size in SIZES]


def rows(driver: Driver) -> dict[str, object]:
    """Where each part stands: its row, and the lines of what has a frame or is given room."""
    screen = driver.app.screen
    pictures = [screen.query_one(GraphView), screen.query_one(LessonRow), screen.query_one(CloseUpView)]
    fields = [screen.query_one(kind) for kind in (AnswerField, Options, EquationsEditor, CodeEditor)]
    statement = screen.query_one(Statement)
    swapped = screen.has_class("-swapped")
    return {
        "title": screen.query_one(StepsBar).region.y,
        "statement": (statement.region.y, statement.region.height),
        "picture": [] if swapped else [(one.region.y, one.region.height) for one in pictures if one.region.height],
        "field": [one.region.y for one in fields if one.region.height],
        "footer": screen.query_one(BottomBar).region.y,
    }


@pytest.mark.parametrize(("kind", "size"), one_in(5, CASES, 2), ids=str)
async def test_panes_stay_where_they_are(
    open_app: Open, kind: tuple[str, Sequence[str], Sequence[str]], size: tuple[int, int]
) -> None:
    id, begun, keys = kind
    async with open_app(id, size, begun=begun) as driver:
        stood = rows(driver)
        for key in keys:
            await driver.press({"=": "equals_sign"}.get(key, key))
            assert rows(driver) == stood, f"after {key}:\n{driver.text()}"


async def test_a_graph_that_does_not_fit_takes_the_place_of_the_work_while_arrows_go_through_it(open_app: Open) -> None:
    async with open_app("layers/complex", (60, 20), begun=WORKED["layers/complex"][0][:24]) as driver:
        stood = rows(driver)
        await driver.press("f7")
        graph = driver.app.screen.query_one(GraphView)
        assert graph.region.height >= 10 and not driver.app.screen.query_one(AnswerField).region.height
        assert "value: 1.18452" in driver.text(), "what is said of the gate stays in sight"
        await driver.press("f7")
        assert rows(driver) == stood and driver.app.screen.query_one(AnswerField).has_focus


async def test_the_bar_of_steps_keeps_its_form_and_its_title(open_app: Open) -> None:
    async with open_app("node-way/a", (80, 24)) as driver:
        for answer in WORKED["node-way/a"][0][:4]:
            assert driver.text().splitlines()[0].startswith(" (x + y) z: the smallest graph  ")
            assert all(name in driver.text().splitlines()[0] for name in ("1 Stage", "2 Forward", "4 Code"))
            await driver.enter(answer)
        assert driver.text().splitlines()[0].endswith("3 Backward 0/9  4 Code"), "air behind the step at hand"
        rules = [line for line in driver.text().splitlines() if "Graph" in line or "Blanks" in line]
        assert [re.match(r"─ \w.*\w [─━]", rule) is not None for rule in rules] == [True, True], "titles have blanks"
