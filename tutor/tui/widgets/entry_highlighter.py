"""Colours for what is typed: unknown names, matching brackets, numbers."""

from __future__ import annotations

from rich.highlighter import Highlighter
from rich.text import Text

from tutor.language import Vocabulary, marks

STYLES = {
    "number": "cyan",
    "function": "magenta",
    "unknown": "underline yellow",
    "matched_bracket": "bold underline",
    "unmatched_bracket": "bold red",
    "error": "bold red",
}
"""Kind of mark -> Rich style; other kinds look plain."""


def colour(text: Text, vocabulary: Vocabulary, cursor: int | None = None) -> None:
    """Style a line of the learner's language in place."""
    for mark in marks(text.plain, vocabulary, cursor):
        if mark.kind in STYLES:
            text.stylize(STYLES[mark.kind], mark.start, mark.end)


class EntryHighlighter(Highlighter):
    """For an input field; the vocabulary may be changed. Without one nothing is coloured."""

    def __init__(self, vocabulary: Vocabulary | None) -> None:
        self.vocabulary = vocabulary

    def highlight(self, text: Text) -> None:
        """Style the field's text."""
        if self.vocabulary is not None:
            colour(text, self.vocabulary)
