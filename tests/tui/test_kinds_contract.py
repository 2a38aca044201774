"""Every kind of question in the registry opens in the app at 80 x 24, and takes a right answer, on its sample."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.questions.samples import sample_path
from tests.tui.conftest import Open
from tests.tui.test_kinds_worked import give
from tutor.questions import InputKind
from tutor.questions.registry import KINDS
from tutor.tui.screens.exercise import ExerciseScreen


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_it_opens_and_takes_a_right_answer(open_app: Open, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "samples"
    folder.mkdir()
    shutil.copy(sample_path(kind), folder)
    async with open_app(kind, (80, 24), folders=(folder,)) as driver:
        screen = driver.app.screen
        assert isinstance(screen, ExerciseScreen)
        blank, session = screen._blank, screen.session
        assert blank is not None
        if blank.wants in (
            InputKind.VALUE,
            InputKind.CHOICE,
        ):  # editors need no label: their step is the one that is marked
            assert blank.label[:20] in driver.text() or blank.prompt[:20] in driver.text(), driver.text()
        right = session.worked(session.current_step, blank)
        for line in right.splitlines() if blank.wants is InputKind.EQUATIONS else [right]:
            await give(driver, screen, line)
        await driver.until(lambda: session.accepted(blank), f"a right answer to {blank.label}")
        assert session.tries(blank) == 0
