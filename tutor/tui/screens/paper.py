"""The screen a paper is sat on: questions in any order, a clock, and nothing said of any answer."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Static

from tutor.learner import StoreProblem
from tutor.marking import PaperMarks
from tutor.papers.sitting import QuestionState, Sitting
from tutor.questions import InputKind
from tutor.tui import content
from tutor.tui.commands import BY_ID, bindings
from tutor.tui.keys import digit_of, has_key, own_keys, spoken
from tutor.tui.screens.hand_in import HandInScreen
from tutor.tui.screens.help import HelpScreen
from tutor.tui.screens.menu import MenuScreen
from tutor.tui.screens.paper_view import KEPT, PaperView
from tutor.tui.typed_ahead import PastedOn
from tutor.tui.widgets.bars import BottomBar, idle_command, offers
from tutor.tui.widgets.blank_list import BlankList
from tutor.tui.widgets.choice_row import ChoiceRow, Options
from tutor.tui.widgets.close_up_view import CloseUpView, LessonRow
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.pasting import left_out
from tutor.tui.widgets.statement import Statement
from tutor.tui.widgets.text_panels import scroll_on
from tutor.tui.widgets.work_pane import AnswerRow, WorkPane

_LONGEST_PAUSE = 90.0
"""Seconds between two looks at the clock, from which the machine was asleep: the paper was not open then."""

_FIELDS = {
    InputKind.VALUE: "value",
    InputKind.CHOICE: "choice",
    InputKind.EQUATIONS: "equations",
    InputKind.CODE: "code",
}
"""How the table of commands calls the place where each is filled in."""

_HELP = ("exercise.hint", "exercise.show", "exercise.worked", "exercise.replay", "lesson")
_NO_HELP = "no hints, verdicts or answers before it is handed in"
"""What helps in an exercise, and why it does not here."""


class PaperScreen(PaperView):
    """Works one sitting. All that is kept or marked happens in the sitting."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = bindings("paper")

    class Left(Message):
        """The learner goes home; the paper lies open."""

    class HandedIn(Message):
        """The sitting of this key is over, and marked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, sitting: Sitting, ascii_only: bool = False, digits: int = 3) -> None:
        super().__init__(sitting, ascii_only, digits)
        self._marking = False
        self._came_round = False
        """Whether Enter last led from the last blank back to one before it."""
        self._looked = time.monotonic()

    def compose(self) -> ComposeResult:
        """Title and clock, the questions, what is given, the picture, the work, the keys."""
        yield Static(id="head", markup=False)
        yield Static(id="questions", markup=False)
        yield Static(id="question-title", markup=False)
        yield Statement(self._drawn_with[0])
        yield GraphView(*self._drawn_with, whole="{exercise.graph}: all of it")
        yield CloseUpView()
        yield LessonRow("")
        yield WorkPane(self._hand_on, self._line_done, self._typed)
        yield BottomBar()

    def on_mount(self) -> None:
        """Go on where the learner was; the clock runs from now."""
        self.query_one(AnswerRow).enter_does = self.query_one(ChoiceRow).enter_does = "goes on"
        self._looked = time.monotonic()
        self._go(*self.sitting.here)
        if self.sitting.paper.prompt and not self.sitting.spent:
            self._say(content.plain(self.sitting.paper.prompt), content.muted(KEPT))
        self.set_interval(1.0, self._tick)
        self._tick()

    # The clock

    def _tick(self) -> None:
        """A second more; when none is left, what is there is handed in."""
        now = time.monotonic()
        gone, self._looked = now - self._looked, now
        if self._marking or self not in self.app.screen_stack:
            return
        self.sitting.tick(gone if gone < _LONGEST_PAUSE else 0.0)
        self._show_head()
        if self.sitting.time_is_up:
            self.keep_typed()
            self._begin_marking("Time is up. The paper is handed in as it is, and is being marked …")

    def action_hide_clock(self) -> None:
        """Hide the clock; it runs on."""
        self._hide_clock(hidden=True)

    def action_show_clock(self) -> None:
        """Show it again."""
        self._hide_clock(hidden=False)

    def _hide_clock(self, hidden: bool) -> None:
        self.sitting.hide_clock(hidden)
        self._show_head()
        self.refresh_bindings()

    # Where we are

    def _go(self, number: int, key: str = "") -> None:
        """Make a question and one of its blanks the current ones."""
        self.keep_typed()
        self._number, self._found = number, self.sitting.find(number, key)
        self.sitting.go(number, self._found.blank.key if self._found is not None else "")
        self._show_all()

    # Typing

    def _typed(self) -> None:
        """Keep it at once."""
        self.keep_typed()
        found = self._found
        if found is not None and found.blank.wants is InputKind.EQUATIONS:
            text = self.query_one(WorkPane).text
            words = self.sitting.vocabulary(found.opened, text)
            self.query_one(EquationsEditor).vocabulary = words
            self._show_graph()

    def keep_typed(self) -> None:
        """Keep what stands in the field."""
        typed = self.query_one(WorkPane).typed
        if typed is None or self._marking or self._blank is None or typed[0].key != self._blank.key:
            return
        blank, text = typed
        before = self.sitting.is_filled(self._number, blank)
        if text == self.sitting.standing(self._number, blank):
            return
        self.sitting.keep(self._number, blank.key, text)
        if self.sitting.is_filled(self._number, blank) != before:
            self._show_list()
            if blank.wants is not InputKind.EQUATIONS:
                self._show_questions()

    def _hand_on(self) -> bool:
        """Enter in a field: on to the next blank, or question. What was pasted behind goes there too."""
        before = self._place
        self.action_go_on(1)
        self._came_round = self._place <= before
        return True

    @property
    def _place(self) -> tuple[int, int]:
        """The number of the question, and of the blank in it."""
        keys = [one.blank.key for one in self.sitting.blanks(self._number)]
        return self._number, keys.index(self._blank.key) if self._blank is not None and self._blank.key in keys else -1

    def on_pasted_on(self, event: PastedOn) -> None:
        """Nothing is pasted past the last blank, into those that are filled."""
        if self._came_round:
            event.stop()
            if event.text.strip():
                said = left_out(event.text, "no blank comes after the one before it")
                self.notify(said, severity="warning", markup=False, timeout=15)

    def _line_done(self, text: str, number: int) -> bool:
        """Enter in the equations: the next line; on an empty line at the end, on to the next blank."""
        lines = text.split("\n")
        if text.strip() and number == len(lines) - 1 and not lines[number].strip():
            return self._hand_on()
        self.query_one(EquationsEditor).new_line()
        return False

    # To another blank or question

    def action_go_on(self, by: int) -> None:
        """To the next blank (or the one before), past the ends to the next question."""
        self.keep_typed()
        keys = [one.blank.key for one in self.sitting.blanks(self._number)]
        at = keys.index(self._blank.key) + by if self._blank is not None and self._blank.key in keys else len(keys)
        if 0 <= at < len(keys):
            self._go(self._number, keys[at])
        else:
            self.action_question(by)

    def action_blank(self, by: int) -> None:
        """To the blank before or after in this question."""
        keys = [one.blank.key for one in self.sitting.blanks(self._number)]
        if self._blank is not None and self._blank.key in keys:
            self._go(self._number, keys[max(0, min(len(keys) - 1, keys.index(self._blank.key) + by))])

    def action_question(self, by: int) -> None:
        """To the next question; from the last to the first that is not answered."""
        many, number = len(self.sitting.questions), self._number + by
        if number > many:
            number = next((n for n in range(1, many + 1) if self.sitting.state(n) is not QuestionState.ANSWERED), 1)
        self._go(number if number >= 1 else many)

    def action_to_step(self, number: int) -> None:
        """To a question by its number."""
        if 1 <= number <= len(self.sitting.questions):
            self._go(number)

    def on_key(self, event: events.Key) -> None:
        """Where no text is edited a number goes to its question."""
        if (number := digit_of(event)) is not None:
            event.stop()
            self.action_to_step(number)
        elif (command := idle_command(self, event.key, *self.bar_places)) is not None and command.idle:
            self._say(content.muted(f"{spoken(event.key)} does nothing here: {command.idle}."))
        elif any(has_key(BY_ID[id], event.key, own_keys(self.app)) for id in _HELP):
            self._say(content.muted(f"{spoken(event.key)} does nothing on a paper: {_NO_HELP}."))

    def on_blank_list_chosen(self, event: BlankList.Chosen) -> None:
        """To the blank that was clicked."""
        self._go(self._number, event.key)

    def action_flag(self) -> None:
        """Flag the question, or no longer."""
        self.sitting.flag(self._number)
        self._show_questions()
        self.refresh_bindings()

    def action_unflag(self) -> None:
        """The same key takes the flag away."""
        self.action_flag()

    # What applies

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Keys that mean nothing here are not shown."""
        match action:
            case "blank":
                return self._blank is not None and self._blank.wants in (InputKind.VALUE, InputKind.CHOICE)
            case "flag" | "unflag":
                return (self._number in self.sitting.flags) == (action == "unflag")
            case "hide_clock" | "show_clock":
                return self.sitting.clock_hidden == (action == "show_clock")
            case "graph":
                return not (self.has_class("-nograph") or self._in_graph)
            case "graph_style":
                return not self.has_class("-nograph")
            case "leave_graph":
                return self._in_graph
            case "question":
                return len(self.sitting.questions) > 1
            case _:
                return True

    @property
    def bar_places(self) -> tuple[str, ...]:
        """The keys of what has the focus, then those of the screen."""
        if self._in_graph:
            return "exercise graph", "paper"
        wants = self._blank.wants if self._blank is not None else InputKind.VALUE
        return f"paper {_FIELDS[wants]}", "paper"

    # The graph

    def action_graph(self) -> None:
        """To the graph, larger."""
        self.set_class(True, "-graph")
        self._lay_out()
        self.query_one(GraphView).focus()

    def action_leave_graph(self) -> None:
        """Back from the graph to the blank."""
        self.set_class(False, "-graph")
        self._lay_out()
        self.query_one(WorkPane).focus_field()

    def on_descendant_blur(self) -> None:
        """The graph is large only while it has the focus."""
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        if self not in self.app.screen_stack:
            return  # it was handed in meanwhile
        if self.focused is None and self.app.app_focus:
            self.query_one(WorkPane).focus_field()
        self.set_class(self._in_graph, "-graph")
        self._lay_out()

    def on_graph_view_chosen(self, event: GraphView.Chosen) -> None:
        """To the first blank about the value that was chosen."""
        for one in self.sitting.blanks(self._number):
            if one.opened.question.node_of(one.blank) == event.name:
                self._go(self._number, one.blank.key)
                return

    def action_graph_style(self) -> None:
        """Draw the graph another way."""
        self.query_one(GraphView).next_style()

    def action_statement(self) -> None:
        """All of the text: what is given and what is asked, the introduction."""
        question, found = self.sitting.question(self._number), self._found
        about = self.sitting.about(found.opened) if found is not None else ""
        texts = (
            question.question.statement_at(self._blank),
            about,
            question.exercise.file.prompt,
            self.sitting.paper.prompt,
        )
        self._say(*(content.plain(text) for text in dict.fromkeys(texts) if text))

    def action_said(self, by: int) -> None:
        """Scroll what is said; where it has no more that way, what else there is."""
        scroll_on(self, by)

    # Other keys

    def action_menu(self) -> None:
        """Offer the letters."""
        self.app.push_screen(
            MenuScreen("paper", offers(self, "paper"), len(self.sitting.questions), "question"), self._chosen
        )

    async def _chosen(self, action: str | None) -> None:
        if action is None:
            return
        if action.startswith("key:"):
            self.app.simulate_key(action.removeprefix("key:"))
        elif action == "type":
            if self._in_graph:
                self.action_leave_graph()
        elif action == "enter":
            self._enter()
        else:
            await self.run_action(action)

    def _enter(self) -> None:
        if self._in_graph:
            self.query_one(GraphView).action_choose()
        elif self._blank is not None and self._blank.wants is InputKind.CHOICE:
            self.query_one(Options).action_hand_in()
        else:
            self._hand_on()

    def on_options_no_letter(self, event: Options.NoLetter) -> None:
        """Say what can be chosen."""
        event.stop()
        self._say(content.muted(event.said))

    def action_help(self) -> None:
        """Explain the keys."""
        self.app.push_screen(HelpScreen("paper", offers(self, "paper")), self._chosen)

    def action_home(self) -> None:
        """Go home; text and time are kept."""
        self.keep_typed()
        self._tick()
        if not self._marking:
            self.post_message(self.Left())

    def on_unmount(self) -> None:
        """However it is left, the time is kept to the second."""
        if not self._marking:
            self.sitting.tick(min(time.monotonic() - self._looked, _LONGEST_PAUSE))

    # The end

    def action_hand_in(self) -> None:
        """Hand in, when that is confirmed."""
        self.keep_typed()
        if not self._marking:
            self.app.push_screen(HandInScreen(self.sitting), self._agreed)

    def _agreed(self, agreed: bool | None) -> None:
        if agreed:
            self._begin_marking("Handed in. It is being marked …")

    def _begin_marking(self, said: str) -> None:
        if self._marking:
            return
        self._marking = True
        while self.app.screen is not self and self in self.app.screen_stack:
            self.app.pop_screen()
        self.query_one(WorkPane).disabled = True
        self._say(content.strong(said))
        self._mark()

    @work(thread=True, exclusive=True, group="marking")
    def _mark(self) -> None:
        app = self.app
        app.call_from_thread(self._marked, self.sitting.marks())

    def _marked(self, marks: PaperMarks) -> None:
        try:
            self.sitting.hand_in(marks)
        except StoreProblem as problem:
            self._marking = False
            self.query_one(WorkPane).disabled = False
            self._say(content.strong(f"The paper could not be handed in; your answers are as they were. {problem}"))
            return
        self.post_message(self.HandedIn(self.sitting.key))
