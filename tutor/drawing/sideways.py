"""Drawing from left to right: boxes and compact differ only in how a spot looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from tutor.drawing.canvas import WIRE_GOES_ON, WIRE_STOPS, Canvas
from tutor.drawing.characters import width
from tutor.drawing.layers import Edge
from tutor.drawing.layout import Plan, Size, Spacing, layout, least
from tutor.drawing.measures import Block, Shown, number_role, shown, signed
from tutor.drawing.picture import Drawing, Picture, Rect, Spot, Style


class Look(Protocol):
    """How spots are measured and painted in a drawing that runs left to right."""

    style: Style
    spacing: Spacing
    from_above: bool  # whether first and last of two or three wires arrive above and below the spot

    def size(self, spot: Spot, index: int, seen: Shown) -> Size:
        """The room the spot needs."""

    def paint(self, canvas: Canvas, block: Block) -> Rect:
        """Draw the spot itself; returns the cells it fills."""


def draw_sideways(picture: Picture, look: Look, signs: Mapping[str, str]) -> Drawing:
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


def least_sideways(picture: Picture, look: Look) -> tuple[int, int]:
    """A width and a height that the drawing cannot be below."""
    return least(*_measured(picture, look, shown(picture)), look.spacing)


def _measured(picture: Picture, look: Look, seen: Shown) -> tuple[tuple[Size, ...], tuple[Edge, ...]]:
    sizes = tuple(look.size(spot, index, seen) for index, spot in enumerate(picture.spots))
    return sizes, tuple((wire.source, wire.target, wire.port) for wire in picture.wires)


def _label(canvas: Canvas, spot: Spot, index: int, plan: Plan, feeds: bool) -> None:
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


def _arrows(canvas: Canvas, picture: Picture, look: Look, plan: Plan, sizes: tuple[Size, ...]) -> None:
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
