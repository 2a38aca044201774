"""What a sheet is made of, whatever it is written in: plain data, texts as they are, nothing escaped yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tutor.drawing import ASKED, GraphSpec
from tutor.drawing.vector import vector_drawing
from tutor.language import Expression, show
from tutor.text import harmless, one_line
from tutor.typesetting import typeset


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of an exercise (level 1), a question (2) or a part of one (3), with what it is worth: `3 marks`."""

    text: str
    level: int
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph. `remark` is what is said to an answer, in a key."""

    text: str
    remark: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """An equation: its left side, and its right side where it was read; with the values it is taken at behind it.

    Without an expression only what is given: short texts such as `x = 2`, between which a line may end.
    """

    head: str
    expression: Expression | None = None
    given: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The equation in one line, without its values."""
        return self.head if self.expression is None else f"{self.head} = {show(self.expression)}"

    @property
    def lines(self) -> tuple[str, ...]:
        """The equation in characters, set as mathematics."""
        return () if self.expression is None else tuple(typeset(self.head, self.expression).split("\n"))

    @property
    def fits(self) -> bool:
        """Whether the equation may be set in one row of a page."""
        return max(map(len, self.lines), default=0) <= _WIDEST

    @property
    def beside(self) -> bool:
        """Whether what is given has room behind the equation."""
        return sum(map(len, self.given)) + max(map(len, self.lines), default=0) <= _BESIDE


_WIDEST = 84
_BESIDE = 70
"""Characters."""


def pieces(text: str) -> tuple[str, ...]:
    """What is given, `x = 2, A = [1, 2]`, in its parts: commas within brackets part nothing."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if character in ",;" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    return tuple(part.strip() for part in parts if part.strip())


@dataclass(frozen=True, slots=True)
class OptionList:
    """What there is to choose from, each with its letter; in a key the letters of those that are right."""

    texts: tuple[str, ...]
    several: bool = False
    right: str = ""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A label, such as `∂f/∂x =`, and room for an answer of one line; in a key the answer."""

    label: str
    answer: str = ""
    long: bool = False
    """Whether a formula is to be expected."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of short texts below a head. An empty cell is one to be filled in; in a key those `filled` by it stand out.

    Rows are as long as the head.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    filled: frozenset[int] = frozenset()
    """The columns that are answers."""


@dataclass(frozen=True, slots=True)
class Code:
    """Lines of a program or of anything in typewriter face; None for a line to be written."""

    lines: tuple[str | None, ...]
    numbered: bool = False


_PAGE = 480.0
"""Points of a page's text."""
_READ = 0.8
"""The size of a graph that is only read: its letters are as large as the text's."""


@dataclass(frozen=True, slots=True)
class GraphFigure:
    """A computation graph. What is `?` in it is to be filled in."""

    picture: GraphSpec

    @property
    def share(self) -> float:
        """How much of a page's width it takes, from 0 to 1; one to be written in takes more."""
        texts = (text for node in self.picture.nodes for text in (node.value, node.gradient))
        scale = 1.0 if ASKED in texts else _READ
        return min(1.0, scale * vector_drawing(self.picture).width / _PAGE)


@dataclass(frozen=True, slots=True)
class Space:
    """Empty room, so many centimetres high, with a line on what it is for."""

    caption: str
    height: float


@dataclass(frozen=True, slots=True)
class SheetTask:
    """What belongs together on a page: a thing that is asked, with its room for an answer."""

    blocks: tuple[Block, ...]
    number: str = ""
    """`a)`; "" where it is the only one."""

    marks: str = ""


Block = Heading | Prose | Formula | OptionList | AnswerLine | Table | Code | GraphFigure | Space | SheetTask


ANYONE = (("Name", ""), ("Number", ""))
"""Whose a sheet is before somebody has written it on it."""


@dataclass(frozen=True, slots=True)
class Document:
    """A sheet, or the key to one."""

    title: str
    blocks: tuple[Block, ...]
    about: str = ""
    """What stands below the title: marks, minutes, which numbers."""

    key: bool = False
    student: tuple[tuple[str, str], ...] = ()
    """Whose sheet it is, each a word and what it says, such as `Name` and `Ada`; "" for a line to write it on."""


def passages(text: str, remark: bool = False) -> Iterator[Prose | Code]:
    """A text in its paragraphs and figures: lines that are indented are drawn in characters, and stay as they are."""
    drawn: list[str] = []
    for line in tidy(text).split("\n"):
        if line.startswith("  "):
            drawn.append(line.removeprefix("  "))
            continue
        if drawn:
            yield Code(tuple(drawn))
            drawn = []
        if said := tidy_line(line):
            yield Prose(said, remark)
    if drawn:
        yield Code(tuple(drawn))


def prompt_passages(prompt: str) -> Iterator[Prose | Code]:
    """What a blank asks: the lines of a program stay lines, and what is asked of it comes after them."""
    lines = tidy(prompt).split("\n")
    if not any(line.startswith("    ") for line in lines):
        yield from passages(prompt)
        return
    last, _, asked = lines[-1].partition("   ")
    yield Code((*lines[:-1], last))
    if asked.strip():
        yield Prose(tidy_line(asked))


def tidy(text: str) -> str:
    """A text without characters that do something, its lines kept."""
    return harmless(text.expandtabs(4).rstrip())


def tidy_line(text: str) -> str:
    """The same on one line."""
    return one_line(text)
