"""Papers in the app: a clock, nothing said of any answer, and then the marks."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.events import Paste
from textual.widgets import Input

from tests.sampling import one_in
from tests.shipped import LIBRARY
from tests.tui.driver import Driver
from tutor.learner import Store
from tutor.papers.paper import Paper, PaperExercise
from tutor.papers.sitting import record_of, sittings
from tutor.paths import shipped_folder
from tutor.session.exercise_view import paragraphs
from tutor.tui.app import TutorApp
from tutor.tui.screens.begin_paper import BeginPaperScreen
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.paper import PaperScreen
from tutor.tui.screens.paper_result import PaperResultScreen
from tutor.tui.screens.papers import PapersScreen

PAPER = Paper("quiz", "A quiz", 10, (PaperExercise("shapes/add"), PaperExercise("node-way/a")), "Pen and paper.")
pytestmark = pytest.mark.usefixtures("drawn_at_rest")
VERDICTS = ("Right.", "Not yet", "Not counted", "Hint", "correct", "✓", "✗")


@asynccontextmanager
async def at_paper(size: tuple[int, int] = (80, 24), paper: Paper = PAPER) -> AsyncIterator[Driver]:
    app = TutorApp([shipped_folder()], greet=False, paper=paper)
    async with app.run_test(size=size, notifications=True) as pilot:
        driver = Driver(app, pilot)
        await begins(driver)
        yield driver


async def begins(driver: Driver) -> None:
    """Begin the paper that the page asks about."""
    await driver.until(lambda: isinstance(driver.app.screen, BeginPaperScreen), "the page before a paper")
    await driver.press("enter")
    await driver.until(lambda: isinstance(driver.app.screen, PaperScreen) and driver.app.focused, "the paper")


def paper_in(driver: Driver) -> PaperScreen:
    assert isinstance(driver.app.screen, PaperScreen)
    return driver.app.screen


@pytest.mark.parametrize("size", one_in(2, [(80, 24), (120, 40)]), ids=str)
async def test_a_paper_is_sat_handed_in_and_marked(size: tuple[int, int]) -> None:
    async with at_paper(size) as driver:
        assert "A quiz" in driver.text() and "left of 10:00" in driver.text() and "Pen and paper." in driver.text()
        for answer in ("(2, 2)", "error", "nonsense ((", "(1, 1)"):
            await driver.enter(answer)
        await driver.press("f2", "f9", "f6", "f5", "ctrl+l")  # hints and answers do not exist here
        assert "does nothing on a paper" in driver.text()
        assert not [word for word in VERDICTS if word in driver.text()], driver.text()
        await driver.press("escape", "2")
        assert "12 of 17 marks" in driver.text()
        for line in ("p = x + y", "f = p z", ""):
            await driver.enter(line)
        assert paper_in(driver).sitting.here == (2, "value:p")
        await driver.enter("5")
        assert not [word for word in VERDICTS if word in driver.text()], driver.text()
        await driver.press("escape", "x")
        await driver.shows("Enter  hand in")
        assert "2 of 2 questions are answered in part: 1 and 2." in driver.text()
        assert "not answered" not in driver.text()
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, PaperResultScreen), "the result")
        await driver.shows("handed in after")
        assert " of 17 " in driver.text() and "yours" in driver.text(), driver.text()
        await driver.shows("in review: d drills ")  # once no notice lies above it
        await driver.press("w")
        await driver.shows("Worked solution")
        await driver.press("escape", "escape")
        await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")
        (record,) = sittings(driver.app.store)
        assert record.marks is not None and not record.timed_out
        assert any(exercise.startswith("shapes/add~") for exercise, _ in driver.app.store.journal())


async def test_every_key_is_kept_as_it_is_typed() -> None:
    async with at_paper() as driver:
        for typed, key in (("(", "left_parenthesis"), ("(2", "2"), ("(2,", "comma")):
            await driver.press(key)
            with Store() as other:
                (record,) = sittings(other)
                page = other.page(f"/paper/{record.key}")
            assert next(text for name, text in page.items() if name.startswith("answer:1:")).startswith(f'["{typed}"')


async def test_no_paste_goes_past_the_last_blank() -> None:
    async with at_paper(paper=Paper("quiz", "A quiz", 10, (PaperExercise("shapes/add"),))) as driver:
        sitting = paper_in(driver).sitting
        driver.app.post_message(Paste("\n".join(map(str, range(1, 9)))))
        notes = driver.app._notifications
        await driver.until(lambda: any("6 7 8" in note.message for note in notes), "what is left out")
        assert [sitting.text(1, one.blank.key) for one in sitting.blanks(1)] == ["1", "2", "3", "4", "5"]


async def test_it_is_left_and_gone_on_with_as_it_was() -> None:
    async with at_paper() as driver:
        await driver.enter("(2, 3)")
        await driver.press("f8", "4")
        paper_in(driver).sitting.tick(100)
        await driver.press("escape", "q")
        await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")
        await driver.press("x")
        await driver.until(lambda: isinstance(driver.app.screen, PapersScreen), "the papers")
        # 100 s are gone, and as long as the machine has taken since.
        assert re.search(r"A quiz.* [5-8]:\d\d", driver.text())
        await driver.press("escape")
        await driver.until(lambda: re.search(r"1  Go on    A quiz  [5-8]:\d\d", driver.text()), "the row of the paper")
        await driver.press("n")
        await driver.shows("go on: the clock runs again")
        assert "left of 10:00" in driver.text()
        await driver.press("escape")
        assert isinstance(driver.app.screen, HomeScreen)
    async with at_paper() as driver:
        sitting = paper_in(driver).sitting
        assert driver.app.screen.query_one(Input).value == "4"
        assert sitting.flags == {1} and sitting.left < 501
        assert "1!" in driver.text()


async def test_when_time_is_up_what_is_there_is_handed_in() -> None:
    async with at_paper() as driver:
        await driver.press("4", "2")
        paper_in(driver).sitting.tick(600)
        await driver.until(lambda: isinstance(driver.app.screen, PaperResultScreen), "the result")
        await driver.shows("time was up")
        record = record_of(driver.app.store, sittings(driver.app.store)[0].key)
        assert record is not None and record.timed_out and record.seconds == 600
        assert record.marks is not None and next(record.marks.blanks()).answer == "42"


async def test_the_clock_can_be_hidden_and_stays_so() -> None:
    async with at_paper() as driver:
        await driver.press("escape", "k")
        assert "left of" not in driver.text() and paper_in(driver).sitting.left < 600
        await driver.press("escape", "k")
        assert "left of" in driver.text()


async def test_papers_are_listed_from_home_and_one_is_opened() -> None:
    app = TutorApp([shipped_folder()], greet=False)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        driver = Driver(app, pilot)
        await driver.ready(None)
        await driver.press("x")
        await driver.until(lambda: isinstance(app.screen, PapersScreen), "the papers")
        assert "Paper one: the foundations" in driver.text() and "Drawn from your exercises" in driver.text()
        await driver.press("down", "down", "down", "down", "enter")
        await driver.shows(" questions, ")
        assert "20 minutes" in driver.text() and "begin: the clock starts" in driver.text()
        assert "being prepared" not in driver.text() and not sittings(app.store), "nothing is begun before it is agreed"
        await driver.press("escape")
        assert isinstance(app.screen, PapersScreen)
        await driver.press("enter")
        await begins(driver)
        await driver.shows("left of 20:00")


async def test_once_more_is_the_same_paper_on_new_numbers() -> None:
    async with at_paper() as driver:
        paper_in(driver).sitting.tick(600)
        await driver.until(lambda: isinstance(driver.app.screen, PaperResultScreen), "the result")
        await driver.press("ctrl+o")
        await begins(driver)
        assert paper_in(driver).sitting.paper.id == "quiz@1" and "A quiz (seed 1)" in driver.text()
        assert len(sittings(driver.app.store)) == 2


async def test_a_paper_among_the_exercises_says_how_it_is_sat_and_how_it_went() -> None:
    app = TutorApp([shipped_folder()], "exam/one", greet=False)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        driver = Driver(app, pilot)
        await driver.ready("exam/one")
        assert "Esc x: sit it as an exam, with a clock." in driver.text()
        assert "1 Gates" in driver.text() and " 5a  5b  5c  6  7  8  9" in driver.text(), "nine questions"
        assert "↑↓ option" in driver.text()
        await driver.press("escape", "x")
        await driver.until(lambda: isinstance(app.screen, BeginPaperScreen), "the question")
        await driver.press("escape")
        assert isinstance(app.screen, ExerciseScreen), "who goes back is where they were"
        await driver.press("escape", "x")
        await begins(driver)
        assert "Enter takes it, goes on)" in driver.text() and "↑↓ option" in driver.text()
        await driver.press("down", "down")
        assert not paper_in(driver).sitting.text(1, "1"), "arrows go to an option"
        await driver.press("enter")
        sitting = paper_in(driver).sitting
        assert sitting.here[0] == 1 and sitting.text(1, "1") == "b", "Enter takes it, and goes on"
        await driver.press("f4", "f4")
        for statement in ("y = ln(5·x² + 1)", "y = u³ − 4·u,  u = 2 − 3·x", "y = x·e^(−2·x)"):
            assert driver.text().splitlines()[3].strip() == statement
            assert "dy/dx (1)" in driver.text() and "dy/dx (2)" in driver.text()
            await driver.enter("7x")
        await driver.press("escape", "x", "enter")
        await driver.until(lambda: isinstance(app.screen, PaperResultScreen), "the result")
        await driver.press("down", "down")
        await driver.shows("dy/dx (2)")
        await driver.press("w")
        await driver.shows("y = ln(5·x² + 1)")
        await driver.press("escape", "escape")
        await driver.until(lambda: isinstance(app.screen, HomeScreen), "home")
        await driver.press("down")  # from today to the exercises, where the cursor is on what was left
        await driver.shows("as an exam 1 of 32, ")
        assert "x: sit it as an exam" in driver.text()
        await driver.press("colon", *"sit")
        await driver.shows("Sit an exam paper")


def test_the_worked_solution_says_the_function_of_each_blank() -> None:
    told = [str(one) for one in paragraphs(LIBRARY.exercises["exam/one"], only=2)]
    text = "\n".join(told)
    for statement in ("y = ln(5·x² + 1)", "y = u³ − 4·u,  u = 2 − 3·x", "y = x·e^(−2·x)"):
        assert text.count(statement) == 1
        text = text[text.index(statement) :]
        assert "dy/dx" in text
    assert "f(x, y) = " in list(map(str, paragraphs(LIBRARY.exercises["exam/one"], only=8)))[1]
