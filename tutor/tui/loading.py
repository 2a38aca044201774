"""What the app loads, one after the other: the exercises, what is slow to import, and what home shows of the learner.

Home is painted before any of it, and all of it runs in threads of the app.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.worker import Worker, get_current_worker

from tutor.garbage import collect_as_usual
from tutor.learner import Progress, StoreProblem
from tutor.library import load
from tutor.paths import code_is_run, home
from tutor.practice.seeds import variants_begun
from tutor.tui.save_errors import trouble_said

if TYPE_CHECKING:
    from datetime import date

    from tutor.papers.sitting import SittingRecord
    from tutor.practice.next_new import Placed
    from tutor.practice.summary import UnreadJournal
    from tutor.tui.app import TutorApp
    from tutor.tui.saved_files import SavedFiles
    from tutor.tui.screens.exercise import ExerciseScreen

LIBRARY = "library.msgpack"
"""What the exercise files came to, in the learner's folder. It may be deleted at any time."""


_LONG = 0.15
"""Seconds after which it is said how many files have been read."""


def exercise_screen() -> type[ExerciseScreen] | None:
    """The class of the screen of exercises; None until it is loaded, which the first paint does not wait for.

    While a thread loads it the module is there and its class is not.
    """
    return getattr(sys.modules.get("tutor.tui.screens.exercise"), "ExerciseScreen", None)


class Loading:
    """Loads for the app, and hands over what was loaded in the app's own thread."""

    def __init__(self, app: TutorApp) -> None:
        self._app = app
        self.saved_files: SavedFiles | None = None
        """What looks for files that are saved; None until all is loaded that working on an exercise takes."""
        self._waiting: list[Callable[[], None]] = []
        """What is done as soon as the screen of exercises is loaded."""

    def read_exercises(self) -> Worker[None]:
        """Read the exercises of the app's folders."""
        app = self._app
        return app.run_worker(partial(self._read, list(app.folders), app.store.owners()), thread=True)

    def _read(self, folders: list[Path], owners: Mapping[str, str]) -> None:
        app, begun, read = self._app, time.monotonic(), 0

        def reading(path: Path) -> None:
            nonlocal begun, read
            read += path not in folders
            if time.monotonic() - begun > _LONG:
                begun = time.monotonic()
                app.call_from_thread(app.home_screen.say_reading, read)

        app.call_from_thread(app.take_exercises, load(folders, home() / LIBRARY, owners, reading))

    def prepare(self) -> None:
        """Load what working on an exercise takes: NumPy, the grammar, the runner."""
        self._app.run_worker(self._prepare, thread=True)

    def when_loaded(self, then: Callable[[], None]) -> None:
        """Do what needs the screen of exercises; until it is loaded that is said, and what is typed is kept for it."""
        if exercise_screen() is not None:
            then()
            return
        self._app.home_screen.say_loading()
        self._app.typed_ahead.hold()
        self._waiting.append(then)

    def _loaded(self) -> None:
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()
        if waiting:
            self._app.typed_ahead.begin()

    def _prepare(self) -> None:
        from tutor.tui.screens import exercise

        assert exercise
        self._app.call_from_thread(self._loaded)

        from tutor import language
        from tutor.engine import enclosure as precise
        from tutor.learner.transfer import keep_backup
        from tutor.papers import sitting

        assert sitting
        language.prepare()
        precise.prepare()
        self._app.runner.warm()
        with suppress(StoreProblem):  # what cannot be written is said where it is typed
            keep_backup(home())
        self._app.call_from_thread(self._prepared)
        self._app.live_settings.check()
        collect_as_usual()

    def _prepared(self) -> None:
        """What is loaded now lets the rest of home be found out."""
        from tutor.tui.saved_files import SavedFiles

        self.saved_files = SavedFiles(self._app, list(self._app.folders), LIBRARY)
        self.saved_files.watch()
        self._list_variants()
        self.find_today()

    def _list_variants(self) -> None:
        """List what is half done on fresh numbers; drawing it again takes a moment each."""
        progress = self._app.store.summary()
        if variants_begun(id for id, state in progress.items() if state.state == "started"):
            self._app.run_worker(partial(self._draw_begun, progress), thread=True)

    def _draw_begun(self, progress: Mapping[str, Progress]) -> None:
        from tutor.practice.variants import with_begun

        listed = with_begun(self._app.library, progress)
        if not get_current_worker().is_cancelled:
            self._app.call_from_thread(self._app.take_library, listed)

    def find_today(self) -> None:
        """Find out what today holds, as soon as what that takes is loaded."""
        if self.saved_files is None:
            return
        from tutor.papers.sitting import sittings
        from tutor.practice.next_new import placement_in
        from tutor.practice.plan import exam_date
        from tutor.practice.summary import unread

        app, store = self._app, self._app.store
        with trouble_said(app):
            sat = sittings(store)
            learner = unread(store), store.summary(), store.last_opened(), exam_date(store), placement_in(store)
            sum_up = partial(self._sum_up, *learner, sat)
            app.run_worker(sum_up, thread=True, exclusive=True, group="today")

    def _sum_up(
        self,
        unread: UnreadJournal,
        progress: Mapping[str, Progress],
        last: str | None,
        exam: date | None,
        placed: Placed | None,
        sat: Sequence[SittingRecord],
    ) -> None:
        from tutor.practice.summary import keep_summary, summed_up
        from tutor.practice.today import SECONDS_A_BLANK, asked_here, today_of

        app, library = self._app, self._app.library
        summary, worth_keeping = summed_up(unread, library)
        pace = summary.pace or SECONDS_A_BLANK
        skills = asked_here(summary.skills, runs_code=code_is_run())
        today = today_of(library, progress, skills, time.time(), last=last, exam=exam, pace=pace, placed=placed)
        if not get_current_worker().is_cancelled:
            app.call_from_thread(app.home_screen.take_today, today, summary, sat)
            if worth_keeping:
                app.call_from_thread(keep_summary, app.store, worth_keeping)
