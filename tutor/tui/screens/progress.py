"""Progress: what is new, begun, shaky and known of each gate and idea, the mistakes met most, days, topics.

A row or a mistake under the cursor is practised by Enter: the screen is dismissed with the skills it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import ClassVar

from rich.style import Style
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.color import Color
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import DataTable, OptionList, Static
from textual.widgets.option_list import Option

from tutor.practice.mistake_names import mistake_name
from tutor.practice.progress import GateRow, Overview, as_text, how_alone, in_days
from tutor.practice.skills import PARTS, Level, Skill, skills_in_words
from tutor.text import harmless, padded
from tutor.tui.clipboard import copy
from tutor.tui.commands import bindings
from tutor.tui.layout_budget import SMALL
from tutor.tui.save_errors import SaysTrouble
from tutor.tui.widgets.bars import BottomBar, TitleBar

_BARS: dict[Level, str] = {"known": "███", "begun": "█░░", "shaky": "▒▒▒", "new": "░░░"}
_ASCII: dict[Level, str] = {"known": "###", "begun": "#..", "shaky": "==-", "new": "..."}
_COLOURS: dict[Level, str] = {"known": "right", "begun": "right", "shaky": "wrong", "new": "text-muted"}
"""The roles of their colours."""

_HEIGHTS = " ▁▂▃▄▅▆▇█"
_ASCII_HEIGHTS = " .:-=+*#@"
_WEEKS = 8
_WEEK = 8
"""Columns of a week."""
_MOST_MINUTES = 40.0
"""Minutes of a day that is drawn at full height."""
_MOST_MISTAKES = 12
_SIGN = 11
"""Columns of a gate's sign, where what it is called stands behind it."""
_TIMES = 4
"""Columns of how often a mistake was met."""
_FOLDED, _UNFOLDED = "▸", "▾"
_COLUMNS = ("gate", *(part if part != "downstream" else "down" for part in PARTS), "next")


class ProgressScreen(SaysTrouble, Screen[tuple[Skill, ...]]):
    """Gates beside mistakes, days below. Dismissed with the skills to be practised, or with nothing."""

    CSS_PATH = "progress.tcss"
    AUTO_FOCUS = "DataTable"

    BINDINGS: ClassVar[list[BindingType]] = bindings("progress")

    def __init__(self, seen: Overview, ascii_only: bool = False) -> None:
        super().__init__()
        self._seen = seen
        self._ascii = ascii_only
        self._rows: list[GateRow | str] = []
        self._unfolded = not seen.rows()  # else a new learner would see next to nothing
        """Whether the gates that were not met yet are listed."""
        self._mistakes = seen.commonest[:_MOST_MISTAKES]
        self._styles: dict[str, Style] = {}
        """The theme's colours, as the cells of a table have them."""

    def compose(self) -> ComposeResult:
        """Title, the table beside the mistakes, the days, the keys."""
        seen = self._seen
        said = f"{seen.solved} of {seen.exercises} solved   {skills_in_words(seen.skills)}"
        yield TitleBar("Progress", said)
        with Horizontal(id="known"):
            table: DataTable[Text] = DataTable(cursor_type="row", cursor_foreground_priority="renderable")
            bars = _ASCII if self._ascii else _BARS
            legend = [part for level, bar in bars.items() for part in (" ", (bar, f"${_COLOURS[level]}"), f" {level}")]
            table.border_title = Content.assemble("Gates ", *legend)
            yield table
            with Vertical(id="met"):
                mistakes = OptionList(*self._options(), markup=False, compact=True)
                mistakes.border_title = "Mistakes met most"
                yield mistakes
                yield Static(self._about(), id="totals", classes="-lines", markup=False)
        yield Static(id="days", markup=False)
        yield BottomBar()

    def on_mount(self) -> None:
        """Fill the table, again where another theme is chosen: its cells have colours of their own."""
        table = self.query_one(DataTable)
        for column in _COLUMNS:
            table.add_column(column, key=column)
        self._fill()
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._fill())

    def _fill(self) -> None:
        table = self.query_one(DataTable)
        at = table.cursor_row
        table.clear()
        self._rows = list(_with_headings(self._seen, self._unfolded))
        colours = self.app.get_css_variables()
        self._styles = {name: Style(color=Color.parse(colours[name]).rich_color) for name in _COLOURS.values()}
        for number, row in enumerate(self._rows):
            table.add_row(*(self._heading(row) if isinstance(row, str) else self._cells(row)), key=str(number))
        table.move_cursor(row=at)

    def _heading(self, words: str) -> Iterator[Text]:
        yield Text(words, self._styles[_COLOURS["new"]])
        yield from [Text()] * (len(_COLUMNS) - 1)

    def _cells(self, row: GateRow) -> Iterator[Text]:
        bars = _ASCII if self._ascii else _BARS
        yield self._named(row)
        yield from (Text(bars[level], self._styles[_COLOURS[level]]) for level in row.levels)
        yield from [Text()] * (len(PARTS) - len(row.levels))
        if row.due is None:
            yield Text("new", self._styles[_COLOURS["new"]])
        else:
            yield Text(in_days(row.due, self._seen.now).removeprefix("in "))

    def _named(self, row: GateRow) -> Text:
        """The gate's sign, and where there is room what it is called."""
        if not row.words or not self.has_class("-wide"):
            return Text(harmless(row.title))
        return Text.assemble(padded(harmless(row.title), _SIGN), (harmless(row.words), self._styles[_COLOURS["new"]]))

    def _options(self) -> Iterator[Option]:
        for key, met in self._mistakes:
            line = Table.grid(padding=(0, 1, 0, 0))
            line.add_column(width=_TIMES, justify="right")
            line.add_column()
            line.add_row(Text(f"{met.times}×"), Text(harmless(mistake_name(key, met.said))))
            yield Option(line, id=key)
        if not self._mistakes:
            yield Option(Text("none yet"), disabled=True)

    def _about(self) -> Content:
        seen = self._seen
        days = sum(minutes > 0 for minutes in seen.minutes.values())
        lines = [
            f"{sum(seen.minutes.values()):.0f} min on {days} day{'' if days == 1 else 's'}",
            *how_alone(seen).split(", ", 1),
            *(f"{topic.solved} of {topic.exercises}  {harmless(topic.title)}" for topic in seen.topics if topic.solved),
        ]
        return Content("\n".join(lines))

    def _days(self, weeks: int) -> Content:
        """A cell for each of the days of the last weeks, with weeks apart, and the first day of each above."""
        heights = _ASCII_HEIGHTS if self._ascii else _HEIGHTS
        today = datetime.fromtimestamp(self._seen.now).date()
        monday = today - timedelta(days=today.weekday(), weeks=weeks - 1)
        cells, names = [], []
        for week in range(weeks):
            first = monday + timedelta(weeks=week)
            names.append(f"{first.day} {first:%b}".ljust(_WEEK))
            cells.append("".join(self._cell(first + timedelta(days=day), today, heights) for day in range(7)) + " ")
        exam = self._seen.exam
        left = (exam - today).days if exam is not None else -1
        said = f"exam in {left} day{'' if left == 1 else 's'}" if left > 0 else "exam today" if left == 0 else ""
        return Content("\n".join(["".join(names), "".join(cells) + said]))

    def _cell(self, day: date, today: date, heights: str) -> str:
        minutes = self._seen.minutes.get(day.isoformat(), 0.0)
        if not minutes:
            return " " if day > today else "·" if not self._ascii else "."
        return heights[max(1, min(8, round(8 * minutes / _MOST_MINUTES)))]

    def on_option_list_option_highlighted(self) -> None:
        """Say what was said of the mistake under the cursor."""
        self._tell()

    def on_descendant_focus(self) -> None:
        """The same when the cursor comes there."""
        self._tell()

    def on_descendant_blur(self) -> None:
        """The totals again where the mistakes are left."""
        self._tell()

    def _tell(self) -> None:
        """Below the mistakes: what was said of the one under the cursor, or else the totals."""
        mistakes = self.query_one(OptionList)
        at = mistakes.highlighted if mistakes.has_focus and self._mistakes else None
        met = self._mistakes[at][1] if at is not None else None
        told = Content(f"{harmless(met.exercise)}: {harmless(met.said)}") if met is not None else self._about()
        totals = self.query_one("#totals", Static)
        totals.set_class(met is None, "-lines")
        totals.update(told)
        self.refresh_bindings()

    # Where there is room for one side only

    def on_resize(self) -> None:
        """As many weeks as there is room for; in a narrow window the gates or the mistakes."""
        width = self.size.width
        weeks = max(1, min(_WEEKS, (width - 2) // _WEEK))
        days = self.query_one("#days", Static)
        days.border_title = f"Days: minutes each day, {weeks} weeks"
        days.update(self._days(weeks))
        self._show_sides(mistakes=self.query_one(OptionList).has_focus)
        self._fill()

    def _show_sides(self, mistakes: bool) -> None:
        one = self.size.width < SMALL.width
        self.set_class(one, "-one")
        self.query_one(DataTable).display = not (one and mistakes)
        self.query_one("#met").display = mistakes or not one

    # What is practised

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter on a row."""
        event.stop()
        self.action_drill()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter on a mistake."""
        event.stop()
        self.action_drill()

    def on_data_table_row_highlighted(self) -> None:
        """Enter does something else in some rows."""
        self.refresh_bindings()

    def action_drill(self) -> None:
        """Practise what is under the cursor; where it is the gates that were not met yet, list them or fold them."""
        if self._on_fold:
            self._unfolded = not self._unfolded
            self._fill()
            self.refresh_bindings()
        elif skills := self._under_cursor():
            self.dismiss(skills)
        else:
            self.notify("There is nothing to practise here.", markup=False)

    def action_unfold(self) -> None:
        """List what was not met yet."""
        self.action_drill()

    def action_fold(self) -> None:
        """Fold it away."""
        self.action_drill()

    @property
    def _on_fold(self) -> bool:
        """Whether the cursor is on the line of the gates that were not met yet."""
        table = self.query_one(DataTable)
        at = table.cursor_row
        return table.has_focus and 0 <= at < len(self._rows) and str(self._rows[at]).startswith((_FOLDED, _UNFOLDED))

    def _under_cursor(self) -> tuple[Skill, ...]:
        mistakes = self.query_one(OptionList)
        if mistakes.has_focus:
            at = mistakes.highlighted
            skill = self._mistakes[at][1].skill if at is not None and self._mistakes else ""
            return (Skill.of_key(skill),) if skill else ()
        at = self.query_one(DataTable).cursor_row
        row = self._rows[at] if 0 <= at < len(self._rows) else ""
        return () if isinstance(row, str) else row.skills

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Each side offers the other; a heading cannot be practised, and one of them folds."""
        if not self.is_mounted:
            return True
        if action in ("other", "back"):
            return bool(self._mistakes) and self.query_one(OptionList).has_focus == (action == "back")
        if action in ("drill", "unfold", "fold"):
            if not self._on_fold:
                return action == "drill" and bool(self._under_cursor())
            return action == ("fold" if self._unfolded else "unfold")
        return True

    def action_other(self) -> None:
        """From the gates to the mistakes."""
        mistakes = self.query_one(OptionList)
        if self._mistakes:
            mistakes.highlighted = mistakes.highlighted or 0
            self._show_sides(mistakes=True)
            mistakes.focus()

    def action_back(self) -> None:
        """From the mistakes to the gates."""
        self._show_sides(mistakes=False)
        self.query_one(DataTable).focus()

    def action_words(self) -> None:
        """What known, shaky and the other words mean, in the help."""
        from tutor.tui.screens.help import HelpScreen  # loaded by whoever wants it

        self.app.push_screen(HelpScreen("home", search="skill"), self._read)

    async def _read(self, action: str | None) -> None:
        """Open what was chosen in the help: a word of the glossary."""
        if action is not None:
            await self.run_action(action)

    def action_copy(self) -> None:
        """Copy it as text."""
        self.notify(copy(self.app, as_text(self._seen), "Your progress is copied as text."), markup=False)

    def action_close(self) -> None:
        """Back to where the learner came from."""
        self.dismiss(())

    @property
    def bar_places(self) -> tuple[str, ...]:
        """Its own keys."""
        return ("progress",)


def _with_headings(seen: Overview, unfolded: bool) -> Iterator[GateRow | str]:
    """The rows of the table: the gates that were met, ideas below their own heading, then how many are still to come,
    and where that is `unfolded` which."""
    rows, unmet = seen.rows(), seen.unmet()
    ideas = [row for row in rows if row.is_idea]
    yield from (row for row in rows if not row.is_idea)
    if ideas:
        yield "ideas"
        yield from ideas
    if unmet:
        sign = _UNFOLDED if unfolded else _FOLDED
        yield f"{sign} {len(unmet)} new gate{'' if len(unmet) == 1 else 's'}"
    if unfolded:
        yield from unmet
