"""What is said belongs to the blank at hand, a switch says what it did, and every line can be reached by its key."""

from __future__ import annotations

import pytest
from textual.widgets import TextArea

from tests.faces.by_hand import WORKED
from tests.tui.conftest import Open
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.graph_view import GraphView

A = WORKED["node-way/a"][0]
STAGED, FORWARD = 2, 4
"""Answers to node-way/a up to the end of its first steps."""


async def test_fewer_blanks_say_so_and_keep_the_place_and_what_was_found(open_app: Open) -> None:
    async with open_app("node-way/a", (80, 24), begun=A[: FORWARD + 3]) as driver:
        screen = driver.app.screen
        assert isinstance(screen, ExerciseScreen)
        session, step = screen.session, screen.session.current_step
        await driver.press("9", "enter")
        assert "Not yet" in driver.said()
        await driver.press("f8")
        assert "Not yet" not in driver.said() and "Fewer blanks" in driver.said() and "F8" in driver.said()
        found = session.state(step).done
        assert found > 1, "the gradients that were found stay found"
        await driver.press("f8")
        assert "All blanks" in driver.said()
        await driver.press("f8")
        assert session.state(step).done == found


async def test_a_whole_gradient_given_at_a_piece_closes_the_pieces(open_app: Open) -> None:
    async with open_app("node-way/a", (80, 24), begun=A[:FORWARD]) as driver:
        screen = driver.app.screen
        assert isinstance(screen, ExerciseScreen)
        await driver.press("f8", "1", "enter", "2", "enter", "8", "enter")
        assert "asked in pieces" in driver.said() and "local" in driver.text()
        await driver.press("2", "enter")
        assert "so its pieces are closed" in driver.said() and "local ∂" not in driver.text()
        assert not [key for key in screen.session.answers if key.startswith("local")]


async def test_what_was_said_of_another_blank_goes_when_this_one_is_typed(open_app: Open) -> None:
    async with open_app("node-way/a", (80, 24), begun=A[:STAGED]) as driver:
        await driver.press("4", "enter")
        assert "Right. p = 4." in driver.text()
        await driver.press("9")
        assert "Right." not in driver.text()
        await driver.press("f7", "f7")
        assert "Right." not in driver.text() and driver.app.focused is not None and driver.app.focused.id == "answer"


async def test_page_down_reaches_what_is_said_beside_an_editor(open_app: Open) -> None:
    for id, begun in (("node-way/c", []), ("node-way/a", A)):
        async with open_app(id, (80, 24), begun=begun) as driver:
            await driver.press("ctrl+t")
            assert "Page Down: more" in driver.text()
            editor = driver.app.screen.focused
            assert isinstance(editor, TextArea)
            at = editor.cursor_location
            while "Page Up: more" not in driver.text():
                await driver.press("pagedown")
                assert editor.cursor_location == at
            assert "goes back to what was said" in driver.text()


async def test_an_answer_begun_in_the_graph_goes_to_its_field(open_app: Open) -> None:
    async with open_app("node-way/a", (80, 24), begun=A[:STAGED]) as driver:
        await driver.press("f7")
        footer = driver.text().splitlines()[-1]
        assert "F7 back" in footer and "↑↓ blank" not in footer
        await driver.press("4", "enter")
        assert "Right. p = 4." in driver.text()


async def test_the_card_begins_with_the_remark_and_what_was_done_most_often(open_app: Open) -> None:
    async with open_app("node-way/a", (100, 40), begun=A[:FORWARD]) as driver:
        screen = driver.app.screen
        assert isinstance(screen, ExerciseScreen)
        session, step = screen.session, screen.session.current_step
        blanks = {blank.label: blank for blank in session.blanks(step)}
        for label, text in (
            ("local ∂f/∂p =", "8"),  # the value of f
            ("downstream ∂f/∂p =", "-2"),
            ("downstream ∂f/∂z =", "-4"),
            ("downstream ∂f/∂z =", "77"),
            ("downstream ∂f/∂z =", "-4"),
        ):
            session.answer(step, blanks[label], text)
        assert [(met.label, met.times) for met in session.slips_met][1:] == [
            ("downstream ∂f/∂p", 1),
            ("downstream ∂f/∂z", 2),
        ]
        for each in session.steps:
            session.skip(each)
        screen._show_solved()
        await driver.shows("Mistakes on the way")
        text = " ".join(driver.text().translate({ord(sign): " " for sign in "│┃║"}).split())
        remark = session.exercise.file.remark
        at = [
            text.index(words)
            for words in (
                remark[:20],
                "Mistakes on the way",
                "· downstream ∂f/∂z",
                "(2 times)",
                "· downstream ∂f/∂p",
                "· local",
            )
        ]
        assert at == sorted(at)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_graph_is_drawn_in_one_style_from_its_first_equation_on(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app("layers/complex", size) as driver:
        styles = []
        for equation in WORKED["layers/complex"][0][:9]:
            await driver.enter(equation)
            styles.append(driver.app.screen.query_one(GraphView).style_now)
        assert set(styles) == {"compact" if size[0] == 80 else "boxes"}


async def test_the_tenth_line_does_not_shift_the_code(open_app: Open) -> None:
    async with open_app("node-way/a", (80, 24), begun=A) as driver:
        editor = driver.app.screen.query_one(CodeEditor)
        wide = editor.gutter_width
        await driver.press("enter", "enter", "enter")
        assert editor.document.line_count > 10 and editor.gutter_width == wide
        text = driver.text().replace("\u00a0", " ")
        assert "return its value as out, then" in " ".join(text.split()) and "Your equations: p = x + y" in text
