"""The app's part in papers: it lists them, opens one, and shows how it went.

Files are read, and markers made, in threads of the app.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tutor.papers.drawn import is_drawn, paper_called
from tutor.papers.paper import Paper, PaperProblem, PaperShelf, exercises_of, shelf_of
from tutor.papers.result import missed_skills
from tutor.papers.sitting import Sitting, SittingRecord, markers_of, record_of, sittings, unfinished
from tutor.practice.seeds import split_id, variant_id
from tutor.tui.save_errors import trouble_said
from tutor.tui.screens.begin_paper import BeginPaperScreen, PaperContents
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.paper import PaperScreen
from tutor.tui.screens.paper_result import PaperResultScreen
from tutor.tui.screens.papers import PapersScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.marking import Marker
    from tutor.tui.app import TutorApp


class Papers:
    """Does for the app what is to be done where papers are concerned."""

    def __init__(self, app: TutorApp, ready: Callable[[], None]) -> None:
        """`ready` is called when it is asked whether to begin a paper: from then on there is something to type into."""
        self._app = app
        self._ready = ready

    # The list of papers

    def list_all(self, here: str | None = None) -> None:
        """Show the papers there are, with the cursor on the one of this id."""
        self._in_thread(partial(self._find_all, here))

    def _find_all(self, here: str | None) -> None:
        self._app.call_from_thread(self._list, self._shelf(), here)

    def _list(self, shelf: PaperShelf, here: str | None) -> None:
        app = self._app
        if app.screen is app.home_screen:
            app.push_screen(PapersScreen(shelf, app.library, sittings(app.store), here))

    def _shelf(self) -> PaperShelf:
        """The papers there are; reads files."""
        return shelf_of(list(self._app.folders), self._app.library)

    # Sitting one

    def open(self, id: str, over: ExerciseScreen | None = None) -> None:
        """Sit the paper of this id, or go on with it; the exercise it is asked for `over` stays until it begins."""
        before = unfinished(sittings(self._app.store), id)
        if before is not None:
            self.sit(before.paper, over)  # also where its file is no longer there
        else:
            self._in_thread(partial(self._find, id, over))

    def _find(self, id: str, over: ExerciseScreen | None) -> None:
        try:
            paper = self._called(id)
        except PaperProblem as problem:
            self._app.call_from_thread(self._tell, problem)
        else:
            self._app.call_from_thread(self.sit, paper, over)

    def _called(self, id: str) -> Paper:
        """The paper of this id; reads files. Raises PaperProblem."""
        return paper_called(id, self._shelf(), self._app.library)

    def open_once_more(self, id: str) -> None:
        """Sit the same paper on numbers it was not sat on."""
        try:
            self.sit(self._once_more(id))
        except PaperProblem as problem:
            self._tell(problem)

    def _once_more(self, id: str) -> Paper:
        base, seed = split_id(id)
        fresh = (seed or 0) + 1
        sat = next((one.paper for one in sittings(self._app.store) if one.paper.id == id), None)
        if sat is None or is_drawn(id):
            return self._called(variant_id(base, fresh))
        return sat.with_seed(fresh)  # also where its file is no longer there

    def sit(self, paper: Paper, over: ExerciseScreen | None = None) -> None:
        """Ask whether to begin a paper, or to go on with it, while what it asks is worked out, and open it then."""
        app = self._app
        others = (one for one in app.screen_stack if one is not over)
        if any(isinstance(one, PaperScreen | BeginPaperScreen | ExerciseScreen) for one in others):
            return  # something else was opened meanwhile
        before = unfinished(sittings(app.store), paper.id)
        paper = paper if before is None else before.paper
        found = (app.library.find(part.id) for part in paper.parts)
        page = BeginPaperScreen(paper, [one.file.title for one in found if one is not None], before)
        made: list[Marker] = []

        def answered(agreed: bool | None) -> None:
            if agreed:
                self._show(paper, made, before)

        app.push_screen(page, answered)
        self._ready()
        self._in_thread(partial(self._make_markers, paper, page, made))

    def _make_markers(self, paper: Paper, page: BeginPaperScreen, made: list[Marker]) -> None:
        app = self._app
        try:
            made += markers_of(paper, app.library, app.runner)
        except PaperProblem as problem:
            app.call_from_thread(page.dismiss, False)
            app.call_from_thread(self._tell, problem)
        else:
            app.call_from_thread(page.prepared, PaperContents.of(made))

    def _show(self, paper: Paper, markers: list[Marker], before: SittingRecord | None) -> None:
        app = self._app
        with trouble_said(app):
            if before is None:
                sitting = Sitting.begin(paper, markers, app.store)
            else:
                sitting = Sitting(before.key, paper, markers, app.store)
            app.close_all()
            app.push_screen(PaperScreen(sitting, app.settings.ascii, app.settings.digits))

    # How it went

    def show_result(self, key: str) -> None:
        """Show how a sitting went, if it was marked."""
        app = self._app
        record = record_of(app.store, key)
        if record is None or record.marks is None:
            return
        try:
            exercises = {one.id: one for one in exercises_of(record.paper, app.library)}
        except PaperProblem:
            exercises = {}
        missed = missed_skills(app.store, record, app.library)
        app.push_screen(PaperResultScreen(record, exercises, missed, app.settings.ascii))

    def _in_thread(self, work: Callable[[], None]) -> None:
        self._app.run_worker(work, thread=True, exclusive=True, group="papers")

    def _tell(self, problem: PaperProblem) -> None:
        """Say why a paper cannot be sat."""
        self._app.notify(str(problem), severity="error", markup=False, timeout=15)
