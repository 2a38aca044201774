"""The computation graph as large as it fits, pannable where it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, get_args

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events, work
from textual.binding import BindingType
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tutor.drawing import (
    ASKED,
    OPEN,
    STYLES,
    AtHand,
    Direction,
    Drawing,
    GraphNode,
    GraphSpec,
    Role,
    Style,
    emphasise,
    neighbour,
)
from tutor.drawing import StyledRun as DrawnRun
from tutor.tui.clipboard import copy
from tutor.tui.commands import bindings
from tutor.tui.keys import with_keys
from tutor.tui.widgets.graph_fitting import MARGIN, GraphFitting, corner_that_shows, surroundings
from tutor.tui.widgets.graph_motion import GraphMotion


def _quiet(picture: GraphSpec, at_hand: str) -> GraphSpec:
    """The picture with a question mark at the blank at hand alone; others that are still asked are a dot."""
    return GraphSpec(tuple(node if node.name == at_hand else _dotted(node) for node in picture.nodes), picture.wires)


def _dotted(node: GraphNode) -> GraphNode:
    value, gradient = (OPEN if number == ASKED else number for number in (node.value, node.gradient))
    return replace(node, value=value, gradient=gradient)


def _component(role: Role) -> str:
    """What the style sheet calls a role."""
    return f"graph--{role.replace(' ', '-')}"


NOBODY = "-"
"""No value: where none is at hand."""

_LEGENDS: dict[Style, str] = {
    "boxes": "value above the wire, gradient below",
    "compact": "value above the wire, gradient below",
    "down": "value left of the wire, gradient right",
    "tape": "value, then gradient",
}
"""Where the two numbers of a value stand, said as soon as there are gradients."""

_LARGE = 80
"""Values; a graph of more is drawn beside the screen's own thread."""


class GraphView(ScrollView, can_focus=True):
    """Draws a picture in the style that fits. With the focus on it, arrow keys go from gate to gate."""

    BORDER_TITLE = "Graph"
    KEYS = (
        "Graph: {graph.up+graph.down+graph.left+graph.right} go from gate to gate, {graph.choose}: its blank",
        "{graph.up+graph.down+graph.left+graph.right} gates, {graph.choose}: its blank",
    )
    """What its keys do; the first that fits is its title while it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("exercise graph")

    ROLES: ClassVar[tuple[Role, ...]] = get_args(Role)
    COMPONENT_CLASSES: ClassVar[set[str]] = {*map(_component, ROLES), "graph--chosen"}

    class Chosen(Message):
        """A value was chosen, by Enter or the mouse; `name` is its name."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class Selected(Message):
        """The cursor is on another value."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, ascii_only: bool = False, digits: int = 3, style: Style | None = None, whole: str = "") -> None:
        """`digits` are those after the point in most numbers that will be shown; `style` the one to be drawn in.

        `whole` says how all of a drawing is seen that is larger than its room, with `{id}` for the key: the title says
        so then, and there are no scrollbars until the graph has the focus.
        """
        super().__init__(classes="-titled" if whole else None)
        self._whole = whole
        self._fitting = GraphFitting(ascii_only, digits, style)
        self._picture = GraphSpec(())
        self._drawing: Drawing | None = None
        self._plain: Drawing | None = None
        """The same without heavy lines."""
        self._at: AtHand | None = None
        self._selected: int | None = None
        self._background = RichStyle()
        self._role_styles: dict[Role, RichStyle] = {}
        self._corner = 0, 0
        self._motion = GraphMotion(self)
        self._legend = ""

    def show(self, picture: GraphSpec, at_hand: str = "", at: AtHand | None = None, complete: bool = True) -> None:
        """Draw another picture; the style is chosen by the room there is, or is the learner's own.

        Of what is asked in it only the value `at_hand` has a question mark; `at` is the part in heavy lines. While the
        graph is not `complete` its wires are as short as can be, so that what is there stays where it is.
        """
        picture = _quiet(picture, at_hand) if at_hand else picture
        now = self._picture, self._at, self._fitting.complete
        if (picture, at, complete) == now and self._drawing is not None:
            return
        if (complete and not self._fitting.complete) or len(picture.nodes) < len(self._picture.nodes):
            self._fitting.forget_choice()
        self._at, self._fitting.complete = at, complete
        if len(picture.nodes) != len(self._picture.nodes):
            self._drawing = None if len(picture.nodes) > _LARGE else self._drawing
        self._picture = picture
        self._redraw()

    def fit(self, room: Size, rows: int = 0) -> int:
        """Choose the style by this room from now on, whatever size the widget has meanwhile.

        Where there are more `rows` to be seen for a while, the style stays, and every share has a row of its own.
        The lines that the drawing takes when all its numbers are found.
        """
        if self._fitting.change_room(room, rows):
            self._redraw()
        if len(self._picture.nodes) > _LARGE:
            return room.height
        lines = self._fitting.lines_in(self._picture, room)
        free = self._fitting.lines_if_ordered_anew(self._picture, room) if lines > room.height else None
        if free is None:
            return lines
        self._redraw()
        return free

    def lines_in(self, room: Size) -> int:
        """The lines of the drawing, were it drawn in this room; 0 where there is nothing to draw."""
        if not 0 < len(self._picture.nodes) <= _LARGE:
            return room.height if self._picture.nodes else 0
        return self._fitting.lines_in(self._picture, room)

    def expect(self, picture: GraphSpec | None) -> None:
        """The graph may grow into one like this: where it is lower until then, it has the lines of this one."""
        self._fitting.expected = picture

    @property
    def has_matrices(self) -> bool:
        """Whether there are matrices that can be written out."""
        return any(node.brackets[1] > 1 for node in self._picture.nodes)

    def fits_in(self, room: Size) -> bool:
        """Whether all of the drawing is in sight there."""
        return self._drawing is not None and (self._drawing.width <= room.width and self._drawing.height <= room.height)

    @property
    def style_now(self) -> Style | None:
        """The style it is drawn in; None before there is a drawing."""
        return self._drawing.style if self._drawing is not None else None

    def draw_with(self, ascii_only: bool, digits: int) -> None:
        """Draw with these signs, and with room for numbers of so many digits after the point."""
        self._fitting.ascii, self._fitting.digits = ascii_only, digits
        self._redraw()

    def select(self, name: str | None) -> None:
        """Mark the value of this name and bring it into view."""
        names = [node.name for node in self._picture.nodes]
        self._selected = names.index(name) if name in names else None
        self._bring_into_view()
        self.refresh()

    def show_newest(self) -> None:
        """Bring the value that came last into view: the graph grows by it."""
        if self._drawing is not None and self._picture.nodes:
            self._bring_into_view(len(self._picture.nodes) - 1)

    def on_focus(self) -> None:
        """Say what the keys do."""
        titles = [with_keys(self.app, keys) for keys in self.KEYS]
        self.border_title = next((keys for keys in titles if len(keys) + 4 <= self.size.width), titles[-1])
        if self._selected is not None:
            self.post_message(self.Selected(self._picture.nodes[self._selected].name))

    def on_blur(self) -> None:
        """Be a title again."""
        title = f"{self.BORDER_TITLE}{self._legend}{self._beyond()}"
        if self.border_title != title:
            self.border_title = title

    def _beyond(self) -> str:
        """Where the drawing goes on out of sight, and the key that shows all of it."""
        drawing, room = self._drawing, self.content_region.size
        if drawing is None or not self._whole or not room:
            return ""
        at = self.scroll_offset
        sides = (at.x > 0, drawing.width > room.width + at.x, at.y > 0, drawing.height > room.height + at.y)
        arrows = "".join(arrow for arrow, more in zip("◂▸▴▾", sides, strict=True) if more)
        return f"   {arrows} {with_keys(self.app, self._whole)}" if arrows else ""

    @property
    def allow_horizontal_scroll(self) -> bool:
        """Whether the wheel moves it sideways: with scrollbars or without."""
        return self.max_scroll_x > 0

    @property
    def allow_vertical_scroll(self) -> bool:
        """Whether the wheel moves it up and down: with scrollbars or without."""
        return self.max_scroll_y > 0

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """Tell anew on which sides the drawing goes on."""
        super().watch_scroll_x(old_value, new_value)
        self._tell_sides()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell anew on which sides the drawing goes on."""
        super().watch_scroll_y(old_value, new_value)
        self._tell_sides()

    def _tell_sides(self) -> None:
        if not self.has_focus:
            self.on_blur()

    def on_resize(self) -> None:
        """Choose the style again."""
        self._redraw()

    def _redraw(self) -> None:
        room = self.scrollable_content_region.size or self.size
        if not room.width or not room.height:
            if self._drawing is not None and len(self._drawing.places) != len(self._picture.nodes):
                self._drawing = self._plain = None  # that of another graph
            return
        if len(self._picture.nodes) > _LARGE:
            self.border_title = f"{self.BORDER_TITLE}   drawing …"
            self._draw_beside(self._picture, room)
        else:
            self._take(self._picture, *self._drawn(self._picture, room))

    def _drawn(self, picture: GraphSpec, room: Size) -> tuple[Drawing, Drawing]:
        """The drawing as it is copied and as it is shown, with what is at hand in heavy lines."""
        drawing = self._fitting.draw(picture, room)
        return drawing, emphasise(drawing, self._at, self._fitting.ascii) if self._at is not None else drawing

    @work(thread=True, exclusive=True, group="drawing")
    def _draw_beside(self, picture: GraphSpec, room: Size) -> None:
        """Draw a large picture in a thread; the one before it stays meanwhile."""
        self.app.call_from_thread(self._take, picture, *self._drawn(picture, room))

    def _take(self, picture: GraphSpec, plain: Drawing, drawing: Drawing) -> None:
        """Show a drawing, unless there is another picture by now."""
        if picture is not self._picture:
            return
        self._drawing, self._plain = drawing, plain
        self._fitting.note_rows(picture, drawing)
        self._legend = f"   {_LEGENDS[drawing.style]}" if any(node.gradient for node in picture.nodes) else ""
        if not self.has_focus:
            self.on_blur()
        self._take_size(Size(drawing.width, drawing.height))
        if self._selected is not None and self._selected >= len(self._picture.nodes):
            self._selected = None
        self._bring_into_view()
        self.refresh()

    def _take_size(self, size: Size) -> None:
        """Let this be the size to scroll in. The whole screen is laid out anew only where scrollbars come or go."""
        if size != self.virtual_size:
            self.set_reactive(GraphView.virtual_size, size)  # set plainly, it would be laid out at every key
            self._scroll_update(size)

    def _margins(self, drawing: Drawing) -> tuple[int, int]:
        """Columns left of the drawing and lines above it: it stays at the left, so that nothing moves as it grows."""
        room = self.scrollable_content_region.size
        return min(MARGIN, max(0, room.width - drawing.width)), min(1, max(0, room.height - drawing.height) // 2)

    def light_up(self) -> None:
        """Let the gradients appear from the output back."""
        if self._drawing is not None:
            self._motion.light_up(self._drawing)

    def show_found(self, at: AtHand) -> None:
        """Let the number just found be seen to come."""
        if self._drawing is not None:
            self._motion.show_found(self._drawing, self._picture, at, self._fitting.ascii)

    def end_motion(self) -> None:
        """Show how what moves ends, at once."""
        self._motion.end()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the drawing that are in view; what is the same for all of them is looked up once."""
        self._background = self.rich_style
        self._role_styles = {role: self.get_component_rich_style(_component(role)) for role in self.ROLES}
        self._corner = self._margins(self._drawing) if self._drawing is not None else (0, 0)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the drawing, scrolled."""
        background = self._background
        if self._drawing is None:
            return Strip.blank(self.size.width, background)
        left, top = self._corner
        row = y + int(self.scroll_offset.y) - top
        if not 0 <= row < len(self._drawing.lines):
            return Strip.blank(self.size.width, background)
        segments = [Segment(run.text, self._style_of(run)) for run in self._drawing.lines[row]]
        strip = Strip([Segment(" " * left, background), *segments])
        if self._motion.lit:
            strip = self._with_lit(strip, row, left)
        start = int(self.scroll_offset.x)
        return strip.extend_cell_length(start + self.size.width, background).crop(start, start + self.size.width)

    def _with_lit(self, strip: Strip, row: int, left: int) -> Strip:
        """The strip with the cells of this row that a gradient has run through in its colour."""
        style = self.get_component_rich_style("graph--gradient")
        for x in sorted(x + left for x, y in self._motion.lit if y == row):
            lit = strip.crop(x, x + 1).apply_style(style)
            strip = Strip.join([strip.crop(0, x), lit, strip.crop(x + 1, strip.cell_length)])
        return strip

    def _style_of(self, run: DrawnRun) -> RichStyle:
        style = self._role_styles[run.role]
        if run.node is not None and run.node == self._selected and run.role in ("box", "face", "name"):
            style += self.get_component_rich_style("graph--chosen", partial=True)
        if run.role == "gradient" and run.node in self._motion.unlit:
            return self._background + RichStyle(color=self._background.bgcolor)
        if run.node is not None and run.node == self._motion.fresh and run.role in ("value", "gradient"):
            style += RichStyle(bold=True)
        return style

    def _bring_into_view(self, node: int | None = None) -> None:
        """The gate and the numbers beside it; before that, as far as there is room for both, the number that is asked.

        What a gate sends down is asked at its argument, which may be far from it.
        """
        node = self._selected if node is None else node
        if self._drawing is None or node is None:
            return
        window = Region.from_offset(self.scroll_offset, self.scrollable_content_region.size)
        if window.contains_region(Region(0, 0, self._drawing.width, self._drawing.height)):
            return
        asked = [self._at.asked(self._picture)] if self._at is not None and self._at.node == node else []
        spots = [surroundings(self._drawing, one) for one in (*asked, node)]
        corner = corner_that_shows(spots, window)
        if corner != window.offset:
            self.scroll_to(*corner, animate=False, force=True)

    def action_go(self, direction: Direction) -> None:
        """Select the neighbour in a direction; scroll where there is none."""
        if self._drawing is None or not self._picture.nodes:
            return
        before = self._selected
        self._selected = len(self._picture.nodes) - 1 if before is None else neighbour(self._drawing, before, direction)
        self.post_message(self.Selected(self._picture.nodes[self._selected].name))
        self._bring_into_view()
        self.refresh()

    def copied(self) -> str:
        """Copy the drawing as text; what to say of it."""
        if self._drawing is None or self._plain is None:
            return "There is no graph yet."
        return copy(self.app, self._plain.text, "The graph is copied.")

    def action_choose(self) -> None:
        """Tell that the selected value is chosen."""
        if self._selected is not None:
            self.post_message(self.Chosen(self._picture.nodes[self._selected].name))

    def next_style(self) -> None:
        """Draw it another way: each style in turn, then by room again."""
        order: tuple[Style | None, ...] = (None, *STYLES)
        self._fitting.style = order[(order.index(self._fitting.style) + 1) % len(order)]
        self._redraw()

    def on_click(self, event: events.Click) -> None:
        """Choose the gate under the mouse."""
        if self._drawing is None:
            return
        left, top = self._margins(self._drawing)
        offset = event.get_content_offset_capture(self) + self.scroll_offset
        node = self._drawing.node_at(int(offset.x) - left, int(offset.y) - top)
        if node is not None:
            self._selected = node
            self.refresh()
            self.action_choose()

    def places(self) -> dict[str, Offset]:
        """Name -> where it is on the screen, for the values that are in sight."""
        if self._drawing is None:
            return {}
        region, (left, top) = self.content_region, self._margins(self._drawing)
        named = {"boxes": Offset(1, 0), "compact": Offset(0, -1)}
        found = {}
        for node, cells in zip(self._picture.nodes, self._drawing.places, strict=True):
            beside = named.get(self._drawing.style, Offset(0, 0)) if node.equation else Offset(0, 0)
            corner = Offset(left + cells.x, top + cells.y) - Offset(*map(int, self.scroll_offset)) + beside
            if region.contains_point(corner + region.offset):
                found[node.name] = corner + region.offset
        return found
