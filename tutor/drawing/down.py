"""Draws a graph from top to bottom. Sizes are in terminal cells, columns before rows."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.drawing.canvas import Canvas
from tutor.drawing.characters import width
from tutor.drawing.layers import Edge
from tutor.drawing.layout import (
    NO_PATH,
    NUMBER,
    GraphMeasures,
    LayoutPlan,
    Size,
    Spacing,
    graph_measures,
    layout,
    node_title,
    number_role,
)
from tutor.drawing.spec import Drawing, GraphNode, GraphSpec, Rect

_SPACING = Spacing(between=2, beside=1, wires=1, lead=0, turn=0, pitch=1, pad=0)
_APART = 4  # columns between ports that bring no shares


def draw_down(picture: GraphSpec, signs: Mapping[str, str]) -> Drawing:
    """Draw a graph from top to bottom; `signs` replaces line-drawing signs by others: empty, or ASCII_LINES."""
    seen = graph_measures(picture)
    # In ASCII a joint right below brackets could be read as joined to them: keep a row between.
    sizes, edges = _measured(picture, seen, below=1 if signs else 0)
    plan = layout(sizes, edges, _SPACING)
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
        _label(canvas, node, index, axis, y + 1, seen)
    _arrows(canvas, picture, plan, sizes)
    return Drawing(canvas.lines(), plan.breadth, plan.length, tuple(places), "down", picture.wires)


def _measured(picture: GraphSpec, seen: GraphMeasures, below: int) -> tuple[tuple[Size, ...], tuple[Edge, ...]]:
    """`below` is how many rows there are at least under a node."""
    sizes = tuple(_size(node, index, seen, below) for index, node in enumerate(picture.nodes))
    return sizes, tuple((wire.source, wire.target, wire.port) for wire in picture.wires)


def _ports(arguments: int, share: int) -> tuple[int, ...]:
    """The columns arguments arrive in, from the middle; far enough apart for shares of width `share`.

    The first share stands left of its arrowhead, the others right of theirs.
    """
    apart = _APART if arguments < 3 or not share else max(_APART, share + 2 + share % 2)
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


def _label(canvas: Canvas, node: GraphNode, index: int, axis: int, y: int, seen: GraphMeasures) -> None:
    """The value left of the wire, the gradient right of it, the shape below them."""
    if node.value:
        canvas.write(axis - width(node.value), y, node.value, number_role(node.value, "value"), index)
    if node.gradient:
        canvas.write(axis + 1, y, node.gradient, number_role(node.gradient, "gradient"), index)
    if node.shape:
        canvas.write(axis + 1, y + seen.numbers, node.shape, "plain", index)
    if seen.idle[index]:
        canvas.write(axis + _reach((0,), node.symbol)[1] + 2, y - 1, NO_PATH, "plain", index)


def _arrows(canvas: Canvas, picture: GraphSpec, plan: LayoutPlan, sizes: tuple[Size, ...]) -> None:
    """An arrowhead for each wire, its share beside it."""
    for wire in picture.wires:
        ports = sizes[wire.target].ports
        x, y = plan.axes[wire.target] + ports[wire.port], plan.starts[wire.target] - 1
        canvas.put(x, y, "▼", "wire", wire.source)
        left = wire.port == 0 and len(ports) > 1
        at = x - width(wire.share) if left else x + 1
        canvas.write(at, y, wire.share, number_role(wire.share, "gradient"), wire.source)
