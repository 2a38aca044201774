"""Where a learner is in an exercise: the step, its blank, the graph beside it, what is said; and the ways between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from tutor.questions import BACKWARD, Answer, Blank, InputKind, Step
from tutor.session.session import Session
from tutor.tui import content
from tutor.tui.drafts import Drafts
from tutor.tui.keys import own_keys, with_keys
from tutor.tui.layout_budget import FRAME, ROOMY, SMALL, WIDE, option_lines, picture_lines
from tutor.tui.save_errors import SaysTrouble
from tutor.tui.screens.replay import ReplayScreen
from tutor.tui.widgets.blank_list import BlankList, Section
from tutor.tui.widgets.choice_row import Options, question_of
from tutor.tui.widgets.close_up_view import CloseUpView, FigureView, LessonRow, StripView
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.finished_graph import FinishedGraph
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.statement import Statement, height_of
from tutor.tui.widgets.steps_bar import StepsBar
from tutor.tui.widgets.text_panels import FeedbackPanel, IntroPanel
from tutor.tui.widgets.work_pane import Desk, WorkPane

_HOW_TO = {
    InputKind.VALUE: "Type the answer and press Enter. {exercise.hint} gives a hint.",
    InputKind.CHOICE: "Letters choose, {choice.check} checks. {exercise.hint} gives a hint.",
    InputKind.EQUATIONS: "Type one equation and press Enter, then the next. {exercise.hint} gives a hint.",
    InputKind.CODE: "Write what is missing; {exercise.check} runs it. {exercise.hint} gives a hint.",
}
"""What the tutor says while there is nothing else to say."""

_EDITED = {
    InputKind.VALUE: "This has changed since it was checked. Enter checks it again.",
    InputKind.CHOICE: "This has changed since it was checked. {choice.check} checks it again.",
    InputKind.EQUATIONS: "These equations have changed since they were checked. {exercise.check} checks them again.",
    InputKind.CODE: "This has changed since it was last run. {exercise.check} runs it.",
}
"""What the tutor says of a blank where the last verdict is about another text."""


_FEWER = (
    "You have worked two exercises in full, so this one asks for each gradient only. A wrong one opens into its "
    "pieces. {exercise.quick} asks for everything."
)
"""Why fewer blanks are asked, where the learner did not choose it."""

_FEWER_AS_BEFORE = (
    "This asks for each gradient only, as you chose last time. A wrong one opens into its pieces. "
    "{exercise.quick} asks for everything."
)
"""The same, where it was chosen in another exercise."""

_MOST_TRIED = 3
"""Earlier answers that are recalled."""

_TALLEST = 8
"""Lines that mathematics may take in what is said, though fewer are in sight."""

_FIELDS = {
    InputKind.VALUE: "value",
    InputKind.CHOICE: "choice",
    InputKind.EQUATIONS: "equations",
    InputKind.CODE: "code",
}
"""How the table of commands calls the place where each is filled in."""

_UNCHECKED = "Not checked yet. {exercise.check} checks them."
"""Of equations that were never checked as a whole."""


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
        self._card_shown = False
        """Whether a card of the graph stands where the tutor speaks."""
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
        self.query_one(StepsBar).show(session.steps, [session.state(each) for each in session.steps], step)
        statement = session.view.statement(step)
        words = session.view.vocabulary(step)
        self.query_one(Statement).show(statement, words.arrays if words else None)
        self.set_class(not statement, "-nostatement")
        pane = self.query_one(WorkPane)
        pane.show_about(step.about(session))
        pane.show_list(self._sections(), session.answers, blank)
        if blank is not None:
            text = self._standing(blank)
            typed = text if blank.wants is InputKind.EQUATIONS else None
            pane.show_blank(blank, text, session.view.vocabulary(step, typed))
            if self.app.size.width < SMALL.width or self.app.size.height < SMALL.height:
                keys = [one.key for section in self._sections() for one in section.blanks]
                if len(keys) > 1:
                    self.query_one(Desk).count(keys.index(blank.key) + 1, len(keys))
            self._drafts.shown()

    def _sections(self) -> list[Section]:
        """What the list of blanks holds: those of this step, or of all questions where there are several."""
        session = self.session
        if not session.several_questions:
            return [Section("", session.blanks(self._step))]
        return [
            Section(f"{number}  {step.title}", session.blanks(step)) for number, step in enumerate(session.steps, 1)
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
        grows = self._blank is not None and self._blank.wants is InputKind.EQUATIONS
        prompts = tuple(blank.prompt for blank in self.session.blanks(step) if blank.wants is InputKind.VALUE)
        of_gates = any(self.session.view.close_up(step, blank) for blank in self.session.blanks(step)[:1])
        about, introduction = step.about(self.session), self.session.exercise.file.prompt
        asked = LayoutRequest(about, self._blank, introduction, grows, prompts, of_gates)
        lay_out(self, size or self.app.size, asked)

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
        if last:
            self._keep_said(*last)
        hints = self.session.hints_seen(self._blank) if self._blank is not None else ()
        answer = self.session.answers.get(self._blank.key) if self._blank is not None else None
        if not self._last and answer is not None and self._blank is not None:
            edited = self.session.edited(self._blank)
            self._last = (
                content.muted(self._keys(self._about_edited(self._blank, answer.text)))
                if edited
                else content.verdict(answer.verdict, about=self._blank.key),
            )
        paragraphs = [*self._last]
        paragraphs += [content.hint(rung, text) for rung, text in enumerate(hints)]
        paragraphs += self._tried_before(answer)
        if self._blank is not None and (not paragraphs or (self._new_here and not hints)):
            if self.session.fewer_first and self._step.key.rpartition("/")[2] == BACKWARD:
                why = _FEWER_AS_BEFORE if self.session.fewer_remembered else _FEWER
                paragraphs.append(content.plain(self._keys(why)))
            if self._new_here or self._blank.wants is not InputKind.VALUE or not self.session.begun:
                paragraphs.append(content.muted(self._how_to(self._blank)))
        self.query_one(FeedbackPanel).show(*paragraphs, blank=self._blank.key if self._blank is not None else "")

    def _tried_before(self, last: Answer | None) -> list[content.StyledParagraph]:
        """Earlier wrong answers to this blank, the newest first, without the one whose verdict is shown."""
        tried = self.session.tried(self._blank) if self._blank is not None else ()
        if self._blank is None or self._blank.wants is InputKind.CODE:
            return []
        shown = last.text if last is not None else None
        return [content.tried(one.text, one.said) for one in reversed(tried) if one.text != shown][:_MOST_TRIED]

    def _keep_said(self, *said: content.StyledParagraph, new_here: bool = False) -> None:
        """This is what was said last; with `new_here`, what the step wants comes below it."""
        self._last, self._new_here = said, new_here

    def _about_edited(self, blank: Blank, judged: str) -> str:
        """What is said of a blank in which something else stands than was `judged`; that may have been a line only."""
        if blank.wants is InputKind.EQUATIONS and not self.session.view.staging(self._step, judged).is_whole:
            return _UNCHECKED
        return _EDITED[blank.wants]

    def _how_to(self, blank: Blank) -> str:
        """How what a blank asks for is given."""
        code = blank.wants is InputKind.CODE
        hidden = code and self.app.size.width < WIDE and self.session.view.picture(self._step) is not None
        return self._keys(f"{_HOW_TO[blank.wants]}{' {exercise.graph} shows the graph.' if hidden else ''}")

    def _keys(self, text: str) -> str:
        """A sentence of ours with the keys by the names they have now."""
        return with_keys(self.app, text)

    def _refresh_list(self) -> None:
        session = self.session
        self.query_one(StepsBar).show(session.steps, [session.state(step) for step in session.steps], self._step)
        self.query_one(WorkPane).show_list(self._sections(), session.answers, self._blank)
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
            case "outside" | "run":
                return self._blank is not None and self._blank.wants is InputKind.CODE and self.session.runs_code
            case "check":
                return self._blank is not None and self._blank.wants is not InputKind.CODE
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
        if way:
            self._open_step(next((step for step in way if self.session.state(step).open), way[0]))

    def action_to_step(self, number: int) -> None:
        """Go to a step by its number, counted from 1."""
        if 0 < number <= len(self.session.steps):
            self._open_step(self.session.steps[number - 1])

    def on_key(self, event: events.Key) -> None:
        """Where no text is edited a number goes to its step."""
        if event.character and event.character.isdigit():
            event.stop()
            self.action_to_step(int(event.character))

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
        """Scroll the program while it is edited; else what is said; where that does not scroll, the introduction."""
        editor = self.query_one(CodeEditor)
        if editor.has_focus and editor.turn_page(by):
            return
        if not self.query_one(FeedbackPanel).turn(3 * by):
            self.query_one(IntroPanel).turn(3 * by)

    def action_statement(self) -> None:
        """Show all of the text: what is given, what the step asks, and the introduction."""
        session, step, said = self.session, self._step, self.query_one(FeedbackPanel)
        given = self.query_one(Statement).whole(max(said.size.height, _TALLEST)) or session.view.statement(step)
        texts = (given, step.about(session), session.exercise.file.prompt)
        said.show(*(content.plain(text) for text in texts if text))

    # The graph

    def _refresh_graph(self) -> None:
        typing = self._blank is not None and self._blank.wants is InputKind.EQUATIONS
        picture = self.session.view.picture(self._step, self.query_one(WorkPane).text if typing else None)
        self.set_class(picture is None, "-nograph")
        if picture is None:
            return
        graph = self.query_one(GraphView)
        node = self.session.view.node_of(self._step, self._blank) if self._blank is not None else ""
        at = self.session.view.at_hand(self._step, self._blank) if self._blank is not None and not typing else None
        asked = picture.nodes[at.asked(picture)].name if at is not None else node
        graph.show(picture, asked, at, complete=not typing)
        if node:
            graph.select(node)

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
        if self._card_shown and not has and self.app.screen is self:
            self._card_shown = False
            self._say()

    def on_graph_view_selected(self, event: GraphView.Selected) -> None:
        """Show the card of the value under the cursor."""
        card = self.session.view.about(self._step, event.name)
        if card and self.query_one(GraphView).has_focus:
            self._card_shown = True
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


_BARS = 2
"""Title and keys."""

_LEAST_SAID = 10
"""Lines of question, field and what is said, which stay below a gate from near by."""

_WIDEST = 76
"""No text is wider, however wide the terminal is."""

_LIST, _WIDE_LIST = 30, 44
"""Columns of the list of blanks, as in the style sheets."""


@dataclass(frozen=True)
class LayoutRequest:
    """What a step shows: its line, the current blank, and the introduction, which is the picture where no graph is."""

    about: str
    current: Blank | None
    introduction: str
    grows: bool
    """Whether the graph is being built, so that its picture is as high as it may become."""

    prompts: tuple[str, ...] = ()
    """What the fields of the step ask, one after the other."""

    of_gates: bool = False
    """Whether other blanks of the step are about gates, which are seen from near by."""


def lay_out(screen: Screen[None], size: Size, asked: LayoutRequest) -> None:
    """Give the picture its lines, and the options of a choice theirs."""
    body = size.height - _BARS - screen.query_one(Statement).lines
    small = size.width < SMALL.width or size.height < SMALL.height
    screen.set_class(small, "-small")
    frame = FRAME if size.width >= WIDE else 1
    lines = _picture(screen, size, asked, body, frame)
    near, desk = screen.query_one(Desk).query_one(CloseUpView), body - lines - frame
    wide, room = _desk_width(size, small, frame), desk - _LEAST_SAID
    roomy, gateless = size.height >= ROOMY, asked.of_gates and near.is_empty
    close = near.fit(wide, room, roomy) or (
        gateless and roomy and near.hold(screen.query_one(StripView).strip, wide, room)
    )
    screen.set_class(size.width >= WIDE and bool(close), "-closeup")
    near.display = screen.has_class("-closeup")
    _question(screen, _desk_width(size, small, frame), asked.prompts, small)
    if asked.current is not None and asked.current.options:
        width = _desk_width(size, small, frame)
        question = height_of(question_of(asked.current, width, own_keys(screen.app)).plain, width)
        about = min(3, height_of(asked.about, width))
        screen.query_one(Options).styles.max_height = option_lines(body - lines - frame, about, question)


_MOST_ASKED = 2
"""Lines that are kept for every question of a step where one of them takes as many: the field stays in its row."""


def _question(screen: Screen[None], width: int, prompts: Sequence[str], small: bool) -> None:
    """Show the question, or the equation in its place where the gate is not seen from near by."""
    strip, question = screen.query_one(StripView), screen.query_one("#question")
    strip.display = not screen.has_class("-closeup") and strip.fit(width, in_one_row=small)
    screen.set_class(strip.display, "-strip")
    lines = min(_MOST_ASKED, max((height_of(prompt, width) for prompt in prompts), default=1))
    strip.styles.min_height = question.styles.min_height = lines


_LESSON = 52
"""Columns of the introduction beside a figure."""


def _lesson(screen: Screen[None], size: Size, introduction: str, most: int) -> int:
    """Show the introduction, its figure, or both beside each other; the lines they want."""
    intro, figure = screen.query_one(IntroPanel), screen.query_one(FigureView)
    intro.styles.width = intro.styles.display = None
    if figure.is_empty:
        figure.display = False
        return height_of(introduction, min(84, size.width - 2))
    if size.width < WIDE or not introduction:
        drawn = figure.fit(size.width - 4, most)
        intro.styles.display = "none" if drawn else None
        return drawn or height_of(introduction, min(84, size.width - 2))
    drawn = figure.fit(size.width - _LESSON - 8, most)
    if drawn:
        intro.styles.width = _LESSON + 4
    return max(drawn, height_of(introduction, _LESSON if drawn else min(84, size.width - 2)))


def _desk_width(size: Size, small: bool, frame: int) -> int:
    """The columns of text where the blank at hand is worked."""
    return min(_WIDEST, size.width - (0 if small else _WIDE_LIST if size.width >= WIDE else _LIST) - frame)


def _picture(screen: Screen[None], size: Size, asked: LayoutRequest, body: int, frame: int) -> int:
    """Give the picture its lines; how many they are."""
    graph, text = screen.query_one(GraphView), screen.query_one(LessonRow)
    graph.styles.height = graph.styles.display = text.styles.height = text.styles.display = None
    wide, matrices = size.width - (FRAME if size.width >= WIDE else 0), graph.has_matrices
    inside = Size(wide, max(3, picture_lines(body, body, matrices) - frame))
    drawn = 0 if screen.has_class("-nograph") else graph.fit(inside)
    near = next(one for one in screen.query(CloseUpView) if one.parent is screen)
    near.display = False
    if screen.has_class("-graph") or screen.has_class("-finished"):
        return 0
    if screen.has_class("-small") and (taken := near.fit(size.width - 2, body // 2, roomy=True)):
        graph.styles.display = text.styles.display = "none"
        return taken
    narrow_code = screen.has_class("-code") and size.width < WIDE
    picture: Widget
    if screen.has_class("-nograph"):
        picture, wanted = text, _lesson(screen, size, asked.introduction, picture_lines(body, body) - frame) + frame
    else:
        picture, wanted = graph, body if asked.grows else drawn + frame
    lines = 0 if narrow_code or not wanted > frame else picture_lines(body, wanted, matrices)
    if lines:
        picture.styles.height = lines
    else:
        picture.styles.display = "none"
    return lines
