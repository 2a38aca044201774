"""Goes from node to node of a drawing, as arrow keys do."""

from __future__ import annotations

from tutor.drawing.spec import Direction, Drawing, Rect

_TURNED: dict[Direction, Direction] = {"left": "up", "right": "down", "up": "left", "down": "right"}


def neighbour(drawing: Drawing, node: int, direction: Direction) -> int:
    """The node next to `node` in the drawing; `node` itself where there is none.

    With the flow: a consumer; against it: an argument; across it: the node beside it in its layer.
    On the tape up and down walk the rows, left leads to an argument and right to a consumer.
    """
    places = drawing.places
    if drawing.style == "tape":
        if direction == "up":
            return max(0, node - 1)
        if direction == "down":
            return min(len(places) - 1, node + 1)
    elif drawing.style == "down":
        direction = _TURNED[direction]
        places = tuple(Rect(place.y, place.x, place.height, place.width) for place in places)
    if direction == "left":
        joined = [wire.source for wire in drawing.wires if wire.target == node]
    elif direction == "right":
        joined = [wire.target for wire in drawing.wires if wire.source == node]
    else:
        return _beside(places, node, -1 if direction == "up" else 1)
    return min(joined, key=lambda other: _distance(places[node], places[other]), default=node)


def _distance(one: Rect, other: Rect) -> tuple[int, int]:
    """How far apart along the flow, layer by layer, then across it from middle to middle (doubled)."""
    return abs(other.x - one.x), abs(2 * other.y + other.height - 2 * one.y - one.height)


def _beside(places: tuple[Rect, ...], node: int, step: int) -> int:
    """The nearest node above (step -1) or below (step 1) in the same column."""
    column = [other for other, place in enumerate(places) if place.x == places[node].x]
    column.sort(key=lambda other: places[other].y)
    at = column.index(node) + step
    return column[at] if 0 <= at < len(column) else node
