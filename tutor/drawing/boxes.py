"""Gates as boxes, for the drawing closest to what is drawn on a blackboard."""

from __future__ import annotations

from tutor.drawing.canvas import Canvas
from tutor.drawing.characters import width
from tutor.drawing.layout import Size, Spacing
from tutor.drawing.measures import Block, Shown, port_rows, stem_width, title
from tutor.drawing.picture import Rect, Spot, Style


class Boxes:
    """Every spot in a box, its name in the upper border, a blank row below it."""

    style: Style = "boxes"
    spacing = Spacing(between=1, beside=1, wires=0, lead=1, turn=0, pitch=2, pad=3)
    from_above = False

    def size(self, spot: Spot, index: int, seen: Shown) -> Size:
        """The box's size: three rows, more for more than three arguments."""
        half = max(1, seen.arguments[index] // 2)
        return Size(
            before=half,
            after=half,
            ports=port_rows(seen.arguments[index]),
            length=max(width(spot.face), width(title(spot))) + 4,
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
    canvas.write(place.x + 2, block.axis, block.spot.face, "face", index)
    canvas.write(place.x + 2, place.y, title(block.spot), "name", index)
    return place
