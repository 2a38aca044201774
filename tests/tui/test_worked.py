"""Exercises worked from staging to code with the keyboard, at both sizes; the answers are found by hand."""

from __future__ import annotations

import pytest

from tests.faces.by_hand import WORKED
from tests.tui.conftest import Open
from tutor.questions.question import Paragraph
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.solved import SolvedScreen
from tutor.tui.screens.worked import dressed


def body_of(code: list[str]) -> list[str]:
    """The lines of a function's body as one types them where the editor indents; a body alone is as it is."""
    heads = [number for number, line in enumerate(code) if line.startswith("def ")]
    return [line.strip() for line in code[heads[-1] + 1 if heads else 0 :] if line.strip()]


SMALL, LARGE = (80, 24), (120, 40)
SIZES = [("node-way/c", SMALL), ("vectors/squared-norm", LARGE)]
"""The other two are worked in a terminal: tests/terminal."""


@pytest.mark.parametrize(("id", "size"), SIZES, ids=[id for id, _ in SIZES])
async def test_an_exercise_is_worked_from_staging_to_code(open_app: Open, id: str, size: tuple[int, int]) -> None:
    answers, code = WORKED[id]
    async with open_app(id, size) as driver:
        screen = driver.app.screen
        assert isinstance(screen, ExerciseScreen)
        session = screen.session
        for answer in answers:
            await driver.enter(answer)
            assert "Not " not in driver.said(), (answer, driver.said())
        assert session.current_step.key == "code", driver.text()
        for line in body_of(code):
            await driver.enter(line)
        await driver.press("f5")
        await driver.until(lambda: isinstance(driver.app.screen, SolvedScreen), "the end")
        assert session.solved


def test_headings_are_seen_as_such_and_nothing_else() -> None:
    page = [
        Paragraph("Staging", ("  a = x",)),
        Paragraph("", ("(x)-->(+)",)),
        Paragraph("", ("A sentence, or a line that looks like a heading",)),
        Paragraph("Forward", ("to a: 1",)),
    ]
    content = dressed(page, 74)
    assert {content.plain[span.start : span.end] for span in content.spans} == {"Staging", "Forward"}
    assert content.plain == "\n\n".join(map(str, page))
    long = dressed([Paragraph("", ("  so it goes on " * 3, "  x   y    " * 4))], 30)
    assert long.plain.split("\n")[0].startswith("  so") and all(line[:2] == "  " for line in long.plain.split("\n"))
    assert "  x   y    " * 4 in long.plain, "columns stay beside each other"
