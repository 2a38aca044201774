"""Layers of nodes, and the order inside each layer: the first two phases of layered drawing.

Layers by longest path, moved towards the consumers where that shortens wires; long wires are cut into one passing item
a layer. The order by the barycentre heuristic (Sugiyama, Tagawa and Toda, "Methods for visual understanding of
hierarchical system structures", IEEE Transactions on Systems, Man, and Cybernetics 11(2), 1981), each sweep followed
by swaps of neighbours ("transpose" in Gansner, Koutsofios, North and Vo, "A technique for drawing directed graphs",
IEEE Transactions on Software Engineering 19(3), 1993).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass

Edge = tuple[int, int, int]  # source, target, port


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a wire: from item `left` to port `port` (0, 1, ...) of item `right` in the next layer."""

    left: int
    right: int
    port: int


@dataclass(frozen=True, slots=True)
class Layered:
    """Items by layer. Items below `nodes` are the nodes themselves; the others are wires passing through.

    All wires of one source share one passing item a layer: they are one trunk until they fork.
    `level[node]` is the node's layer, `owner[item]` the node an item or passing wire comes from;
    `links[k]` run from layer k to layer k + 1.
    """

    nodes: int
    level: tuple[int, ...]
    owner: tuple[int, ...]
    layers: tuple[tuple[int, ...], ...]
    links: tuple[tuple[Link, ...], ...]

    def is_node(self, item: int) -> bool:
        """Whether the item is a node rather than a passing wire."""
        return item < self.nodes


def assign_levels(count: int, edges: tuple[Edge, ...]) -> list[int]:
    """The layer of each of `count` nodes, from 0: one after the last of its arguments, later where that shortens wires.

    `edges` run forward (source < target). Layers by longest path (Sugiyama, Tagawa and Toda
    1981), then nodes are moved towards their consumers; no layer is empty. Linear in nodes and edges.
    """
    sources: list[list[int]] = [[] for _ in range(count)]
    targets: list[list[int]] = [[] for _ in range(count)]
    for source, target, _ in edges:
        sources[target].append(source)
        targets[source].append(target)
    level = [0] * count
    for node in range(count):
        level[node] = max((level[source] + 1 for source in sources[node]), default=0)
    _tighten(level, sources, targets)
    dense = {old: new for new, old in enumerate(sorted(set(level)))}
    return [dense[old] for old in level]


def _tighten(level: list[int], sources: list[list[int]], targets: list[list[int]]) -> None:
    """Move a gate toward its consumers when the wires to it already run that way for others.

    Nodes without arguments stay: the first layer is where a reader looks for inputs.
    """
    for node in reversed(range(len(level))):
        if not sources[node] or not targets[node]:
            continue
        latest = min(level[target] for target in targets[node]) - 1
        shorter = latest - level[node]
        longer = 0
        for source in set(sources[node]):
            reach = max(level[target] for target in targets[source])
            longer += max(0, latest - reach)
        if shorter > longer:
            level[node] = latest


def build_layers(count: int, edges: tuple[Edge, ...]) -> Layered:
    """Nodes and passing wires in layers, each layer in the order of the nodes' numbers.

    `edges` run forward (source < target). Long wires are cut as in Sugiyama, Tagawa and Toda 1981, by an item
    a layer crossed, but all wires of one source share that item.
    """
    level = assign_levels(count, edges)
    depth = max(level, default=-1) + 1
    layers: list[list[int]] = [[] for _ in range(depth)]
    links: list[list[Link]] = [[] for _ in range(depth)]
    owner = list(range(count))
    for node in range(count):
        layers[level[node]].append(node)
    outgoing: list[list[Edge]] = [[] for _ in range(count)]
    for edge in edges:
        outgoing[edge[0]].append(edge)
    for source, leaving in enumerate(outgoing):
        reach = max((level[target] for _, target, _ in leaving), default=0)
        at = [source]  # the item carrying the source's value in layer level[source], + 1, ...
        for layer in range(level[source] + 1, reach):
            item = len(owner)
            owner.append(source)
            layers[layer].append(item)
            links[layer - 1].append(Link(at[-1], item, 0))
            at.append(item)
        for _, target, port in leaving:
            layer = level[target] - 1
            links[layer].append(Link(at[layer - level[source]], target, port))
    return Layered(count, tuple(level), tuple(owner), tuple(map(tuple, layers)), tuple(tuple(some) for some in links))


Order = list[list[int]]

ROUNDS = 12  # sweeps at most
PATIENCE = 3  # sweeps without gain after which to stop
SWAPS = 8  # rounds of swapping after a sweep


def order_layers(graph: Layered, ports: Sequence[int], rows: Sequence[int] = ()) -> Order:
    """The items of each layer from first to last, with few crossings; `ports[item]` is how many ports the item has.

    `rows` says where each node was in a drawing before, -1 where it was not: that order stays unless another one has
    fewer crossings.

    Barycentre sweeps and swaps of neighbours (Sugiyama, Tagawa and Toda 1981; Gansner and others 1993) from three
    starts; the order with the fewest crossings is kept. To find the fewest of all is NP-hard: this is a heuristic.
    """
    board = _Board(graph, ports)
    best: Order = []
    fewest = -1
    for start in (*_as_before(graph, rows), *_starts(graph)):
        board.place(start)
        order, crossings = board.improve()
        if fewest < 0 or crossings < fewest:
            best, fewest = order, crossings
        if fewest == 0:
            break
    return best


def _as_before(graph: Layered, rows: Sequence[int]) -> list[Order]:
    """The order that the nodes had; one that is new stands below the arguments it comes from, and wires likewise."""
    if not rows:
        return []
    place = [float(rows[owner]) if rows[owner] >= 0 else -1.0 for owner in graph.owner]
    for layer, links in enumerate(graph.links):
        for link in links:
            if place[link.right] < 0:
                place[link.right] = place[link.left] + 0.5 + layer / 1000
    return [[sorted(layer, key=lambda item: (place[item], item)) for layer in graph.layers]]


def _starts(graph: Layered) -> list[Order]:
    given = [sorted(layer, key=lambda item: (graph.owner[item], item)) for layer in graph.layers]
    rank = _walk_back(graph)
    walked = [sorted(layer, key=lambda item: (rank[graph.owner[item]], item)) for layer in graph.layers]
    return [given, walked, [layer[::-1] for layer in walked]]


def _walk_back(graph: Layered) -> list[int]:
    """Number the nodes in the order a reader meets them, following arguments back from each output."""
    arguments: list[list[tuple[int, int]]] = [[] for _ in range(graph.nodes)]
    used = [False] * graph.nodes
    for links in graph.links:
        for link in links:
            if graph.is_node(link.right):
                arguments[link.right].append((link.port, graph.owner[link.left]))
                used[graph.owner[link.left]] = True
    rank = [-1] * graph.nodes
    count = 0
    for root in range(graph.nodes):
        stack = [] if used[root] else [root]
        while stack:
            node = stack.pop()
            if rank[node] < 0:
                rank[node] = count
                count += 1
                stack.extend(source for _, source in sorted(arguments[node], reverse=True))
    return rank


class _Board:
    """The items in their present order, and what is needed to judge and change it.

    `met[0][item]` and `met[1][item]` are the sorted places where the item meets the layer before and the
    layer after: positions there, with the port counted in when the wire ends at one. They are made anew
    only when the layer they look at has changed since.
    """

    def __init__(self, graph: Layered, ports: Sequence[int]) -> None:
        self.scale = max(ports, default=1) + 1
        self.before: list[list[int]] = [[] for _ in graph.owner]
        self.after: list[list[tuple[int, int]]] = [[] for _ in graph.owner]
        for links in graph.links:
            for link in links:
                self.before[link.right].append(link.left)
                self.after[link.left].append((link.right, link.port))
        self.layers: Order = []
        self.position = [0] * len(graph.owner)
        self.met: tuple[list[list[int]], list[list[int]]] = ([[] for _ in ports], [[] for _ in ports])
        self.changes = [0] * len(graph.layers)  # how often each layer has changed
        self.seen = ([-1] * len(graph.layers), [-1] * len(graph.layers))

    def place(self, layers: Order) -> None:
        """Start from this order."""
        self.layers = [list(layer) for layer in layers]
        for index in range(len(layers)):
            self._number(index)

    def improve(self) -> tuple[Order, int]:
        """Sweep both ways until nothing gets better; the best order met and how many pairs of links cross in it."""
        self._swap()
        best, fewest = [list(layer) for layer in self.layers], self.crossings()
        stale = 0
        for turn in range(ROUNDS):
            if fewest == 0 or stale == PATIENCE:
                break
            self._sweep(forward=turn % 2 == 0)
            self._swap()
            crossings = self.crossings()
            stale += 1
            if crossings < fewest:
                best, fewest, stale = [list(layer) for layer in self.layers], crossings, 0
        return best, fewest

    def _number(self, index: int) -> None:
        position = self.position
        for place, item in enumerate(self.layers[index]):
            position[item] = place
        self.changes[index] += 1

    def _look(self, index: int, ahead: bool) -> list[list[int]]:
        """Bring `met` up to date for the items of a layer, on one side of it."""
        met, beside = self.met[ahead], index + (1 if ahead else -1)
        if not 0 <= beside < len(self.layers) or self.seen[ahead][index] == self.changes[beside]:
            return met
        self.seen[ahead][index] = self.changes[beside]
        position, scale = self.position, self.scale
        for item in self.layers[index]:
            if ahead:
                places = [position[other] * scale + port for other, port in self.after[item]]
            else:
                places = [position[other] for other in self.before[item]]
            if len(places) > 1:
                places.sort()
            met[item] = places
        return met

    def _sweep(self, forward: bool) -> None:
        """Order every layer by the mean of the places it meets in the layer before (or after) it."""
        count = len(self.layers)
        for index in range(1, count) if forward else range(count - 2, -1, -1):
            met = self._look(index, ahead=not forward)
            layer, position = self.layers[index], self.position
            scale = 1 if forward else self.scale
            centre = {item: sum(met[item]) / len(met[item]) if met[item] else position[item] * scale for item in layer}
            arranged = sorted(layer, key=centre.__getitem__)
            if arranged != layer:
                self.layers[index] = arranged
                self._number(index)

    def _swap(self) -> None:
        """Swap neighbours while that takes crossings away."""
        count = len(self.layers)
        waiting = set(range(count))
        for _ in range(SWAPS):
            changed = [index for index in sorted(waiting) if self._swap_in(index)]
            if not changed:
                break
            waiting = {near for index in changed for near in (index - 1, index, index + 1)}
            waiting &= set(range(count))

    def _swap_in(self, index: int) -> bool:
        layer = self.layers[index]
        if len(layer) < 2:
            return False
        left, right = self._look(index, ahead=False), self._look(index, ahead=True)
        changed = False
        for at in range(len(layer) - 1):
            one, two = layer[at], layer[at + 1]
            now = _inversions(left[one], left[two]) + _inversions(right[one], right[two])
            if now:
                then = _inversions(left[two], left[one]) + _inversions(right[two], right[one])
                if then < now:
                    layer[at], layer[at + 1] = two, one
                    changed = True
        if changed:
            self._number(index)
        return changed

    def crossings(self) -> int:
        """Pairs of links that cross in the present order: inversions, counted by insertion into a sorted list."""
        count = 0
        for index, layer in enumerate(self.layers):
            met = self._look(index, ahead=True)
            ends: list[int] = []
            for item in layer:
                for end in met[item]:
                    count += len(ends) - bisect_right(ends, end)
                for end in met[item]:
                    insort(ends, end)
        return count


def _inversions(first: Sequence[int], second: Sequence[int]) -> int:
    """How many pairs (one of `first`, one of `second`) stand in the wrong order; both are sorted."""
    if not first or not second or first[-1] <= second[0]:
        return 0
    return sum([len(first) - bisect_right(first, end) for end in second])
