"""The language's only error, and how a text is shown with carets under the place it went wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tutor.language.tree import Span

WINDOW = 60
"""Columns of a long text that are shown around the place that went wrong."""

STAND_IN = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class TextEdit:
    """A correction: the characters of `span` become `text`."""

    span: Span
    text: str


class Trouble(Exception):
    """Raised inside this room: what is wrong and where. The reader adds the text and raises `Unreadable`.

    `advice` is a sentence that offers what `edits` do; it is only said where that can be read. `certain` are edits
    that leave what was typed its only meaning, such as a comment left out: the text is read with them.
    """

    def __init__(
        self,
        message: str,
        *spans: Span,
        edits: tuple[TextEdit, ...] | None = None,
        advice: str = "",
        certain: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.spans = spans
        self.edits = edits
        self.advice = advice
        self.certain = certain and edits is not None


class Unreadable(Exception):
    """A text that cannot be read: the language's only error.

    `message` is a plain sentence or two that says what to do; `spans` are where, in offsets of `text`, the
    text as it was typed; `repair` is a whole corrected text, which reads, when one can be guessed.
    """

    def __init__(self, message: str, text: str, spans: tuple[Span, ...], repair: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.spans = spans
        self.repair = repair

    def caret(self) -> str:
        """The text and, below it, carets under the spans: two lines without control characters."""
        length = len(self.text)
        first = min(span.start for span in self.spans)
        at = min(self._before(first, WINDOW // 3), self._before(length, WINDOW))
        above, below = ("…", " ") if at else ("", "")
        room = WINDOW
        while at < length and room > 0:
            shown = visible(self.text[at])
            above += shown
            below += ("^" if self._covers(at) else " ") * columns(shown)
            room -= columns(shown)
            at += 1
        if at < length:
            above += "…"
        elif self._covers(length):
            below += "^"
        return f"{above}\n{below.rstrip()}"

    def _before(self, offset: int, room: int) -> int:
        """The offset from which the text up to `offset` takes no more than `room` columns."""
        while offset > 0 and room >= (width := columns(visible(self.text[offset - 1]))):
            offset, room = offset - 1, room - width
        return offset

    def _covers(self, offset: int) -> bool:
        """Whether a span holds this character, or is empty and stands here."""
        return any(span.start <= offset < span.end or span.start == span.end == offset for span in self.spans)


def edited(text: str, edits: Iterable[TextEdit]) -> str:
    """The text with these corrections made, trimmed."""
    return edited_with_places(text, edits, range(len(text) + 1))[0]


def edited_with_places(text: str, edits: Iterable[TextEdit], places: Sequence[int]) -> tuple[str, list[int]]:
    """The text with these corrections made, trimmed; and for its characters and its end the `places` of `text`."""
    made, found, at = "", list[int](), 0
    for edit in sorted(edits, key=lambda edit: edit.span.start):
        made += text[at : edit.span.start] + edit.text
        found += [*places[at : edit.span.start], *[places[edit.span.start]] * len(edit.text)]
        at = edit.span.end
    made, found = made + text[at:], found + list(places[at:])
    first = len(made) - len(made.lstrip())
    return made.strip(), found[first : first + len(made.strip()) + 1]


def inserted(edits: Iterable[TextEdit]) -> list[Span]:
    """Where in the corrected text the corrections are."""
    found: list[Span] = []
    shift = 0
    for edit in sorted(edits, key=lambda edit: edit.span.start):
        start = edit.span.start + shift
        found.append(Span(start, start + len(edit.text)))
        shift += len(edit.text) - (edit.span.end - edit.span.start)
    return found


def visible(character: str) -> str:
    """The character itself when a terminal shows it in one or two columns, else a visible stand-in."""
    if " " <= character <= "~":
        return character
    code = ord(character)
    if code < 32:
        return chr(0x2400 + code)  # the picture of a control character
    kind = unicodedata.category(character)
    if kind == "Zs":
        return " "
    if kind[0] in "CMZ" or unicodedata.bidirectional(character) in ("R", "AL", "AN"):
        return STAND_IN
    return character


def columns(character: str) -> int:
    """How many terminal columns a visible character takes."""
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def plainly(text: str, most: int = 40) -> str:
    """A learner's text for use inside a message: harmless, and cut when it is long."""
    shown = "".join(visible(character) for character in text[:most])
    return shown if len(text) <= most else f"{shown}…"
