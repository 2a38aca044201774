"""Exercise files that an author saves while the app is open: they are read again, and shown as they are now.

Only folders that somebody named are looked at; what ships, and what learners made in the app, does not change.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from textual.worker import get_current_worker

from tutor.authoring.watching import stamps_of
from tutor.library import BadFile, BrokenExercise, load
from tutor.paths import home, own_folder, shipped_folder
from tutor.questions.registry import questions_of
from tutor.tui.screens.exercise import ExerciseScreen

if TYPE_CHECKING:
    from tutor.library import Library
    from tutor.tui.app import TutorApp

SECONDS = 1.0
"""Between two looks."""


class SavedFiles:
    """Looks whether files were saved, and has the app take them in."""

    def __init__(self, app: TutorApp, folders: list[Path], cache: str) -> None:
        """`cache` is the name of the file in which the app keeps what exercise files came to."""
        self._app = app
        self._folders = folders
        self._cache = cache
        self._watched = [folder for folder in folders if folder not in (shipped_folder(), own_folder())]
        self._stamps = stamps_of(self._watched)

    def watch(self) -> None:
        """Look now and then, where there is anything that may change."""
        if self._watched:
            self._app.set_interval(SECONDS, self.look)

    def look(self) -> None:
        """Look now, in a thread."""
        owners = self._app.store.owners()
        self._app.run_worker(lambda: self._read(owners), thread=True, exclusive=True, group="saved files")

    def _read(self, owners: dict[str, str]) -> None:
        stamps = stamps_of(self._watched)
        changed = {path for path, stamp in stamps.items() if self._stamps.get(path) != stamp}
        if stamps == self._stamps:
            return
        library = load(self._folders, home() / self._cache, owners)
        broken = {one.path: one for one in (*library.broken, *self._unsound(library, changed))}
        if not get_current_worker().is_cancelled:
            self._stamps = stamps
            self._app.call_from_thread(self._take, library, changed, broken)

    def _unsound(self, library: Library, changed: set[Path]) -> Iterator[BrokenExercise]:
        """Those that can be read, and whose mathematics does not hold."""
        for exercise in library.exercises.values():
            if exercise.path in changed:
                try:
                    questions_of(exercise, self._app.runner)
                except BadFile as bad:
                    yield BrokenExercise.of(exercise, bad)

    def _take(self, library: Library, changed: set[Path], broken: dict[Path, BrokenExercise]) -> None:
        app, screen = self._app, self._app.screen
        app.take_library(library)
        for path in sorted(changed & set(broken)):
            self._tell(broken[path])
        if not isinstance(screen, ExerciseScreen) or screen.session.exercise.path not in changed - set(broken):
            return
        app.open_exercise(screen.session.exercise.id)
        app.notify("This file was saved again: here it is as it is now. Your answers are kept.", markup=False)

    def _tell(self, broken: BrokenExercise) -> None:
        self._app.notify(broken.sentence, title="Saved with a fault", severity="error", markup=False, timeout=15)
