"""Where a learner is in an exercise: the step, its blank, the graph beside it, what is said; and the ways between."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from textual import events
from textual.geometry import Size
from textual.screen import Screen

from tutor.questions import Blank, InputKind, Step
from tutor.session.session import Session
from tutor.tui import content
from tutor.tui.drafts import Drafts
from tutor.tui.key_command import Command
from tutor.tui.keys import digit_of, own_keys, spoken, with_keys, with_own_keys
from tutor.tui.layout_budget import SMALL, WIDE
from tutor.tui.save_errors import SaysTrouble
from tutor.tui.screens.exercise_layout import LayoutRequest, lay_out
from tutor.tui.screens.exercise_texts import help_had, recalled, what_to_do
from tutor.tui.screens.replay import ReplayScreen
from tutor.tui.widgets.bars import idle_command
from tutor.tui.widgets.blank_list import BlankList, ListedBlanks, Section
from tutor.tui.widgets.close_up_view import CloseUpView, FigureView, StripView
from tutor.tui.widgets.finished_graph import FinishedGraph
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.statement import Statement
from tutor.tui.widgets.steps_bar import StepsBar
from tutor.tui.widgets.text_panels import FeedbackPanel, scroll_on
from tutor.tui.widgets.work_pane import Desk, WorkPane

_TALLEST = 8
"""Lines that mathematics may take in what is said, though fewer are in sight."""

_FIELDS = {
    InputKind.VALUE: "value",
    InputKind.CHOICE: "choice",
    InputKind.EQUATIONS: "equations",
    InputKind.CODE: "code",
}
"""How the table of commands calls the place where each is filled in."""


class ExerciseNavigation(SaysTrouble, Screen[None]):
    """The part of the exercise screen that shows where the learner is, and goes elsewhere."""

    def __init__(self, session: Session, ascii_only: bool, digits: int) -> None:
        super().__init__()
        self._drawn_with = ascii_only, digits
        session.view.show_digits(digits)
        self.session = session
        self._step: Step = session.current_step
        self._blank: Blank | None = None
        self._last: tuple[content.StyledParagraph, ...] = ()
        self._new_here = False
        """Whether what the step wants is said below the last verdict; until there is another."""
        self._show_asked: str | None = None
        self._aside: Literal["", "card", "text"] = ""
        """What stands in place of what was said: a card of the graph, or the text in full."""
        self._tallest: tuple[object, int] = None, 0
        """For a step and its blanks, the lines of the tallest gate from near by."""
        self._drafts: Drafts[Blank] = Drafts(self, lambda: self.query_one(WorkPane).typed, session.keep_draft)

    # Where we are

    def keep_typed(self) -> None:
        """Keep what stands in the field now."""
        self._drafts.keep()

    def on_unmount(self) -> None:
        """Keep what was typed; the field is gone already."""
        self._drafts.write()

    def _go_to(self, step: Step, blank: Blank | None = None) -> None:
        """Make a step and one of its blanks the current ones."""
        self._drafts.keep()
        self.query_one(GraphView).end_motion()
        self._step = step
        blanks = self.session.blanks(step)
        self._blank = blank or self.session.current_blank(step) or (blanks[0] if blanks else None)
        self._show_asked = None
        self.set_class(False, "-finished")
        self.set_class(self._blank is not None and self._blank.wants is InputKind.CODE, "-code")
        self._refresh_work()
        self._refresh_graph()
        self._show_close_up()
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
        states = [session.state(each) for each in session.steps]
        self.query_one(StepsBar).show(session.steps, states, step, session.view.numerals())
        statement = session.view.statement(step, blank)
        words = session.view.vocabulary(step)
        self.query_one(Statement).show(statement, words.arrays if words else None)
        self.set_class(not statement, "-nostatement")
        pane = self.query_one(WorkPane)
        pane.show_about(step.about(session))
        pane.show_list(self._listed())
        if blank is not None:
            text = self._standing(blank)
            typed = text if blank.wants is InputKind.EQUATIONS else None
            pane.show_blank(blank, text, session.view.vocabulary(step, typed))
            if blank.shape:
                pane.show_reading(text, session.view.reading(step, blank, text))
            if self.app.size.width < SMALL.width or self.app.size.height < SMALL.height:
                keys = [one.key for section in self._sections() for one in section.blanks]
                if len(keys) > 1:
                    self.query_one(Desk).count(keys.index(blank.key) + 1, len(keys))
            self._drafts.shown()

    def _listed(self) -> ListedBlanks:
        session = self.session
        return ListedBlanks(self._sections(), session.answers, self._blank, session.view.numbers(self._step))

    def _sections(self) -> list[Section]:
        """What the list of blanks holds: those of this step, or of all questions where there are several."""
        session = self.session
        if not session.several_questions:
            return [Section("", session.blanks(self._step))]
        return [
            Section(f"{numeral}  {step.title}", session.blanks(step))
            for numeral, step in zip(session.view.numerals(), session.steps, strict=True)
        ]

    def _standing(self, blank: Blank) -> str:
        """What stands in a blank; what could not be kept counts too."""
        unkept = self._drafts.unkept(blank)
        return unkept if unkept is not None else self.session.draft(blank)

    def on_resize(self, event: events.Resize) -> None:
        """Share out the lines anew."""
        self._lay_out(event.size)

    def _lay_out(self, size: Size | None = None) -> None:
        step = self._step
        blanks = tuple(one for one in self.session.blanks(step) if one.wants in (InputKind.VALUE, InputKind.CHOICE))
        about, introduction = step.about(self.session), self.session.exercise.file.prompt
        drawn = (self.session.view.figure(step, blank) for blank in blanks)
        figures = tuple(figure for figure in drawn if figure is not None)
        asked = LayoutRequest(about, self._blank, introduction, blanks, figures, self._tallest_gate())
        lay_out(self, size or self.app.size, asked)

    def _tallest_gate(self) -> int:
        """Lines of the tallest gate of this step from near by; 0 where it is about none."""
        blanks = self.session.blanks(self._step)
        key = self._step.key, tuple(blank.key for blank in blanks)
        if self._tallest[0] != key:
            gates = (self.session.view.close_up(self._step, blank) for blank in blanks)
            self._tallest = key, max((gate.height for gate in gates if gate is not None), default=0)
        return self._tallest[1]

    def _show_close_up(self) -> None:
        """The gate at hand from near by, in the desk, or in place of the graph where that is small."""
        blank, view = self._blank, self.session.view
        gate = view.close_up(self._step, blank) if blank is not None and blank.wants is InputKind.VALUE else None
        for one in self.query(CloseUpView):
            one.ascii_only = self._drawn_with[0]
            one.show(gate)
        strip = self.query_one(StripView)
        strip.ascii_only = self._drawn_with[0]
        strip.show(view.equation_strip(self._step, blank) if blank is not None else None)
        figure = self.query_one(FigureView)
        figure.ascii_only = self._drawn_with[0]
        tried = blank is not None and (self.session.tries(blank) > 0 or self.session.accepted(blank))
        figure.show(view.figure(self._step, blank) if blank is not None else None, tried)

    def _say(self, *last: content.StyledParagraph) -> None:
        """Show the last verdict and the hints seen at the current blank."""
        self._aside = ""
        if last:
            self._keep_said(*last)
        blank, panel = self._blank, self.query_one(FeedbackPanel)
        if blank is None:
            panel.show(*self._last)
            return
        self._last = self._last or recalled(self.session, self._step, blank, self._keys)
        verdict = [replace(one, reading="") if blank.shape and one.about == blank.key else one for one in self._last]
        said = [*verdict, *help_had(self.session, blank)]  # how an array is read stands below its field
        if not said or (self._new_here and not self.session.hints_seen(blank)):
            hidden = self.app.size.width < WIDE and self.session.view.picture(self._step) is not None
            said += what_to_do(
                self.session, self._step, blank, self._keys_in_a_field, self._new_here, graph_hidden=hidden
            )
        panel.show(*said, blank=blank.key if blank.wants is InputKind.VALUE and not blank.shape else "")

    def _keep_said(self, *said: content.StyledParagraph, new_here: bool = False) -> None:
        """This is what was said last; with `new_here`, what the step wants comes below it."""
        self._last, self._new_here = said, new_here

    def name_keys(self) -> None:
        """Say what is said with the keys as they are now."""
        self._say()

    def _keys(self, text: str) -> str:
        """A sentence of ours with the keys by the names they have now."""
        return with_keys(self.app, text)

    def _keys_in_a_field(self, text: str) -> str:
        """The same where it is read in a field, which may not have the focus yet."""
        return with_own_keys(text, own_keys(self.app))

    def _refresh_list(self) -> None:
        session = self.session
        states = [session.state(step) for step in session.steps]
        self.query_one(StepsBar).show(session.steps, states, self._step, session.view.numerals())
        self.query_one(WorkPane).show_list(self._listed())
        self._refresh_graph()
        self._show_close_up()
        self._lay_out()

    # To another step or blank

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Keys that mean nothing in this step are not shown."""
        match action:
            case "quick" | "full":
                of_step = self._blank is not None and self._step.key.endswith("backward")  # and not the finished graph
                return of_step and self.session.quick == (action == "full")
            case "quick_later" | "full_later":
                return self._backward_later and self.session.quick == (action == "full_later")
            case "outside" | "run":
                return self._blank is not None and self._blank.wants is InputKind.CODE and self.session.runs_code
            case "check":
                return self._blank is not None and self._blank.wants is InputKind.EQUATIONS
            case "hint" | "show":
                return self._blank is not None
            case "blank":
                return self._blank is not None and self._blank.wants in (InputKind.VALUE, InputKind.CHOICE)
            case "graph":
                return not (self.has_class("-nograph") or self._in_graph)
            case "graph_style" | "copy" | "replay":
                return not self.has_class("-nograph")
            case "fix":
                return bool(self.session.to_put_right)
            case "leave_graph":
                return self._in_graph
            case "step":
                return len(self.session.steps) > 1
            case _:
                return True

    @property
    def bar_places(self) -> tuple[str, ...]:
        """The keys of what has the focus, then those of the screen."""
        if self._in_graph:
            return "exercise graph", "exercise"
        if self.has_class("-finished"):
            return "exercise finished", "exercise"
        wants = self._blank.wants if self._blank is not None else InputKind.VALUE
        return f"exercise {_FIELDS[wants]}", "exercise"

    def action_step(self, by: int) -> None:
        """Go to the open step before or after this one, round and round; what is locked is passed over."""
        steps = self.session.steps
        here = steps.index(self._step)
        way = [*steps[here + 1 :], *steps[:here]] if by > 0 else [*steps[:here][::-1], *steps[here + 1 :][::-1]]
        to = next((step for step in way if self.session.state(step).open), None)
        if to is None:
            self._open_step(way[0])
            return
        self._open_step(to)
        if (steps.index(to) > here) != (by > 0):
            self._say(content.muted(self._gone_round(steps[here], way[0], to, by)))
        elif by > 0 and not self.session.state(steps[here]).finished and to in self.session.view.together(steps[here]):
            left = f"{steps[here].title} is not done yet; {{exercise.back}} goes back to it."
            self._say(content.muted(self._keys(left)))

    def _gone_round(self, left: Step, passed: Step, to: Step, by: int) -> str:
        """What is said where the way through the steps has gone round: why, where one is, and how to go back."""
        locked = f"{passed.title} opens when the steps before it are done. " if passed is not to else ""
        end, back = ("last", "{exercise.back}") if by > 0 else ("first", "{exercise.on}")
        after = locked or f"{left.title} is the {end} step. "
        return self._keys(f"{after}This is {to.title} again; {back} goes back to {left.title}.")

    def action_to_step(self, number: int) -> None:
        """Go to a step by its number, counted from 1; of several questions to what is to be done of one."""
        parts = self.session.view.parts()
        if 0 < number <= len(parts):
            steps = parts[number - 1]
            self._open_step(next((one for one in steps if not self.session.state(one).finished), steps[0]))

    def on_key(self, event: events.Key) -> None:
        """Where no text is edited a number goes to its step; in the graph what is no command goes on in the field."""
        in_graph = self._in_graph and self._blank is not None and self._blank.wants is InputKind.VALUE
        if in_graph and event.is_printable and event.key not in self.active_bindings:
            event.stop()
            self.action_leave_graph()
            self.query_one(WorkPane).type_on(event.character or "")
        elif (number := digit_of(event)) is not None:
            event.stop()
            self.action_to_step(number)
        elif (command := idle_command(self, event.key, *self.bar_places)) is not None and (why := self._idle(command)):
            self._say(content.muted(f"{spoken(event.key)} does nothing here: {why}."))

    def _idle(self, command: Command) -> str:
        """Why a command does nothing now, as a clause; "" where that needs no word."""
        return command.idle

    def _open_step(self, step: Step) -> None:
        if self.session.state(step).open:
            self._visit(step)
        else:
            self._say(content.muted(f"{step.title} opens when the steps before it are done."))

    def action_blank(self, by: int) -> None:
        """Go to the blank before or after."""
        blanks = self.session.blanks(self._step)
        keys = [blank.key for blank in blanks]
        if self._blank is not None and self._blank.key in keys:
            self._visit(self._step, blanks[max(0, min(len(blanks) - 1, keys.index(self._blank.key) + by))])

    def _visit(self, step: Step, blank: Blank | None = None) -> None:
        """Go to a step or blank out of turn: what was said to it last is said again."""
        self._keep_said()
        self._go_to(step, blank)

    def on_blank_list_chosen(self, event: BlankList.Chosen) -> None:
        """Go to the blank that was clicked."""
        found = self.session.find(event.key)
        if found is not None:
            self._visit(*found)

    def on_steps_bar_chosen(self, event: StepsBar.Chosen) -> None:
        """Go to the step that was clicked."""
        self._open_step(self.session.steps[event.index])

    # Reading on

    def action_said(self, by: int) -> None:
        """Scroll what is said; where it has no more that way, what else there is."""
        scroll_on(self, by)

    def action_statement(self) -> None:
        """Show all of the text: what is given, what the step asks, the introduction; and then what was said again."""
        if self._aside == "text":
            self._say()
            return
        session, step, said = self.session, self._step, self.query_one(FeedbackPanel)
        set_out = self.query_one(Statement).whole(max(said.size.height, _TALLEST), said.columns)
        given = set_out or session.view.statement(step, self._blank)
        texts = (given, step.about(session), session.exercise.file.prompt)
        back = content.muted(self._keys("{exercise.statement} goes back to what was said."))
        said.show(*(content.plain(text) for text in texts if text), back)
        self._aside = "text"

    # The graph

    def _refresh_graph(self) -> None:
        typing = self._blank is not None and self._blank.wants is InputKind.EQUATIONS
        picture = self.session.view.picture(self._step, self.query_one(WorkPane).text if typing else None)
        self.set_class(picture is None, "-nograph")
        if picture is None:
            return
        graph = self.query_one(GraphView)
        graph.expect(self.session.view.solved_picture(self._step) if typing else None)
        node = self.session.view.node_of(self._step, self._blank) if self._blank is not None else ""
        at = self.session.view.at_hand(self._step, self._blank) if self._blank is not None and not typing else None
        asked = picture.nodes[at.asked(picture)].name if at is not None else node
        graph.show(picture, asked, at, complete=not typing)
        if node:
            graph.select(node)
        elif typing:
            graph.show_newest()

    def draw_with(self, ascii_only: bool, digits: int) -> None:
        """Draw the graph with these signs, its numbers with so many digits after the point."""
        if self._drawn_with == (ascii_only, digits):
            return
        self._drawn_with = ascii_only, digits
        self.session.view.show_digits(digits)
        self.query_one(Statement).draw_with(ascii_only)
        self.query_one(GraphView).draw_with(ascii_only, digits)
        self._refresh_graph()
        self._lay_out()

    def action_graph(self) -> None:
        """Go to the graph, larger."""
        self.set_class(True, "-graph")  # first: what is not displayed takes no focus
        self._lay_out()
        self.query_one(GraphView).focus()

    def action_leave_graph(self) -> None:
        """Go back from the graph to the blank."""
        self.set_class(False, "-graph")
        self._lay_out()
        self._focus_work()

    def _focus_work(self) -> None:
        """Put the cursor where the work goes on."""
        if self.has_class("-finished"):
            self.query_one(FinishedGraph).focus()
        else:
            self.query_one(WorkPane).focus_field()

    @property
    def _backward_later(self) -> bool:
        """Whether the backward step of this question comes after the step at hand."""
        keys = [step.key for step in self.session.view.together(self._step)]
        later = keys[keys.index(self._step.key) + 1 :] if self._step.key in keys else []
        return any(key.endswith("backward") for key in later)

    @property
    def _in_graph(self) -> bool:
        return isinstance(self.focused, GraphView)

    def on_descendant_blur(self) -> None:
        """The graph is large only while it has the focus, and so is what is said of its gates."""
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        if self.focused is None and self.app.app_focus:
            self._focus_work()  # what had the focus is no longer displayed
        has = self.query_one(GraphView).has_focus
        self.set_class(has, "-graph")
        self._lay_out()
        if self._aside == "card" and not has and self.app.screen is self:
            self._say()

    def on_graph_view_selected(self, event: GraphView.Selected) -> None:
        """Show the card of the value under the cursor."""
        card = self.session.view.about(self._step, event.name)
        if card and self.query_one(GraphView).has_focus:
            self._aside = "card"
            self.query_one(FeedbackPanel).show(content.strong(card[0]), *map(content.plain, card[1:]))

    def on_graph_view_chosen(self, event: GraphView.Chosen) -> None:
        """Go to the first open blank of the value that was chosen, or its first blank."""
        session, step = self.session, self._step
        blanks = [blank for blank in session.blanks(step) if session.view.node_of(step, blank) == event.name]
        if blanks:
            waiting = [blank for blank in blanks if not self.session.accepted(blank)]
            self._visit(self._step, (waiting or blanks)[0])
        else:
            self._say(content.muted(f"Nothing is asked about {event.name} alone in this step."))

    def action_graph_style(self) -> None:
        """Draw the graph another way."""
        self.query_one(GraphView).next_style()

    def action_copy(self) -> None:
        """Copy the graph, and say so."""
        self._say(content.muted(self.query_one(GraphView).copied()))

    def action_replay(self) -> None:
        """Go through both passes again, as far as they are known."""
        frames = self.session.view.replay(self._step)
        if frames:
            self.app.push_screen(ReplayScreen(frames, *self._drawn_with, self.query_one(GraphView).style_now))
        else:
            self._say(content.muted("There is nothing to replay yet: build the graph first."))
