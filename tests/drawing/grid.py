"""A drawing taken apart into cells: which sign stands where, in which role, for which node."""

from __future__ import annotations

from tutor.drawing import Drawing, Role

from .tracer import cells_of

NUMBER_ROLES: tuple[Role, ...] = ("value", "gradient", "asked")


class Grid:
    """The cells of a drawing by column and row."""

    def __init__(self, drawing: Drawing) -> None:
        self.sign: dict[tuple[int, int], str] = {}
        self.role: dict[tuple[int, int], Role] = {}
        self.node: dict[tuple[int, int], int | None] = {}
        for y, line in enumerate(drawing.lines):
            x = 0
            for run in line:
                for sign in cells_of(run.text):
                    self.sign[x, y], self.role[x, y], self.node[x, y] = sign, run.role, run.node
                    x += 1

    def reads(self, x: int, y: int, text: str, roles: tuple[Role, ...], node: int) -> bool:
        """Whether exactly `text` stands in the cells from (x, y) on, in one of these roles, for this node."""
        parts = cells_of(text)
        here = [(x + step, y) for step in range(len(parts))]
        return all(
            self.sign.get(cell) == part and self.role.get(cell) in roles and self.node.get(cell) == node
            for cell, part in zip(here, parts, strict=True)
        )

    def find(self, text: str, y: int, roles: tuple[Role, ...], node: int) -> list[int]:
        """The columns of row `y` in which `text` begins, alone: no more of the same right before or after it."""
        found = []
        for x in sorted(column for column, row in self.sign if row == y):
            if not self.reads(x, y, text, roles, node):
                continue
            ends = ((x - 1, y), (x + len(cells_of(text)), y))
            if not any(
                self.sign.get(cell, " ").strip() and self.role[cell] in roles and self.node[cell] == node
                for cell in ends
            ):
                found.append(x)
        return found
