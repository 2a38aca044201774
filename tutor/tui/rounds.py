"""The round of review that is open in the app, and the screens it is worked on, one after the other.

What they need is loaded when a round is begun, after the first paint.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tutor.learner import StoreProblem

if TYPE_CHECKING:
    from tutor.practice.review_round import Round, RoundWish
    from tutor.practice.skills import Skill
    from tutor.tui.app import TutorApp

_NOTHING = (
    "There is nothing to review yet: what you work on comes back here. `backprop-tutor place` finds out in ten blanks "
    "what you know already."
)


class Rounds:
    """Begins rounds, shows their items, and what they came to."""

    def __init__(self, app: TutorApp) -> None:
        self._app = app
        self._round: Round | None = None
        self._title = ""

    def begin(self, wish: RoundWish | None = None) -> None:
        """Begin a round, unless one is open; without a wish it is for what is due."""
        from tutor.practice.place import round_of
        from tutor.practice.review_round import RoundWish

        if self._round is not None:
            return
        app, wish = self._app, wish or RoundWish()
        app.close_all()
        try:
            self._round = round_of(wish, app.store, app.library, app.runner, time.time)
        except StoreProblem as problem:
            app.notify(str(problem), severity="error", markup=False, timeout=15)
            return
        self._title = "Placement" if wish.places else "Practice" if wish.skills else "Review"
        self.ask_next()

    def leave(self) -> None:
        """The learner has left the round; what was done in it counts."""
        self._round = None

    def ask_next(self) -> None:
        """The round's next item; at its end, what it came to."""
        from tutor.tui.screens.review import ReviewScreen

        app, round = self._app, self._round
        if round is None:
            return
        asked = round.next()
        if asked is None:
            self._end(round)
            return
        if isinstance(app.screen, ReviewScreen):
            app.pop_screen()
        app.push_screen(ReviewScreen(asked, round, self._title, app.settings.ascii, app.settings.digits))
        if (make := round.prepare(asked)) is not None:
            app.run_worker(make, thread=True, exclusive=True, group="review")

    def _end(self, round: Round) -> None:
        from tutor.practice.next_new import keep_placement
        from tutor.tui.screens.review import RoundOverScreen

        app, title = self._app, self._title
        if round.outcomes and round.begin_at is not None:
            app.store.mark_opened(round.begin_at)
            keep_placement(app.store, round.begin_at, time.time())
        app.close_all()
        told = round.told() if round.outcomes or not app.runner.allowed else [_NOTHING]
        app.push_screen(RoundOverScreen(title, told, bool(round.outcomes)), self._after)

    def _after(self, choice: str | None) -> None:
        if choice == "again":
            self.begin()
        elif choice == "progress":
            self.show_progress()

    def show_progress(self) -> None:
        """What is known, begun, shaky and new; a row of it can be practised."""
        from tutor.practice.progress import overview
        from tutor.tui.screens.progress import ProgressScreen

        app = self._app
        if not any(isinstance(screen, ProgressScreen) for screen in app.screen_stack):
            seen = overview(app.store, app.library, time.time())
            app.push_screen(ProgressScreen(seen, app.settings.ascii), self._drill)

    def _drill(self, skills: tuple[Skill, ...] | None) -> None:
        from tutor.practice.review_round import RoundWish

        if skills:
            self.leave()
            self.begin(RoundWish(skills=skills))
