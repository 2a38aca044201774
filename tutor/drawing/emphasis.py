"""A drawing with one gate, and one wire into a gate, in heavy lines: the blank at hand.

The wire is followed through the characters from its arrowhead back to its source, so that nothing has to
be laid out anew; what is written on it stays. Only the graphs that run from left to right have heavy wires; in the
others the gate alone stands out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from tutor.drawing.canvas import DOWN, LEFT, RIGHT, UP
from tutor.drawing.characters import cells
from tutor.drawing.layout import port_rows
from tutor.drawing.spec import Drawing, GraphSpec, Role, StyledRun

_HEAVY_BOX = str.maketrans("╭╮╰╯─│├()", "┏┓┗┛━┃┠[]")
_HEAVY_BOX_ASCII = str.maketrans("-|()", "=#[]")
_SIDES = {
    "─": LEFT | RIGHT, "│": UP | DOWN, "╭": RIGHT | DOWN, "╮": LEFT | DOWN, "╰": RIGHT | UP, "╯": LEFT | UP,
    "╴": LEFT | RIGHT, "╶": LEFT | RIGHT,
}  # fmt: skip
_ANY = LEFT | RIGHT | UP | DOWN
_CROSSING = "┼"
_HEADS = "▶▼▲"
_HEADS_ASCII = ">v^"
_STEPS = {LEFT: (-1, 0), RIGHT: (1, 0), UP: (0, -1), DOWN: (0, 1)}
_OPPOSITE = {LEFT: RIGHT, RIGHT: LEFT, UP: DOWN, DOWN: UP}
_HEAVY = {
    LEFT | RIGHT: "━", UP | DOWN: "┃", RIGHT | DOWN: "┏", LEFT | DOWN: "┓", RIGHT | UP: "┗", LEFT | UP: "┛",
}  # fmt: skip
_HEAVY_ASCII = {**dict.fromkeys(_HEAVY, "+"), LEFT | RIGHT: "=", UP | DOWN: "#"}
_CROSSED = {LEFT | RIGHT: "┿", UP | DOWN: "╂"}

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class AtHand:
    """What the blank at hand is about: a gate or input, and the wire into it, where it is about one.

    `node` is a number in the graph, `port` that of the gate's argument or None; with `back` the number goes from the
    gate to its argument, as a gradient does.
    """

    node: int
    port: int | None = None
    back: bool = False

    def asked(self, picture: GraphSpec) -> int:
        """The node whose number is asked: what a gate sends down is its argument's gradient."""
        wires = (wire for wire in picture.wires if self.back and (wire.target, wire.port) == (self.node, self.port))
        return next((wire.source for wire in wires), self.node)


def emphasise(drawing: Drawing, at: AtHand, ascii: bool = False) -> Drawing:
    """The drawing with heavy lines there; cells of the wire have the role "at hand"."""
    if not 0 <= at.node < len(drawing.places):
        return drawing
    grid = _Grid(drawing, ascii)
    if at.port is not None and drawing.style in ("boxes", "compact"):
        grid.heavy_wire(at)
    grid.heavy_box(at.node)
    return replace(drawing, lines=grid.lines())


def wire_cells(drawing: Drawing, at: AtHand, ascii: bool = False) -> tuple[tuple[int, int], ...]:
    """The cells (x, y) of the wire there, from the gate to its source; none where it is about no wire."""
    if at.port is None or drawing.style not in ("boxes", "compact") or at.node >= len(drawing.places):
        return ()
    return tuple(cell for cell, _, _ in _Grid(drawing, ascii).wire(at))


class _Grid:
    """The cells of a drawing, to be changed."""

    def __init__(self, drawing: Drawing, ascii: bool) -> None:
        self._drawing = drawing
        self._ascii = ascii
        self._signs: list[list[str]] = []
        self._looks: list[list[tuple[Role, int | None]]] = []
        for line in drawing.lines:
            split = [(sign, (run.role, run.node)) for run in line for sign in cells(run.text)]
            self._signs.append([sign for sign, _ in split])
            self._looks.append([look for _, look in split])

    def lines(self) -> tuple[tuple[StyledRun, ...], ...]:
        """The rows as runs again."""
        return tuple(
            tuple(
                StyledRun("".join(sign for sign, _ in alike), role, node)
                for (role, node), alike in (
                    (look, list(some))
                    for look, some in groupby(zip(signs, looks, strict=True), key=lambda cell: cell[1])
                )
            )
            for signs, looks in zip(self._signs, self._looks, strict=True)
        )

    def heavy_box(self, node: int) -> None:
        """The box or the brackets of a node in heavy lines."""
        place, heavier = self._drawing.places[node], _HEAVY_BOX_ASCII if self._ascii else _HEAVY_BOX
        for y in range(place.y, place.y + place.height):
            for x in range(place.x, place.x + place.width):
                if self._looks[y][x] == ("box", node):
                    self._signs[y][x] = self._signs[y][x].translate(heavier)

    def heavy_wire(self, at: AtHand) -> None:
        """The wire into an argument of a gate in heavy lines, with its head at the end where the number goes."""
        path = self.wire(at)
        for number, (cell, came, goes) in enumerate(path):
            self._thicken(cell, came | goes, at, first=number == 0, last=number == len(path) - 1)

    def wire(self, at: AtHand) -> list[tuple[Cell, int, int]]:
        """The cells of the wire into an argument of a gate, from its head, each with the sides it is joined on."""
        into = sorted((wire for wire in self._drawing.wires if wire.target == at.node), key=lambda wire: wire.port)
        wire = next((wire for wire in into if wire.port == at.port), None)
        heads = self._heads(at.node, len(into))
        if wire is None or len(heads) != len(into):
            return []
        return self._path(heads[into.index(wire)], wire.source)

    def _heads(self, target: int, count: int) -> list[Cell]:
        """The arrowheads at a node with so many arguments, in their order."""
        place = self._drawing.places[target]
        if place.height > 1:  # a box: its wires come from the left
            cells = [(place.x - 1, y) for y in range(place.y, place.y + place.height)]
        else:
            cells = [(place.x if row else place.x - 1, place.y + row) for row in port_rows(count)]
        return [cell for cell in cells if self._is_head(*cell)]

    def _is_head(self, x: int, y: int) -> bool:
        inside = x >= 0 and 0 <= y < self._drawing.height
        return inside and self._signs[y][x] in self._head_signs and self._looks[y][x][0] == "wire"

    @property
    def _head_signs(self) -> str:
        return _HEADS_ASCII if self._ascii else _HEADS

    def _path(self, head: Cell, source: int) -> list[tuple[Cell, int, int]]:
        """The cells from an arrowhead to the source, each with the side it is entered by and the side it is left by."""
        came: dict[Cell, tuple[Cell | None, int]] = {head: (None, 0)}
        waiting = deque([head])
        while waiting:
            cell = waiting.popleft()
            for side in self._ways(cell, came[cell][1]):
                (dx, dy), (x, y) = _STEPS[side], cell
                there = x + dx, y + dy
                if there in came or not (0 <= there[1] < self._drawing.height and 0 <= there[0] < self._drawing.width):
                    continue
                if self._looks[there[1]][there[0]] == ("box", source) and side == LEFT:
                    return self._walked(cell, came, side)
                if self._passable(there, source) & _OPPOSITE[side]:
                    came[there] = (cell, _OPPOSITE[side])
                    waiting.append(there)
        return []

    def _walked(
        self, cell: Cell, came: Mapping[Cell, tuple[Cell | None, int]], left_by: int
    ) -> list[tuple[Cell, int, int]]:
        path: list[tuple[Cell, int, int]] = []
        at: Cell | None = cell
        while at is not None:
            before, entered = came[at]
            path.append((at, entered, left_by))
            left_by, at = _OPPOSITE[entered] if entered else 0, before
        return path[::-1]

    def _ways(self, cell: Cell, entered: int) -> list[int]:
        x, y = cell
        if self._is_crossing(cell):
            return [_OPPOSITE[entered]] if entered else []
        sides = self._passable(cell, self._looks[y][x][1])
        return [side for side in _STEPS if side & sides and side != entered]

    def _passable(self, cell: Cell, source: int | None) -> int:
        """The sides by which a wire of this source goes through a cell; 0 where it does not."""
        x, y = cell
        role, node = self._looks[y][x]
        if self._is_crossing(cell):
            return _ANY
        if node != source:
            return 0
        if role == "wire":
            return _SIDES.get(self._signs[y][x], _ANY)
        return LEFT | RIGHT if role in ("gradient", "asked", "plain") else 0

    def _is_crossing(self, cell: Cell) -> bool:
        x, y = cell
        return self._looks[y][x] == ("wire", None)

    def _thicken(self, cell: Cell, sides: int, at: AtHand, first: bool, last: bool) -> None:
        (x, y), heavy = cell, _HEAVY_ASCII if self._ascii else _HEAVY
        role, node = self._looks[y][x]
        if role != "wire":
            return  # a number stands on the wire here
        sign = self._signs[y][x]
        if self._is_crossing(cell):
            sign = sign if self._ascii else _CROSSED.get(sides, sign)
        elif first:
            sign = self._behind_head(sign, sides) if at.back else sign
        elif last and at.back:
            sign = "<" if self._ascii else "◀"
        elif sign not in "●*":
            sign = heavy.get(sides, sign)
        self._signs[y][x] = sign
        self._looks[y][x] = ("at hand", node)

    def _behind_head(self, sign: str, sides: int) -> str:
        """What takes the place of an arrowhead where the number goes the other way: a line that ends at the gate."""
        into = {"▼": DOWN, "v": DOWN, "▲": UP, "^": UP}.get(sign, RIGHT)
        return (_HEAVY_ASCII if self._ascii else _HEAVY).get(sides | into, sign)
