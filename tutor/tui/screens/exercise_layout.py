"""How the exercise screen shares its lines out: the picture first, then the work below it. Papers use it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from tutor.questions import Blank
from tutor.tui.keys import own_keys
from tutor.tui.layout_budget import FRAME, ROOMY, SMALL, WIDE, option_lines, picture_lines
from tutor.tui.widgets.choice_row import Options, question_of
from tutor.tui.widgets.close_up_view import CloseUpView, FigureView, LessonRow, StripView
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.statement import Statement, height_of
from tutor.tui.widgets.text_panels import IntroPanel
from tutor.tui.widgets.work_pane import Desk

_BARS = 2
"""Title and keys."""

_LEAST_SAID = 10
"""Lines of question, field and what is said, which stay below a gate from near by."""

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

    prompts: tuple[str, ...] = ()
    """What the fields of the step ask, one after the other."""

    of_gates: bool = False
    """Whether other blanks of the step are about gates, which are seen from near by."""


def lay_out(screen: Screen[None], size: Size, asked: LayoutRequest) -> None:
    """Give the picture its lines, and the options of a choice theirs."""
    body = size.height - _BARS - screen.query_one(Statement).lines
    small = size.width < SMALL.width or size.height < SMALL.height
    screen.set_class(small, "-small")
    frame = FRAME if size.width >= WIDE else 1
    lines = _picture(screen, size, asked, body, frame)
    near, desk = screen.query_one(Desk).query_one(CloseUpView), body - lines - frame
    wide, room = _desk_width(size, small, frame), desk - _LEAST_SAID
    roomy, gateless = size.height >= ROOMY, asked.of_gates and near.is_empty
    close = near.fit(wide, room, roomy) or (
        gateless and roomy and near.hold(screen.query_one(StripView).strip, wide, room)
    )
    screen.set_class(size.width >= WIDE and bool(close), "-closeup")
    near.display = screen.has_class("-closeup")
    _question(screen, _desk_width(size, small, frame), asked.prompts, small)
    if asked.current is not None and asked.current.options:
        width = _desk_width(size, small, frame)
        question = height_of(question_of(asked.current, width, own_keys(screen.app)).plain, width)
        about = min(3, height_of(asked.about, width))
        screen.query_one(Options).styles.max_height = option_lines(body - lines - frame, about, question)


_MOST_ASKED = 2
"""Lines that are kept for every question of a step where one of them takes as many: the field stays in its row."""


def _question(screen: Screen[None], width: int, prompts: Sequence[str], small: bool) -> None:
    """Show the question, or the equation in its place where the gate is not seen from near by."""
    strip, question = screen.query_one(StripView), screen.query_one("#question")
    strip.display = not screen.has_class("-closeup") and strip.fit(width, in_one_row=small)
    screen.set_class(strip.display, "-strip")
    lines = min(_MOST_ASKED, max((height_of(prompt, width) for prompt in prompts), default=1))
    strip.styles.min_height = question.styles.min_height = lines


_LESSON = 52
"""Columns of the introduction beside a figure."""


def _lesson(screen: Screen[None], size: Size, introduction: str, most: int) -> int:
    """Show the introduction, its figure, or both beside each other; the lines they want."""
    intro, figure = screen.query_one(IntroPanel), screen.query_one(FigureView)
    intro.styles.width = intro.styles.display = None
    if figure.is_empty:
        figure.display = False
        return height_of(introduction, min(84, size.width - 2))
    if size.width < WIDE or not introduction:
        drawn = figure.fit(size.width - 4, most)
        intro.styles.display = "none" if drawn else None
        return drawn or height_of(introduction, min(84, size.width - 2))
    drawn = figure.fit(size.width - _LESSON - 8, most)
    if drawn:
        intro.styles.width = _LESSON + 4
    return max(drawn, height_of(introduction, _LESSON if drawn else min(84, size.width - 2)))


def _desk_width(size: Size, small: bool, frame: int) -> int:
    """The columns of text where the blank at hand is worked."""
    return min(_WIDEST, size.width - (0 if small else _WIDE_LIST if size.width >= WIDE else _LIST) - frame)


def _picture(screen: Screen[None], size: Size, asked: LayoutRequest, body: int, frame: int) -> int:
    """Give the picture its lines; how many they are."""
    graph, text = screen.query_one(GraphView), screen.query_one(LessonRow)
    graph.styles.height = graph.styles.display = text.styles.height = text.styles.display = None
    wide, matrices = size.width - (FRAME if size.width >= WIDE else 0), graph.has_matrices
    inside = Size(wide, max(3, picture_lines(body, body, matrices) - frame))
    drawn = 0 if screen.has_class("-nograph") else graph.fit(inside)
    near = next(one for one in screen.query(CloseUpView) if one.parent is screen)
    near.display = False
    if screen.has_class("-graph") or screen.has_class("-finished"):
        return 0
    if screen.has_class("-small") and (taken := near.fit(size.width - 2, body // 2, roomy=True)):
        graph.styles.display = text.styles.display = "none"
        return taken
    narrow_code = screen.has_class("-code") and size.width < WIDE
    picture: Widget
    if screen.has_class("-nograph"):
        picture, wanted = text, _lesson(screen, size, asked.introduction, picture_lines(body, body) - frame) + frame
    else:
        picture, wanted = graph, body if asked.grows else drawn + frame
    lines = 0 if narrow_code or not wanted > frame else picture_lines(body, wanted, matrices)
    if lines:
        picture.styles.height = lines
    else:
        picture.styles.display = "none"
    return lines
