"""The blanks of a step, or of all questions of an exercise, grouped by gate: what is done, what was answered.

A gate that is not at hand takes one row with its count, so that the one at hand is in sight whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from string import ascii_lowercase

from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tutor.questions import Answer, Blank, FilledIn
from tutor.text import clipped, columns, harmless
from tutor.tui.content import SIGNS

_LONGEST_ANSWER = 40

_LONGEST_ASIDE = 40
"""A longer heading stands above its blank, also where it is the only one."""

_LEAST_LABEL = 10
_SIGNS = 6
"""Columns of cursor, sign and spaces in a row."""

_WIDEST_LABEL = 16
"""Up to which answers stand below one another."""

_BELOW = 2
"""Rows in sight below the cursor, where there are so many."""


@dataclass(frozen=True)
class Section:
    """The blanks of one step; `title` is "" where it is the only one. Without blanks it is still locked."""

    title: str
    blanks: Sequence[Blank]


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
        self._shown: tuple[Sequence[Section], Mapping[str, Answer], Blank | None, bool] | None = None

    def show(
        self, sections: Sequence[Section], answers: Mapping[str, Answer], current: Blank | None, judged: bool = True
    ) -> None:
        """List the blanks; where they are not `judged`, a sign says no more than that one is filled in."""
        self._shown = sections, answers, current, judged
        rows = _Rows(answers, current, max(0, self.size.width - 1), judged)
        for section in sections:
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
            self.show(*self._shown)

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
    """The rows, as they are made."""

    def __init__(self, answers: Mapping[str, Answer], current: Blank | None, room: int, judged: bool) -> None:
        self.options: list[Option] = []
        self.at_hand: int | None = None
        self.heading_at_hand = 0
        self._answers = answers
        self._current = current.key if current is not None else ""
        self._room = room
        self._judged = judged

    def add(self, section: Section) -> None:
        """The rows of a section: its title, and its gates."""
        titled = bool(section.title)
        if titled:
            later = "" if section.blanks else "  later"
            self._heading(Content.assemble((harmless(section.title), "bold"), (later, "$text-muted")))
        groups = [list(members) for _, members in groupby(section.blanks, key=lambda blank: blank.group)]
        here = next((n for n, group in enumerate(groups) if any(one.key == self._current for one in group)), None)
        for number, group in enumerate(groups):
            near = here is not None and number in (here, here + 1)
            if len(group) > 1 and group[0].group and not near:
                self._folded(group)
            else:
                self._open(group, titled and len(group) == len(section.blanks))

    def _open(self, group: list[Blank], titled: bool) -> None:
        """Every blank of a gate; `titled` where the section's title stands right above."""
        heading, first = group[0].group, len(self.options)
        alone = len(group) == 1 and len(heading) <= _LONGEST_ASIDE
        if heading and not alone:
            self._heading(Content.styled(harmless(heading), "$text-muted"))
        width = max((len(_called(blank)) for blank in group), default=0)
        for blank in group:
            self.options += [Option(_filled_in(one, width), disabled=True) for one in blank.filled_in]
            here = blank.key == self._current
            if here:
                self.at_hand, self.heading_at_hand = len(self.options), first - titled
            aside = heading if alone else ""
            row = _row(blank, self._answers.get(blank.key), aside, here, _Columns(width, self._room), self._judged)
            self.options.append(Option(row, id=blank.key))

    def _folded(self, group: list[Blank]) -> None:
        """One row for a gate."""
        done = [blank for blank in group if self._done(blank)]
        first = next((blank for blank in group if not self._done(blank)), group[0])
        sign = SIGNS_OF_GATE[len(done) == len(group)] if self._judged or not done else UNJUDGED
        count, name = f"{len(done)} of {len(group)}", harmless(group[0].group)
        gap = " " * max(2, self._room - len(name) - len(count) - 4)
        row = Content.assemble("  ", sign, " ", (name, "$text-muted"), gap, (count, "$text-muted"))
        self.options.append(Option(row, id=f"{_FOLDED}{first.key}"))

    def _done(self, blank: Blank) -> bool:
        answer = self._answers.get(blank.key)
        return answer is not None and (not self._judged or answer.verdict.accepted)

    def _heading(self, text: Content) -> None:
        self.options.append(Option(text, disabled=True))


UNJUDGED = ("●", "$foreground")
"""Filled in, where nothing is said of it yet."""

SIGNS_OF_GATE = {True: ("✓", "bold $right"), False: ("·", "$text-muted")}
"""By whether all blanks of a gate are done."""


def _called(blank: Blank) -> str:
    return harmless(blank.row or blank.label.rstrip(" =:"))


def _said(blank: Blank, answer: Answer) -> str:
    """What was answered; of options, their texts."""
    chosen = [option for letter, option in zip(ascii_lowercase, blank.options, strict=False) if letter in answer.text]
    return "; ".join(chosen) or answer.text


def _filled_in(one: FilledIn, width: int) -> Content:
    """A row for what is not asked: as it came from another blank, or that it waits for it."""
    text, name = " ".join(harmless(one.text).split()), harmless(one.role).ljust(min(width, 10))
    if not text:
        return Content.styled(f"  ↳ {name}  waits for {harmless(one.sender)}", "$text-muted")
    return Content.assemble((f"  ↳ {name}  ", "$text-muted"), (_cut(text), "$gradient"),
                            (f"  from {harmless(one.sender)}", "$text-muted"))  # fmt: skip


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_ANSWER else f"{text[:_LONGEST_ANSWER]}…"


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of the longest label of a group, and those of a whole row."""

    label: int
    row: int


def _row(blank: Blank, answer: Answer | None, aside: str, here: bool, wide: _Columns, judged: bool) -> Content:
    """One blank. Answers of a gate stand below one another, where its labels are short; half a row is theirs."""
    name = _called(blank).ljust(wide.label if wide.label <= _WIDEST_LABEL else 0)
    gate = (f"   {harmless(aside)}", "$text-muted") if aside else ""
    cursor = ("▸ " if here else "  ", "bold $current")
    if answer is None:
        asked = ("  ?", "bold $current") if here else ""
        return Content.assemble(cursor, ("·", "$text-muted"), f" {name}", asked, gate)
    sign, colour = SIGNS[answer.verdict.kind] if judged else UNJUDGED
    text = _cut(" ".join(harmless(_said(blank, answer)).split()))
    shown = (" (given)" if answer.given else " (shown)", "$text-muted") if answer.shown else ""
    name = clipped(name, max(_LEAST_LABEL, wide.row - _SIGNS - min(columns(text), wide.row // 2))) if wide.row else name
    return Content.assemble(cursor, (sign, f"bold {colour}"), f" {name}  ", (text, "bold"), shown, gate)
