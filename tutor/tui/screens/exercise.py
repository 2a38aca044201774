"""The screen an exercise is worked on: statement, steps, graph, the current blank, and what is said."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from tutor.learner import StoreProblem
from tutor.questions import InputKind, Step
from tutor.session.hint_policy import hint_waits
from tutor.session.session import Session
from tutor.tui import content
from tutor.tui.commands import bindings
from tutor.tui.layout_budget import WIDE
from tutor.tui.screens.again import AgainScreen, Why
from tutor.tui.screens.exercise_checking import ExerciseChecking
from tutor.tui.screens.help import HelpScreen
from tutor.tui.screens.menu import MenuScreen
from tutor.tui.screens.solved import SolvedScreen
from tutor.tui.screens.worked import WorkedScreen
from tutor.tui.widgets.bars import BottomBar, offers
from tutor.tui.widgets.choice_row import Options
from tutor.tui.widgets.close_up_view import CloseUpView, LessonRow
from tutor.tui.widgets.code_editor import CodeEditor, NoEditor, edit_outside
from tutor.tui.widgets.finished_graph import FinishedGraph
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.statement import Statement
from tutor.tui.widgets.steps_bar import StepsBar
from tutor.tui.widgets.text_panels import FeedbackPanel
from tutor.tui.widgets.work_pane import WorkPane

_WORKED = "worked solution"
"""Stands for the whole solution, where the key of a blank stands for its answer."""

_WIDGETS = (
    "steps_bar",
    "graph_view",
    "work_pane",
    "blank_list",
    "close_up_view",
    "choice_row",
    "text_panels",
)
"""Those with a style sheet."""


class ExerciseScreen(ExerciseChecking):
    """Works one session: takes answers in, and gives help. All that is judged or kept happens in the session."""

    CSS_PATH: ClassVar[list[str]] = [  # type: ignore[assignment]
        "exercise.tcss",
        *(f"../widgets/{name}.tcss" for name in _WIDGETS),
    ]
    AUTO_FOCUS = ""  # the field gets the focus, once there is something to fill in

    BINDINGS: ClassVar[list[BindingType]] = bindings("exercise")

    class Left(Message):
        """The learner goes home."""

    class GatesWanted(Message):
        """The gate cards are wanted, that of the gate `here` first."""

        def __init__(self, here: str | None) -> None:
            super().__init__()
            self.here = here

    class NextWanted(Message):
        """The learner wants the exercise after this one."""

    class ExamWanted(Message):
        """The learner wants to sit the exercise of this id as an exam paper."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    class FreshWanted(Message):
        """The learner wants the exercise of this id once more, on new numbers."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    def __init__(
        self,
        session: Session,
        next_title: str | None,
        brought: Step | None = None,
        ascii_only: bool = False,
        digits: int = 3,
    ) -> None:
        """`brought` is the step for which the learner brought a program along; the others are about the graph."""
        super().__init__(session, ascii_only, digits)
        self._next_title = next_title
        self._brought = brought

    def compose(self) -> ComposeResult:
        """Title and steps, what is given, the picture, the work, the keys."""
        yield self._first_line()
        yield Statement(self._drawn_with[0])
        yield GraphView(*self._drawn_with, whole="{exercise.graph}: all of it")
        yield CloseUpView()
        yield LessonRow(self.session.exercise.file.prompt)
        yield WorkPane(self._hand_in, self._end_line, self._typed)
        yield FinishedGraph(self._leave_finished)
        yield BottomBar()

    def _first_line(self) -> StepsBar:
        return StepsBar(self.session.exercise.file.title, self.session.exercise.id)

    def on_mount(self) -> None:
        """Begin where the learner left off."""
        prompt = self.session.exercise.file.prompt
        graph = self.session.view.picture(self.session.current_step)
        if prompt and not self.session.answers and (graph is not None or self._introduced_nowhere):
            self._keep_said(content.plain(prompt), new_here=True)
        if self.session.finished:
            finished = (
                "This exercise is finished. {exercise.back} and {exercise.on} go through its steps, "
                "{exercise.again} begins it again."
            )
            self._keep_said(content.strong(self._keys(finished)))
        if self._brought is not None:
            opened = self.session.state(self._brought).open
            how = (
                self._keys("{exercise.check} runs it.")
                if opened
                else f"{self._brought.title} opens when the steps before it are done."
            )
            self._keep_said(content.strong(f"Your program is in the step {self._brought.title}. {how}"))
            self._go_to(self._brought if opened else self.session.current_step)
            return
        self._go_to(self.session.current_step)
        if why := Why.of(self.session):
            self.call_after_refresh(self._offer_again, why)

    @property
    def _introduced_nowhere(self) -> bool:
        """Whether code or a figure takes the place of the introduction."""
        step = self.session.current_step
        blanks, blank = self.session.blanks(step), self.session.current_blank(step)
        figure = self.session.view.figure(step, blank) if blank is not None else None
        coded = any(one.wants is InputKind.CODE for one in blanks)
        return self.app.size.width < WIDE and (coded or figure is not None)

    def _show_solved(self) -> None:
        self.app.push_screen(SolvedScreen(self.session, self._next_title), self._after_solved)

    def _after_solved(self, choice: str | None) -> None:
        if choice == "next":
            self.post_message(self.NextWanted())
        elif choice == "home":
            self.action_home()
        elif choice == "again":
            self.action_again()
        elif choice == "fresh":
            self.action_fresh()

    # Beginning again, on the same numbers or on others

    def action_fresh(self) -> None:
        """Once more on new numbers; where this is half done, when that is confirmed."""
        session = self.session
        self.keep_typed()
        if session.begun and not session.finished:
            self.app.push_screen(AgainScreen(session.exercise.file.title, Why.FRESH, finished=False), self._go_fresh)
        else:
            self._go_fresh(agreed=True)

    def _go_fresh(self, agreed: bool | None) -> None:
        if agreed:
            self.post_message(self.FreshWanted(self.session.exercise.id))

    def action_exam(self) -> None:
        """Sit it as an exam paper; what is done here is kept, and the paper asks before its clock runs."""
        self.keep_typed()
        self.post_message(self.ExamWanted(self.session.exercise.id))

    def action_again(self) -> None:
        """Begin the exercise again from nothing, when that is confirmed."""
        self._ask_again(Why.of(self.session) or Why.ASKED)

    def _offer_again(self, why: Why) -> None:
        if self.is_current:  # the learner may have left already
            self._ask_again(why)

    def _ask_again(self, why: Why) -> None:
        session = self.session
        self.app.push_screen(AgainScreen(session.exercise.file.title, why, session.finished), self._begin_again)

    def _begin_again(self, agreed: bool | None) -> None:
        if not agreed:
            return
        try:
            self.session.reset()
        except StoreProblem as problem:
            self._say(content.strong(f"The exercise could not be begun again. {problem}"))
            return
        self._give_up_typed()
        prompt = self.session.exercise.file.prompt
        self._keep_said(*([content.plain(prompt)] if prompt else []), new_here=True)
        self._go_to(self.session.current_step)

    # Other keys

    def action_menu(self) -> None:
        """Offer the letters: each does one thing, whatever is being typed."""
        self.app.push_screen(
            MenuScreen("exercise", offers(self, "exercise"), len(self.session.view.parts())), self._chosen
        )

    async def _chosen(self, action: str | None) -> None:
        """Do what was chosen among the letters."""
        if action is None:
            return
        if action.startswith("key:"):
            key = action.removeprefix("key:")
            if not (key in ("tab", "shift+tab") and isinstance(self.focused, CodeEditor)):  # it was not meant to indent
                self.app.simulate_key(key)
        elif action == "type":
            if self._in_graph:
                self.action_leave_graph()
        elif action == "enter":
            await self._enter()
        else:
            await self.run_action(action)

    async def _enter(self) -> None:
        """What Enter does where it is no line end: check, run, or go to the blank of a gate."""
        if self._in_graph:
            self.query_one(GraphView).action_choose()
        elif self.has_class("-finished"):
            self._leave_finished()
        elif self._blank is not None and self._blank.wants is InputKind.CHOICE:
            self.query_one(Options).action_hand_in()
        else:
            self._hand_in()

    def action_help(self) -> None:
        """Explain the keys and what may be typed; one of them may be chosen there."""
        self.app.push_screen(HelpScreen("exercise", offers(self, "exercise")), self._chosen)

    def action_following(self) -> None:
        """On to the next exercise."""
        self._drafts.keep()
        self.post_message(self.NextWanted())

    def action_hint(self) -> None:
        """Give the next rung of hints."""
        if self._blank is None:
            return
        given = self.session.hint(self._step, self._blank, self.query_one(WorkPane).text)
        if given is None:
            waits = self.session.hint_waits(self._blank)
            said = (
                hint_waits(waits)
                if waits
                else self._keys("These are all the hints here. {exercise.show} shows the answer.")
            )
            self._keep_said(content.muted(said))
        self._say()
        if given is not None:
            self.query_one(FeedbackPanel).show_newest("hint")

    def action_fix(self) -> None:
        """Put right the answers that followed from numbers that are right by now."""
        self._drafts.keep()
        try:
            mended = self.session.put_right()
        except StoreProblem as problem:
            self._say(content.strong(f"Your answers could not be put right. {problem}"))
            return
        if not mended:
            self._say(content.muted("No answer is left that followed from a number you have corrected."))
            return
        lines = [f"{blank.label} {self.session.answers[blank.key].text}" for blank in mended]
        said = content.strong(f"Put right: {'; '.join(lines)}")
        if self._blank in mended:
            self._give_up_typed()
        self._go_on(mended[-1], said)

    def action_show(self) -> None:
        """Show the answer to the current blank, when asked twice."""
        blank = self._blank
        if blank is None:
            return
        if self._show_asked != blank.key:
            self._show_asked = blank.key
            asked = "Press {exercise.show} again to be shown this answer. It will be marked as shown."
            self._say(content.strong(self._keys(asked)))
            return
        text = self.session.show(self._step, blank)
        self._give_up_typed()
        said = f"Shown: {blank.label} {text}" if "\n" not in text else f"Shown, in the step {self._step.title}."
        self._go_on(blank, content.muted(said))

    def action_gates(self) -> None:
        """Show the gate cards, beginning with the gate at hand."""
        gate = self.session.view.gate_at(self._step, self._blank) if self._blank is not None else None
        self.post_message(self.GatesWanted(gate))

    def action_worked(self) -> None:
        """Show the worked solution of this question: at once when everything in it is done, else when asked twice."""
        of_one = " of this question" if self.session.several_questions else ""
        if not self.session.question_finished(self._step):
            if self._show_asked != _WORKED:
                self._show_asked = _WORKED
                ask = self._keys("Press {exercise.worked} again for the worked solution") + f"{of_one}."
                open_yet = f"Everything still open{' in it' if of_one else ''} will be marked as shown."
                self._say(content.strong(f"{ask} {open_yet}"))
                return
            self.session.skip_question(self._step)
            self._give_up_typed()
            self._keep_said(content.muted(f"The rest{of_one} was shown."))
            self._go_to(self._step)
        self.app.push_screen(WorkedScreen(self.session, self._step, self._drawn_with[0]))

    def action_outside(self) -> None:
        """Take the code to the learner's own editor, and back."""
        pane, blank = self.query_one(WorkPane), self._blank
        if blank is None:
            return
        self._drafts.keep()
        try:
            text = edit_outside(self.app, pane.text, f"{blank.label}.py")
        except NoEditor as trouble:
            self._say(content.strong(str(trouble)))
            return
        pane.show_blank(blank, text, None)
        self._drafts.keep()
        self._go_to(self._step, blank)
        self._say(content.muted(self._keys("Taken back from your editor. {exercise.check} runs it.")))

    def action_quick(self) -> None:
        """Ask for each gradient only."""
        self._ask_for(quick=True, said="Fewer blanks: each value's gradient only. {exercise.quick} asks for all again.")

    def action_full(self) -> None:
        """Ask for everything."""
        self._ask_for(
            quick=False, said="All blanks: upstream, local and downstream. {exercise.quick} asks for fewer again."
        )

    def action_quick_later(self) -> None:
        """Ask for each gradient only, once the backward step comes."""
        said = "Fewer blanks in Backward: each value's gradient only. There {exercise.quick} asks for all."
        self._ask_for(quick=True, said=said)

    def action_full_later(self) -> None:
        """Ask for everything, once the backward step comes."""
        said = "All blanks in Backward: upstream, local and downstream. There {exercise.quick} asks for fewer."
        self._ask_for(quick=False, said=said)

    def _ask_for(self, *, quick: bool, said: str) -> None:
        """Ask for fewer blanks or for all, about the value that is at hand; say so in the place of the last verdict."""
        session, step, blank = self.session, self._step, self._blank
        self.keep_typed()
        node = session.view.node_of(step, blank) if blank is not None else ""
        session.set_quick(quick)
        here = [one for one in session.blanks(step) if node and session.view.node_of(step, one) == node]
        same = [one for one in here if blank is not None and one.key == blank.key]
        self._keep_said(content.strong(self._keys(said)))
        self._go_to(step, next((one for one in (*same, *here) if not session.accepted(one)), None))

    def action_home(self) -> None:
        """Go home; everything is kept."""
        self._drafts.keep()
        self.post_message(self.Left())
