"""Colours for what is typed, from the app's theme: readable in the light themes too."""

from __future__ import annotations

from collections.abc import Mapping

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual.color import Color, ColorParseError
from textual.widgets.text_area import TextAreaTheme

from tutor.language import Vocabulary
from tutor.language.highlighting import marks

_CODE = {
    "text-primary": (
        "keyword",
        "keyword.function",
        "keyword.return",
        "keyword.operator",
        "conditional",
        "repeat",
        "exception",
        "include",
    ),
    "text-success": ("string", "string.documentation"),
    "text-muted": ("comment",),
    "text-warning": ("number", "float", "boolean", "constant.builtin"),
    "text-accent": ("function", "function.call", "method", "method.call", "constructor", "class", "type.class"),
}
"""The app's colour -> what has it in code, by the names that tree-sitter's queries use."""

_ENTRY = {
    "number": ("text-warning", Style()),
    "function": ("text-accent", Style()),
    "unknown": ("text-error", Style(underline=True)),
    "matched_bracket": ("foreground", Style(bold=True, underline=True)),
    "unmatched_bracket": ("text-error", Style(bold=True)),
    "error": ("text-error", Style(bold=True)),
}


def code_theme(name: str, variables: Mapping[str, str]) -> TextAreaTheme:
    """Colours for Python, under a name of their own."""
    styles = {word: _coloured(variables[color]) for color, words in _CODE.items() for word in words}
    return TextAreaTheme(name, syntax_styles=styles)


def entry_styles(variables: Mapping[str, str]) -> dict[str, Style]:
    """Kind of mark -> how it looks; other kinds look plain."""
    return {kind: _coloured(variables[color]) + style for kind, (color, style) in _ENTRY.items()}


def _coloured(written: str) -> Style:
    """In a colour of the theme; plain where that is for the screen to say (`auto`)."""
    try:
        return Style(color=Color.parse(written).rich_color)
    except ColorParseError:
        return Style()


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
