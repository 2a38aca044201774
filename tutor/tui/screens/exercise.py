"""The screen an exercise is worked on: statement, steps, graph, the current blank, and what is said."""

from __future__ import annotations

from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen

from tutor.hinting import hint_waits
from tutor.judging import Kind
from tutor.learner import StoreProblem
from tutor.questions import Blank, Step, Wants
from tutor.session import Judged, Session
from tutor.text import harmless
from tutor.tui import paint
from tutor.tui.drafts import Drafts
from tutor.tui.outside import NoEditor, edited
from tutor.tui.rooms import TALL
from tutor.tui.screens.exercise_layout import Asked, lay_out
from tutor.tui.screens.help import HelpScreen
from tutor.tui.screens.replay import ReplayScreen
from tutor.tui.screens.solved import SolvedScreen
from tutor.tui.screens.worked import WorkedScreen
from tutor.tui.widgets.blank_list import BlankList
from tutor.tui.widgets.bottom_bar import BottomBar
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.lesson import Lesson
from tutor.tui.widgets.said import Said
from tutor.tui.widgets.statement import Statement
from tutor.tui.widgets.steps_bar import StepsBar
from tutor.tui.widgets.title_bar import TitleBar
from tutor.tui.widgets.work_pane import WorkPane

_WORKED = "worked solution"
"""Stands for the whole solution, where the key of a blank stands for its answer."""


_HOW_TO = {
    Wants.VALUE: "Type the answer and press Enter. F2 gives a hint.",
    Wants.CHOICE: "A letter chooses, Enter checks. F2 gives a hint.",
    Wants.EQUATIONS: "Type an equation and press Enter. F2 gives a hint.",
    Wants.CODE: "Write what is missing; F5 runs it. F2 gives a hint.",
}
"""What the tutor says while there is nothing else to say."""

_WIDGETS = ("steps_bar", "graph_view", "work_pane", "blank_list", "answer_row", "choice_row", "lesson", "said")
"""Those with a style sheet."""


class ExerciseScreen(Screen[None]):
    """Works one session. All that is judged or kept happens there; this shows it."""

    CSS_PATH: ClassVar[list[str]] = [  # type: ignore[assignment]
        "exercise.tcss",
        *(f"../widgets/{name}.tcss" for name in _WIDGETS),
    ]
    AUTO_FOCUS = ""  # the field gets the focus, once there is something to fill in

    BINDINGS: ClassVar[list[BindingType]] = [
        # Priority: the editors have uses of their own for some of these keys.
        Binding("f1", "help", "Help", priority=True, id="exercise.help"),
        Binding("f2", "hint", "Hint", priority=True, id="exercise.hint"),
        Binding("f5", "check", "Check", priority=True, id="exercise.check"),
        Binding("f3", "step(-1)", "Step before", show=False, priority=True, id="exercise.back"),
        Binding("f4", "step(1)", "Step after", show=False, priority=True, id="exercise.on"),
        Binding("f7", "graph", "Graph", priority=True, id="exercise.graph"),
        Binding("f8", "quick", "Quick", priority=True, id="exercise.quick"),
        Binding("f9", "show", "Show", priority=True, id="exercise.show"),
        Binding("f6", "worked", "Worked", priority=True, id="exercise.worked"),
        Binding("ctrl+l", "statement", "Text", priority=True, id="exercise.statement"),
        Binding("f10", "outside", "Editor", priority=True, id="exercise.outside"),
        Binding("e", "outside", "Editor", show=False, id="exercise.outside_e"),
        Binding("ctrl+r", "replay", "Replay", show=False, priority=True, id="exercise.replay"),
        Binding("ctrl+g", "gates", "Gate card", show=False, id="exercise.gates"),
        Binding("escape", "home", "Home", id="exercise.home"),
        Binding("up", "blank(-1)", "Blank before", show=False, id="exercise.up"),
        Binding("down", "blank(1)", "Blank after", show=False, id="exercise.down"),
        Binding("pageup", "said(-1)", "Tutor panel up", show=False, id="exercise.said_up"),
        Binding("pagedown", "said(1)", "Tutor panel down", show=False, id="exercise.said_down"),
    ]

    class Left(Message):
        """The learner goes home."""

    class GatesWanted(Message):
        """The gate cards are wanted, that of the gate `here` first."""

        def __init__(self, here: str | None) -> None:
            super().__init__()
            self.here = here

    class NextWanted(Message):
        """The learner wants the exercise after this one."""

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
        super().__init__()
        self._drawn_with = ascii_only, digits
        session.beside.show_digits(digits)
        self.session = session
        self._next_title = next_title
        self._brought = brought
        self._step: Step = session.current_step
        self._blank: Blank | None = None
        self._last: Content | None = None
        self._show_asked: str | None = None
        self._card_shown = False
        """Whether a card of the graph stands where the tutor speaks."""
        self._drafts = Drafts(self, session)

    def compose(self) -> ComposeResult:
        """Bars above; graph and work side by side, or the graph above where it is narrow."""
        file = self.session.exercise.file
        yield TitleBar(file.title, self.session.exercise.id)
        yield StepsBar()
        yield Statement()
        with Container(id="body"):
            yield GraphView(*self._drawn_with)
            yield Lesson(self.session.exercise.file.prompt)
            with Vertical(id="work"):
                yield WorkPane(self._check, self._line_done)
                yield Said()
        yield BottomBar()

    def on_mount(self) -> None:
        """Begin where the learner left off."""
        prompt = self.session.exercise.file.prompt
        graph = self.session.beside.picture(self.session.current_step)
        tall = self.app.size.height >= TALL
        shown = graph is None and tall and not self._asks_code(self.session.current_step)
        self._last = Content(harmless(prompt)) if prompt and not shown and not self.session.answers else None
        if self.session.finished:
            self._last = paint.strong("This exercise is finished. F3 and F4 go through its steps.")
        if self._brought is not None:
            opened = self.session.state(self._brought).open
            how = "F5 runs it." if opened else f"{self._brought.title} opens when the steps before it are done."
            self._last = paint.strong(f"Your program is in the step {self._brought.title}. {how}")
            self._go_to(self._brought if opened else self.session.current_step)
            return
        self._go_to(self.session.current_step)

    def _asks_code(self, step: Step) -> bool:
        return any(blank.wants is Wants.CODE for blank in self.session.blanks(step))

    def on_unmount(self) -> None:
        """Keep what is typed."""
        self._drafts.keep()

    # Where we are

    def _go_to(self, step: Step, blank: Blank | None = None) -> None:
        """Make a step and one of its blanks the current ones."""
        self._drafts.keep()
        self._step = step
        blanks = self.session.blanks(step)
        self._blank = blank or self.session.current_blank(step) or (blanks[0] if blanks else None)
        self._show_asked = None
        self.set_class(self._blank is not None and self._blank.wants is Wants.CODE, "-code")
        self._refresh_work()
        self._refresh_graph()
        self._lay_out()
        self._say()
        self.refresh_bindings()
        pane = self.query_one(WorkPane)
        pane.focus_field()
        answer = self.session.answers.get(self._blank.key) if self._blank is not None else None
        if answer is not None and not answer.verdict.accepted and answer.text == pane.text:
            pane.select_field()

    def _refresh_work(self) -> None:
        session, step, blank = self.session, self._step, self._blank
        self.query_one(StepsBar).show(session.steps, [session.state(each) for each in session.steps], step)
        statement = session.beside.statement(step)
        self.query_one(Statement).show(statement)
        self.set_class(not statement, "-nostatement")
        pane = self.query_one(WorkPane)
        pane.show_about(step.about(session))
        pane.show_list(session.blanks(step), session.answers, blank)
        if blank is not None:
            text = session.draft(blank)
            typed = text if blank.wants is Wants.EQUATIONS else None
            pane.show_blank(blank, text, session.beside.vocabulary(step, typed))

    def on_resize(self, event: events.Resize) -> None:
        """Share out the lines anew."""
        self._lay_out(event.size)

    def _lay_out(self, size: Size | None = None) -> None:
        step = self._step
        asked = Asked(
            step.about(self.session), self.session.blanks(step), self._blank, self.session.exercise.file.prompt
        )
        lay_out(self, size or self.app.size, asked)

    def _refresh_graph(self) -> None:
        typing = self._blank is not None and self._blank.wants is Wants.EQUATIONS
        picture = self.session.beside.picture(self._step, self.query_one(WorkPane).text if typing else None)
        self.set_class(picture is None, "-nograph")
        if picture is None:
            return
        graph = self.query_one(GraphView)
        graph.show(picture)
        if self._blank is not None and (spot := self.session.beside.spot_of(self._step, self._blank)):
            graph.select(spot)

    def draw_with(self, ascii_only: bool, digits: int) -> None:
        """Draw the graph with these signs, its numbers with so many digits after the point."""
        if self._drawn_with == (ascii_only, digits):
            return
        self._drawn_with = ascii_only, digits
        self.session.beside.show_digits(digits)
        self.query_one(GraphView).draw_with(ascii_only, digits)
        self._refresh_graph()

    def _say(self, last: Content | None = None) -> None:
        """Show the last verdict and the hints seen at the current blank."""
        if last is not None:
            self._last = last
        hints = self.session.hints_seen(self._blank) if self._blank is not None else ()
        answer = self.session.answers.get(self._blank.key) if self._blank is not None else None
        if self._last is None and answer is not None:
            self._last = paint.verdict(answer.verdict)
        paragraphs = [self._last] if self._last is not None else []
        paragraphs += [paint.hint(rung, text) for rung, text in enumerate(hints)]
        if not paragraphs and self._blank is not None:
            paragraphs = [paint.muted(_HOW_TO[self._blank.wants])]
        self.query_one(Said).show(*paragraphs)

    # Typing

    def on_work_pane_typed(self, event: WorkPane.Typed) -> None:
        """Draw the equations as they grow; keep the text soon."""
        self._show_asked = None
        self._drafts.typed(event.blank, event.text)
        if event.blank.wants is Wants.EQUATIONS:
            words = self.session.beside.vocabulary(self._step, event.text)
            assert words is not None, "equations are mathematics"
            self.query_one(EquationsEditor).vocabulary = words
            self._refresh_graph()

    def _line_done(self, text: str, number: int) -> None:
        """Check a line of the staging; hand all in when it is the function."""
        staging = self.session.beside.staging(self._step, text)
        line = staging.line(number)
        if staging.complete:
            self._check()
        elif line is not None and line.verdict is not None:
            self._say(paint.verdict(line.verdict, f"Line {line.number + 1}:"))
        elif line is not None and staging.fault is None and staging.verdict.kind is not Kind.UNDECIDED:
            self._say(paint.verdict(staging.verdict))  # every line is an operation, but the last is not the function
        else:
            if line is not None:
                echo = f" Read as {line.echo}." if line.echo else ""
                self._say(Content.styled(f"✓ {harmless(line.text)}: one operation.{harmless(echo)}", "$text-success"))
            self.query_one(EquationsEditor).new_line()

    # Checking

    def action_check(self) -> None:
        """Check what stands in the current blank."""
        self._check()

    def _check(self) -> None:
        blank, text = self._blank, self.query_one(WorkPane).text
        if blank is None:
            return
        if not text.strip():
            self._say(paint.muted("There is nothing here yet. F2 gives a hint."))
        elif blank.wants is Wants.CODE:
            self._say(paint.muted("Running …"))
            self._run_code(self._step, blank, text)
        else:
            self._recorded(self.session.judge(self._step, blank, text))

    @work(thread=True, exclusive=True, group="code")
    def _run_code(self, step: Step, blank: Blank, text: str) -> None:
        judged = self.session.judge(step, blank, text)
        self.app.call_from_thread(self._recorded, judged)

    def _recorded(self, judged: Judged) -> None:
        """Record an answer; go on to the next blank where it is accepted."""
        before = {blank.key for blank in self.session.blanks(self._step)}
        try:
            verdict = self.session.record(judged)
        except StoreProblem as problem:
            self._say(paint.strong(f"Your answer could not be kept, so it does not count yet. {problem}"))
            return
        self._drafts.forget()
        said = paint.verdict(verdict, _said_to(judged))
        if self.session.find(judged.blank.key) is None or judged.blank.key not in before:
            return
        if verdict.accepted:
            self._go_on(said, judged.blank)
            return
        opened = [blank for blank in self.session.blanks(self._step) if blank.key not in before]
        self._last = said
        if opened:
            self._last = paint.joined(said, paint.muted("Its gates are open now: find the slip piece by piece."))
            self._go_to(self._step, opened[0])
        else:
            self._refresh_list()
            self._say()
            self.query_one(WorkPane).select_field()

    def _refresh_list(self) -> None:
        session = self.session
        self.query_one(StepsBar).show(session.steps, [session.state(step) for step in session.steps], self._step)
        self.query_one(WorkPane).show_list(session.blanks(self._step), session.answers, self._blank)
        self._refresh_graph()

    def _go_on(self, said: Content, done: Blank) -> None:
        """After a right answer: the next blank, the next step, or the end."""
        self._last = said
        following = self.session.current_blank(self._step, after=done)
        if following is not None:
            self._go_to(self._step, following)
            return
        finished = self._step
        if self.session.finished:
            self._refresh_work()
            self._refresh_graph()
            self._say()
            self._show_solved()
            return
        step = self.session.current_step
        self._last = paint.joined(said, paint.strong(f"{finished.title} is done. {step.title} comes next."))
        self._go_to(step)

    def _show_solved(self) -> None:
        self.app.push_screen(SolvedScreen(self.session, self._next_title), self._after_solved)

    def _after_solved(self, choice: str | None) -> None:
        if choice == "next":
            self.post_message(self.NextWanted(self.session.exercise.id))
        elif choice == "home":
            self.action_home()

    # Other keys

    def action_help(self) -> None:
        """Explain the keys and what may be typed."""
        self.app.push_screen(HelpScreen())

    def action_hint(self) -> None:
        """Give the next rung of hints."""
        if self._blank is None:
            return
        given = self.session.hint(self._step, self._blank, self.query_one(WorkPane).text)
        if given is None:
            waits = self.session.hint_waits(self._blank)
            said = hint_waits(waits) if waits else "These are all the hints here. F9 shows the answer."
            self._last = paint.muted(said)
        self._say()
        if given is not None:
            self.query_one(Said).scroll_end(animate=False)

    def action_show(self) -> None:
        """Show the answer to the current blank, when asked twice."""
        blank = self._blank
        if blank is None:
            return
        if self._show_asked != blank.key:
            self._show_asked = blank.key
            self._say(paint.strong("Press F9 again to be shown this answer. It will be marked as shown."))
            return
        text = self.session.show(self._step, blank)
        self._drafts.forget()
        said = (
            f"Shown: {blank.label} {text}" if "\n" not in text else f"Shown: it stands in the step {self._step.title}."
        )
        self._go_on(paint.muted(said), blank)

    def action_gates(self) -> None:
        """Show the gate cards, beginning with the gate at hand."""
        gate = self.session.beside.gate_at(self._step, self._blank) if self._blank is not None else None
        self.post_message(self.GatesWanted(gate))

    def action_worked(self) -> None:
        """Show the worked solution: at once when everything is done, else when asked twice."""
        if not self.session.finished:
            if self._show_asked != _WORKED:
                self._show_asked = _WORKED
                self._say(
                    paint.strong("Press F6 again for the worked solution. All that is open will be marked as shown.")
                )
                return
            self._drafts.forget()
            self.session.skip_all()
            self._last = paint.muted("The rest was shown.")
            self._go_to(self._step)
        self.app.push_screen(WorkedScreen(self.session, self._drawn_with[0]))

    def action_outside(self) -> None:
        """Take the code to the learner's own editor, and back."""
        pane, blank = self.query_one(WorkPane), self._blank
        if blank is None:
            return
        try:
            text = edited(self.app, pane.text, f"{blank.label}.py")
        except NoEditor as trouble:
            self._say(paint.strong(str(trouble)))
            return
        self.session.keep_draft(blank, text)
        self._go_to(self._step, blank)
        self._say(paint.muted("Taken back from your editor. F5 runs it."))

    def action_quick(self) -> None:
        """Ask for each gradient only, or for everything."""
        self.session.set_quick(not self.session.quick)
        self._go_to(self._step)

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Keys that mean nothing in this step are not shown."""
        match action:
            case "quick":
                return self._step.key.endswith("backward")
            case "outside":
                return self._blank is not None and self._blank.wants is Wants.CODE
            case "graph":
                return not self.has_class("-nograph")
            case _:
                return True

    def action_step(self, by: int) -> None:
        """Go to the step before or after, where it is open."""
        steps = self.session.steps
        index = steps.index(self._step) + by
        if 0 <= index < len(steps):
            self._open_step(steps[index])

    def _open_step(self, step: Step) -> None:
        if self.session.state(step).open:
            self._visit(step)
        else:
            self._say(paint.muted(f"{step.title} opens when the steps before it are done."))

    def action_blank(self, by: int) -> None:
        """Go to the blank before or after."""
        blanks = self.session.blanks(self._step)
        keys = [blank.key for blank in blanks]
        if self._blank is not None and self._blank.key in keys:
            self._visit(self._step, blanks[max(0, min(len(blanks) - 1, keys.index(self._blank.key) + by))])

    def _visit(self, step: Step, blank: Blank | None = None) -> None:
        """Go to a step or blank out of turn: what was said to it last is said again."""
        self._last = None
        self._go_to(step, blank)

    def action_said(self, by: int) -> None:
        """Scroll the panel of verdicts and hints; where that does not scroll, the introduction."""
        if not self.query_one(Said).turn(3 * by):
            self.query_one(Lesson).turn(3 * by)

    def action_statement(self) -> None:
        """Show all of the text: what is given, what the step asks, and the introduction."""
        session, step = self.session, self._step
        texts = (session.beside.statement(step), step.about(session), session.exercise.file.prompt)
        self.query_one(Said).show(*(Content(harmless(text)) for text in texts if text))

    def action_graph(self) -> None:
        """Go to the graph, larger; and back."""
        graph = self.query_one(GraphView)
        if self.has_class("-nograph"):
            return
        to_graph = not graph.has_focus
        self.set_class(to_graph, "-graph")  # first: what is not displayed takes no focus
        self._lay_out()
        if to_graph:
            graph.focus()
        else:
            self.query_one(WorkPane).focus_field()

    def on_descendant_blur(self) -> None:
        """The graph is large only while it has the focus, and so is what is said of its gates."""
        self.call_after_refresh(self._leave_graph)

    def _leave_graph(self) -> None:
        has = self.query_one(GraphView).has_focus
        self.set_class(has, "-graph")
        self._lay_out()
        if self._card_shown and not has and self.app.screen is self:
            self._card_shown = False
            self._say()

    def action_home(self) -> None:
        """Go home; everything is kept."""
        self._drafts.keep()
        self.post_message(self.Left())

    def on_blank_list_chosen(self, event: BlankList.Chosen) -> None:
        """Go to the blank that was clicked."""
        found = self.session.find(event.key)
        if found is not None:
            self._visit(*found)

    def on_steps_bar_chosen(self, event: StepsBar.Chosen) -> None:
        """Go to the step that was clicked."""
        self._open_step(self.session.steps[event.index])

    def on_graph_view_selected(self, event: GraphView.Selected) -> None:
        """Show the card of the value under the cursor."""
        card = self.session.beside.about(self._step, event.name)
        if card and self.query_one(GraphView).has_focus:
            self._card_shown = True
            self.query_one(Said).show(paint.strong(card[0]), *map(Content, map(harmless, card[1:])))

    def action_replay(self) -> None:
        """Go through both passes again, as far as they are known."""
        frames = self.session.beside.replay(self._step)
        if frames:
            self.app.push_screen(ReplayScreen(frames))
        else:
            self._say(paint.muted("There is nothing to replay yet: the graph comes first."))

    def on_graph_view_chosen(self, event: GraphView.Chosen) -> None:
        """Go to the first open blank of the value that was chosen, or its first blank."""
        session, step = self.session, self._step
        blanks = [blank for blank in session.blanks(step) if session.beside.spot_of(step, blank) == event.name]
        if blanks:
            waiting = [blank for blank in blanks if not self.session.accepted(blank)]
            self._visit(self._step, (waiting or blanks)[0])


def _said_to(judged: Judged) -> str:
    """The answer a verdict is about, where it is short and no longer in sight."""
    if judged.blank.wants not in (Wants.VALUE, Wants.CHOICE) or not judged.verdict.accepted:
        return ""
    return f"{judged.blank.label} {judged.text.strip()}."
