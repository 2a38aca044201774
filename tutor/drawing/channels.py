"""Routing the channel between two layers: which wire bends on which track.

Everything here is told for wires running left to right; a drawing that runs downward is the same turned.
A net enters at one row on the left and leaves at one or more rows on the right. It runs level to its
track, up and down the track (its trunk), and level again from there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Net:
    """A piece of wiring of spot `owner` with one trunk; `leaves` is sorted.

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
    found = (entering.get(row) for row in net.leaves)
    return [other for other in found if other is not None and other is not net]


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
