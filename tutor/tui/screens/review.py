"""The screen of a round of review: an exercise screen that asks a few blanks, says what becomes of them, and goes on.

The app holds the round; this screen works one item of it, in a session like any other, and tells the app when it is
done with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from tutor.learner import StoreProblem
from tutor.practice.review_round import Asked, Round, RoundCount
from tutor.text import harmless
from tutor.tui import content
from tutor.tui.commands import bindings
from tutor.tui.key_command import Command
from tutor.tui.keys import line_of_keys
from tutor.tui.line_breaks import BrokenText
from tutor.tui.screens.dialog import Dialog
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.menu import MenuScreen
from tutor.tui.widgets.bars import offers
from tutor.tui.widgets.steps_bar import StepsBar

_NOT_HERE = (
    "following", "exam", "fresh", "again", "quick", "full", "quick_later", "full_later", "worked", "step", "fix",
)  # fmt: skip
"""What an exercise offers and a blank of a review does not."""


class RoundBar(StepsBar):
    """`Review   ●●◐○○○   3 of 6 due   about 2 min left`, where an exercise has its steps."""

    def __init__(self, round: Round, title: str) -> None:
        super().__init__(title, "")
        self._round, self._title = round, title

    def show(self, *_steps: Any, **_more: Any) -> None:
        """Show how far the round has come."""
        self._draw()

    def _draw(self) -> None:
        count = self._round.count()
        dots = Content("").join(
            [
                *(Content.styled(*(("●", "$right") if one.right else ("✗", "$wrong"))) for one in self._round.outcomes),
                Content.styled("◐", "$current"),
                Content.styled("○" * (count.of - count.number), "$text-muted"),
            ]
        )
        said = f"   {place_in(count)}   about {count.minutes} min left"
        room = self.size.width or self.app.size.width
        parts = [Content.styled(f" {self._title}", "bold")]
        if len(self._title) + dots.cell_length + len(said) + 6 <= room:
            parts += [Content("   "), dots]
        self.update(Content("").join([*parts, Content.styled(said, "$text-muted")]))


def place_in(count: RoundCount) -> str:
    """`3 of 6 due`; of what is practised ahead `blank 3, ahead`."""
    if not count.of:
        return f"blank {count.number}, ahead"
    return f"{count.number} of {count.of}{' due' if count.is_due else ''}"


class ReviewScreen(ExerciseScreen):
    """One item of a round. Enter goes on once its blanks are done."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("review")

    class NextWanted(Message):
        """This item is done with, or put off: the next one is wanted."""

    def __init__(self, asked: Asked, round: Round, title: str, ascii_only: bool, digits: int) -> None:
        super().__init__(asked.session, None, None, ascii_only, digits)
        self._asked, self._round, self._title = asked, round, title
        self._over = False
        """Whether its blanks are done."""

    def _first_line(self) -> StepsBar:
        return RoundBar(self._round, self._title)

    def on_mount(self) -> None:
        """Begin with why it is there."""
        news = (
            f"{self._asked.news} {self._keys_in_a_field('{exercise.home} ends the round.')}" if self._asked.news else ""
        )
        said = (content.muted(text) for text in (news, self._asked.why) if text)
        self._keep_said(*said, new_here=True)

    def _show_solved(self) -> None:
        """The blanks are done: say when their skills come back."""
        try:
            outcomes = self._round.finish(self._asked)
        except StoreProblem as problem:
            self._say(content.strong(str(problem)))
            return
        self._over = True
        said = [content.strong(self._round.about(outcome)) for outcome in outcomes]
        self._say(*self._last, *said, content.muted(self._keys("{review.on} goes on.")))
        self.set_focus(None)  # no text is edited any more: Enter and letters are commands
        self.refresh_bindings()

    def _settle(self) -> None:
        if not self._over:
            super()._settle()

    def _check(self) -> bool:
        if self._over:
            self.action_on()
            return False
        return super()._check()

    def _end_line(self, text: str, number: int) -> bool:
        if self._over:
            self.action_on()
            return False
        return super()._end_line(text, number)

    def action_on(self) -> None:
        """The next item."""
        self._drafts.forget()
        self.post_message(self.NextWanted())

    def action_later(self) -> None:
        """Leave this item for the end of the round."""
        self._drafts.keep()
        self._round.put_off(self._asked)
        self.post_message(self.NextWanted())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What concerns a whole exercise is not here; when the blanks are done, only going on is."""
        if action in _NOT_HERE:
            return False
        if action == "on":
            return self._over
        if action in ("later", "hint", "show", "check", "run", "blank"):
            return not self._over and (action == "later" or super().check_action(action, parameters))
        return super().check_action(action, parameters)

    def _idle(self, command: Command) -> str:
        """What is for a whole exercise has no use at a single blank."""
        if any(action.partition("(")[0] in _NOT_HERE for action, _, _ in command.ways):
            return "a review asks single blanks, and this is for a whole exercise"
        return super()._idle(command)

    @property
    def bar_places(self) -> tuple[str, ...]:
        """The keys of the round before those of an exercise."""
        first, *others = super().bar_places
        return ("review", "exercise") if self._over else (first, "review", *others)

    def action_menu(self) -> None:
        """Offer the letters, those of the round among them."""
        own = [offer for offer in offers(self, "review") if not offer[1].startswith("app.")]
        every = [*own, *(offer for offer in offers(self, "exercise") if offer[1] != "app.review")]
        self.app.push_screen(MenuScreen("exercise", every, 1), self._chosen)


class RoundOverScreen(Dialog[str]):
    """What a round came to. Dismissed with "again", "progress" or "home"."""

    CSS_PATH = "solved.tcss"

    BINDINGS: ClassVar[list[BindingType]] = bindings("over")

    def __init__(self, title: str, told: Sequence[str], more: bool = True) -> None:
        """`more`: there is something for another round."""
        super().__init__(classes="-card")
        self._title, self._told, self._more = title, told, more

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical() as box:
            box.border_title = self._title
            does = {"home": "home", "again": "another round", "progress": "progress"}
            able = ((f"{{over.{id}}}", words) for id, words in does.items() if self._more or id != "again")
            keys = line_of_keys(self.app, *able)
            yield BrokenText(Content("\n\n").join([*map(Content, map(harmless, self._told)), keys]))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Another round needs something to ask."""
        return self._more or (action, parameters) != ("choose", ("again",))

    def action_choose(self, choice: str) -> None:
        """Close with what was chosen."""
        self.dismiss(choice)
