"""The gate cards: what there is to know of each gate, and the learner's own notes on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import OptionList, Static, TextArea
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from tutor.catalogue.gate_cards import Card, grouped_cards, with_levels
from tutor.learner import Store
from tutor.library import Library
from tutor.practice.skills import Skill, SkillState
from tutor.practice.summary import UnreadJournal, summed_up, unread
from tutor.tui.commands import bindings
from tutor.tui.drafts import Drafts
from tutor.tui.keys import line_of_keys
from tutor.tui.screens.dialog import Dialog
from tutor.tui.widgets.paged_list import PagedList


class GatesScreen(Dialog[None]):
    """A list of gates beside the card of the one under the cursor. Closed by Escape or Ctrl+G."""

    CSS_PATH = "gates.tcss"

    BINDINGS: ClassVar[list[BindingType]] = bindings("gates")

    def __init__(self, notes: Store, library: Library, here: str | None) -> None:
        super().__init__()
        self._notes = notes
        self._library = library
        self._groups = grouped_cards()
        self._cards = {card.key: card for _, cards in self._groups for card in cards}
        self._first = here if here in self._cards else next(iter(self._cards))
        self._shown: Card | None = None
        self._skills: Mapping[Skill, SkillState] = {}
        """What the journal says, as soon as it has been gone through."""
        self._drafts: Drafts[Card] = Drafts(self, self._typed, lambda card, text: notes.keep_note(card.key, text))

    def compose(self) -> ComposeResult:
        """List, card and notes."""
        with Horizontal() as box:
            box.border_title = "Gate cards"
            box.border_subtitle = line_of_keys(self.app, ("Tab", "notes and back"), ("{gates.close}", "close"))
            yield PagedList(*self._options(), markup=False, compact=True)
            with Vertical():
                with VerticalScroll(can_focus=False):
                    yield Static(id="card")
                yield Static("Your notes", id="heading", markup=False)
                yield TextArea(tab_behavior="focus", compact=True)

    def _options(self) -> Iterator[Option]:
        """The titles, under the names of their groups."""
        for name, cards in self._groups:
            yield Option(Text(name, style="bold underline"), disabled=True)
            yield from (Option(card.title, id=card.key) for card in cards)

    def on_mount(self) -> None:
        """Begin with the gate at hand."""
        listed = self.query_one(OptionList)
        listed.highlighted = listed.get_option_index(self._first)
        listed.focus()
        self._find_skills(unread(self._notes))

    @work(thread=True)
    def _find_skills(self, journal: UnreadJournal) -> None:
        skills = summed_up(journal, self._library)[0].skills
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._take_skills, skills)

    def _take_skills(self, skills: Mapping[Skill, SkillState]) -> None:
        self._skills = skills
        if self._shown is not None and self.is_mounted:
            self.query_one("#card", Static).update(_table(with_levels(self._shown, skills)))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show another card."""
        if event.option_id is None or not self.query("#card"):  # the name of a group; or the app ends
            return
        self._drafts.keep()
        self._shown = self._cards[event.option_id]
        card = self.query_one("#card", Static)
        card.update(_table(with_levels(self._shown, self._skills)))
        self.call_after_refresh(card.refresh, layout=True)  # the first time its width was not known yet
        unkept = self._drafts.unkept(self._shown)
        self.query_one(TextArea).load_text(unkept if unkept is not None else self._notes.note(self._shown.key))
        self._drafts.shown()

    def _typed(self) -> tuple[Card, str] | None:
        return (self._shown, self.query_one(TextArea).text) if self._shown is not None else None

    def on_text_area_changed(self) -> None:
        """Keep the note soon."""
        if (typed := self._typed()) is not None:
            self._drafts.typed(*typed)

    def keep_typed(self) -> None:
        """Keep the note now."""
        self._drafts.keep()

    def on_unmount(self) -> None:
        """Keep what was typed; the field is gone already."""
        self._drafts.write()

    def action_close(self) -> None:
        """Keep the notes and go."""
        self._drafts.keep()
        self.dismiss()


def _table(card: Card) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for heading, text in card.rows:
        table.add_row(Text(heading), Text(text))
    return table
