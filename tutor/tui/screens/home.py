"""The home screen: what to do next, the exercises to search and choose from, and a preview."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static, Tree

from tutor.catalogue.search import Only, Shelf
from tutor.learner import Progress
from tutor.library import BrokenExercise, Exercise, Library
from tutor.text import harmless
from tutor.tui.commands import bindings
from tutor.tui.keys import with_keys
from tutor.tui.save_errors import SaysTrouble
from tutor.tui.screens.help import HelpScreen
from tutor.tui.widgets.bars import BottomBar, TitleBar, offers
from tutor.tui.widgets.exercise_tree import Entry, ExerciseTree
from tutor.tui.widgets.preview import Preview


class HomeScreen(SaysTrouble, Screen[None]):
    """A tree of exercises beside (or above) the preview."""

    AUTO_FOCUS = ""  # the search is the first that could have it

    BINDINGS: ClassVar[list[BindingType]] = bindings("home")

    class GatesWanted(Message):
        """The gate cards are wanted."""

    class FreshWanted(Message):
        """The exercise of this id is wanted on new numbers."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    class OwnWanted(Message):
        """A function of one's own is wanted."""

    class PapersWanted(Message):
        """Exam papers are wanted."""

    class Opened(Message):
        """An exercise was chosen, perhaps to be begun `again` from nothing."""

        def __init__(self, id: str, again: bool = False) -> None:
            super().__init__()
            self.id = id
            self.again = again

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._shelf = Shelf(Library(), {}, 0.0)
        self._next: str | None = None
        self._only = Only.ALL
        self._narrowed = False

    def compose(self) -> ComposeResult:
        """Shown at once; the exercises follow when they are read."""
        yield TitleBar("backprop-tutor", "learn backpropagation by doing it")
        yield Static(id="next", markup=False)
        with Container(id="body"):
            with Vertical(id="list"):
                words = self._keys("words of a title, topic or text; {home.all} ends the search")
                yield Input(placeholder=words, compact=True)
                yield ExerciseTree()
            yield Preview()
        yield BottomBar()

    def show(
        self,
        library: Library,
        progress: Mapping[str, Progress],
        last: str | None,
        notice: str = "",
        ever_solved: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """List the exercises, with the cursor on the one to go on with."""
        self._shelf = Shelf(library, progress, self._clock(), ever_solved)
        self.query_one(Preview).notice = notice
        following = self._shelf.next_up(last)
        self._next = following[0] if following else None
        self.query_one("#next", Static).update(self._about_next(following))
        self._list(self._next or last)
        if not isinstance(self.focused, Input):
            self.query_one(ExerciseTree).focus()

    def draw_with(self, ascii_only: bool) -> None:
        """Draw what the preview shows from now on with these signs."""
        self.query_one(Preview).ascii_only = ascii_only

    def explain(self, broken: BrokenExercise) -> None:
        """Say why an exercise cannot be opened."""
        self.query_one(Preview).explain(broken)

    def _about_next(self, following: tuple[str, str] | None) -> Content:
        if following is None:
            return Content.styled(self._all_done(), "bold")
        id, why = following
        title = self._shelf.library.exercises[id].file.title
        why = f"{why[:1].upper()}{why[1:]}: "
        return Content.assemble(
            (why, "$text-muted"),
            (harmless(title), "bold"),
            f"  {harmless(id)}",
            (self._keys("   {home.next} opens it"), "$text-muted"),
        )

    def _all_done(self) -> str:
        """What is said where nothing is left to be worked on; nothing where there are no exercises."""
        if not self._shelf.ids:
            return ""
        due = self._shelf.next_due
        until = f" before {time.strftime('%d %B', time.localtime(due)).lstrip('0')}" if due is not None else ""
        return f"All is done, and nothing is due{until}. " + self._keys("{home.again} does one again.")

    def _list(self, here: str | None = None) -> None:
        """List what matches search and filter."""
        words, tree = self.query_one(Input).value, self.query_one(ExerciseTree)
        found = self._shelf.matching(words, self._only)
        tree.show(self._shelf, found, broken=not words.strip() and self._only is Only.ALL)
        tree.go_to(here)
        many = sum(map(len, found.values()))
        tree.border_title = "Exercises" if self._only is Only.ALL else f"Exercises: {self._only}"
        narrowed = self._narrowed = bool(words.strip()) or self._only is not Only.ALL
        self.refresh_bindings()
        all_of_them = f"{many} of {len(self._shelf.ids)}, {{home.all}} shows all"
        tree.border_subtitle = self._keys(all_of_them) if narrowed else self._solved()
        if not many:
            none = self._keys("Nothing matches. {home.all} shows all.") if narrowed else "There are no exercises here."
            if narrowed or not self._shelf.library.broken:
                self.query_one(Preview).say(Content(none))

    def _keys(self, text: str) -> str:
        """A sentence of ours with the keys by the names they have now."""
        return with_keys(self.app, text)

    def _solved(self) -> str:
        ids = self._shelf.ids
        solved = sum(self._shelf.is_solved(id) for id in ids)
        return f"{solved} of {len(ids)} solved" if solved else ""

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[Entry]) -> None:
        """Show the preview."""
        preview = self.query_one(Preview)
        match event.node.data:
            case Exercise() as exercise:
                preview.show(exercise, self._shelf)
            case BrokenExercise() as broken:
                preview.explain(broken)
            case _ if (
                event.node.parent is not None
            ):  # not the root, on which the cursor is as long as nothing is listed
                many = len(event.node.children)
                count = f"{many} exercise{'' if many == 1 else 's'}"
                folds = self._keys(f"{{home.open}} folds {'it' if many == 1 else 'them'} away.")
                preview.say(Content.styled(f"{count}. {folds}", "dim"))

    def on_tree_node_selected(self, event: Tree.NodeSelected[Entry]) -> None:
        """Open an exercise, fold a topic."""
        if isinstance(event.node.data, Exercise):
            self.post_message(self.Opened(event.node.data.id))
        elif event.node.data is None:
            event.node.toggle()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as it is typed."""
        event.stop()
        self._list()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """From the search to what was found."""
        event.stop()
        self.query_one(ExerciseTree).focus()
        self._fold_search()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """A slash is text while the search has the focus; all is shown where nothing narrows the list down."""
        searching = isinstance(self.focused, Input)
        return not (action == "search" and searching) and (action != "all" or searching or self._narrowed)

    def action_search(self) -> None:
        """Type words to look for."""
        field = self.query_one(Input)
        field.display = True
        self.set_focus(field)  # at once: `focus()` would wait for the next round

    def _fold_search(self) -> None:
        self.query_one(Input).display = bool(self.query_one(Input).value)

    def action_filter(self) -> None:
        """List all, what is to do, begun, solved, or worth another look."""
        self._only = self._only.following
        self._list(self._next)

    def action_all(self) -> None:
        """End search and filter."""
        self._only = Only.ALL
        with self.prevent(Input.Changed):
            self.query_one(Input).value = ""
        node = self.query_one(ExerciseTree).cursor_node
        self._list(node.data.id if node is not None and isinstance(node.data, Exercise) else self._next)
        self._fold_search()
        self.query_one(ExerciseTree).focus()

    def action_next(self) -> None:
        """Open what to do next; where nothing is, say so."""
        if self._next is not None:
            self.post_message(self.Opened(self._next))
        elif said := self._all_done():
            self.notify(said, markup=False)

    def action_again(self) -> None:
        """Begin the exercise under the cursor again, when that is confirmed."""
        node = self.query_one(ExerciseTree).cursor_node
        if node is None or not isinstance(node.data, Exercise):
            return
        exercise, state = node.data, self._shelf.state(node.data.id)
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
        node = self.query_one(ExerciseTree).cursor_node
        if node is not None and isinstance(node.data, Exercise):
            self.post_message(self.FreshWanted(node.data.id))

    def action_own(self) -> None:
        """Type a function of one's own."""
        self.post_message(self.OwnWanted())

    def action_exam(self) -> None:
        """Choose an exam paper."""
        self.post_message(self.PapersWanted())

    def action_help(self) -> None:
        """Explain the keys."""
        self.app.push_screen(HelpScreen("home", offers(self, "home")), self._chosen)

    async def _chosen(self, action: str | None) -> None:
        if action is not None:
            await self.run_action(action)

    @property
    def bar_places(self) -> tuple[str, ...]:
        """The keys of the list, then those of the screen."""
        return "home list", "home"

    def action_gates(self) -> None:
        """Show the gate cards."""
        self.post_message(self.GatesWanted())

    def action_preview(self, by: int) -> None:
        """Scroll the preview."""
        self.query_one(Preview).scroll_relative(y=3 * by, animate=False)
