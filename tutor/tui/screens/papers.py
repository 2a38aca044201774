"""The papers there are: those that ship, others in the folders, and some drawn from the topics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.library import Library
from tutor.marking.records import in_words
from tutor.papers import PAPERS_TOPIC
from tutor.papers.drawn import drawn_id
from tutor.papers.paper import PaperShelf
from tutor.papers.result import clock, date, in_brief
from tutor.papers.sitting import SittingRecord, unfinished
from tutor.practice.seeds import split_id
from tutor.text import clipped_at_word, harmless, padded
from tutor.tui.commands import bindings
from tutor.tui.line_breaks import BrokenText
from tutor.tui.save_errors import SaysTrouble
from tutor.tui.widgets.bars import BottomBar, TitleBar
from tutor.tui.widgets.paged_list import PagedList

_TITLE = 44
_ALL_MINUTES, _TOPIC_MINUTES = 45, 20


class PapersList(PagedList):
    """The list; Enter sits the paper under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("papers list")


class PapersScreen(SaysTrouble, Screen[None]):
    """Choose a paper to sit, or see how one went."""

    CSS_PATH = "papers.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("papers")

    class Left(Message):
        """The learner goes home."""

    class Chosen(Message):
        """The paper of this id is to be sat."""

        def __init__(self, paper: str) -> None:
            super().__init__()
            self.paper = paper

    class ResultWanted(Message):
        """How the sitting of this key went."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(
        self, shelf: PaperShelf, library: Library, records: Sequence[SittingRecord], here: str | None = None
    ) -> None:
        """`here` is the paper that the cursor is on first, where it is among them."""
        super().__init__()
        self._first = here
        self._shelf = shelf
        self._library = library
        self._records = records
        self._rows = list(self._listed())

    def compose(self) -> ComposeResult:
        """Title, the list, the keys."""
        yield TitleBar("Exam papers", "a clock, no hints or verdicts, marks at the end")
        with Horizontal():
            yield PapersList(markup=False)
            yield BrokenText(id="preview")
        if self._shelf.broken:
            broken = "\n".join(harmless(one.sentence) for one in self._shelf.broken)
            yield Static(f"Papers that cannot be sat\n{broken}", markup=False, id="broken")
        yield BottomBar()

    def on_mount(self) -> None:
        """The cursor is on the paper that was asked for, on one that lies unfinished, or the first."""
        papers = self.query_one(PapersList)
        papers.set_options([Option(line, disabled=not id) for id, line in self._rows])
        begun = {one.paper.id for one in self._records if one.handed_in is None}
        wanted = {self._first} if self._first in dict(self._rows) else begun
        first = next((at for at, (id, _) in enumerate(self._rows) if id), None)
        papers.highlighted = next((at for at, (id, _) in enumerate(self._rows) if id in wanted), first)
        papers.focus()

    def _listed(self) -> Iterator[tuple[str, Content]]:
        """Each paper's id, and its line; a heading has no id."""
        yield "", Content.styled(" Papers", "bold $text-muted")
        for paper in self._shelf.papers.values():
            yield paper.id, self._line(paper.id, paper.title, paper.minutes)
        known = {*self._shelf.papers}
        for record in self._records:
            if record.handed_in is None and record.paper.id not in known:
                known.add(record.paper.id)
                yield record.paper.id, self._line(record.paper.id, record.paper.title, record.paper.minutes)
        yield "", Content.styled(" Drawn from your exercises, different each time", "bold $text-muted")
        topics = [topic for topic in self._library.topics if topic and topic != PAPERS_TOPIC]
        for topic, minutes in (("", _ALL_MINUTES), *((topic, _TOPIC_MINUTES) for topic in topics)):
            id = self._fresh([topic] if topic else [], minutes)
            yield id, self._line(id, self._library.title_of(topic) if topic else "All topics", minutes)

    def _fresh(self, topics: list[str], minutes: int) -> str:
        """A drawn paper that was not handed in yet."""
        base, _ = split_id(drawn_id(topics, minutes, 1))
        seeds = [
            split_id(one.paper.id)[1] or 0 for one in self._records if split_id(one.paper.id)[0] == base and one.marks
        ]
        return drawn_id(topics, minutes, max(seeds, default=0) + 1)

    def _line(self, id: str, title: str, minutes: float) -> Content:
        begun = unfinished(self._records, id)
        done = next((one for one in self._records if one.paper.id == id and one.marks is not None), None)
        state = ""
        if begun is not None:
            state = f"◐ {clock(begun.left)} left"
        elif done is not None and done.marks is not None:
            state = in_brief(done)
        name = padded(clipped_at_word(harmless(title), _TITLE), _TITLE)
        return Content.assemble(f"  {name}", (f" {minutes:>3.0f} min  ", "$text-muted"), (state, "$current"))

    @property
    def bar_places(self) -> tuple[str, ...]:
        """The keys of the list, then those of the screen."""
        return "papers list", "papers"

    @property
    def _here(self) -> str | None:
        at = self.query_one(PapersList).highlighted
        return self._rows[at][0] or None if at is not None else None

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """How it went is said of a paper that was handed in."""
        return action != "result" or self._done() is not None

    def _done(self) -> SittingRecord | None:
        if not self.is_mounted:
            return None
        here = self._here
        return next((one for one in self._records if one.paper.id == here and one.marks is not None), None)

    def on_option_list_option_highlighted(self) -> None:
        """Say what the paper holds; other keys may apply."""
        self.query_one("#preview", BrokenText).write(Content("\n\n").join(self._preview()))
        self.refresh_bindings()

    def _preview(self) -> Iterator[Content]:
        """What is known of the paper under the cursor before it is prepared, and how it went so far."""
        if (id := self._here) is None:
            return
        records = [one for one in self._records if one.paper.id == id]
        paper = records[0].paper if records else self._shelf.papers.get(id)
        if paper is None:
            yield Content.styled("Drawn when you sit it", "bold")
            yield Content("Questions from these exercises, on new numbers, for as long as the paper takes.")
            return
        yield Content.styled(harmless(paper.title), "bold")
        yield Content(f"{paper.minutes:g} minutes")
        files = [one.file for part in paper.parts if (one := self._library.find(part.id)) is not None]
        if [file.title for file in files] == [paper.title]:  # of one exercise that was said
            yield Content(harmless(files[0].prompt))
        else:
            yield Content("\n".join(f"· {harmless(file.title)}" for file in files))
        if paper.prompt:
            yield Content(harmless(paper.prompt))
        went = [
            f"{date(one.handed_in or 0)}   {in_words(one.marks.earned)} of {in_words(one.marks.full)}"
            for one in records
            if one.marks is not None
        ]
        if went:
            yield Content.assemble(("How it went\n", "bold"), "\n".join(went))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Sit it."""
        event.stop()
        if self._here is not None:
            self.post_message(self.Chosen(self._here))

    def action_result(self) -> None:
        """How it went."""
        if (done := self._done()) is not None:
            self.post_message(self.ResultWanted(done.key))

    def action_home(self) -> None:
        """Home."""
        self.post_message(self.Left())
