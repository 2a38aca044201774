"""Both passes again, gate by gate, at the learner's pace: the graph, the equations, and what happens at this step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from tutor.drawing import ASKED, OPEN, GraphNode, Style
from tutor.questions.question import Frame
from tutor.text import clipped_at_word, harmless, padded
from tutor.tui.commands import bindings
from tutor.tui.layout_budget import FRAME, SMALL, WIDE
from tutor.tui.save_errors import SaysTrouble
from tutor.tui.widgets.bars import BottomBar, TitleBar
from tutor.tui.widgets.close_up_view import USUAL_CLOSE_UP, CloseUpView
from tutor.tui.widgets.graph_view import NOBODY, GraphView

_PACES = (0.4, 0.6, 0.8, 1.2, 1.8, 2.4, 3.0)
"""Seconds a step, where it plays by itself."""

_PACE = _PACES.index(1.2)
_STEP_LINES = 8
"""For the title of the step, its arithmetic and the scrubber."""

_BARS = 2
"""The title of the screen, and the keys."""

_BETWEEN = 3
"""Columns between the columns of the arithmetic."""

_EQUATIONS = 44
"""Columns of the list of equations, where there is one."""

_NUMBERS = 9
"""Columns of a number in the list of equations."""


class ReplayScreen(SaysTrouble, Screen[None]):
    """Right and left go through the steps; Space plays and stops."""

    CSS_PATH: ClassVar[list[str]] = ["replay.tcss", "../widgets/graph_view.tcss"]  # type: ignore[assignment]

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = bindings("replay")

    def __init__(
        self, frames: Sequence[Frame], ascii_only: bool = False, digits: int = 3, style: Style | None = None
    ) -> None:
        """`frames` holds one step at least; the graph is drawn with these signs, in this style, as elsewhere."""
        super().__init__()
        self._drawn_with = ascii_only, digits, style
        self._frames = frames
        self._at = 0
        self._pace = _PACE
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The graph from side to side; below it the equations, where there is room, and what happens."""
        yield TitleBar("Replay")
        graph = GraphView(*self._drawn_with)
        graph.can_focus = False
        yield graph
        with Horizontal():
            yield EquationsSoFar()
            with Vertical(id="step"):
                yield CloseUpView()
                yield Static(id="arithmetic", markup=False)
                yield Scrubber(self._frames, self._drawn_with[0])
        yield BottomBar()

    def on_mount(self) -> None:
        """Begin with the first step."""
        self.query_one(EquationsSoFar).border_title = "Equations"
        self.query_one(CloseUpView).ascii_only = self._drawn_with[0]
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Share out the lines: the graph has what it needs, and what happens the rest."""
        self._lay_out(event.size)

    def _lay_out(self, size: Size) -> None:
        self.set_class(size.width < SMALL.width or size.height < SMALL.height, "-small")
        frame = FRAME if size.width >= WIDE else 1
        most = max(3, size.height - _BARS - _STEP_LINES - frame)
        graph, near = self.query_one(GraphView), self.query_one(CloseUpView)
        drawn = graph.fit(Size(size.width - (FRAME if size.width >= WIDE else 0), most))
        graph.styles.height = lines = min(drawn, most) + frame
        near.show(self._frames[self._at].close_up)
        if self.has_class("-small"):
            graph.display = not near.fit(size.width - 2, size.height - _STEP_LINES)
        else:
            graph.display = True
            room = size.height - _BARS - lines - _STEP_LINES
            near.display = size.width >= WIDE and bool(
                near.fit(size.width - _EQUATIONS - 6, room, least=USUAL_CLOSE_UP)
            )

    def _show(self) -> None:
        frame = self._frames[self._at]
        graph, step = self.query_one(GraphView), self.query_one("#step")
        graph.show(frame.picture, frame.node or NOBODY, frame.at)
        graph.select(frame.node)
        step.border_title = harmless(frame.title)
        self._say()
        self.query_one(EquationsSoFar).show(frame)
        self.query_one(Scrubber).go(self._at, _PACES[self._pace])
        which = "backward" if frame.backward else "forward"
        self.query_one(TitleBar).show("Replay", f"step {self._at + 1} of {len(self._frames)}   {which}")
        self._lay_out(self.size or self.app.size)

    def _say(self) -> None:
        frame, said = self._frames[self._at], self.query_one("#arithmetic", Static)
        room = (said.size.width or self.size.width) - 2
        said.update(Content("\n").join(_arithmetic(frame, room)) if frame.rows else Content(harmless(frame.text)))

    # Going through it

    def action_go(self, by: int) -> None:
        """Go so many steps on, or back."""
        self._stop()
        self._step(by)

    def _step(self, by: int) -> None:
        self._at = max(0, min(len(self._frames) - 1, self._at + by))
        if self._at == len(self._frames) - 1:
            self._stop()
        self._show()

    def on_scrubber_wanted(self, event: Scrubber.Wanted) -> None:
        """A click goes to its step."""
        self.action_go(event.at - self._at)

    def action_play(self) -> None:
        """Go on by itself; with less motion wanted it is a single step."""
        if self.app.animation_level == "none":
            self._step(1)
            return
        if self._at == len(self._frames) - 1:
            self._at = 0
        self._play()

    def _play(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_interval(_PACES[self._pace], lambda: self._step(1))
        self._show()
        self.refresh_bindings()

    def action_stop(self) -> None:
        """Stay at this step."""
        self._stop()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
            self.refresh_bindings()

    def action_pace(self, by: int) -> None:
        """Play faster, or slower."""
        self._pace = max(0, min(len(_PACES) - 1, self._pace - by))
        if self._timer is not None:
            self._play()
        else:
            self._show()

    def action_copy(self) -> None:
        """Copy the graph as it is at this step."""
        self.notify(self.query_one(GraphView).copied(), markup=False)

    def action_close(self) -> None:
        """Back to the exercise."""
        self.dismiss(None)

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Playing and stopping take turns."""
        return action not in ("play", "stop") or (self._timer is None) == (action == "play")

    @property
    def bar_places(self) -> tuple[str, ...]:
        """Its own keys."""
        return ("replay",)


class EquationsSoFar(Static):
    """The equations with the numbers that are there at a step; that of the step is marked, and in sight."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._frame: Frame | None = None

    def show(self, frame: Frame) -> None:
        """As it is at this step."""
        self._frame = frame
        self._fill()

    def on_resize(self) -> None:
        """As many as there is room for."""
        self._fill()

    def _fill(self) -> None:
        frame, room = self._frame, self.size
        if frame is None or not room.width or not room.height:
            return
        names = [node.name for node in frame.picture.nodes]
        here = names.index(frame.node) if frame.node in names else 0
        first = max(0, min(here - room.height // 2, len(names) - room.height))
        lines = [
            self._line(node, number == here, room.width)
            for number, node in enumerate(frame.picture.nodes)
            if first <= number < first + room.height
        ]
        self.update(Content("\n").join(lines), layout=False)

    @staticmethod
    def _line(node: GraphNode, is_here: bool, width: int) -> Content:
        room = max(1, width - 3 - 2 * _NUMBERS)  # the last column stays free
        text = padded(clipped_at_word(harmless(node.equation or node.name), room), room)
        numbers = [
            Content.styled(f"{OPEN if number == ASKED else number.split(_LINE)[0]:>{_NUMBERS}}", colour)
            for number, colour in ((node.value, "$value"), (node.gradient, "$gradient"))
        ]
        return Content.assemble(("▸ " if is_here else "  ", "$current"), (text, "bold" if is_here else ""), *numbers)


class Scrubber(Static):
    """How far the replay has come, in both passes; a click goes there."""

    class Wanted(Message):
        """The step of this number is wanted, counted from 0."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, frames: Sequence[Frame], ascii_only: bool) -> None:
        super().__init__(markup=False)
        self._forward = sum(not frame.backward for frame in frames)
        self._many = len(frames)
        self._at, self._pace = 0, 0.0
        self._done, self._knob, self._left = "=*-" if ascii_only else "━●─"

    def go(self, at: int, pace: float) -> None:
        """To a step; `pace` is how many seconds one takes."""
        self._at, self._pace = at, pace
        self._fill()

    def on_resize(self) -> None:
        """As long as there is room."""
        self._fill()

    @property
    def _cells(self) -> list[tuple[int, int]]:
        """For each step the columns that it has, the first and the one after the last."""
        back = self._many - self._forward
        room = self.size.width - len(_FORWARD) - (len(_BACK) if back else 0) - len(_PACE_SAID.format(0.0))
        edges = [len(_FORWARD) + round(number * max(self._many, room) / self._many) for number in range(self._many + 1)]
        gap = [len(_BACK) if number >= self._forward else 0 for number in range(self._many)]
        return [(edges[number] + gap[number], edges[number + 1] + gap[number]) for number in range(self._many)]

    def _fill(self) -> None:
        if not self.size.width:
            return
        parts: list[str | tuple[str, str]] = [(_FORWARD, "$text-muted")]
        for number, (begins, ends) in enumerate(self._cells):
            if number == self._forward:
                parts.append((_BACK, "$text-muted"))
            if number == self._at:
                parts.append((self._knob, "bold $current"))
                begins += 1
            if number < self._at:
                colour = "$gradient" if number >= self._forward else "$value"
                parts.append((self._done * (ends - begins), colour))
            else:
                parts.append((self._left * (ends - begins), "$text-muted"))
        parts.append((_PACE_SAID.format(self._pace), "$text-muted"))
        self.update(Content.assemble(*parts), layout=False)

    def on_click(self, event: events.Click) -> None:
        """Go there."""
        x = event.get_content_offset_capture(self).x
        at = [number for number, (begins, _) in enumerate(self._cells) if begins <= x]
        self.post_message(self.Wanted(at[-1] if at else 0))


_LINE = "\n"
_FORWARD, _BACK, _PACE_SAID = "forward  ", "  back  ", "   {:.1f} s a step"


def _arithmetic(frame: Frame, width: int) -> Iterator[Content]:
    """Name, rule and numbers in columns; where these do not fit beside each other, numbers are below the rule."""
    names, rules = (max(cell_len(row[part]) for row in frame.rows) for part in (0, 1))
    numbers = max(cell_len(row.numbers) for row in frame.rows)
    is_beside = names + rules + numbers + 2 * _BETWEEN <= width
    colour = "$gradient" if frame.backward else "$value"
    for row in frame.rows:
        style = f"bold {colour}" if row is frame.rows[-1] else ""
        name = Content.styled(padded(harmless(row.name), names + _BETWEEN), "bold")
        rule = Content.styled(harmless(row.rule), "$text-muted")
        value = Content.styled(harmless(row.numbers), style)
        if is_beside:
            yield Content.assemble(name, rule, " " * (rules - cell_len(row.rule) + _BETWEEN), value)
        elif row.rule:
            yield Content.assemble(name, rule)
            yield Content.assemble(" " * (names + _BETWEEN), value)
        else:
            yield Content.assemble(name, value)
