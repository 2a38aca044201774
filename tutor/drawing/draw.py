"""Drawing a graph in one of the four styles, and choosing the style by the room there is.

Boxes and the compact style run from left to right (`sideways.py`), `down.py` from top to bottom, both over `layout.py`;
the tape is in `tape.py`. Sizes are in terminal cells, columns before rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from tutor.drawing.canvas import ASCII_LINES
from tutor.drawing.characters import in_ascii
from tutor.drawing.down import draw_down
from tutor.drawing.sideways import (
    FLAT,
    Boxes,
    Compact,
    DrawingFrame,
    GateStyle,
    draw_sideways,
    least_sideways,
    plan_sideways,
)
from tutor.drawing.spec import OPEN, OPEN_ASCII, Drawing, GraphSpec, Style
from tutor.drawing.tape import draw_tape

_OWN = DrawingFrame()
_LOOKS: dict[Style, GateStyle] = {"boxes": Boxes(), "compact": Compact()}
MANY = 20  # gates; with more than that a tape is easier to read than any drawing


def draw(picture: GraphSpec, style: Style, ascii: bool = False, frame: DrawingFrame = _OWN) -> Drawing:
    """Draw `picture` in `style`. With `ascii`, lines, mathematical signs and Greek letters become ASCII.

    A port without a wire is a constant, which the gate's face shows: no room is kept for it.
    Raises ValueError when a wire runs backward or two wires share a port.
    """
    return _remembered(picture, style, ascii, frame)


@lru_cache(maxsize=16)  # choosing draws what is then drawn, and a resize draws the same again
def _remembered(picture: GraphSpec, style: Style, ascii: bool, frame: DrawingFrame) -> Drawing:
    if frame.measured is not None:
        frame = replace(frame, measured=prepared(frame.measured, ascii))
    drawing = _draw(prepared(picture, ascii), style, ASCII_LINES if ascii else {}, frame)
    return replace(drawing, wires=picture.wires)


def _draw(picture: GraphSpec, style: Style, signs: Mapping[str, str], frame: DrawingFrame) -> Drawing:
    if style == "tape":
        return draw_tape(picture, signs)
    if style == "down":
        return draw_down(picture, signs)
    return draw_sideways(picture, _LOOKS[style], signs, frame)


@lru_cache(maxsize=16)  # what a graph may grow into is asked again at each key
def choose(picture: GraphSpec, width: int, height: int, ascii: bool = False, first: Style = "boxes") -> Style:
    """The first of boxes, compact and tape that fits into `width` x `height` cells: it runs from left to right.

    Where it is known that nothing before `first` will do, that is not tried. The tape for more than `MANY` gates, and
    when nothing fits. Raises ValueError as `draw` does.
    """
    if sum(node.kind != "input" for node in picture.nodes) > MANY:
        return "tape"
    ready = prepared(picture, ascii)
    for look in (*_LOOKS.values(), FLAT):
        if look.style != first == "compact":
            continue
        # What is too large at a glance is not laid out: choosing happens between two keystrokes.
        least = least_sideways(ready, look)
        if least[0] > width or least[1] > height:
            continue
        plan = plan_sideways(ready, look)
        if plan.length <= width and plan.breadth <= height:
            return look.style
    return "tape"


def prepared(picture: GraphSpec, ascii: bool = False) -> GraphSpec:
    """The graph as it is drawn: its ports numbered without gaps, in ASCII where asked. Raises ValueError."""
    picture.check()
    return _folded(_plain(picture) if ascii else picture)


def _folded(picture: GraphSpec) -> GraphSpec:
    """The picture with each node's ports numbered anew from 0, in the same order."""
    numbers: dict[int, list[int]] = {}
    for wire in sorted(picture.wires, key=lambda wire: wire.port):
        numbers.setdefault(wire.target, []).append(wire.port)
    if all(ports[-1] == len(ports) - 1 for ports in numbers.values()):
        return picture
    wires = (replace(wire, port=numbers[wire.target].index(wire.port)) for wire in picture.wires)
    return GraphSpec(picture.nodes, tuple(wires))


def _plain(picture: GraphSpec) -> GraphSpec:
    nodes = tuple(
        replace(
            node,
            name=in_ascii(node.name),
            symbol=in_ascii(node.symbol),
            equation=in_ascii(node.equation),
            value=_number_in_ascii(node.value),
            gradient=_number_in_ascii(node.gradient),
            shape=in_ascii(node.shape),
        )
        for node in picture.nodes
    )
    return GraphSpec(nodes, tuple(replace(wire, share=in_ascii(wire.share)) for wire in picture.wires))


def _number_in_ascii(number: str) -> str:
    return OPEN_ASCII if number == OPEN else in_ascii(number)
