"""Sheets in Markdown: CommonMark with tables, every sign of its own escaped, pictures in characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from string import ascii_lowercase

from tutor.course.worksheets.document import (
    AnswerLine,
    Block,
    Code,
    Document,
    Formula,
    GraphFigure,
    Heading,
    OptionList,
    Prose,
    SheetTask,
    Space,
    Table,
)
from tutor.drawing import choose, draw

_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~$&]|:(?=//)|(?<=www)\.|^[+=-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]", re.IGNORECASE)
_BLANK = "\\_" * 12
_LONG_BLANK = "\\_" * 40
_COLUMNS, _ROWS = 100, 60


def markdown(document: Document) -> str:
    """The sheet as Markdown."""
    parts = [f"# {escaped(document.title)}{' — key' if document.key else ''}"]
    parts += [escaped(document.about)] if document.about else []
    if document.student:
        parts.append(whose(document, _LONG_BLANK))
    parts += [text for block in document.blocks for text in block_text(block)]
    return "\n\n".join(parts) + "\n"


def whose(document: Document, blank: str = "") -> str:
    """The student whose sheet it is, with a blank for each word that says nothing yet."""
    return "\u2003".join(f"{escaped(word)}: {escaped(text) or blank}" for word, text in document.student)


def escaped(text: str) -> str:
    """A text that Markdown shows as it is, whatever it says."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def block_text(block: Block) -> Iterator[str]:
    """A block, in paragraphs."""
    match block:
        case Heading(text, level, marks):
            yield f"{'#' * (level + 1)} {escaped(text)}{f' ({escaped(marks)})' if marks else ''}"
        case Prose(text, remark):
            yield f"*{escaped(text)}*" if remark else escaped(text)
        case Formula():
            yield fenced([*block.lines, *([", ".join(block.given)] if block.given else [])])
        case OptionList(texts, several, right):
            yield "\n".join(_options(texts, right, several))
        case AnswerLine(label, answer, long):
            yield f"{escaped(label)} " + (f"**{escaped(answer)}**" if answer else _LONG_BLANK if long else _BLANK)
        case Table(head, rows):
            yield "\n".join(_table(head, rows))
        case Code(lines, numbered):
            yield fenced(numbered_lines(lines) if numbered else [line or "" for line in lines])
        case GraphFigure(picture):
            yield fenced(draw(picture, choose(picture, _COLUMNS, _ROWS)).text.split("\n"))
        case Space(caption, height):
            yield escaped(caption)
            yield "\n".join(["&nbsp;  "] * max(2, round(height)))
        case SheetTask():
            yield from _task(block)


def _task(task: SheetTask) -> Iterator[str]:
    before = f"**{escaped(task.number)}** " if task.number else ""
    after = f" ({escaped(task.marks)})" if task.marks else ""
    first, rest = task.blocks[0], task.blocks
    if isinstance(first, Prose):
        yield f"{before}{escaped(first.text)}{after}"
        rest = rest[1:]
    elif before or after:
        yield f"{before}{after}".strip()
    yield from (text for part in rest for text in block_text(part))


def _options(texts: tuple[str, ...], right: str, several: bool) -> Iterator[str]:
    for letter, text in zip(ascii_lowercase, texts, strict=False):
        chosen = letter in right.split()
        box = ("☒" if chosen else "☐") if several else ("●" if chosen else "○")
        said = f"**{escaped(text)}**" if chosen else escaped(text)
        yield f"- {box} {letter}\\) {said}"


def _table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    yield f"| {' | '.join(map(_cell, head))} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(text: str) -> str:
    return escaped(text) or "&nbsp;"


def numbered_lines(lines: Sequence[str | None]) -> list[str]:
    """Lines with their numbers from 1; those to be written are empty."""
    wide = len(str(len(lines)))
    return [f"{number:>{wide}}  {line or ''}".rstrip() for number, line in enumerate(lines, 1)]


def fenced(lines: Sequence[str]) -> str:
    """Lines in a fence that is longer than any in them."""
    longest = max((len(found) for line in lines for found in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}text", *lines, fence])
