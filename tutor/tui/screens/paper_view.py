"""What a paper looks like while it is sat: the clock, the questions, the blank at hand, the graph, and nothing else."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

from tutor.drawing import ShapesFigure
from tutor.judging import Kind, Verdict
from tutor.marking.records import in_words
from tutor.papers.result import clock
from tutor.papers.sitting import QuestionState, Sitting
from tutor.questions import Answer, Blank, InputKind
from tutor.text import clipped_at_word, columns, harmless
from tutor.tui import content
from tutor.tui.keys import with_keys
from tutor.tui.save_errors import SaysTrouble
from tutor.tui.screens.exercise_layout import LayoutRequest, lay_out
from tutor.tui.widgets.blank_list import ListedBlanks, Section
from tutor.tui.widgets.close_up_view import FigureView
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.statement import Statement
from tutor.tui.widgets.text_panels import FeedbackPanel
from tutor.tui.widgets.work_pane import WorkPane

_WIDGETS = ("graph_view", "work_pane", "blank_list", "close_up_view", "choice_row", "text_panels")
"""Those with a style sheet."""

_LAST_MINUTES = 300
"""Seconds from which the clock is in another colour."""
_SIGNS = {QuestionState.OPEN: "○", QuestionState.IN_PART: "◐", QuestionState.ANSWERED: "●"}
_FLAG = "!"

KEPT = "Kept as you type. No marks, hints or verdicts before the paper is handed in."
_EQUATIONS = (
    "{paper.next_blank} goes on, to blanks about your own equations; they come once each line is one operation."
)
_CODE = "{paper.next_blank} goes on. It is run when the paper is handed in."


class PaperView(SaysTrouble, Screen[None]):
    """The part of the screen of a paper that shows where the learner is in a sitting."""

    CSS_PATH: ClassVar[list[str]] = [  # type: ignore[assignment]
        "paper.tcss",
        *(f"../widgets/{name}.tcss" for name in _WIDGETS),
    ]

    def __init__(self, sitting: Sitting, ascii_only: bool = False, digits: int = 3) -> None:
        super().__init__()
        self.sitting = sitting
        self._drawn_with = ascii_only, digits
        self._number, key = sitting.here
        self._found = sitting.find(self._number, key)

    def _show_head(self) -> None:
        sitting, width = self.sitting, self.size.width or self.app.size.width
        title = harmless(sitting.paper.title)
        hide = f"   {self._keys('{paper.clock}')} hides it" if width >= 100 else ""
        left = f"{clock(sitting.left)} left of {clock(60 * sitting.paper.minutes)}{hide} "
        colour = "$wrong" if sitting.left <= _LAST_MINUTES else "$text-muted"
        if sitting.clock_hidden:
            left = ""
        room = width - len(left) - 2
        title = clipped_at_word(title, max(1, room))
        between = " " * max(1, width - 1 - columns(title) - len(left))
        self.query_one("#head", Static).update(Content.assemble(" ", (title, "bold"), between, (left, colour)))

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
        statement = question.question.statement_at(self._blank)
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
        self.query_one(WorkPane).show_list(ListedBlanks([Section("", blanks)], answers, self._blank, judged=False))

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
        about = self.sitting.about(self._found.opened) if self._found is not None else ""
        lay_out(self, Size(size.width, max(1, size.height - 2)), LayoutRequest(about, self._blank, ""))

    def _say(self, *paragraphs: content.StyledParagraph) -> None:
        self.query_one(FeedbackPanel).show(*paragraphs)

    def _how_to(self) -> list[content.StyledParagraph]:
        wants = self._blank.wants if self._blank is not None else InputKind.VALUE
        said = {InputKind.EQUATIONS: _EQUATIONS, InputKind.CODE: _CODE}.get(wants, KEPT)
        return [content.muted(self._keys(said))]

    def _keys(self, text: str) -> str:
        return with_keys(self.app, text)

    def _show_graph(self) -> None:
        found, typed = self._found, None
        if found is not None and found.blank.wants is InputKind.EQUATIONS:
            typed = self.query_one(WorkPane).text
        picture = self.sitting.picture(self._number, found.opened, typed) if found is not None else None
        self.set_class(picture is None, "-nograph")
        if picture is None or found is None:
            return
        graph = self.query_one(GraphView)
        graph.expect(found.opened.question.solved_picture() if typed is not None else None)
        node = found.opened.question.node_of(found.blank)
        graph.show(picture, node)
        if node:
            graph.select(node)
        elif typed is not None:
            graph.show_newest()

    @property
    def _in_graph(self) -> bool:
        return isinstance(self.focused, GraphView)


def _style_of(state: QuestionState, flagged: bool) -> str:
    if flagged:
        return "bold $hint"
    return "$foreground" if state is QuestionState.OPEN else "$text-muted"
