"""A grid of cells that text is written on and wires are drawn over, joined where they meet."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from tutor.drawing.characters import cells
from tutor.drawing.spec import Role, StyledRun

Look = tuple[Role, int | None]

LEFT, RIGHT, UP, DOWN = 1, 2, 4, 8
CROSS = LEFT | RIGHT | UP | DOWN
_LINES = {
    LEFT: "╴",
    RIGHT: "╶",
    UP: "╵",
    DOWN: "╷",
    LEFT | RIGHT: "─",
    UP | DOWN: "│",
    RIGHT | DOWN: "╭",
    LEFT | DOWN: "╮",
    RIGHT | UP: "╰",
    LEFT | UP: "╯",
    UP | DOWN | RIGHT: "├",
    UP | DOWN | LEFT: "┤",
    LEFT | RIGHT | DOWN: "┬",
    LEFT | RIGHT | UP: "┴",
    CROSS: "╋",
}
_BLANK: Look = ("plain", None)
CROSSING = "┼"  # two wires that do not touch; four ends of one wire meet in "╋"
NODE = "●"
WIRE_STOPS, WIRE_GOES_ON = "╴", "╶"  # half a wire, on either side of what is written on it
JOINED = "joined"  # the key under which a set of signs may give three and four ends another look
# In ASCII a corner is "+", a place where wires join "*", and a crossing an upright wire passing over.
ASCII_LINES = {
    JOINED: "*",
    **dict.fromkeys("╭╮╰╯├┤┬┴╋", "+"),
    **dict.fromkeys("─╴╶", "-"),
    **dict.fromkeys("│╵╷┼", "|"),
    "●": "*",
    "▶": ">",
    "▼": "v",
    "▲": "^",
}


def line_sign(sides: int) -> str:
    """The line-drawing character of one cell with ends on the given sides, as bits: `LEFT | UP`."""
    return _LINES[sides]


class Canvas:
    """`width` columns by `height` rows of cells. Wires go down first; text written later hides the wire below it.

    `signs` replaces line-drawing signs by others: empty, or ASCII_LINES.
    """

    def __init__(self, width: int, height: int, signs: Mapping[str, str]) -> None:
        self.width = width
        self.height = height
        self.ascii = bool(signs)
        self._signs = signs
        self._rows = [[" "] * width for _ in range(height)]
        self._looks: list[list[Look]] = [[_BLANK] * width for _ in range(height)]
        self._wires: dict[tuple[int, int], tuple[int | None, int]] = {}

    def level(self, owner: int, y: int, left: int, right: int) -> None:
        """Draw a wire of node `owner` along row `y` from column `left` to column `right`."""
        for x in range(left, right + 1):
            sides = (LEFT if x > left else 0) | (RIGHT if x < right else 0)
            self._join(owner, x, y, sides)

    def upright(self, owner: int, x: int, top: int, bottom: int) -> None:
        """Draw a wire of node `owner` along column `x` from row `top` to row `bottom`."""
        for y in range(top, bottom + 1):
            sides = (UP if y > top else 0) | (DOWN if y < bottom else 0)
            self._join(owner, x, y, sides)

    def _join(self, owner: int, x: int, y: int, sides: int) -> None:
        known = self._wires.get((x, y))
        if known is None:
            self._wires[x, y] = (owner, sides)
        elif known[0] == owner:
            self._wires[x, y] = (owner, known[1] | sides)
        else:
            self._wires[x, y] = (None, CROSS)

    def settle(self) -> None:
        """Turn all wires drawn so far into characters."""
        for (x, y), (owner, sides) in self._wires.items():
            if owner is None:
                self.put(x, y, CROSSING, "wire", None)
            elif sides:
                sign = _LINES[sides]
                if sides.bit_count() > 2:
                    sign = NODE if not self.ascii else self._signs.get(JOINED, sign)
                self.put(x, y, sign, "wire", owner)
        self._wires.clear()

    def put(self, x: int, y: int, sign: str, role: Role, node: int | None) -> None:
        """Set one cell to a line-drawing sign (or its stand-in)."""
        self._rows[y][x] = self._signs.get(sign, sign)
        self._looks[y][x] = (role, node)

    def fill(self, columns: range, y: int, sign: str, role: Role, node: int | None) -> None:
        """Set a stretch of cells in one row to the same sign."""
        for x in columns:
            self.put(x, y, sign, role, node)

    def write(self, x: int, y: int, text: str, role: Role, node: int | None) -> int:
        """Write `text` from column `x` of row `y` on; returns the column after it. A wide character takes two cells."""
        split = cells(text)
        self._rows[y][x : x + len(split)] = split
        self._looks[y][x : x + len(split)] = [(role, node)] * len(split)
        return x + len(split)

    def lines(self) -> tuple[tuple[StyledRun, ...], ...]:
        """The rows as runs of cells alike in role and node."""
        return tuple(map(_runs, self._rows, self._looks))


def _runs(signs: list[str], looks: list[Look]) -> tuple[StyledRun, ...]:
    runs = []
    start = 0
    for (role, node), alike in groupby(looks):
        stop = start + len(list(alike))
        runs.append(StyledRun("".join(signs[start:stop]), role, node))
        start = stop
    return tuple(runs)
