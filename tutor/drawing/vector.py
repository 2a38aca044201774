"""The computation graph as lines, boxes, circles and texts, for pages: `svg.py` and others write these down.

Layers, rows and wires are those of `layout.py`, so a graph on paper is the graph on the screen. In goes a `GraphSpec`,
out comes a `VectorDrawing`. Units are points of a page: a terminal cell of the layout is `CELL_WIDTH` x `CELL_HEIGHT`.
x goes to the right, y goes down, from the top left corner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tutor.drawing.characters import width
from tutor.drawing.draw import prepared
from tutor.drawing.layout import (
    GraphMeasures,
    LayoutPlan,
    Size,
    Spacing,
    Stroke,
    graph_measures,
    layout,
    node_title,
    number_rows,
    number_width,
    port_rows,
)
from tutor.drawing.spec import ASKED, OPEN, OPEN_ASCII, GraphNode, GraphSpec, Role

CELL_WIDTH, CELL_HEIGHT = 6.6, 14.0
FONT = 10.0
"""Points of the letters; in a typewriter face they are 0.6 of that wide, which leaves some air in a cell."""

_LETTER = 0.602 * FONT
_MARGIN = 6.0
_HEAD = 5.0
"""Points of an arrowhead, along and across."""
_LINE, _HEAVY = 0.8, 1.6
_FIELD = 9
"""Cells of a place for a number that is to be written in by hand."""
_SPACING = Spacing(between=1, beside=1, wires=1, lead=1, turn=0, pitch=2, pad=0, clear=1)
_TIGHT = replace(_SPACING, lead=0, pitch=1)
_PAGE = 480.0
"""Points of a page's text: a graph that is wider is drawn closer."""
_MOST_IN_CIRCLE = 2
"""Arguments that reach a circle; a gate of more has a box as high as they need."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight line, level or upright."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class ArrowHead:
    """The tip of an arrow that points to the right."""

    x: float
    y: float
    size: float = _HEAD


@dataclass(frozen=True, slots=True)
class Dot:
    """A joint of wires: what tells a fork from a crossing."""

    x: float
    y: float
    radius: float = 1.8


@dataclass(frozen=True, slots=True)
class Outline:
    """A rectangle or, where it is `round`, one with round ends; white inside. Its corner, width, height, line."""

    x: float
    y: float
    width: float
    height: float
    line: float = _LINE
    round: bool = False


@dataclass(frozen=True, slots=True)
class WritingField:
    """A place for a number that is still asked: a frame to write in, by its upper left corner."""

    x: float
    y: float
    width: float
    height: float = 12.0


@dataclass(frozen=True, slots=True)
class TextMark:
    """A text on its base line, beginning at x, or with its middle there; `backed` where a wire runs behind it."""

    x: float
    y: float
    text: str
    role: Role
    middle: bool = False
    backed: bool = False

    @property
    def width(self) -> float:
        """Points it takes in a typewriter face."""
        return width(self.text) * _LETTER


Mark = Segment | ArrowHead | Dot | Outline | WritingField | TextMark


@dataclass(frozen=True, slots=True)
class VectorDrawing:
    """A drawing in points. Later marks lie on earlier ones."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def vector_drawing(picture: GraphSpec) -> VectorDrawing:
    """Draw a graph from left to right, values above the wires and gradients below.

    A number that is `?` is a frame to write it in. Raises ValueError as `draw` does.
    """
    picture = prepared(picture)
    measured = _with_fields(picture)
    seen = graph_measures(measured)
    edges = tuple((wire.source, wire.target, wire.port) for wire in picture.wires)
    for spacing, shortest in ((_SPACING, 5), (_TIGHT, 3)):
        sizes = tuple(_size(node, index, seen, shortest) for index, node in enumerate(measured.nodes))
        plan = layout(sizes, edges, spacing)
        if plan.length * CELL_WIDTH <= _PAGE:
            break
    marks = tuple(_Painter(picture, sizes, seen, plan).marks())
    return VectorDrawing(plan.length * CELL_WIDTH + 2 * _MARGIN, plan.breadth * CELL_HEIGHT + 2 * _MARGIN, marks)


def _with_fields(picture: GraphSpec) -> GraphSpec:
    """The graph with every number that is asked as wide as the place to write it."""
    nodes = tuple(replace(node, value=_wide(node.value), gradient=_wide(node.gradient)) for node in picture.nodes)
    return GraphSpec(nodes, tuple(replace(wire, share=_wide(wire.share)) for wire in picture.wires))


def _wide(number: str) -> str:
    return "0" * _FIELD if number == ASKED else number


def _size(node: GraphNode, index: int, seen: GraphMeasures, shortest: int) -> Size:
    """The room for a node of at least `shortest` cells, with its name above it and its numbers behind it."""
    arguments = seen.arguments[index]
    half = max(1, arguments // 2)
    stem = max(number_width((node.value, node.gradient)) if seen.numbers else 2, width(node.shape) + 2)
    return Size(
        before=max(half, number_rows(node.value)) + 1,
        after=max(half, number_rows(node.gradient)),
        ports=port_rows(arguments),
        length=max(width(node.symbol) + 2, width(node_title(node)), shortest),
        stem=stem,
        arrival=2 + seen.shares[index] if arguments else 0,
    )


class _Painter:
    """Turns a plan into marks."""

    def __init__(self, picture: GraphSpec, sizes: Sequence[Size], seen: GraphMeasures, plan: LayoutPlan) -> None:
        self._picture, self._sizes, self._seen, self._plan = picture, sizes, seen, plan

    def marks(self) -> Iterator[Mark]:
        """Wires first, then what lies on them."""
        yield from self._wires()
        for index, node in enumerate(self._picture.nodes):
            yield from self._node(index, node)
            yield from self._numbers(index, node)
        for wire in self._picture.wires:
            x, y = _left(self._plan.starts[wire.target]), self._arrives(wire.target, wire.port)
            yield ArrowHead(x, y)
            if wire.share:
                yield from self._share(x - _HEAD - 3, y, wire.share)

    def _arrives(self, node: int, port: int) -> float:
        return _row(self._plan.axes[node] + self._sizes[node].ports[port])

    def _wires(self) -> Iterator[Mark]:
        strokes = [*self._plan.strokes, *self._stems()]
        for stroke in strokes:
            at, start, stop = stroke.at, stroke.start, stroke.stop
            if stroke.along:
                ends = self._ends(stroke)
                yield Segment(ends[0], _row(at), ends[1], _row(at))
            else:
                yield Segment(_column(at), _row(start), _column(at), _row(stop))
        yield from _joints(strokes)

    def _stems(self) -> Iterator[Stroke]:
        """The wire out of each node, as far as the room kept for its numbers."""
        for index, feeds in enumerate(self._seen.feeds):
            if feeds:
                last = self._plan.starts[index] + self._plan.lengths[index] - 1
                yield Stroke(index, True, self._plan.axes[index], last, self._plan.stems[index] - 1)

    def _ends(self, stroke: Stroke) -> tuple[float, float]:
        """A level wire ends in the middle of a cell, or at the side of the node it comes to."""
        stop = _column(stroke.stop)
        arrives = any(
            self._plan.starts[wire.target] == stroke.stop
            and self._plan.axes[wire.target] + self._sizes[wire.target].ports[wire.port] == stroke.at
            for wire in self._picture.wires
            if wire.source == stroke.owner
        )
        return _column(stroke.start), _left(stroke.stop) - (_HEAD / 2 if arrives else 0) if arrives else stop

    def _node(self, index: int, node: GraphNode) -> Iterator[Mark]:
        x, axis = _left(self._plan.starts[index]), _row(self._plan.axes[index])
        wide = self._plan.lengths[index] * CELL_WIDTH
        half = max(CELL_HEIGHT, (self._seen.arguments[index] // 2 + 0.6) * CELL_HEIGHT)
        line = _HEAVY if node.kind == "output" else _LINE
        round_ = node.kind != "input" and self._seen.arguments[index] <= _MOST_IN_CIRCLE
        height = 2 * half if node.kind != "input" else 1.5 * CELL_HEIGHT
        yield Outline(x, axis - height / 2, wide, height, line, round_)
        yield TextMark(x + wide / 2, axis + 0.35 * FONT, node.symbol, "face", middle=True)
        if title := node_title(node):
            yield TextMark(x + wide / 2, axis - height / 2 - 3, title, "name", middle=True)

    def _numbers(self, index: int, node: GraphNode) -> Iterator[Mark]:
        """The value above the wire, the gradient below it, the shape on it."""
        x = _left(self._plan.starts[index] + self._plan.lengths[index]) + 4
        axis = _row(self._plan.axes[index])
        rows = node.value.split("\n") if node.value else []
        for row, line in enumerate(reversed(rows)):
            yield self._number(x, axis - 4 - row * CELL_HEIGHT, line, "value")
        for row, line in enumerate(node.gradient.split("\n") if node.gradient else ()):
            yield self._number(x, axis + FONT + 1 + row * CELL_HEIGHT, line, "gradient")
        if node.shape:
            yield TextMark(x + 2, axis + 0.35 * FONT, node.shape, "plain", backed=self._seen.feeds[index])

    def _number(self, x: float, y: float, text: str, role: Role) -> Mark:
        if text in (ASKED, OPEN, OPEN_ASCII):
            field = WritingField(x, y, _FIELD * CELL_WIDTH - 8)
            return replace(field, y=y - field.height + 1 if role == "value" else y - FONT + 2)
        return TextMark(x, y, text, role)

    def _share(self, right: float, y: float, text: str) -> Iterator[Mark]:
        """What a branch sends back, before the arrowhead and on the wire."""
        if text in (ASKED, OPEN, OPEN_ASCII):
            field = WritingField(right - (_FIELD - 1) * CELL_WIDTH, y, (_FIELD - 1) * CELL_WIDTH)
            yield replace(field, y=y - field.height / 2)
            return
        label = TextMark(right, y + 0.35 * FONT, text, "gradient", backed=True)
        yield replace(label, x=right - label.width)


def _joints(strokes: Sequence[Stroke]) -> Iterator[Mark]:
    """A dot wherever three stretches of one wire meet."""
    level: dict[int, list[Stroke]] = defaultdict(list)
    for stroke in strokes:
        if stroke.along:
            level[stroke.owner].append(stroke)
    for trunk in strokes:
        if trunk.along:
            continue
        own = level[trunk.owner]
        for row in {stroke.at for stroke in own if trunk.start <= stroke.at <= trunk.stop}:
            here = [stroke for stroke in own if stroke.at == row]
            sides = [
                any(stroke.start < trunk.at <= stroke.stop for stroke in here),
                any(stroke.start <= trunk.at < stroke.stop for stroke in here),
                trunk.start < row,
                row < trunk.stop,
            ]
            if sum(sides) > 2:
                yield Dot(_column(trunk.at), _row(row))


def _left(column: int) -> float:
    """The left side of a column of cells."""
    return _MARGIN + column * CELL_WIDTH


def _column(column: int) -> float:
    """The middle of a column of cells."""
    return _MARGIN + (column + 0.5) * CELL_WIDTH


def _row(row: int) -> float:
    """The middle of a row of cells."""
    return _MARGIN + (row + 0.5) * CELL_HEIGHT
