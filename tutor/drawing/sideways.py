"""Draws a graph from left to right, in boxes or compactly. Sizes are in terminal cells, columns before rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from tutor.drawing.canvas import WIRE_GOES_ON, WIRE_STOPS, Canvas
from tutor.drawing.characters import width
from tutor.drawing.layers import Edge
from tutor.drawing.layout import (
    NO_PATH,
    SHARES_BELOW,
    Block,
    GraphMeasures,
    LayoutPlan,
    Size,
    Spacing,
    graph_measures,
    layout,
    least,
    node_title,
    number_role,
    number_rows,
    port_rows,
    signed,
    stem_width,
)
from tutor.drawing.spec import Drawing, GraphEdge, GraphNode, GraphSpec, Rect, Style

_MOST = 3  # arguments of a gate in brackets; with more it gets a box
_UNDER_ARROW = 3  # columns that a share begins before its arrowhead, where it may run on below the brackets


class Compact:
    """Every node in brackets, its name in the row above, no blank rows between nodes.

    One argument comes from the left; two come from above and below, a third between them.
    """

    style: Style = "compact"
    spacing = Spacing(between=0, beside=1, wires=0, lead=0, turn=1, pitch=2, pad=0)
    from_above = True

    def __init__(self, flat: bool = False) -> None:
        """Where it is `flat` no row is kept for the share of a second argument: it stands in its wire."""
        self.shares_below = SHARES_BELOW - flat

    def size(self, node: GraphNode, index: int, seen: GraphMeasures) -> Size:
        """The room for the brackets, with a row above for name and value, one below for the gradient."""
        arguments = seen.arguments[index]
        half = arguments // 2
        name, wide = node_title(node), width(node.symbol) + 2
        if arguments > _MOST:
            wide = max(wide, width(name) + 2) + 2
        elif name:
            wide = max(wide, _name_at(half) + width(name) + 1)
        return Size(
            before=max(half, 1 if name or seen.values else 0, number_rows(node.value)),
            after=max(
                half + (seen.low_share[index] and self.shares_below == SHARES_BELOW),
                1 if seen.gradients or seen.shares[index] else 0,
                number_rows(node.gradient),
            ),
            ports=port_rows(arguments),
            length=wide,
            stem=stem_width(node, index, seen),
            arrival=1 + _share_before(seen.shares[index], wide)
            if arguments == 1
            else seen.shares[index] + (arguments >= _MOST or bool(seen.shares[index])),
        )

    def paint(self, canvas: Canvas, block: Block) -> Rect:
        """Draw the brackets, or the box; the name above the brackets is not part of the place."""
        place, axis, index = block.place, block.axis, block.index
        if block.arguments > _MOST:
            return _paint_box(canvas, block)
        canvas.put(place.x, axis, "(", "box", index)
        after = canvas.write(place.x + 1, axis, block.node.symbol, "face", index)
        canvas.put(after, axis, ")", "box", index)
        if block.feeds:
            canvas.fill(range(after + 1, place.x + place.width), axis, "─", "wire", index)
        canvas.write(place.x + _name_at(block.arguments // 2), axis - 1, node_title(block.node), "name", index)
        return Rect(place.x, axis, after + 1 - place.x, 1)


def _share_before(share: int, brackets: int) -> int:
    """Columns by which a share of so many cells begins before its arrowhead: it ends below that, or the brackets."""
    return max(min(_UNDER_ARROW, share - 1), share - brackets, 0)


def _name_at(half: int) -> int:
    """Where the name starts, counted from the bracket: an arrowhead from above keeps its distance."""
    return 2 if half else 1


FLAT = Compact(flat=True)


class Boxes:
    """Every node in a box, its name in the upper border, a blank row below it."""

    style: Style = "boxes"
    spacing = Spacing(between=1, beside=1, wires=0, lead=1, turn=0, pitch=2, pad=3)
    from_above = False
    shares_below = SHARES_BELOW

    def size(self, node: GraphNode, index: int, seen: GraphMeasures) -> Size:
        """The box's size: three rows, more for more than three arguments."""
        half = max(1, seen.arguments[index] // 2)
        filled = max(half, number_rows(node.gradient))
        below = max(0, half + seen.low_share[index] - filled)
        return Size(
            before=max(half, number_rows(node.value)),
            after=filled + below,
            ports=port_rows(seen.arguments[index]),
            length=max(width(node.symbol), width(node_title(node))) + 4,
            stem=stem_width(node, index, seen),
            arrival=1 + seen.shares[index] if seen.arguments[index] else 0,
            below=below,
        )

    def paint(self, canvas: Canvas, block: Block) -> Rect:
        """Draw the box; it fills its place."""
        return _paint_box(canvas, block)


def _paint_box(canvas: Canvas, block: Block) -> Rect:
    """Draw a box with the face in its middle row and the name in its upper border."""
    place, index = block.place, block.index
    right, bottom = place.x + place.width - 1, place.y + place.height - 1
    inside = range(place.x + 1, right)
    for y in range(place.y + 1, bottom):
        canvas.put(place.x, y, "│", "box", index)
        canvas.fill(inside, y, " ", "box", index)
        canvas.put(right, y, "├" if block.feeds and y == block.axis else "│", "box", index)
    for y, corners in ((place.y, "╭╮"), (bottom, "╰╯")):
        canvas.put(place.x, y, corners[0], "box", index)
        canvas.fill(inside, y, "─", "box", index)
        canvas.put(right, y, corners[1], "box", index)
    canvas.write(place.x + 2, block.axis, block.node.symbol, "face", index)
    canvas.write(place.x + 2, place.y, node_title(block.node), "name", index)
    return place


class GateStyle(Protocol):
    """How nodes are measured and painted in a drawing that runs left to right."""

    style: Style
    spacing: Spacing
    from_above: bool  # whether first and last of two or three wires arrive above and below the node
    shares_below: int  # arguments of a gate of at most two whose shares stand below their arrowheads

    def size(self, node: GraphNode, index: int, seen: GraphMeasures) -> Size:
        """The room the node needs."""

    def paint(self, canvas: Canvas, block: Block) -> Rect:
        """Draw the node itself; returns the cells it fills."""


@dataclass(frozen=True, slots=True)
class DrawingFrame:
    """What a drawing from left to right is fitted to, so that nothing moves while its numbers are found.

    It has the places that `measured`, the same graph with other texts, would have; None for its own. Where it is
    narrower than `width` columns, its wires are longer.
    """

    measured: GraphSpec | None = None
    width: int = 0
    height: int = 0
    """Rows, 0 where that does not matter; in more than so many no row is kept for a share alone."""

    rows: tuple[int, ...] = ()
    """For each node its row in the drawing before, -1 for one that is new: the order stays where it can."""


def draw_sideways(picture: GraphSpec, look: GateStyle, signs: Mapping[str, str], frame: DrawingFrame) -> Drawing:
    """Draw a graph from left to right; `signs` replaces line-drawing signs by others: empty, or ASCII_LINES."""
    measured = frame.measured or picture
    seen = graph_measures(measured)
    sizes, edges = _measured(measured, look, seen)
    plan = layout(sizes, edges, _airy(sizes, edges, _spacing(look, seen), frame), frame.rows)
    if frame.height and plan.breadth > frame.height and look.style == "compact" and look is not FLAT:
        return draw_sideways(picture, FLAT, signs, frame)
    canvas = Canvas(plan.length, plan.breadth, signs)
    for stroke in plan.strokes:
        (canvas.level if stroke.along else canvas.upright)(stroke.owner, stroke.at, stroke.start, stroke.stop)
    for index, feeds in enumerate(seen.feeds):
        if feeds:
            last = plan.starts[index] + plan.lengths[index] - 1
            canvas.level(index, plan.axes[index], last, plan.stems[index] - 1)
    canvas.settle()
    places = []
    for index, (node, size) in enumerate(zip(picture.nodes, sizes, strict=True)):
        x, axis = plan.starts[index], plan.axes[index]
        cells = Rect(x, axis - size.before, plan.lengths[index], size.before + size.after - size.below + 1)
        block = Block(node, index, cells, axis, seen.arguments[index], seen.feeds[index])
        places.append(look.paint(canvas, block))
        _label(canvas, node, index, plan, seen)
    _arrows(canvas, picture, look, plan, sizes)
    return Drawing(canvas.lines(), plan.length, plan.breadth, tuple(places), look.style, picture.wires)


_MOST_AIR = 10
"""Columns that a channel may be wider than it need be."""


def _airy(sizes: tuple[Size, ...], edges: tuple[Edge, ...], spacing: Spacing, frame: DrawingFrame) -> Spacing:
    """The spacing with as much more between the layers as the frame has room for."""
    if not frame.width:
        return spacing
    plan = layout(sizes, edges, spacing, frame.rows)
    channels = len(set(plan.starts)) - 1
    air = min(_MOST_AIR, (frame.width - plan.length) // channels) if channels > 0 else 0
    return replace(spacing, lead=spacing.lead + air) if air > 0 else spacing


def plan_sideways(picture: GraphSpec, look: GateStyle) -> LayoutPlan:
    """Where everything stands, without any air."""
    seen = graph_measures(picture)
    return layout(*_measured(picture, look, seen), _spacing(look, seen))


def _spacing(look: GateStyle, seen: GraphMeasures) -> Spacing:
    """A number may stand in the row of the gate after it, and must not touch it."""
    return replace(look.spacing, clear=1) if seen.numbers else look.spacing


def least_sideways(picture: GraphSpec, look: GateStyle) -> tuple[int, int]:
    """A width and a height, in cells, that the drawing cannot be below."""
    return least(*_measured(picture, look, graph_measures(picture)), look.spacing)


def _measured(picture: GraphSpec, look: GateStyle, seen: GraphMeasures) -> tuple[tuple[Size, ...], tuple[Edge, ...]]:
    sizes = tuple(look.size(node, index, seen) for index, node in enumerate(picture.nodes))
    return sizes, tuple((wire.source, wire.target, wire.port) for wire in picture.wires)


def _label(canvas: Canvas, node: GraphNode, index: int, plan: LayoutPlan, seen: GraphMeasures) -> None:
    """The value above the stem, the gradient below it, the shape on it, and that no path leads on."""
    x, y = plan.starts[index] + plan.lengths[index], plan.axes[index]
    rows = number_rows(node.value)
    for row, line in enumerate(node.value.split("\n") if node.value else ()):
        canvas.write(x, y - rows + row, signed(line), number_role(node.value, "value"), index)
    for row, line in enumerate(node.gradient.split("\n") if node.gradient else ()):
        canvas.write(x, y + 1 + row, signed(line), number_role(node.gradient, "gradient"), index)
    if node.shape:
        after = canvas.write(x + 1, y, node.shape, "plain", index)
        if seen.feeds[index]:
            canvas.put(x, y, WIRE_STOPS, "wire", index)
            canvas.put(after, y, WIRE_GOES_ON, "wire", index)
        x = after
    if seen.idle[index]:
        canvas.write(x + 1, y, NO_PATH, "plain", index)


def _arrows(canvas: Canvas, picture: GraphSpec, look: GateStyle, plan: LayoutPlan, sizes: tuple[Size, ...]) -> None:
    """An arrowhead for each wire, and its share below it; a gate of many arguments has it in the wire."""
    for wire in picture.wires:
        ports = sizes[wire.target].ports
        row = ports[wire.port]
        x, y, head = plan.starts[wire.target] - 1, plan.axes[wire.target] + row, "▶"
        if look.from_above and row and len(ports) <= _MOST:
            x, head = x + 1, "▼" if row < 0 else "▲"
        canvas.put(x, y, head, "wire", wire.source)
        if not wire.share:
            continue
        share, role = wire.share, number_role(wire.share, "gradient")
        if len(ports) > SHARES_BELOW or wire.port >= look.shares_below:
            gap = head in "▼▲" and len(ports) <= SHARES_BELOW  # there is a cell more before these
            if gap:
                canvas.put(x - 1, y, WIRE_GOES_ON, "wire", wire.source)
            _in_wire(canvas, x - width(share) - gap, y, wire)
        elif look.from_above and not row:
            canvas.write(x - _share_before(width(share), plan.lengths[wire.target]), y + 1, share, role, wire.source)
        else:
            canvas.write(plan.starts[wire.target] - width(share) - 1, y + 1, share, role, wire.source)


def _in_wire(canvas: Canvas, x: int, y: int, wire: GraphEdge) -> None:
    """A share in its wire, where the rows below it are those of other wires."""
    role = number_role(wire.share, "gradient")
    canvas.put(x - 1, y, WIRE_STOPS, "wire", wire.source)
    if canvas.ascii and wire.share.startswith("-"):
        # A wire running up to a minus would be read as part of it.
        canvas.write(x - 1, y, " ", role, wire.source)
    canvas.write(x, y, wire.share, role, wire.source)
