"""Signs in the gutter of an editor, one a line, and a few words behind a line: what a check found, until it is edited.

A line is known again by what is unchanged above and below the place that was edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

Mark = Literal["right", "wrong", "unread", "open"]
SIGN_OF_MARK: dict[Mark, str] = {"right": "✓", "wrong": "✗", "unread": "?", "open": "·"}
_MOST_KEPT = 500
"""Lines that are kept as they were rendered."""

_TWO_DIGITS = 4
"""Columns that numbers of two digits take, with those behind them."""

_APART = 4
"""Cells between a line and what is said behind it."""


@dataclass(frozen=True)
class LineMarks:
    """What a check found in a text: a mark for some lines, words for some, both by numbers counted from 0."""

    text: str = ""
    marks: Mapping[int, Mark] = field(default_factory=dict)
    beside: Mapping[int, str] = field(default_factory=dict)

    def places(self, lines: Sequence[str]) -> dict[int, int]:
        """Which line of the text checked each of these is still, by numbers; without those that were edited."""
        checked = self.text.split("\n")
        start, end = _alike(checked, lines), _alike(checked[::-1], lines[::-1])
        more = len(checked) - len(lines)
        below = {number: number + more for number in range(len(lines) - end, len(lines))}
        return below | {number: number for number in range(start)}


def _alike(some: Sequence[str], others: Sequence[str]) -> int:
    """How many lines are the same in both, from the beginning."""
    return next(
        (number for number, (one, other) in enumerate(zip(some, others, strict=False)) if one != other),
        min(len(some), len(others)),
    )


class MarkedEditor(TextArea, inherit_bindings=False):
    """A text area that shows marks."""

    _found = LineMarks()
    _kept: dict[int, tuple[tuple[object, ...], Strip]]
    _places: Mapping[int, int] = {}
    _styles_of_marks: Mapping[Mark, Style] = {}
    _edited_line: int | None = None
    """The line that is being edited, where no other one looks different for that."""
    _dressed_for: object = None
    """What its styles were read for."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._kept = {}
        super().__init__(*args, **options)

    @property
    def gutter_width(self) -> int:
        """Columns of the line numbers: of two digits from the first line on, so that the tenth moves nothing."""
        return max(super().gutter_width, _TWO_DIGITS if self.show_line_numbers else 0)

    def action_go_to_end(self, last: bool, select: bool = False) -> None:
        """To the first place of the text, or to the last; with all between selected."""
        self.move_cursor(self.document.end if last else (0, 0), select=select)

    def mark(self, found: LineMarks) -> None:
        """Show what a check found."""
        self._found = found
        self._take_places()
        self.refresh()
        for kind in ("wrong", "unread"):
            if marked := [number for number, mark in found.marks.items() if mark == kind]:
                self.call_after_refresh(self._go_to_line, found, min(marked))
                break

    def _go_to_line(self, found: LineMarks, number: int) -> None:
        """Take the cursor to the end of a line that is out of sight, unless the text is no longer the one checked."""
        if self._found is not found or self.text != found.text:
            return
        y = self.wrapped_document.location_to_offset((number, 0)).y
        if not self.scroll_offset.y <= y < self.scroll_offset.y + self.scrollable_content_region.height:
            self.move_cursor((number, len(self.document.get_line(number))), center=True)

    def colour_marks(self, variables: Mapping[str, str]) -> None:
        """Take the colours of a theme, by its variables."""
        roles: dict[Mark, str] = {"right": "right", "wrong": "wrong", "unread": "text-muted", "open": "text-muted"}
        colours = {mark: variables.get(role, "") for mark, role in roles.items()}
        self._styles_of_marks = {
            mark: Style(color=colour, bold=True) if colour.startswith("#") else Style(bold=True)
            for mark, colour in colours.items()
        }

    def edit(self, edit: Edit) -> EditResult:
        """Lose the marks of the lines that are edited; within one line that one alone is drawn anew."""
        bracket, scrolled, places = self._matching_bracket_location, self.scroll_offset, self._places
        self._edited_line = self._line_of(edit)
        try:
            done = super().edit(edit)
        finally:
            line, self._edited_line = self._edited_line, None
        self._take_places()
        brackets = (bracket, self._matching_bracket_location)
        if self.scroll_offset != scrolled or any(at is not None and at[0] != line for at in brackets):
            self.refresh()
        for other in {*places, *self._places} - {line}:
            if places.get(other) != self._places.get(other):
                self.refresh_lines(other)
        return done

    def _line_of(self, edit: Edit) -> int | None:
        """The one line that an edit changes the look of; None where others may look different too."""
        line = edit.from_location[0]
        rows = {line, edit.to_location[0], self.selection.start[0], self.selection.end[0]}
        alone = len(rows) == 1 and "\n" not in edit.text and not self.soft_wrap and self.language is None
        return line if alone else None

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw it anew: while one line is edited that alone."""
        if self._edited_line is not None and not (regions or layout or recompose):
            regions = (Region(0, self._edited_line - int(self.scroll_offset.y), self.size.width, 1),)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines. TextArea reads all its styles from the style sheet each time; here only where they may differ."""
        looks = (self._theme, self.app.theme, self.has_focus, self.screen.classes)
        if looks != self._dressed_for:
            self._dressed_for = looks
            return super().render_lines(crop)
        return ScrollView.render_lines(self, crop)

    def _take_places(self) -> None:
        lines = self.text.split("\n")
        if not (self._found.marks or self._found.beside):
            self._places = {}
            return
        self._places = self._found.places(lines)

    def render_line(self, y: int) -> Strip:
        """The line; one that looks as it did is not made again, since a key changes one of many."""
        number, key = y + int(self.scroll_offset.y), self._looks_of(y)
        if key is None:
            return self._rendered(y)
        known = self._kept.get(number)
        if known is None or known[0] != key:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            known = self._kept[number] = key, self._rendered(y)
        return known[1]

    def _looks_of(self, y: int) -> tuple[object, ...] | None:
        """All that the look of a line depends on; None for lines with the cursor or a selection in them."""
        number, (start, end) = y + int(self.scroll_offset.y), sorted(self.selection)
        if start[0] <= number <= end[0] or self.soft_wrap:
            return None
        lines = self.document.line_count
        return (
            self.document.get_line(number) if number < lines else None, lines, self.size, self.scroll_offset.x,
            self.has_focus, self.app.theme, self.theme, self._matching_bracket_location, self._coloured,
            tuple(self._highlights.get(number, ())), self._places.get(number), self._found,
        )  # fmt: skip

    @property
    def _coloured(self) -> object:
        """What else the colours depend on."""
        return None

    def _rendered(self, y: int) -> Strip:
        """The line with its sign between its number and its text."""
        strip = super().render_line(y)
        number = y + int(self.scroll_offset.y)
        place = self._places.get(number)
        if place is None or number >= self.document.line_count:  # lines that are gone keep their place for a moment
            return strip
        mark = self._found.marks.get(place)
        if mark is not None and self.gutter_width >= 2:
            strip = self._written(strip, self.gutter_width - 2, SIGN_OF_MARK[mark], self._styles_of_marks.get(mark))
        words = self._found.beside.get(place, "")
        start = self.gutter_width + len(self.document.get_line(number)) + _APART
        start -= int(self.scroll_offset.x)
        if words and start > self.gutter_width and start + len(words) + 2 < strip.cell_length:
            strip = self._written(strip, start, f"← {words}", self._styles_of_marks.get("wrong"))
        return strip

    def _written(self, strip: Strip, at: int, text: str, style: Style | None) -> Strip:
        """The strip with a text over it from column `at` on, on the same background."""
        under = next((segment.style for segment in strip.crop(at, at + 1)), None)
        background = Style(bgcolor=under.bgcolor) if under is not None and under.bgcolor is not None else Style()
        over = Strip([Segment(text, background + (style or Style()))])
        return Strip.join([strip.crop(0, at), over, strip.crop(at + over.cell_length, strip.cell_length)])
