"""Drawing a graph in one of the four styles, choosing the style by the room there is, and going from node to node.

`Boxes` and `Compact` run from left to right (`draw_sideways`), `draw_down` from top to bottom, both over `layout.py`;
the tape is in `tape.py`. Sizes are in terminal cells, columns before rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from tutor.drawing.canvas import ASCII_LINES, WIRE_GOES_ON, WIRE_STOPS, Canvas
from tutor.drawing.characters import in_ascii, width
from tutor.drawing.layers import Edge
from tutor.drawing.layout import (
    NO_PATH,
    NUMBER,
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
from tutor.drawing.spec import OPEN, OPEN_ASCII, Direction, Drawing, GraphEdge, GraphNode, GraphSpec, Rect, Style
from tutor.drawing.tape import draw_tape

MOST = 3  # arguments of a gate in brackets; with more it gets a box
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
        if arguments > MOST:
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
            arrival=1 + share_before(seen.shares[index], wide)
            if arguments == 1
            else seen.shares[index] + (arguments >= MOST or bool(seen.shares[index])),
        )

    def paint(self, canvas: Canvas, block: Block) -> Rect:
        """Draw the brackets, or the box; the name above the brackets is not part of the place."""
        place, axis, index = block.place, block.axis, block.index
        if block.arguments > MOST:
            return paint_box(canvas, block)
        canvas.put(place.x, axis, "(", "box", index)
        after = canvas.write(place.x + 1, axis, block.node.symbol, "face", index)
        canvas.put(after, axis, ")", "box", index)
        if block.feeds:
            canvas.fill(range(after + 1, place.x + place.width), axis, "─", "wire", index)
        canvas.write(place.x + _name_at(block.arguments // 2), axis - 1, node_title(block.node), "name", index)
        return Rect(place.x, axis, after + 1 - place.x, 1)


def share_before(share: int, brackets: int) -> int:
    """Columns by which a share of so many cells begins before its arrowhead: it ends below that, or the brackets."""
    return max(min(_UNDER_ARROW, share - 1), share - brackets, 0)


def _name_at(half: int) -> int:
    """Where the name starts, counted from the bracket: an arrowhead from above keeps its distance."""
    return 2 if half else 1


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


_OWN = DrawingFrame()


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


def _plan(picture: GraphSpec, look: GateStyle) -> LayoutPlan:
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
        if look.from_above and row and len(ports) <= MOST:
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
            canvas.write(x - share_before(width(share), plan.lengths[wire.target]), y + 1, share, role, wire.source)
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


SPACING = Spacing(between=2, beside=1, wires=1, lead=0, turn=0, pitch=1, pad=0)
APART = 4  # columns between ports that bring no shares


def draw_down(picture: GraphSpec, signs: Mapping[str, str]) -> Drawing:
    """Draw a graph from top to bottom; `signs` replaces line-drawing signs by others: empty, or ASCII_LINES."""
    seen = graph_measures(picture)
    # In ASCII a joint right below brackets could be read as joined to them: keep a row between.
    sizes, edges = _down_measured(picture, seen, below=1 if signs else 0)
    plan = layout(sizes, edges, SPACING)
    canvas = Canvas(plan.breadth, plan.length, signs)
    for stroke in plan.strokes:
        (canvas.upright if stroke.along else canvas.level)(stroke.owner, stroke.at, stroke.start, stroke.stop)
    for index, feeds in enumerate(seen.feeds):
        # The open end of an output stays away from wires running below it.
        if feeds and (seen.used[index] or plan.stems[index] == plan.length):
            canvas.upright(index, plan.axes[index], plan.starts[index], plan.stems[index] - 1)
    canvas.settle()
    places = []
    for index, node in enumerate(picture.nodes):
        axis, y = plan.axes[index], plan.starts[index]
        left, right = _reach(sizes[index].ports, node.symbol)
        places.append(Rect(axis - left, y, left + 1 + right, 1))
        _paint(canvas, node, index, places[-1], axis)
        _down_label(canvas, node, index, axis, y + 1, seen)
    _down_arrows(canvas, picture, plan, sizes)
    return Drawing(canvas.lines(), plan.breadth, plan.length, tuple(places), "down", picture.wires)


def _down_measured(picture: GraphSpec, seen: GraphMeasures, below: int) -> tuple[tuple[Size, ...], tuple[Edge, ...]]:
    """`below` is how many rows there are at least under a node."""
    sizes = tuple(_size(node, index, seen, below) for index, node in enumerate(picture.nodes))
    return sizes, tuple((wire.source, wire.target, wire.port) for wire in picture.wires)


def _ports(arguments: int, share: int) -> tuple[int, ...]:
    """The columns arguments arrive in, from the middle; far enough apart for shares of width `share`.

    The first share stands left of its arrowhead, the others right of theirs.
    """
    apart = APART if arguments < 3 or not share else max(APART, share + 2 + share % 2)
    return tuple(apart * port - apart * (arguments - 1) // 2 for port in range(arguments))


def _reach(ports: tuple[int, ...], face: str) -> tuple[int, int]:
    """How far the brackets reach left and right of the middle: around the face and the ports."""
    across, outermost = width(face), ports[-1] + 1 if len(ports) > 1 else 0
    return max(across // 2 + 2, outermost), max((across + 1) // 2 + 1, outermost)


def _size(node: GraphNode, index: int, seen: GraphMeasures, below: int) -> Size:
    arguments, share = seen.arguments[index], seen.shares[index]
    ports = _ports(arguments, share)
    before, after = _reach(ports, node.symbol)
    name = node_title(node)
    if name:
        before += width(name) + 1
    if seen.values:
        before = max(before, NUMBER, width(node.value))
    if seen.gradients:
        after = max(after, NUMBER, width(node.gradient))
    after = max(after, width(node.shape))
    if seen.idle[index]:
        after = max(after, _reach(ports, node.symbol)[1] + 1 + width(NO_PATH))
    if share:
        after = max(after, ports[-1] + share)
        if arguments > 1:
            before = max(before, share - ports[0])
    return Size(
        before=before,
        after=after,
        ports=ports,
        length=1,
        stem=max(below, seen.numbers + seen.shapes),
        arrival=1 if arguments else 0,
    )


def _paint(canvas: Canvas, node: GraphNode, index: int, place: Rect, axis: int) -> None:
    """The brackets with the face in their middle, the name before them."""
    name, last = node_title(node), place.x + place.width - 1
    if name:
        canvas.write(place.x - width(name) - 1, place.y, name, "name", index)
    canvas.put(place.x, place.y, "(", "box", index)
    canvas.fill(range(place.x + 1, last), place.y, " ", "box", index)
    canvas.put(last, place.y, ")", "box", index)
    canvas.write(axis - width(node.symbol) // 2, place.y, node.symbol, "face", index)


def _down_label(canvas: Canvas, node: GraphNode, index: int, axis: int, y: int, seen: GraphMeasures) -> None:
    """The value left of the wire, the gradient right of it, the shape below them."""
    if node.value:
        canvas.write(axis - width(node.value), y, node.value, number_role(node.value, "value"), index)
    if node.gradient:
        canvas.write(axis + 1, y, node.gradient, number_role(node.gradient, "gradient"), index)
    if node.shape:
        canvas.write(axis + 1, y + seen.numbers, node.shape, "plain", index)
    if seen.idle[index]:
        canvas.write(axis + _reach((0,), node.symbol)[1] + 2, y - 1, NO_PATH, "plain", index)


def _down_arrows(canvas: Canvas, picture: GraphSpec, plan: LayoutPlan, sizes: tuple[Size, ...]) -> None:
    """An arrowhead for each wire, its share beside it."""
    for wire in picture.wires:
        ports = sizes[wire.target].ports
        x, y = plan.axes[wire.target] + ports[wire.port], plan.starts[wire.target] - 1
        canvas.put(x, y, "▼", "wire", wire.source)
        left = wire.port == 0 and len(ports) > 1
        at = x - width(wire.share) if left else x + 1
        canvas.write(at, y, wire.share, number_role(wire.share, "gradient"), wire.source)


FLAT = Compact(flat=True)
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
        plan = _plan(ready, look)
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
