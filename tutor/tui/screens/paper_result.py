"""How a paper went: marks by question, what happened in each blank, and what it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.library import BadFile, BrokenExercise, Exercise
from tutor.marking import BlankMarks, MarkOutcome, PaperMarks
from tutor.marking.records import in_words
from tutor.papers.result import (
    CARRIED,
    EARNED,
    ResultRow,
    bar,
    clock,
    in_full,
    names_in,
    outcome_in_words,
    percent,
    rows_of,
    sentences,
    why,
)
from tutor.papers.sitting import SittingRecord
from tutor.practice.skills import Skill
from tutor.session.exercise_view import paragraphs
from tutor.text import clipped_at_word, harmless, one_line, padded
from tutor.tui.clipboard import copy
from tutor.tui.commands import bindings
from tutor.tui.keys import line_of_keys, with_keys
from tutor.tui.layout_budget import WIDE
from tutor.tui.line_breaks import broken
from tutor.tui.save_errors import SaysTrouble
from tutor.tui.screens.dialog import Dialog
from tutor.tui.screens.worked import dressed
from tutor.tui.widgets.bars import BottomBar
from tutor.tui.widgets.paged_list import PagedList

_BAR = 4
"""Columns of a question's bar."""
_BETWEEN = 5 + 2 + 2 + 2
"""Columns of a question's number, and between the others."""
_MARGINS = 9
"""Columns that border, padding and scrollbar of a page take."""
_HAPPENED = 12
"""Columns that what happened in a question has at least, where there is room: `not answered`."""
_LEAST = 40
"""Columns of the blanks of a question before they have any."""


class PaperResultScreen(SaysTrouble, Screen[None]):
    """Shows a marked paper; the cursor is on a question, whose blanks are below it or beside it."""

    CSS_PATH = "paper_result.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("result")

    class Left(Message):
        """The learner goes home."""

    class OnceMore(Message):
        """The paper of this id is wanted once more, on new numbers."""

        def __init__(self, paper: str) -> None:
            super().__init__()
            self.paper = paper

    class ReviewWanted(Message):
        """A round of review of these skills is wanted."""

        def __init__(self, skills: tuple[Skill, ...]) -> None:
            super().__init__()
            self.skills = skills

    def __init__(
        self,
        record: SittingRecord,
        exercises: dict[str, Exercise],
        missed: tuple[Skill, ...] = (),
        ascii_only: bool = False,
    ) -> None:
        """`exercises` are those of the paper, by their ids, as far as they are there; for their worked solutions.

        `missed` are the skills that something went wrong in.
        """
        super().__init__()
        assert record.marks is not None, "a result is of a paper that was marked"
        self._record = record
        self._marks: PaperMarks = record.marks
        self._exercises = exercises
        self._missed = missed
        self._ascii = ascii_only
        self._rows = rows_of(self._marks)

    def compose(self) -> ComposeResult:
        """Title, the bar, the questions, the blanks of one, what it leads to, the keys."""
        yield Static(id="head", markup=False)
        yield Static(id="total", markup=False)
        yield PagedList(markup=False, id="rows")
        with VerticalScroll(id="detail", can_focus=False):
            yield Static(markup=False, id="blanks")
        if after := "\n".join([*sentences(self._record), *self._about_review()]):
            yield Static(after, markup=False, id="after")
        yield BottomBar()

    def on_mount(self) -> None:
        """The cursor is on the first question that did not earn all."""
        self._draw()
        rows = self.query_one(PagedList)
        short = (at for at, row in enumerate(self._rows) if row.marks.earned < row.marks.full)
        rows.highlighted = next(short, 0)
        rows.focus()

    def on_resize(self) -> None:
        """Fit into the new width."""
        self._draw()
        self.call_after_refresh(self._tell_blanks)  # the parts have their widths by then

    def _draw(self) -> None:
        width = self.size.width or self.app.size.width
        took = f"{'time was up at' if self._record.timed_out else 'handed in after'} {clock(self._record.seconds)} "
        title = clipped_at_word(harmless(self._record.paper.title), max(1, width - len(took) - 2))
        between = " " * max(1, width - 1 - len(title) - len(took))
        self.query_one("#head", Static).update(Content.assemble(" ", (title, "bold"), between, (took, "$text-muted")))
        marks = self._marks
        said = f" {in_words(marks.earned)} of {in_words(marks.full)}   {percent(marks)} %   "
        legend = f"   {EARNED} earned {CARRIED} carried forward "
        room = max(8, width - len(said) - len(legend) - 1)
        self.query_one("#total", Static).update(
            Content.assemble(
                (said, "bold"), _bar(marks.earned, marks.carried, marks.full, room), (legend, "$text-muted")
            )
        )
        rows = self.query_one(PagedList)
        here = rows.highlighted
        room = (width if width < WIDE else round(0.58 * width)) - 2
        columns = _Columns.of(self._rows, room)
        rows.set_options([Option(columns.line(row)) for row in self._rows])
        rows.highlighted = here

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the blanks of this question."""
        row = self._rows[event.option_index]
        detail = self.query_one("#detail", VerticalScroll)
        score = f"{in_words(row.marks.earned)} of {in_words(row.marks.full)}"
        detail.border_title = f"{row.number}  {harmless(row.title)}   {score}"
        detail.scroll_home(animate=False)
        self._tell_blanks()

    def _tell_blanks(self) -> None:
        """Say what became of the blanks of the question under the cursor, in lines as wide as there is room."""
        at = self.query_one(PagedList).highlighted
        if at is not None:
            width = max(_LEAST, self.query_one("#detail", VerticalScroll).scrollable_content_region.width)
            marks = self._rows[at].marks
            names = names_in(marks)
            lines = [_told(blank, names[blank.key], width) for blank in marks.blanks()]
            self.query_one("#blanks", Static).update(Content("\n").join(lines))

    def action_detail(self, by: int) -> None:
        """Scroll the blanks of the question."""
        self.query_one("#detail", VerticalScroll).scroll_relative(y=5 * by, animate=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click: the worked solution of this question."""
        event.stop()
        self.action_solution()

    @property
    def bar_places(self) -> tuple[str, ...]:
        """The keys of the screen."""
        return ("result",)

    def action_solution(self) -> None:
        """The worked solution of the question under the cursor."""
        at = self.query_one(PagedList).highlighted
        if at is None:
            return
        row = self._rows[at]
        exercise = self._exercises.get(row.exercise)
        if exercise is None:
            self.notify(f"The exercise {row.exercise} is no longer there.", markup=False)
            return
        first = next(number for number, one in enumerate(self._rows) if one.exercise == row.exercise)
        self.app.push_screen(SolutionScreen(exercise, at - first, self._ascii))

    def action_copy(self) -> None:
        """Copy the result as text."""
        self.notify(copy(self.app, in_full(self._record)), markup=False)

    def _about_review(self) -> list[str]:
        if not self._missed:
            return []
        one = len(self._missed) == 1
        many, them = ("1 skill is", "it") if one else (f"{len(self._missed)} skills are", "them")
        return [with_keys(self.app, f"From this paper {many} in review: {{result.review}} drills {them} now.")]

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """There is a round where something was missed."""
        return action != "review" or bool(self._missed)

    def action_review(self) -> None:
        """Drill what went wrong."""
        if self._missed:
            self.post_message(self.ReviewWanted(self._missed))

    def action_again(self) -> None:
        """Once more, on new numbers."""
        self.post_message(self.OnceMore(self._record.paper.id))

    def action_home(self) -> None:
        """Home."""
        self.post_message(self.Left())


def _bar(earned: float, carried: float, full: float, width: int) -> Content:
    cells = bar(earned, carried, full, width)
    whole, after = cells.count(EARNED), cells.count(CARRIED)
    return Content.assemble(
        (cells[:whole], "$right"), (cells[whole : whole + after], "$right"), (cells[whole + after :], "$text-muted")
    )


@dataclass(frozen=True)
class _Columns:
    """How wide the columns of a row are: its title, its marks, and what happened there."""

    title: int
    marks: int
    happened: int

    @classmethod
    def of(cls, rows: Sequence[ResultRow], width: int) -> _Columns:
        """Titles as long as they are, as far as what happened has room for a word or two."""
        marks = max(cell_len(_score(row)) for row in rows)
        left = max(2, width - _BETWEEN - marks - _BAR)
        title = min(max(cell_len(one_line(row.title)) for row in rows), max(left - _HAPPENED, 3 * left // 5))
        return cls(title, marks, left - title)

    def line(self, row: ResultRow) -> Content:
        """One question in these columns."""
        return Content.assemble(
            f"{row.number:>3}  ",
            (padded(clipped_at_word(one_line(row.title), self.title), self.title), "bold"),
            f"  {_score(row):>{self.marks}}  ",
            _bar(row.marks.earned, row.marks.carried, row.marks.full, _BAR),
            (f"  {harmless(row.happened(self.happened))}", "$text-muted"),
        )


def _score(row: ResultRow) -> str:
    return f"{in_words(row.marks.earned)}/{in_words(row.marks.full)}"


_SIGNS = {
    MarkOutcome.RIGHT: ("✓", "$right"),
    MarkOutcome.HINTED: ("✓", "$right"),
    MarkOutcome.CARRIED: ("✓", "$right"),
    MarkOutcome.WRONG: ("✗", "$wrong"),
    MarkOutcome.NO_WORK: ("✗", "$wrong"),
    MarkOutcome.MISSING: ("·", "$text-muted"),
}


def _told(row: BlankMarks, name: str, width: int) -> Content:
    """A blank: its sign, its name, what was answered, what is right, what it earned; why, below it."""
    sign, colour = _SIGNS.get(row.outcome, ("?", "$text-muted"))
    label = Content.assemble((f"{sign} ", f"bold {colour}"), (_one(name, width), "bold"))
    parts = [label]
    if row.answer.strip():
        parts.append(Content(f"yours {_one(row.answer, width)}"))
    if row.outcome not in (MarkOutcome.RIGHT, MarkOutcome.HINTED) and "\n" not in row.correct:
        parts.append(Content(f"correct {_one(row.correct, width)}"))
    words = "" if row.outcome is MarkOutcome.RIGHT else f", {outcome_in_words(row)}"
    parts.append(Content.styled(f"{in_words(row.earned)} of {in_words(row.full)}{words}", "$text-muted"))
    lines = [_in_lines(parts, width)]
    if said := why(row):
        lines.append(broken(Content(f"  {harmless(said)}"), width, 2))
    return Content("\n").join(lines)


def _in_lines(parts: Sequence[Content], width: int) -> Content:
    """The parts beside each other as far as they fit, the others below, indented: no part is broken."""
    line, room = parts[0], width - parts[0].cell_length
    for part in parts[1:]:
        room -= 3 + part.cell_length
        if room >= 0:
            line = Content.assemble(line, "   ", part)
        else:
            line = Content.assemble(line, "\n    ", part)
            room = width - 4 - part.cell_length
    return line


def _one(text: str, width: int) -> str:
    """A text on one line, so much of it as fits into `width` columns with a word before it and a margin."""
    room = max(1, width - len("    correct "))
    return clipped_at_word("; ".join(" ".join(harmless(line).split()) for line in text.strip().splitlines()), room)


class SolutionScreen(Dialog[None]):
    """The worked solution of one question of an exercise, as a page that scrolls."""

    CSS_PATH = "worked.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("solution")

    def __init__(self, exercise: Exercise, question: int, ascii_only: bool = False) -> None:
        """`question` is its number in the exercise, counted from 0."""
        super().__init__()
        self._exercise = exercise
        self._question = question
        self._ascii = ascii_only

    def compose(self) -> ComposeResult:
        """The text in a box."""
        with VerticalScroll(can_focus=False) as page:
            page.border_title = "Worked solution"
            page.border_subtitle = line_of_keys(
                self.app, ("{solution.up+solution.down}", "scroll"), ("{solution.close}", "close")
            )
            yield Static("Working it out …", markup=False)

    def on_mount(self) -> None:
        """Paint first; closed forms take SymPy a while."""
        self._write(self.app.size.width - _MARGINS)

    @work(thread=True, exclusive=True)
    def _write(self, width: int) -> None:
        try:
            page = dressed(list(paragraphs(self._exercise, (), self._ascii, width, self._question)), width)
        except BadFile as bad:
            page = Content(harmless(BrokenExercise.of(self._exercise, bad).refusal))
        self.app.call_from_thread(self._show, page)

    def _show(self, page: Content) -> None:
        if self.is_mounted:
            self.query_one(Static).update(page)

    def action_scroll(self, by: int) -> None:
        """Scroll the page."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
