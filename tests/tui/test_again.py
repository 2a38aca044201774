"""The second day in the app: doing it again, what comes next, papers, and what changed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from textual.screen import Screen

from tests.begun import begin
from tests.shipped import LIBRARY
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.learner import Entry, Rating, Schedule, Store
from tutor.tui.screens.again import AgainScreen
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.help import HelpScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.solved import SolvedScreen
from tutor.tui.screens.worked import WorkedScreen
from tutor.tui.widgets.steps_bar import StepsBar
from tutor.tui.widgets.work_pane import WorkPane

RIGHT = ["a = x + y", "f = a z"]
LONG_AGO = 400 * 86400.0


def solved(id: str = "staging/f", ago: float = 0.0) -> None:
    """Solve it with right answers; it is due if that was long ago."""
    begin(id, RIGHT)
    if ago:
        with Store() as store:
            Schedule(store).review(id, Rating.GOOD, time.time() - ago)


async def on(driver: Driver, screen: type[Screen[object]]) -> None:
    await driver.until(lambda: isinstance(driver.app.screen, screen), screen.__name__)


def exercise(driver: Driver) -> ExerciseScreen:
    return next(screen for screen in driver.app.screen_stack if isinstance(screen, ExerciseScreen))


def field(driver: Driver) -> str:
    return exercise(driver).query_one(WorkPane).text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_n_opens_what_is_due_and_enter_does_it_again(open_app: Open, size: tuple[int, int]) -> None:
    solved(ago=LONG_AGO)
    async with open_app(size=size) as driver:
        assert "1  Again    1.1 Stage (x + y) z" in driver.text()
        await driver.press("n")
        await on(driver, AgainScreen)
        await driver.until(lambda: "begin again" in driver.text(), "the card")
        assert "You have finished this exercise, and it is worth" in driver.text()
        await driver.press("enter")
        await on(driver, ExerciseScreen)
        assert field(driver) == "" and not exercise(driver).session.answers
        for line in RIGHT:
            await driver.enter(line)
        await on(driver, SolvedScreen)
        assert driver.app.store.summary()["staging/f"].due > time.time()
        await driver.press("h")
        await on(driver, HomeScreen)
        assert "1  New " in driver.text() and "↻" not in driver.text()
        assert "1 of 69 solved" in driver.text()


async def test_escape_leaves_the_old_answers_to_be_looked_at(open_app: Open) -> None:
    solved(ago=LONG_AGO)
    async with open_app() as driver:
        await driver.press("n")
        await on(driver, AgainScreen)
        await driver.press("x", "space", "escape")
        await on(driver, ExerciseScreen)
        assert field(driver) == "\n".join(RIGHT) and exercise(driver).session.finished


async def test_what_is_finished_and_not_due_opens_as_it_is(open_app: Open) -> None:
    solved()
    async with open_app("staging/f") as driver:
        assert isinstance(driver.app.screen, ExerciseScreen)
        assert "Ctrl+N begins it again" in " ".join(driver.said().split())


async def test_an_exercise_is_begun_again_when_that_is_confirmed(open_app: Open) -> None:
    solved()
    async with open_app("staging/f") as driver:
        await driver.press("ctrl+n")
        await driver.until(lambda: "Begin this exercise again" in driver.text(), "the card")
        assert "All blanks will be empty again." in driver.text()
        await driver.press("escape")
        assert exercise(driver).session.finished
        await driver.press("ctrl+n", "enter")
        await on(driver, ExerciseScreen)
        assert field(driver) == "" and "0/" not in driver.text().splitlines()[0]
        assert driver.app.store.summary()["staging/f"].state == "new"
        assert driver.app.focused is not None
        await driver.enter("a = x + y")
        assert "✓ a = x + y" in driver.said()


async def test_enter_alone_puts_aside_nothing_half_done(open_app: Open) -> None:
    async with open_app("node-way/a", begun=["a = x + y", "f = a z", "4"]) as driver:
        await driver.press("1", "1")
        await driver.press("ctrl+n", "enter", "enter")
        assert isinstance(driver.app.screen, AgainScreen)
        await driver.press("escape")
        await on(driver, ExerciseScreen)
        assert field(driver) == "11" and exercise(driver).session.answers["value:a"].text == "4"
        await driver.press("ctrl+n", "y")
        await on(driver, ExerciseScreen)
        assert field(driver) == "" and not exercise(driver).session.answers
        await driver.pilot.pause(0.5)  # longer than a draft waits to be kept
        assert driver.app.store.drafts("node-way/a") == {}


async def test_the_palette_and_help_know_of_it(open_app: Open) -> None:
    async with open_app("node-way/a", size=(120, 170)) as driver:
        (command,) = [one for one in driver.app.get_system_commands(driver.app.screen) if "again" in one.title]
        await command.callback()
        await on(driver, AgainScreen)
        await driver.press("escape", "f1")
        await on(driver, HelpScreen)
        assert "Ctrl+N" in driver.text() and "◎" in driver.text()


async def test_the_solved_card_offers_it(open_app: Open) -> None:
    async with open_app("staging/f") as driver:
        for line in RIGHT:
            await driver.enter(line)
        await on(driver, SolvedScreen)
        assert "Ctrl+N begin again" in driver.text()
        await driver.press("ctrl+n")
        await on(driver, AgainScreen)
        await driver.press("enter")
        await on(driver, ExerciseScreen)
        assert field(driver) == ""


async def test_the_solved_card_goes_on_to_what_can_be_worked_on(open_app: Open) -> None:
    with Store() as store:
        store.set_progress("staging/h", "solved", 1, 1)
        Schedule(store).review("node-way/c", Rating.GOOD, time.time() - LONG_AGO)
        store.set_progress("node-way/c", "solved", 4, 4)
    async with open_app("staging/f") as driver:
        for line in RIGHT:
            await driver.enter(line)
        await on(driver, SolvedScreen)
        title = LIBRARY.exercises["node-way/c"].file.title
        assert title in driver.text()
        await driver.press("enter")
        await driver.until(lambda: exercise(driver).session.exercise.id == "node-way/c", "what is due")


async def test_when_all_is_done_home_says_so(open_app: Open) -> None:
    with Store() as store:
        for id in LIBRARY.exercises:
            store.set_progress(id, "solved", 1, 1)
        Schedule(store).review("staging/f", Rating.EASY, time.time())
        store.mark_opened("staging/g")
    async with open_app() as driver:
        assert "All is done, and nothing is due before" in driver.text() and "Ctrl+N" in driver.text()
        await driver.press("n")
        assert isinstance(driver.app.screen, HomeScreen)
        assert driver.text().count("All is done") == 2
        await driver.press("ctrl+n")
        await on(driver, AgainScreen)
        title = LIBRARY.exercises["staging/g"].file.title
        await driver.until(lambda: title in driver.text().split("Again", 1)[-1], "the card of the chosen one")
        await driver.press("enter")
        await on(driver, ExerciseScreen)
        assert driver.app.store.summary()["staging/g"].state == "new"


async def test_begun_again_is_known_as_solved_at_home(open_app: Open) -> None:
    begin("staging/f", RIGHT)
    with Store() as store:
        store.append("staging/f", Entry(action="reset"))
        store.append("staging/f", Entry("stage", "staging", "answer", "a = x", "wrong"))
    async with open_app(size=(120, 140)) as driver:
        assert "1  Go on    1.1 Stage (x + y) z" in driver.text()
        assert "1 of 69 solved" in driver.text() and "solved before" in driver.text()
        assert "◐ Stage (x + y) z" in driver.text()


async def test_f6_shows_one_question_of_a_paper(open_app: Open) -> None:
    async with open_app("exam/one", size=(120, 40)) as driver:
        await driver.press("f4")
        assert "of this question" in await _said_after(driver, "f6")
        await driver.press("f6")
        await on(driver, WorkedScreen)
        await driver.until(lambda: "Question 2" in driver.text(), "the worked solution")
        assert "Question 1" not in driver.text() and "Question 3" not in driver.text()
        await driver.press("escape")
        session = exercise(driver).session
        assert [session.state(step).shown for step in session.steps] == [False, True] + [False] * 9
        bar = str(exercise(driver).query_one(StepsBar).content)
        assert "◎" in bar and "✓" not in bar
        await driver.press("f3")
        bar = str(exercise(driver).query_one(StepsBar).content)
        assert "2◎" in bar or "Shapes ◎" in bar
        await driver.press("f4", "f6")
        await on(driver, WorkedScreen)  # at once: the question is done


async def _said_after(driver: Driver, key: str) -> str:
    await driver.press(key)
    return " ".join(driver.said().split())


async def test_f4_and_f3_pass_over_what_is_locked(open_app: Open) -> None:
    async with open_app("exam/one") as driver:
        session = exercise(driver).session
        reached = [exercise(driver)._step.key]
        opened = [step for step in session.steps if session.state(step).open]
        for _ in opened[1:]:
            await driver.press("f4")
            reached.append(exercise(driver)._step.key)
        assert reached == [step.key for step in session.steps if session.state(step).open]
        assert reached[-1] == session.steps[-1].key and len(reached) < len(session.steps)
        await driver.press("f4")
        assert exercise(driver)._step.key == reached[0], "round and round"
        await driver.press("f3", "f3", "escape", "left")
        assert exercise(driver)._step.key == reached[-3]


async def test_f4_says_why_where_all_that_follows_is_locked(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        assert "Forward opens when" in await _said_after(driver, "f4")


async def test_shown_is_told_from_solved_at_home(open_app: Open) -> None:
    with Store() as store:
        store.set_progress("staging/f", "started", 1, 1)
        store.set_progress("staging/h", "solved", 1, 1)
        store.mark_opened("staging/f")
    async with open_app(size=(120, 140)) as driver:
        assert "◎ Stage (x + y) z" in driver.text() and "✓ Stage (x² + 2y) z³" in driver.text()
        assert "1  New      1.3 Stage (ln x" in driver.text() and "1 of 69 solved" in driver.text()


MINE = 'title = "Mine"\nfunction = "f(x, y) = x y + 1"\nat = { x = 3, y = 2 }\nsteps = ["stage"]\n'


async def test_a_change_is_marked_and_told(open_app: Open, tmp_path: Path) -> None:
    path = tmp_path / "mine" / "one.toml"
    path.parent.mkdir()
    path.write_text(MINE, encoding="utf-8")
    folders = (path.parent,)
    async with open_app("one", folders=folders) as driver:
        for line in ("a = x y", "f = a + 1"):
            await driver.enter(line)
        await on(driver, SolvedScreen)
    path.write_text(MINE.replace("+ 1", "+ x"), encoding="utf-8")
    async with open_app(folders=folders, size=(120, 140)) as driver:
        assert "✓ Mine " in driver.text() and "≠ changed" in driver.text()
        driver.app.screen.post_message(HomeScreen.Opened("one"))
        await on(driver, AgainScreen)
        assert "This exercise has changed since you solved it." in driver.text()
        await driver.press("y")
        await on(driver, ExerciseScreen)
        for line in ("a = x y", "f = a + x"):
            await driver.enter(line)
        await on(driver, SolvedScreen)
        await driver.press("h")
        await on(driver, HomeScreen)
        assert "✓ Mine" in driver.text() and "≠" not in driver.text()
