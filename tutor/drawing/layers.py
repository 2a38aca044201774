"""Putting spots in layers, and cutting long wires into one step a layer."""

from __future__ import annotations

from dataclasses import dataclass

Edge = tuple[int, int, int]  # source, target, port


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a wire: from an item to port `port` of an item in the next layer."""

    left: int
    right: int
    port: int


@dataclass(frozen=True, slots=True)
class Layered:
    """Items by layer. Items below `spots` are the spots themselves; the others are wires passing through.

    All wires of one source share one passing item a layer: they are one trunk until they fork.
    `level[spot]` is the spot's layer, `owner[item]` the spot an item or passing wire comes from;
    `links[k]` run from layer k to layer k + 1.
    """

    spots: int
    level: tuple[int, ...]
    owner: tuple[int, ...]
    layers: tuple[tuple[int, ...], ...]
    links: tuple[tuple[Link, ...], ...]

    def is_spot(self, item: int) -> bool:
        """Whether the item is a spot rather than a passing wire."""
        return item < self.spots


def levels(count: int, edges: tuple[Edge, ...]) -> list[int]:
    """The layer of each spot: one after the last of its arguments, later where that shortens wires."""
    sources: list[list[int]] = [[] for _ in range(count)]
    targets: list[list[int]] = [[] for _ in range(count)]
    for source, target, _ in edges:
        sources[target].append(source)
        targets[source].append(target)
    level = [0] * count
    for spot in range(count):
        level[spot] = max((level[source] + 1 for source in sources[spot]), default=0)
    _tighten(level, sources, targets)
    dense = {old: new for new, old in enumerate(sorted(set(level)))}
    return [dense[old] for old in level]


def _tighten(level: list[int], sources: list[list[int]], targets: list[list[int]]) -> None:
    """Move a gate toward its consumers when the wires to it already run that way for others.

    Spots without arguments stay: the first layer is where a reader looks for inputs.
    """
    for spot in reversed(range(len(level))):
        if not sources[spot] or not targets[spot]:
            continue
        latest = min(level[target] for target in targets[spot]) - 1
        shorter = latest - level[spot]
        longer = 0
        for source in set(sources[spot]):
            reach = max(level[target] for target in targets[source])
            longer += max(0, latest - reach)
        if shorter > longer:
            level[spot] = latest


def layered(count: int, edges: tuple[Edge, ...]) -> Layered:
    """Spots and passing wires in layers, each layer in the order of the spots' numbers."""
    level = levels(count, edges)
    depth = max(level, default=-1) + 1
    layers: list[list[int]] = [[] for _ in range(depth)]
    links: list[list[Link]] = [[] for _ in range(depth)]
    owner = list(range(count))
    for spot in range(count):
        layers[level[spot]].append(spot)
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
