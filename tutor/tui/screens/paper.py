"""The screen a paper is sat on: questions in any order, a clock, and nothing said of any answer."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from tutor.drawing import ShapesFigure
from tutor.judging import Kind, Verdict
from tutor.learner import StoreProblem
from tutor.marking import PaperMarks
from tutor.marking.records import in_words
from tutor.papers.result import clock
from tutor.papers.sitting import QuestionState, Sitting
from tutor.questions import Answer, Blank, InputKind
from tutor.text import harmless
from tutor.tui import content
from tutor.tui.commands import bindings
from tutor.tui.keys import with_keys
from tutor.tui.save_errors import SaysTrouble
from tutor.tui.screens.dialog import Dialog
from tutor.tui.screens.exercise_layout import LayoutRequest, lay_out
from tutor.tui.screens.help import HelpScreen
from tutor.tui.screens.menu import MenuScreen
from tutor.tui.widgets.bars import BottomBar, offers
from tutor.tui.widgets.blank_list import BlankList, Section
from tutor.tui.widgets.choice_row import ChoiceRow, Options
from tutor.tui.widgets.close_up_view import CloseUpView, FigureView, LessonRow
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.statement import Statement
from tutor.tui.widgets.text_panels import FeedbackPanel
from tutor.tui.widgets.work_pane import AnswerRow, WorkPane

_WIDGETS = ("graph_view", "work_pane", "blank_list", "close_up_view", "choice_row", "text_panels")
"""Those with a style sheet."""

_LAST_MINUTES = 300
"""Seconds from which the clock is in another colour."""
_LONGEST_PAUSE = 90.0
"""Seconds between two looks at the clock, from which the machine was asleep: the paper was not open then."""

_SIGNS = {QuestionState.OPEN: "○", QuestionState.IN_PART: "◐", QuestionState.ANSWERED: "●"}
_FLAG = "!"

_FIELDS = {
    InputKind.VALUE: "value",
    InputKind.CHOICE: "choice",
    InputKind.EQUATIONS: "equations",
    InputKind.CODE: "code",
}
"""How the table of commands calls the place where each is filled in."""

_KEPT = "Kept as you type. No marks, hints or verdicts before the paper is handed in."
_EQUATIONS = (
    "{paper.next_blank} goes on, to blanks about your own equations; they come once each line is one operation."
)
_CODE = "{paper.next_blank} goes on. It is run when the paper is handed in."


class PaperScreen(SaysTrouble, Screen[None]):
    """Works one sitting. All that is kept or marked happens in the sitting."""

    CSS_PATH: ClassVar[list[str]] = [  # type: ignore[assignment]
        "paper.tcss",
        *(f"../widgets/{name}.tcss" for name in _WIDGETS),
    ]
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
        super().__init__()
        self.sitting = sitting
        self._drawn_with = ascii_only, digits
        self._number, key = sitting.here
        self._found = sitting.find(self._number, key)
        self._marking = False
        self._looked = time.monotonic()

    def compose(self) -> ComposeResult:
        """Title and clock, the questions, what is given, the picture, the work, the keys."""
        yield Static(id="head", markup=False)
        yield Static(id="questions", markup=False)
        yield Static(id="question-title", markup=False)
        yield Statement(self._drawn_with[0])
        yield GraphView(*self._drawn_with)
        yield CloseUpView()
        yield LessonRow("")
        yield WorkPane(self._hand_on, self._line_done)
        yield BottomBar()

    def on_mount(self) -> None:
        """Go on where the learner was; the clock runs from now."""
        self.query_one(AnswerRow).enter_does = self.query_one(ChoiceRow).enter_does = "goes on"
        self._looked = time.monotonic()
        self._go(*self.sitting.here)
        if self.sitting.paper.prompt and not self.sitting.spent:
            self._say(content.plain(self.sitting.paper.prompt), content.muted(_KEPT))
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

    def _show_head(self) -> None:
        sitting, width = self.sitting, self.size.width or self.app.size.width
        title = harmless(sitting.paper.title)
        hide = f"   {self._keys('{paper.clock}')} hides it" if width >= 100 else ""
        left = f"{clock(sitting.left)} left of {clock(60 * sitting.paper.minutes)}{hide} "
        colour = "$wrong" if sitting.left <= _LAST_MINUTES else "$text-muted"
        if sitting.clock_hidden:
            left = ""
        room = width - len(left) - 2
        title = title if len(title) <= room else f"{title[: max(0, room - 1)]}…"
        between = " " * max(1, width - 1 - len(title) - len(left))
        self.query_one("#head", Static).update(Content.assemble(" ", (title, "bold"), between, (left, colour)))

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

    @property
    def _blank(self) -> Blank | None:
        return self._found.blank if self._found is not None else None

    def _show_all(self) -> None:
        sitting, number, found = self.sitting, self._number, self._found
        question = sitting.question(number)
        self.set_class(self._blank is not None and self._blank.wants is InputKind.CODE, "-code")
        self._show_questions()
        many = len(sitting.blanks(number))
        blanks = f"{many} blank{'' if many == 1 else 's'}{' so far' if sitting.waits(number) else ''}"
        worth = f"{in_words(question.full)} of {in_words(sitting.full)} marks · {blanks}"
        self.query_one("#question-title", Static).update(
            Content.assemble(f" {number}  ", (harmless(question.title), "bold"), (f"   {worth}", "$text-muted"))
        )
        statement = question.question.statement
        words = sitting.vocabulary(found.opened) if found is not None else None
        self.query_one(Statement).show(statement, words.arrays if words else None)
        self.set_class(not statement, "-nostatement")
        pane = self.query_one(WorkPane)
        if found is not None:
            pane.show_about(sitting.about(found.opened))
            text = sitting.standing(number, found.blank)
            typed = text if found.blank.wants is InputKind.EQUATIONS else None
            pane.show_blank(found.blank, text, sitting.vocabulary(found.opened, typed))
            figure = question.question.figure(found.blank)
            lines_up = isinstance(figure, ShapesFigure)  # shapes lined up are half of the answer
            self.query_one(FigureView).show(None if lines_up else figure, revealed=False)
        self._show_list()
        self._show_graph()
        self._lay_out()
        self._say(*self._how_to())
        self.refresh_bindings()
        pane.focus_field()

    def _show_list(self) -> None:
        """The blanks, with what stands in them; that says nothing of whether it is right."""
        number, sitting = self._number, self.sitting
        blanks = [one.blank for one in sitting.blanks(number)]
        answers = {
            blank.key: Answer(sitting.text(number, blank.key), Verdict(Kind.UNDECIDED))
            for blank in blanks
            if sitting.is_filled(number, blank)
        }
        self.query_one(WorkPane).show_list([Section("", blanks)], answers, self._blank, judged=False)

    def _show_questions(self) -> None:
        """`1● 2◐ ▐3○▌ 4!`, and how many are answered."""
        sitting = self.sitting
        states = {one.number: sitting.state(one.number) for one in sitting.questions}
        answered = sum(state is QuestionState.ANSWERED for state in states.values())
        in_part = sum(state is QuestionState.IN_PART for state in states.values())
        count = f"{answered} answered" + (f", {in_part} in part" if in_part else "")
        parts: list[str | tuple[str, str]] = []
        room = (self.size.width or self.app.size.width) - len(count) - 2
        first = 1
        wide = 4 if len(states) < 10 else 5
        most = max(1, room // wide)
        if len(states) > most:
            first = max(1, min(self._number - most // 2, len(states) - most + 1))
        for number, state in states.items():
            if not first <= number < first + most:
                continue
            sign = _FLAG if number in sitting.flags else _SIGNS[state]
            here = number == self._number
            parts.append((f" {number}{sign} ", "bold reverse" if here else _style_of(state, number in sitting.flags)))
        used = sum(len(part[0]) for part in parts)
        between = " " * max(1, room - used + 1)
        self.query_one("#questions", Static).update(Content.assemble(*parts, between, (count, "$text-muted")))

    def on_resize(self, event: events.Resize) -> None:
        """Share out the lines anew."""
        self._show_head()
        self._show_questions()
        self._lay_out(event.size)

    def _lay_out(self, size: Size | None = None) -> None:
        size = size or self.app.size
        grows = self._blank is not None and self._blank.wants is InputKind.EQUATIONS
        about = self.sitting.about(self._found.opened) if self._found is not None else ""
        lay_out(self, Size(size.width, max(1, size.height - 2)), LayoutRequest(about, self._blank, "", grows))

    def _say(self, *paragraphs: content.StyledParagraph) -> None:
        self.query_one(FeedbackPanel).show(*paragraphs)

    def _how_to(self) -> list[content.StyledParagraph]:
        wants = self._blank.wants if self._blank is not None else InputKind.VALUE
        said = {InputKind.EQUATIONS: _EQUATIONS, InputKind.CODE: _CODE}.get(wants, _KEPT)
        return [content.muted(self._keys(said))]

    def _keys(self, text: str) -> str:
        return with_keys(self.app, text)

    # Typing

    def on_work_pane_typed(self) -> None:
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
        self.keep_typed()
        self.action_go_on(1)
        return True

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
        if event.character and event.character.isdigit():
            event.stop()
            self.action_to_step(int(event.character))

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
            return "paper graph", "paper"
        wants = self._blank.wants if self._blank is not None else InputKind.VALUE
        return f"paper {_FIELDS[wants]}", "paper"

    # The graph

    def _show_graph(self) -> None:
        found, typed = self._found, None
        if found is not None and found.blank.wants is InputKind.EQUATIONS:
            typed = self.query_one(WorkPane).text
        picture = self.sitting.picture(self._number, found.opened, typed) if found is not None else None
        self.set_class(picture is None, "-nograph")
        if picture is None or found is None:
            return
        graph = self.query_one(GraphView)
        node = found.opened.question.node_of(found.blank)
        graph.show(picture, node)
        if node:
            graph.select(node)

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

    @property
    def _in_graph(self) -> bool:
        return isinstance(self.focused, GraphView)

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
        texts = (question.question.statement, about, question.exercise.file.prompt, self.sitting.paper.prompt)
        self._say(*(content.plain(text) for text in dict.fromkeys(texts) if text))

    # Other keys

    def action_menu(self) -> None:
        """Offer the letters."""
        self.app.push_screen(MenuScreen(offers(self, "paper"), len(self.sitting.questions), "question"), self._chosen)

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


def _style_of(state: QuestionState, flagged: bool) -> str:
    if flagged:
        return "bold $hint"
    return "$foreground" if state is QuestionState.OPEN else "$text-muted"


class HandInScreen(Dialog[bool]):
    """The question whether to hand in. Dismissed with the answer."""

    CSS_PATH = "hand_in.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("handing")

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self._sitting = sitting

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical() as box:
            box.border_title = "Hand in"
            yield Static(self._text(), markup=False)

    def _text(self) -> Content:
        sitting = self._sitting
        empty = sitting.open_blanks
        blanks = "Every blank is filled in" if not empty else f"{empty} blank{' is' if empty == 1 else 's are'} empty"
        flagged = f", {len(sitting.flags)} flagged" if sitting.flags else ""
        left = f"{blanks}{flagged}; {clock(sitting.left)} left."
        after = "Then it is marked, and code is run. Nothing can be changed after that."
        yes, no = (with_keys(self.app, f"{{handing.{word}}}") for word in ("yes", "no"))
        keys = Content.assemble((f"{yes:<5}", "bold $key"), "  hand in\n", (f"{no:<5}", "bold $key"), "  go back")
        return Content("\n\n").join([Content(left), Content(after), keys])

    def action_agree(self, agreed: bool) -> None:
        """Close with the answer."""
        self.dismiss(agreed)
