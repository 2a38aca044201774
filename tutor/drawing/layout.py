"""From sizes and edges to positions: the one place that decides where things stand.

Told for a drawing that flows left to right. `along` counts cells in the direction of the flow and
`across` the cells at right angles to it; a drawing that flows downward swaps the two. Layers, order and rows come from
`layers.py` and `coordinates.py`. The wires between two layers are a channel: every net that bends gets a track for its
one trunk, the constraints that two nets in one row put on one another are kept, and a cycle of them is cut by a
second trunk (a dogleg: Deutsch, "A dogleg channel router", Design Automation Conference 1976).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tutor.drawing.characters import width
from tutor.drawing.coordinates import Extent, assign_rows
from tutor.drawing.layers import Edge, Layered, Order, assign_levels, build_layers, order_layers
from tutor.drawing.spec import ASKED, OPEN, OPEN_ASCII, GraphNode, GraphSpec, Rect, Role

_BRACKETS = tuple("⎡⎢⎣[")
SHARES_BELOW = 2  # arguments of a gate up to which a share stands below its arrowhead
NO_PATH = "no path"  # behind an input that nothing uses
NUMBER = 6  # cells kept for a number, so that answering "?" moves nothing


def signed(text: str) -> str:
    """A number with a blank where the sign would be, so that digits stand below digits.

    A number that needs all the room kept for one does without; a matrix keeps its distance.
    """
    if text[:1] in _BRACKETS:
        return f" {text}"
    return text if text[:1] in ("-", "−") or width(text) >= NUMBER else f" {text}"


def number_role(text: str, role: Role) -> Role:
    """The role of a number: "asked" where the learner owes it now, "plain" where it is still to come."""
    return "asked" if text == ASKED else "plain" if text in (OPEN, OPEN_ASCII) else role


def number_width(texts: Iterable[str]) -> int:
    """Cells for the widest of some numbers with their signs, never less than `NUMBER`."""
    return max([NUMBER, *(width(signed(line)) for text in texts for line in text.split("\n") if line)])


def number_rows(text: str) -> int:
    """The rows that a number or a matrix takes."""
    return text.count("\n") + 1 if text else 0


def node_title(node: GraphNode) -> str:
    """The name to show beside the face: none where the face says it already."""
    return "" if node.name == node.symbol else node.name


@dataclass(frozen=True, slots=True)
class GraphMeasures:
    """What all nodes of a picture need to know of the others to be measured alike."""

    arguments: tuple[int, ...]  # how many arguments each node has
    used: tuple[bool, ...]  # whether anything uses the node
    idle: tuple[bool, ...]  # whether no path leads from the node to the output, where there is one
    feeds: tuple[bool, ...]  # whether a wire leaves the node: to what uses it, or out of the drawing
    shares: tuple[int, ...]  # cells for the widest share arriving at each node, 0 if none
    low_share: tuple[bool, ...]  # whether a share stands in a row of its own, below the second of two arrowheads
    values: bool  # whether any value is shown
    gradients: bool  # whether any gradient is shown
    shapes: bool  # whether any shape is shown

    @property
    def numbers(self) -> bool:
        """Whether any value or gradient is shown."""
        return self.values or self.gradients


def graph_measures(picture: GraphSpec) -> GraphMeasures:
    """Gather counts, and widths in cells, over all nodes of a graph."""
    count = len(picture.nodes)
    arguments, used, shares, low = [0] * count, [False] * count, [0] * count, set[int]()
    for wire in picture.wires:
        arguments[wire.target] = max(arguments[wire.target], wire.port + 1)
        used[wire.source] = True
        if wire.share:
            shares[wire.target] = max(shares[wire.target], NUMBER, width(wire.share))
            if wire.port == SHARES_BELOW - 1:
                low.add(wire.target)
    complete = any(node.kind == "output" for node in picture.nodes)
    return GraphMeasures(
        tuple(arguments),
        tuple(used),
        tuple(complete and not uses and node.kind == "input" for uses, node in zip(used, picture.nodes, strict=True)),
        tuple(uses or node.kind == "output" for uses, node in zip(used, picture.nodes, strict=True)),
        tuple(shares),
        tuple(node in low and arguments[node] == SHARES_BELOW for node in range(count)),
        values=any(node.value for node in picture.nodes),
        gradients=any(node.gradient for node in picture.nodes),
        shapes=any(node.shape for node in picture.nodes),
    )


def port_rows(arguments: int) -> tuple[int, ...]:
    """The rows arguments arrive in, counted from the middle row: (0), (-1, 1), (-1, 0, 1), (-2, -1, 1, 2), ..."""
    half = arguments // 2
    return tuple(row for row in range(-half, half + 1) if row or arguments % 2)


def stem_width(node: GraphNode, index: int, seen: GraphMeasures) -> int:
    """Cells behind a node for its numbers, its shape, and that no path leads on."""
    if seen.idle[index]:
        shape = width(node.shape) + 1 if node.shape else 0
        return max(number_width((node.value, node.gradient)), shape + 1 + width(NO_PATH))
    stem = number_width((node.value, node.gradient)) if seen.numbers else 1
    return max(stem, width(node.shape) + 2 if node.shape else 0)


@dataclass(frozen=True, slots=True)
class Block:
    """A node with its position: the cells it may fill, the row its wire leaves in, whether one does."""

    node: GraphNode
    index: int
    place: Rect
    axis: int
    arguments: int
    feeds: bool


@dataclass(frozen=True, slots=True)
class Size:
    """The room one node needs.

    `before` and `after` are the cells it takes across the flow on either side of its axis (the line its
    wire leaves on), `ports` where its arguments arrive, counted from the axis; `length` its cells along
    the flow, `stem` the cells behind it kept free for its numbers, `arrival` those in front of it for
    arrowheads and shares.
    """

    before: int
    after: int
    ports: tuple[int, ...]
    length: int
    stem: int
    arrival: int
    below: int = 0
    """Cells of `after` that the node itself does not fill: the row of a share."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distances in cells.

    Across the flow: `between` two nodes, `beside` a node and a passing wire, between two `wires`.
    Along it: `lead` before a channel, `turn` more before its first track, `pitch` from track to track;
    at least `clear` between the numbers of one layer and the nodes of the next.
    `pad`: a node may be made that much longer to be as long as the longest of its layer.
    """

    between: int
    beside: int
    wires: int
    lead: int
    turn: int
    pitch: int
    pad: int
    clear: int = 0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stretch of wire of node `owner`, ends included: along the flow at `at` across, or the other way."""

    owner: int
    along: bool
    at: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class LayoutPlan:
    """Where everything stands.

    `starts` and `lengths` of the nodes are along the flow, `axes` across it; `stems` is where the room
    kept for the numbers of each node's layer ends. `length` and `breadth` are those of the whole.
    """

    starts: tuple[int, ...]
    lengths: tuple[int, ...]
    axes: tuple[int, ...]
    stems: tuple[int, ...]
    strokes: tuple[Stroke, ...]
    length: int
    breadth: int


@lru_cache(maxsize=64)
def _structure(
    count: int, edges: tuple[Edge, ...], ports: tuple[int, ...], rows: tuple[int, ...]
) -> tuple[Layered, Order]:
    """Layers and their order: they depend on the wiring alone, not on sizes."""
    graph = build_layers(count, edges)
    return graph, order_layers(graph, ports + (1,) * (len(graph.owner) - count), rows)


@lru_cache(maxsize=64)
def layout(
    sizes: tuple[Size, ...], edges: tuple[Edge, ...], spacing: Spacing, rows: tuple[int, ...] = ()
) -> LayoutPlan:
    """Positions of nodes and wires, in cells from 0. The same sizes and edges give the same plan, from memory.

    `sizes` has one entry a node, in topological order; `edges` are triples (source, target, port), source < target.
    `rows` says where each node was before, -1 where it was not: as far as it costs no crossing, they keep that order.
    """
    graph, order = _structure(len(sizes), edges, tuple(len(size.ports) for size in sizes), rows)
    bodies = [Extent(size.before, size.after, size.ports) for size in sizes]
    bodies += [Extent(0, 0, (0,))] * (len(graph.owner) - len(sizes))
    axes = assign_rows(graph, order, bodies, (spacing.wires, spacing.beside, spacing.between))
    top = min((axis - body.before for axis, body in zip(axes, bodies, strict=True)), default=0)
    axes = [axis - top for axis in axes]
    breadth = max((axis + body.after + 1 for axis, body in zip(axes, bodies, strict=True)), default=0)

    columns: list[_Column] = []
    strokes: list[Stroke] = []
    pieces: list[Net] = []
    tracks_at = end = clear = 0
    for index, layer in enumerate(order):
        inside = [sizes[item] for item in layer if graph.is_node(item)]
        longest = max(size.length for size in inside)
        column = _Column(
            start=max(end + max(size.arrival for size in inside), clear),
            length=longest,
            room=max(_padded(size, longest, spacing) + size.stem for size in inside),
        )
        before = columns[-1].last if columns else 0
        strokes += _strokes(pieces, before, tracks_at, spacing.pitch, column.start)
        strokes += [
            Stroke(graph.owner[item], True, axes[item], column.start, column.last)
            for item in layer
            if not graph.is_node(item)
        ]
        columns.append(column)
        nets = _nets(graph, index, axes, bodies)
        pieces, tracks = route(nets, rows=breadth, apart=1 if spacing.pitch > 1 else 2)
        breadth = max([breadth, *(net.high + 1 for net in pieces)])
        tracks_at = column.stem_end + spacing.lead + (spacing.turn if tracks else 0)
        end = tracks_at + spacing.pitch * tracks
        clear = column.stem_end + spacing.clear
    return LayoutPlan(
        starts=tuple(columns[level].start for level in graph.level),
        lengths=tuple(
            _padded(size, columns[level].length, spacing) for level, size in zip(graph.level, sizes, strict=True)
        ),
        axes=tuple(axes[: len(sizes)]),
        stems=tuple(columns[level].stem_end for level in graph.level),
        strokes=tuple(strokes),
        length=columns[-1].stem_end if columns else 0,
        breadth=breadth,
    )


def least(sizes: tuple[Size, ...], edges: tuple[Edge, ...], spacing: Spacing) -> tuple[int, int]:
    """A length (along the flow) and a breadth (across it), in cells, that no layout of these can be below."""
    layers: dict[int, list[Size]] = {}
    for level, size in zip(assign_levels(len(sizes), edges), sizes, strict=True):
        layers.setdefault(level, []).append(size)
    length = spacing.lead * max(0, len(layers) - 1)
    breadth = 0
    for layer in layers.values():
        length += max(size.arrival for size in layer) + max(size.length + size.stem for size in layer)
        across = sum(size.before + size.after + 1 for size in layer) + spacing.between * (len(layer) - 1)
        breadth = max(breadth, across)
    return length, breadth


@dataclass(frozen=True, slots=True)
class _Column:
    """Where a layer's nodes start, how long the longest is, how long with the room for its numbers."""

    start: int
    length: int
    room: int

    @property
    def last(self) -> int:
        return self.start + self.length - 1

    @property
    def stem_end(self) -> int:
        return self.start + self.room


def _padded(size: Size, longest: int, spacing: Spacing) -> int:
    """How long a node is drawn in a layer whose longest is so long."""
    return min(longest, size.length + spacing.pad)


def _nets(graph: Layered, layer: int, axes: list[int], bodies: list[Extent]) -> list[Net]:
    """The wiring between a layer and the next: a net for each item that goes on."""
    nets: dict[int, Net] = {}
    for link in graph.links[layer]:
        net = nets.setdefault(link.left, Net(graph.owner[link.left], axes[link.left], []))
        net.leaves.append(axes[link.right] + bodies[link.right].ports[link.port])
    for net in nets.values():
        net.leaves.sort()
    return list(nets.values())


def _strokes(pieces: list[Net], stem: int, tracks: int, pitch: int, start: int) -> list[Stroke]:
    """The wires of one channel, from the last cell of one layer (`stem`) to the first of the next (`start`).

    Tracks are `pitch` cells apart, the first at `tracks`.
    """
    begins = {id(net.onward): tracks + pitch * net.track for net in pieces if net.onward}
    strokes = []
    for net in pieces:
        begin = begins.get(id(net), stem)
        if net.straight:
            strokes.append(Stroke(net.owner, True, net.enters, begin, start))
            continue
        trunk = tracks + pitch * net.track
        strokes.append(Stroke(net.owner, True, net.enters, begin, trunk))
        strokes.append(Stroke(net.owner, False, trunk, net.low, net.high))
        if net.onward is None:
            strokes += [Stroke(net.owner, True, row, trunk, start) for row in net.leaves]
    return strokes


@dataclass(slots=True)
class Net:
    """A piece of wiring of node `owner` with one trunk; it enters a channel in row `enters`.

    `leaves` are the rows it leaves in, sorted. `track` is the trunk's track, from 0 at the side where wires enter.
    `onward` is the piece that takes it further, when it needed a second trunk.
    """

    owner: int
    enters: int
    leaves: list[int]
    track: int = -1  # -1: straight, needs no track
    onward: Net | None = None

    @property
    def low(self) -> int:
        """The first row of the trunk."""
        return min(self.enters, self.leaves[0])

    @property
    def high(self) -> int:
        """The last row of the trunk."""
        return max(self.enters, self.leaves[-1])

    @property
    def straight(self) -> bool:
        """Whether it runs through without a trunk."""
        return self.low == self.high


def route(nets: Iterable[Net], rows: int, apart: int) -> tuple[list[Net], int]:
    """Give every net that bends a track; returns all pieces and the number of tracks.

    Channel routing by greedy order of the trunks, few crossings first, with a dogleg (Deutsch 1976) where the
    constraints of nets that enter in a row in which another leaves run in a circle.

    `rows` is how many rows the drawing has (a detour may use the row after the last);
    `apart` is how many tracks two nets that share a row must keep between their trunks.
    """
    pieces = [net for net in nets if net.straight]
    waiting = [net for net in nets if not net.straight]
    in_order = _in_order(waiting, rows, pieces)
    tracks = 0
    for index, net in enumerate(in_order):
        net.track = 0
        low, high = net.low - 1, net.high + 1
        for earlier in in_order[:index]:
            if earlier.onward is net or earlier.enters in net.leaves:
                net.track = max(net.track, earlier.track + apart)
            elif earlier.low <= high and low <= earlier.high:
                net.track = max(net.track, earlier.track + 1)
        tracks = max(tracks, net.track + 1)
    return pieces + in_order, tracks


def _between(rows: Sequence[int], low: int, high: int) -> int:
    """How many of the sorted `rows` lie strictly between two rows."""
    return max(0, bisect_left(rows, high) - bisect_right(rows, low))


def _cost(first: Net, second: Net) -> int:
    """Crossings of two nets when the trunk of `first` stands left of that of `second`."""
    return _between(first.leaves, second.low, second.high) + (first.low < second.enters < first.high)


def _in_order(waiting: list[Net], rows: int, straight: list[Net]) -> list[Net]:
    """The nets from the leftmost trunk to the rightmost, with few crossings; cuts cycles with a detour."""
    remaining = sorted(waiting, key=lambda net: (net.enters, net.leaves))
    dislike = {
        id(one): sum(_cost(one, other) - _cost(other, one) for other in remaining if other is not one)
        for one in remaining
    }
    entering = {net.enters: net for net in remaining}
    done: list[Net] = []
    while remaining:
        free = [net for net in remaining if not _blockers(net, entering)]
        if not free:
            # Everything waits for something: cut a net that something waits for.
            cut = next(blocker for net in remaining for blocker in _blockers(net, entering))
            del entering[cut.enters]
            done.append(_detour(cut, remaining + done + straight, rows))
            continue
        best = min(free, key=lambda net: dislike[id(net)])
        remaining.remove(best)
        entering.pop(best.enters, None)
        done.append(best)
        for other in remaining:
            dislike[id(other)] -= _cost(other, best) - _cost(best, other)
    return done


def _blockers(net: Net, entering: dict[int, Net]) -> list[Net]:
    """The nets, of those still `entering`, whose trunks must stand left of that of `net`.

    They enter in a row in which it leaves: standing right of it, they would run over each other.
    """
    enterers = (entering.get(row) for row in net.leaves)
    return [other for other in enterers if other is not None and other is not net]


def _detour(net: Net, others: list[Net], rows: int) -> Net:
    """Split `net` in two trunks joined along a row nobody uses.

    `net` becomes the second part; the first is returned.
    """
    used = {other.enters for other in others}
    for other in others:
        used.update(other.leaves)
    free = next((row for row in range(net.low, net.high + 1) if row not in used), None)
    if free is None:
        free = next(row for row in range(rows + len(used) + 1) if row not in used)
    first = Net(net.owner, net.enters, [free], onward=net)
    net.enters = free
    return first
