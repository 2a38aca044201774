"""How a graph is fitted to its room: in which style, with which matrices written out, and where its nodes stay.

`GraphView` says what there is to draw and how much room there is. What was chosen is remembered, so that a graph that
grows, or whose numbers are found, changes as little as can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from textual.geometry import Offset, Region, Size

from tutor.drawing import (
    MANY,
    Drawing,
    DrawingFrame,
    GraphSpec,
    Role,
    Style,
    choose,
    draw,
    in_brackets,
    with_all_numbers,
)

MARGIN = 2
"""Columns left of a drawing, where it leaves them."""

_END = 1
"""Columns right of one whose wires are made longer."""


@dataclass(frozen=True)
class Look:
    """A style, and whether small matrices are written out."""

    style: Style
    brackets: bool = False


_ITS_OWN: tuple[Role, ...] = ("name", "value", "gradient", "asked", "plain")
"""Roles of what is written beside a node about it."""

_LOOKS = [Look("boxes"), Look("compact"), Look("tape")]


def _is_long(picture: GraphSpec) -> bool:
    """Whether it has so many gates that a tape is easier to read."""
    return sum(node.kind != "input" for node in picture.nodes) > MANY


class GraphFitting:
    """The choice of a style by the room there is, and what is remembered of the drawings before."""

    def __init__(self, ascii_only: bool, digits: int, style: Style | None) -> None:
        """`digits` are those after the point in most numbers that will be shown."""
        self.ascii, self.digits = ascii_only, digits
        self.style = style
        """The learner's own; None: chosen by the room."""
        self.room: Size | None = None
        """By which the style is chosen; None: by the room that is given with a picture."""
        self.complete = False
        """Whether the graph grows no more: then its wires may be as long as the room allows."""
        self.expected: GraphSpec | None = None
        """What the graph may grow into."""
        self._in_sight = 0
        """Rows that are to be seen for a while, where that is more than the room has."""
        self._least: Look | None = None
        """What was chosen for this room."""
        self._rows: dict[str, int] = {}
        """The rows that values have in the drawing: the next one keeps their order."""

    def change_room(self, room: Size, rows: int) -> bool:
        """Choose by this room from now on, with so many `rows` to be seen for a while; whether that is another."""
        before = self.room, self._in_sight
        if room != self.room:
            self.room, self._least = room, None
        self._in_sight = rows
        return before != (room, rows)

    def forget_choice(self) -> None:
        """Choose again from the roomiest look on: what was tried on the way says nothing of another graph."""
        self._least = None

    def note_rows(self, picture: GraphSpec, drawing: Drawing) -> None:
        """Keep the order of the rows of a drawing for the next one."""
        if drawing.style in ("boxes", "compact"):
            self._rows = {node.name: place.y for node, place in zip(picture.nodes, drawing.places, strict=True)}

    def draw(self, picture: GraphSpec, room: Size) -> Drawing:
        """The drawing as it fits; `room` is the widget's own."""
        room = self.room or room
        look = self._look_in(picture, room)
        shown = in_brackets(picture) if look.brackets else picture
        return draw(shown, look.style, self.ascii, self._frame(picture, look, room))

    def lines_in(self, picture: GraphSpec, room: Size) -> int:
        """The lines that the drawing takes when all its numbers are found."""
        look = self._look_in(picture, room)
        return max(self._height(self._frame(picture, look, room), look), self._expected_lines(look, room))

    def lines_if_ordered_anew(self, picture: GraphSpec, room: Size) -> int | None:
        """The lines it takes in another order of the rows; where these are too many, and in a graph that grows, None.

        Otherwise the order is forgotten: once in another order is better than a part of it out of sight.
        """
        look = self._look_in(picture, room)
        frame = self._frame(picture, look, room)
        free = self._height(replace(frame, rows=()), look) if self.complete and frame.rows else None
        if free is None or free > room.height:
            return None
        self._rows.clear()
        return free

    def _height(self, frame: DrawingFrame, look: Look) -> int:
        assert frame.measured is not None
        return draw(frame.measured, look.style, self.ascii, frame).height

    def _expected_lines(self, look: Look, room: Size) -> int:
        if self.expected is None:
            return 0
        return min(room.height, self._height(DrawingFrame(self._measured(self.expected, look), 0, room.height), look))

    def _frame(self, picture: GraphSpec, look: Look, room: Size) -> DrawingFrame:
        """What the picture is fitted to: all its numbers, the room, and the rows that its values have now."""
        rows = tuple(self._rows.get(node.name, -1) for node in picture.nodes)
        return DrawingFrame(
            self._measured(picture, look),
            room.width - MARGIN - _END if self.complete else 0,
            max(room.height, self._in_sight),
            rows if max(rows, default=-1) >= 0 else (),
        )

    def _measured(self, picture: GraphSpec, look: Look) -> GraphSpec:
        """The picture with all its numbers, by which it is laid out before they are found."""
        return with_all_numbers(picture, self.digits, look.brackets)

    def _look_in(self, picture: GraphSpec, room: Size) -> Look:
        """The first look that fits, or that of the learner's own style; once one did not, none before it comes back."""
        brackets = any(node.brackets[1] for node in picture.nodes)
        if self.style is not None:
            return Look(self.style, brackets and self.style in ("boxes", "compact"))
        looks = [Look("boxes", brackets=True)] * brackets + _LOOKS
        least = self._least if self.room is not None and self._least in looks else looks[0]
        if least == looks[-1]:
            return least
        for each in filter(None, (picture, self.expected)):  # a graph that grows begins as it will be drawn in the end
            least = max(self._first_that_fits(each, room, looks[looks.index(least) :]), least, key=looks.index)
        if least.style == "tape" and self.room is not None and not _is_long(picture):
            least = Look("compact")  # it scrolls, and is read as the others are
        if self.room is not None:
            self._least = least
        return least

    def _first_that_fits(self, picture: GraphSpec, room: Size, looks: Sequence[Look]) -> Look:
        for brackets in dict.fromkeys(look.brackets for look in looks):
            first = next(look.style for look in looks if look.brackets == brackets)
            measured = self._measured(picture, Look(first, brackets))
            style = choose(measured, room.width, room.height, self.ascii, first)
            if not brackets or style == first:
                return Look(style, brackets)
        raise AssertionError("without matrices written out some style always fits")


# What of a drawing that is larger than its room is in sight

_BESIDE = 8
"""Columns of wire beside a gate that are seen with it."""


def surroundings(drawing: Drawing, node: int) -> Region:
    """The cells of a node, of its name and its numbers, of a bit of wire on both sides, and the rows next to it."""
    place = drawing.places[node]
    cells = [Region(place.x - _BESIDE, place.y - 1, place.width + 2 * _BESIDE, place.height + 2)]
    for y, line in enumerate(drawing.lines):
        x = 0
        for run in line:
            if run.node == node and run.role in _ITS_OWN:
                cells.append(Region(x, y, cell_len(run.text), 1))
            x += cell_len(run.text)
    return Region.from_union(cells).intersection(Region(0, 0, drawing.width, drawing.height))


def corner_that_shows(spots: Sequence[Region], window: Region) -> Offset:
    """Where the corner of a window is to go that shows these, by the shortest way; the last ones before the others."""
    for spot in spots:
        window = window.translate(Region.get_scroll_to_visible(window, spot))
    return window.offset
