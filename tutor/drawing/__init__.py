"""The computation graph as characters. Knows no screen: it turns text and wires into lines of text."""

from tutor.drawing.draw import choose, draw, neighbour
from tutor.drawing.spec import (
    ASKED,
    STYLES,
    Direction,
    Drawing,
    GraphEdge,
    GraphNode,
    GraphSpec,
    Kind,
    Rect,
    Role,
    Style,
    StyledRun,
)

__all__ = [
    "ASKED",
    "STYLES",
    "Direction",
    "Drawing",
    "GraphEdge",
    "GraphNode",
    "GraphSpec",
    "Kind",
    "Rect",
    "Role",
    "Style",
    "StyledRun",
    "choose",
    "draw",
    "neighbour",
]
