"""The computation graph as characters. Knows no screen: it turns text and wires into lines of text."""

from tutor.drawing.draw import choose, draw
from tutor.drawing.neighbours import neighbour
from tutor.drawing.picture import (
    ASKED,
    STYLES,
    Direction,
    Drawing,
    Kind,
    Picture,
    Rect,
    Role,
    Run,
    Spot,
    Style,
    Wire,
)

__all__ = [
    "ASKED",
    "STYLES",
    "Direction",
    "Drawing",
    "Kind",
    "Picture",
    "Rect",
    "Role",
    "Run",
    "Spot",
    "Style",
    "Wire",
    "choose",
    "draw",
    "neighbour",
]
