"""Shifting items that hang together by straight wires, all at once, where that makes wires straighter."""

from __future__ import annotations

from tutor.drawing.rows import Rows, Tie

EFFORT = 40_000  # how many items may be moved in trials: a large graph gets fewer improvements, not none


def shift_groups(board: Rows) -> None:
    """Try every shift that would make one more wire straight; keep those that make the whole better."""
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

    def __init__(self, board: Rows) -> None:
        self.board = board
        self.of = [-1] * len(board.place)
        self.members: list[list[int]] = []
        for item in range(len(board.place)):
            if self.of[item] < 0:
                found = self._joined([item], board.back[item] + board.ahead[item])
                for one in found:
                    self.of[one] = len(self.members)
                self.members.append(found)

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
