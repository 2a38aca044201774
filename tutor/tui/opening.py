"""The app's part in exercises: it opens one, as it is or on fresh numbers, and what comes after it.

Numbers are drawn in a thread of the app; what that takes is loaded after the first paint.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker

from tutor.catalogue.search import Shelf
from tutor.learner import StoreProblem
from tutor.library import BadFile, BrokenExercise, Exercise
from tutor.paths import own_folder
from tutor.practice.seeds import PRACTICE, NoVariant, fresh_seed, split_id, variant_id

if TYPE_CHECKING:
    from tutor.practice.own_file import OwnFunction
    from tutor.tui.app import TutorApp

_SLOW = 0.3
"""Seconds after which it is said what takes so long."""


class Opening:
    """Opens exercises for the app, and remembers what comes after the one that is open."""

    def __init__(self, app: TutorApp) -> None:
        self._app = app
        self._following: str | None = None
        """The id of what comes next, as the solved card says."""

    def open(self, id: str, code: str | None = None, again: bool = False) -> None:
        """Open an exercise with a program or, `again`, from nothing, as soon as that can be; what is wrong is said.

        One that is not in the library has its numbers drawn first.
        """
        self._app.loading.when_loaded(partial(self._open, id, code, again))

    def _open(self, id: str, code: str | None, again: bool) -> None:
        from tutor.session.session import Session
        from tutor.tui.screens.exercise import ExerciseScreen

        app = self._app
        exercise = app.library.exercises.get(id)
        if exercise is None:
            base, seed = split_id(id)
            self._draw(base, seed or 0, code)
            return
        try:
            self._following = self._after(id)
            session = Session(exercise, app.store, app.runner)
            if again:
                session.reset()
            step = session.take_code(code) if code is not None else None
        except BadFile as error:
            app.home_screen.explain(BrokenExercise.of(exercise, error))
            return
        except StoreProblem as problem:
            app.notify(str(problem), severity="error", markup=False, timeout=15)
            return
        title = app.library.exercises[self._following].file.title if self._following is not None else None
        app.push_screen(ExerciseScreen(session, title, step, app.settings.ascii, app.settings.digits))

    def open_next(self) -> None:
        """Open what comes after the exercise that was open."""
        if self._following is not None:
            self.open(self._following)

    def _after(self, id: str) -> str | None:
        """What comes after this exercise; None where all else is done and nothing is due."""
        shelf = Shelf(self._app.library, self._app.store.summary(), time.time())
        following = shelf.next_up(id, but=id)
        return following[0] if following is not None else None

    def open_fresh(self, id: str) -> None:
        """Open an exercise on new numbers, if it has any."""
        base, _ = split_id(id)
        if base in self._app.library.exercises or base.startswith(f"{PRACTICE}/"):
            work = self._draw(base, fresh_seed(base, [*self._app.store.summary(), id]))
            self._say_if_slow(work, "Drawing new numbers …")

    def open_made(self, id: str | None) -> None:
        """Draw the next function of this request and open it; None where nothing was asked for."""
        if id is not None:
            self.open_fresh(id)

    def open_own(self, own: OwnFunction | None) -> None:
        """Keep a function of the learner's own as a file, and open it; None where none was typed."""
        if own is None:
            return
        from tutor.practice.own_file import keep

        app = self._app
        try:
            id, _ = keep(own)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            app.notify(f"The function cannot be kept: {why}.", severity="error", markup=False, timeout=15)
            return
        self._say_if_slow(app.read_again(own_folder(), id), "Reading the exercises …")

    def _draw(self, id: str, seed: int, code: str | None = None) -> Worker[None]:
        return self._app.run_worker(partial(self._find_variant, id, seed, code), thread=True)

    def _find_variant(self, id: str, seed: int, code: str | None) -> None:
        from tutor.practice.variants import find, unusable

        app = self._app
        try:
            variant = find(app.library, variant_id(id, seed))
        except NoVariant as why:
            app.call_from_thread(app.notify, str(why), markup=False, timeout=10)
        except BadFile as error:
            app.call_from_thread(app.home_screen.explain, unusable(app.library, id, error))
        else:
            assert variant is not None, "its exercise is in the library, or it is made for practice"
            app.call_from_thread(self._open_variant, variant, code)

    def _open_variant(self, variant: Exercise, code: str | None) -> None:
        from tutor.practice.variants import listing

        self._app.library = listing(self._app.library, variant)
        self._app.close_all()
        self.open(variant.id, code)

    def _say_if_slow(self, work: Worker[None], says: str) -> None:
        """Say what is being done, where it is still being done after a moment."""
        app = self._app
        app.set_timer(_SLOW, lambda: None if work.is_finished else app.notify(says, markup=False, timeout=2))
