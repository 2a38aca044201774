"""The editor for the NumPy function, and the learner's own editor outside, which $VISUAL or $EDITOR names."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from textual import events
from textual.app import App, SuspendNotSupported
from textual.binding import BindingType
from textual.widgets import TextArea

from tutor.files import LARGEST_PROGRAM, NotText, text_of
from tutor.tui.widgets.equations_editor import EDITOR_KEYS
from tutor.tui.widgets.line_marks import LineMarks, MarkedEditor
from tutor.tui.widgets.syntax import code_theme


class CodeEditor(MarkedEditor, inherit_bindings=False):
    """Python with line numbers; Tab indents, Shift+Tab takes it back, Enter keeps it; Escape goes before a letter."""

    BINDINGS: ClassVar[list[BindingType]] = EDITOR_KEYS

    def __init__(self) -> None:
        super().__init__(show_line_numbers=True, soft_wrap=False, compact=True, tab_behavior="indent")
        self.indent_width = 4

    def on_mount(self) -> None:
        """Follow the colours of the app."""
        self.watch(self.app, "theme", self._take_colours)

    def _take_colours(self) -> None:
        self.colour_marks(self.app.get_css_variables())
        theme = code_theme(f"tutor {self.app.theme}", self.app.get_css_variables())
        self.register_theme(theme)
        self.theme = theme.name

    def show(self, text: str) -> None:
        """Put a text into the editor, the cursor where there is something to write."""
        changed = text != self.text
        with self.prevent(TextArea.Changed):
            if changed:
                self.load_text(text)
            # Not before there is code to show: what highlights Python takes 20 ms to make, each time.
            if self.language is None:
                self.language = "python"
        if not changed:
            return
        self.mark(LineMarks())  # those there are belong to what stood here before
        self.move_cursor(_first_gap(text))
        self.call_after_refresh(self._show_margin)

    def _show_margin(self) -> None:
        """Scroll to the left: before it has a width, the editor scrolls the cursor to its first column."""
        self.scroll_to(x=0, animate=False)
        self.scroll_cursor_visible()

    async def _on_key(self, event: events.Key) -> None:
        row, column = self.cursor_location
        edits = {"enter": self._break_line, "shift+tab": self._dedent}
        if self.selection.is_empty and column and not self.document.get_line(row)[:column].strip(" "):
            edits["backspace"] = self._dedent
        if event.key in edits:
            event.stop()
            event.prevent_default()
            edits[event.key]()
            return
        await super()._on_key(event)

    def _dedent(self) -> None:
        """Take the lines that are selected back to where the indentation was one step less."""
        first, last = sorted(place[0] for place in self.selection)
        for row in range(first, last + 1):
            line = self.document.get_line(row)
            spaces = len(line) - len(line.lstrip(" "))
            kept = (spaces - 1) // self.indent_width * self.indent_width if spaces else 0
            self.replace("", (row, kept), (row, spaces), maintain_selection_offset=True)

    def _break_line(self) -> None:
        row, column = self.cursor_location
        line = self.document.get_line(row)[:column]
        indent = line[: len(line) - len(line.lstrip())]
        if line.rstrip().endswith(":"):
            indent += " " * self.indent_width
        self.replace(f"\n{indent}", *self.selection, maintain_selection_offset=False)


def _first_gap(text: str) -> tuple[int, int]:
    """The end of the empty line below the first comment that has one; else of a line of spaces; else of the text."""
    lines = text.split("\n")
    for row, line in enumerate(lines[:-1]):
        if line.strip().startswith("#") and not lines[row + 1].strip():
            return row + 1, len(lines[row + 1])
    blank = next((row for row, line in enumerate(lines) if line and not line.strip()), len(lines) - 1)
    return blank, len(lines[blank])


class NoEditor(Exception):
    """The text could not be edited outside; why, in a sentence for the learner."""


def external_editor() -> list[str]:
    """The command of the learner's editor. Raises NoEditor where none is named."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(named)
    except ValueError:
        words = []
    if not words:
        raise NoEditor("No editor is named. Set EDITOR, for instance to nano, before you start the tutor.")
    return words


def edit_outside(app: App[Any], text: str, name: str) -> str:
    """The text as the learner leaves it in their editor, in a file of this name.

    Of an editor that a signal ends, such as that of a window closed, it is what was saved by then. Raises NoEditor
    where it cannot be had; the text is as it was then.
    """
    command = external_editor()
    with TemporaryDirectory(prefix="backprop-tutor-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                done = subprocess.run([*command, str(path)], check=False)
        except SuspendNotSupported:
            raise NoEditor("The app cannot be suspended here, so no other editor can be opened.") from None
        except OSError as error:
            raise NoEditor(f"{command[0]} could not be opened: {error.strerror or error}.") from None
        if done.returncode > 0:
            raise NoEditor(f"{command[0]} ended with an error, so the code stays as it was.")
        try:
            return text_of(path, LARGEST_PROGRAM)
        except FileNotFoundError:
            raise NoEditor("The editor left no file behind, so the code stays as it was.") from None
        except NotText as why:
            raise NoEditor(f"What the editor left behind cannot be used: {why}. The code stays as it was.") from None
