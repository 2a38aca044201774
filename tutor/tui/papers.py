"""The app's part in papers: it lists them, opens one beside the screen's own thread, and shows how it went."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App

from tutor.papers.drawn import is_drawn, paper_called
from tutor.papers.paper import Paper, PaperProblem, PaperShelf, exercises_of, shelf_of
from tutor.papers.result import missed_skills
from tutor.papers.sitting import Sitting, SittingRecord, markers_of, record_of, sittings, unfinished
from tutor.practice.seeds import split_id, variant_id
from tutor.tui.screens.paper import PaperScreen
from tutor.tui.screens.paper_result import PaperResultScreen
from tutor.tui.screens.papers import PapersScreen

if TYPE_CHECKING:
    from tutor.marking import Marker
    from tutor.tui.app import TutorApp


class Papers:
    """What the app asks where papers are concerned. Threads are the app's; here is what runs in them."""

    def __init__(self, app: TutorApp, folders: list[Path]) -> None:
        self._app = app
        self._folders = folders

    def shelf(self) -> PaperShelf:
        """The papers there are; reads files, so it may run in a thread."""
        return shelf_of(self._folders, self._app.library)

    def chooser(self, shelf: PaperShelf) -> PapersScreen:
        """The screen that lists them."""
        return PapersScreen(shelf, self._app.library, sittings(self._app.store))

    def as_kept(self, paper: Paper) -> tuple[Paper, SittingRecord | None]:
        """The paper as it is to be sat: as it was, where it lies unfinished; and that sitting."""
        before = unfinished(sittings(self._app.store), paper.id)
        return (paper, None) if before is None else (before.paper, before)

    def markers(self, paper: Paper) -> list[Marker]:
        """Made in a thread. Raises PaperProblem."""
        return markers_of(paper, self._app.library, self._app.runner)

    def screen(self, paper: Paper, markers: list[Marker], before: SittingRecord | None) -> PaperScreen:
        """The screen to sit it on."""
        app = self._app
        if before is None:
            sitting = Sitting.begin(paper, markers, app.store)
        else:
            sitting = Sitting(before.key, paper, markers, app.store)
        return PaperScreen(sitting, app.settings.ascii, app.settings.digits)

    def result(self, key: str) -> PaperResultScreen | None:
        """The screen that says how a sitting went; None where it was not marked."""
        record = record_of(self._app.store, key)
        if record is None or record.marks is None:
            return None
        try:
            exercises = {one.id: one for one in exercises_of(record.paper, self._app.library)}
        except PaperProblem:
            exercises = {}
        missed = missed_skills(self._app.store, record, self._app.library)
        return PaperResultScreen(record, exercises, missed, self._app.settings.ascii)

    def called(self, id: str) -> Paper:
        """The paper of this id. Reads files, so it may run in a thread. Raises PaperProblem."""
        return paper_called(id, self.shelf(), self._app.library)

    def once_more(self, id: str) -> Paper:
        """The same paper on numbers it was not sat on. Raises PaperProblem."""
        base, seed = split_id(id)
        fresh = (seed or 0) + 1
        sat = next((one.paper for one in sittings(self._app.store) if one.paper.id == id), None)
        if sat is None or is_drawn(id):
            return self.called(variant_id(base, fresh))
        return sat.with_seed(fresh)  # also where its file is no longer there


def tell(app: App[Any], problem: PaperProblem) -> None:
    """Say why a paper cannot be sat."""
    app.notify(str(problem), severity="error", markup=False, timeout=15)
