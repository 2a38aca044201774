"""The page before a paper: what it holds, how long it takes and what is off meanwhile. The clock runs from Enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from tutor.marking import Marker
from tutor.marking.records import in_words
from tutor.papers.paper import Paper
from tutor.papers.result import clock
from tutor.papers.sitting import SittingRecord
from tutor.text import harmless
from tutor.tui.commands import bindings
from tutor.tui.keys import key_line, own_keys, with_own_keys
from tutor.tui.line_breaks import BrokenText
from tutor.tui.screens.dialog import Dialog

_MOST, _LINES = 8, 18
"""Exercises that are named, where there is room; the lines of all the rest."""

_OFF = (
    "Off until it is handed in: hints, verdicts, shown answers, worked solutions, lessons. Questions may be answered "
    "in any order, and what you type is kept. {paper.home} leaves and stops the clock; when it has run out, what is "
    "there is handed in."
)


@dataclass(frozen=True)
class PaperContents:
    """What a paper comes to: its questions and its marks."""

    questions: int
    marks: float

    @classmethod
    def of(cls, markers: Sequence[Marker]) -> PaperContents:
        """Of the exercises that these mark."""
        schemes = [scheme for marker in markers for scheme in marker.schemes]
        return cls(len(schemes), sum(float(scheme.full) for scheme in schemes))


class BeginPaperScreen(Dialog[bool]):
    """Dismissed with whether to begin. Until the paper is prepared Enter is remembered, and said to be."""

    CSS_PATH = "begin_paper.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("beginning")

    def __init__(self, paper: Paper, titles: Sequence[str], before: SittingRecord | None) -> None:
        """`titles` are those of its exercises; `before` is the sitting to go on with."""
        super().__init__()
        self._paper, self._titles, self._before = paper, titles, before
        self._contents: PaperContents | None = None
        self._agreed = False

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical() as box:
            box.border_title = "Exam paper"
            yield BrokenText()

    def on_mount(self) -> None:
        """Say what is known of it."""
        self._say()

    def prepared(self, contents: PaperContents) -> None:
        """All that it takes is there: say what it holds, and open it where that was wished."""
        self._contents = contents
        if self.is_mounted and self.is_attached:
            self._say()
        if self._agreed:
            self.dismiss(True)

    def _say(self) -> None:
        paper, before = self._paper, self._before
        lines = [Content.styled(harmless(paper.title), "bold"), Content(self._holds())]
        most = max(2, min(_MOST, self.app.size.height - _LINES))
        named = [f"· {harmless(title)}" for title in self._titles[:most]]
        if len(self._titles) > most:
            named.append(f"· and {len(self._titles) - most} more")
        if list(self._titles) != [paper.title]:  # of one exercise that was said
            lines.append(Content("\n".join(named)))
        if paper.prompt:
            lines.append(Content(harmless(paper.prompt)))
        lines.append(Content.styled(with_own_keys(_OFF, own_keys(self.app)), "$text-muted"))
        begins = "begin: the clock starts" if before is None else "go on: the clock runs again"
        if self._agreed and self._contents is None:
            begins = "it opens as soon as it is prepared …"
        does = {"{beginning.yes}": begins, "{beginning.no}": "go back"}
        lines.append(Content("\n").join(key_line(self.app, key, what, 6) for key, what in does.items()))
        self.query_one(BrokenText).write(Content("\n\n").join(lines))

    def _holds(self) -> str:
        """`3 questions, 33 marks, 45 minutes.`"""
        paper, contents, before = self._paper, self._contents, self._before
        time = f"{paper.minutes:g} minutes"
        if before is not None:
            time = f"{clock(before.left)} left of {clock(60 * paper.minutes)}"
        if contents is None:
            return f"{time}. It is being prepared …"
        questions = f"{contents.questions} question{'' if contents.questions == 1 else 's'}"
        return f"{questions}, {in_words(contents.marks)} marks, {time}."

    def action_agree(self, agreed: bool) -> None:
        """Close with the answer, as soon as it can be carried out."""
        if agreed and self._contents is None:
            self._agreed = True
            self._say()
        else:
            self.dismiss(agreed)
