"""The last line of a screen: what the keys do, the least important left out first where it is narrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

_RANKS = (
    "help",
    "select_cursor",
    "home",
    "next",
    "hint",
    "check",
    "search",
    "graph",
    "statement",
    "show",
    "outside",
    "quick",
    "filter",
    "app.settings",
    "gates",
    "worked",
)
"""Actions, the most important first. Those that are not here go before these."""


def kept(actions: Sequence[str], widths: Sequence[int], room: int) -> set[int]:
    """The places of the keys that fit into `room` columns, by importance; the first by importance always stays."""
    order = sorted(range(len(actions)), key=lambda place: (_rank(actions[place]), place))
    chosen: set[int] = set()
    for place in order:
        if chosen and sum(widths[one] for one in chosen) + widths[place] > room:
            break
        chosen.add(place)
    return chosen


def _rank(action: str) -> int:
    return _RANKS.index(action) if action in _RANKS else len(_RANKS)


class BottomBar(Footer):
    """A footer that never clips: it leaves keys out, and F1 last of all."""

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)

    def compose(self) -> ComposeResult:
        """The keys that fit."""
        yield from self._fitting(super().compose())

    def _fitting(self, widgets: Iterable[Widget]) -> Iterable[Widget]:
        keys = [widget for widget in widgets if isinstance(widget, FooterKey)]
        widths = [cell_len(key.key_display) + cell_len(key.description) + 2 for key in keys]  # two spaces with it
        chosen = kept([key.action for key in keys], widths, (self.size.width or self.app.size.width) + 1)
        return [key for place, key in enumerate(keys) if place in chosen]

    async def on_resize(self, event: events.Resize) -> None:
        """Choose again."""
        if event.size.width != event.virtual_size.width or self.children:
            await self.recompose()
