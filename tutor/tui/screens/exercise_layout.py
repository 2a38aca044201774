"""How the exercise screen shares its lines out: the picture first, then the work below it. Papers use it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from tutor.drawing import EquationStrip, Figure
from tutor.questions import Blank
from tutor.tui.keys import own_keys
from tutor.tui.layout_budget import FRAME, SMALL, WIDE, graph_lines, option_lines, picture_lines
from tutor.tui.widgets.choice_row import Options, question_of
from tutor.tui.widgets.close_up_view import CloseUpView, FigureView, LessonRow, StripView
from tutor.tui.widgets.finished_graph import FinishedGraph
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.statement import Statement, height_of
from tutor.tui.widgets.text_panels import IntroPanel
from tutor.tui.widgets.work_pane import Desk, question_in_words

_BARS = 2
"""Title and keys."""

_LEAST_SAID = 10
"""Lines of question, field and what is said, which stay below a gate from near by."""

_WIDEST = 76
"""No text is wider, however wide the terminal is."""

_SIDES = 2
"""Columns free beside the texts of the desk."""

_MARGIN = 1
"""Columns left of a gate seen from near by."""

_LIST, _WIDE_LIST = 30, 44
"""Columns of the list of blanks, as in the style sheets."""


@dataclass(frozen=True)
class LayoutRequest:
    """What a step shows: its line, the current blank, and the introduction, which is the picture where no graph is."""

    about: str
    current: Blank | None
    introduction: str
    blanks: tuple[Blank, ...] = ()
    """All of the step."""

    figures: tuple[Figure, ...] = ()
    """Those of its blanks."""

    tallest: int = 0
    """Lines of the tallest gate of the step when it is seen from near by; 0 where the step is about none."""


def lay_out(screen: Screen[None], size: Size, asked: LayoutRequest) -> None:
    """Give the picture its lines, and the options of a choice theirs."""
    body = size.height - _BARS - screen.query_one(Statement).lines
    small = size.width < SMALL.width or size.height < SMALL.height
    screen.set_class(small, "-small")
    frame = FRAME if size.width >= WIDE else 1
    lines = _picture(screen, size, asked, body, frame)
    near, desk, width = screen.query_one(Desk).query_one(CloseUpView), body - lines - frame, _desk_width(size, small)
    strip = screen.query_one(StripView).strip
    close = size.width >= WIDE and _close_up(near, strip, asked.tallest, width - _MARGIN, desk - _LEAST_SAID)
    screen.set_class(close, "-closeup")
    near.display = close
    _question(screen, width, asked.blanks, desk, small)
    if asked.current is not None and asked.current.options:
        least = screen.query_one("#asked").styles.min_height
        question = int(least.value) if least is not None else 0
        about = min(3, height_of(asked.about, width))
        screen.query_one(Options).styles.max_height = option_lines(body - lines - frame, about, question)


def _close_up(near: CloseUpView, strip: EquationStrip | None, tallest: int, width: int, room: int) -> bool:
    """Show the gate at hand from near by, in as many lines as any gate of the step takes; whether there are so many."""
    return 0 < tallest <= room and bool(near.fit(width, tallest, tallest) or near.hold(strip, width, tallest))


def _question(screen: Screen[None], width: int, blanks: Sequence[Blank], desk: int, small: bool) -> None:
    """Show the question, or the equation in its place where the gate is not seen from near by.

    As many lines are kept for every question of the step as the longest takes, up to a third of the `desk`.
    """
    strip, question, choice = screen.query_one(StripView), screen.query_one("#question"), screen.query_one("#asked")
    strip.display = not screen.has_class("-closeup") and strip.fit(width, in_one_row=small)
    screen.set_class(strip.display, "-strip")
    own, most = own_keys(screen.app), max(2, desk // 3)
    asked = [height_of(question_in_words(one), width) for one in blanks if not one.options]
    choices = [height_of(question_of(one, width, own).plain, width) for one in blanks if one.options]
    for row, heights in ((question, asked), (choice, choices)):
        row.styles.min_height = min(most, max(heights, default=1))
    strip.styles.min_height = question.styles.min_height


_LESSON = 52
"""Columns of the introduction beside a figure."""


def _lesson(screen: Screen[None], size: Size, asked: LayoutRequest, most: int) -> int:
    """Show the introduction, its figure, or both beside each other; the lines they want in any blank of the step."""
    intro, figure, introduction = screen.query_one(IntroPanel), screen.query_one(FigureView), asked.introduction
    intro.styles.width = intro.styles.display = None
    alone = height_of(introduction, min(84, size.width - 2))
    beside = size.width >= WIDE and bool(introduction)
    columns = size.width - (_LESSON + 8 if beside else 4)
    drawn = figure.fit(columns, most)
    tallest = max(drawn, figure.tallest(asked.figures, columns, most))
    if not tallest:
        return alone
    if not beside:
        intro.styles.display = "none" if drawn else None
        return tallest
    if drawn:
        intro.styles.width = _LESSON + 4
    return max(tallest, height_of(introduction, _LESSON))


def _desk_width(size: Size, small: bool) -> int:
    """The columns of text where the blank at hand is worked."""
    wide = size.width >= WIDE
    beside = 0 if small else _WIDE_LIST if wide else _LIST
    return min(_WIDEST, size.width - beside - _SIDES - (FRAME if wide else 0))


def _picture(screen: Screen[None], size: Size, asked: LayoutRequest, body: int, frame: int) -> int:
    """Give the picture its lines; how many they are."""
    graph, lesson = screen.query_one(GraphView), screen.query_one(LessonRow)
    near = next(one for one in screen.query(CloseUpView) if one.parent is screen)
    near.display = False
    for one in (graph, lesson):
        one.styles.height = one.styles.display = None
    for name in ("-whole", "-swapped"):
        screen.remove_class(name)
    wide, matrices = size.width - (FRAME if size.width >= WIDE else 0), graph.has_matrices
    inside = Size(wide, max(3, picture_lines(body, body, matrices) - frame))
    finished = screen.has_class("-finished")
    drawn = 0 if screen.has_class("-nograph") else graph.fit(inside, body // 2 + 1 if finished else 0)
    if finished:
        said = screen.query_one(FinishedGraph).lines(wide)
        graph.styles.height = min(drawn + frame + 1, max(body // 2, body - said))
        return 0
    if screen.has_class("-nograph"):
        wanted = _lesson(screen, size, asked, picture_lines(body, body) - frame) + frame
        code_alone = screen.has_class("-code") and size.width < WIDE
        return _give(lesson, 0 if code_alone or wanted <= frame else picture_lines(body, wanted))
    if screen.has_class("-graph"):
        return _at_hand(screen, size, graph_lines(body, drawn + frame, matrices), frame)
    if screen.has_class("-small") and (taken := _near_alone(screen, near, asked.tallest, size.width - 2, body)):
        graph.styles.display = "none"
        return taken
    if screen.has_class("-code") and size.width < WIDE:
        return _give(graph, 0)
    return _give(graph, graph_lines(body, drawn + frame, matrices))


def _at_hand(screen: Screen[None], size: Size, lines: int, frame: int) -> int:
    """The picture's lines while the arrow keys go through the graph: it stays where it is when all of it is in sight.

    In a narrow terminal it takes the place of what is said of code, and the place of all the work where it must.
    """
    graph = screen.query_one(GraphView)
    if screen.has_class("-code") and size.width < WIDE and lines:
        screen.add_class("-swapped")
        graph.styles.height = lines
        return 0
    inside = Size(size.width - (FRAME if frame == FRAME else 0), lines - frame)
    if screen.has_class("-small") or not graph.fits_in(inside):
        screen.add_class("-whole")
        return 0
    return _give(graph, lines)


def _near_alone(screen: Screen[None], near: CloseUpView, tallest: int, width: int, body: int) -> int:
    """Show the gate at hand in the place of the graph, where every gate of the step has room there; its lines."""
    if not 0 < tallest <= body // 2:
        return 0
    return near.fit(width, tallest, tallest) or near.hold(screen.query_one(StripView).strip, width, tallest)


def _give(picture: Widget, lines: int) -> int:
    """Give a picture so many lines, none where it is not to be seen; how many they are."""
    if lines:
        picture.styles.height = lines
    else:
        picture.styles.display = "none"
    return lines
