"""The exercise screen, key by key."""

from __future__ import annotations

import shlex
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.begun import begin
from tests.faces.by_hand import PRODUCT_PROGRAM, WORKED
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.help import HelpScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.worked import WorkedScreen
from tutor.tui.widgets.blank_list import BlankList
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.work_pane import AnswerField


def screen_of(driver: Driver) -> ExerciseScreen:
    assert isinstance(driver.app.screen, ExerciseScreen)
    return driver.app.screen


def field(driver: Driver) -> str:
    return driver.app.screen.query_one(AnswerField).value


async def answer(driver: Driver, *texts: str) -> None:
    for text in texts:
        await driver.enter(text)


async def test_the_graph_grows_while_equations_are_typed(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        assert "+" not in driver.text().split("Tutor")[0].split("One operation")[0].split("Graph")[1]
        await driver.press(*"p=x", "plus", "y")
        drawn = driver.text().split("One operation")[0].split("Graph")[1]
        assert "+" in drawn
        assert "p" in drawn


async def test_a_refused_line_stays_and_says_why(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await driver.enter("f = (x + y) z")
        assert "two operations" in driver.said()
        assert driver.app.screen.query_one(EquationsEditor).text == "f = (x + y) z"


async def test_a_wrong_answer_is_kept_selected_and_explained(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await answer(driver, "p = x + y", "f = p z", "5")
        assert "Not yet" in driver.said()
        assert field(driver) == "5"
        await driver.press("plus", "1")
        assert field(driver) == "5+1", "an operator goes on with what stands there"
        await driver.press("enter", "minus")
        assert field(driver) == "-", "anything else takes its place"
        await driver.press("backspace")
        await answer(driver, "4")
        assert "Right" in driver.said()
        assert field(driver) == ""


async def test_what_cannot_be_read_has_a_caret_and_no_charge(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await answer(driver, "p = x + y", "f = p z", "(4")
        assert "Not counted" in driver.said()
        assert "^" in driver.said()
        assert screen_of(driver).session.total_tries == 0


async def test_markup_is_shown_as_it_is_typed(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await answer(driver, "p = x + y", "f = p z", "[/b] [red]4")
        assert "[/b] [red]4" in driver.text()


async def test_hints_come_rung_by_rung_and_stay(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await answer(driver, "p = x + y", "f = p z")
        await driver.press("f2")
        assert "Hint 1" in driver.said()
        await driver.press("f2")
        assert "Try something with this hint first" in driver.said() and "Hint 2" not in driver.said()
        await answer(driver, "3")
        await driver.press("f2")
        await answer(driver, "5")
        await driver.press("f2")
        assert "Hint 3 p = x + y = 4" in driver.said()
        await driver.press("f2")
        assert "all the hints" in driver.said()
        await driver.press("down", "up")
        assert "Hint 3" in driver.said()


async def test_each_step_says_how_its_answers_are_given_until_there_is_more_to_say(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        assert "The smallest graph" in driver.said() and "Type one equation and press Enter" in driver.said()
        await driver.press("f2")
        assert "The smallest graph" in driver.said() and "press Enter" not in driver.said()
        await answer(driver, "p = x + y", "f = p z")
        assert "Forward comes next" in driver.said() and "Type the answer and press Enter" in driver.said()
        await answer(driver, "4")
        assert "press Enter" not in driver.said()


async def test_the_graph_says_where_its_numbers_stand_as_soon_as_there_are_gradients(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        graph = driver.app.screen.query_one(GraphView)
        await answer(driver, "p = x + y", "f = p z", "4")
        assert graph.border_title == "Graph"
        await answer(driver, "8")
        assert graph.border_title == "Graph   value above the wire, gradient below"
        await driver.press("f7", "z", "z", "z", "z", "f7")
        assert graph.border_title == "Graph   value, then gradient"


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_the_keys_of_the_graph_are_not_cut(open_app: Open, width: int) -> None:
    async with open_app("node-way/a", (width, 40)) as driver:
        await driver.press("f7")
        assert "Enter: its blank" in driver.text()


async def test_an_answer_is_shown_when_asked_twice(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await answer(driver, "p = x + y", "f = p z")
        await driver.press("f9")
        assert "again" in driver.said()
        await driver.press("down", "f9")
        assert "again" in driver.said()
        await driver.press("f9")
        assert "(shown)" in driver.text()
        assert screen_of(driver).session.answers["value:f"].shown


async def test_what_followed_from_a_mistake_is_put_right_by_one_key(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await answer(driver, "p = x + y", "f = p z", "5")
        await driver.press("escape", "u")
        assert "u does nothing here" in driver.text()
        await driver.press("escape", "down")
        await answer(driver, "10")
        assert "given your value of p" in driver.said()
        await answer(driver, "4")
        assert "One answer followed from the number you corrected" in driver.said()
        assert "Esc u" in driver.said()
        await driver.press("escape", "u")
        assert "Put right: f = 8" in driver.said()
        given = screen_of(driver).session.answers["value:f"]
        assert (given.text, given.shown, given.verdict.accepted) == ("8", False, True)


async def test_quick_asks_for_gradients_only_and_a_wrong_one_opens_up(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await answer(driver, "p = x + y", "f = p z", "4", "8")
        await driver.press("f8")
        session = screen_of(driver).session
        keys = [blank.key for blank in session.blanks(session.current_step)]
        assert keys == ["total:f", "total:p", "total:x", "total:y", "total:z"]
        await answer(driver, "1", "4")
        assert "in pieces now" in driver.said()
        await answer(driver, "z")
        await answer(driver, "2", "2")
        assert session.answers["total:p"].verdict.accepted


async def test_the_key_of_quick_says_where_it_goes(open_app: Open) -> None:
    begin("node-way/a", ["p = x + y", "f = p z", "4", "8"])
    async with open_app("node-way/a", size=(120, 40)) as driver:
        assert "F8 fewer" in driver.text() and "all blanks" not in driver.text()
        await driver.press("f8")
        assert "F8 all blanks" in driver.text() and "F8 fewer" not in driver.text()
        await driver.press("f8")
        assert not screen_of(driver).session.quick and "F8 fewer" in driver.text()


async def test_equations_of_which_one_line_was_wrong_were_not_checked_as_a_whole(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await driver.enter("x = x + y")
        assert "x is an input" in driver.said()
        await driver.press("ctrl+a", "delete")
        await driver.enter("p = x + y")
        await driver.press("escape", "q")
        await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")
        await driver.press("n")
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen) and driver.app.focused, "the exercise")
        assert "Not checked yet. F8 checks them." in driver.said()


async def test_f8_means_nothing_elsewhere(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await driver.press("f8")
        assert not screen_of(driver).session.quick
        assert "fewer" not in driver.text()


async def test_steps_are_visited_and_closed_ones_say_so(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await driver.press("f4")
        assert "opens when" in driver.said()
        await answer(driver, "p = x + y", "f = p z")
        await driver.press("f3")
        assert driver.app.screen.query_one(EquationsEditor).text == "p = x + y\nf = p z"
        await driver.press("f4")
        assert "What is the value of p?" in driver.text()
        await driver.press("f4")
        assert "Forward is not done yet; Esc Left goes back to it." in " ".join(driver.said().split())


async def test_changing_one_s_mind_about_the_staging(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await answer(driver, "p = x + y", "f = p z", "4")
        await driver.press("f3", "end", "backspace", "x", "f5")
        assert "Not yet" in driver.said()
        session = screen_of(driver).session
        assert session.answers["value:p"].text == "4"


async def test_the_graph_leads_to_blanks(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await answer(driver, "p = x + y", "f = p z")
        await driver.press("f7")
        assert isinstance(driver.app.focused, GraphView)
        assert "Enter its blank" in driver.text()
        await driver.press("right", "enter")
        assert "What is the value of f?" in driver.text()
        assert isinstance(driver.app.focused, AnswerField)


async def test_a_click_chooses_a_blank(open_app: Open) -> None:
    async with open_app("node-way/a", (120, 40)) as driver:
        await answer(driver, "p = x + y", "f = p z")
        await driver.click(BlankList, offset=(5, 2))
        assert "What is the value of f?" in driver.text()


async def test_drafts_survive_leaving(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await answer(driver, "p = x + y", "f = p z")
        await driver.press(*"12345")
        await driver.press("escape", "q")
        await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, ExerciseScreen) and driver.app.focused, "the exercise")
        assert field(driver) == "12345"


async def test_help_covers_and_goes(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await driver.press("escape", "question_mark")
        assert isinstance(driver.app.screen, HelpScreen)
        assert "Keys" in driver.text()
        await driver.press("escape")
        assert isinstance(driver.app.screen, ExerciseScreen)


async def test_the_code_editor_indents_and_is_left_by_f7(open_app: Open) -> None:
    answers, _ = WORKED["node-way/a"]
    async with open_app("node-way/a", begun=answers) as driver:
        editor = driver.app.screen.query_one(CodeEditor)
        assert editor.has_focus
        await driver.enter("if x is None:")
        await driver.enter("x = 1")
        assert "    if x is None:\n        x = 1\n        \n" in editor.text
        await driver.press("f7")
        assert isinstance(driver.app.focused, GraphView)
        await driver.press("f7")
        assert editor.has_focus


async def test_escape_and_q_leave_the_code_editor(open_app: Open) -> None:
    answers, _ = WORKED["node-way/a"]
    async with open_app("node-way/a", begun=answers) as driver:
        assert isinstance(driver.app.focused, CodeEditor)
        await driver.press("escape", "q")
        await driver.until(lambda: isinstance(driver.app.screen, HomeScreen), "home")


def _editor(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """Set EDITOR to a program that does this with the file `path`."""
    program = folder / "editor.py"
    program.write_text(f"import sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n{does}\n")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{shlex.quote(sys.executable)} {shlex.quote(str(program))}")


async def test_code_goes_to_the_learner_s_editor_and_back(
    open_app: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _editor(tmp_path, monkeypatch, "path.write_text(path.read_text().replace('return', '# from outside\\n    return'))")
    answers, _ = WORKED["node-way/a"]
    async with open_app("node-way/a", begun=answers) as driver:
        monkeypatch.setattr(driver.app, "suspend", nullcontext)
        await driver.press("f10")
        await driver.until(lambda: "Taken back" in driver.said(), "what the editor left")
        editor = driver.app.screen.query_one(CodeEditor)
        assert "    # from outside\n    return" in editor.text and editor.has_focus
        await driver.press("escape", "q", "enter")
        await driver.until(lambda: "from outside" in driver.app.screen.query_one(CodeEditor).text, "the draft")


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("sys.exit(3)", "ended with an error"),
        ("path.unlink()", "left no file behind"),
        ("path.write_bytes(bytes([255, 254]))", "it is not UTF-8 text"),
    ],
)
async def test_an_editor_that_fails_loses_nothing(
    open_app: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, said: str
) -> None:
    _editor(tmp_path, monkeypatch, does)
    answers, _ = WORKED["node-way/a"]
    async with open_app("node-way/a", begun=answers) as driver:
        monkeypatch.setattr(driver.app, "suspend", nullcontext)
        await driver.enter("t = x")
        before = driver.app.screen.query_one(CodeEditor).text
        await driver.press("f10")
        assert said in driver.said()
        assert driver.app.screen.query_one(CodeEditor).text == before
        monkeypatch.setenv("EDITOR", "")
        await driver.press("f10")
        assert "Set EDITOR" in driver.said()
        monkeypatch.setenv("EDITOR", "no-such-program-here")
        await driver.press("f10")
        assert "could not be opened" in driver.said()


async def test_a_program_brought_along(open_app: Open) -> None:
    answers, _ = WORKED["node-way/a"]
    async with open_app("node-way/a", code=PRODUCT_PROGRAM) as driver:
        assert "opens when the steps before it are done" in driver.said()
        await answer(driver, *answers)
        await driver.press("enter")  # past the finished graph
        assert driver.app.screen.query_one(CodeEditor).text == PRODUCT_PROGRAM
    async with open_app("node-way/a", code=f"# again\n{PRODUCT_PROGRAM}") as driver:
        assert "F8 runs it" in driver.said()
        await driver.press("f5")
        await driver.until(lambda: "Solved" in driver.text(), "the end")


async def test_a_failing_run_is_reported_and_not_a_hang(open_app: Open) -> None:
    answers, _ = WORKED["node-way/a"]
    async with open_app("node-way/a", begun=answers) as driver:
        await driver.enter("raise ValueError('[bold]no')")
        await driver.press("f5")
        await driver.until(lambda: "ValueError" in driver.said(), "the verdict")
        assert "[bold]no" in driver.said()


async def test_resizing_keeps_text_and_place(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await answer(driver, "p = x + y", "f = p z", "4")
        await driver.press(*"12")
        await driver.resize(120, 40)
        assert field(driver) == "12"
        assert "What is the value of f?" in driver.text()
        await driver.resize(60, 20)
        assert field(driver) == "12"


async def test_the_worked_solution_is_for_the_learner_s_own_equations(open_app: Open) -> None:
    async with open_app("node-way/a", (100, 60)) as driver:
        await answer(driver, "total = x + y", "f = total z")
        await driver.press("f6")
        assert "Press F6 again" in driver.said()
        assert not screen_of(driver).session.finished
        await driver.press("f6")
        assert isinstance(driver.app.screen, WorkedScreen)
        assert "total = x + y = 4" in driver.text()
        await driver.press("escape")
        session = screen_of(driver).session
        assert session.finished
        assert not session.solved


async def test_the_gate_card_begins_with_the_gate_at_hand_and_keeps_notes(open_app: Open) -> None:
    async with open_app("node-way/a", (100, 40)) as driver:
        await answer(driver, "p = x + y", "f = p z", "4")
        await driver.press("ctrl+g")
        assert "multiply gate swaps" in driver.text()
        await driver.press("tab", *"mine", "escape")
        assert isinstance(driver.app.screen, ExerciseScreen)
        await driver.press("ctrl+g")
        assert "mine" in driver.text()
        await driver.press("up")
        assert "mine" not in driver.text()


async def test_a_last_line_of_another_shape_is_not_taken_for_the_function(open_app: Open) -> None:
    async with open_app("vectors/squared-norm") as driver:
        await answer(driver, "q = W @ x", "f = q^2")
        assert "(2, 1)" in driver.said()
        assert driver.app.screen.query_one(EquationsEditor).text == "q = W @ x\nf = q^2"


@pytest.mark.parametrize("wrong", ["f = a + z", "b = a*z + 1"])
async def test_the_card_at_the_end_claims_what_the_journal_bears_out(open_app: Open, wrong: str) -> None:
    async with open_app("staging/f") as driver:
        await answer(driver, "a = x + y", wrong)
        assert "✗ Not yet" in driver.said()
        session = screen_of(driver).session
        assert session.total_tries == 1
        assert [entry.verdict for entry in session.journal() if entry.action == "answer"] == ["wrong"]
        await driver.press(*["backspace"] * len(wrong))
        await answer(driver, "f = a z")
        await driver.until(lambda: "1 wrong try on the way" in driver.text(), "the card")
        assert "right first time" not in driver.text()


async def test_the_card_at_the_end_says_at_which_blank_a_mistake_was_made(open_app: Open) -> None:
    async with open_app("node-way/a", (100, 40)) as driver:
        await answer(driver, "p = x + y", "f = p z", "4", "8", "1", "8")
        session = screen_of(driver).session
        assert [(met.label, met.said.startswith("8 is the forward value of f")) for met in session.slips_met] == [
            ("local ∂f/∂p", True)
        ]
        for step in session.steps:
            session.skip(step)
        driver.app.screen._show_solved()
        await driver.until(lambda: "· local ∂f/∂p: 8 is the forward value" in driver.text(), "the card")
        assert "1 wrong try on the way" in driver.text() and "first time" not in driver.text()


async def test_the_card_at_the_end_does_not_call_right_what_was_shown(open_app: Open) -> None:
    async with open_app("node-way/a", (100, 40)) as driver:
        session = screen_of(driver).session
        for step in session.steps:
            session.skip(step)
        driver.app.screen._show_solved()
        await driver.until(lambda: "No wrong answers, no hints" in driver.text(), "the card")
        assert "first time" not in driver.text()
