"""The editor for staged equations. Enter checks the line before it begins another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, TextAreaTheme

from tutor.language import Vocabulary
from tutor.tui.typed_ahead import PastedOn
from tutor.tui.widgets.line_marks import MarkedEditor
from tutor.tui.widgets.pasting import first_answer
from tutor.tui.widgets.syntax import colour, entry_styles

_THEME = "equations"

_MOST_TAKEN = 200
"""Lines of a paste that are taken one by one: more are no staging, and each would be read on its own."""

_OURS = frozenset({"f6", "f7"})

EDITOR_KEYS: list[BindingType] = [
    *(binding for binding in TextArea.BINDINGS if not (isinstance(binding, Binding) and binding.key in _OURS)),
    Binding("ctrl+home", "go_to_end(False)", "To the beginning", show=False),
    Binding("ctrl+end", "go_to_end(True)", "To the end", show=False),
    Binding("ctrl+shift+home", "go_to_end(False, True)", "Select to the beginning", show=False),
    Binding("ctrl+shift+end", "go_to_end(True, True)", "Select to the end", show=False),
    Binding("ctrl+shift+a", "select_all", "Select all", show=False),
    Binding("ctrl+delete", "delete_word_right", "Delete the word after", show=False),
]
"""For a subclass of TextArea that is made with `inherit_bindings=False`."""


class EquationsEditor(MarkedEditor, inherit_bindings=False):
    """One equation a line; names light up as far as they are known.

    Enter calls `line_done` with the text and the line, counted from 0. It is a call and no message, so that what is
    typed on meanwhile comes after it. It says whether the equations are complete and accepted. `typed` is called when
    the text was edited: so the key and the graph that it leads to are painted together, once.
    """

    BINDINGS: ClassVar[list[BindingType]] = EDITOR_KEYS

    def __init__(self, line_done: Callable[[str, int], bool], typed: Callable[[], None]) -> None:
        super().__init__(
            show_line_numbers=True, soft_wrap=False, compact=True, tab_behavior="focus", highlight_cursor_line=False
        )
        self._vocabulary: Vocabulary | None = None
        self._line_done = line_done
        self._typed = typed
        self._takes_lines = False
        self._styles: Mapping[str, Style] = {}

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The names that are known, which light up."""
        return self._vocabulary

    @vocabulary.setter
    def vocabulary(self, vocabulary: Vocabulary | None) -> None:
        before, self._vocabulary = self._vocabulary, vocabulary
        if before is None or vocabulary is None or before.names == vocabulary.names:
            if before != vocabulary:
                self.refresh()
            return
        changed = before.names ^ vocabulary.names
        for row in range(self.document.line_count):
            if any(name in self.document.get_line(row) for name in changed):
                self.refresh_lines(row)

    def on_mount(self) -> None:
        """Follow the colours of the app. The theme is its own: what others take in from their styles stays theirs."""
        self.register_theme(TextAreaTheme(_THEME))
        self.theme = _THEME
        self.watch(self.app, "theme", self._take_colours)

    def _take_colours(self) -> None:
        self._styles = entry_styles(self.app.get_css_variables())
        self.colour_marks(self.app.get_css_variables())
        self.refresh()

    def show(self, text: str) -> None:
        """Put a text into the editor, the cursor at its end; nothing happens where it is there already."""
        if text == self.text:
            return
        with self.prevent(TextArea.Changed):
            self.load_text(text)
        self.move_cursor(self.document.end)

    def edit(self, edit: Edit) -> EditResult:
        """Edit, and tell so at once; of lines that are pasted a message tells, when all of them are there."""
        if self._takes_lines:
            return super().edit(edit)
        with self.prevent(TextArea.Changed):
            done = super().edit(edit)
        self._typed()
        return done

    def new_line(self) -> None:
        """Begin the next line, or go to it where it is empty already."""
        row = self.cursor_location[0]
        below = row + 1
        if below < self.document.line_count and not self.document.get_line(below).strip():
            self.move_cursor((below, 0))
        else:
            self.move_cursor((row, len(self.document.get_line(row))))
            self.insert("\n")

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self._line_done(self.text, self.cursor_location[0])
            return
        if event.key == "question_mark" and not self.text:
            event.stop()
            event.prevent_default()
            await self.run_action("screen.help")
            return
        await super()._on_key(event)

    async def _on_paste(self, event: events.Paste) -> None:
        """At the end of the text pasted lines are taken as if typed; elsewhere, or where they are very many, put in."""
        row, column = self.cursor_location
        below = (self.document.get_line(number) for number in range(row + 1, self.document.line_count))
        if self.document.get_line(row)[column:].strip() or any(line.strip() for line in below):
            return
        if first_answer(event.text) is None or len(event.text.splitlines()) > _MOST_TAKEN:
            return
        event.stop()
        event.prevent_default()
        self._takes_lines = True
        try:
            self._take_lines(event.text)
        finally:
            self._takes_lines = False

    def _take_lines(self, rest: str) -> None:
        while found := first_answer(rest):
            line, rest = found
            self.replace(line, *self.selection, maintain_selection_offset=False)
            row = self.cursor_location[0]
            if self._line_done(self.text, row):
                self.post_message(PastedOn(rest))
                return
            if self.cursor_location[0] == row:  # the line does not hold: what comes after it waits below
                rest = f"\n{rest}" if rest.strip() else ""
                break
        self.insert(rest)

    @property
    def _coloured(self) -> object:
        """The names that are known: they light up."""
        return self.vocabulary

    def get_line(self, line_index: int) -> Text:
        """The line, coloured."""
        text = super().get_line(line_index)
        if self.vocabulary is not None:
            row, column = self.cursor_location
            colour(text, self.vocabulary, self._styles, column if row == line_index else None)
        return text
