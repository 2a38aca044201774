"""The home screen: what today holds, the road of all exercises to search and choose from, and a preview."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Tree
from textual.widgets.tree import TreeNode

from tutor.catalogue.road import Road
from tutor.catalogue.search import Only, Shelf
from tutor.learner import Progress
from tutor.library import BrokenExercise, Exercise, Library
from tutor.library.format import PackFile
from tutor.papers import PAPERS_TOPIC
from tutor.practice.next_new import Placed
from tutor.text import harmless
from tutor.tui.commands import bindings
from tutor.tui.keys import key_line
from tutor.tui.screens.home_actions import HomeActions
from tutor.tui.widgets.bars import BottomBar, TitleBar
from tutor.tui.widgets.exercise_tree import Entry, ExerciseTree, SearchField
from tutor.tui.widgets.preview import Preview
from tutor.tui.widgets.today_list import TodayList, below, first_rows, paper_row, rows_of

if TYPE_CHECKING:  # these load the engine, for which the first paint does not wait
    from tutor.papers.sitting import SittingRecord
    from tutor.practice.summary import Summary
    from tutor.practice.today import Today


ROOMY = 32
"""Lines from which the preview has several."""

_MOST_TODAY = 3
"""Rows that today has at most: as many as there are keys for."""


class HomeScreen(HomeActions):
    """Today above or beside the road, and a preview of what the cursor is on."""

    AUTO_FOCUS = ""  # the search is the first that could have it

    BINDINGS: ClassVar[list[BindingType]] = bindings("home")
    VERTICAL_BREAKPOINTS = [(0, "-short"), (ROOMY, "-tall")]  # noqa: RUF012 - Textual declares it so

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock)
        self._last: str | None = None
        self._only = Only.ALL
        self._narrowed = False
        self._marks: Mapping[str, str] = {}
        """The exercises that were sat as papers -> how the last time went."""
        self._put: str | None = None
        """The exercise on which the road's cursor was put when it was listed."""
        self._begun = False
        """Whether the cursor has been put where a day begins."""

    def compose(self) -> ComposeResult:
        """Shown at once; the exercises follow when they are read."""
        yield TitleBar("backprop-tutor")
        with Container(id="body"):
            with Vertical(id="list"):
                words = self._keys("words of a title, topic or text; {home.all} ends the search")
                yield SearchField(placeholder=words, compact=True)
                yield ExerciseTree()
            yield TodayList()
            yield Preview()
        yield BottomBar()

    def on_mount(self) -> None:
        """Say what is being done, until the exercises are read."""
        self.query_one(TodayList).border_title = "Today"
        self.say_reading()
        self.query_one(ExerciseTree).border_title = "Exercises"

    # What is shown

    def say_reading(self, files: int = 0) -> None:
        """Say that the exercises are being read, and how many files have been; nothing once there are some."""
        if not self._shelf.ids:
            so_far = f" {files} file{'' if files == 1 else 's'} so far." if files else ""
            self.query_one(TodayList).say(f"Reading the exercises …{so_far}")

    def say_loading(self) -> None:
        """Say why what was chosen is not there yet."""
        said = "Loading what exercises take: NumPy, the grammar, the graph. What you type until then is not lost."
        self.query_one(Preview).say(Content(said))

    def show(
        self,
        library: Library,
        progress: Mapping[str, Progress],
        last: str | None,
        notice: str = "",
        ever_solved: Mapping[str, str] = MappingProxyType({}),
        placed: Placed | None = None,
    ) -> None:
        """List the exercises, with the cursor where a day begins; from then on it stays, or is on the one just left."""
        here = last if last != self._last else self.query_one(ExerciseTree).under_cursor
        self._shelf = Shelf(library, progress, self._clock(), ever_solved)
        self._road, self._last = Road.of(library), last
        preview, today = self.query_one(Preview), self.query_one(TodayList)
        preview.notice = notice
        rows = first_rows(self._shelf, self._road, last, placed)
        if rows:
            today.show(rows)
        else:
            today.say(self._all_done())
        self._say_progress("")
        self._list(here if self._begun else rows[0].id if rows else last)
        if isinstance(self.focused, Input):
            return
        if self._begun and self.focused is not None:
            self._look()
        else:
            self._begun = True
            (today if rows else self.query_one(ExerciseTree)).focus()

    def take_today(self, today: Today, summary: Summary, sat: Sequence[SittingRecord] = ()) -> None:
        """Show what the journal says is to be done today; before all else a paper that was begun, of those `sat`."""
        from tutor.papers.result import marks_by_paper  # loaded by whoever has found them

        sitting = next((one for one in sat if one.handed_in is None), None)
        if (marks := marks_by_paper(sat)) != self._marks:
            self._marks = marks
            self._look()
        rows, listed = rows_of(today, self._shelf, self._road), self.query_one(TodayList)
        if sitting is not None:
            rows = [paper_row(sitting), *rows][:_MOST_TODAY]
        if rows:
            listed.show(rows, below(today, summary.minutes, self._clock()))
        elif not listed.rows:
            listed.say(self._all_done())
        minutes = f"{sum(row.minutes for row in rows)} min" if rows else ""
        days = {None: "", 0: "the exam is today", 1: "exam tomorrow"}.get(
            today.days_left, f"exam in {today.days_left} days"
        )
        parts = (Content("Today"), Content(minutes), Content(days), self._others_begun())
        listed.border_title = Content("   ").join([part for part in parts if part.plain])
        from tutor.practice.skills import skills_in_words  # loaded by whoever has found out what is due

        self._say_progress(skills_in_words(summary.skills) if summary.skills else "")

    def _others_begun(self) -> Content:
        """How many exercises were begun beside the one that today goes on with, and the key that lists them all."""
        begun = sum(self._shelf.state(id) == "started" for id in self._shelf.ids)
        if begun < 2:
            return Content("")
        return key_line(self.app, "{home.begun}", f"all {begun} begun")

    def _say_progress(self, more: str) -> None:
        self.query_one(TitleBar).show("backprop-tutor", "   ".join(filter(None, (self._solved(), more))))

    def draw_with(self, ascii_only: bool) -> None:
        """Draw what the preview shows from now on with these signs."""
        self.query_one(Preview).ascii_only = ascii_only

    def explain(self, broken: BrokenExercise) -> None:
        """Say why an exercise cannot be opened."""
        self.query_one(Preview).explain(broken)

    def _numbered(self, words: str) -> str | None:
        """The exercise that has these words for its number: `2.3`."""
        id = self._road.find(words) if "." in words else None
        return id if id in self._shelf.library.exercises else None

    def _found(self, words: str) -> dict[str, list[Exercise]]:
        """What matches search and filter, and what has the number that is searched for."""
        found, id = self._shelf.matching(words, self._only), self._numbered(words)
        if id is not None and not any(one.id == id for several in found.values() for one in several):
            exercise = self._shelf.library.exercises[id]
            found[exercise.topic] = [exercise, *found.get(exercise.topic, ())]
        return found

    def _list(self, here: str | None = None) -> None:
        """List what matches search and filter."""
        words, tree = self.query_one(Input).value, self.query_one(ExerciseTree)
        found = self._found(words)
        narrowed = self._narrowed = bool(words.strip()) or self._only is not Only.ALL
        here = here or self._numbered(words) or self._shelf.best(words, found)
        tree.show(self._shelf, self._road, found, narrowed, here)
        tree.go_to(here)
        node = tree.cursor_node
        self._put = node.data.id if node is not None and isinstance(node.data, Exercise) else None
        many = sum(map(len, found.values()))
        title = "Exercises" if self._only is Only.ALL else f"Exercises: {self._only}"
        if words.strip():
            title += f' with "{harmless(words.strip())}"'
        all_of_them = self._keys(f"{many} of {len(self._shelf.ids)}, {{home.all}} shows all")
        tree.border_title = Content(f"{title}   {all_of_them}" if narrowed else title)
        self.refresh_bindings()
        if not many:
            none = self._keys("Nothing matches. {home.all} shows all.") if narrowed else "There are no exercises here."
            if narrowed or not self._shelf.library.broken:
                self.query_one(Preview).say(Content(none))

    def _solved(self) -> str:
        ids = self._shelf.ids
        solved = sum(self._shelf.is_solved(id) for id in ids)
        return f"{solved} of {len(ids)} solved" if solved else ""

    # The preview follows the cursor

    def _look(self) -> None:
        """Show what the cursor is on, in the list that has the focus."""
        today, tree = self.query_one(TodayList), self.query_one(ExerciseTree)
        if self.focused is today and today.here is not None:
            self._show_exercise(today.here.id)
        elif (node := tree.cursor_node) is not None and isinstance(node.data, Exercise):
            self._show_exercise(node.data.id)
        elif node is not None and tree.topic_of(node) is not None:
            self._say_topic(node)

    def _show_exercise(self, id: str) -> None:
        if id in self._shelf.library.exercises:
            exercise = self._shelf.library.exercises[id]
            self.query_one(Preview).show(exercise, self._shelf, self._road.number(id), self._as_an_exam(exercise))

    def _as_an_exam(self, exercise: Exercise) -> str:
        """How an exercise went when it was sat as a paper; how that is done, where it is a whole one; else ""."""
        how = self._keys("{home.exam}: sit it as an exam, with a clock") if exercise.topic == PAPERS_TOPIC else ""
        went = self._marks.get(exercise.id)
        return "   ".join(filter(None, (f"as an exam {went}" if went else "", how)))

    def on_today_list_looked(self, event: TodayList.Looked) -> None:
        """Show the preview of a row; begin or go on with it is a matter of the row."""
        self.refresh_bindings()
        if event.row.id:
            self._show_exercise(event.row.id)
        elif event.row.paper:
            said = f"{event.row.what}: {', '.join(event.row.more)}. The clock runs again when you go on with it."
            self.query_one(Preview).say(Content(said), event.row.does)
        else:
            how = "One blank after the other, on new numbers, each with why it is asked."
            of_what = "" if self.has_class("-short") else f"{event.row.what}: {', '.join(event.row.more)}.\n\n"
            self.query_one(Preview).say(Content(f"{of_what}{how}"), event.row.does)

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[Entry]) -> None:
        """Show the preview."""
        self.refresh_bindings()
        preview = self.query_one(Preview)
        match event.node.data:
            case Exercise(id=id) if id == self._put and isinstance(self.focused, TodayList):
                pass  # the cursor is in what today holds
            case None if isinstance(self.focused, TodayList):
                pass
            case Exercise() as exercise:
                self._show_exercise(exercise.id)
            case PackFile() as pack:
                self.query_one(Preview).introduce(pack)
            case BrokenExercise() as broken:
                preview.explain(broken)
            case _ if event.node.parent is not None:  # not the root, where the cursor is while nothing is listed
                self._say_topic(event.node)

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[Entry]) -> None:
        """Say what Enter does with it now."""
        self._on_folded(event.node)

    def on_tree_node_collapsed(self, event: Tree.NodeCollapsed[Entry]) -> None:
        """The same."""
        self._on_folded(event.node)

    def _on_folded(self, node: TreeNode[Entry]) -> None:
        tree = self.query_one(ExerciseTree)
        if tree.has_focus and tree.cursor_node is node:
            self._say_topic(node)
            self.refresh_bindings()

    def _say_topic(self, node: TreeNode[Entry]) -> None:
        tree, many = self.query_one(ExerciseTree), len(node.children)
        count = f"{many} exercise{'' if many == 1 else 's'}"
        folds = "folds it away" if node.is_expanded else "unfolds it"
        topic = tree.topic_of(node)
        name = f"{self._shelf.library.title_of(topic)}: {count}" if topic is not None else f"{many} files"
        said = self._keys(f"{name}. {{home.open}} {folds}.")
        self.query_one(Preview).say(Content.styled(said, "$text-muted"))

    def on_exercise_tree_left_at_top(self) -> None:
        """From the road up to what today holds."""
        if self.query_one(TodayList).rows:
            self.query_one(TodayList).focus()

    def on_today_list_left_at_end(self) -> None:
        """From what today holds on to the road."""
        self.query_one(ExerciseTree).focus()

    def on_descendant_focus(self) -> None:
        """Follow the focus from list to list."""
        self.refresh_bindings()
        self._fold_search()
        if self._begun and self.focused is self.query_one(ExerciseTree):
            self._look()

    # Opening

    def on_today_list_chosen(self, event: TodayList.Chosen) -> None:
        """Begin what was chosen."""
        if event.row.id:
            self.post_message(self.Opened(event.row.id))
        elif event.row.paper:
            self.post_message(self.PaperWanted(event.row.paper))
        else:
            self.post_message(self.ReviewWanted())

    def on_tree_node_selected(self, event: Tree.NodeSelected[Entry]) -> None:
        """Open an exercise, fold a topic."""
        if isinstance(event.node.data, Exercise):
            self.post_message(self.Opened(event.node.data.id))
        elif event.node.data is None:
            self.query_one(ExerciseTree).toggled(event.node)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as it is typed."""
        event.stop()
        self._list()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open what the words name best; where there are none, on to the list."""
        event.stop()
        if not event.value.strip():
            self.query_one(ExerciseTree).focus()
        elif (id := self.query_one(ExerciseTree).under_cursor) in self._shelf.library.exercises:
            self.post_message(self.Opened(str(id)))

    def on_search_field_left(self) -> None:
        """To another of those that were found."""
        self.query_one(ExerciseTree).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A slash is text while the search has the focus; all is shown where something narrows the list down."""
        searching = isinstance(self.focused, Input)
        if action in ("all", "menu"):
            return (action == "all") == (searching or self._narrowed)
        if action in ("submit", "leave"):
            return bool(self.query_one(ExerciseTree).leaves) and (
                action == "leave" or bool(self.query_one(Input).value.strip())
            )
        if action in ("select", "go_on"):
            return self.query_one(TodayList).check_action(action, parameters)
        if action in ("select_exercise", "unfold", "fold"):
            return self.query_one(ExerciseTree).check_action(action, parameters)
        if action == "today" and parameters:
            return int(str(parameters[0])) <= len(self.query_one(TodayList).rows)
        if action in ("again", "fresh"):
            return not searching and self._under_cursor is not None
        return not (action == "search" and searching)

    def action_search(self) -> None:
        """Type words to look for, in place of those that were looked for before."""
        field = self.query_one(Input)
        field.display = True
        field.action_select_all()
        self.set_focus(field)  # at once: `focus()` would wait for the next round

    def _fold_search(self) -> None:
        """Where nothing is looked for there is no field for it."""
        field = self.query_one(Input)
        field.display = bool(field.value) or field.has_focus

    def action_filter(self) -> None:
        """List all, what is to do, begun, solved, or worth another look."""
        self._list_only(self._only.following)

    def action_begun(self) -> None:
        """List what was begun; the same key again lists all."""
        self._list_only(Only.ALL if self._only is Only.BEGUN else Only.BEGUN)

    def _list_only(self, only: Only) -> None:
        self._only = only
        self.query_one(ExerciseTree).focus()
        self._list(self._first)

    @property
    def _first(self) -> str | None:
        rows = self.query_one(TodayList).rows
        return next((row.id for row in rows if row.id), None)

    def on_screen_suspend(self) -> None:
        """Who goes on to an exercise, or to another page, has found what was looked for; dialogs lie above the list."""
        is_left = any(not isinstance(screen, ModalScreen) for screen in self.app.screen_stack[1:])
        if is_left and (self._narrowed or isinstance(self.focused, Input)):
            searched = isinstance(self.focused, Input)
            self._list_all()
            if searched:
                self.set_focus(self.query_one(ExerciseTree))

    def action_all(self) -> None:
        """End search and filter."""
        self._list_all()
        self.query_one(ExerciseTree).focus()

    def _list_all(self) -> None:
        self._only, field = Only.ALL, self.query_one(Input)
        with self.prevent(Input.Changed):
            field.value = ""
        field.display = False
        self._list(self._under_cursor or self.query_one(ExerciseTree).under_cursor or self._first)

    # Jumping

    def go_to_number(self, number: str) -> str:
        """Put the cursor on the exercise of a number; its title, or "" where there is none."""
        id = self._road.find(number)
        if id is None:
            return ""
        tree = self.query_one(ExerciseTree)
        if id not in tree.leaves:
            self.action_all()
        tree.go_to(id)
        tree.focus()
        return self._shelf.library.exercises[id].file.title

    @property
    def bar_places(self) -> tuple[str, ...]:
        """The keys of the list with the focus, then those of the screen."""
        if isinstance(self.focused, Input):
            return "home search", "home"
        return "home today" if isinstance(self.focused, TodayList) else "home list", "home"
