"""Gates in one row, `(ln)`, for the narrower drawing that runs left to right."""

from __future__ import annotations

from tutor.drawing.boxes import paint_box
from tutor.drawing.canvas import Canvas
from tutor.drawing.characters import width
from tutor.drawing.layout import Size, Spacing
from tutor.drawing.measures import Block, Shown, port_rows, stem_width, title
from tutor.drawing.picture import Rect, Spot, Style

MOST = 3  # arguments of a gate in brackets; with more it gets a box


class Compact:
    """Every spot in brackets, its name in the row above, no blank rows between spots.

    One argument comes from the left; two come from above and below, a third between them.
    """

    style: Style = "compact"
    spacing = Spacing(between=0, beside=1, wires=0, lead=0, turn=1, pitch=2, pad=0)
    from_above = True

    def size(self, spot: Spot, index: int, seen: Shown) -> Size:
        """The room for the brackets, with a row above for name and value, one below for the gradient."""
        arguments = seen.arguments[index]
        half = arguments // 2
        name, wide = title(spot), width(spot.face) + 2
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
        after = canvas.write(place.x + 1, axis, block.spot.face, "face", index)
        canvas.put(after, axis, ")", "box", index)
        if block.feeds:
            canvas.fill(range(after + 1, place.x + place.width), axis, "─", "wire", index)
        canvas.write(place.x + _name_at(block.arguments // 2), axis - 1, title(block.spot), "name", index)
        return Rect(place.x, axis, after + 1 - place.x, 1)


def _name_at(half: int) -> int:
    """Where the name starts, counted from the bracket: an arrowhead from above keeps its distance."""
    return 2 if half else 1
