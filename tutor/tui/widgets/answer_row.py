"""The question for the current blank, and the field its answer is typed into."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label, Static

from tutor.language import Vocabulary
from tutor.questions import Blank
from tutor.text import harmless
from tutor.tui.typed_ahead import PastedOn
from tutor.tui.widgets.pasting import first_answer, left_out
from tutor.tui.widgets.syntax import EntryHighlighter, entry_styles


class AnswerField(Input):
    """Enter calls `hand_in`. It is a call and no message, so that what is typed on meanwhile comes after it."""

    def __init__(self, hand_in: Callable[[], bool], highlighter: EntryHighlighter) -> None:
        super().__init__(
            id="answer",
            compact=True,
            highlighter=highlighter,
            select_on_focus=False,
        )
        self._hand_in = hand_in

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self._hand_in()
            return
        await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        """What is pasted behind the first answer goes to the next blank."""
        found = first_answer(event.text)
        if found is None:
            return
        event.stop()
        event.prevent_default()
        answer, rest = found
        self.replace(answer, *self.selection)
        if self._hand_in():
            self.post_message(PastedOn(rest))
        elif rest.strip():
            self.notify(left_out(rest), severity="warning", markup=False, timeout=15)


class AnswerRow(Vertical):
    """The question, its label, and the field."""

    class Typed(Message):
        """The text in the field changed by typing."""

    def __init__(self, hand_in: Callable[[], bool]) -> None:
        super().__init__()
        self._hand_in = hand_in
        self._highlighter = EntryHighlighter(None)
        self._blank: Blank | None = None

    def compose(self) -> ComposeResult:
        """The question above, label and field below."""
        yield Static(id="question", markup=False)
        with Horizontal():
            yield Label(id="label", markup=False)
            yield AnswerField(self._hand_in, self._highlighter)

    def on_mount(self) -> None:
        """Follow the colours of the app."""
        self.watch(self.app, "theme", self._take_colours)

    def _take_colours(self) -> None:
        self._highlighter.styles = entry_styles(self.app.get_css_variables())
        self.query_one(Input).refresh()

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.query_one(Input).value

    def show(self, blank: Blank, text: str, vocabulary: Vocabulary | None) -> None:
        """Ask for a blank; `text` is what is typed already."""
        self._blank = blank
        self._highlighter.vocabulary = vocabulary
        self.query_one("#question", Static).update(harmless(blank.prompt))
        self.query_one("#label", Label).update(f"{harmless(blank.label)} ")
        field = self.query_one(Input)
        self._show_example()
        with field.prevent(Input.Changed):
            field.value = text
            field.cursor_position = len(text)

    def on_resize(self) -> None:
        """Fit the example into the new width."""
        self._show_example()

    def _show_example(self) -> None:
        """What an answer looks like, with the key that checks it where there is room for both."""
        if self._blank is None:
            return
        example = harmless(self._blank.example)
        room = (self.size.width or self.app.size.width) - cell_len(self._blank.label) - 4
        both = f"{example}; Enter checks"
        self.query_one(Input).placeholder = both if cell_len(both) <= room else example

    def focus_field(self) -> None:
        """Put the cursor into the field."""
        self.query_one(Input).focus()

    def select_field(self) -> None:
        """Select what stands in the field."""
        self.query_one(Input).select_all()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what was typed."""
        event.stop()
        self.post_message(self.Typed())
