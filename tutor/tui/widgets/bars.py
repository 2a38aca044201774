"""The first line of a screen, its title, and the last: what the keys do, as far as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tutor.text import harmless
from tutor.tui.commands import BY_ID

_LAST = 100
"""The rank of keys that are not in the table of commands."""


def kept(ranks: Sequence[int], widths: Sequence[int], room: int) -> set[int]:
    """The places of the keys that fit into `room` columns, by rank; the first by rank always stays."""
    chosen: set[int] = set()
    for place in sorted(range(len(ranks)), key=lambda place: (ranks[place], place)):
        if chosen and sum(widths[one] for one in chosen) + widths[place] > room:
            break
        chosen.add(place)
    return chosen


@dataclass(frozen=True)
class ShownKey:
    """One key of the bar: how it is called, what it does, and the column it begins at."""

    key: str
    called: str
    does: str
    enabled: bool
    column: int = 0

    @property
    def width(self) -> int:
        """Its columns."""
        return cell_len(self.called) + 1 + cell_len(self.does)


class BottomBar(Static):
    """A footer that never clips: it leaves keys out by the rank of their commands. A click on a key presses it.

    It is one widget where Textual's own has one for each key: a screen is there the sooner for it.
    """

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.keys: tuple[ShownKey, ...] = ()
        """The keys that are shown, from left to right."""

    def on_mount(self) -> None:
        """Follow the keys of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_unmount(self) -> None:
        """Follow no more."""
        self.screen.bindings_updated_signal.unsubscribe(self)

    def on_resize(self) -> None:
        """Choose again."""
        self._choose()

    def _changed(self, screen: Screen[object]) -> None:
        if screen.app.app_focus and self.is_attached and screen is self.screen:
            self._choose()

    def _choose(self) -> None:
        keys = self._fitting(self.size.width or self.app.size.width)
        if keys != self.keys:
            self.keys = keys
            self.update(Content(" ").join(map(_written, keys)), layout=False)

    def _fitting(self, room: int) -> tuple[ShownKey, ...]:
        actions: dict[str, ShownKey] = {}
        ranks: list[int] = []
        for _, binding, enabled, _ in self.screen.active_bindings.values():
            if binding.show and binding.action not in actions:
                called = self.app.get_key_display(binding)
                actions[binding.action] = ShownKey(binding.key, called, binding.description, enabled)
                ranks.append(BY_ID[binding.id].bar if binding.id in BY_ID else _LAST)
        every = list(actions.values())
        chosen = kept(ranks, [one.width + 1 for one in every], room + 1)  # a space between two
        fitting: list[ShownKey] = []
        column = 0
        for place in sorted(chosen):
            one = every[place]
            fitting.append(ShownKey(one.key, one.called, one.does, one.enabled, column))
            column += one.width + 1
        return tuple(fitting)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key under the mouse."""
        for one in self.keys:
            if one.column <= event.x < one.column + one.width:
                if one.enabled:
                    self.app.simulate_key(one.key)
                else:
                    self.app.bell()


def _written(one: ShownKey) -> Content:
    dim = "" if one.enabled else " dim"
    return Content.assemble(
        (one.called, f"bold $footer-key-foreground{dim}"), (f" {one.does}", f"$footer-description-foreground{dim}")
    )


class TitleBar(Static):
    """A title, and a lesser text after it."""

    def __init__(self, title: str, aside: str = "") -> None:
        super().__init__(
            Content.assemble((harmless(title), "bold"), (f"   {harmless(aside)}", "$text-muted")), markup=False
        )
