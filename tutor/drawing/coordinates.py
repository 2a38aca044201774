"""Rows for the items of ordered layers: straight wires first, then short ones, then little height.

The order inside the layers is given. Each layer in turn is moved as close to its neighbours' ports as
the order allows (an isotonic fit that ends on real ports, not on means); then whole groups of items that
hang together by straight wires are shifted where that makes more wires straight; then rows that hold
nothing but wire are dropped.
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.drawing.groups import shift_groups
from tutor.drawing.layers import Layered
from tutor.drawing.rows import Body, Rows

SWEEPS = 4


def rows(
    graph: Layered, order: Sequence[Sequence[int]], bodies: Sequence[Body], gaps: tuple[int, int, int]
) -> list[int]:
    """The row of each item's axis.

    `gaps` are the least blank cells between two wires, a wire and a spot, and two spots.
    """
    board = Rows(graph, order, bodies, gaps)
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
