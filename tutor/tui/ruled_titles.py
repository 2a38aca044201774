"""A title in a rule has a blank on either side, as one in a frame has: Textual leaves them out where no corner is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from typing import Any

from rich.segment import Segment
from textual import _styles_cache
from textual.content import Content
from textual.style import Style

_Label = tuple[Content, Style]
_RENDER = "render_border_label"
"""What Textual renders the title of an edge with; it is its own affair, and no part of what it promises."""

_TAKES = ("label", "is_title", "name", "width"), ("has_left_corner", "has_right_corner")
"""What that takes first and last."""


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
    """Render the titles of all widgets so, as long as Textual renders them in the way that is known here."""
    names = vars(_styles_cache)
    render = names.get(_RENDER)
    if render is None or hasattr(render, "__wrapped__"):
        return
    parameters = tuple(signature(render).parameters)
    if (parameters[:4], parameters[-2:]) == _TAKES:
        names[_RENDER] = set_apart(render)
