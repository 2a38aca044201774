"""Sheets as one HTML file: no scripts, nothing loaded from elsewhere, made to be printed. Formulas are MathML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
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
from tutor.course.worksheets.mathematics import LONGEST, MATHML
from tutor.drawing.svg import graph_svg

_STYLE = """
@page { size: A4; margin: 20mm 20mm 18mm; }
* { box-sizing: border-box; }
body { font: 11pt/1.45 "Libertinus Serif", "Source Serif 4", Georgia, "Times New Roman", serif; color: #000;
  background: #fff; max-width: 172mm; margin: 12mm auto; padding: 0 4mm; }
h1 { font-size: 18pt; line-height: 1.2; margin: 0 0 1mm; }
h2 { font-size: 14pt; margin: 9mm 0 2mm; border-bottom: 0.5pt solid #000; padding-bottom: 1mm; }
h3 { font-size: 12pt; margin: 7mm 0 1.5mm; }
h4 { font-size: 11pt; margin: 5mm 0 1mm; }
h2, h3, h4 { break-after: avoid; display: flex; justify-content: space-between; gap: 6mm; }
.marks { font-weight: normal; font-style: italic; white-space: nowrap; font-size: 10pt; }
.about { color: #333; margin: 0; font-size: 10pt; }
.name { display: flex; gap: 3mm; margin: 6mm 0 8mm; }
.line { flex: 1; border-bottom: 0.5pt solid #000; min-height: 1.4em; }
p { margin: 1.5mm 0; orphans: 3; widows: 3; }
body > p { break-after: avoid; }
.remark { color: #333; font-style: italic; margin-left: 8mm; }
.formula { margin: 3mm 0 3mm 8mm; }
math { font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", "Libertinus Math", "DejaVu Math TeX Gyre",
  math; font-size: 12pt; }
.given { margin-left: 4mm; }
code { font: 9.5pt/1.45 "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { font: 9.5pt/1.45 "DejaVu Sans Mono", Menlo, Consolas, monospace; margin: 2mm 0; white-space: pre-wrap;
  overflow-wrap: anywhere; }
ol.code { font: 9.5pt/1.45 "DejaVu Sans Mono", Menlo, Consolas, monospace; margin: 2mm 0; padding-left: 11mm;
  border-left: 0.5pt solid #999; }
ol.code li { white-space: pre-wrap; min-height: 1.5em; }
ol.code li.open { min-height: 7.5mm; border-bottom: 0.4pt dotted #888; }
ol.code li::marker { color: #666; font-size: 8pt; }
table { border-collapse: collapse; margin: 2mm 0; width: 100%; }
th { text-align: left; font-weight: normal; font-style: italic; }
th, td { border: 0.5pt solid #000; padding: 1mm 3mm; height: 8mm; overflow-wrap: anywhere; }
td.answer { width: 58%; }
table, tr { break-inside: avoid; } thead { display: table-header-group; }
.key td.answer, .key .answered { font-weight: bold; }
ul { list-style: none; padding-left: 8mm; margin: 1.5mm 0; }
li.option { margin: 0.8mm 0; } .box { display: inline-block; width: 1.5em; }
.task { break-inside: avoid; margin: 3mm 0; }
.asked { display: flex; justify-content: space-between; gap: 6mm; } .asked p { margin: 0; }
.answer-line { display: flex; align-items: flex-end; gap: 3mm; margin: 3mm 0 3mm 8mm; }
.answer-line .line { max-width: 60mm; min-height: 9mm; } .answer-line .line.long { max-width: none; }
figure { margin: 3mm 0; break-inside: avoid; } figure svg { max-width: 100%; height: auto; }
.space { border: 0.5pt solid #999; border-radius: 1mm; }
.spaced { break-inside: avoid; margin: 3mm 0; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
"""


def html(document: Document) -> str:
    """The sheet as a page of its own."""
    title = escape(document.title)
    key = '<span class="marks">key</span>' if document.key else ""
    body = [f"<h1>{title} {key}</h1>", f'<p class="about">{escape(document.about)}</p>']
    if document.student:
        said = [f"<span>{escape(word)}:</span>{_written(text)}" for word, text in document.student]
        body.append(f'<p class="name">{"".join(said)}</p>')
    body += [line for block in document.blocks for line in _block(block)]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            f'<head><meta charset="utf-8"><title>{title}</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<style>{_STYLE}</style></head>",
            f"<body{' class=key' if document.key else ''}>",
            *body,
            "</body></html>",
            "",
        ]
    )


def _written(text: str) -> str:
    return f"<span>{escape(text)}</span>" if text else '<span class="line"></span>'


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level, marks):
            yield f"<h{level + 1}><span>{escape(text)}</span>{_marks(marks)}</h{level + 1}>"
        case Prose(text, remark):
            yield f"<p{' class=remark' if remark else ''}>{escape(text)}</p>"
        case Formula():
            yield from _formula(block)
        case OptionList(texts, several, right):
            yield "<ul>"
            yield from (_option(*each, several, right) for each in zip(ascii_lowercase, texts, strict=False))
            yield "</ul>"
        case AnswerLine(label, answer, long):
            room = f'<span class="line{" long" if long else ""}"></span>'
            said = f'<span class="answered">{escape(answer)}</span>' if answer else room
            yield f'<p class="answer-line"><span>{escape(label)}</span>{said}</p>'
        case Table():
            yield from _table(block)
        case Code(lines, numbered):
            if not numbered:
                yield f"<pre>{escape(chr(10).join(line or '' for line in lines))}</pre>"
                return
            rows = ['<li class="open"></li>' if line is None else f"<li>{escape(line)}</li>" for line in lines]
            yield "\n".join(['<ol class="code">', *rows, "</ol>"])
        case GraphFigure(picture):
            style = f' style="width: {100 * block.share:.0f}%"'
            yield f"<figure{style}>{graph_svg(picture)}</figure>"
        case Space(caption, height):
            yield f'<div class="spaced"><p>{escape(caption)}</p>'
            yield f'<div class="space" style="height: {height:g}cm"></div></div>'
        case SheetTask(blocks, number, marks):
            yield '<div class="task">'
            yield from _asked(blocks, number, marks)
            yield "</div>"


def _formula(formula: Formula) -> Iterator[str]:
    given = ", ".join(_value(text) for text in formula.given)
    if formula.expression is None:
        yield f'<p class="formula">{given}</p>'
        return
    plain = f"<code>{escape(formula.plain)}</code>"
    made = f'<math displaystyle="true">{MATHML.equation(formula)}</math>' if formula.fits else plain
    if given and formula.beside:
        yield f'<p class="formula">{made}, <span class="given">{given}</span></p>'
    else:
        yield f'<p class="formula">{made}</p>'
        yield from [f'<p class="formula">{given}</p>'] if given else []


def _value(text: str) -> str:
    return f"<math>{MATHML.text(text).text}</math>" if len(text) <= LONGEST else f"<code>{escape(text)}</code>"


def _asked(blocks: tuple[Block, ...], number: str, marks: str) -> Iterator[str]:
    first, rest = blocks[0], blocks[1:]
    said = escape(first.text) if isinstance(first, Prose) else ""
    letter = f"<b>{escape(number)}</b> " if number else ""
    if letter or said or marks:
        yield f'<div class="asked"><p>{letter}{said}</p>{_marks(marks)}</div>'
    for block in rest if isinstance(first, Prose) else blocks:
        yield from _block(block)


def _marks(marks: str) -> str:
    return f'<span class="marks">{escape(marks)}</span>' if marks else ""


def _option(letter: str, text: str, several: bool, right: str) -> str:
    chosen = letter in right.split()
    box = ("☒" if chosen else "☐") if several else ("●" if chosen else "○")
    said = f"{letter}) {escape(text)}"
    said = f'<span class="answered">{said}</span>' if chosen else said
    return f'<li class="option"><span class="box">{box}</span>{said}</li>'


def _table(table: Table) -> Iterator[str]:
    yield f"<table><thead><tr>{''.join(f'<th>{escape(text)}</th>' for text in table.head)}</tr></thead><tbody>"
    for row in table.rows:
        cells = (
            f"<td{' class=answer' if column in table.filled else ''}>{escape(text)}</td>"
            for column, text in enumerate(row)
        )
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table>"
