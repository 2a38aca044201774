"""Drawing from left to right: boxes and compact differ only in how a spot looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from tutor.drawing.canvas import WIRE_GOES_ON, WIRE_STOPS, Canvas
from tutor.drawing.characters import width
from tutor.drawing.layers import Edge
from tutor.drawing.layout import LayoutPlan, Size, Spacing, layout, least
from tutor.drawing.sizes import Block, ShownNode, number_role, port_rows, shown, signed, stem_width, title
from tutor.drawing.spec import Drawing, GraphNode, GraphSpec, Rect, Style

MOST = 3  # arguments of a gate in brackets; with more it gets a box


class Compact:
    """Every spot in brackets, its name in the row above, no blank rows between spots.

    One argument comes from the left; two come from above and below, a third between them.
    """

    style: Style = "compact"
    spacing = Spacing(between=0, beside=1, wires=0, lead=0, turn=1, pitch=2, pad=0)
    from_above = True

    def size(self, spot: GraphNode, index: int, seen: ShownNode) -> Size:
        """The room for the brackets, with a row above for name and value, one below for the gradient."""
        arguments = seen.arguments[index]
        half = arguments // 2
        name, wide = title(spot), width(spot.symbol) + 2
        if arguments > MOST:
            wide = max(wide, width(name) + 2) + 2
        elif name:
            wide = max(wide, _name_at(half) + width(name) + 1)
        return Size(
            before=max(half, 1 if name or seen.values else 0),
            after=max(half, 1 if seen.gradients else 0),
            ports=port_rows(arguments),
            length=wide,
            stem=stem_width(spot, seen),
            arrival=seen.shares[index] + (arguments == 1 or arguments >= MOST),
        )

    def paint(self, canvas: Canvas, block: Block) -> Rect:
        """Draw the brackets, or the box; the name above the brackets is not part of the place."""
        place, axis, index = block.place, block.axis, block.index
        if block.arguments > MOST:
            return paint_box(canvas, block)
        canvas.put(place.x, axis, "(", "box", index)
        after = canvas.write(place.x + 1, axis, block.spot.symbol, "face", index)
        canvas.put(after, axis, ")", "box", index)
        if block.feeds:
            canvas.fill(range(after + 1, place.x + place.width), axis, "─", "wire", index)
        canvas.write(place.x + _name_at(block.arguments // 2), axis - 1, title(block.spot), "name", index)
        return Rect(place.x, axis, after + 1 - place.x, 1)


def _name_at(half: int) -> int:
    """Where the name starts, counted from the bracket: an arrowhead from above keeps its distance."""
    return 2 if half else 1


class Boxes:
    """Every spot in a box, its name in the upper border, a blank row below it."""

    style: Style = "boxes"
    spacing = Spacing(between=1, beside=1, wires=0, lead=1, turn=0, pitch=2, pad=3)
    from_above = False

    def size(self, spot: GraphNode, index: int, seen: ShownNode) -> Size:
        """The box's size: three rows, more for more than three arguments."""
        half = max(1, seen.arguments[index] // 2)
        return Size(
            before=half,
            after=half,
            ports=port_rows(seen.arguments[index]),
            length=max(width(spot.symbol), width(title(spot))) + 4,
            stem=stem_width(spot, seen),
            arrival=1 + seen.shares[index] if seen.arguments[index] else 0,
        )

    def paint(self, canvas: Canvas, block: Block) -> Rect:
        """Draw the box; it fills its place."""
        return paint_box(canvas, block)


def paint_box(canvas: Canvas, block: Block) -> Rect:
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
    canvas.write(place.x + 2, block.axis, block.spot.symbol, "face", index)
    canvas.write(place.x + 2, place.y, title(block.spot), "name", index)
    return place


class GateStyle(Protocol):
    """How spots are measured and painted in a drawing that runs left to right."""

    style: Style
    spacing: Spacing
    from_above: bool  # whether first and last of two or three wires arrive above and below the spot

    def size(self, spot: GraphNode, index: int, seen: ShownNode) -> Size:
        """The room the spot needs."""

    def paint(self, canvas: Canvas, block: Block) -> Rect:
        """Draw the spot itself; returns the cells it fills."""


def draw_sideways(picture: GraphSpec, look: GateStyle, signs: Mapping[str, str]) -> Drawing:
    """Draw a picture from left to right."""
    seen = shown(picture)
    sizes, edges = _measured(picture, look, seen)
    # A number may stand in the row of the gate after it, and must not touch it.
    spacing = replace(look.spacing, clear=1) if seen.numbers else look.spacing
    plan = layout(sizes, edges, spacing)
    canvas = Canvas(plan.length, plan.breadth, signs)
    for stroke in plan.strokes:
        (canvas.level if stroke.along else canvas.upright)(stroke.owner, stroke.at, stroke.start, stroke.stop)
    for index, feeds in enumerate(seen.feeds):
        if feeds:
            last = plan.starts[index] + plan.lengths[index] - 1
            canvas.level(index, plan.axes[index], last, plan.stems[index] - 1)
    canvas.settle()
    places = []
    for index, (spot, size) in enumerate(zip(picture.spots, sizes, strict=True)):
        x, axis = plan.starts[index], plan.axes[index]
        cells = Rect(x, axis - size.before, plan.lengths[index], size.before + size.after + 1)
        block = Block(spot, index, cells, axis, seen.arguments[index], seen.feeds[index])
        places.append(look.paint(canvas, block))
        _label(canvas, spot, index, plan, seen.feeds[index])
    _arrows(canvas, picture, look, plan, sizes)
    return Drawing(canvas.lines(), plan.length, plan.breadth, tuple(places), look.style, picture.wires)


def least_sideways(picture: GraphSpec, look: GateStyle) -> tuple[int, int]:
    """A width and a height that the drawing cannot be below."""
    return least(*_measured(picture, look, shown(picture)), look.spacing)


def _measured(picture: GraphSpec, look: GateStyle, seen: ShownNode) -> tuple[tuple[Size, ...], tuple[Edge, ...]]:
    sizes = tuple(look.size(spot, index, seen) for index, spot in enumerate(picture.spots))
    return sizes, tuple((wire.source, wire.target, wire.port) for wire in picture.wires)


def _label(canvas: Canvas, spot: GraphNode, index: int, plan: LayoutPlan, feeds: bool) -> None:
    """The value above the stem, the gradient below it, the shape on it."""
    x, y = plan.starts[index] + plan.lengths[index], plan.axes[index]
    if spot.value:
        canvas.write(x, y - 1, signed(spot.value), number_role(spot.value, "value"), index)
    if spot.gradient:
        canvas.write(x, y + 1, signed(spot.gradient), number_role(spot.gradient, "gradient"), index)
    if spot.shape:
        after = canvas.write(x + 1, y, spot.shape, "plain", index)
        if feeds:
            canvas.put(x, y, WIRE_STOPS, "wire", index)
            canvas.put(after, y, WIRE_GOES_ON, "wire", index)


def _arrows(canvas: Canvas, picture: GraphSpec, look: GateStyle, plan: LayoutPlan, sizes: tuple[Size, ...]) -> None:
    """An arrowhead for each wire, behind its share."""
    for wire in picture.wires:
        ports = sizes[wire.target].ports
        row = ports[wire.port]
        x, y, head = plan.starts[wire.target] - 1, plan.axes[wire.target] + row, "▶"
        if look.from_above and row and len(ports) <= 3:
            x, head = x + 1, "▼" if row < 0 else "▲"
        canvas.put(x, y, head, "wire", wire.source)
        if wire.share:
            x -= width(wire.share)
            role = number_role(wire.share, "gradient")
            canvas.put(x - 1, y, WIRE_STOPS, "wire", wire.source)
            if canvas.ascii and wire.share.startswith("-"):
                # A wire running up to a minus would be read as part of it.
                canvas.write(x - 1, y, " ", role, wire.source)
            canvas.write(x, y, wire.share, role, wire.source)
