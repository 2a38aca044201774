"""The computation graph as characters.

In goes a `GraphSpec`: nodes in topological order and wires, every part already text. Out comes a `Drawing`: lines of
styled runs, counted in terminal cells, rows and columns from 0 at the top left, with the cells of each node. No screen
is known here, and nothing of mathematics. Open `spec.py` first, then `draw.py`: `choose` takes a style by the room
there is, `draw` draws it. The layered styles (`sideways.py`, `down.py`) take positions from `layout.py`, which goes the
road of Sugiyama, Tagawa and Toda (1981): layers and their order (`layers.py`), coordinates (`coordinates.py`), wires in
channels (`layout.route`). `tape.py` needs none of that: a row a node, lanes on the left. `canvas.py` is the grid all of
them paint on, `navigation.py` goes from node to node. For pages, `vector.py` makes lines and texts of the same layout,
and `svg.py` writes them.
"""

from tutor.drawing.close_up import CloseUp, CloseUpArgument, draw_close_up
from tutor.drawing.draw import MANY, choose, draw
from tutor.drawing.emphasis import AtHand, emphasise, wire_cells
from tutor.drawing.equation_strip import EquationStrip, StripTerm, draw_equation_strip
from tutor.drawing.figures import Figure, FilterFigure, ShapesFigure, StripFigure, draw_figure
from tutor.drawing.navigation import neighbour
from tutor.drawing.sideways import DrawingFrame
from tutor.drawing.spec import (
    ASKED,
    OPEN,
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
    in_brackets,
    with_all_numbers,
)

__all__ = [
    "ASKED",
    "MANY",
    "OPEN",
    "STYLES",
    "AtHand",
    "CloseUp",
    "CloseUpArgument",
    "Direction",
    "Drawing",
    "DrawingFrame",
    "EquationStrip",
    "Figure",
    "FilterFigure",
    "GraphEdge",
    "GraphNode",
    "GraphSpec",
    "Kind",
    "Rect",
    "Role",
    "ShapesFigure",
    "StripFigure",
    "StripTerm",
    "Style",
    "StyledRun",
    "choose",
    "draw",
    "draw_close_up",
    "draw_equation_strip",
    "draw_figure",
    "emphasise",
    "in_brackets",
    "neighbour",
    "wire_cells",
    "with_all_numbers",
]
