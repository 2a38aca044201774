"""A title in a rule has a blank on either side, as one in a frame has: Textual leaves them out where no corner is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from rich.segment import Segment
from textual import _styles_cache
from textual.content import Content
from textual.style import Style

_Label = tuple[Content, Style]


def set_apart(render: Callable[..., Iterable[Segment]]) -> Callable[..., Iterable[Segment]]:
    """What renders the label of an edge, with blanks also where the edge has no corner."""

    @wraps(render)
    def apart(label: _Label, top: bool, edge: str, width: int, *styles: Any) -> Iterable[Segment]:
        text, style = label
        left, right = styles[-2:]
        blanks = (not left) + (not right)
        if text.cell_length and blanks:
            room = width - 2 * (left + right) - blanks
            text = text.truncate(max(1, room), ellipsis=True).pad_left(not left).pad_right(not right)
        return render((text, style), top, edge, width, *styles)

    return apart


def install() -> None:
    """Render the titles of all widgets so."""
    render = _styles_cache.render_border_label
    if not hasattr(render, "__wrapped__"):
        _styles_cache.render_border_label = set_apart(render)
