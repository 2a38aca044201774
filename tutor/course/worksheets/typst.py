"""Sheets as PDF, by the package typst: a document in its language is made, in which every text is a string.

It is compiled from memory, without packages of Typst, and without the fonts of the machine but for scripts that Typst's
own have no letters of: a sheet is the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from string import ascii_lowercase
from typing import Any

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
from tutor.course.worksheets.mathematics import LONGEST, TYPST
from tutor.drawing.svg import graph_svg

_PREAMBLE = """
#set page(paper: "a4", margin: (x: 20mm, top: 18mm, bottom: 18mm), numbering: "1 / 1")
#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"), size: 11pt, lang: "en")
#set par(leading: 0.62em, spacing: 0.85em)
#show heading: set block(above: 1.5em, below: 0.7em)
#show heading.where(level: 1): set text(size: 14pt)
#show heading.where(level: 2): set text(size: 12.5pt)
#show heading.where(level: 3): set text(size: 11pt)
#show raw: set text(font: "DejaVu Sans Mono", size: 8.5pt)
#let marks(said) = text(size: 9.5pt, style: "italic", weight: "regular", said)
#let task(body) = block(breakable: false, width: 100%, above: 1.1em, below: 1.1em, body)
#let part(body) = block(width: 100%, above: 1.1em, below: 1.1em, body)
#let lead = block.with(sticky: true)  // it stays with what follows
#let together = block.with(breakable: false, width: 100%)
#let blank(width) = box(width: width, height: 8mm, stroke: (bottom: 0.5pt))
#let answer(label, room) = block(inset: (left: 8mm), above: 0.9em, below: 0.9em, [#text(label) #h(1mm) #room])
#let open = box(width: 1fr, height: 7.5mm, stroke: (bottom: (paint: luma(130), thickness: 0.4pt, dash: "dotted")))
#let line-number(number) = text(size: 7pt, fill: luma(100), font: "DejaVu Sans Mono", str(number))
"""
_KEPT_TOGETHER = 16
"""Rows of a table, or lines, that are not divided between pages."""


class NotTypeset(Exception):
    """Why a sheet could not be made into a page: a sentence."""


def pdf(document: Document) -> bytes:
    """The sheet as a PDF file. Raises ModuleNotFoundError without the package typst, NotTypeset."""
    made = _compiled(document, "pdf", None)
    assert isinstance(made, bytes)
    return made


def pdf_of_all(documents: Sequence[Document]) -> bytes:
    """Several sheets as one PDF file, each on pages of its own that are counted from 1. Raises as `pdf`."""
    with _told_of(documents[0].title):
        made = _typeset(_source_of_all(documents), "pdf", None)
    assert isinstance(made, bytes)
    return made


def pages(document: Document, ppi: float = 72.0) -> list[bytes]:
    """The pages of the sheet, each a PNG file, for those who look at it. Raises as `pdf`."""
    made = _compiled(document, "png", ppi)
    return [made] if isinstance(made, bytes) else list(made)


def without_letters(texts: Iterable[str]) -> list[str]:
    """Those of the texts that no font here has letters for. Raises ModuleNotFoundError without the package typst."""

    def lack(some: Sequence[str]) -> bool:
        try:
            _typeset("\n".join([_PREAMBLE, *(f"#text({_text(text)})" for text in some)]), "pdf", None)
        except _NoLetter:
            return True
        return False

    foreign = [text for text in dict.fromkeys(texts) if not text.isascii()]
    return [text for text in foreign if lack([text])] if foreign and lack(foreign) else []


class _NoLetter(Exception):
    """No font here has a sign of a sheet; which, where Typst says it."""


def _compiled(document: Document, format: str, ppi: float | None) -> bytes | list[bytes]:
    with _told_of(document.title):
        return _typeset(typst_source(document), format, ppi)


@contextmanager
def _told_of(title: str) -> Iterator[None]:
    """Raises NotTypeset, about the sheet of this title, for what Typst refuses."""
    import typst

    try:
        yield
    except _NoLetter as missing:
        raise NotTypeset(f"{title} cannot be a PDF: no font here has {missing}. {_OTHER_FONTS}") from None
    except typst.TypstError as error:
        raise NotTypeset(f"{title} could not be typeset: {error}") from None


def _typeset(source: str, format: str, ppi: float | None) -> bytes | list[bytes]:
    """As PDF/A, in which no letter may be missing: elsewhere Typst draws a box in its place and says nothing.

    Raises _NoLetter, and TypstError for anything else.
    """
    import typst

    compiled: Any = typst.compile  # what it gives for several pages is not in its types
    fixed: dict[str, Any] = {
        "format": format, "ppi": ppi, "ignore_system_fonts": not any(map(_in_other_scripts, source)),
    }  # fmt: skip
    made: bytes | list[bytes]
    try:
        made = compiled(source.encode(), **fixed, **({"pdf_standards": _STANDARD} if format == "pdf" else {}))
    except typst.TypstError as error:
        if format == "pdf":
            compiled(source.encode(), **fixed)  # what is wrong here as well is something else
            found = _SIGN.search(str(error))  # not every version of Typst says it
            raise _NoLetter(f"the sign {found[1]}" if found else "all its signs") from None
        raise
    return made


_STANDARD = "a-2b"
_SIGN = re.compile(r'text `"(.*?)"` could not be displayed')
_OTHER_FONTS = (
    "Install a font that has it, such as one of Noto, or choose --format html, which a browser prints in its own."
)
"""What to do where letters are missing."""


def _in_other_scripts(character: str) -> bool:
    """Whether the fonts that Typst brings have no such letter, and one of the machine may: neither Latin nor Greek."""
    return any(first <= ord(character) < end for first, end in _OTHER_SCRIPTS)


_OTHER_SCRIPTS = ((0x0530, 0x1D00), (0x2E80, 0x1D400), (0x1D800, 0x110000))


def typst_source(document: Document) -> str:
    """The sheet in the language of Typst."""
    return "\n\n".join([f"#set document(title: {_text(document.title)})", _PREAMBLE, *_page_by_page(document)]) + "\n"


def _source_of_all(documents: Sequence[Document]) -> str:
    """The sheets one after the other; of how many pages each is, is not known then."""
    parts = [f"#set document(title: {_text(documents[0].title)})", _PREAMBLE, '#set page(numbering: "1")']
    for number, document in enumerate(documents):
        parts += ["#pagebreak(weak: true)\n#counter(page).update(1)"] if number else []
        parts += _page_by_page(document)
    return "\n\n".join(parts) + "\n"


def _page_by_page(document: Document) -> list[str]:
    key = ' #h(1fr) #marks("key")' if document.key else ""
    parts = [
        f'#text(size: 18pt, weight: "bold", {_text(document.title)}){key}',
        f"#block(above: 0.8em, below: 1.4em, text(size: 9.5pt, fill: luma(60), {_text(document.about)}))",
    ]
    if document.student:
        said = [f"#text({_text(f'{word}:')}) {_written(text)}" for word, text in document.student]
        parts.append(f"#block(below: 1.8em, [{' #h(5mm) '.join(said)}])")
    return [*parts, *(line for block in document.blocks for line in _block(block))]


def _written(text: str) -> str:
    return f"#text({_text(text)})" if text else "#blank(1fr)"


def _text(text: str) -> str:
    """A string of Typst: nothing in it is markup."""
    plain = "".join(each if each.isprintable() else "·" for each in text.replace("\n", " "))
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level, marks):
            said = f" #h(1fr) #marks({_text(marks)})" if marks else ""
            yield f"#heading(level: {level})[#text({_text(text)}){said}]"
        case Prose(text, remark):
            if remark:
                yield f'#block(inset: (left: 8mm), text(size: 10pt, style: "italic", fill: luma(50), {_text(text)}))'
            else:
                yield f"#lead(text({_text(text)}))"
        case Formula():
            yield f"#lead(inset: (left: 8mm), above: 1em, below: 1em, [{_formula(block)}])"
        case OptionList(texts, several, right):
            yield from (_option(*each, several, right) for each in zip(ascii_lowercase, texts, strict=False))
        case AnswerLine(label, answer, long):
            room = f'text(weight: "bold", {_text(answer)})' if answer else f"blank({'1fr' if long else '55mm'})"
            yield f"#answer({_text(label)}, {room})"
        case Table():
            yield _table(block)
        case Code(lines, numbered):
            yield _numbered(lines) if numbered else f"#raw(block: true, {_lines([line or '' for line in lines])})"
        case GraphFigure(picture):
            svg = _lines(graph_svg(picture).split("\n"))
            yield f'#together(image(bytes({svg}), format: "svg", width: {100 * block.share:.1f}%))'
        case Space(caption, height):
            box = f"rect(width: 100%, height: {height:g}cm, stroke: 0.5pt + luma(150), radius: 1mm)"
            yield f"#task[#text({_text(caption)}) #{box}]"
        case SheetTask(blocks, number, marks):
            long = any(isinstance(part, Code) and len(part.lines) > _KEPT_TOGETHER for part in blocks)
            yield "\n".join([f"#{'part' if long else 'task'}[", *_asked(blocks, number, marks), "]"])


def _formula(formula: Formula) -> str:
    given = '#text(", ")'.join(_value(text) for text in formula.given)
    if formula.expression is None:
        return given
    made = f"$display({TYPST.equation(formula)})$" if formula.fits else f"#raw({_text(formula.plain)})"
    between = '#text(",")#h(6mm)' if formula.beside else "#parbreak()"
    return f"{made}{between}{given}" if given else made


def _value(text: str) -> str:
    return f"${TYPST.text(text).text}$" if len(text) <= LONGEST else f"#raw({_text(text)})"


def _asked(blocks: tuple[Block, ...], number: str, marks: str) -> Iterator[str]:
    first, rest = blocks[0], blocks[1:]
    said = f"#text({_text(first.text)})" if isinstance(first, Prose) else ""
    letter = f'#text(weight: "bold", {_text(number)}) ' if number else ""
    if letter or said or marks:
        yield f"#grid(columns: (1fr, auto), column-gutter: 6mm, [{letter}{said}], marks({_text(marks)}))"
    for block in rest if isinstance(first, Prose) else blocks:
        yield from _block(block)


def _option(letter: str, text: str, several: bool, right: str) -> str:
    chosen = letter in right.split()
    box = ("☒" if chosen else "☐") if several else ("●" if chosen else "○")
    weight = ', weight: "bold"' if chosen else ""
    mark = f'box(width: 5mm, text(font: "DejaVu Sans Mono", "{box}"))'
    said = f"text({_text(f'{letter}) {text}')}{weight})"
    return f"#block(inset: (left: 8mm), above: 0.55em, below: 0.55em, grid(columns: (5mm, 1fr), {mark}, {said}))"


def _table(table: Table) -> str:
    wide = ", ".join("1.4fr" if column in table.filled else "1fr" for column in range(len(table.head)))
    head = ", ".join(f'text(style: "italic", {_text(text)})' for text in table.head)
    cells = [_cell(text, column in table.filled) for row in table.rows for column, text in enumerate(row)]
    body = ", ".join(cells)
    made = f"table(columns: ({wide}), stroke: 0.5pt, inset: 2.2mm, table.header({head}), {body})"
    return f"#together({made})" if len(table.rows) <= _KEPT_TOGETHER else f"#{made}"


def _cell(text: str, answer: bool) -> str:
    return f'text(weight: "{"bold" if answer else "regular"}", {_text(text)})' if text else "v(3.2mm)"


def _numbered(lines: Sequence[str | None]) -> str:
    rows = [
        f"line-number({number}), {'open' if line is None else f'raw({_text(line)})'}"
        for number, line in enumerate(lines, 1)
    ]
    columns = "columns: (7mm, 1fr), row-gutter: 1.6mm, column-gutter: 3mm, align: (right + horizon, left)"
    grid = f"grid({columns}, {', '.join(rows)})"
    return f"#together({grid})" if len(lines) <= _KEPT_TOGETHER else f"#{grid}"


def _lines(lines: Sequence[str]) -> str:
    """A string of Typst of several lines."""
    return '"' + "\\n".join(_text(line)[1:-1] for line in lines) + '"'
