"""Shares out the lines of the exercise screen anew, whenever its size or its step changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import OptionList

from tutor.questions import Blank, InputKind
from tutor.tui.keys import own_keys
from tutor.tui.layout_budget import TALL, WIDE, graph_lines, list_lines, option_lines, tutor_lines_beside
from tutor.tui.widgets.blank_list import BlankList
from tutor.tui.widgets.choice_row import Options, question_of
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.statement import Statement, height_of

_BARS = 3
"""Title, steps and keys."""

_SIDES = 2

_SIGNS = 5
"""Columns of an option's sign and letter."""

_OPTIONS_BESIDE_GRAPH = 5
"""Lines of options that a graph makes room for; more of them scroll."""


@dataclass(frozen=True)
class LayoutRequest:
    """What a step shows: its line, its blanks, the current one of them, and the introduction that stands above."""

    about: str
    blanks: Sequence[Blank]
    current: Blank | None
    lesson: str


def lay_out(screen: Screen[None], size: Size, asked: LayoutRequest) -> None:
    """Give graph, list and options their lines. The longest question of a step counts, so that nothing jumps."""
    body = size.height - _BARS - screen.query_one(Statement).lines
    if screen.has_class("-nograph") and size.width < WIDE:  # where it is wide the introduction takes the graph's place
        _without_graph(screen, size, asked, body)
    else:
        _with_graph(screen, size, asked, body)


def _with_graph(screen: Screen[None], size: Size, asked: LayoutRequest, body: int) -> None:
    graph = screen.query_one(GraphView)
    graph.styles.height = graph.styles.display = None
    rows = screen.query_one(BlankList)
    rows.styles.height = rows.styles.max_height = None
    choice: OptionList = screen.query_one(Options)
    choice.styles.max_height = None
    _keep_for_question(screen, None)
    if screen.has_class("-graph") or screen.has_class("-code"):
        return
    values = [blank for blank in asked.blanks if blank.wants in (InputKind.VALUE, InputKind.CHOICE)]
    if size.width >= WIDE:
        _beside_graph(screen, size.width // 2 - _SIDES, asked, values, body)
        return
    width = size.width - _SIDES
    about = min(2, height_of(asked.about, width)) if size.height >= TALL else 0
    prompt = max((_question_height(screen, blank, width) for blank in values), default=0)
    options = max((_options_height(blank, width) for blank in values), default=0)
    lines = graph_lines(body, about, prompt + min(options, _OPTIONS_BESIDE_GRAPH), len(values))
    choice.styles.max_height = option_lines(body - lines, about, prompt)
    if lines:
        graph.styles.height = lines
    else:
        graph.styles.display = "none"


def _beside_graph(screen: Screen[None], width: int, asked: LayoutRequest, values: Sequence[Blank], body: int) -> None:
    """The question stands right below the list, which is as long as its rows, where they fit."""
    pane = body - tutor_lines_beside(body)
    about = height_of(asked.about, width)
    prompt = max((_question_height(screen, blank, width) for blank in values), default=0)
    options = max((_options_height(blank, width) for blank in values), default=0)
    room = option_lines(body, about, prompt)
    rows, choice = screen.query_one(BlankList), screen.query_one(Options)
    choice.styles.max_height = room
    rows.styles.height = "auto"
    rows.styles.max_height = max(2, pane - about - prompt - (min(options, room) or 1))
    _keep_for_question(screen, prompt)


def _keep_for_question(screen: Screen[None], lines: int | None) -> None:
    """Give every question of a step as many lines, so that the field stays where it is."""
    for question in screen.query("#question, #asked"):
        question.styles.min_height = lines


def _without_graph(screen: Screen[None], size: Size, asked: LayoutRequest, body: int) -> None:
    if asked.current is None or asked.current.wants not in (InputKind.VALUE, InputKind.CHOICE):
        return
    _keep_for_question(screen, None)
    width = size.width - _SIDES
    tall = size.height >= TALL
    lesson = min(7, height_of(asked.lesson, width) + 1) if tall and asked.lesson else 0
    work = body - lesson
    about = min(2, height_of(asked.about, width))
    prompt = _question_height(screen, asked.current, width)
    options = _options_height(asked.current, width)
    room = option_lines(work, about, prompt)
    most = 6 if tall else 3
    screen.query_one(BlankList).styles.height = None
    screen.query_one(BlankList).styles.max_height = list_lines(work, about, prompt, min(options, room) or 1, most)
    choice: OptionList = screen.query_one(Options)
    choice.styles.max_height = room


def _question_height(screen: Screen[None], blank: Blank, width: int) -> int:
    return height_of(question_of(blank, width, own_keys(screen.app)).plain if blank.options else blank.prompt, width)


def _options_height(blank: Blank, width: int) -> int:
    return sum(height_of(f"{' ' * _SIGNS}{option}", width) for option in blank.options)
