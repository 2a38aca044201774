"""Figures of questions that are about no graph of gates: what is given, as characters.

A question makes one of the dataclasses here, every part a number or text; `draw_figure` draws it in the room there is.
What would give the answer away, such as how many positions a filter has, is drawn only once it is `revealed`.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.drawing.canvas import ASCII_LINES, Canvas
from tutor.drawing.characters import in_ascii, width
from tutor.drawing.draw import choose, draw
from tutor.drawing.spec import Drawing, GraphSpec, Role


@dataclass(frozen=True, slots=True)
class FilterFigure:
    """A filter that slides over a row of `width` cells, with `padding` more on each side, in steps of `stride`."""

    width: int
    filter: int
    stride: int
    padding: int = 0

    def __post_init__(self) -> None:
        """Raise ValueError for sizes at which nothing slides."""
        if min(self.width, self.filter, self.stride) < 1 or self.padding < 0:
            raise ValueError("width, filter and stride are 1 or more, padding 0 or more")
        if self.filter > self.width + 2 * self.padding:
            raise ValueError("the filter is wider than the padded input")

    @property
    def cells(self) -> int:
        """The padded width."""
        return self.width + 2 * self.padding

    @property
    def starts(self) -> range:
        """The first cell of each position of the filter."""
        return range(0, self.cells - self.filter + 1, self.stride)

    @property
    def left_over(self) -> int:
        """The cells behind the last position."""
        return self.cells - self.filter - self.starts[-1]


@dataclass(frozen=True, slots=True)
class ShapesFigure:
    """Shapes of two arrays that meet, by their names; `inner` where a product joins the last axis of the first with the
    last but one of the second, else axis by axis from the right."""

    names: tuple[str, str]
    shapes: tuple[tuple[int, ...], tuple[int, ...]]
    inner: bool = False


@dataclass(frozen=True, slots=True)
class StripFigure:
    """An array as it lies in memory: its name, its entries in that order, and its shape."""

    name: str
    entries: tuple[str, ...]
    shape: tuple[int, ...]


Figure = FilterFigure | ShapesFigure | StripFigure | GraphSpec
"""What a question may show. A graph is one of calls or of lists, drawn from left to right."""


def draw_figure(
    figure: Figure, columns: int, lines: int, revealed: bool = False, ascii: bool = False
) -> Drawing | None:
    """Draw a figure in at most so many columns and lines; None where it does not fit."""
    match figure:
        case FilterFigure():
            drawing = _filter(figure, columns, lines, revealed, ascii)
        case ShapesFigure():
            drawing = _product(figure, ascii) if figure.inner else _aligned(figure, ascii)
        case StripFigure():
            drawing = _strip(figure, columns, ascii)
        case GraphSpec():
            drawing = draw(figure, choose(figure, columns, lines, ascii), ascii)
    return drawing if drawing is not None and drawing.width <= columns and drawing.height <= lines else None


class _Sheet:
    """Pieces of text at places, of which a drawing is made; it is as large as they need."""

    def __init__(self, ascii: bool) -> None:
        self._ascii = ascii
        self._pieces: list[tuple[int, int, str, Role]] = []

    def write(self, x: int, y: int, text: str, role: Role = "plain") -> None:
        """A text whose lines and corners are drawn in ASCII where that is wanted."""
        text = "".join(_SIGNS.get(sign, sign) for sign in text) if self._ascii else text
        self._pieces.append((x, y, in_ascii(text) if self._ascii else text, role))

    def drawing(self) -> Drawing:
        """All of it."""
        wide = max(x + width(text) for x, _, text, _ in self._pieces)
        canvas = Canvas(wide, max(y for _, y, _, _ in self._pieces) + 1, ASCII_LINES if self._ascii else {})
        for x, y, text, role in self._pieces:
            canvas.write(x, y, text, role, None)
        return Drawing(canvas.lines(), wide, canvas.height, (), "boxes")


_SIGNS = {**ASCII_LINES, **dict.fromkeys("┌┐└┘┼├┤┬┴", "+"), "░": ".", "□": "o"}
_CELL = 4
"""Columns of a cell with its left side."""


def _row_of_cells(sheet: _Sheet, y: int, texts: list[tuple[str, Role]], wide: int = _CELL) -> None:
    """Three lines: cells side by side with a text in each."""
    for number, (text, role) in enumerate(texts):
        x = wide * number
        sheet.write(x, y, ("┬" if number else "┌") + "─" * (wide - 1), "wire")
        sheet.write(x, y + 1, "│", "wire")
        sheet.write(x + 1, y + 1, text.center(wide - 1), role)
        sheet.write(x, y + 2, ("┴" if number else "└") + "─" * (wide - 1), "wire")
    end = wide * len(texts)
    for line, sign in enumerate("┐│┘"):
        sheet.write(end, y + line, sign, "wire")


# A filter


def _filter(figure: FilterFigure, columns: int, lines: int, revealed: bool, ascii: bool) -> Drawing | None:
    """The padded input, the positions of the filter below it, and what comes out."""
    beside = 20  # for what is said beside a position
    wide = _CELL if _CELL * figure.cells + 1 + beside <= columns else 1
    if figure.cells + beside > columns:
        return None
    sheet = _Sheet(ascii)
    input_row: list[tuple[str, Role]] = [
        ("0", "plain")
        if not figure.padding <= cell < figure.padding + figure.width
        else (str(cell - figure.padding + 1), "value")
        for cell in range(figure.cells)
    ]
    at = wide * figure.cells + 3
    if wide == _CELL:
        _row_of_cells(sheet, 0, input_row)
    else:
        for cell, (text, role) in enumerate(input_row):
            sheet.write(cell, 1, "░" if text == "0" else "□", role)
    sheet.write(at, 1, "input" if not figure.padding else "input, padded", "plain")
    y = _positions(sheet, figure, wide, at, 3 if wide == _CELL else 2, lines, revealed)
    if revealed and y + 3 <= lines and wide == _CELL:
        _row_of_cells(sheet, y, [("", "plain")] * len(figure.starts))
        sheet.write(at, y + 1, "output", "plain")
    return sheet.drawing()


_ALWAYS = 2
"""Positions that are drawn before it is asked how many there are: they show the stride."""


def _positions(sheet: _Sheet, figure: FilterFigure, wide: int, at: int, y: int, lines: int, revealed: bool) -> int:
    """The first positions, or all as far as there is room; the line after them."""
    starts = list(enumerate(figure.starts, 1))
    room = max(2, lines - y - (3 if revealed else 0))
    shown = starts if revealed else starts[:_ALWAYS]
    if len(shown) > room:
        shown = [*shown[: room - 2], shown[-1]]
    before = 0
    for number, start in shown:
        if number > before + 1:
            sheet.write(wide * figure.starts[before] + wide, y, "…", "plain")
            y += 1
        length = wide * figure.filter - 1 if wide > 1 else figure.filter - 2
        sheet.write(wide * start, y, f"╰{'─' * length}╯" if figure.filter > 1 or wide > 1 else "╵", "at hand")
        last = revealed and number == len(starts)
        sheet.write(at, y, f"position {number}{_at_the_edge(figure) if last else ''}", "plain")
        before, y = number, y + 1
    return y


def _at_the_edge(figure: FilterFigure) -> str:
    over = figure.left_over
    return ", at the edge" if not over else f", {over} short of it"


# Shapes


def _aligned(figure: ShapesFigure, ascii: bool) -> Drawing:
    """Both shapes with their last axes below each other."""
    sheet = _Sheet(ascii)
    axes = max(map(len, figure.shapes))
    wide = max([3, *(len(str(size)) + 2 for shape in figure.shapes for size in shape)]) + 1
    left = max(map(width, figure.names)) + 2
    for row, (name, shape) in enumerate(zip(figure.names, figure.shapes, strict=True)):
        sheet.write(0, 2 * row, name, "name")
        start = left + wide * (axes - len(shape))
        for axis, size in enumerate(shape):
            sheet.write(start + wide * axis, 2 * row, "│", "wire")
            sheet.write(start + wide * axis + 1, 2 * row, str(size).center(wide - 1), "value")
        sheet.write(start + wide * len(shape), 2 * row, "│" if shape else "a number", "wire")
    for axis in range(axes):
        if all(axes - len(shape) <= axis for shape in figure.shapes):
            sheet.write(left + wide * axis + wide // 2, 1, "↕" if not ascii else "|", "at hand")
    return sheet.drawing()


def _product(figure: ShapesFigure, ascii: bool) -> Drawing:
    """Both shapes side by side, the sizes that meet joined below them."""
    sheet = _Sheet(ascii)
    (left, right), (one, two) = figure.names, figure.shapes
    first, second = (", ".join(map(str, shape)) for shape in figure.shapes)
    sheet.write(0, 0, f"{left} ", "name")
    at = width(left) + 1
    sheet.write(at, 0, f"({first})", "value")
    middle = at + len(first) + 2
    sheet.write(middle, 0, f"  @  {right} ", "name")
    start = middle + width(right) + 6
    sheet.write(start, 0, f"({second})", "value")
    meets = two[-2] if len(two) > 1 else two[-1]
    before = ", ".join(map(str, two[:-2]))
    to = start + 1 + (len(before) + 2 if before else 0) + (len(str(meets)) - 1) // 2
    frm = at + 1 + len(first) - 1 - (len(str(one[-1])) - 1) // 2
    sheet.write(frm, 1, f"╰{'─' * (to - frm - 1)}╯", "at hand")
    sheet.write(max(0, (frm + to) // 2 - 6), 2, "do they meet?", "plain")
    return sheet.drawing()


# Memory


def _strip(figure: StripFigure, columns: int, ascii: bool) -> Drawing | None:
    """The entries as they lie in memory, with their positions, and what the rows are."""
    wide = max([3, *(width(entry) + 2 for entry in figure.entries)]) + 1
    count = len(figure.entries)
    if not count or wide * count + 1 > columns:
        return None
    sheet = _Sheet(ascii)
    sheet.write(0, 0, f"memory of {figure.name}, from position 0", "plain")
    _row_of_cells(sheet, 1, [(entry, "value") for entry in figure.entries], wide)
    for position in range(count):
        sheet.write(wide * position + 1, 4, str(position).center(wide - 1), "plain")
    row = figure.shape[-1] if figure.shape else 1
    if 1 < row < count:
        for start in range(0, count, row):
            sheet.write(wide * start, 5, f"╰{'─' * (wide * row - 3)}╯", "at hand")
        sheet.write(0, 6, f"{figure.name} row by row", "plain")
    return sheet.drawing()
