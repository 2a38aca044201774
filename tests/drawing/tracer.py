"""Reads a drawing back: follows wires through the characters, knowing nothing of how they were laid out."""

from __future__ import annotations

import unicodedata

from tutor.drawing import Drawing

LEFT, RIGHT, UP, DOWN = (-1, 0), (1, 0), (0, -1), (0, 1)
Side = tuple[int, int]
Cell = tuple[int, int]

SIDES: dict[str, tuple[Side, ...]] = {
    "─": (LEFT, RIGHT),
    "│": (UP, DOWN),
    "╭": (RIGHT, DOWN),
    "╮": (LEFT, DOWN),
    "╰": (RIGHT, UP),
    "╯": (LEFT, UP),
    "├": (UP, DOWN, RIGHT),
    "┤": (UP, DOWN, LEFT),
    "┬": (LEFT, RIGHT, DOWN),
    "┴": (LEFT, RIGHT, UP),
    "╴": (LEFT, RIGHT),  # half wires on either side of what is written on a wire
    "╶": (LEFT, RIGHT),
    "╋": (LEFT, RIGHT, UP, DOWN),
}
HEADS = {"▶": RIGHT, "▼": DOWN, "▲": UP}
HEADS_ASCII = {">": RIGHT, "v": DOWN, "^": UP}


def back(side: Side) -> Side:
    return -side[0], -side[1]


def step(cell: Cell, side: Side) -> Cell:
    return cell[0] + side[0], cell[1] + side[1]


def cells_of(text: str) -> list[str]:
    cells: list[str] = []
    for character in text:
        if unicodedata.combining(character):
            cells[-1] += character
        else:
            cells.append(character)
            if unicodedata.east_asian_width(character) in "WF":
                cells.append("")
    return cells


class Tracer:
    """`wires()` are the wires found: (source node, target node, number of the port)."""

    def __init__(self, drawing: Drawing, ascii_only: bool) -> None:
        self.drawing = drawing
        self.ascii_only = ascii_only
        self.heads = HEADS_ASCII if ascii_only else HEADS
        self.cell: dict[Cell, str] = {}
        self.written: set[Cell] = set()  # numbers and shapes, of which some lie on a wire
        self.spot_of: dict[Cell, int] = {}
        for y, line in enumerate(drawing.lines):
            x = 0
            for run in line:
                for sign in cells_of(run.text):
                    self.cell[x, y] = sign
                    if run.node is not None and run.role not in ("wire", "box"):
                        self.written.add((x, y))
                    x += 1
            assert x == drawing.width
        for node, place in enumerate(drawing.places):
            for x in range(place.x, place.x + place.width):
                for y in range(place.y, place.y + place.height):
                    assert (x, y) not in self.spot_of, "two nodes overlap"
                    self.spot_of[x, y] = node

    def ports(self) -> dict[Cell, tuple[int, int]]:
        """The arrowheads: where each is, and which port of which node it points at."""
        found: list[tuple[int, Cell]] = []
        for cell, sign in self.cell.items():
            side = self.heads.get(sign)
            if side is None or cell in self.written or cell in self.spot_of:
                continue
            assert step(cell, side) in self.spot_of, f"arrowhead at {cell} points at nothing"
            found.append((self.spot_of[step(cell, side)], cell))
        numbered: dict[Cell, tuple[int, int]] = {}
        across = 0 if self.drawing.style == "down" else 1
        for node in range(len(self.drawing.places)):
            own = sorted((cell for other, cell in found if other == node), key=lambda cell: cell[across])
            for number, cell in enumerate(own):
                numbered[cell] = (node, number)
        return numbered

    def wires(self) -> set[tuple[int, int, int]]:
        ports = self.ports()
        wires = set()
        for head, (target, number) in ports.items():
            sources = self._sources(head, ports)
            assert len(sources) == 1, f"port {number} of node {target} is joined to {sources}"
            wires.add((sources.pop(), target, number))
        return wires

    def _sources(self, head: Cell, ports: dict[Cell, tuple[int, int]]) -> set[int]:
        """Walk from an arrowhead along everything joined to it; the nodes met at their outlets."""
        start = self.heads[self.cell[head]]
        if self.drawing.style == "compact":
            start = RIGHT  # a wire from above turns onto the bracket right at its head
        waiting = [(head, back(start))]
        seen: set[tuple[Cell, Side]] = set()
        sources = set()
        while waiting:
            cell, side = waiting.pop()
            at = step(cell, side)
            if (at, side) in seen:
                continue
            seen.add((at, side))
            if at in self.spot_of:
                assert side == (UP if self.drawing.style == "down" else LEFT), f"a wire runs into {at}"
                sources.add(self.spot_of[at])
            elif at not in ports:
                waiting += [(at, onward) for onward in self._onward(at, side)]
        return sources

    def _onward(self, at: Cell, side: Side) -> list[Side]:
        """The sides by which a wire that moves toward `side` leaves the cell `at` again."""
        sign = self.cell.get(at, " ")
        if at in self.written or sign == "┼":
            return [side]
        if self.ascii_only:
            return self._onward_ascii(at, side, sign)
        if sign == "●":
            return [one for one in (LEFT, RIGHT, UP, DOWN) if one != back(side) and self._joined(at, one)]
        sides = SIDES.get(sign, ())
        assert back(side) in sides, f"a wire breaks off at {at}: {sign!r}"
        return [one for one in sides if one != back(side)]

    def _joined(self, at: Cell, side: Side) -> bool:
        """Whether the cell beside a joint reads as a wire that comes out of it."""
        beside = step(at, side)
        sign = self.cell.get(beside, " ")
        if beside in self.spot_of:
            return side == (UP if self.drawing.style == "down" else LEFT)
        if beside in self.written:
            return side in (LEFT, RIGHT)
        if sign in self.heads:
            return self.heads[sign] == side or (self.drawing.style == "compact" and side == RIGHT)
        if sign == "┼":
            return self._joined(beside, side)
        return sign == "●" or back(side) in SIDES.get(sign, ())

    def _onward_ascii(self, at: Cell, side: Side, sign: str) -> list[Side]:
        level = side in (LEFT, RIGHT)
        if sign == "|" or (sign == "-" and level):  # "|" is an upright wire, or one crossing over
            return [side]
        if sign == "+":
            turns = [one for one in ((UP, DOWN) if level else (LEFT, RIGHT)) if self._goes_on(at, one)]
            assert len(turns) == 1, f"the corner at {at} is unclear"
            return turns
        assert sign == "*", f"a wire breaks off at {at}: {sign!r}"
        return [one for one in (LEFT, RIGHT, UP, DOWN) if one != back(side) and self._goes_on(at, one)]

    def _goes_on(self, at: Cell, side: Side) -> bool:
        """Whether, in ASCII, the cell beside `at` can be read as going on with a wire."""
        beside = step(at, side)
        sign = self.cell.get(beside, " ")
        if side in (UP, DOWN):
            return beside not in self.written and beside not in self.spot_of and sign in ("|", "+", "*", "v")
        if beside in self.spot_of:
            return side == LEFT and self.drawing.style != "down"
        if sign == "|":  # only when the wire comes out on the other side
            return self._goes_on(beside, side)
        if sign == "+":  # a corner has one level side: it may be taken by what lies beyond
            return self.cell.get(step(beside, side), " ") != "-"
        return sign in ("-", "*", ">", "v", "^") or beside in self.written
