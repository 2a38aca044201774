"""The blanks of a step, grouped by gate: what is done, what was answered, which one is current."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from string import ascii_lowercase

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tutor.questions import Answer, Blank
from tutor.text import harmless
from tutor.tui.content import SIGNS

_LONGEST_ANSWER = 40

_LONGEST_ASIDE = 40
"""A longer heading stands above its blank, also where it is the only one."""


class BlankList(OptionList, can_focus=False):
    """A click on a blank makes it the current one."""

    class Chosen(Message):
        """A blank was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__(markup=False)

    def show(
        self, blanks: Sequence[Blank], answers: Mapping[str, Answer], current: Blank | None, judged: bool = True
    ) -> None:
        """List the blanks; where they are not `judged`, a sign says no more than that one is filled in."""
        options: list[Option] = []
        highlighted = None
        for group, members in groupby(blanks, key=lambda blank: blank.group):
            members_here = list(members)
            alone = len(members_here) == 1 and len(group) <= _LONGEST_ASIDE
            if group and not alone:
                options.append(Option(Content.styled(harmless(group), "$text-muted"), disabled=True))
            for blank in members_here:
                if current is not None and blank.key == current.key:
                    highlighted = len(options)
                aside = group if alone else ""
                here = current is not None and blank.key == current.key
                options.append(Option(_row(blank, answers.get(blank.key), aside, here, judged), id=blank.key))
        self.set_options(options)
        self.highlighted = highlighted

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Say which blank was clicked."""
        event.stop()
        if event.option.id is not None:
            self.post_message(self.Chosen(event.option.id))


def _said(blank: Blank, answer: Answer) -> str:
    """What was answered; of options, their texts."""
    chosen = [option for letter, option in zip(ascii_lowercase, blank.options, strict=False) if letter in answer.text]
    return "; ".join(chosen) or answer.text


def _row(blank: Blank, answer: Answer | None, aside: str, here: bool, judged: bool) -> Content:
    label = f" {harmless(blank.label)} "
    gate = (f"   {harmless(aside)}", "$text-muted") if aside else ""
    cursor = ("▸ " if here else "  ", "bold $current")
    if answer is None:
        asked = ("?", "bold $current") if here else ""
        label = label if here else label.rstrip(" =")
        return Content.assemble(cursor, ("·", "$text-muted"), label, asked, gate)
    sign, colour = SIGNS[answer.verdict.kind] if judged else ("●", "$foreground")
    text = " ".join(harmless(_said(blank, answer)).split())
    if len(text) > _LONGEST_ANSWER:
        text = f"{text[:_LONGEST_ANSWER]}…"
    shown = (" (given)" if answer.given else " (shown)", "$text-muted") if answer.shown else ""
    return Content.assemble(cursor, (sign, f"bold {colour}"), label, (text, "bold"), shown, gate)
