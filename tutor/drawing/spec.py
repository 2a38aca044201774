"""What goes into a drawing (`GraphSpec`) and what comes out of it (`Drawing`). Sizes are in terminal cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tutor.drawing.characters import width

Kind = Literal["input", "gate", "output"]
Style = Literal["boxes", "compact", "down", "tape"]
Direction = Literal["left", "right", "up", "down"]
Role = Literal["wire", "box", "face", "name", "value", "gradient", "asked", "plain"]

STYLES: tuple[Style, ...] = ("boxes", "compact", "down", "tape")
ASKED = "?"
OPEN, OPEN_ASCII = "·", "."
"""A number that is still to come, and is not asked of the learner now."""


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One input or gate, every part of it already written as text.

    `value`, `gradient` and `shape` are "" when they are not to be shown; "?" stands for a number
    that is still asked of the learner.
    """

    name: str
    symbol: str
    equation: str = ""
    value: str = ""
    gradient: str = ""
    shape: str = ""
    kind: Kind = "gate"


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A wire from the value of node `source` to argument number `port` (0, 1, ...) of node `target`.

    `share` is the downstream this branch sends back to the source: shown where a value forks.
    """

    source: int
    target: int
    port: int
    share: str = ""


@dataclass(frozen=True, slots=True)
class GraphSpec:
    """A computation graph: `nodes` in topological order (each after all it uses), and the wires."""

    nodes: tuple[GraphNode, ...]
    wires: tuple[GraphEdge, ...] = ()

    def check(self) -> None:
        """Raise ValueError if a wire runs backward, ends nowhere, or shares its port with another."""
        taken = set()
        for wire in self.wires:
            if not 0 <= wire.source < wire.target < len(self.nodes):
                raise ValueError(f"wire {wire.source} to {wire.target} does not run forward between nodes")
            if wire.port < 0 or (wire.target, wire.port) in taken:
                raise ValueError(f"port {wire.port} of node {wire.target} is negative or wired twice")
            taken.add((wire.target, wire.port))


@dataclass(frozen=True, slots=True)
class StyledRun:
    """A piece of one line in one role.

    `node` is the node it belongs to; for a wire, the node it comes from; None for blanks and crossings.
    """

    text: str
    role: Role
    node: int | None = None


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of terminal cells; x and y count from 0 at the top left."""

    x: int
    y: int
    width: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        """Whether the cell (x, y) lies inside."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture drawn in characters. `width` and `height` are in cells; `places` holds each node's cells."""

    lines: tuple[tuple[StyledRun, ...], ...]
    width: int
    height: int
    places: tuple[Rect, ...]
    style: Style
    wires: tuple[GraphEdge, ...] = ()

    @property
    def text(self) -> str:
        """The drawing as plain text, without blanks at the ends of lines."""
        return "\n".join("".join(run.text for run in line).rstrip() for line in self.lines)

    def node_at(self, x: int, y: int) -> int | None:
        """The node whose place, or else whose numbers or name, lie at the cell (x, y); None if there is none."""
        for index, place in enumerate(self.places):
            if place.holds(x, y):
                return index
        if not 0 <= y < self.height or x < 0:
            return None
        end = 0
        for run in self.lines[y]:
            end += width(run.text)
            if x < end:
                return None if run.role == "wire" else run.node
        return None
