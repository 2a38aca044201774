"""What becomes of an answer: it is checked and kept, what is said of it is shown, and the next blank comes."""

from __future__ import annotations

from collections.abc import Collection

from textual import work
from textual.app import App

from tutor.judging import Kind, Verdict
from tutor.learner import StoreProblem
from tutor.questions import BACKWARD, Blank, InputKind, Step
from tutor.questions.backprop.staging import Staging
from tutor.session.following import offer
from tutor.session.session import PIECES_CLOSED, PIECES_OPEN, Judged, Session
from tutor.tui import content
from tutor.tui.save_errors import trouble_said
from tutor.tui.screens.exercise_navigation import ExerciseNavigation
from tutor.tui.widgets.choice_row import Options
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.finished_graph import FinishedGraph, FinishedPass
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.line_marks import LineMarks, Mark
from tutor.tui.widgets.work_pane import WorkPane

_SAYS_MORE = "{exercise.hint} says what is wrong with it."
"""Behind what names the line alone."""

_NOTHING = (
    "There is nothing here yet. {exercise.hint} gives a hint.",
    "Nothing is chosen yet: press a letter, or {choice.up+choice.down} and then {choice.check}. {exercise.hint} gives "
    "a hint.",
)
"""What is said where nothing is handed in; second, where something is to be chosen."""


class ExerciseChecking(ExerciseNavigation):
    """The part of the exercise screen that takes answers in and goes on from them."""

    def __init__(self, session: Session, ascii_only: bool, digits: int) -> None:
        super().__init__(session, ascii_only, digits)
        self._being_run: tuple[str, str] | None = None
        """Key and text of the code that is being run; what comes of another run is too late."""
        self._said_empty = False
        """Whether it was said last that there is nothing to check."""

    # Typing

    def _typed(self) -> None:
        """Draw the equations as they grow; keep the text soon."""
        self._show_asked = None
        self.query_one(GraphView).end_motion()
        typed = self.query_one(WorkPane).typed  # another blank may have come into the field since it was typed
        if typed is None:
            return
        blank, text = typed
        self._drafts.typed(blank, text)
        if self._aside == "text":
            self._say()
        if self._said_empty and text.strip():
            self._said_empty = False
            self._keep_said()
            self._say()
        if blank.wants is InputKind.EQUATIONS:
            words = self.session.view.vocabulary(self._step, text)
            assert words is not None, "equations are mathematics"
            self.query_one(EquationsEditor).vocabulary = words
            self._refresh_graph()
        elif blank.wants is InputKind.VALUE:
            if text.strip() and self._last and self._last[0].about not in ("", blank.key):
                self._keep_said(new_here=self._new_here)  # what was said of another blank is read by now
            self.query_one(WorkPane).show_reading(text, self.session.view.reading(self._step, blank, text))

    def _end_line(self, text: str, number: int) -> bool:
        with trouble_said(self.app):
            return self._line_done(text, number)
        return False

    def _line_done(self, text: str, number: int) -> bool:
        """Check a line of the staging; hand all in when it is the function. Whether that was accepted."""
        staging = self.session.view.staging(self._step, text)
        parts, line = self._mark_equations(text), staging.line(number)
        if staging.complete:
            return self._check()
        if line is not None and staging.verdict.charged and staging.fault in (None, line):
            self._wrong_equations(text, f"Line {line.number + 1}:" if staging.fault else "")
        elif line is not None and line.verdict is not None:
            self._say(content.verdict(line.verdict, f"Line {line.number + 1}:"))
        elif line is not None and staging.fault is None and staging.verdict.kind is not Kind.UNDECIDED:
            self._say(content.verdict(staging.verdict))  # every line is an operation, but the last is not the function
        else:
            if line is not None:
                note = self.session.view.before_next(self._step, text, line)
                self._say(content.line_done(line.text, line.echo, is_part=line.number in parts, note=note))
            self.query_one(EquationsEditor).new_line()
        return False

    def _mark_equations(self, text: str, wrong: Collection[int] = ()) -> frozenset[int]:
        """Mark the lines; `wrong` are those with the mistake, counted from 1. The lines of parts of the function."""
        staging = self.session.view.staging(self._step, text)
        parts = self.session.view.lines_of_parts(self._step, staging)
        self.query_one(EquationsEditor).mark(LineMarks(text, _marks_in_equations(staging, parts, wrong)))
        return parts

    def _wrong_equations(self, text: str, label: str) -> None:
        """Take equations in that are wrong so far: what is shown as wrong counts as a try."""
        assert self._blank is not None
        self._recorded(self.session.judge(self._step, self._blank, text), label)

    def on_options_no_letter(self, event: Options.NoLetter) -> None:
        """Say what can be chosen."""
        event.stop()
        self._say(content.muted(f"{event.said} {self._keys('{exercise.hint} gives a hint.')}"))
        self._said_empty = True

    # Checking

    def action_check(self) -> None:
        """Check what stands in the current blank."""
        self._check()

    def action_run(self) -> None:
        """Run the code."""
        self._check()

    def _hand_in(self) -> bool:
        with trouble_said(self.app):
            return self._check()
        return False

    def _check(self) -> bool:
        """Check what stands in the current blank; whether it was accepted at once."""
        blank, text = self._blank, self.query_one(WorkPane).text
        if blank is None:
            return False
        if not text.strip():
            before = [one for one in self._last if one.about not in ("", blank.key)]  # it may not be read yet
            self._say(*before, content.muted(self._keys(_NOTHING[blank.wants is InputKind.CHOICE])))
            self._said_empty = True
        elif blank.wants is not InputKind.CODE:
            return self._recorded(self.session.judge(self._step, blank, text))
        elif self._being_run == (blank.key, text):
            self._say(content.muted("Still running …"))
        else:
            self._drafts.keep()
            self._say(content.muted("Running …"))
            self._being_run = blank.key, text
            self._run_code(self._step, blank, text)
        return False

    @work(thread=True, exclusive=True, group="code")
    def _run_code(self, step: Step, blank: Blank, text: str) -> None:
        app = self.app  # which a screen that was left no longer knows
        app.call_from_thread(self._ran, app, self.session.judge(step, blank, text))

    def _ran(self, app: App[object], judged: Judged) -> None:
        """Take in what came of a run, unless another has been started since, or the answer was shown."""
        if self._being_run != (judged.blank.key, judged.text):
            return
        self._being_run = None
        with trouble_said(app):
            if self in app.screen_stack:
                self._recorded(judged)
            else:  # the learner has left
                self.session.record(judged, self.session.draft(judged.blank))

    def _recorded(self, judged: Judged, label: str = "") -> bool:
        """Record an answer; go on to the next blank where it is accepted. Whether it is.

        `label` stands before what is said.
        """
        before = {blank.key for blank in self.session.blanks(self._step)}
        at = self.query_one(WorkPane).typed
        typed_at = judged.given_at or judged.blank
        here = at is not None and at[0].key == typed_at.key
        standing = at[1] if at is not None and here else self._standing(judged.blank)
        try:
            verdict = self.session.record(judged, standing)
        except StoreProblem as problem:
            self._say(content.strong(f"Your answer could not be kept, so it does not count yet. {problem}"))
            return False
        if here and (standing == judged.text or judged.given_at is not None):
            self._drafts.forget()
        shown = self.session.as_said(judged.blank, verdict)
        if judged.blank.wants is InputKind.CODE:
            self.query_one(CodeEditor).mark(LineMarks(judged.text, *_marks_in_code(shown)))
        elif judged.blank.wants is InputKind.EQUATIONS:
            self._mark_equations(judged.text, verdict.lines)
        more = self._keys(_SAYS_MORE) if shown is not verdict else ""
        said = content.verdict(shown, label or _said_to(judged), judged.blank.key, more)
        found = self.session.view.at_hand(self._step, judged.blank) if verdict.accepted else None
        if self.session.find(judged.blank.key) is None or judged.blank.key not in before:
            return False
        if verdict.accepted:
            if many := len(self.session.to_put_right):
                offered = self._keys(f"{offer(many)} {{exercise.fix}} does so.")
                self._go_on(judged.blank, said, content.strong(offered))
            elif judged.given_at is not None:
                self._go_on(judged.blank, said, content.muted(PIECES_CLOSED))
            else:
                self._go_on(judged.blank, said)
            if found is not None and not self.has_class("-finished"):
                self.query_one(GraphView).show_found(found)
            return True
        asked = self.session.blanks(self._step)
        opened = [blank for blank in asked if blank.key not in before and not self.session.accepted(blank)]
        self._keep_said(said)
        if opened:
            self._keep_said(said, content.muted(PIECES_OPEN))
            self._go_to(self._step, opened[0])
        else:
            self._refresh_list()
            self._say()
            self.query_one(WorkPane).select_field()
        return False

    def _go_on(self, done: Blank, *said: content.StyledParagraph) -> None:
        """After a right answer: the next blank, the next step, or the end."""
        self._keep_said(*said)
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
        comes = content.strong(f"{finished.title} is done. {step.title} comes next.")
        opens_clean = any(blank.wants is InputKind.CODE for blank in self.session.blanks(step))
        self._keep_said(*(() if opens_clean else said), comes, new_here=True)
        if finished.key.rpartition("/")[2] == BACKWARD and not self.has_class("-nograph"):
            self._show_finished(finished, step)
        else:
            self._go_to(step)

    # The finished graph

    def _show_finished(self, finished: Step, following: Step) -> None:
        """The graph whole in the place of the work, before the next step; it lights up from the output back."""
        blanks = self.session.blanks(finished)
        gradients, why = self.session.view.gradients_found(finished)
        tries = self.session.tries_in(finished)
        self.query_one(FinishedGraph).show(
            FinishedPass(finished.title, len(blanks), tries, gradients, why, following.title)
        )
        self._blank = None
        self._refresh_work()
        self._refresh_graph()
        self.set_class(True, "-finished")
        self._lay_out()
        self.query_one(FinishedGraph).focus()
        self.query_one(GraphView).light_up()
        self.refresh_bindings()

    def _leave_finished(self) -> None:
        self._keep_said(new_here=True)  # what was said of the last gradient is read by now
        self._go_to(self.session.current_step)

    def _show_solved(self) -> None:
        """The last blank is done: each screen says so in its own way."""

    def _give_up_typed(self) -> None:
        """Something else takes the place of what was typed, and of what may be running."""
        self._drafts.forget()
        self._being_run = None


def _marks_in_equations(staging: Staging, parts: Collection[int], wrong: Collection[int]) -> dict[int, Mark]:
    """The mark of each line; where the mistake is in no line for sure, it is the last that is not the function."""
    marks: dict[int, Mark] = {}
    for line in staging.lines:
        if line.verdict is not None:
            marks[line.number] = "wrong" if line.verdict.charged else "unread"
        else:
            marks[line.number] = "right" if line.number in parts else "open"
    if staging.fault is None and staging.verdict.charged:
        marks |= dict.fromkeys([number - 1 for number in wrong] or [staging.lines[-1].number], "wrong")
    return marks


def _marks_in_code(verdict: Verdict) -> tuple[dict[int, Mark], dict[int, str]]:
    """The lines of a program as its run showed them, and words behind one; numbers in a verdict count from 1."""
    marks: dict[int, Mark] = {} if verdict.stopped_at is None else {verdict.stopped_at - 1: "unread"}
    marks |= {line - 1: "right" for line in verdict.right_lines}
    marks |= dict.fromkeys(
        (line - 1 for line in verdict.lines), "unread" if verdict.kind is Kind.UNREADABLE else "wrong"
    )
    beside = {verdict.lines[0] - 1: verdict.clause} if verdict.clause and len(verdict.lines) == 1 else {}
    return marks, beside


def _said_to(judged: Judged) -> str:
    """The answer a verdict is about, where it is short and no longer in sight."""
    if judged.blank.wants not in (InputKind.VALUE, InputKind.CHOICE) or not judged.verdict.accepted:
        return ""
    return f"{judged.blank.label} {judged.text.strip()}."
