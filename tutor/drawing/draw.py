"""Drawing a picture in one of the four styles, and choosing the style by the room there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from tutor.drawing.canvas import ASCII_LINES
from tutor.drawing.characters import in_ascii
from tutor.drawing.down import draw_down, least_down
from tutor.drawing.sideways import Boxes, Compact, GateStyle, draw_sideways, least_sideways
from tutor.drawing.spec import STYLES, Direction, Drawing, GraphSpec, Rect, Style
from tutor.drawing.tape import draw_tape

_LOOKS: dict[Style, GateStyle] = {"boxes": Boxes(), "compact": Compact()}
MANY = 20  # gates; with more than that a tape is easier to read than any drawing


def draw(picture: GraphSpec, style: Style, ascii: bool = False) -> Drawing:
    """Draw `picture` in `style`. With `ascii`, lines, mathematical signs and Greek letters become ASCII.

    A port without a wire is a constant, which the gate's face shows: no room is kept for it.
    Raises ValueError when a wire runs backward or two wires share a port.
    """
    return _remembered(picture, style, ascii)


@lru_cache(maxsize=16)  # choosing draws what is then drawn, and a resize draws the same again
def _remembered(picture: GraphSpec, style: Style, ascii: bool) -> Drawing:
    drawing = _draw(_prepared(picture, ascii), style, ASCII_LINES if ascii else {})
    return replace(drawing, wires=picture.wires)


def _draw(picture: GraphSpec, style: Style, signs: Mapping[str, str]) -> Drawing:
    if style == "tape":
        return draw_tape(picture, signs)
    if style == "down":
        return draw_down(picture, signs)
    return draw_sideways(picture, _LOOKS[style], signs)


def choose(picture: GraphSpec, width: int, height: int, ascii: bool = False) -> Style:
    """The first of boxes, compact, down and tape that fits into `width` x `height` cells.

    The tape for more than about 20 gates, and when nothing fits.
    """
    if sum(spot.kind != "input" for spot in picture.spots) > MANY:
        return "tape"
    prepared = _prepared(picture, ascii)
    for style in STYLES[:-1]:
        # What is too large at a glance is not laid out: choosing happens between two keystrokes.
        least = least_down(prepared) if style == "down" else least_sideways(prepared, _LOOKS[style])
        if least[0] > width or least[1] > height:
            continue
        drawing = draw(picture, style, ascii)
        if drawing.width <= width and drawing.height <= height:
            return style
    return "tape"


def _prepared(picture: GraphSpec, ascii: bool) -> GraphSpec:
    picture.check()
    return _folded(_plain(picture) if ascii else picture)


def _folded(picture: GraphSpec) -> GraphSpec:
    """The picture with each spot's ports numbered anew from 0, in the same order."""
    numbers: dict[int, list[int]] = {}
    for wire in sorted(picture.wires, key=lambda wire: wire.port):
        numbers.setdefault(wire.target, []).append(wire.port)
    if all(ports[-1] == len(ports) - 1 for ports in numbers.values()):
        return picture
    wires = (replace(wire, port=numbers[wire.target].index(wire.port)) for wire in picture.wires)
    return GraphSpec(picture.spots, tuple(wires))


def _plain(picture: GraphSpec) -> GraphSpec:
    spots = tuple(
        replace(
            spot,
            name=in_ascii(spot.name),
            symbol=in_ascii(spot.symbol),
            equation=in_ascii(spot.equation),
            value=in_ascii(spot.value),
            gradient=in_ascii(spot.gradient),
            shape=in_ascii(spot.shape),
        )
        for spot in picture.spots
    )
    return GraphSpec(spots, tuple(replace(wire, share=in_ascii(wire.share)) for wire in picture.wires))


_TURNED: dict[Direction, Direction] = {"left": "up", "right": "down", "up": "left", "down": "right"}


def neighbour(drawing: Drawing, spot: int, direction: Direction) -> int:
    """The spot next to `spot` in the drawing; `spot` itself where there is none.

    With the flow: a consumer; against it: an argument; across it: the spot beside it in its layer.
    On the tape up and down walk the rows, left leads to an argument and right to a consumer.
    """
    places = drawing.places
    if drawing.style == "tape":
        if direction == "up":
            return max(0, spot - 1)
        if direction == "down":
            return min(len(places) - 1, spot + 1)
    elif drawing.style == "down":
        direction = _TURNED[direction]
        places = tuple(Rect(place.y, place.x, place.height, place.width) for place in places)
    if direction == "left":
        joined = [wire.source for wire in drawing.wires if wire.target == spot]
    elif direction == "right":
        joined = [wire.target for wire in drawing.wires if wire.source == spot]
    else:
        return _beside(places, spot, -1 if direction == "up" else 1)
    return min(joined, key=lambda other: _distance(places[spot], places[other]), default=spot)


def _distance(one: Rect, other: Rect) -> tuple[int, int]:
    """How far apart along the flow, layer by layer, then across it from middle to middle (doubled)."""
    return abs(other.x - one.x), abs(2 * other.y + other.height - 2 * one.y - one.height)


def _beside(places: tuple[Rect, ...], spot: int, step: int) -> int:
    """The nearest spot above (step -1) or below (step 1) in the same column."""
    column = [other for other, place in enumerate(places) if place.x == places[spot].x]
    column.sort(key=lambda other: places[other].y)
    at = column.index(spot) + step
    return column[at] if 0 <= at < len(column) else spot
