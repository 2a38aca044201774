"""Cards of values in the graph, and the replay of both passes."""

from __future__ import annotations

import re
from pathlib import Path

from textual.widgets import Static

from tests.begun import begin
from tests.faces.by_hand import WORKED
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.replay import ReplayScreen, Scrubber
from tutor.tui.widgets.close_up_view import CloseUpView
from tutor.tui.widgets.graph_view import GraphView


async def answer(driver: Driver, *texts: str) -> None:
    for text in texts:
        await driver.enter(text)


def told(driver: Driver) -> list[str]:
    """What happens, and its arithmetic, with the columns by `|`."""
    lines = str(driver.app.screen.query_one("#arithmetic", Static).content).split("\n")
    return [str(driver.app.screen.query_one("#step").border_title), *(re.sub(r" {3,}", " | ", line) for line in lines)]


async def test_the_card_of_a_gate_tells_what_is_known_and_nothing_else(open_app: Open) -> None:
    async with open_app("node-way/a", size=(120, 40)) as driver:
        await answer(driver, "p = x + y", "f = p z", "4")
        await driver.press("f7", "left")
        assert isinstance(driver.app.focused, GraphView)
        await driver.press("right")
        assert "f = p·z" in driver.said() and "value: still to be found" in driver.said() and "8" not in driver.said()
        await driver.press("left")
        assert "p = x + y" in driver.said() and "value: 4" in driver.said()
        await driver.press("f7")
        await driver.until(lambda: "p = x + y   (" not in driver.said(), "what was said before")
        await answer(driver, "8", "1", "z", "2")
        await driver.press("f7", "right", "right")
        assert "to p:  local ∂f/∂p: z = 2;  downstream: 2" in driver.said()
        assert "to z:  local ∂f/∂z: still to be found;  downstream: still to be found" in driver.said()


async def test_the_replay_goes_as_far_as_the_learner(open_app: Open) -> None:
    answers, _ = WORKED["node-way/a"]
    async with open_app("node-way/a") as driver:
        await driver.press("ctrl+r")
        assert "nothing to replay yet" in driver.said()
    async with open_app("node-way/a", begun=answers[:3]) as driver:
        await driver.press("ctrl+r")
        assert isinstance(driver.app.screen, ReplayScreen)
        assert told(driver) == ["the value of p", "p | x + y | 1 + 3 = 4"]
        await driver.press("right")
        assert told(driver) == ["f is still to be found", "f = p·z: from here on it is yours to find."]
        await driver.press("right", "escape")
        assert isinstance(driver.app.screen, ExerciseScreen)
    begin("node-way/a", answers[3:])
    async with open_app("node-way/a") as driver:
        await driver.press("f7", "r")
        seen = [told(driver)]
        for _ in range(20):
            await driver.press("right")
            if told(driver) != seen[-1]:
                seen.append(told(driver))
        assert seen == [
            ["the value of p", "p | x + y | 1 + 3 = 4"],
            ["the value of f", "f | p·z | 4·2 = 8"],
            ["what arrives at f", "∂f/∂f | at the output always 1 | 1"],
            ["f sends down to p", "local ∂f/∂p | z | 2", "to p | upstream × local | 1 × 2 = 2"],
            ["f sends down to z", "local ∂f/∂z | p | 4", "to z | upstream × local | 1 × 4 = 4"],
            ["what arrives at p", "∂f/∂p | from f | 2"],
            ["p sends down to x", "local ∂p/∂x | 1 | 1", "to x | upstream × local | 2 × 1 = 2"],
            ["p sends down to y", "local ∂p/∂y | 1 | 1", "to y | upstream × local | 2 × 1 = 2"],
            ["the gradient of x", "∂f/∂x | from p | 2"],
            ["the gradient of y", "∂f/∂y | from p | 2"],
            ["the gradient of z", "∂f/∂z | from f | 4"],
        ]
        await driver.press("home")
        assert told(driver) == seen[0]


async def test_beside_the_step_are_the_equations_and_a_scrubber(open_app: Open) -> None:
    answers, _ = WORKED["node-way/a"]
    async with open_app("node-way/a", size=(120, 40), begun=answers) as driver:
        await driver.press("escape", "r", "right", "right", "right")
        rows = [" ".join(line[1:43].split()) for line in driver.text().splitlines()]
        assert [row for row in rows if row.startswith(("x ", "▸ f", "p ="))] == [
            "x 1 ·",
            "p = x + y 4 2",
            "▸ f = p·z 8 1",
        ]
        scrubber = driver.app.screen.query_one(Scrubber)
        await driver.click(Scrubber, offset=(scrubber._cells[-1][0], 0))
        await driver.shows("step 11 of 11   backward")
        await driver.click(Scrubber, offset=(0, 0))
        await driver.shows("step 1 of 11   forward")
        await driver.press("plus", "plus", "y")
        assert "0.6 s a step" in driver.text() and "▶" in driver.app.clipboard
        await driver.resize(60, 20)
        assert not driver.app.screen.query_one(GraphView).display and driver.app.screen.query_one(CloseUpView).display
        await driver.press("q")
        assert isinstance(driver.app.screen, ExerciseScreen)


async def test_with_less_motion_space_is_a_single_step(open_app: Open) -> None:
    answers, _ = WORKED["node-way/a"]
    async with open_app("node-way/a", begun=answers) as driver:
        driver.app.animation_level = "none"
        await driver.press("ctrl+r", "space")
        assert "step 2 of 11" in driver.text()
        driver.app.animation_level = "full"
        await driver.press("space")
        assert "Space stop" in driver.text()
        await driver.until(lambda: re.search(r"\b([4-9]|1[01]) of 11", driver.text()), "the second step by itself")
        await driver.press("space")
        assert "Space play" in driver.text()


async def test_the_replay_is_in_ascii_where_that_is_wanted(open_app: Open, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text("ascii = true\n", encoding="utf-8")
    async with open_app("node-way/a", begun=("p = x + y", "f = p z", "4")) as driver:
        await driver.press("ctrl+r")
        graph = driver.app.screen.query_one(GraphView)
        assert isinstance(driver.app.screen, ReplayScreen)
        assert graph._drawing is not None and graph._drawing.text.isascii()
