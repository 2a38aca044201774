"""The computation graph as SVG: one picture without scripts, styles from elsewhere or fonts to be loaded.

It reads in black and white: values stand above the wires, gradients below and in italics; colour only adds to that.
Everything a graph says is escaped, and characters that XML has no place for are shown as `·`.
"""

from __future__ import annotations

from html import escape

from tutor.drawing.characters import cells
from tutor.drawing.spec import GraphSpec
from tutor.drawing.vector import FONT, ArrowHead, Dot, Mark, Outline, Segment, TextMark, VectorDrawing, WritingField
from tutor.drawing.vector import vector_drawing as _drawn

FONTS = "DejaVu Sans Mono, Menlo, Consolas, Liberation Mono, monospace"
_SCALE = 1.3333
"""Pixels of a point, as CSS has it."""
_STYLES = {
    "value": ' fill="#00572b"',
    "gradient": ' fill="#a3001b" font-style="italic"',
    "name": ' font-weight="bold"',
    "plain": ' fill="#444"',
}


def graph_svg(picture: GraphSpec, title: str = "A computation graph") -> str:
    """The graph as the text of an SVG file. `title` is what those hear who do not see it. Raises ValueError."""
    return svg(_drawn(picture), title)


def svg(drawing: VectorDrawing, title: str) -> str:
    """A drawing as the text of an SVG file."""
    wide, high = drawing.width, drawing.height
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide * _SCALE:.0f}" height="{high * _SCALE:.0f}" '
        f'viewBox="0 0 {_n(wide)} {_n(high)}" role="img" font-family="{FONTS}" font-size="{_n(FONT)}">',
        f"<title>{_text(title)}</title>",
        f'<rect width="{_n(wide)}" height="{_n(high)}" fill="#fff"/>',
        *(_written(mark) for mark in drawing.marks),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _written(mark: Mark) -> str:
    match mark:
        case Segment(x1, y1, x2, y2):
            line = f'x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"'
            return f'<line {line} stroke="#000" stroke-width="0.8" stroke-linecap="square"/>'
        case ArrowHead(x, y, size):
            tip = f"{_n(x)},{_n(y)} {_n(x - size)},{_n(y - size / 2)} {_n(x - size)},{_n(y + size / 2)}"
            return f'<polygon points="{tip}"/>'
        case Dot(x, y, radius):
            return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>'
        case Outline(x, y, wide, high, line, round):
            corner = min(wide, high) / 2 if round else 2
            where = f'x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}" rx="{_n(corner)}"'
            return f'<rect {where} fill="#fff" stroke="#000" stroke-width="{_n(line)}"/>'
        case WritingField(x, y, wide, high):
            where = f'x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(high)}"'
            return f'<rect {where} fill="#fff" stroke="#555" stroke-width="0.5" stroke-dasharray="1.2 1.2"/>'
        case TextMark():
            return _label(mark)


def _label(label: TextMark) -> str:
    style = _STYLES.get(label.role, "")
    anchor = ' text-anchor="middle"' if label.middle else ""
    said = f'<text x="{_n(label.x)}" y="{_n(label.y)}"{style}{anchor} xml:space="preserve">{_text(label.text)}</text>'
    if not label.backed:
        return said
    where = f'x="{_n(label.x - 1.5)}" y="{_n(label.y - 0.8 * FONT)}" width="{_n(label.width + 3)}" height="{_n(FONT)}"'
    return f'<rect {where} fill="#fff"/>{said}'


def _text(text: str) -> str:
    return escape("".join(cells(text)))


def _n(number: float) -> str:
    """A number of points, to a hundredth."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
