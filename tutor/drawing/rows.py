"""The board on which items get their rows: what each wants, what holds it, what a change costs."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tutor.drawing.layers import Layered, Link

BEND = 3  # a bend costs as much as this many rows of wire


@dataclass(frozen=True, slots=True)
class Body:
    """How an item extends across the flow: cells before and after its axis, and where its ports are."""

    before: int
    after: int
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """A link as seen from one item: a straight wire would put the item at `place[other] + offset`."""

    other: int
    offset: int
    weight: int


class Rows:
    """The rows under construction. `place[item]` is the row of the item's axis."""

    def __init__(
        self,
        graph: Layered,
        order: Sequence[Sequence[int]],
        bodies: Sequence[Body],
        gaps: tuple[int, int, int],
    ) -> None:
        self.order = order
        self.place = [0] * len(bodies)
        self.back: list[list[Tie]] = [[] for _ in bodies]
        self.ahead: list[list[Tie]] = [[] for _ in bodies]
        for links in graph.links:
            for link in links:
                offset = bodies[link.right].ports[link.port]
                weight = _weight(graph, link)
                self.back[link.right].append(Tie(link.left, -offset, weight))
                self.ahead[link.left].append(Tie(link.right, offset, weight))
        # The item above and below in the layer, with the least distance between their axes.
        self.above: list[tuple[int, int] | None] = [None] * len(bodies)
        self.below: list[tuple[int, int] | None] = [None] * len(bodies)
        for layer in order:
            row = 0
            for one, two in pairwise(layer):
                gap = gaps[graph.is_spot(one) + graph.is_spot(two)]
                distance = bodies[one].after + gap + 1 + bodies[two].before
                self.below[one] = (two, distance)
                self.above[two] = (one, distance)
                row += distance
                self.place[two] = row

    def cost(self) -> int:
        """Bends and lengths of all wires as they are now."""
        place = self.place
        total = 0
        for item, ties in enumerate(self.ahead):
            for tie in ties:
                total += tie.weight * _bend(place[tie.other] + tie.offset - place[item])
        return total

    def gain(self, moved: set[int], step: int) -> int:
        """By how much the cost falls when the items in `moved` all move by `step`."""
        place = self.place
        gain = 0
        for item in moved:
            for ties in (self.back[item], self.ahead[item]):
                for tie in ties:
                    if tie.other not in moved:
                        off = place[tie.other] + tie.offset - place[item]
                        gain += tie.weight * (_bend(off) - _bend(off - step))
        return gain

    def fit(self, layer: Sequence[int], back: bool, ahead: bool, upper: bool) -> None:
        """Move a layer's items as near as the order allows to the ports they are wired to.

        Neighbouring items that want to pass each other are pooled and go where the median of all their
        wishes is: the lower or, where `upper`, the upper one.
        """
        shift = 0
        shifts = []
        pools: list[tuple[list[int], int]] = []  # sorted wishes, number of items
        for item in layer:
            previous = self.above[item]
            shift += previous[1] if previous else 0
            shifts.append(shift)
            wishes = self._wishes(item, shift, back, ahead)
            count = 1
            while pools and _median(pools[-1][0], upper) > _median(wishes, upper):
                others, more = pools.pop()
                for wish in others:
                    insort(wishes, wish)
                count += more
            pools.append((wishes, count))
        at = 0
        for wishes, count in pools:
            goal = _median(wishes, upper)
            for item, shift in zip(layer[at : at + count], shifts[at : at + count], strict=True):
                self.place[item] = goal + shift
            at += count

    def _wishes(self, item: int, shift: int, back: bool, ahead: bool) -> list[int]:
        ties = (self.back[item] if back else []) + (self.ahead[item] if ahead else [])
        wishes = [self.place[tie.other] + tie.offset - shift for tie in ties for _ in range(tie.weight)]
        wishes.sort()
        return wishes or [self.place[item] - shift]

    def drop_idle(self) -> None:
        """Take out the rows that hold nothing but wire and part nothing that has to be parted."""
        while (row := self._idle()) is not None:
            for item, place in enumerate(self.place):
                if place >= row:
                    self.place[item] = place - 1

    def _idle(self) -> int | None:
        """A row such that all from it on may move up by one."""
        place = self.place
        first, last = min(place, default=0), max(place, default=0)
        steps = [0] * (last - first + 2)  # how many more hold a row than held the row before it

        def hold(one: int, two: int) -> None:
            low, high = sorted((one, two))
            steps[low + 1 - first] += 1
            steps[high + 1 - first] -= 1

        for item, row in enumerate(place):
            below = self.below[item]
            if below and place[below[0]] - row == below[1]:
                hold(row, place[below[0]])
            for tie in self.ahead[item]:
                off = place[tie.other] + tie.offset - row
                # Moving nearer by a row must not bend the wire further.
                if off == 0 or (off > 0) != (place[tie.other] > row):
                    hold(row, place[tie.other])
        held = 0
        for row in range(first, last + 1):
            held += steps[row - first]
            if row > first and not held:
                return row
        return None


def _weight(graph: Layered, link: Link) -> int:
    """How much a straight link is worth: long wires most, then the path from gate to gate."""
    if not graph.is_spot(link.left):
        return 3
    return 2 if graph.level[link.left] or not graph.is_spot(link.right) else 1


def _bend(off: int) -> int:
    """What it costs to be `off` the straight line by so many rows."""
    return abs(off) + BEND if off else 0


def _median(wishes: list[int], upper: bool) -> int:
    return wishes[len(wishes) // 2 if upper else (len(wishes) - 1) // 2]
