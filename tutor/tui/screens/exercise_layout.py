"""Shares out the lines of the exercise screen anew, whenever its size or its step changes: the picture has its own,
at most half, the work has the rest."""

from __future__ import annotations

from dataclasses import dataclass

from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from tutor.questions import Blank
from tutor.tui.keys import own_keys
from tutor.tui.layout_budget import FRAME, SMALL, WIDE, option_lines, picture_lines
from tutor.tui.widgets.choice_row import Options, question_of
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.statement import Statement, height_of
from tutor.tui.widgets.text_panels import IntroPanel

_BARS = 2
"""Title and keys."""

_WIDEST = 76
"""No text is wider, however wide the terminal is."""

_LIST, _WIDE_LIST = 30, 44
"""Columns of the list of blanks, as in the style sheets."""


@dataclass(frozen=True)
class LayoutRequest:
    """What a step shows: its line, the current blank, and the introduction, which is the picture where no graph is."""

    about: str
    current: Blank | None
    introduction: str
    grows: bool
    """Whether the graph is being built, so that its picture is as high as it may become."""


def lay_out(screen: Screen[None], size: Size, asked: LayoutRequest) -> None:
    """Give the picture its lines, and the options of a choice theirs."""
    body = size.height - _BARS - screen.query_one(Statement).lines
    small = size.width < SMALL.width or size.height < SMALL.height
    screen.set_class(small, "-small")
    frame = FRAME if size.width >= WIDE else 1
    lines = _picture(screen, size, asked, body, frame)
    if asked.current is not None and asked.current.options:
        width = min(_WIDEST, size.width - (0 if small else _WIDE_LIST if size.width >= WIDE else _LIST) - frame)
        question = height_of(question_of(asked.current, width, own_keys(screen.app)).plain, width)
        about = min(3, height_of(asked.about, width))
        screen.query_one(Options).styles.max_height = option_lines(body - lines - frame, about, question)


def _picture(screen: Screen[None], size: Size, asked: LayoutRequest, body: int, frame: int) -> int:
    """Give the picture its lines; how many they are."""
    graph, text = screen.query_one(GraphView), screen.query_one(IntroPanel)
    graph.styles.height = graph.styles.display = text.styles.height = text.styles.display = None
    inside = Size(size.width - (FRAME if size.width >= WIDE else 0), max(3, picture_lines(body, body) - frame))
    drawn = 0 if screen.has_class("-nograph") else graph.fit(inside)
    if screen.has_class("-graph"):
        return 0
    narrow_code = screen.has_class("-code") and size.width < WIDE
    picture: Widget
    if screen.has_class("-nograph"):
        picture, wanted = text, height_of(asked.introduction, min(84, size.width - 2)) + frame
    else:
        picture, wanted = graph, body if asked.grows else drawn + frame
    lines = 0 if narrow_code or not wanted > frame else picture_lines(body, wanted)
    if lines:
        picture.styles.height = lines
    else:
        picture.styles.display = "none"
    return lines
