"""What today holds: one line for each thing to do, the first of which Enter begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tutor.catalogue.road import Road
from tutor.catalogue.search import Shelf
from tutor.practice.next_new import Placed, reached
from tutor.text import clipped_at_word, columns, harmless, padded, wrapped
from tutor.tui.commands import bindings
from tutor.tui.widgets.paged_list import PagedList

if TYPE_CHECKING:  # these load the engine, for which the first paint does not wait
    from tutor.papers.sitting import SittingRecord
    from tutor.practice.today import Task, Today

_KIND = 9
"""Columns of what is to be done."""

_LEAD = 4
"""Columns of the cursor and the number."""


@dataclass(frozen=True)
class TodayRow:
    """One thing to do: in a word, in a line, in another line where there is room; minutes, 0 where nobody knows.

    `more` may have several parts, of which as many are shown as there is room for.

    `id` is the exercise that it is about; "" for a review and for a `paper`, by its id, that was begun.
    """

    does: str
    what: str
    more: tuple[str, ...] = ()
    minutes: int = 0
    id: str = ""
    paper: str = ""

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about, whatever is to be done with it."""
        return self.id, self.paper

    @property
    def goes_on(self) -> bool:
        """Whether it was begun already."""
        return self.does == _DOES["begun"]


class TodayList(PagedList):
    """The day's rows. Its cursor goes on to the list below it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("home today")

    class LeftAtEnd(Message):
        """The cursor was to go down from the last row."""

    class Chosen(Message):
        """A row was chosen."""

        def __init__(self, row: TodayRow) -> None:
            super().__init__()
            self.row = row

    class Looked(Message):
        """The cursor is on another row."""

        def __init__(self, row: TodayRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)
        self.rows: tuple[TodayRow, ...] = ()
        self._at: tuple[str, str] | None = None
        """What the learner put the cursor on: it stays there, also where that is another row by now."""
        self._says = ""
        self._below: Sequence[str] = ()

    def say(self, text: str) -> None:
        """Nothing to choose, but this to read."""
        self.rows, self._says = (), text
        self._fill()

    def show(self, rows: Sequence[TodayRow], below: Sequence[str] = ()) -> None:
        """These rows; lines `below` them are there to be read, where there is room."""
        at = next((number for number, row in enumerate(rows) if row.subject == self._at), 0)
        self.rows, self._says, self._below = tuple(rows), "", below
        self._fill()
        self.highlighted = at if rows else None

    def on_resize(self) -> None:
        """Lines are as wide as there is room."""
        self._fill()

    def _fill(self) -> None:
        if not self.size.width:
            return
        if not self.rows:
            self.set_options([Option(Content(self._says), disabled=True)])
            return
        wide = self.screen.has_class("-wide")
        at = self.highlighted
        options = [Option(self._line(number, row, wide)) for number, row in enumerate(self.rows, 1)]
        if wide and self._below:
            room = max(10, self.size.width - 2)
            lines = (f" {part}" for line in self._below for part in wrapped(line, room).split("\n"))
            options.append(Option(Content("\n".join(("", *lines))), disabled=True))
        self.set_options(options)
        self.highlighted = at if at is not None and at < len(self.rows) else 0

    def _line(self, number: int, row: TodayRow, wide: bool) -> Content:
        """A row, of two lines where the list stands beside the road: what it is about has the first for itself."""
        minutes = f"{row.minutes} min" if row.minutes else ""
        lead = (f" {number}  ", (padded(row.does, _KIND), "bold"))
        beside = max(1, self.size.width - _LEAD - _KIND - columns(minutes) - 4)
        if not wide:
            what = clipped_at_word(harmless(row.what), beside)
            more = listed(row.more, beside - columns(what) - 2)
            return Content.assemble(*lead, padded(f"{what}  {more}" if more else what, beside), f"  {minutes}")
        first, rest = _in_two(harmless(row.what), max(1, self.size.width - _LEAD - _KIND - 1))
        second = (clipped_at_word(rest, beside), "") if rest else (listed(row.more, beside), "$text-muted")
        lines = [Content.assemble(*lead, first)]
        if second[0] or minutes:
            gap = " " * (beside - columns(second[0]))
            lines.append(Content.assemble(" " * (_LEAD + _KIND), second, gap, f"  {minutes}"))
        return Content("\n").join(lines)

    @property
    def here(self) -> TodayRow | None:
        """The row that the cursor is on."""
        return (
            self.rows[self.highlighted] if self.highlighted is not None and self.highlighted < len(self.rows) else None
        )

    def action_cursor_down(self) -> None:
        """Down; from the last row on to what is below."""
        if self.highlighted is None or self.highlighted >= len(self.rows) - 1:
            self.post_message(self.LeftAtEnd())
        else:
            super().action_cursor_down()
            self._stay()

    def action_cursor_up(self) -> None:
        """Up; the first row is the top."""
        if self.highlighted:
            super().action_cursor_up()
            self._stay()

    def action_go_on(self) -> None:
        """Choose a row that was begun."""
        self.action_select()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """What was begun is gone on with, all else begun."""
        if action in ("select", "go_on"):
            return (self.here is not None and self.here.goes_on) == (action == "go_on")
        return True

    def _stay(self) -> None:
        self._at = self.here.subject if self.here is not None else None

    def choose(self, number: int) -> bool:
        """Choose a row, counted from 1; whether there is one."""
        if not 0 < number <= len(self.rows):
            return False
        self._at = self.rows[number - 1].subject
        self.post_message(self.Chosen(self.rows[number - 1]))
        return True

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter, or a click."""
        event.stop()
        self.choose(event.option_index + 1)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell of what the cursor is on."""
        event.stop()
        if event.option_index < len(self.rows) and self.has_focus:
            self.post_message(self.Looked(self.rows[event.option_index]))

    def on_focus(self) -> None:
        """The same when the list is come back to."""
        if self.here is not None:
            self.post_message(self.Looked(self.here))


def _in_two(text: str, room: int) -> tuple[str, str]:
    """What of a text goes into a line of so many columns, in whole words, and the rest."""
    first = clipped_at_word(text, room)
    if first == text:
        return text, ""
    first = first.removesuffix("…")
    return first.rstrip(), text[len(first) :].strip()


def listed(parts: Sequence[str], room: int) -> str:
    """As many of the parts as fit into so many columns, and how many others there are; "" where not even one does."""
    names = [harmless(part) for part in parts]
    for many in range(len(names), 0, -1):
        left = f" and {len(names) - many} more" if many < len(names) else ""
        line = f"{', '.join(names[:many])}{left}"
        if columns(line) <= room:
            return line
    return ""


_DOES: dict[str, str] = {"review": "Review", "begun": "Go on", "again": "Again", "new": "New"}


def first_rows(shelf: Shelf, road: Road, last: str | None, placed: Placed | None = None) -> list[TodayRow]:
    """What there is to do as far as progress alone says it: at once, before the journal has been gone through."""
    ids = shelf.ids
    due = min((id for id in ids if shelf.is_due(id)), key=lambda id: shelf.progress[id].due or 0.0, default=None)
    begun = [id for id in shelf.listed if shelf.state(id) == "started"]
    going = last if last in begun else max(begun, key=lambda id: shelf.progress[id].last, default=None)
    at = reached(ids, shelf.progress, placed)
    chosen = {"begun": going, "again": due if due != going else None, "new": shelf.first_new(at)}
    return [_row_of(kind, id, shelf, road, after=at or "") for kind, id in chosen.items() if id is not None]


def rows_of(today: Today, shelf: Shelf, road: Road) -> list[TodayRow]:
    """What today holds, in words."""
    return [
        _review_row(task)
        if task.kind == "review"
        else _row_of(task.kind, task.id, shelf, road, task.minutes, task.after)
        for task in today.tasks
        if task.kind == "review" or task.id in shelf.library.exercises
    ]


def paper_row(sitting: SittingRecord) -> TodayRow:
    """A paper that was begun: its clock has stopped."""
    from tutor.papers.result import clock  # loaded by whoever has found it

    minutes = int(-(-sitting.left // 60))
    return TodayRow(
        _DOES["begun"], sitting.paper.title, (f"{clock(sitting.left)} left",), minutes, paper=sitting.paper.id
    )


def _row_of(kind: str, id: str, shelf: Shelf, road: Road, minutes: int = 0, after: str = "") -> TodayRow:
    """A row on an exercise, with why it is offered; a new one that neither follows another nor is left in its topic
    has its function there."""
    file, progress = shelf.library.exercises[id].file, shelf.progress.get(id)
    what = f"{road.number(id)} {file.title}".strip()
    more = (file.function,) if file.function else ()
    if kind == "begun" and progress is not None and progress.total > 1:
        parts = "questions" if len(file.question) > 1 else "steps"
        more = (f"{progress.done} of {progress.total} {parts} done",)
    elif kind == "new" and (why := _why_new(road.place(id), road.place(after))):
        more = (why,)
    elif kind == "again":
        more = ("worth another look",)
    return TodayRow(_DOES[kind], what, more, minutes, id)


def _why_new(place: tuple[int, int], after: tuple[int, int]) -> str:
    """Why a new exercise comes next, by its place on the road and that of the one finished last; "" for no reason."""
    if after == (0, 0) or place == after or place[0] < after[0]:
        return ""
    number = f"{after[0]}.{after[1]}"
    return f"next after {number}" if place > after else f"left in topic {after[0]}, after {number}"


def _review_row(task: Task) -> TodayRow:
    from tutor.practice.skills import gate_sign  # loaded by whoever has found out what is due

    gates = dict.fromkeys(gate_sign(skill.gate) for skill in task.skills if not skill.is_idea)
    ideas = dict.fromkeys(skill.gate for skill in task.skills if skill.is_idea)
    blanks = f"{task.blanks} blank{' is' if task.blanks == 1 else 's are'} due"
    return TodayRow(_DOES["review"], blanks, (*gates, *ideas), task.minutes)


def below(today: Today, minutes: Mapping[str, float], now: float) -> list[str]:
    """What there is to read below the rows: the exam, and the minutes of the last seven days."""
    lines = []
    if today.exam is not None and today.days_left is not None:
        when = {0: "today", 1: "tomorrow"}.get(today.days_left, f"in {today.days_left} days")
        lines += [f"Exam {today.exam.day} {today.exam:%b}, {when}. {today.pace}".rstrip(), ""]
    days = [datetime.fromtimestamp(now, UTC).date() - timedelta(number) for number in range(6, -1, -1)]
    spent = [minutes.get(day.isoformat(), 0.0) for day in days]
    if max(spent) >= 1:
        most = max(spent)
        bars = (_BARS[round(each / most * (len(_BARS) - 1))] if each else "·" for each in spent)
        lines.append("  ".join(f"{day:%a}"[:2] for day in days) + "   minutes per day")
        lines.append("  ".join(f"{bar:<2}" for bar in bars))
        lines.append("  ".join(f"{each:<2.0f}" if each else "· " for each in spent))
    return lines


_BARS = "▁▂▃▄▅▆▇█"
