"""Drawing a picture in one of the four styles, and choosing the style by the room there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from tutor.drawing.boxes import Boxes
from tutor.drawing.canvas import ASCII_LINES
from tutor.drawing.characters import in_ascii
from tutor.drawing.compact import Compact
from tutor.drawing.down import draw_down, least_down
from tutor.drawing.picture import STYLES, Drawing, Picture, Style
from tutor.drawing.sideways import Look, draw_sideways, least_sideways
from tutor.drawing.tape import draw_tape

_LOOKS: dict[Style, Look] = {"boxes": Boxes(), "compact": Compact()}
MANY = 20  # gates; with more than that a tape is easier to read than any drawing


def draw(picture: Picture, style: Style, ascii: bool = False) -> Drawing:
    """Draw `picture` in `style`. With `ascii`, lines, mathematical signs and Greek letters become ASCII.

    A port without a wire is a constant, which the gate's face shows: no room is kept for it.
    Raises ValueError when a wire runs backward or two wires share a port.
    """
    return _remembered(picture, style, ascii)


@lru_cache(maxsize=16)  # choosing draws what is then drawn, and a resize draws the same again
def _remembered(picture: Picture, style: Style, ascii: bool) -> Drawing:
    drawing = _draw(_prepared(picture, ascii), style, ASCII_LINES if ascii else {})
    return replace(drawing, wires=picture.wires)


def _draw(picture: Picture, style: Style, signs: Mapping[str, str]) -> Drawing:
    if style == "tape":
        return draw_tape(picture, signs)
    if style == "down":
        return draw_down(picture, signs)
    return draw_sideways(picture, _LOOKS[style], signs)


def choose(picture: Picture, width: int, height: int, ascii: bool = False) -> Style:
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


def _prepared(picture: Picture, ascii: bool) -> Picture:
    picture.check()
    return _folded(_plain(picture) if ascii else picture)


def _folded(picture: Picture) -> Picture:
    """The picture with each spot's ports numbered anew from 0, in the same order."""
    numbers: dict[int, list[int]] = {}
    for wire in sorted(picture.wires, key=lambda wire: wire.port):
        numbers.setdefault(wire.target, []).append(wire.port)
    if all(ports[-1] == len(ports) - 1 for ports in numbers.values()):
        return picture
    wires = (replace(wire, port=numbers[wire.target].index(wire.port)) for wire in picture.wires)
    return Picture(picture.spots, tuple(wires))


def _plain(picture: Picture) -> Picture:
    spots = tuple(
        replace(
            spot,
            name=in_ascii(spot.name),
            face=in_ascii(spot.face),
            equation=in_ascii(spot.equation),
            value=in_ascii(spot.value),
            gradient=in_ascii(spot.gradient),
            shape=in_ascii(spot.shape),
        )
        for spot in picture.spots
    )
    return Picture(spots, tuple(replace(wire, share=in_ascii(wire.share)) for wire in picture.wires))
