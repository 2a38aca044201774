"""What the keys of the home screen do: they open, begin again, and lead to other screens, by messages to the app."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.message import Message
from textual.screen import Screen

from tutor.catalogue.road import Road
from tutor.catalogue.search import Shelf
from tutor.library import Library
from tutor.tui.keys import with_keys
from tutor.tui.save_errors import SaysTrouble
from tutor.tui.widgets.bars import offers
from tutor.tui.widgets.exercise_tree import ExerciseTree
from tutor.tui.widgets.preview import Preview
from tutor.tui.widgets.today_list import TodayList


class HomeActions(SaysTrouble, Screen[None]):
    """The part of the home screen that does what is asked for by keys."""

    class GatesWanted(Message, namespace="home_screen"):
        """The gate cards are wanted."""

    class FreshWanted(Message, namespace="home_screen"):
        """The exercise of this id is wanted on new numbers."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    class OwnWanted(Message, namespace="home_screen"):
        """A function of one's own is wanted."""

    class MadeWanted(Message, namespace="home_screen"):
        """A function made for practice is wanted."""

    class ReviewWanted(Message, namespace="home_screen"):
        """A round of review is wanted."""

    class PapersWanted(Message, namespace="home_screen"):
        """Exam papers are wanted, perhaps the one of the exercise that the cursor is on."""

        def __init__(self, here: str | None) -> None:
            super().__init__()
            self.here = here

    class PaperWanted(Message, namespace="home_screen"):
        """The paper of this id is to be gone on with."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    class Opened(Message, namespace="home_screen"):
        """An exercise was chosen, perhaps to be begun `again` from nothing."""

        def __init__(self, id: str, again: bool = False) -> None:
            super().__init__()
            self.id = id
            self.again = again

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self._shelf = Shelf(Library(), {}, 0.0)
        self._road = Road()

    # What the cursor is on

    @property
    def _under_cursor(self) -> str | None:
        """The exercise that the cursor is on, in the list that has the focus."""
        if not self.is_mounted:
            return None
        today = self.query_one(TodayList)
        if today.has_focus and today.here is not None:
            return today.here.id or None
        here = self.query_one(ExerciseTree).under_cursor
        return here if here in self._shelf.library.exercises else None

    def _all_done(self) -> str:
        """What is said where nothing is left to be worked on."""
        if not self._shelf.ids:
            return "There are no exercises."
        due = self._shelf.next_due
        until = f" before {time.strftime('%d %B', time.localtime(due)).lstrip('0')}" if due is not None else ""
        return f"All is done, and nothing is due{until}. " + self._keys("{home.again} does one again.")

    def _keys(self, text: str) -> str:
        """A sentence of ours with the keys by the names they have now."""
        return with_keys(self.app, text)

    # Opening

    def action_today(self, number: int) -> None:
        """Begin something that today holds."""
        self.query_one(TodayList).choose(number)

    def action_to_step(self, number: int) -> None:
        """The same from the menu of letters."""
        self.action_today(number)

    def action_next(self) -> None:
        """Begin what comes first today; where nothing does, say so."""
        if not self.query_one(TodayList).choose(1) and self._shelf.ids:
            self.notify(self._all_done(), markup=False)

    def action_again(self) -> None:
        """Begin the exercise under the cursor again, when that is confirmed."""
        if (id := self._under_cursor) is None:
            return
        exercise, state = self._shelf.library.exercises[id], self._shelf.state(id)
        if state == "new":
            self.post_message(self.Opened(exercise.id))
            return

        def begin(agreed: bool | None) -> None:
            if agreed:
                self.post_message(self.Opened(exercise.id, again=True))

        from tutor.tui.screens.again import AgainScreen, Why  # what it needs is loaded after the first paint

        self.app.push_screen(AgainScreen(exercise.file.title, Why.ASKED, state != "started"), begin)

    def action_fresh(self) -> None:
        """Open the exercise under the cursor on new numbers."""
        if (id := self._under_cursor) is not None:
            self.post_message(self.FreshWanted(id))

    def action_own(self) -> None:
        """Type a function of one's own."""
        self.post_message(self.OwnWanted())

    def action_made(self) -> None:
        """Have a function made of gates."""
        self.post_message(self.MadeWanted())

    def action_exam(self) -> None:
        """Choose an exam paper."""
        self.post_message(self.PapersWanted(self._under_cursor))

    def action_open_here(self) -> None:
        """Open the exercise under the cursor."""
        if (id := self._under_cursor) is not None:
            self.post_message(self.Opened(id))

    def action_focus_today(self) -> None:
        """Go to what today holds."""
        self.query_one(TodayList).focus()

    def action_focus_road(self) -> None:
        """Go to the list of exercises."""
        self.query_one(ExerciseTree).focus()

    # Keys

    def action_help(self) -> None:
        """Explain the keys."""
        from tutor.tui.screens.help import HelpScreen  # nor does the first paint wait for this one

        self.app.push_screen(HelpScreen("home", offers(self, "home")), self._chosen)

    def action_menu(self) -> None:
        """Offer the letters."""
        from tutor.tui.screens.menu import MenuScreen

        rows = len(self.query_one(TodayList).rows)
        self.app.push_screen(MenuScreen("home", offers(self, "home"), rows, "today", "back to the list"), self._chosen)

    async def _chosen(self, action: str | None) -> None:
        """Do what was chosen among the letters, or in the help."""
        if action is None or action == "type":
            return
        if action == "enter" or action.startswith("key:"):
            self.app.simulate_key(action.removeprefix("key:"))
        else:
            await self.run_action(action)

    def action_gates(self) -> None:
        """Show the gate cards."""
        self.post_message(self.GatesWanted())

    def action_preview(self, by: int) -> None:
        """Scroll the preview."""
        self.query_one(Preview).scroll_relative(y=3 * by, animate=False)
