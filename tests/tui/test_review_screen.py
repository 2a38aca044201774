"""A round of review, and the progress screen, by keys."""

from __future__ import annotations

from textual.widgets import DataTable, OptionList, Static

from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.learner import Store
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.progress import ProgressScreen
from tutor.tui.screens.review import ReviewScreen, RoundBar, RoundOverScreen
from tutor.tui.widgets.text_panels import FeedbackPanel

BEGUN = ["a = x + y\nf = a z", "4", "8", "1"]


def said(driver: Driver) -> str:
    return "\n".join(one.text.plain for one in driver.app.screen.query_one(FeedbackPanel).said)


async def reviewing(driver: Driver) -> ReviewScreen:
    await driver.until(lambda: isinstance(driver.app.screen, ReviewScreen) and driver.app.focused, "a blank")
    screen = driver.app.screen
    assert isinstance(screen, ReviewScreen)
    return screen


async def test_a_round_is_worked_by_keys(open_app: Open) -> None:
    async with open_app() as driver:
        begin_here(driver)
        await driver.press("d")
        screen = await reviewing(driver)
        assert "begun" in said(driver)
        assert "Nothing is due. What comes next is practised ahead. Esc q ends the round." in " ".join(
            said(driver).split()
        )
        assert "blank 1, ahead" in driver.text().splitlines()[0]
        item, session = screen._asked.item, screen.session
        (step,) = session.steps
        blank = session.current_blank(step)
        assert blank is not None
        await driver.press(*"999", "enter")
        assert "Not yet" in said(driver)
        while not screen._over:
            await driver.press("f9", "f9")
        assert f"{item.target.name}: again soon, with other numbers." in said(driver)
        await driver.press("enter")
        await driver.until(lambda: driver.app.screen is not screen, "the next blank")
        following = await reviewing(driver)
        assert following._asked.item.skills[0] != item.skills[-1]
        assert f"{'✗' * len(item.asked)}◐" in str(following.query_one(RoundBar).render())


async def test_a_right_answer_says_when_it_is_back(open_app: Open) -> None:
    async with open_app(size=(120, 40)) as driver:
        begin_here(driver)
        await driver.press("d")
        screen = await reviewing(driver)
        session, target = screen.session, screen._asked.item.target
        (step,) = session.steps
        while (blank := session.current_blank(step)) is not None:
            await driver.press(*_keys(session.worked(step, blank)), "enter")
        assert f"{target.name}: back " in said(driver)
        assert "Enter goes on." in said(driver)


async def test_a_blank_is_put_off_and_a_round_left(open_app: Open) -> None:
    async with open_app() as driver:
        begin_here(driver)
        await driver.press("d")
        screen = await reviewing(driver)
        target = screen._asked.item.target
        await driver.press("f4")
        await driver.until(lambda: driver.app.screen is not screen, "the next blank")
        following = await reviewing(driver)
        assert following._asked.item.target != target
        await driver.press("escape", "q")
        await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")
        assert driver.app.store.last_opened() == "node-way/a"


async def test_with_nothing_done_there_is_nothing_to_review(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.press("d")
        await driver.until(lambda: isinstance(driver.app.screen, RoundOverScreen), "the card")
        assert "nothing to review yet" in str(driver.app.screen.query_one(Static).render())
        await driver.press("escape")
        assert isinstance(driver.app.screen, HomeScreen)


async def test_progress_shows_gates_and_practises_a_row(open_app: Open) -> None:
    async with open_app() as driver:
        begin_here(driver)
        await driver.press("p")
        await driver.until(lambda: isinstance(driver.app.screen, ProgressScreen), "progress")
        table = driver.app.screen.query_one(DataTable)
        await driver.until(lambda: table.row_count, "the table")
        gates = [str(table.get_row_at(number)[0]) for number in range(4)]
        assert gates == ["+", "×", "ideas", "staging"]
        assert [str(cell) for cell in table.get_row_at(1)][1] == "█░░"
        assert not driver.app.screen.query_one(OptionList).has_focus
        assert table.row_count == 5 and "new gates" in str(table.get_row_at(4)[0]), "what was not met is one line"
        await driver.press(*["down"] * 4)
        assert "Enter unfold" in driver.text()
        await driver.press("enter")
        assert table.row_count > 40 and str(table.get_row_at(5)[0]) == "a − b" and table.cursor_row == 4
        await driver.press("enter", *["up"] * 3)
        assert table.row_count == 5
        await driver.press("enter")
        screen = await reviewing(driver)
        assert screen._asked.item.target.gate == "mul"


async def test_a_mistake_is_practised_where_it_was_made(open_app: Open) -> None:
    async with open_app() as driver:
        begin_here(driver, wrong=True)
        await driver.press("p")
        await driver.until(lambda: isinstance(driver.app.screen, ProgressScreen), "progress")
        await driver.press("right")
        assert driver.app.screen.query_one(OptionList).has_focus
        assert "node-way/a" in str(driver.app.screen.query_one("#totals", Static).render())
        await driver.press("enter")
        screen = await reviewing(driver)
        assert screen._asked.item.target.key == "mul.local"


def begin_here(driver: Driver, wrong: bool = False) -> None:
    """The learner has worked on an exercise before."""
    from tutor.session.session import Session

    store: Store = driver.app.store
    session = Session(driver.app.library.exercises["node-way/a"], store, driver.app.runner)
    for answer in [*BEGUN, *(["a"] if wrong else [])]:
        step = session.current_step
        blank = session.current_blank(step)
        assert blank is not None
        session.answer(step, blank, answer)


def _keys(text: str) -> list[str]:
    names = {" ": "space", ".": "full_stop", "-": "minus", "/": "slash", "(": "left_parenthesis", ",": "comma"}
    names |= {")": "right_parenthesis", "\n": "enter", "=": "equals_sign", "*": "asterisk", "^": "circumflex_accent"}
    return [names.get(character, character) for character in text]
