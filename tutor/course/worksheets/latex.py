"""Sheets in LaTeX: the class article with amsmath and fancyvrb, nothing else. Graphs are drawn in `picture`."""

from __future__ import annotations

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
from tutor.course.worksheets.latex_signs import latex_text
from tutor.course.worksheets.mathematics import LATEX, LONGEST
from tutor.drawing import GraphSpec
from tutor.drawing.vector import ArrowHead, Dot, Mark, Outline, Segment, TextMark, WritingField, vector_drawing

_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage{amsmath}
\usepackage{fancyvrb}
\setlength{\textwidth}{166mm}\setlength{\textheight}{247mm}
\setlength{\oddsidemargin}{-3mm}\setlength{\evensidemargin}{-3mm}\setlength{\topmargin}{-18mm}
\setlength{\parindent}{0pt}\setlength{\parskip}{5pt plus 2pt}
\newcommand{\worth}[1]{\hfill{\normalfont\small\itshape #1}}
\newcommand{\aside}[1]{\unskip\nobreak\hfil\penalty50\hskip1em\null\nobreak\hfil
  \mbox{\normalfont\small\itshape #1}\parfillskip=0pt\par}
\newcommand{\field}[1]{\rule[-2pt]{#1}{0.4pt}}
\newcommand{\openline}{\rule{0pt}{6.5mm}\rule[-2pt]{0.9\linewidth}{0.2pt}}
\renewcommand{\arraystretch}{1.5}
"""
_VERBATIM = r"[commandchars=\\\{\},fontsize=\small%s]"
_WIDEST = 470.0
"""Points of the text's width: a wider graph is drawn smaller."""
_OPEN = r"\openline{}"
"""A line to be written by hand: a name of its own, as a minus is no sign of a length within `Verbatim`."""
_BESIDE, _BELOW = r"\quad ", r"\par "
_LEVELS = {1: "section*", 2: "subsection*", 3: "subsubsection*"}


def latex(document: Document) -> str:
    """The sheet as a LaTeX file."""
    parts = [
        _PREAMBLE,
        r"\begin{document}",
        f"{{\\LARGE\\bfseries {latex_text(document.title)}\\par}}" + (r"\textit{Key}" if document.key else ""),
        f"{{\\small {latex_text(document.about)}\\par}}",
        *([f"\\medskip {_whose(document)}\\par\\medskip"] if document.student else []),
        *(text for block in document.blocks for text in _block(block)),
        r"\end{document}",
    ]
    return "\n\n".join(parts) + "\n"


def _whose(document: Document) -> str:
    return r"\quad ".join(
        f"{latex_text(word)}: {latex_text(text) if text else chr(92) + 'hrulefill'}" for word, text in document.student
    )


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level, marks):
            yield f"\\{_LEVELS[level]}{{{latex_text(text)}{_marks(marks)}}}"
        case Prose(text, remark):
            yield f"{{\\itshape {latex_text(text)}\\par}}" if remark else f"{latex_text(text)}\\par\\nopagebreak"
        case Formula():
            yield f"\\begin{{quote}}\\raggedright {_formula(block)}\\end{{quote}}"
        case OptionList(texts, _, right):
            yield "\n".join([r"\begin{list}{}{\leftmargin=2em\itemsep=0pt}", *_options(texts, right), r"\end{list}"])
        case AnswerLine(label, answer, long):
            wide = r"0.6\linewidth" if long else r"5cm"
            room = f"\\textbf{{{latex_text(answer)}}}" if answer else f"\\rule{{0pt}}{{9mm}}\\field{{{wide}}}"
            yield f"\\hspace*{{2em}}{latex_text(label)} {room}\\par"
        case Table():
            yield "\n".join(_table(block))
        case Code(lines, numbered):
            yield _verbatim(lines, numbered)
        case GraphFigure(picture):
            yield _picture(picture)
        case Space(caption, height):
            yield (
                f"{latex_text(caption)}\\par\\nopagebreak\n"
                f"\\fbox{{\\begin{{minipage}}[t][{height:g}cm]{{0.97\\linewidth}}\\hspace{{1pt}}\\end{{minipage}}}}\\par"
            )
        case SheetTask(blocks, number, marks):
            yield "\n".join(_task(blocks, number, marks))


def _formula(formula: Formula) -> str:
    given = ", ".join(_value(text) for text in formula.given)
    if formula.expression is None:
        return given
    plain = f"\\texttt{{{latex_text(formula.plain)}}}"
    made = f"$\\displaystyle {LATEX.equation(formula)}$" if formula.fits else plain
    return f"{made},{_BESIDE if formula.beside else _BELOW}{given}" if given else made


def _value(text: str) -> str:
    return f"${LATEX.text(text).text}$" if len(text) <= LONGEST else f"\\texttt{{{latex_text(text)}}}"


def _task(blocks: tuple[Block, ...], number: str, marks: str) -> Iterator[str]:
    """What belongs together stays on one page, but for long programs."""
    keeps = not any(isinstance(block, Code) for block in blocks)
    yield r"\par\medskip" + (r"\noindent\begin{minipage}{\linewidth}\setlength{\parskip}{5pt}" if keeps else "")
    first = blocks[0]
    said = latex_text(first.text) if isinstance(first, Prose) else ""
    letter = f"\\textbf{{{latex_text(number)}}} " if number else ""
    if letter or said or marks:
        aside = f"{{\\aside{{{latex_text(marks)}}}}}" if marks else ""
        yield f"{letter}{said}{aside}\\par"
    for block in blocks[1:] if isinstance(first, Prose) else blocks:
        yield from _block(block)
    yield r"\end{minipage}" if keeps else ""


def _marks(marks: str) -> str:
    return f"\\worth{{{latex_text(marks)}}}" if marks else ""


def _options(texts: tuple[str, ...], right: str) -> Iterator[str]:
    for letter, text in zip(ascii_lowercase, texts, strict=False):
        said = latex_text(f"{letter}) {text}")
        if letter in right.split():
            yield f"\\item $\\bullet$ \\textbf{{{said}}}"
        else:
            yield f"\\item $\\circ$ {said}"


def _table(table: Table) -> Iterator[str]:
    column = f"p{{{0.92 / len(table.head) - 0.03:.2f}\\linewidth}}|"
    for start in range(0, len(table.rows), _MOST_ROWS):  # a tabular does not break
        yield f"\\begin{{tabular}}{{|{column * len(table.head)}}}\\hline"
        yield " & ".join(f"\\textit{{{latex_text(text)}}}" for text in table.head) + r" \\ \hline"
        for row in table.rows[start : start + _MOST_ROWS]:
            yield " & ".join(map(latex_text, row)) + r" \\ \hline"
        yield r"\end{tabular}\par"


_MOST_ROWS = 24


def _verbatim(lines: Sequence[str | None], numbered: bool) -> str:
    options = _VERBATIM % (",numbers=left" if numbered else "")
    body = "\n".join(_OPEN if line is None else latex_text(_drawn_in_ascii(line)) for line in lines)
    return f"\\begin{{Verbatim}}{options}\n{body}\n\\end{{Verbatim}}"


_DRAWN = str.maketrans(
    {**dict.fromkeys("─╴╶", "-"), **dict.fromkeys("│", "|"), **dict.fromkeys("╭╮╰╯├┤┬┴┼┌┐└┘", "+"), "▶": ">", "●": "o"}
)


def _drawn_in_ascii(line: str) -> str:
    """A line that a program or a drawing stands in: lines and corners in ASCII, columns kept."""
    return line.translate(_DRAWN)


# Graphs


def _picture(picture: GraphSpec) -> str:
    drawing = vector_drawing(picture)
    scale = min(1.0, _WIDEST / drawing.width)
    size = r"\tiny" if scale < 0.7 else r"\scriptsize" if scale < 0.9 else r"\footnotesize"
    lines = [
        f"\\begingroup\\setlength{{\\unitlength}}{{{scale:.3f}pt}}{size}\\par\\noindent",
        f"\\begin{{picture}}({drawing.width:.1f},{drawing.height:.1f})",
        *(line for mark in drawing.marks for line in _mark(mark, drawing.height)),
        r"\end{picture}\par\endgroup",
    ]
    return "\n".join(lines)


def _mark(mark: Mark, height: float) -> Iterator[str]:
    """A mark; in `picture` y goes up."""
    match mark:
        case Segment(x1, y1, x2, y2):
            yield from _line(x1, height - y1, x2, height - y2)
        case WritingField(x, y, wide, high):
            yield f"\\put({x:.1f},{height - y - high:.1f}){{\\framebox({wide:.1f},{high:.1f}){{}}}}"
        case ArrowHead(x, y, size):
            yield f"\\put({x - size:.1f},{height - y:.1f}){{\\vector(1,0){{{size:.1f}}}}}"
        case Dot(x, y, radius):
            yield f"\\put({x:.1f},{height - y:.1f}){{\\circle*{{{2 * radius:.1f}}}}}"
        case Outline(x, y, wide, high, line, round):
            thick = "\\thicklines" if line > 1 else "\\thinlines"
            middle = f"{x + wide / 2:.1f},{height - y - high / 2:.1f}"
            box = (
                f"\\oval({wide:.1f},{high:.1f})"
                if round
                else f"\\makebox(0,0){{\\framebox({wide:.1f},{high:.1f}){{}}}}"
            )
            yield f"{thick}\\put({middle}){{{box}}}\\thinlines"
        case TextMark(x, y, text, role, middle, backed):
            face = {"name": r"\textbf", "gradient": r"\textit"}.get(role, r"\textrm")
            raised = 8 if backed else 0
            place = "[b]" if middle else "[lb]"
            yield f"\\put({x:.1f},{height - y + raised:.1f}){{\\makebox(0,0){place}{{{face}{{{latex_text(text)}}}}}}}"


def _line(x1: float, y1: float, x2: float, y2: float) -> Iterator[str]:
    """A level or an upright line; none of no length."""
    wide, high = x2 - x1, y2 - y1
    if abs(wide) >= abs(high) and wide:
        yield f"\\put({x1:.1f},{y1:.1f}){{\\line({1 if wide > 0 else -1},0){{{abs(wide):.1f}}}}}"
    elif high:
        yield f"\\put({x1:.1f},{y1:.1f}){{\\line(0,{1 if high > 0 else -1}){{{abs(high):.1f}}}}}"
