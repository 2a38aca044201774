"""Colours for what is typed: unknown names, matching brackets, numbers."""

from __future__ import annotations

from collections.abc import Mapping

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text

from tutor.language import Vocabulary, marks


def colour(text: Text, vocabulary: Vocabulary, styles: Mapping[str, Style], cursor: int | None = None) -> None:
    """Style a line of the learner's language in place; `styles` says how each kind of mark looks."""
    for mark in marks(text.plain, vocabulary, cursor):
        if mark.kind in styles:
            text.stylize(styles[mark.kind], mark.start, mark.end)


class EntryHighlighter(Highlighter):
    """For an input field; vocabulary and styles may be changed. Without a vocabulary nothing is coloured."""

    def __init__(self, vocabulary: Vocabulary | None) -> None:
        self.vocabulary = vocabulary
        self.styles: Mapping[str, Style] = {}

    def highlight(self, text: Text) -> None:
        """Style the field's text."""
        if self.vocabulary is not None:
            colour(text, self.vocabulary, self.styles)
