"""What goes into a drawing (`GraphSpec`) and what comes out of it (`Drawing`). Sizes are in terminal cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from tutor.drawing.characters import width

Kind = Literal["input", "gate", "output"]
Style = Literal["boxes", "compact", "down", "tape"]
Direction = Literal["left", "right", "up", "down"]
Role = Literal["wire", "at hand", "box", "face", "name", "value", "gradient", "asked", "plain"]

STYLES: tuple[Style, ...] = ("boxes", "compact", "down", "tape")
ASKED = "?"
OPEN, OPEN_ASCII = "·", "."
"""A number that is still to come, and is not asked of the learner now."""


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One input or gate, every part of it already written as text.

    `value`, `gradient` and `shape` are "" when they are not to be shown; "?" stands for a number
    that is still asked of the learner. A value or gradient may have several lines, those of a matrix.
    """

    name: str
    symbol: str
    equation: str = ""
    value: str = ""
    gradient: str = ""
    shape: str = ""
    kind: Kind = "gate"
    brackets: tuple[int, int] = (0, 0)
    """Columns and rows that its value takes as a matrix in brackets; (0, 0) where it is none, or too large."""

    value_in_brackets: str = ""
    """Its value and its gradient as matrices, in several lines; "" while they are not known."""

    gradient_in_brackets: str = ""


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


def in_brackets(picture: GraphSpec) -> GraphSpec:
    """The picture with its small matrices written out, in brackets, in place of what else stands for them."""
    return GraphSpec(tuple(map(_node_in_brackets, picture.nodes)), picture.wires)


def _node_in_brackets(node: GraphNode) -> GraphNode:
    if not any(node.brackets):
        return node
    value, gradient = node.value_in_brackets or node.value, node.gradient_in_brackets or node.gradient
    return replace(node, value=value, gradient=gradient, shape="" if node.value_in_brackets else node.shape)


@lru_cache(maxsize=16)
def with_all_numbers(picture: GraphSpec, digits: int, brackets: bool) -> GraphSpec:
    """The picture as it is with all its numbers found, so that styles and places can be chosen before they are.

    `digits` are those after the point of most numbers: one not found yet is taken to fill as many cells as these do.
    With `brackets` small matrices are written out.
    """
    uses = Counter(wire.source for wire in picture.wires)
    wide = f"-0.{'0' * digits}"  # as wide as most numbers are
    nodes = tuple(_filled_in(node, wide, brackets) for node in picture.nodes)
    wires = tuple(replace(wire, share=wire.share or wide) if uses[wire.source] > 1 else wire for wire in picture.wires)
    return GraphSpec(nodes, wires)


def _filled_in(node: GraphNode, wide: str, brackets: bool) -> GraphNode:
    columns, rows = node.brackets
    if not (brackets and rows):
        return replace(node, value=_wider(node.value, wide), gradient=_wider(node.gradient, wide))
    block = "\n".join(["⎢".ljust(columns)] * rows)
    return replace(node, value=block, gradient=block)


def _wider(number: str, other: str) -> str:
    return max(number, other, key=len)


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
