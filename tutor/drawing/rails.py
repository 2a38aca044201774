"""Which rail of the tape each spot stands on.

A rail carries a spot's value down to its last consumer. A consumer stands on the rail of an argument
that ends with it, else on a free one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """The rails in the row of one spot.

    `own` is the spot's rail; `passing` and `ending` say whose value a rail carries that goes on below, or
    that ends here; `joined` are the rails of the spot's arguments.
    """

    own: int
    passing: dict[int, int]
    ending: dict[int, int]
    joined: frozenset[int]

    @property
    def last(self) -> int:
        """The outermost rail in this row."""
        return max(self.own, *self.passing, *self.ending, self.own)


def rails(edges: Sequence[tuple[int, int]], count: int) -> list[Row]:
    """Give each of `count` spots a rail; `edges` are pairs (source, target), sources first."""
    sources: list[set[int]] = [set() for _ in range(count)]
    last = list(range(count))
    for source, target in edges:
        sources[target].add(source)
        last[source] = max(last[source], target)
    on: list[int | None] = []  # the spot whose value each rail carries
    rested: list[int] = []  # the first row in which a free rail may be taken again
    rail_of: list[int] = []
    rows = []
    for spot, used in enumerate(sources):
        ending = {rail_of[source]: source for source in sorted(used) if last[source] == spot}
        for rail in ending:
            # Not in the very next row: two spots right below each other would look joined.
            on[rail], rested[rail] = None, spot + 2
        free = (rail for rail, holder in enumerate(on) if holder is None and rested[rail] <= spot)
        own = min(ending) if ending else next(free, len(on))
        if own == len(on):
            on.append(None)
            rested.append(0)
        passing = {rail: holder for rail, holder in enumerate(on) if holder is not None}
        rows.append(Row(own, passing, ending, frozenset(rail_of[source] for source in used)))
        rail_of.append(own)
        on[own], rested[own] = (spot, 0) if last[spot] > spot else (None, spot + 2)
    return rows
