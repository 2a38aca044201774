"""The end of an exercise: what it was for, how it went, and what comes next."""

from __future__ import annotations

import re
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.questions import InputKind
from tutor.session.session import Session
from tutor.session.tries import MistakeMet
from tutor.text import WIDTH, clipped_at_word, harmless
from tutor.tui import content
from tutor.tui.commands import bindings
from tutor.tui.keys import key_line
from tutor.tui.line_breaks import BrokenText
from tutor.tui.screens.dialog import Dialog


def _slip(slip: MistakeMet) -> Content:
    """Where a slip was made, and the first sentence of what was said to it."""
    first = re.split(r"(?<=[.?])\s", slip.said, maxsplit=1)[0]
    often = f" ({slip.times} times)" if slip.times > 1 else ""
    return Content(f"· {harmless(slip.label)}: {harmless(first)}{often}")


class SolvedScreen(Dialog[str]):
    """Dismissed with "next", "again", "fresh", "home" or "stay"."""

    CSS_PATH = "solved.tcss"

    BINDINGS: ClassVar[list[BindingType]] = bindings("solved")

    def __init__(self, session: Session, next_title: str | None) -> None:
        super().__init__()
        self._session = session
        self._next_title = next_title

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical() as box:
            box.border_title = "Solved" if self._session.solved else "Finished"
            with VerticalScroll():
                yield BrokenText(self._text())
            yield Static(self._keys(), id="keys", markup=False)

    def on_resize(self) -> None:
        """Tell whether there is more than is in sight."""
        self.call_after_refresh(self._tell_more)

    def _tell_more(self) -> None:
        more = self.query_one(VerticalScroll).max_scroll_y > 0
        self.query_one(Vertical).border_subtitle = "↓ more" if more else ""

    def _text(self) -> Content:
        lines = [
            Content.styled(clipped_at_word(harmless(self._session.exercise.file.title), WIDTH), "bold"),
            Content(_how_it_went(self._session)),
        ]
        if self._session.exercise.file.remark:
            lines.append(Content(harmless(self._session.exercise.file.remark)))
        if slips := sorted(self._session.slips_met, key=lambda slip: (-slip.times, -slip.last)):
            title = content.muted("Mistakes on the way:").text
            lines.append(Content("\n").join([title, *map(_slip, slips)]))
        return Content("\n\n").join(lines)

    def _keys(self) -> Content:
        following = f"next: {harmless(self._next_title)}" if self._next_title else "home"
        rows = (
            (("next", following),),
            (("again", "begin again"), ("fresh", "new numbers")),
            (("stay", "look at it again"), ("home", "home")),
        )
        lines = []
        for (first, does), *others in rows:
            after = [key_line(self.app, f"{{solved.{id}}}", what) for id, what in others]
            lines.append(Content("   ").join([key_line(self.app, f"{{solved.{first}}}", does, 6), *after]))
        return Content("\n").join(lines)

    def action_choose(self, choice: str) -> None:
        """Close with what was chosen."""
        self.dismiss("home" if choice == "next" and self._next_title is None else choice)


def _how_it_went(session: Session) -> str:
    """Wrong answers, hints and shown answers, as who counted along would have it: a run of code is no answer."""
    code = [step for step in session.steps if any(one.wants is InputKind.CODE for one in session.blanks(step))]
    runs = sum(map(session.tries_in, code))
    tries, hints = session.total_tries - runs, session.total_hints
    shown = sum(answer.shown for answer in session.answers.values())
    parts = [_counted(tries, "wrong try on the way", "wrong tries on the way")] if tries else []
    parts += [_counted(runs, "run of code that was not right", "runs of code that were not right")] if runs else []
    if not parts:
        parts = ["no wrong answers" if shown or hints else "every answer right first time"]
    parts.append(_counted(hints, "hint", "hints") if hints else "no hints")
    if shown:
        parts.append(_counted(shown, "answer shown: come back for it", "answers shown: come back for them"))
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _counted(many: int, one: str, several: str) -> str:
    return f"{many} {one if many == 1 else several}"
