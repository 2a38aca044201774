"""Options to choose from: a letter, or the arrow keys; Enter hands in what was chosen so, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import ascii_lowercase
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tutor.questions import Blank
from tutor.text import harmless
from tutor.tui.commands import bindings
from tutor.tui.keys import own_keys, with_own_keys
from tutor.tui.line_breaks import BrokenText, Hanging
from tutor.tui.typed_ahead import PastedOn
from tutor.tui.widgets.paged_list import PagedList
from tutor.tui.widgets.pasting import first_answer, left_out
from tutor.tui.widgets.statement import height_of


class Options(PagedList):
    """The options of one blank. Where several may be chosen, space marks them."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("exercise choice")

    takes_letters = True
    """Letters are answers here: commands have their keys, or come after the key of letters."""

    class Changed(Message):
        """Another option is chosen."""

    class NoLetter(Message):
        """What was typed, `text`, is no choice; `last` is the last letter that chooses."""

        def __init__(self, text: str, last: str) -> None:
            super().__init__()
            self.text, self.last = text, last

        @property
        def said(self) -> str:
            """In a sentence: what is a choice."""
            return f"{self.text} is no choice here: one letter from a to {self.last} chooses."

    def __init__(self, hand_in: Callable[[], bool]) -> None:
        super().__init__(markup=False)
        self._hand_in = hand_in
        self._offered: tuple[str, ...] = ()
        self._several = False
        self.chosen: set[str] = set()
        self._typed = ""
        """Letters typed one after the other, with no other key between."""

    @property
    def text(self) -> str:
        """The letters chosen, in order."""
        return " ".join(sorted(self.chosen))

    def show(self, options: tuple[str, ...], several: bool, text: str) -> None:
        """Offer these options; `text` is what was chosen before."""
        self._offered, self._several, self._typed = options, several, ""
        self.chosen = {letter for letter in text.lower() if letter in self._letters}
        self.set_options([Option(self._row(number)) for number in range(len(options))])
        self._draw(self._letters.find(min(self.chosen)) if self.chosen else None)

    @property
    def _letters(self) -> str:
        return ascii_lowercase[: len(self._offered)]

    def _draw(self, at: int | None) -> None:
        self.highlighted = at
        for number in range(self.option_count):
            self.replace_option_prompt_at_index(number, self._row(number))

    def watch_highlighted(self, highlighted: int | None) -> None:
        """The sign of the cursor goes with it."""
        super().watch_highlighted(highlighted)
        self._draw(highlighted)

    @property
    def _is_text(self) -> bool:
        """Whether a letter typed just now is none of an option."""
        return any(letter not in self._letters for letter in self._typed)

    def _row(self, number: int) -> Hanging:
        letter = ascii_lowercase[number]
        signs = ("☐", "☑") if self._several else ("○", "●")
        sign = signs[letter in self.chosen]
        cursor = "▸" if number == self.highlighted else " "
        before = Content.assemble((f"{cursor} ", "bold $current"), (f"{sign} {letter}) ", "bold $key"))
        return Hanging(before, Content(harmless(self._offered[number])))

    def _choose(self, number: int) -> None:
        letter = ascii_lowercase[number]
        self.chosen = self.chosen ^ {letter} if self._several else {letter}
        self._draw(number)
        self.post_message(self.Changed())

    def action_mark(self) -> None:
        """Choose the option under the cursor, or take the choice back."""
        if self.highlighted is not None:
            self._choose(self.highlighted)

    def action_hand_in(self) -> None:
        """Hand in what is marked, or the option that the cursor was moved to; the cursor begins at none."""
        if self._is_text:
            self.post_message(self.NoLetter(self._typed, self._letters[-1]))
            self._typed = ""
            return
        self._typed = ""
        at = self.highlighted
        if at is not None and (not self.chosen if self._several else ascii_lowercase[at] not in self.chosen):
            self._choose(at)
        self._hand_in()

    async def action_move(self, by: int) -> None:
        """The next option, from none the first; past the ends the next blank."""
        at = self.highlighted
        place = at + by if at is not None else 0 if by > 0 else -1
        if 0 <= place < len(self._offered):
            self.highlighted = place
        else:
            await self.run_action(f"screen.blank({by})")

    def on_key(self, event: events.Key) -> None:
        """A letter chooses its option. Another is no command, as text is typed in other blanks; it is said so."""
        if event.character is None or not event.is_printable or (event.character in " ?" and not self._is_text):
            self._typed = self._typed if event.key == "enter" else ""
            return
        own = self.screen.active_bindings.get(event.key)
        number = self._letters.find(event.character.lower())
        if number < 0 and not self._is_text and own is not None and own.node is self:
            return
        event.stop()
        event.prevent_default()
        self._typed += event.character
        if number >= 0:
            self._choose(number)
        elif self._offered:
            self.post_message(self.NoLetter(self._typed, self._letters[-1]))

    def on_paste(self, event: events.Paste) -> None:
        """Pasted letters choose; what is pasted behind a line end goes to the next blank."""
        event.stop()
        letters, rest = first_answer(event.text) or (event.text, None)
        for letter in letters.lower().split():
            number = ascii_lowercase.find(letter) if len(letter) == 1 else -1
            if 0 <= number < len(self._offered):
                self._choose(number)
        if rest is None:
            return
        if self._hand_in():
            self.post_message(PastedOn(rest))
        elif rest.strip():
            self.notify(left_out(rest), severity="warning", markup=False, timeout=15)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click chooses."""
        event.stop()
        self._choose(event.option_index)


_HOW = "a letter or {choice.up+choice.down}; {choice.check} takes it,"
"""How one option is chosen, wherever it is asked: the arrows only go to it."""


def question_of(blank: Blank, width: int, own: Mapping[str, str], enter_does: str = "checks") -> Content:
    """The question, then what the keys do: beside it where that takes no line more, else below.

    `own` are the learner's own keys.
    """
    prompt = harmless(blank.prompt)
    how = "letters or {choice.mark} mark, {choice.check}" if blank.several else _HOW
    keys = with_own_keys(f"{how} {enter_does}", own)
    beside = height_of(f"{prompt}   ({keys})", width) == height_of(prompt, width)
    return Content.assemble(prompt, "   " if beside else "\n", (f"({keys})", "$text-muted"))


class ChoiceRow(Vertical):
    """The question, and its options."""

    class Typed(Message):
        """Another option is chosen."""

    def __init__(self, hand_in: Callable[[], bool]) -> None:
        super().__init__()
        self.enter_does = "checks"
        self._hand_in = hand_in
        self._blank: Blank | None = None

    def compose(self) -> ComposeResult:
        """The question above, the options below."""
        yield BrokenText(id="asked")
        yield Options(self._hand_in)

    @property
    def text(self) -> str:
        """The letters chosen."""
        return self.query_one(Options).text

    def show(self, blank: Blank, text: str) -> None:
        """Ask for a blank; `text` is what was chosen before."""
        self._blank = blank
        self._show_asked()
        self.query_one(Options).show(blank.options, blank.several, text)

    def on_resize(self) -> None:
        """Fit the names of the keys into the new width."""
        self._show_asked()

    def _show_asked(self) -> None:
        if self._blank is not None:
            width = self.size.width or self.app.size.width
            asked = question_of(self._blank, width, own_keys(self.app), self.enter_does)
            self.query_one("#asked", BrokenText).write(asked)

    def focus_field(self) -> None:
        """Put the cursor on the options."""
        self.query_one(Options).focus()

    def on_options_changed(self, event: Options.Changed) -> None:
        """Tell what is chosen."""
        event.stop()
        self.post_message(self.Typed())
