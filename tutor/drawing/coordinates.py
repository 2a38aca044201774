"""Rows for the items of ordered layers: straight wires first, then short ones, then little height.

The order inside the layers is fixed: this is the third phase of layered drawing. Each layer in turn is moved as close
to its neighbours' ports as the order allows: an isotonic regression for absolute distances by pooling adjacent
violators (Ayer, Brunk, Ewing, Reid and Silverman, 1955), with the median of a pool, so that it ends on real ports, not
on means. Then whole groups of items that hang together by straight wires are shifted where that makes more wires
straight. Last, rows that hold nothing but wire are dropped. Rows are counted in cells across the flow.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tutor.drawing.layers import Layered, Link

EFFORT = 40_000  # how many items may be moved in trials: a large graph gets fewer improvements, not none


def shift_groups(board: RowAssignment) -> None:
    """Try every shift that would make one more wire straight; keep those that make the whole better.

    Changes `board.place`. Stops after `EFFORT` moves of items in trials, so that time does not grow without bound.
    """
    effort = EFFORT
    improved = True
    while improved and effort > 0:
        improved = False
        groups = _Groups(board)
        for item in range(len(board.place)):
            for here, there in ((board.back[item], board.ahead[item]), (board.ahead[item], board.back[item])):
                for tie in here:
                    step = board.place[tie.other] + tie.offset - board.place[item]
                    if not step:
                        continue
                    # With all that hangs on it; else cut loose from what it is tied to on this side.
                    for start in (groups.whole(item), groups.part(item, there)):
                        moved = groups.pushed(start, step, tie.other)
                        effort -= len(moved) + 1
                        if moved and board.gain(moved, step) > 0:
                            for one in moved:
                                board.place[one] += step
                            groups = _Groups(board)
                            improved = True
                            break
                    if effort <= 0:
                        return


class _Groups:
    """Which items hang together by straight wires."""

    def __init__(self, board: RowAssignment) -> None:
        self.board = board
        self.of = [-1] * len(board.place)
        self.members: list[list[int]] = []
        for item in range(len(board.place)):
            if self.of[item] < 0:
                members = self._joined([item], board.back[item] + board.ahead[item])
                for one in members:
                    self.of[one] = len(self.members)
                self.members.append(members)

    def whole(self, item: int) -> list[int]:
        """The group of an item."""
        return self.members[self.of[item]]

    def part(self, item: int, ties: list[Tie]) -> list[int]:
        """What hangs on an item by some of its ties only."""
        return self._joined([item], ties)

    def _joined(self, found: list[int], ties: list[Tie]) -> list[int]:
        """Add to `found` (one item) all that hangs on it by `ties`, directly or not."""
        board = self.board
        place = board.place
        seen = set(found)
        first = found[0]
        for item in found:
            for tie in ties if item == first else board.back[item] + board.ahead[item]:
                if tie.other not in seen and place[tie.other] + tie.offset == place[item]:
                    seen.add(tie.other)
                    found.append(tie.other)
        return found

    def pushed(self, start: list[int], step: int, fixed: int) -> set[int]:
        """All that moves when `start` moves by `step`: what stands in the way is pushed, whole groups of it.

        Empty when `fixed` would move as well.
        """
        board = self.board
        beside = board.below if step > 0 else board.above
        moved = set(start)
        waiting = list(start)
        while waiting:
            if fixed in moved:
                return set()
            one = waiting.pop()
            near = beside[one]
            if near is None or near[0] in moved:
                continue
            other, distance = near
            if abs(board.place[other] - board.place[one]) < distance + abs(step):
                group = [member for member in self.whole(other) if member not in moved]
                moved.update(group)
                waiting.extend(group)
        return moved


BEND = 3  # a bend costs as much as this many rows of wire


@dataclass(frozen=True, slots=True)
class Extent:
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


class RowAssignment:
    """The rows under construction, in cells across the flow. `place[item]` is the row of the item's axis.

    `order` has the items of each layer, `bodies` each item's extent, `gaps` the least blank cells between two wires, a
    wire and a node, and two nodes.
    """

    def __init__(
        self,
        graph: Layered,
        order: Sequence[Sequence[int]],
        bodies: Sequence[Extent],
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
                gap = gaps[graph.is_node(one) + graph.is_node(two)]
                distance = bodies[one].after + gap + 1 + bodies[two].before
                self.below[one] = (two, distance)
                self.above[two] = (one, distance)
                row += distance
                self.place[two] = row

    def cost(self) -> int:
        """Weighted rows that wires run across the flow as they are now, with `BEND` for each wire that bends."""
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

        Isotonic regression by pooling adjacent violators (Ayer, Brunk, Ewing, Reid and Silverman 1955): neighbouring
        items that want to pass each other are pooled and go where the median of all their wishes is: the lower or,
        where `upper`, the upper one.
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
    if not graph.is_node(link.left):
        return 3
    return 2 if graph.level[link.left] or not graph.is_node(link.right) else 1


def _bend(off: int) -> int:
    """What it costs to be `off` the straight line by so many rows."""
    return abs(off) + BEND if off else 0


def _median(wishes: list[int], upper: bool) -> int:
    return wishes[len(wishes) // 2 if upper else (len(wishes) - 1) // 2]


SWEEPS = 4


def assign_rows(
    graph: Layered, order: Sequence[Sequence[int]], bodies: Sequence[Extent], gaps: tuple[int, int, int]
) -> list[int]:
    """The row of each item's axis, in cells across the flow; items of a layer keep the order they have.

    Sweeps of isotonic fits, then shifts of groups, then rows without content are dropped (see the module).
    `gaps` are the least blank cells between two wires, a wire and a node, and two nodes.
    """
    board = RowAssignment(graph, order, bodies, gaps)
    best, least = list(board.place), board.cost()
    for sweep in range(SWEEPS):
        upper = sweep % 2 == 1
        for back, ahead, layers in (
            (True, False, order),
            (False, True, order[::-1]),
            (True, True, order),
        ):
            for layer in layers:
                board.fit(layer, back, ahead, upper)
            cost = board.cost()
            if cost < least:
                best, least = list(board.place), cost
    board.place = best
    shift_groups(board)
    board.drop_idle()
    return board.place
