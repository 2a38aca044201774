"""The blanks of a step, or of all questions of an exercise, grouped by gate: what is done, what was answered.

A gate that is not at hand takes one row with its count, so that the one at hand is in sight whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from string import ascii_lowercase

from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tutor.questions import Answer, Blank, FilledIn
from tutor.text import clipped_at_word, columns, harmless
from tutor.tui.content import SIGNS

_LONGEST_ANSWER = 40

_LONGEST_ASIDE = 40
"""A longer heading stands above its blank, also where it is the only one."""

_LEAST_ASIDE = 8
"""With less room a heading beside its blank would say nothing."""

_LEAST_LABEL = 10
_LEAST_ANSWER = 5
_SIGNS = 6
"""Columns of cursor, sign and spaces in a row."""

_WIDEST_LABEL = 16
"""Up to which answers stand below one another."""

_WIDEST_ANSWER = 10
"""Up to which gates stand below one another behind them."""

_NUMBER = 6
"""Columns of a number as the graph has it, `-0.264`: those always stand below one another."""

_BELOW = 2
"""Rows in sight below the cursor, where there are so many."""


@dataclass(frozen=True)
class Section:
    """The blanks of one step; `title` is "" where it is the only one. Without blanks it is still locked."""

    title: str
    blanks: Sequence[Blank]


@dataclass(frozen=True)
class ListedBlanks:
    """What there is to list."""

    sections: Sequence[Section]
    answers: Mapping[str, Answer]
    current: Blank | None
    numbers: Mapping[str, str] = field(default_factory=dict)
    """Blank key -> the number found there, as the graph shows it; it stands in place of the answer."""

    judged: bool = True
    """Whether answers were judged; else a sign says no more than that a blank is filled in."""


class BlankList(OptionList, can_focus=False):
    """A click on a blank makes it the current one; on a gate, its first open blank."""

    class Chosen(Message):
        """A blank was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._first_row = 0
        """That of the heading of what is at hand."""
        self._shown: ListedBlanks | None = None

    def show(self, listed: ListedBlanks) -> None:
        """List these blanks."""
        self._shown = listed
        rows = _Rows(listed, max(0, self.size.width - 1))
        for section in listed.sections:
            rows.add(section)
        self._first_row = rows.heading_at_hand
        self.set_options(rows.options)
        self.highlighted = rows.at_hand
        self.call_after_refresh(self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        """Show the blank at hand with the heading above it, and two rows below it."""
        if self.highlighted is None or not self.size.height:
            return
        last = min(self.highlighted + _BELOW, self.option_count - 1)
        top = min(max(int(self.scroll_y), last - self.size.height + 1), self._first_row)
        if self.highlighted - top >= self.size.height:
            top = self.highlighted - self.size.height + 1
        self.scroll_to(y=top, animate=False)

    def on_resize(self) -> None:
        """Fit the rows into the new width, and keep what is at hand in sight."""
        if self._shown is not None:
            self.show(self._shown)

    def places(self) -> dict[str, Offset]:
        """Key -> where the blank's row begins on the screen, for those in sight."""
        region, scrolled = self.content_region, int(self.scroll_offset.y)
        found = {}
        for index, option in enumerate(self.options):
            y = region.y + self._index_to_line.get(index, -1) - scrolled
            if option.id is not None and region.y <= y < region.bottom:
                found[option.id] = Offset(region.x, y)
        return found

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Say which blank was clicked."""
        event.stop()
        if event.option.id is not None:
            self.post_message(self.Chosen(event.option.id.removeprefix(_FOLDED)))


_FOLDED = "folded "
"""Before the key of a blank, in the id of a row that stands for its whole gate."""


class _Rows:
    """The rows, as they are made: signs, names, answers and gates each in a column of their own."""

    def __init__(self, listed: ListedBlanks, room: int) -> None:
        self.options: list[Option] = []
        self.at_hand: int | None = None
        self.heading_at_hand = 0
        self._listed = listed
        self._current = listed.current.key if listed.current is not None else ""
        self._room = room

    def add(self, section: Section) -> None:
        """The rows of a section: its title, and its gates."""
        titled = bool(section.title)
        if titled:
            later = "" if section.blanks else "  later"
            self._heading(Content.assemble((harmless(section.title), "bold"), (later, "$text-muted")))
        groups = [list(members) for _, members in groupby(section.blanks, key=_group)]
        here = next((n for n, group in enumerate(groups) if any(one.key == self._current for one in group)), None)
        single = self._wide([group[0] for group in groups if _stands_aside(group)])
        for number, group in enumerate(groups):
            near = here is not None and number in (here, here + 1)
            if len(group) > 1 and group[0].group and not near:
                self._folded(group)
            else:
                wide = single if _stands_aside(group) else self._wide(group)
                self._open(group, titled and len(group) == len(section.blanks), wide)

    def _wide(self, blanks: list[Blank]) -> _Columns:
        """The columns of blanks that stand below one another; a name that is too long for one takes its own room."""
        names = [len(_called(blank)) for blank in blanks]
        names += [len(one.role) for blank in blanks for one in blank.filled_in]
        answers = [1, *(columns(self._text(blank)) for blank in blanks)]  # a question mark, at least
        name = max((wide for wide in names if wide <= _WIDEST_LABEL), default=0)
        most = _WIDEST_ANSWER
        if self._room and blanks and all(_stands_aside([blank]) for blank in blanks):
            # A long answer takes its own gate's room, not that of the others.
            gates = max(columns(harmless(_headed(blank))) for blank in blanks)
            most = max(_NUMBER, min(most, self._room - _SIGNS - name - 2 - gates))
        return _Columns(name, max(wide for wide in answers if wide <= most), self._room)

    def _open(self, group: list[Blank], titled: bool, wide: _Columns) -> None:
        """Every blank of a gate; `titled` where the section's title stands right above."""
        heading = harmless(_headed(group[0]))
        first, aside = len(self.options), heading if _stands_aside(group) else ""
        if heading and not aside:
            self._heading(Content.styled(heading, "$text-muted"))
        for blank in group:
            self.options += [Option(self._filled_in(one, wide), disabled=True) for one in blank.filled_in]
            if blank.key == self._current:
                self.at_hand, self.heading_at_hand = len(self.options), first - titled
            self.options.append(Option(self._row(blank, aside, wide), id=blank.key))

    def _folded(self, group: list[Blank]) -> None:
        """One row for a gate."""
        done = [blank for blank in group if self._done(blank)]
        first = next((blank for blank in group if not self._done(blank)), group[0])
        sign = SIGNS_OF_GATE[len(done) == len(group)] if self._listed.judged or not done else UNJUDGED
        count, name = f"{len(done)} of {len(group)}", harmless(group[0].group)
        end = self._room - 1  # the count keeps off the scrollbar
        name = clipped_at_word(name, max(_LEAST_LABEL, end - len(count) - _SIGNS)) if self._room else name
        gap = " " * max(2, end - columns(name) - len(count) - 4)
        row = Content.assemble("  ", sign, " ", (name, "$text-muted"), gap, (count, "$text-muted"))
        self.options.append(Option(row, id=f"{_FOLDED}{first.key}"))

    def _filled_in(self, one: FilledIn, wide: _Columns) -> Content:
        """A row for what is not asked: as it came from another blank, or that it waits for it."""
        text = " ".join(harmless(self._listed.numbers.get(one.key, one.text) if one.text else "").split())
        name = harmless(one.role).ljust(wide.name)
        if not text:
            return Content.styled(f"  ↳ {name}  waits for {harmless(one.sender)}", "$text-muted")
        text, sender = _cut(text).ljust(wide.answer), f"  from {harmless(one.sender)}"
        if wide.row and columns(f"  ↳ {name}  {text}{sender}") > wide.row:  # better out of line than cut
            name, text = name.rstrip(), text.rstrip()
        return Content.assemble((f"  ↳ {name}  ", "$text-muted"), (text, "$gradient"), (sender, "$text-muted"))

    def _row(self, blank: Blank, aside: str, wide: _Columns) -> Content:
        """One blank: its sign, its name, what was answered, and its gate where that has no row of its own."""
        here, answer, text = blank.key == self._current, self._listed.answers.get(blank.key), self._text(blank)
        cursor = ("▸ " if here else "  ", "bold $current")
        if answer is None:
            sign, shown = ("·", "$text-muted"), ""
            said = ("?" if here else "", "bold $current")
        else:
            mark, colour = SIGNS[answer.verdict.kind] if self._listed.judged else UNJUDGED
            sign, said = (mark, f"bold {colour}"), (text, "bold")
            shown = (" (given)" if answer.given else " (shown)") if answer.shown else ""
        name, room = _called(blank), wide.row - _SIGNS
        if wide.row and answer is not None and blank.options and columns(name) + columns(text) > room:
            said = (answer.text, "bold")  # its letter, where its text has no room
        # A blank is found by its name, and at hand its answer stands in the field: so it is the answer that gives way.
        least = max(_LEAST_LABEL, wide.name)
        most = max(least, room - min(columns(said[0]), _LEAST_ANSWER)) if wide.row else columns(name)
        name = clipped_at_word(name, most).ljust(min(wide.name, most) if wide.row else wide.name)
        if wide.row:
            said = clipped_at_word(said[0], max(1, room - columns(name) - columns(shown))), said[1]
        gap = " " * max(0, wide.answer - columns(said[0])) if aside else ""
        if aside and wide.row:
            left = wide.row - _SIGNS - columns(name) - columns(said[0]) - columns(shown) - len(gap) - 2
            aside = clipped_at_word(aside, left) if left >= min(_LEAST_ASIDE, columns(aside)) else ""
        return Content.assemble(
            cursor,
            sign,
            f" {name}  ",
            said,
            (shown, "$text-muted"),
            gap,
            (f"  {aside}" if aside else "", "$text-muted"),
        )

    def _text(self, blank: Blank) -> str:
        """What stands for a blank's answer: the number as the graph has it, or the answer; "" while there is none."""
        answer = self._listed.answers.get(blank.key)
        if answer is None:
            return ""
        number = self._listed.numbers.get(blank.key)
        return number or _cut(" ".join(harmless(_said(blank, answer)).split()))

    def _done(self, blank: Blank) -> bool:
        answer = self._listed.answers.get(blank.key)
        return answer is not None and (not self._listed.judged or answer.verdict.accepted)

    def _heading(self, text: Content) -> None:
        self.options.append(Option(text, disabled=True))


UNJUDGED = ("●", "$foreground")
"""Filled in, where nothing is said of it yet."""

SIGNS_OF_GATE = {True: ("✓", "bold $right"), False: ("·", "$text-muted")}
"""By whether all blanks of a gate are done."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of the names and of the answers that stand below one another, and those of a whole row."""

    name: int
    answer: int
    row: int


def _stands_aside(group: list[Blank]) -> bool:
    """Whether the heading of a group has no row of its own: it has one blank, and stands beside that."""
    return len(group) == 1 and 0 < len(_headed(group[0])) <= _LONGEST_ASIDE


def _group(blank: Blank) -> tuple[str, str]:
    """By which blanks that follow one another belong together; one with equations of its own stands alone."""
    return blank.group, blank.key if blank.beside else ""


def _headed(blank: Blank) -> str:
    return blank.beside or blank.group


def _called(blank: Blank) -> str:
    return harmless(blank.row or blank.label.rstrip(" =:"))


def _said(blank: Blank, answer: Answer) -> str:
    """What was answered; of options, their texts."""
    chosen = [option for letter, option in zip(ascii_lowercase, blank.options, strict=False) if letter in answer.text]
    return "; ".join(chosen) or answer.text


def _cut(text: str) -> str:
    return clipped_at_word(text, _LONGEST_ANSWER)
