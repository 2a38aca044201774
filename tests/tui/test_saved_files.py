"""An author saves a file while the app is open: home and the open exercise show it as it is now, or say its fault."""

from __future__ import annotations

from pathlib import Path

from tests.tui.conftest import Open
from tutor.tui.screens.exercise import ExerciseScreen

TEXT = 'title = "{}"\nfunction = "f(x, y) = {}"\nat = {{ x = 3, y = 5 }}\n'


async def test_a_saved_file_is_shown_as_it_is_now(open_app: Open, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    file = folder / "a.toml"
    file.write_text(TEXT.format("First words", "x y"), encoding="utf-8")
    async with open_app("a", folders=(folder,)) as driver:
        app = driver.app
        await driver.until(lambda: app.loading.saved_files is not None, "what is loaded ahead")
        saved = app.loading.saved_files
        assert saved is not None
        await driver.enter("f = x y")
        file.write_text(TEXT.format("Other words", "x y"), encoding="utf-8")
        saved.look()
        await driver.shows("Other words")
        assert isinstance(app.screen, ExerciseScreen)
        assert app.screen.session.answers, "what was answered is kept"
        file.write_text(TEXT.format("Broken", "x +"), encoding="utf-8")
        saved.look()
        await driver.shows("Saved with a fault")
        assert isinstance(app.screen, ExerciseScreen), "the exercise that is open stays"
        await driver.shows("a.toml, line 2")
        file.write_text(TEXT.format("Mended", "x + y"), encoding="utf-8")
        saved.look()
        await driver.shows("Mended")
