"""Where lines end: not inside `x = 3`, `(2, 3)` or `Esc w` where they can end elsewhere.

Below an option's letter there is nothing: its further lines begin where its text does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rich.cells import cell_len
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static

from tutor.text import clipped_at_word

UNBROKEN = "\u00a0"
"""A blank at which no line ends. Textual takes it for any other, so it is shown as one in what is broken here."""

_WORD = re.compile(r"\S+\s*|\s+")

_OPERATORS = {"= ≈ < > ≤ ≥": 1, "+ - − ±": 2, "· × * / @ ⊙": 3}
_HOLDS = {sign: strength for signs, strength in _OPERATORS.items() for sign in signs.split()}
"""Sign -> how firmly it holds what is beside it: it stays with what comes after it a little more firmly."""

_BESIDE, _FUNCTION, _NUMBERED, _KEY, _IN_BRACKETS = 4, 5, 5, 50, 6
"""How firmly the factors of `w x` hold together, `ln x`, `line 9`, `Esc w`, and what is in each pair of brackets."""

_ENDED = tuple(",;:.?!")
_FUNCTIONS = re.compile(r"[-−(\[]*(?:sin|cos|tan|ln|log|exp|tanh|sqrt|max|min|sum|mean)")
_FACTOR = re.compile(r"[-−(\[]*(?:[^\W\d_](?:_?\w)?|\d[\d.]*)")
_NAME = re.compile(r"\(*[^\W\d_](?![^\W\d_])")
_KEYS = re.compile(r"\W*\bEsc \S[^\w\s]*")
_NUMBERS = re.compile(r"\d[\d.]*[^\w\s]*")
_NUMBERED_WORDS = re.compile(
    r"\W*(?:row|column|line|entry|axis|blank|step|question|equation|example|gate|layer|position|number|lesson|level|"
    r"hint|page|topic|channel|path|exercise|node|part|day)s?",
    re.IGNORECASE,
)
_PROSE = re.compile(r"[^\w\s]*(?:[^\W\d_]{3,}|an?|as|at|by|if|in|is|it|no|of|on|or|so|to|we)[^\w\s]*")
"""A word that is no part of a formula."""

_PAIRS = {")": "(", "]": "["}


def broken(text: Content, width: int, hanging: int = 0) -> Content:
    """The text in lines of at most `width` cells, those after the first of a paragraph indented by `hanging`.

    A line ends where, in its second half, what is on both sides holds together least: between words of prose, before
    the sides of an equation, those before terms, those before factors, and inside brackets last; of equal places at
    the last. A word that is longer than a line is left to be broken where it is shown.
    """
    rows = []
    for line in text.split("\n", allow_blank=True):
        parts = line.divide(_ends(line.plain, width, hanging)) or [line]
        rows.append(Content(f"\n{' ' * hanging}").join(part.rstrip() for part in parts) if len(parts) > 1 else line)
    made = Content("\n").join(rows)
    return Content(made.plain.replace(UNBROKEN, " "), list(made.spans)) if UNBROKEN in made.plain else made


@lru_cache(maxsize=512)
def _ends(line: str, width: int, hanging: int) -> tuple[int, ...]:
    """The places in a line at which one line ends and the next begins."""
    if cell_len(line) <= width:
        return ()
    words = list(_WORD.finditer(line.replace(UNBROKEN, "_")))
    texts = [line[word.start() : word.end()] for word in words]
    held = _held([word[0].strip() for word in words])
    ends: list[int] = []
    first = 0
    while fitting := _fitting(texts[first:], width, hanging * bool(ends)):
        late = [place for place, column in enumerate(fitting) if 2 * column >= width] or [len(fitting) - 1]
        first += 1 + min(late, key=lambda place: (held[first + place], -place))
        ends.append(words[first].start())
    return tuple(ends)


def _fitting(words: Sequence[str], width: int, column: int) -> list[int]:
    """The columns in which the words end that fit into a line, from `column` on; none where all of them fit."""
    columns: list[int] = []
    for word in words:
        end = column + cell_len(word.rstrip())
        if columns and end > width:
            return columns
        columns.append(end)
        column += cell_len(word)
    return []


def _held(words: Sequence[str]) -> list[float]:
    """How firmly each word holds together with the next: 0 in prose."""
    held: list[float] = [0.0] * len(words)
    for at, (word, after) in enumerate(pairwise(words)):
        held[at] = _between(words[max(0, at - 1)], word, after, words[at + 2] if at + 2 < len(words) else "")
    for first, last in _brackets(words):
        for at in range(first, last):
            held[at] += _IN_BRACKETS
    return held


def _between(before: str, word: str, after: str, next_one: str) -> float:
    """How firmly a word holds together with the one after it, brackets aside."""
    if _KEYS.fullmatch(f"{word} {after}"):
        return _KEY
    if word.endswith(_ENDED):
        return 0.0
    if after in _HOLDS:
        return _HOLDS[after]
    if word in _HOLDS:
        return _HOLDS[word] + 0.5
    if _NUMBERED_WORDS.fullmatch(word) and _NUMBERS.fullmatch(after):
        return _NUMBERED
    if _FUNCTIONS.fullmatch(word) and not _PROSE.fullmatch(after):
        return _FUNCTION
    is_name = _NAME.match(after) and next_one != "=" and (after != "a" or next_one in _HOLDS)
    return _BESIDE if before in _HOLDS and is_name and _FACTOR.fullmatch(word) else 0.0


def _brackets(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The first and last word of each pair of brackets that holds a formula."""
    opened: list[tuple[str, int]] = []
    for at, word in enumerate(words):
        for sign in word:
            if sign in _PAIRS.values():
                opened.append((sign, at))
            elif opened and _PAIRS.get(sign) == opened[-1][0]:
                _, first = opened.pop()
                if first < at and not any(map(_PROSE.fullmatch, words[first : at + 1])):
                    yield first, at


class BrokenText(Static):
    """A text that is broken so in whatever columns it has."""

    def __init__(self, text: str | Content = "", *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.write(text)

    def write(self, text: str | Content) -> None:
        """Show this text."""
        self.update(Hanging(Content(), Content(text) if isinstance(text, str) else text))


class Hanging(Visual):
    """A text broken so, whose further lines begin where `text` does: there is nothing under `before`."""

    def __init__(self, before: Content, text: Content) -> None:
        self._whole, self._indent = Content.assemble(before, text), before.cell_length

    def __str__(self) -> str:
        """The text, in one line as it is written."""
        return self._whole.plain

    def _in_lines(self, width: int) -> Content:
        return broken(self._whole, width, self._indent)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """The lines."""
        return self._in_lines(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """All of it in one line."""
        return self._whole.get_optimal_width(rules, container_width)

    def get_minimal_width(self, rules: RulesMap) -> int:
        """The longest word."""
        return self._whole.get_minimal_width(rules)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """How many lines it takes."""
        return self._in_lines(width).get_height(rules, width)


class InOneLine(Hanging):
    """A text in one line, cut at a word where it is too long."""

    def __init__(self, text: Content) -> None:
        super().__init__(Content(), text)

    def _in_lines(self, width: int) -> Content:
        shown = clipped_at_word(self._whole.plain, width)
        return self._whole if shown == self._whole.plain else Content.assemble(self._whole[: len(shown) - 1], "…")
